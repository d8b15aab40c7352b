"""wire/sip.py: messages as they come, well and badly made, and as they go out."""

import sip_seen

from phone.wire import sip

# As Kamailio 5.6.3 sends it (host names, tags and ids are of a test).
OK = (
    b"SIP/2.0 200 OK\r\n"
    b"Call-Info: <https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=menu, "
    b"<https://svc-c.example.net/menu>;purpose=backup-service;q=0.5\r\n"
    b"Via: SIP/2.0/UDP 127.0.0.1:5071;branch=z9hG4bK1a2b;rport=5071;received=127.0.0.1\r\n"
    b"From: <sip:1001@cm.test>;tag=f1\r\n"
    b"To: <sip:1001@cm.test>;tag=b27e1a1d33761e85846fc98f5f3a7e58.4cc0\r\n"
    b"Call-ID: a84b4c76e66710\r\nCSeq: 2 REGISTER\r\n"
    b"Contact: <sip:1001@127.0.0.1:5071>;expires=120\r\n"
    b'Authentication-Info: qop=auth, rspauth="87c0", cnonce="1f", nc=00000001\r\n'
    b"Server: kamailio-test-cm\r\nContent-Length: 0\r\n\r\n"
)
# After RFC 4475 3.1.1.1, "a short tortuous INVITE".
TORTUOUS = (
    b"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0\r\n"
    b"TO :\r\n sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n\r\n"
    b'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\n'
    b"MaX-fOrWaRdS: 0068\r\nCall-ID: 98asdh@192.0.2.1\r\nContent-Length   : 2\r\n"
    b"cseq: 0009\r\n  INVITE\r\n"
    b"Via  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\n"
    b"s :\r\nNewFangledHeader:   newfangled value\r\n continued newfangled value\r\n"
    b"UnknownHeaderWithUnusualValue: ;;,,;;,;\r\nContent-Type: application/sdp\r\n"
    b"Route:\r\n <sip:services.example.com;lr;unknownwith=value;unknown-no-value>\r\n"
    b"v:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n"
    b" SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
    b'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n'
    b"  secondparam ; q = 0.33\r\n\r\nv=0"
)
WHENCE = ("192.0.2.9", 5099)


def without(name):
    return b"\r\n".join([line for line in OK.split(b"\r\n") if not line.startswith(name)])


def test_a_response():
    got = sip.read(OK)
    assert (got.status, got.reason, got.method, got.cseq) == (200, "OK", "REGISTER", 2)
    assert (got.branch, got.call_id, got.body, got.uri) == ("z9hG4bK1a2b", b"a84b4c76e66710", b"", "")
    assert got.get(b"server") == b"kamailio-test-cm" and got.get(b"retry-after") == b""
    assert sip.value(got.get(b"contact")) == ("sip:1001@127.0.0.1:5071", {"expires": "120"})
    first, second = got.all(b"call-info")
    assert sip.value(first) == (
        "https://svc-b.example.net/menu",
        {"purpose": "backup-service", "q": "0.9", "service": "menu"},
    )
    assert sip.value(second)[1]["q"] == "0.5"
    assert got.get(b"authentication-info").startswith(b"qop=auth, rspauth")


def test_what_kamailio_really_said():
    got = sip.read(sip_seen.TOO_BRIEF)
    assert (got.status, got.reason, got.get(b"min-expires")) == (423, "Interval Too Brief", b"2")
    got = sip.read(sip_seen.UNAVAILABLE)
    assert (got.status, got.method, got.get(b"retry-after")) == (503, "OPTIONS", b"7")
    got = sip.read(sip_seen.MOVED)
    assert sip.host_port(sip.value(got.get(b"contact"))[0]) == ("127.0.0.3", 5060, "")
    got = sip.read(sip_seen.PUSH)
    assert (got.method, got.get(b"event"), got.get(b"content-type")) == (
        "NOTIFY",
        b"backup-pointers",
        b"message/sipfrag",
    )
    assert got.body == b"Call-Info: <http://b/>;purpose=backup-service\r\n"
    assert all(sip.read(data) for data in sip_seen.SEEN)


def test_a_request_that_is_hard_to_read():
    got = sip.read(TORTUOUS)
    assert (got.status, got.method, got.cseq, got.branch) == (0, "INVITE", 9, "390skdjuw")
    assert got.uri == "sip:vivekg@chair-dnrc.example.com;unknownparam" and got.body == b"v="
    assert sip.value(got.get(b"to")) == ("sip:vivekg@chair-dnrc.example.com", {"tag": "1918181833n"})
    assert sip.value(got.get(b"from")) == ("sip:jdrosen@example.com", {"tag": "98asjd8"})
    assert sip.display(got.get(b"from")) == 'J Rosenberg \\"'
    assert len(got.all(b"via")) == 3 and len(got.raw(b"via")) == 2
    assert sip.value(got.get(b"contact")) == (
        "sip:jdrosen@example.com",
        {"newparam": "newvalue", "secondparam": "", "q": "0.33"},
    )
    assert got.get(b"newfangledheader") == b"newfangled value continued newfangled value"
    assert got.get(b"subject") == b"", "its compact form is not known, because nobody asks"
    assert got.all(b"unknownheaderwithunusualvalue") == [b";;", b";;", b";"]


def test_compact_names_and_long_ones_come_in_their_order():
    got = sip.read(
        OK.replace(b"Via: ", b"v : SIP/2.0/UDP h;branch=first\r\nVIA\t:").replace(b"Call-ID", b"i")
    )
    assert got.branch == "first" and len(got.raw(b"via")) == 2 and got.call_id == b"a84b4c76e66710"
    got = sip.read(OK.replace(b"Via: ", b"Via: SIP/2.0/UDP h;branch=first\r\nv:"))
    assert got.branch == "first" and len(got.raw(b"via")) == 2
    got = sip.read(OK.replace(b"Contact: ", b"Contact-Other: x\r\nm: "))
    assert got.get(b"contact").startswith(b"<sip:1001")


def test_what_is_not_a_whole_message_is_none():
    for data in (
        b"",
        b"\r\n\r\n",
        b"\r\n",
        b"hello",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        OK[:-2],
        OK.replace(b"200 OK", b"20 OK"),
        OK.replace(b"200 OK", b"099 OK"),
        OK.replace(b"200", b"700"),
        OK.replace(b"200", b"2\xb20"),
        OK.replace(b"SIP/2.0 200", b"SIP/3.0 200"),
        OK.replace(b"2 REGISTER", b"x REGISTER"),
        OK.replace(b"2 REGISTER", b"REGISTER"),
        OK.replace(b"2 REGISTER", b"-2 REGISTER"),
        OK.replace(b"2 REGISTER", b"22222222222 REGISTER"),
        OK.replace(b"2 REGISTER", b"2 REGI\xffSTER"),
        TORTUOUS.replace(b"  INVITE", b"  BYE"),
        OK.replace(b"Length: 0", b"Length: 1"),
        OK.replace(b"Length: 0", b"Length: -1"),
        OK.replace(b"Length: 0", b"Length: 0\r\nl: 0"),
        OK.replace(b"Length: 0", b"Length: 99999"),
        OK.replace(b"Call-ID", b"Call-ID: x\r\nCall-ID"),
        OK.replace(b"Server", b"t: x\r\nServer"),
        OK.replace(b"Server: ", b"Server: \x00"),
        OK.replace(b"Server: ", b"Server: a\nX: "),
        OK.replace(b"Server: ", b"Server: a\rX: "),
        OK.replace(b"Server", b"X: y\r\n" * 60 + b"Server"),
        TORTUOUS.replace(b"sip:vivekg@", b"sip:viv\xffekg@"),
        TORTUOUS.replace(b"SIP/2.0\r\nTO", b"\r\nTO"),
    ):
        assert sip.read(data) is None, data
    for name in (b"Via", b"From", b"To", b"Call-ID", b"CSeq"):
        assert sip.read(without(name)) is None, name
    assert sip.read(without(b"Content-Length")).status == 200


def test_the_first_lines_of_rfc_4475():
    """Sections 3.1.1.12 and 13, and 3.1.2.5 to 3.1.2.19: what is well-formed and what is not."""
    for line, wanted in (
        (
            "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e",
            "= 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e",
        ),
        ("SIP/2.0 100 ", ""),
    ):
        assert sip.read(OK.replace(b"SIP/2.0 200 OK", line.encode())).reason == wanted
    first = b"INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0"
    for line in (
        b"INVITE <sip:user@example.com> SIP/2.0",
        b"INVITE sip:user@example.com; lr SIP/2.0",
        b"INVITE  sip:user@example.com  SIP/2.0",
        b"INVITE sip:user@example.com SIP/2.0  ",
        b"INVITE sip:t%00@x SIP/7.0",
        b"SIP/2.0 4294967301 better not break the receiver",
    ):
        assert sip.read(TORTUOUS.replace(first, line)) is None, line
    assert sip.read(TORTUOUS.replace(first, b"INVITE sip:t%00%20@x SIP/2.0")).uri == "sip:t%00%20@x"
    assert sip.read(TORTUOUS.replace(b"cseq: 0009", b"cseq: 36893488147419103232")) is None
    assert sip.read(TORTUOUS + b"extra octets, perhaps another message").body == b"v="


def test_a_datagram_that_fills_the_buffer_was_cut():
    room = 1499 - len(OK)
    assert sip.read(OK.replace(b"Length: 0", b"Length: 0") + b"x" * room).body == b""
    assert sip.read(OK + b"x" * (room + 1)) is None


def test_each_cut_of_a_message_is_none():
    for length in range(len(TORTUOUS) - 1):
        assert sip.read(TORTUOUS[:length]) is None, length
    assert sip.read(TORTUOUS[:-1]).body == b"v="


def test_addresses_as_they_may_be_written():
    for raw, wanted in (
        (b"sip:a@b;tag=1", ("sip:a@b", {"tag": "1"})),
        (b'<sip:a@b;lr;x=1>;Tag="a;b"', ("sip:a@b;lr;x=1", {"tag": "a;b"})),
        (b"<sip:a@b;x=<>", ("", {})),
        (b'"a <b>, \\" c" <sip:a@b>;TAG = "x\\"y\\\\"', ("sip:a@b", {"tag": 'x"y\\'})),
        (b'sip:a;x="<sip:b>"', ("sip:a", {"x": "<sip:b>"})),
        (b"Ada Lovelace <sip:a@b>", ("sip:a@b", {})),
        (b"<sip:a b>", ("", {})),
        (b"<sip:\xc3\xa9>", ("", {})),
        (b"<sip:a", ("", {})),
        (b"<>", ("", {})),
        (b"", ("", {})),
        (b'"', ("", {})),
        (b'"<a', ("", {})),
        (b"<sip:a>;;=;a;a=2;b=\x07x", ("sip:a", {"a": "", "b": " x"})),
    ):
        assert sip.value(raw) == wanted, (raw, sip.value(raw))


def test_display_names():
    for raw, wanted in (
        (b'"Ada  L\xc3\xb6v\xe9" <sip:a@b>', "Ada L\u00f6v\u00e9"),
        (b"Ada <sip:a@b>", "Ada"),
        (b"<sip:a@b>", ""),
        (b"sip:a@b", ""),
        (b'""<sip:a@b>', ""),
        (b'"', ""),
        (b'"\\', ""),
    ):
        assert sip.display(raw) == wanted, raw


def test_hosts_and_ports():
    for uri, wanted in (
        ("sip:cm.Example.net", ("cm.example.net", 0, "")),
        ("SIP:1001@10.0.0.3:5070", ("10.0.0.3", 5070, "1001")),
        ("sip:1001:secret@h;transport=udp?x=y", ("h", 0, "1001")),
        ("sip:h:5060;lr", ("h", 5060, "")),
        ("sips:h", None),
        ("tel:1", None),
        ("sip:", None),
        ("sip:@", None),
        ("sip:h:", None),
        ("sip:h:0", None),
        ("sip:h:65536", None),
        ("sip:h:5o", None),
        ("sip:[::1]", None),
        ("sip:a b", None),
        ("", None),
        ("sip:" + "h" * 254, None),
        ("sip:\u00e9", None),
        ("sip:h:\u00b2", None),
        ("sip", None),
    ):
        assert sip.host_port(uri) == wanted, (uri, sip.host_port(uri))


def test_strangers_words_are_fit_for_a_screen_and_a_log():
    for raw, wanted in (
        (b"a\r\nb\x00c\x1b[2Jd\x7f", "a b c [2Jd"),
        (b"\xe2\x80\xaeevil\xe2\x80\xac", "evil"),
        (b"\xed\xa0\x80", "\u00ed \u20ac"),
        (b"", ""),
        ("str", "str"),
        (b"x" * 99, "x" * 40),
        (b"\xc2\x9bx", "x"),
        (b"L\xf6we", "L\u00f6we"),
    ):
        assert sip.words(raw) == wanted, (raw, sip.words(raw))
    assert sip.words(b"12345", 3) == "123"
    assert sip.read(OK.replace(b"200 OK", b"200 \x1b[31m\xff")).reason == "[31m\u00ff"
    assert sip.read(OK.replace(b"200 OK", b"200")).reason == ""


def test_a_request_is_read_as_it_was_written():
    data = sip.request(
        "REGISTER",
        "sip:cm.test",
        [
            ("Via", "SIP/2.0/UDP 10.0.0.9:5060;rport;branch=z9hG4bKx"),
            ("From", "<sip:1001@cm.test>;tag=t"),
            ("To", "<sip:1001@cm.test>"),
            ("Call-ID", "c"),
            ("CSeq", "1 REGISTER"),
        ],
        b"body",
    )
    got = sip.read(data)
    assert (got.method, got.uri, got.branch, got.body) == ("REGISTER", "sip:cm.test", "z9hG4bKx", b"body")
    assert data.startswith(b"REGISTER sip:cm.test SIP/2.0\r\nVia: ") and got.get(b"max-forwards") == b"70"
    assert got.get(b"content-length") == b"4"


def test_a_response_copies_what_it_must():
    data = sip.response(
        sip.read(TORTUOUS), 480, "Temporarily Unavailable", "mine", [("Allow", "INVITE")], whence=WHENCE
    )
    got = sip.read(data)
    assert (got.status, got.method, got.branch, got.cseq) == (480, "INVITE", "390skdjuw", 9)
    asked = sip.read(TORTUOUS)
    assert got.raw(b"via")[1] == asked.raw(b"via")[1] and len(got.all(b"via")) == 3
    assert b";received=192.0.2.9" in got.raw(b"via")[0] and b"rport" not in got.raw(b"via")[0]
    assert got.get(b"to").endswith(b"1918181833n"), "a tag that is there stays"
    assert got.get(b"call-id") == asked.get(b"call-id") and got.get(b"allow") == b"INVITE"
    assert sip.reply_to(asked, WHENCE) == ("192.0.2.9", 5060)
    plain = TORTUOUS.replace(b";   tag    = 1918181833n", b"")
    assert sip.value(sip.read(sip.response(sip.read(plain), 200, "OK", "mine")).get(b"to"))[1] == {
        "tag": "mine"
    }
    assert b"tag=" not in sip.response(sip.read(plain), 100, "Trying", "").split(b"To:")[1].split(b"\r\n")[0]


def test_rport_is_filled():
    for via, wanted, back in (
        (
            b"SIP/2.0/UDP 10.1.1.1:5070;rport;branch=b",
            b"SIP/2.0/UDP 10.1.1.1:5070;rport=5099;branch=b;received=192.0.2.9",
            WHENCE,
        ),
        (b"SIP/2.0/UDP 192.0.2.9:5070;branch=b", b"SIP/2.0/UDP 192.0.2.9:5070;branch=b", ("192.0.2.9", 5070)),
        (
            b"SIP/2.0/UDP 192.0.2.9;branch=b;received=6.6.6.6, SIP/2.0/UDP x;rport",
            b"SIP/2.0/UDP 192.0.2.9;branch=b, SIP/2.0/UDP x;rport",
            ("192.0.2.9", 5060),
        ),
        (
            b"SIP/2.0/UDP h:99999;branch=b",
            b"SIP/2.0/UDP h:99999;branch=b;received=192.0.2.9",
            ("192.0.2.9", 5060),
        ),
    ):
        asked = sip.read(
            OK.replace(b"SIP/2.0 200 OK", b"REGISTER sip:x SIP/2.0").replace(
                OK[OK.find(b"SIP/2.0/UDP") : OK.find(b"\r\nFrom")], via
            )
        )
        got = sip.read(sip.response(asked, 200, "OK", "t", whence=WHENCE))
        assert got.raw(b"via")[0] == wanted, got.raw(b"via")
        assert sip.reply_to(asked, WHENCE) == back, via
