"""TCP connections for the brain: opens, writes, reads and closes sockets, and decides nothing.

One reader task a connection; what could not be written at once is written by a second task. The
two wait in separate halves of asyncio's poll entry, and both are always cancelled together,
because cancelling one of them alone would silently lose the other (IOQueue.remove drops the
whole entry).
"""

import asyncio
import socket
from errno import ECONNREFUSED, ECONNRESET, EINPROGRESS

from phone.events import END, REFUSED, RESET, UNREACHABLE, Closed, Opened, Received
from phone.runtime.poll import BUSY, readable, writable

PIECE = 256  # what the brain parses in one go: 0.1 ms of a menu on a PC, 10 ms on an ESP32 (projected)
_SENT_AT_ONCE = 1024  # a write is offered to the socket in pieces of this size
_IS_OPEN = (106, 127)  # EISCONN of Linux and of lwIP; the errno module has no name for it


class Tcp:
    """`feed(event)` is called for what happens; it must not wait."""

    def __init__(self, feed):
        self._feed = feed
        self._open = {}  # conn -> _Connection
        self.buffer = bytearray(PIECE)  # one for all: a view of it is valid during feed() only

    def open(self, conn, address):
        self._open[conn] = _Connection(self, conn, address)

    def write(self, conn, data):
        if conn in self._open:
            self._open[conn].write(data)

    def close(self, conn):
        connection = self._open.pop(conn, None)
        if connection:
            connection.close()

    def happened(self, event):
        """An event of a connection that the brain has not closed meanwhile."""
        if event.conn in self._open:
            if isinstance(event, Closed):
                del self._open[event.conn]
            self._feed(event)


class _Connection:
    def __init__(self, tcp, conn, address):
        self._tcp = tcp
        self._conn = conn
        self._address = address
        self._socket = None
        self._rest = []  # iterators of pieces that are still to be written
        self._writer = None
        self._reader = asyncio.create_task(self._run())

    def close(self):
        if self._reader is not asyncio.current_task():  # a task cannot cancel itself
            self._reader.cancel()
        self._stop()

    def write(self, data):
        self._rest.append(iter((data,)) if isinstance(data, (bytes, bytearray)) else iter(data))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    def _stop(self):
        if self._writer:
            self._writer.cancel()
        if self._socket:
            self._socket.close()
            self._socket = None

    async def _run(self):
        why = UNREACHABLE
        try:
            await self._connect()
            why = RESET
            self._tcp.happened(Opened(self._conn))
            await self._read()
            why = END
        except OSError as error:
            if why == UNREACHABLE and error.errno in (ECONNREFUSED, ECONNRESET):
                why = REFUSED  # lwIP says ECONNRESET for it
        self._stop()
        self._tcp.happened(Closed(self._conn, why))

    async def _connect(self):
        host, port = self._address
        address = socket.getaddrinfo(host, port)[0][-1]  # a literal: asks nobody, cannot block
        self._socket = sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            sock.connect(address)
            return
        except OSError as error:
            if error.errno != EINPROGRESS:
                raise
        await writable(sock)
        try:  # there is no getsockopt(SO_ERROR): connecting again tells what became of it
            sock.connect(address)
        except OSError as error:
            if error.errno not in _IS_OPEN:
                raise

    async def _read(self):
        """Until the peer closes."""
        sock = self._socket
        buffer = self._tcp.buffer
        view = memoryview(buffer)
        while self._socket:  # gone once the brain closes
            await readable(sock)
            count = sock.readinto(buffer)
            if count == 0:
                return
            if count:
                self._tcp.happened(Received(self._conn, view[:count]))
                await asyncio.sleep_ms(0)  # a fast server must not keep the keys waiting

    async def _write(self):
        try:
            while self._rest:
                for piece in self._rest[0]:
                    await self._send(piece)
                self._rest.pop(0)
            self._writer = None
        except OSError:
            self._rest = []  # the reader hears of it too, and says so

    async def _send(self, data):
        view = memoryview(data)
        while len(view):
            sent = None
            try:
                sent = self._socket.write(view[:_SENT_AT_ONCE])
            except OSError as error:
                if error.errno != BUSY:
                    raise
            if sent:
                view = view[sent:]
            else:
                await writable(self._socket)
