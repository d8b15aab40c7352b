"""Odd cookies, challenges and addresses: no exception, and no line of a header too many."""

import random

from phone.core import cookies, logins
from phone.wire import blanks
from phone.wire.url import join, split

CASES = 5000
SEEDS = (
    b"a=b; Path=/; Max-Age=60; Expires=Thu, 29 Oct 2026 12:02:00 GMT; Secure; Domain=.h",
    b'Digest realm="r", nonce="n", qop="auth,auth-int", algorithm=SHA-256, stale=true, Basic realm="x"',
    b'Basic realm="a\\"b, c"', b"NTLM abc==, Negotiate", b"x.php?a=#DEVICENAME#&b=#WORD##top",
)
ODD = b'",;= \\<>\t\n\x00\xff=-#'
SITE = split("http://h/a/b")


class Fetch:
    url = SITE
    realm = None
    tries = 0


def mutated(seed, chance):
    data = bytearray(seed)
    for _ in range(chance.randrange(1, 6)):
        at, what = chance.randrange(len(data) + 1), chance.randrange(4)
        if what == 0:
            data[at:at] = bytes([chance.choice(ODD)]) * chance.randrange(1, 4)
        elif what == 1:
            del data[at : at + chance.randrange(1, 9)]
        elif what == 2:
            data[at:at] = chance.choice(SEEDS)[: chance.randrange(40)]
        else:
            data[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(data)


def is_one_line(text):
    return not text or text.endswith("\r\n") and not any(letter in text[:-2] for letter in "\r\n\0")


def test_whatever_servers_say():
    chance = random.Random(5)
    jar, kept = {}, []
    for now in range(CASES):
        raw = mutated(chance.choice(SEEDS), chance)
        cookies.learn(jar, SITE, raw, {}, chance.choice((None, 1793275200)), now)
        assert is_one_line(cookies.line(jar, SITE, SITE.path, now)), raw
        logins.question(kept, SITE, raw, "A")
        if now % 7 == 0:
            logins.keep(kept, SITE, "u", "p", now)
        fetch = Fetch()
        for _ in range(5):
            assert is_one_line(logins.line(kept, fetch, "GET", "/a/b", lambda count: b"\1" * count, now)), raw
            if not logins.answers(kept, fetch, raw, now):
                break
        else:
            raise AssertionError("asked for ever: %r" % raw)
        assert len(kept) <= logins.LOGINS_MAX and len(jar) <= cookies.SITES_MAX
        url = join(SITE, raw.decode("latin-1"))
        if url:
            path = blanks.filled(url.path, {"WORD": "x"})
            assert all("!" <= letter <= "~" for letter in path), raw
