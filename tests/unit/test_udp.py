"""Datagrams: with real sockets on loopback, and where there is no room for one."""

import asyncio
import socket

from phone.events import SendTo
from phone.runtime import udp

ONLY = ("micropython",)  # asyncio's queue, raw socket addresses


def pair(address):
    """As boards/unix has it: sockaddr_in."""
    return "%d.%d.%d.%d" % tuple(address[4:8]), address[2] << 8 | address[3]


def send(data, port):
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.sendto(data, socket.getaddrinfo("127.0.0.1", port)[0][-1])
    sender.close()


def taken(udp, make_room=None):
    return asyncio.run(asyncio.wait_for(udp.receive(make_room), 5))


def test_a_datagram_comes_with_its_sender_and_an_empty_one_is_told():
    calls = udp.Udp(pair, 17060)
    assert 17060 <= calls.port < 17160
    for data in (b"hello", b"", b"x" * 1400):
        send(data, calls.port)
        found, (host, port) = taken(calls)
        assert (found, host) == (data, "127.0.0.1") and port
    calls._socket.close()


def test_what_is_longer_than_a_frame_is_seen_to_be_cut():
    calls = udp.Udp(pair, 17060)
    send(b"x" * 1600, calls.port)
    assert len(taken(calls)[0]) == udp.DATAGRAM_MAX
    calls._socket.close()


def test_a_port_that_is_taken_is_left_to_who_has_it():
    first, second = udp.Udp(pair, 17060), udp.Udp(pair, 17060)
    assert second.port > first.port
    first._socket.close()
    second._socket.close()


def test_where_there_is_no_room_for_one_room_is_made():
    class Full:
        """A socket for whose datagram there is room at the third time only."""

        def __init__(self, of):
            self.of, self.times = of, 0

        def recvfrom(self, most):
            self.times += 1
            if self.times < 3:
                raise MemoryError
            return self.of.recvfrom(most)

    calls, made = udp.Udp(pair, 17060), []
    real, calls._socket = calls._socket, Full(calls._socket)
    was, udp.readable = udp.readable, lambda _: was(real)
    send(b"hello", calls.port)
    try:
        assert taken(calls, lambda: made.append(1))[0] == b"hello"
    finally:
        udp.readable = was
    assert len(made) == 2, "or the phone would be deaf from the first time on"
    real.close()


def test_where_no_socket_is_free_after_an_empty_one_the_port_is_waited_for():
    calls = udp.Udp(pair, 17060)
    again, worse = calls._open, [OSError(23), MemoryError(), OSError(98)]

    def opens(port):
        if worse:
            calls._socket.close()
            calls.send(b"lost", ("127.0.0.1", port))
            raise worse.pop(0)
        again(port)

    calls._open = opens
    send(b"", calls.port)
    assert taken(calls)[0] == b"" and not worse
    send(b"hello", calls.port)
    assert taken(calls)[0] == b"hello"
    calls._socket.close()


def test_where_no_socket_is_free_a_question_is_lost_and_the_next_one_is_asked():
    class Few:
        """The platform's sockets, of which there is none once."""

        AF_INET, SOCK_DGRAM = socket.AF_INET, socket.SOCK_DGRAM
        getaddrinfo = socket.getaddrinfo
        left = [OSError(23)]

        def socket(self, *kind):
            if self.left:
                raise self.left.pop()
            return socket.socket(*kind)

    class Tasks:
        begun = []

        def start(self, name, coroutine):
            self.begun.append(name)

    udp.socket = few = Few()
    try:
        both = udp.Datagrams(pair, Tasks(), None, None, None)
        question = SendTo(b"who is a?", ("127.0.0.1", 9), 0)
        both.send(question)
        assert not few.left and not Tasks.begun, "a task without a socket would die, and the phone with it"
        both.send(question)
        assert Tasks.begun == ["datagrams"]
        both._questions._socket.close()
    finally:
        udp.socket = socket
