"""A line with latency and loss between a client and the server that listens behind it.

    client ── socket ── _Visit ══ _Way in ══> the server's protocol (aiohttp's, here)
                          ^                        │
                          └══════ _Way out <═══════┘  it writes to a _Far transport

The line is a transport in the middle, in the server's own process: there is no second socket, so that a
line without latency and loss costs next to nothing, and SIGKILL and SIGSTOP look to the client as they would
without it.

It behaves as netem does, seen through TCP: every piece comes `delay_ms` later; a lost one comes after one
time-out of retransmission more, each further loss of the same piece doubles that; order is kept. The kernel
shakes hands on loopback at once, so the two ways that a handshake takes are laid on the first piece from the
client: a page on a new connection takes four ways, on one that was kept open two.

A line that is closed (`hole`) takes no connections: not even a SYN is answered.
"""

import asyncio
import collections
import errno
import random
import select
import socket

DELAY_MS_MAX = 3000
LOSS_MAX = 50
# What TCP on Ethernet sends at once: the unit of loss.
SEGMENT = 1460
# Linux waits at least this long before it sends again what was not acknowledged; for a SYN it is a second.
RESEND_SECONDS, RESEND_SYN_SECONDS = 0.2, 1.0
# A piece that was lost this often in a row gets through: a test must not wait for ever.
LOSSES_MAX = 6
# As much may be under way in one direction before the sender must wait: a usual window of TCP.
WINDOW = 65536
BACKLOG = 128
# A backlog of 0 holds one connection; more only where the kernel rounds up.
FILLERS_MAX = 16
# A handshake on loopback that has not ended by then never will.
HANDSHAKE_SECONDS = 0.05


class Line:
    """Latency and loss of all connections to one server, and the port where they begin.

    factory() makes the protocol of one connection. delay_ms is one way; loss is in per cent of the pieces.
    """

    def __init__(self, factory, seed=None):
        self.factory = factory
        self.delay_ms = 0
        self.loss = 0
        self.visits = set()
        self._random = random.Random(seed)
        self.holed = True
        self._listener = None
        self._fillers = []
        self._comers = set()

    def set(self, delay_ms=None, loss=None) -> None:
        """Change the line, for what is sent from now on. What is out of range is brought into it."""
        if delay_ms is not None:
            self.delay_ms = max(0, min(int(delay_ms), DELAY_MS_MAX))
        if loss is not None:
            self.loss = max(0, min(int(loss), LOSS_MAX))

    def draw(self, resend: float = RESEND_SECONDS) -> float:
        """How long one piece takes, in seconds."""
        seconds = self.delay_ms / 1000
        for _ in range(LOSSES_MAX if self.loss else 0):
            if self._random.random() * 100 >= self.loss:
                break
            seconds += resend
            resend *= 2
        return seconds

    def listen(self, host: str, port: int) -> int:
        """Take connections at a port; return it. OSError where it is busy."""
        listener = socket.create_server((host, port), backlog=BACKLOG)
        listener.setblocking(False)
        self._listener = listener
        self.open()
        return listener.getsockname()[1]

    def open(self) -> None:
        """Take connections (again)."""
        if self.holed:
            self.holed = False
            self._listener.listen(BACKLOG)
            for filler in self._fillers:
                filler.close()
            self._fillers.clear()
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def hole(self) -> None:
        """Take no connections from now on: who connects waits in vain.

        A SYN that comes while the backlog is full is dropped by Linux without a word, so it is filled.
        Elsewhere, and in the worst case, connections open and nothing is read from them.
        """
        if self.holed:
            return
        self.holed = True
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.listen(0)
        for _ in range(FILLERS_MAX):
            filler = socket.socket(self._listener.family)
            filler.setblocking(False)
            filler.connect_ex(self._listener.getsockname())
            self._fillers.append(filler)
            if not select.select([], [filler], [], HANDSHAKE_SECONDS)[1]:
                break

    def close(self) -> None:
        """Close the port and every connection."""
        if not self.holed:
            self.holed = True
            asyncio.get_running_loop().remove_reader(self._listener)
        for link in [*self._fillers, self._listener]:
            link.close()
        for visit in list(self.visits):
            visit.cut()

    def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            link, _ = self._listener.accept()
        except BlockingIOError:
            return  # the client has changed its mind
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                loop.remove_reader(self._listener)  # some will be closed
                loop.call_later(RESEND_SECONDS, self._again)
            return
        link.setblocking(False)
        comer = loop.create_task(loop.connect_accepted_socket(lambda: _Visit(self), link))
        self._comers.add(comer)  # a task that nobody holds may be collected
        comer.add_done_callback(self._comers.discard)

    def _again(self) -> None:
        if not self.holed:
            asyncio.get_running_loop().add_reader(self._listener, self._accept)


class _Way:
    """What is under way in one direction: each piece has its time of arrival, and none overtakes."""

    def __init__(self, line, pressure):
        self.size = 0
        self._line = line
        self._pressure = pressure
        self._loop = asyncio.get_running_loop()
        self._pieces = collections.deque()
        self._timer = None

    def send(self, act, data=None, extra: float = 0.0) -> None:
        """Do act() when this piece arrives, or act(data) in as many pieces as TCP would make of it."""
        now = self._loop.time()
        if data is None:
            self._put(now + extra + self._line.draw(), act, ())
        elif not self._line.loss:
            self._put(now + extra + self._line.draw(), act, (data,))
        else:
            for place in range(0, len(data), SEGMENT):
                piece = bytes(data[place:place + SEGMENT])
                self._put(now + extra + self._line.draw(), act, (piece,))

    def cut(self) -> None:
        """Forget all that is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._pieces.clear()
        self.size = 0

    def _put(self, due, act, data) -> None:
        if not self._pieces and due <= self._loop.time():
            act(*data)
            return
        if self._pieces:
            due = max(due, self._pieces[-1][0])
        self._pieces.append((due, act, data))
        self.size += sum(map(len, data))
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._arrive)
        self._pressure()

    def _arrive(self) -> None:
        self._timer = None
        while self._pieces and self._pieces[0][0] <= self._loop.time():
            _, act, data = self._pieces.popleft()
            self.size -= sum(map(len, data))
            act(*data)
        if self._pieces and self._timer is None:
            self._timer = self._loop.call_at(self._pieces[0][0], self._arrive)
        self._pressure()


class _Visit(asyncio.Protocol):
    """One connection: the client's socket at this end, the server's protocol at the other."""

    def __init__(self, line):
        self._line = line
        self._near = None  # the client's socket
        self._far = None  # what the server writes to
        self._server = None
        self._in = _Way(line, self._press_in)
        self._out = _Way(line, self._press_out)
        self._handshake = 0.0
        self._choked = False  # the client reads slower than we send
        self._waits = False  # the server was told to wait
        self._full = False  # the way in is full
        self._held = False  # the server wants nothing to read now

    # --- the client's socket ------------------------------------------------------------------

    def connection_made(self, transport):
        self._line.visits.add(self)
        self._near = transport
        self._handshake = self._line.draw(RESEND_SYN_SECONDS) + self._line.draw(RESEND_SYN_SECONDS)
        self._far = _Far(self)
        self._server = self._line.factory()
        self._server.connection_made(self._far)

    def data_received(self, data):
        if not self._far.is_closing():
            extra, self._handshake = self._handshake, 0.0
            self._in.send(self._arrived, data, extra)

    def eof_received(self):
        extra, self._handshake = self._handshake, 0.0
        self._in.send(self._ended, None, extra)
        return True  # the other direction stays open until the server closes it

    def connection_lost(self, exc):
        self._line.visits.discard(self)
        self._in.send(lambda: self._far.end(exc))

    def pause_writing(self):
        self._choked = True
        self._press_out()

    def resume_writing(self):
        self._choked = False
        self._press_out()

    # --- the server's end ----------------------------------------------------------------------

    def _arrived(self, data):
        if not self._far.is_closing():
            self._server.data_received(data)

    def _ended(self):
        if not self._far.is_closing() and not self._server.eof_received():
            self._far.close()

    def _press_out(self):
        waits = self._choked or self._out.size > WINDOW
        if waits != self._waits and not self._far.ended:
            self._waits = waits
            (self._server.pause_writing if waits else self._server.resume_writing)()

    def _press_in(self):
        full = self._in.size > WINDOW
        if full != self._full:
            self._full = full
            self._read()

    def hold(self, held):
        """The server wants (or wants no longer) that nothing is read for it."""
        self._held = held
        self._read()

    def _read(self):
        if not self._near.is_closing():
            (self._near.pause_reading if self._full or self._held else self._near.resume_reading)()

    def write(self, data):
        """From the server to the client; what is written to a client that has gone is lost."""
        if not self._near.is_closing():
            self._out.send(self._show, data)

    def _show(self, data):
        if not self._near.is_closing():
            self._near.write(data)

    def last(self, act):
        """act() on the client's socket once all that was written before has arrived."""
        self._out.send(getattr(self._near, act))

    def waiting(self):
        """How many bytes have not reached the client."""
        return self._out.size + self._near.get_write_buffer_size()

    def cut(self):
        """End at once, at both ends."""
        self._near.abort()

    def lost(self, exc):
        """Tell the server that its connection is over."""
        self._in.cut()
        self._server.connection_lost(exc)

    def extra(self, name, default):
        """What is known of the client's socket."""
        return self._near.get_extra_info(name, default)


class _Far(asyncio.Transport):
    """The transport that the server sees."""

    def __init__(self, visit):
        super().__init__()
        self.uses = 0  # requests that came on this connection
        self.ended = False
        self._visit = visit
        self._closing = False

    def get_extra_info(self, name, default=None):
        return self._visit.extra(name, default)

    def write(self, data):
        if data and not self._closing:
            self._visit.write(bytes(data))

    def get_write_buffer_size(self):
        return self._visit.waiting()

    def is_closing(self):
        return self._closing

    def close(self):
        self._close("close")

    def abort(self):
        self._close("abort")

    def pause_reading(self):
        self._visit.hold(True)

    def resume_reading(self):
        self._visit.hold(False)

    def _close(self, how):
        if not self._closing:
            self._closing = True
            self._visit.last(how)
            asyncio.get_running_loop().call_soon(self.end, None)

    def end(self, exc) -> None:
        """The server hears of the end, once."""
        self._closing = True
        if not self.ended:
            self.ended = True
            self._visit.lost(exc)
