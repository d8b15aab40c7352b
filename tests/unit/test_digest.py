"""wire/digest.py: the examples of the RFCs, reuse of a nonce, the server's proof, the phone as server."""

from binascii import unhexlify

import sip_seen

from phone.wire import digest, sip

# RFC 7616 3.9.1.
NONCE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
OPAQUE = "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
LINE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s, nonce="'
    + NONCE
    + '", opaque="'
    + OPAQUE
    + '"'
)
MD5, SHA = (LINE % "MD5").encode(), (LINE % "SHA-256").encode()
MD5_ANSWER = "8ca523f5e9506fed4657c9700eebdbec"
SHA_ANSWER = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"


class Entropy:
    def __init__(self):
        self.given = 0

    def __call__(self, count):
        self.given += 1
        return self.given.to_bytes(count, "big")


def session(values, user="Mufasa", password="Circle of Life"):
    made = digest.Session(user, password)
    made.take(digest.challenge(values))
    return made


def test_the_example_of_rfc_2617():
    made = session(
        [
            b'Digest realm="testrealm@host.com", qop="auth,auth-int", '
            b'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
        ],
        password="Circle Of Life",
    )
    assert made.answer("GET", "/dir/index.html", "0a4f113b") == (
        'Digest username="Mufasa", realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
        'uri="/dir/index.html", response="6629fae49393a05397450978507c4ef1", '
        'opaque="5ccc069c403ebaf9f0171e9517f40e41", qop=auth, nc=00000001, cnonce="0a4f113b"'
    )


def test_the_examples_of_rfc_7616():
    for line, answer in ((MD5, MD5_ANSWER), (SHA, SHA_ANSWER)):
        said = session([line]).answer("GET", "/dir/index.html", CNONCE)
        assert 'response="%s"' % answer in said and 'opaque="%s"' % OPAQUE in said, said


def test_what_kamailio_really_said():
    for first, again, last, kind in (
        (sip_seen.CHALLENGE_MD5, sip_seen.REGISTER_MD5, sip_seen.OK_MD5, ""),
        (sip_seen.CHALLENGE_SHA, sip_seen.REGISTER_SHA, sip_seen.OK_SHA, "SHA-256"),
    ):
        made = session(sip.read(first).raw(b"www-authenticate"), "1001", "secret1001")
        assert digest.challenge(sip.read(first).raw(b"www-authenticate")).algorithm == kind
        said = sip.read(again).get(b"authorization")
        assert made.answer("REGISTER", "sip:cm.test", "00000002").encode() == said
        proof = sip.read(last).get(b"authentication-info")
        assert made.proves(proof) is True
        assert made.proves(proof.replace(b"nc=00000001", b"nc=00000009")) is True, "of our own count"
        made.answer("REGISTER", "sip:cm.test", "00000003")
        assert made.proves(proof) is False, "an old one again"
    assert digest.challenge(sip.read(sip_seen.STALE).raw(b"www-authenticate")).stale
    got = sip.read(sip_seen.PUSH_SIGNED)
    nonce = sip.read(sip_seen.PUSH_SIGNED).get(b"authorization").split(b'nonce="')[1][:32]
    guard = digest.Guard("everline", lambda count: unhexlify(nonce), [])
    guard.challenge()
    assert guard.judge(got.get(b"authorization"), got.method, "1001", "secret1001") == digest.OK


def test_the_better_algorithm_is_taken_wherever_it_stands():
    unknown = (LINE % "SHA-512-256").encode()
    assert digest.challenge([MD5, SHA]).algorithm == digest.challenge([SHA, MD5]).algorithm == "SHA-256"
    assert digest.challenge([unknown, MD5]).algorithm == "MD5"
    assert digest.challenge([unknown]) is digest.challenge([]) is None


def test_a_server_of_rfc_2069_offers_no_qop():
    made = session([b'Digest realm="r", nonce="n"'], "u", "p")
    ha = {"A": "u:r:p", "B": "REGISTER:sip:x"}
    import hashlib
    from binascii import hexlify

    def h(text):
        return str(hexlify(hashlib.md5(text.encode()).digest()), "ascii")

    right = h("%s:n:%s" % (h(ha["A"]), h(ha["B"])))
    assert made.answer("REGISTER", "sip:x", "c") == (
        'Digest username="u", realm="r", nonce="n", uri="sip:x", response="%s"' % right
    )


def test_what_cannot_be_answered_is_passed_over():
    for line in (
        b"",
        b"Basic realm=x",
        b'Digest realm="r"',
        b'Digest nonce="n"',
        b'Digest nonce="",realm="r"',
        b'Digest realm="r", nonce="n", qop="auth-int"',
        b'Digest realm="r", nonce="n", algorithm=MD5-sess',
        b'Digest realm="r\x01", nonce="n"',
        b'Digest realm="\xff", nonce="n"',
        b'Digest realm="r", nonce="' + b"n" * 600 + b'"',
    ):
        assert digest.challenge([line]) is None, line


def test_a_challenge_as_it_may_be_written():
    found = digest.challenge([b'digest\tNonce="a,b=\\"c" ,\r\n  REALM = "r, s" , stale=TRUE,, qop=auth, x'])
    assert found == ("r, s", 'a,b=\\"c', "", "", True, True)
    assert digest.challenge([b'Digest realm="Stra\xc3\x9fe", nonce="n"']).realm == "Stra\u00dfe"
    assert not digest.challenge([MD5]).stale


def test_a_nonce_is_used_again_with_a_rising_count():
    made = session([MD5])
    assert digest.Session("u", "p").answer("GET", "/", "c") == ""
    assert "nc=00000001" in made.answer("GET", "/", "c") and made.fresh
    assert "nc=00000002" in made.answer("GET", "/", "c") and not made.fresh
    made.take(digest.challenge([MD5.replace(b"7ypf", b"8ypf")]))
    said = made.answer("GET", "/", "c")
    assert "nc=00000001" in said and "8ypf" in said and made.fresh
    made.take(digest.challenge([MD5.replace(b"7ypf", b"8ypf")]))  # a server with one nonce for ever
    assert "nc=00000002" in made.answer("GET", "/", "c") and made.fresh, "it was asked for: that is an answer"


def test_the_server_proves_that_it_knows_the_password():
    from binascii import hexlify
    from hashlib import sha256

    def h(text):
        return str(hexlify(sha256(text.encode()).digest()), "ascii")

    made = session([SHA])
    made.answer("GET", "/dir/index.html", CNONCE)
    secret = h("Mufasa:http-auth@example.org:Circle of Life")
    proof = h("%s:%s:00000001:%s:auth:%s" % (secret, NONCE, CNONCE, h(":/dir/index.html")))
    good = 'qop=auth, rspauth="%s", cnonce="%s", nc=00000001' % (proof, CNONCE)
    assert made.proves(good.encode()) is True
    assert made.proves(good.replace(proof, SHA_ANSWER).encode()) is False
    assert made.proves(b"") is None and made.proves(b"qop=auth") is None
    assert made.proves(('nextnonce="two", rspauth=' + SHA_ANSWER).encode()) is False
    assert NONCE in made.answer("GET", "/", "c"), "who proves nothing gives no nonce"
    assert made.proves(b'nextnonce="two"') is None
    said = made.answer("GET", "/", "c")
    assert 'nonce="two"' in said and "nc=00000001" in said and not made.fresh
    made.proves(b'nextnonce="two"')
    assert "nc=00000002" in made.answer("GET", "/", "c"), "the same one again, as Kamailio says it"
    assert digest.Session("u", "p").proves(good.encode()) is False


def test_the_phone_asks_and_each_nonce_is_good_once():
    guard = digest.Guard("everline", Entropy(), [])
    for most, kind in ((1, "MD5"), (2, "SHA-256")):
        lines = [line.encode() for line in guard.challenge()]
        made = session(lines[:most], "1001", "secret")
        assert digest.challenge(lines[:most]).algorithm == kind
        said = made.answer("NOTIFY", "sip:1001@x", "c").encode()
        assert guard.judge(said, "NOTIFY", "1001", "secret") == digest.OK
        assert guard.judge(said, "NOTIFY", "1001", "secret") == digest.STALE, "a replay"
        again = made.answer("NOTIFY", "sip:1001@x", "c").encode()
        assert guard.judge(again, "NOTIFY", "1001", "secret") == digest.STALE


def test_who_does_not_know_the_password_is_wrong():
    guard = digest.Guard("everline", Entropy(), [])

    def judged(old="", new="", password="secret", method="NOTIFY"):
        said = session([line.encode() for line in guard.challenge()], "1001", password)
        line = said.answer("NOTIFY", "sip:1001@x", "c")
        line = line.replace(old, new) if old else line
        return guard.judge(line.encode(), method, "1001", "secret")

    assert judged() == digest.OK
    assert judged(password="other") == judged(method="MESSAGE") == digest.WRONG
    for old, new in (
        ("1001", "1002"),
        ("everline", "never"),
        ("qop=auth", "qop=auth-int"),
        ("nc=0", "nc=1"),
        ("SHA-256", "SHA-1"),
        ("SHA-256", "MD5"),
    ):
        assert judged(old, new) == digest.WRONG, old
    assert guard.judge(b"", "NOTIFY", "1001", "secret") == digest.WRONG
    assert (
        guard.judge(b'Digest realm="everline",username="1001",nonce="n"', "NOTIFY", "1001", "")
        == digest.STALE
    )
    assert "stale=true" in guard.challenge(True)[0] and "stale" not in guard.challenge()[0]


def test_few_nonces_are_kept():
    guard = digest.Guard("everline", Entropy(), [])
    lines = [guard.challenge()[1].encode() for _ in range(9)]
    answers = [session([line], "1001", "s").answer("NOTIFY", "sip:x", "c").encode() for line in lines]
    results = [guard.judge(answer, "NOTIFY", "1001", "s") for answer in answers]
    assert results == [digest.STALE] + [digest.OK] * 8
