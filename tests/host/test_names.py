"""The name server of the small world, asked with datagrams made by hand."""

import socket
import struct

import pytest

from host_tools.names import TTL_SECONDS, Names
from host_tools.problem import Problem

A, AAAA, ANY = 1, 28, 255
NAME = b"\x01a\x08everline\x04test\x00"


@pytest.fixture
def names():
    with Names({"a.everline.test": "127.0.0.1", "b.everline.test": "127.0.0.2"}) as made:
        yield made


def question(name=NAME, kind=A, ident=0x1234, bits=0x0100, net=1) -> bytes:
    return struct.pack(">6H", ident, bits, 1, 0, 0, 0) + name + struct.pack(">2H", kind, net)


def ask(names, datagram, seconds=2.0):
    """The answer, or None where none comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.settimeout(seconds)
        link.connect(("127.0.0.1", names.port))
        link.send(datagram)
        try:
            return link.recv(2048)
        except TimeoutError:
            return None


def test_a_name_has_its_address(names):
    asked = question()
    answer = ask(names, asked)
    assert answer[:12] == struct.pack(">6H", 0x1234, 0x8580, 1, 1, 0, 0)
    assert answer[12:len(asked)] == asked[12:]
    record = struct.pack(">3HIH", 0xC00C, A, 1, TTL_SECONDS, 4) + b"\x7f\0\0\x01"
    assert answer[len(asked):] == record
    assert ask(names, question(NAME.replace(b"\x01a", b"\x01b"))).endswith(b"\x7f\0\0\x02")
    assert list(names.questions) == [("a.everline.test", A), ("b.everline.test", A)]


def test_a_service_has_its_servers(names):
    names.services["_sip._udp.test"] = [(10, 60, 5070, "a.everline.test"), (20, 0, 5060, "b.test")]
    asked = question(b"\x04_sip\x04_udp\x04test\0", 33)
    answer = ask(names, asked)
    assert answer[:12] == struct.pack(">6H", 0x1234, 0x8580, 1, 2, 0, 0)
    head = struct.pack(">3HI", 0xC00C, 33, 1, TTL_SECONDS)
    first = head + struct.pack(">4H", 6 + len(NAME), 10, 60, 5070) + NAME
    assert answer[len(asked):] == first + head + struct.pack(">4H", 14, 20, 0, 5060) + b"\x01b\x04test\0"
    assert ask(names, question(asked[12:-4]))[3] & 15 == 0, "it has no address, and is there"
    names.mode("lies")
    assert ask(names, asked)[3] & 15 == 3


def test_the_question_comes_back_letter_by_letter(names):
    asked = question(NAME.replace(b"ever", b"eVeR"), ident=0xFFFF, bits=0)
    answer = ask(names, asked)
    assert answer[:2] == b"\xff\xff" and answer[12:len(asked)] == asked[12:]
    assert answer[3] & 15 == 0 and answer[-4:] == b"\x7f\0\0\x01"
    assert answer[2] & 1 == 0  # recursion was not wished


@pytest.mark.parametrize("name, kind, code, records", [
    (NAME, ANY, 0, 1), (NAME, AAAA, 0, 0), (b"\x01z" + NAME[2:], A, 3, 0), (b"\0", A, 3, 0)])
def test_other_questions(names, name, kind, code, records):
    answer = ask(names, question(name, kind))
    assert answer[3] & 15 == code
    assert struct.unpack_from(">H", answer, 6)[0] == records


@pytest.mark.parametrize("datagram", [
    b"", b"x", question()[:12], question()[:-1], question(bits=0x8180), question(bits=0x2800),
    question(net=3), question(b"\x01a\xc0\x0c"), question(b"\x40" + b"a" * 64 + b"\0"),
    question((b"\x3f" + b"a" * 63) * 5 + b"\0"), question()[:4] + b"\0\2" + question()[6:],
    question() + b"\0" * 600])
def test_what_is_no_question_is_dropped(names, datagram):
    assert ask(names, datagram, 0.1) is None
    assert ask(names, question()), "it goes on"
    assert len(names.questions) == 1


def test_three_ways_to_behave():
    changes = []
    with Names({"a.everline.test": "127.0.0.1"}, lambda it: changes.append(it.sentence)) as names:
        assert names.address == "127.0.0.1:%d" % names.port
        names.mode("silent")
        names.mode("silent")
        assert ask(names, question(), 0.2) is None
        assert len(names.questions) == 1, "it was heard"
        names.mode("lies")
        answer = ask(names, question())
        assert answer[3] & 15 == 3 and len(answer) == len(question())
        names.mode("well")
        assert ask(names, question())[3] & 15 == 0
        with pytest.raises(Problem, match="can not 'explode'"):
            names.mode("explode")
    assert changes == ["The name server is silent.", "The name server knows no name.",
                       "The name server answers."]


def test_a_closed_one_is_gone_and_comes_back_on_the_same_port():
    names = Names({"a.everline.test": "127.0.0.1"}).start()
    port = names.port
    names.close()
    names.close()
    with pytest.raises(ConnectionRefusedError):
        ask(names, question())
    with names:
        assert names.port == port
        assert ask(names, question())
