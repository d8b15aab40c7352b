"""core/logins.py and wire/challenge.py: a password goes to the site and realm that asked, nowhere else."""

from phone.core import logins
from phone.wire import challenge, digest
from phone.wire.url import split

BASIC = b'Basic realm="Ward, east"'
SCHEME = b'Digest realm="r", nonce="%s", qop="auth", algorithm=MD5'


class Fetch:
    def __init__(self, address):
        self.url = split(address)
        self.realm = None
        self.tries = 0


def entropy(count):
    return b"\x01" * count


def line(kept, fetch, now=0, method="GET"):
    return logins.line(kept, fetch, method, fetch.url.path, entropy, now)


def known(raw, address="http://h/a/b.xml", now=0):
    """A list in which "u", "p" were typed for a server that asks with `raw`, and used."""
    kept, fetch = [], Fetch(address)
    assert not line(kept, fetch) and not logins.answers(kept, fetch, raw, now)
    logins.keep(kept, fetch.url, "u", "p", now)
    assert not line(kept, fetch), "not before the server has asked"
    assert logins.answers(kept, fetch, raw, now)
    assert line(kept, fetch, now)
    return kept


def test_challenges():
    assert challenge.wanted(BASIC) == ("Ward, east", None)
    assert challenge.wanted(b"basic realm=x") == ("x", None)
    assert challenge.wanted(b"Basic") == ("", None)
    both = challenge.wanted(b'Basic realm="a", Digest realm="b", nonce="n", Negotiate')
    assert both.realm == "b" and both.digest.nonce == "n"
    both = challenge.wanted(b'Negotiate, NTLM abc==, Digest realm="b", nonce="n", algorithm=SHA-512-256,'
                            b'Basic realm="\xe9"')
    assert both == ("\xe9", None), "a digest that cannot be answered is passed over"
    for raw in (b"", b"Negotiate", b"Bearer realm=x", b"realm=x", b",,", b'Digest realm="b"', b'"'):
        assert challenge.wanted(raw) is None, raw


def test_basic():
    kept = known(BASIC)
    assert line(kept, Fetch("http://h/a/c/d.xml?x")) == "Authorization: Basic dTpw\r\n"
    for other in ("http://h/z.xml", "http://h/ab", "http://i/a/b.xml", "http://h:81/a/b.xml", "https://h/a/b.xml"):
        assert line(kept, Fetch(other)) == "", other


def test_basic_in_utf_8():
    kept, fetch = [], Fetch("http://h/")
    logins.keep(kept, fetch.url, "u", "\u20ac\xe9", 0)
    assert logins.answers(kept, fetch, BASIC, 0)
    assert line(kept, fetch) == "Authorization: Basic dTrigqzDqQ==\r\n"


def test_digest_counts_on_and_takes_a_new_nonce():
    kept = known(SCHEME % b"n1")
    fetch = Fetch("http://h/a/c.xml?name=x")
    said = line(kept, fetch)
    assert 'nonce="n1"' in said and "nc=00000002" in said and 'uri="/a/c.xml?name=x"' in said
    session = digest.Session("u", "p")
    session.take(digest.challenge([SCHEME % b"n1"]))
    session.answer("GET", "/", "x")
    assert said == "Authorization: %s\r\n" % session.answer("GET", fetch.url.path, "01" * 8)
    # Its server was started anew, and knows that nonce no more.
    assert logins.answers(kept, fetch, SCHEME % b"n2", 0)
    said = line(kept, fetch)
    assert 'nonce="n2"' in said and "nc=00000001" in said
    assert logins.answers(kept, fetch, SCHEME % b"n3" + b", stale=true", 0)
    assert 'nonce="n3"' in line(kept, fetch)


def test_wrong_ones_are_forgotten():
    for raw in (BASIC, SCHEME % b"n"):
        kept, fetch = [], Fetch("http://h/a")
        logins.keep(kept, fetch.url, "u", "wrong", 0)
        assert logins.answers(kept, fetch, raw, 0) and line(kept, fetch)
        assert not logins.answers(kept, fetch, raw, 0) and not line(kept, fetch)
        said, user = logins.question(kept, fetch.url, raw, "A")
        assert "does not know" in said[0] and user == "u" and "wrong" not in str(kept)
        logins.keep(kept, fetch.url, "v", "right", 0)
        assert "asks for" in logins.question(kept, fetch.url, raw, "A")[0][0] and len(kept) == 1
    kept = known(BASIC)  # and changed since
    fetch = Fetch("http://h/a/b.xml")
    assert line(kept, fetch) and not logins.answers(kept, fetch, BASIC, 0) and not line(kept, fetch)


def test_a_server_whose_nonces_are_always_stale_is_not_asked_for_ever():
    kept, fetch = [], Fetch("http://h/a")
    logins.keep(kept, fetch.url, "u", "p", 0)
    count = 0
    while logins.answers(kept, fetch, SCHEME % b"n" + b", stale=true", 0):
        assert line(kept, fetch)
        count += 1
        assert count < 5
    assert not line(kept, fetch)


def test_each_realm_has_its_own():
    kept = known(BASIC)
    fetch = Fetch("http://h/a/deeper/x.xml")
    assert line(kept, fetch), "it lies below"
    assert not logins.answers(kept, fetch, b"Basic realm=other", 0) and len(kept) == 1
    logins.keep(kept, fetch.url, "v", "q", 0)
    fetch = Fetch("http://h/a/deeper/x.xml")
    assert line(kept, fetch) == "Authorization: Basic dTpw\r\n"
    assert logins.answers(kept, fetch, b"Basic realm=other", 0)
    assert line(kept, fetch) == "Authorization: Basic djpx\r\n"
    assert line(kept, Fetch("http://h/a/deeper/y.xml")) == "Authorization: Basic djpx\r\n"
    assert line(kept, Fetch("http://h/a/b.xml")) == "Authorization: Basic dTpw\r\n"


def test_a_realm_reaches_as_far_as_its_server_says():
    kept = known(BASIC)
    fetch = Fetch("http://h/a2/x.xml")
    assert not line(kept, fetch) and logins.answers(kept, fetch, BASIC, 0)
    assert line(kept, fetch) and line(kept, Fetch("http://h/a3/y.xml"))


def test_they_end_with_half_an_hour_without_a_request():
    kept = known(BASIC)
    assert line(kept, Fetch("http://h/a/"), 1799999) and line(kept, Fetch("http://h/a/"), 3599998)
    assert not line(kept, Fetch("http://h/a/"), 5399998) and not kept


def test_there_are_not_more_than_eight():
    kept = []
    for number in range(20):
        logins.keep(kept, split("http://h%d/" % number), "u", "p", 0)
    assert len(kept) == 8 and kept[-1].site == "http://h19"
    logins.keep(kept, split("http://h19/"), "v", "p", 0)
    assert [login.user for login in kept if login.site == "http://h19"] == ["v"]


def test_what_is_said():
    url = split("http://h/")
    said, user = logins.question([], url, BASIC, "A")
    assert said[1:] == ("A", "Ward, east") and user == ""
    assert logins.question([], url, b"Basic", "A")[0][1:] == ("A",)
    assert logins.question([], url, b"Negotiate", "A") is None
    said, _ = logins.question([], url, b'Basic realm="a\x1b[31m%s"' % (b"b" * 90), "A")
    assert len(said[2]) == 40 and "\x1b" not in said[2]
