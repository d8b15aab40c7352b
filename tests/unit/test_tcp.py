"""runtime/tcp.py by itself, over real sockets. Its poll queue is MicroPython's own."""

import asyncio
import os
import socket

from runner import Skip

from phone import events
from phone.runtime.tcp import Tcp

ONLY = ("micropython",)

HOST = "127.0.0.1"


def listener(backlog=5):
    """(listening socket, port)."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    for port in range(20100, 20400):
        try:
            sock.bind(socket.getaddrinfo(HOST, port)[0][-1])
            sock.listen(backlog)
            return sock, port
        except OSError:
            pass
    raise Skip("no free port here")


def story(act, ms=300):
    """Run act(tcp, heard) and what follows for a while; returns what was heard."""
    heard = []

    async def main():
        def feed(event):
            heard.append(bytes(event.view) if isinstance(event, events.Received) else event)

        tcp = Tcp(feed)
        act(tcp, heard)
        await asyncio.sleep_ms(ms)

    asyncio.new_event_loop()
    asyncio.run(main())
    return heard


def open_files():
    return len(os.listdir("/proc/self/fd"))


def test_a_refused_connection_is_told_as_one():
    sock, port = listener()
    sock.close()
    assert story(lambda tcp, heard: tcp.open(7, (HOST, port))) == [events.Closed(7, events.REFUSED)]


def test_a_connection_opens_and_ends_in_order():
    sock, port = listener()

    def act(tcp, heard):
        tcp.open(1, (HOST, port))

        async def serve():
            link = sock.accept()[0]
            link.setblocking(True)
            await asyncio.sleep_ms(30)
            tcp.write(1, [b"ear", b"ly"])
            tcp.write(1, b"x" * 3000)  # more than is sent at once
            await asyncio.sleep_ms(30)
            link.setblocking(False)
            said = link.read(4000)
            heard.append(said[:6])
            heard.append(len(said))
            link.write(b"hello")
            link.close()

        asyncio.create_task(serve())

    heard = story(act)
    sock.close()
    assert heard == [events.Opened(1), b"earlyx", 3005, b"hello", events.Closed(1, events.END)], heard


def test_nothing_is_heard_after_close_whenever_it_comes():
    sock, port = listener()
    files = open_files()

    def before(tcp, heard):
        tcp.open(1, (HOST, port))
        tcp.close(1)

    assert story(before, 80) == []

    def at_once(tcp, heard):
        async def close():
            await asyncio.sleep_ms(0)
            tcp.close(2)

        tcp.open(2, (HOST, port))
        asyncio.create_task(close())

    assert story(at_once, 80) in ([], [events.Opened(2)])
    assert open_files() <= files, "a socket was left open"
    sock.close()


def test_close_within_feed_is_final():
    sock, port = listener()
    files = open_files()
    heard = []

    async def main():
        def feed(event):
            heard.append(type(event).__name__)
            tcp.close(event.conn)

        tcp = Tcp(feed)
        for conn in range(1, 6):
            tcp.open(conn, (HOST, port))
        await asyncio.sleep_ms(100)

    asyncio.new_event_loop()
    asyncio.run(main())
    sock.close()
    assert heard == ["Opened"] * 5, heard
    assert open_files() < files


def test_a_black_hole_keeps_nobody_waiting():
    """A listener that never accepts and whose queue is full: the connection neither opens nor closes."""
    sock, port = listener(0)
    fillers = []
    for _ in range(4):
        filler = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        filler.setblocking(False)
        try:
            filler.connect(socket.getaddrinfo(HOST, port)[0][-1])
        except OSError:
            pass
        fillers.append(filler)
    turns = []

    def act(tcp, heard):
        async def heart():
            for _ in range(10):
                await asyncio.sleep_ms(10)
                turns.append(1)
            tcp.close(1)  # or it would knock at the next listener of this port

        tcp.open(1, (HOST, port))
        asyncio.create_task(heart())

    heard = story(act, 200)
    for filler in fillers + [sock]:
        filler.close()
    assert heard == [] and len(turns) == 10


class Board:
    interface = HOST

    @staticmethod
    def pair(address):
        return "peer", 1


def visited(act, client, ms=300):
    """Run a Listener and a Tcp; act(event, tcp) for what happens; client(port, connect) is a coroutine."""
    from phone.runtime.listen import Listener

    heard = []
    sock, port = listener()
    sock.close()

    async def main():
        def feed(event):
            heard.append(bytes(event.view) if isinstance(event, events.Received) else event)
            act(event, tcp)

        tcp = Tcp(feed)
        found = Listener(Board, port, tcp, feed)
        assert found.opened
        task = asyncio.create_task(found.run())

        def connect():
            link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            link.connect(socket.getaddrinfo(HOST, port)[0][-1])
            link.setblocking(False)
            return link

        await client(port, connect)
        await asyncio.sleep_ms(ms)
        task.cancel()
        found._socket.close()

    asyncio.new_event_loop()
    asyncio.run(main())
    return heard


def test_a_visitor_is_accepted_heard_and_answered():
    said = []

    def act(event, tcp):
        if isinstance(event, events.Received):
            tcp.write(event.conn, (b"p" * 300 for _ in range(5)))

    async def client(port, connect):
        link = connect()
        link.write(b"hello")
        await asyncio.sleep_ms(100)
        said.append(link.read(2000))
        link.close()

    heard = visited(act, client)
    assert heard == [events.Accepted(-2, ("peer", 1)), b"hello", events.Closed(-2, events.END)], heard
    assert said == [b"p" * 1500]


def test_visitors_that_are_not_wanted_leave_nothing_behind():
    files = open_files()

    def act(event, tcp):
        if isinstance(event, events.Accepted):
            tcp.close(event.conn)

    async def client(port, connect):
        for _ in range(30):
            connect().close()
            await asyncio.sleep_ms(10)
        await asyncio.sleep_ms(100)

    heard = visited(act, client)
    assert [event.conn for event in heard] == list(range(-2, -32, -1)), heard
    assert open_files() <= files


def test_a_piece_for_which_there_is_no_memory_breaks_the_answer_off():
    """Who reads must not take half a page for a whole one; the phone hears of it, and the socket is gone."""
    files = open_files()
    ends = []

    def pieces():
        yield b"half"
        raise MemoryError

    def act(event, tcp):
        if isinstance(event, events.Received):
            tcp.write(event.conn, pieces())

    async def client(port, connect):
        link = connect()
        link.write(b"hello")
        await asyncio.sleep_ms(100)
        ends.append(link.read(100))
        link.close()

    heard = visited(act, client)
    assert heard[-2:] == [events.Closed(-2, events.RESET), events.Low()] and ends == [b"half"], (heard, ends)
    assert open_files() <= files


def test_a_port_that_is_taken_is_told_and_leaves_nothing_behind():
    from phone.runtime.listen import Listener

    sock, port = listener()
    files = open_files()
    assert not Listener(Board, port, None, None).opened
    assert open_files() == files
    sock.close()
