"""wire/dns.py: questions and answers, real, late and forged."""

import struct

from phone.wire import dns


def packed(name):
    return b"".join(bytes((len(label),)) + label.encode() for label in name.split(".")) + b"\x00"


def reply(ident, name, records, flags=0x8180):
    """records: (owner bytes, type, ttl, data)."""
    out = struct.pack(">HHHHHH", ident, flags, 1, len(records), 0, 0) + packed(name) + b"\x00\x01\x00\x01"
    for owner, kind, ttl, data in records:
        out += owner + struct.pack(">HHIH", kind, 1, ttl, len(data)) + data
    return out


HERE = b"\xc0\x0c"  # compression pointer to the name of the question


def test_a_question():
    data = dns.question(0x1234, "www.example.com")
    assert (
        data
        == b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07example\x03com\x00\x00\x01\x00\x01"
    )


def test_an_answer_with_two_addresses():
    data = reply(7, "h.example", [(HERE, 1, 60, b"\x0a\x00\x00\x01"), (HERE, 1, 30, b"\x0a\x00\x00\x02")])
    assert dns.answer(data, 7, "H.example.") == (0, ("10.0.0.1", "10.0.0.2"), 30)


def test_an_alias_is_followed_within_the_answer():
    data = reply(7, "a.b", [(HERE, 5, 20, packed("real.b")), (packed("real.b"), 1, 99, b"\x0a\x00\x00\x03")])
    assert dns.answer(data, 7, "a.b") == (0, ("10.0.0.3",), 20)


def test_records_of_others_are_not_taken():
    data = reply(7, "a.b", [(packed("evil.b"), 1, 20, b"\x06\x06\x06\x06")])
    assert dns.answer(data, 7, "a.b") == (0, (), 0)


def test_no_such_name():
    assert dns.answer(reply(7, "a.b", [], 0x8183), 7, "a.b") == (3, (), 0)


def test_what_is_not_our_answer_is_none():
    good = reply(7, "a.b", [(HERE, 1, 60, b"\x0a\x00\x00\x01")])
    assert dns.answer(good, 8, "a.b") is None  # another id
    assert dns.answer(good, 7, "a.c") is None  # another question
    assert dns.answer(dns.question(7, "a.b"), 7, "a.b") is None  # a question
    assert dns.answer(reply(7, "a.b", [], 0x8380), 7, "a.b") is None  # cut off
    for length in range(len(good)):
        assert dns.answer(good[:length], 7, "a.b") is None, length


def test_a_pointer_loop_ends():
    data = reply(7, "a.b", [(b"\xc0" + bytes((12 + 5 + 4,)), 1, 60, b"\x0a\x00\x00\x01")])
    assert dns.answer(data, 7, "a.b") is None


def servers(ident, name, records):
    """An answer with SRV records: (priority, weight, port, target bytes)."""
    out = struct.pack(">HHHHHH", ident, 0x8180, 1, len(records), 0, 0) + packed(name) + b"\x00\x21\x00\x01"
    for priority, weight, port, target in records:
        data = struct.pack(">HHH", priority, weight, port) + target
        out += HERE + struct.pack(">HHIH", 33, 1, 30, len(data)) + data
    return out


SIP = "_sip._udp.ward.example"


def test_a_question_for_a_service():
    assert dns.question(1, SIP).endswith(b"\x04_sip\x04_udp\x04ward\x07example\x00\x00\x21\x00\x01")
    data = servers(7, SIP, [(10, 60, 5060, packed("A.ward.example")), (20, 0, 5070, b"\x01b\xc0\x16")])
    found = ((10, 60, 5060, "a.ward.example"), (20, 0, 5070, "b.ward.example"))
    assert dns.answer(data, 7, SIP) == (0, found, 30)
    assert dns.answer(data, 7, "ward.example") is None
    for length in range(len(data)):
        assert dns.answer(data[:length], 7, SIP) is None, length


def test_records_that_name_no_server_are_passed_over():
    odd = [(1, 1, 5060, b"\x00"), (1, 1, 0, packed("a.b")), (1, 1, 5060, b"\x02\xff\xfe\x00"),
           (1, 1, 5060, b"\x03a b\x00"), (1, 1, 5060, packed("a.b"))]
    assert dns.answer(servers(7, SIP, odd), 7, SIP).addresses == ((1, 1, 5060, "a.b"),)
    many = [(1, 1, 5060, packed("h%d" % number)) for number in range(12)]
    assert len(dns.answer(servers(7, SIP, many), 7, SIP).addresses) == 8
    assert dns.answer(reply(7, "a.b", [(HERE, 33, 60, b"\0\1\0\1\0\1\1a\0")]), 7, "a.b") == (0, (), 0)


def test_names_that_can_be_asked_for():
    for name, good in (
        ("a.b", True),
        ("a.b.", True),
        ("", False),
        ("a..b", False),
        ("x" * 64 + ".b", False),
        ("a." * 140, False),
    ):
        assert dns.is_name(name) == good, name


def test_no_bytes_whatever_make_it_raise():
    good = reply(7, "a.b", [(HERE, 5, 20, packed("r.b")), (packed("r.b"), 1, 99, b"\x0a\x00\x00\x03")])
    service = servers(7, SIP, [(10, 60, 5060, packed("a.b")), (20, 0, 5070, b"\x01b\xc0\x16")])
    seed = 3
    for number in range(4000):
        data, name = (bytearray(good), "a.b") if number % 2 else (bytearray(service), SIP)
        for _ in range(2):
            seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
            data[2 + seed % (len(data) - 2)] = (seed >> 8) & 255
        dns.answer(bytes(data), 7, name)
