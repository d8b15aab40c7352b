"""TLS for tcp.py: a connected socket that is read and written as before, verified and enciphered.

mbedTLS takes part in the first read, does not block, and never says when the handshake is over: a read
that gives nothing looks the same before and after it. (A write would tell, with the first byte that may be a
command.) So the socket that mbedTLS gets is one of ours, which sees the heads of the records go by.

    records from the server, TLS 1.2:   22 hello ... 22 done   20 change cipher spec   22 finished   23 data
                                        one a turn: each costs arithmetic                        ready ^

(No MicroPython offers TLS 1.3 so far; over one that did, this would never be ready.)
Wait for the socket itself, never for the TLS object: asyncio does not wake who waits for a TLS object that
failed, and on the unix port one such object costs a look each millisecond.
"""

import io
from binascii import a2b_base64
from errno import ECONNRESET

import tls
from micropython import const

from phone.events import UNTRUSTED

_CHANGE, _HANDSHAKE = const(20), const(22)  # kinds of record (RFC 5246, 6.2.1)
_HEAD = const(5)  # bytes: kind, version (2), length (2)
_TCP, _NODELAY = const(6), const(1)  # the same on Linux and lwIP
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----"

_context = None  # one for all connections: 3 KB, and 1 KB for each certificate


def _prepare(board):
    """Read the certificates of the board, the first time. OSError(UNTRUSTED) where there are none."""
    global _context
    if _context is None:
        context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)  # demands a certificate, unlike the module ssl
        try:
            _load(context, board.trust())
        except (OSError, ValueError):  # no file; no certificate in it
            raise OSError(UNTRUSTED)
        _context = context


def _load(context, data):
    """Certificates as PEM, any number with any text between, or one as DER: mbedTLS here takes DER alone."""
    at = data.find(_BEGIN)
    if at < 0:
        context.load_verify_locations(data)
    while at >= 0:
        end = data.index(_END, at)
        context.load_verify_locations(a2b_base64(data[at + len(_BEGIN) : end]))
        at = data.find(_BEGIN, end)


class Secure:
    """Reads and writes like a non-blocking socket; reading does the handshake too, until `wire.ready`."""

    def __init__(self, name, board):
        _prepare(board)
        self._name = name
        self._tls = None
        self.wire = None

    def begin(self, sock):
        """From here on the socket is ours to close."""
        sock.setsockopt(_TCP, _NODELAY, 1)  # a handshake writes thrice and waits: 40 ms lost to Nagle
        self.wire = _Wire(sock)
        self._tls = _context.wrap_socket(self.wire, server_hostname=self._name, do_handshake_on_connect=False)

    def readinto(self, buffer):
        try:
            count = self._tls.readinto(buffer)
        except ValueError:  # so says mbedTLS of a certificate, and of nothing else
            raise OSError(UNTRUSTED)
        if count is None and self.wire.over:
            raise OSError(ECONNRESET)  # without a word of farewell: the rest may have been cut off
        return count

    def write(self, data):
        return self._tls.write(data)

    def close(self):
        self._tls.close()
        self.wire.sock.close()


class _Wire(io.IOBase):
    """The socket as mbedTLS has it. No exception may pass through mbedTLS.

    It has nothing, once, before each record: so the loop turns between the steps of a handshake, and what the
    peer says at the end is not lost behind the data before it (readinto() goes on until its buffer is full).
    """

    def __init__(self, sock):
        self.sock = sock
        self._head = b""  # of the record that is being read
        self._left = 0  # bytes of it that are still to come
        self._last = False  # it is the last of the handshake
        self._paused = False
        self.ready = False
        self.over = False  # nothing more comes; what mbedTLS still holds is read first

    def readinto(self, buffer):
        if not (self._head or self._paused):
            self._paused = True
            return None
        try:
            count = self.sock.readinto(buffer)
        except OSError:
            count = 0
        if count == 0:
            self.over = True
            return None
        if count:
            self._follow(buffer, count)
        return count

    def _follow(self, buffer, count):
        """mbedTLS asks for a head, then for the rest of the record, and never beyond."""
        if self._left:
            self._left -= count
        else:
            self._head += bytes(buffer[:count])
            if len(self._head) < _HEAD:
                return
            self._left = self._head[3] << 8 | self._head[4]
        if self._left == 0:
            if self._last and self._head[0] == _HANDSHAKE:
                self.ready = True
            self._last = self._head[0] == _CHANGE
            self._head = b""
            self._paused = False

    def write(self, data):
        try:
            return self.sock.write(data)
        except OSError:
            return None  # the reader hears of it too

    def ioctl(self, request, argument):
        return 0  # closing the socket is its owner's
