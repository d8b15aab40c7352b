"""TCP connections for the brain: opens, writes, reads and closes sockets, and decides nothing.

One reader task a connection; what could not be written at once is written by a second task. The
two wait in separate halves of asyncio's poll entry, and both are always cancelled together,
because cancelling one of them alone would silently lose the other (IOQueue.remove drops the
whole entry). Both wait for the socket, also where they read and write TLS (secure.py) over it.
"""

import asyncio
import socket
from errno import ECONNREFUSED, ECONNRESET, EINPROGRESS

from phone.events import END, REFUSED, RESET, TAKEN, UNREACHABLE, UNTRUSTED, Closed, Low, Opened, Received
from phone.runtime.poll import readable, writable

PIECE = 256  # what the brain parses in one go: 0.1 ms of a menu on a PC, 10 ms on an ESP32 (projected)
_SENT_AT_ONCE = 1024  # a write is offered to the socket in pieces of this size
_IS_OPEN = (106, 127)  # EISCONN of Linux and of lwIP; the errno module has no name for it


class Tcp:
    """`feed(event)` is called for what happens; it must not wait. `breathe()` is awaited after each piece."""

    def __init__(self, feed, breathe=lambda: asyncio.sleep_ms(0)):
        self._feed = feed
        self.breathe = breathe
        self._open = {}  # conn -> _Connection
        self._visitor = TAKEN  # the conn of who came last
        self.buffer = bytearray(PIECE)  # one for all: a view of it is valid during feed() only

    def open(self, conn, address, name="", board=None):
        """With a name: TLS with a server whose certificate is for that name, by the board's trust()."""
        self._open[conn] = _Connection(self, conn, address, name, board)

    def accept(self, sock):
        """Somebody has connected to the phone: the conn that he gets."""
        self._visitor -= 1
        self._open[self._visitor] = _Connection(self, self._visitor, None, "", None, sock)
        return self._visitor

    def write(self, conn, data):
        if conn in self._open:
            self._open[conn].write(data)

    def close(self, conn):
        connection = self._open.pop(conn, None)
        if connection:
            connection.close()

    def happened(self, event):
        """An event of a connection that the brain has not closed meanwhile, or Low."""
        if isinstance(event, Low):
            self._feed(event)
        elif event.conn in self._open:
            if isinstance(event, Closed):
                del self._open[event.conn]
            self._feed(event)


class _Connection:
    def __init__(self, tcp, conn, address, name, board, sock=None):
        self._tcp = tcp
        self._conn = conn
        self._socket = sock
        self._stream = sock  # what is read and written: the socket, or TLS over it
        self._rest = []  # iterators of pieces that are still to be written
        self._writer = None
        self._reader = asyncio.create_task(self._run(address, name, board))

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
            (self._stream or self._socket).close()
            self._socket = None

    async def _run(self, address, name, board):
        why = UNREACHABLE
        try:
            secure = None
            if name:
                from phone.runtime.secure import Secure  # it takes room only where it is needed

                secure = Secure(name, board)
            if address:
                await self._connect(address)
            why = RESET
            await self._read(secure)
            why = END
        except OSError as error:
            if error.errno == UNTRUSTED:
                why = UNTRUSTED
            elif why == UNREACHABLE and error.errno in (ECONNREFUSED, ECONNRESET):
                why = REFUSED  # lwIP says ECONNRESET for it
        except MemoryError:
            pass  # no room for one more connection; the next may be luckier
        self._stop()
        self._tcp.happened(Closed(self._conn, why))

    async def _connect(self, address):
        host, port = address
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

    async def _read(self, secure):
        """Until the peer closes."""
        if secure:
            secure.begin(self._socket)
        elif self._conn > 0:
            self._tcp.happened(Opened(self._conn))
        self._stream = stream = secure or self._socket
        buffer = self._tcp.buffer
        view = memoryview(buffer)
        while self._socket:  # gone once the brain closes
            count = stream.readinto(buffer)
            if secure and secure.wire.ready:
                secure = None
                self._tcp.happened(Opened(self._conn))
            elif count is None:  # only now: TLS may hold what the socket has given long ago
                await readable(self._socket)
            if count:
                self._tcp.happened(Received(self._conn, view[:count]))
                await self._tcp.breathe()  # a fast server must not keep the keys waiting
            elif count == 0:
                return

    async def _write(self):
        try:
            while self._rest:
                for piece in self._rest[0]:
                    view = memoryview(piece)
                    while len(view):
                        sent = self._stream.write(view[:_SENT_AT_ONCE])
                        if sent:
                            view = view[sent:]
                        else:  # None: no room
                            await writable(self._socket)
                    await self._tcp.breathe()  # the next one is made first, and a fast reader takes all
                self._rest.pop(0)
            self._writer = None
        except OSError:
            self._rest = []  # the reader hears of it too, and says so
        except MemoryError:  # a piece could not be made: who reads must not take this for the end
            self._writer = None
            self._reader.cancel()
            self._stop()
            self._tcp.happened(Closed(self._conn, RESET))
            self._tcp.happened(Low())  # so that there is room when he asks again
