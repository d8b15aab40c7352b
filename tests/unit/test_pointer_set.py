"""wire/pointer_set.py: Call-Info to a Set, and HMAC-SHA256 by the vectors of RFC 4231."""

from phone.wire.pointer_set import KEEPALIVE, PUSH, Seal, Set, Told, canonical, read, same, sign

PURPOSE = "backup-service"


def told(*values):
    return read([value.encode() for value in values], PURPOSE)


def test_hmac_by_the_vectors_of_rfc_4231():
    for key, data, mac in (
        (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"Jefe", b"what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (bytes(range(1, 26)), b"\xcd" * 50,
         "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        (b"\xaa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        (b"\xaa" * 131, b"This is a test using a larger than block-size key and a larger than block-size "
         b"data. The key needs to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ):
        assert sign(key, data) == mac


def test_pointers_of_the_specification():
    found = told("<https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=services",
                 "<https://svc-c.example.net/menu> ; Purpose = Backup-Service ;q=0.5;expires=60;spread=5;x=y",
                 "<sip:10.0.0.3:5060>;purpose=backup-call-manager;q=0.8")
    assert found == Set([
        Told(False, "https://svc-b.example.net/menu", "0.9", "services", "", ""),
        Told(False, "https://svc-c.example.net/menu", "0.5", "", "60", "5"),
        Told(True, "sip:10.0.0.3:5060", "0.8", "", "", ""),
    ], [], False, True)


def test_other_purposes_are_no_set():
    for value in ("<http://x/>;purpose=icon", "<http://x/>", "<urn:x-cisco-remotecc:callinfo>;security=auth",
                  "<sip:h>;answer-after=0", "", "x", "<", "<>;purpose=backup-service", "\xff\xfe"):
        assert told(value) == Set([], [], False, False), value
    assert read([b"<http://x/>;purpose=other"], "Other").pointers[0].uri == "http://x/"


def test_a_set_of_nothing():
    assert told("<urn:everline:none>;purpose=backup-service") == Set([], [], False, True)
    assert told("<URN:EVERLINE:NONE>;purpose=backup-call-manager").named


def test_what_cannot_be_read_is_passed_over():
    for value in ("http://x/;purpose=backup-service", "<http://x/;purpose=backup-service",
                  "<http://x y/>;purpose=backup-service", "<http://x\n/>;purpose=backup-service",
                  "<http://\xe4/>;purpose=backup-service", "<http://x/>;purpose=backup-service;q=1;Q=0.5",
                  '<http://x/>;purpose="backup-service"', "<http://x/>;purpose=backup-service;q=",
                  "<http://x/>;purpose=backup-service;q=0 5", '<http://x/>;x=";purpose=backup-service"',
                  '<http://x/>;x="\\";purpose=backup-service;"'):
        assert not told(value).named, value
    assert told('<http://x/>;x="a;q=0.1,<\\">";purpose=backup-service').pointers[0].q == ""


def test_more_than_eight_are_said_to_be_too_many():
    values = ["<http://h%d/>;purpose=backup-service" % n for n in range(9)]
    assert len(told(*values[:8]).pointers) == 8 and not told(*values[:8]).over
    assert len(told(*values).pointers) == 8 and told(*values).over
    seals = ["<urn:everline:set>;purpose=backup-signature;seq=%d" % n for n in range(3)]
    assert [seal.seq for seal in told(*seals).seals] == ["0", "1"] and told(*seals).over


def test_the_canonical_form_does_not_depend_on_the_order():
    one = Told(False, "https://b/", "0.9", "services", "", "30")
    two = Told(True, "sip:10.0.0.3:5060", "", "", "", "")
    form = (b"everline-pointers-1 keep-alive seq=17 until=1790000000\n"
            b"backup-call-manager sip:10.0.0.3:5060 q= service= expires= spread=\n"
            b"backup-service https://b/ q=0.9 service=services expires= spread=30\n")
    seal = Seal("17", "1790000000", "")
    assert canonical(KEEPALIVE, seal, [one, two]) == canonical(KEEPALIVE, seal, [two, one]) == form
    assert canonical(PUSH, seal, []) == b"everline-pointers-1 push seq=17 until=1790000000\n"


def test_a_signature_is_read_as_it_stands():
    found = told("<urn:everline:set>;purpose=backup-signature;seq=017;until=1790000000;mac=AbC")
    assert found == Set([], [Seal("017", "1790000000", "AbC")], False, True)


def test_strings_are_compared_to_their_ends():
    assert same("abc", "abc") and same("", "")
    for one, other in (("abc", "abd"), ("abc", "ab"), ("ab", "abc"), ("", "a"), ("bbc", "abc")):
        assert not same(one, other)


def test_no_bytes_raise():
    seed = 1
    whole = (b"<https://svc-b.example.net/menu>;purpose=backup-service;q=0.9;service=services,"
             b"<urn:everline:set>;purpose=backup-signature;seq=17;until=1790000000;mac=00ff")
    for _ in range(3000):
        value = bytearray(whole)
        for _ in range(3):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            value[seed % len(value)] = (b'<>";=,\\\r\n \t\0\xff' + bytes(range(256)))[seed >> 8 & 0xFF]
        read(bytes(value).split(b",") + [bytes(value)], PURPOSE)
