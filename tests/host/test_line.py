"""The line before a site: latency, loss, order, resets, back-pressure, black holes; nothing left behind."""

import asyncio
import contextlib
import os
import socket
import struct
import time

import pytest

from host_tools.line import FILLERS_MAX, SEGMENT, WINDOW, Line

DELAY_MS = 60
# A loaded machine is late by this much, and never early.
LATE = 0.25
BIG = bytes(range(256)) * 8000  # 2 MB


class Echo(asyncio.Protocol):
    """A server that gives back what it gets, and notes what happens to it."""

    def __init__(self, served):
        self.served = served
        served.append(self)
        self.told = []
        self.heard = b""
        self.transport = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.heard += data
        self.transport.write(data)

    def eof_received(self):
        self.told.append("eof")

    def connection_lost(self, exc):
        self.told.append("lost")

    def pause_writing(self):
        self.told.append("wait")

    def resume_writing(self):
        self.told.append("go on")


def on_a_line(story, make=Echo, seed=1):
    """Run story(line, served, port) and see that it leaves no task, socket or visit behind."""
    async def go():
        served = []
        line = Line(lambda: make(served), seed)
        port = line.listen("127.0.0.1", 0)
        try:
            await asyncio.wait_for(story(line, served, port), 20)
        finally:
            line.close()
        for _ in range(40):
            if len(asyncio.all_tasks()) == 1 and all("lost" in server.told for server in served):
                break
            await asyncio.sleep(0.02)
        assert not line.visits
        assert len(asyncio.all_tasks()) == 1
        assert [server.told.count("lost") for server in served] == [1] * len(served)

    before = len(os.listdir("/proc/self/fd"))
    asyncio.run(go())
    assert len(os.listdir("/proc/self/fd")) == before


async def ask(reader, writer, data=b"?") -> float:
    """Seconds until `data` has come back."""
    begun = time.monotonic()
    writer.write(data)
    assert await reader.readexactly(len(data)) == data
    return time.monotonic() - begun


async def ending(reader, writer) -> bytes:
    """All that still comes, after which our end is closed too."""
    data = await reader.read()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return data


def test_without_latency_it_adds_next_to_nothing():
    async def story(line, served, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        times = sorted([await ask(reader, writer) for _ in range(200)])
        assert times[100] < 0.005
        assert await ask(reader, writer, BIG) < 2
        writer.close()
    on_a_line(story)


def test_each_way_takes_the_latency_and_a_handshake_two():
    async def story(line, served, port):
        line.set(delay_ms=DELAY_MS)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        way = DELAY_MS / 1000
        assert 4 * way <= await ask(reader, writer) < 4 * way + LATE
        assert 2 * way <= await ask(reader, writer) < 2 * way + LATE
        line.set(delay_ms=0)
        assert await ask(reader, writer) < way  # holds at once, on connections that are open
        writer.close()
    on_a_line(story)


def test_what_is_out_of_range_is_brought_into_it():
    line = Line(Echo)
    line.set(delay_ms=99999, loss=-3)
    assert (line.delay_ms, line.loss) == (3000, 0)
    line.set(loss=99)
    assert (line.delay_ms, line.loss) == (3000, 50)


def test_a_lost_piece_costs_a_time_out_and_each_further_loss_twice_that():
    line = Line(Echo, seed=7)
    line.set(delay_ms=100, loss=20)
    drawn = [round(line.draw(), 3) for _ in range(5000)]
    assert set(drawn) >= {0.1, 0.3, 0.7}  # 0.2 s later, then 0.4 s more
    assert set(drawn) <= {0.1, 0.3, 0.7, 1.5, 3.1, 6.3, 12.7}
    assert 0.77 < drawn.count(0.1) / len(drawn) < 0.83
    again = Line(Echo, seed=7)
    again.set(delay_ms=100, loss=20)
    assert drawn == [round(again.draw(), 3) for _ in range(5000)]


def test_loss_delays_and_keeps_the_order():
    async def story(line, served, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ask(reader, writer) < LATE
        line.set(loss=10)
        assert await ask(reader, writer, BIG[:40 * SEGMENT]) >= 0.2
        writer.close()
    on_a_line(story)


def test_many_connections_at_once_are_each_their_own():
    async def story(line, served, port):
        line.set(delay_ms=20)

        async def one(place):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for turn in range(5):
                await ask(reader, writer, b"%d %d " % (place, turn) * 50)
            writer.close()
        await asyncio.gather(*map(one, range(60)))
        assert len(served) == 60
    on_a_line(story)


@pytest.mark.parametrize("delay_ms", [0, DELAY_MS])
def test_a_server_that_closes_is_heard_after_what_it_said(delay_ms):
    class Closing(Echo):
        def data_received(self, data):
            self.transport.write(BIG)
            self.transport.close()
            self.transport.write(b"too late")

    async def story(line, served, port):
        line.set(delay_ms=delay_ms)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"?")
        assert await ending(reader, writer) == BIG
    on_a_line(story, Closing)


@pytest.mark.parametrize("delay_ms", [0, DELAY_MS])
def test_a_server_that_breaks_off_cuts_the_answer(delay_ms):
    class Breaking(Echo):
        def data_received(self, data):
            self.transport.write(b"half")
            self.transport.abort()

    async def story(line, served, port):
        line.set(delay_ms=delay_ms)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = time.monotonic()
        writer.write(b"?")
        assert await ending(reader, writer) == b"half"
        assert time.monotonic() - begun >= 4 * delay_ms / 1000
    on_a_line(story, Breaking)


def test_a_break_with_a_request_unread_is_a_reset():
    class Deaf(Echo):
        def connection_made(self, transport):
            super().connection_made(transport)
            transport.pause_reading()
            asyncio.get_running_loop().call_later(0.1, transport.abort)

    async def story(line, served, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"?" * 4_000_000)  # more than is read before the pause, however late that comes
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()
    on_a_line(story, Deaf)


@pytest.mark.parametrize("delay_ms", [0, DELAY_MS])
def test_a_client_that_resets_is_heard_of(delay_ms):
    async def story(line, served, port):
        line.set(delay_ms=delay_ms)
        with socket.create_connection(("127.0.0.1", port)) as link:
            link.sendall(b"?")
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        while "lost" not in served[0].told:
            await asyncio.sleep(0.01)
        assert time.monotonic() - begun >= delay_ms / 1000 - 0.01
    on_a_line(story)


def test_what_is_under_way_to_a_client_that_has_gone_is_forgotten(caplog):
    class Pouring(Echo):
        def data_received(self, data):
            for _ in range(20):
                self.transport.write(data)

    async def story(line, served, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await ask(reader, writer)
        line.set(delay_ms=DELAY_MS)
        writer.write(b"?")
        await asyncio.sleep(1.2 * DELAY_MS / 1000)  # the answer is on its way
        writer.transport.abort()
        while "lost" not in served[0].told:
            await asyncio.sleep(0.01)
        await asyncio.sleep(DELAY_MS / 1000)
    on_a_line(story, Pouring)
    assert caplog.text == ""  # asyncio complains of what is written to a socket that is closed


def test_a_client_that_has_said_all_still_gets_its_answer():
    class Late(Echo):
        def eof_received(self):
            super().eof_received()
            asyncio.get_running_loop().call_later(0.05, self.answer)
            return True  # keeps its own direction open

        def answer(self):
            self.transport.write(b"!")
            self.transport.close()

    async def story(line, served, port):
        line.set(delay_ms=DELAY_MS)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"?")
        writer.write_eof()
        assert await ending(reader, writer) == b"?!"
    on_a_line(story, Late)


def test_a_server_that_wants_no_more_ends_with_the_client():
    async def story(line, served, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await ask(reader, writer)
        writer.write_eof()
        assert await ending(reader, writer) == b""
        assert served[0].told == ["eof", "lost"]
    on_a_line(story)


@pytest.mark.parametrize("delay_ms", [0, DELAY_MS])
def test_a_client_that_does_not_read_makes_the_server_wait(delay_ms):
    class Talking(Echo):
        def data_received(self, data):
            self.sent = 0
            self.talk()

        def talk(self):
            while self.sent < 20_000_000 and (not self.told or self.told[-1] == "go on"):
                self.transport.write(b"x" * 10_000)
                self.sent += 10_000

        def resume_writing(self):
            super().resume_writing()
            self.talk()

    async def story(line, served, port):
        line.set(delay_ms=delay_ms)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"?")
        await asyncio.sleep(0.5 + 4 * delay_ms / 1000)
        assert served[0].told == ["wait"] or delay_ms and served[0].told[-1] == "wait"
        sent = served[0].sent
        assert sent < 10_000_000
        assert served[0].transport.get_write_buffer_size() <= 2 * WINDOW + 20_000
        while served[0].sent == sent:
            await reader.read(65536)
        writer.transport.abort()
    on_a_line(story, Talking)


def test_a_hole_takes_no_connections_and_lets_those_in_that_are_patient():
    async def story(line, served, port):
        loop = asyncio.get_running_loop()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        line.hole()
        line.hole()
        assert line.holed
        assert len(line._fillers) < FILLERS_MAX  # the kernel has begun to drop
        await ask(reader, writer)  # what was open is the server's affair
        waiting = socket.socket()
        waiting.setblocking(False)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(loop.sock_connect(waiting, ("127.0.0.1", port)), 0.5)
        line.open()
        # Its SYN is sent again a second after the first one.
        while waiting.connect_ex(("127.0.0.1", port)):
            await asyncio.sleep(0.05)
        await loop.sock_sendall(waiting, b"patience")
        assert await loop.sock_recv(waiting, 100) == b"patience"
        waiting.close()
        writer.close()
    on_a_line(story)


def test_a_line_that_closes_ends_what_is_open():
    async def story(line, served, port):
        line.set(delay_ms=DELAY_MS)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"?")
        await asyncio.sleep(0.02)
        line.close()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        writer.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
    on_a_line(story)
