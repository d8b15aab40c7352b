"""HTTP/1.1 as bytes: a response in by pieces (RFC 9112). Requests: core/manners.py.

The reader is fed whatever the socket gives, a piece at a time, and hands the body on
piece by piece: no page is ever held. It judges the framing only; what a status means is
decided in core/fetch.py. It never raises: what is not HTTP ends in `state == BROKEN` with
`why` saying what was wrong.

    HEAD --blank line--> BODY (length, chunks or until the end) --> DONE
      \\___________________ anything against the grammar _________> BROKEN
"""

from micropython import const

HEAD, BODY, DONE, BROKEN = const(0), const(1), const(2), const(3)

VERSION = "0.1.0"  # of the firmware, as servers and the settings page are told

# The whole head: real servers send 0.2 to 2 KB; h11 allows 16 KB, and so do we, since
# nothing of it is kept but the fields below.
_HEAD_MAX = const(16384)
# One header line that we keep. A longer one (a policy, a tracker's cookie) is passed over.
LINE_MAX = const(1280)  # URL_MAX of wire/url.py in a Location, and some air
_CHUNK_DIGITS = const(8)  # 4 GB a chunk; more digits are an attack on our integers
KEPT = (b"content-type", b"content-length", b"transfer-encoding", b"content-encoding",
        b"location", b"retry-after", b"date", b"connection", b"keep-alive",
        b"cache-control", b"expires", b"age", b"refresh", b"set-cookie", b"www-authenticate")
_LISTS = b"cache-control set-cookie www-authenticate"
# Bytes of all values of a field that may stand in several lines: eight cookies of the size that is kept.
_LIST_MAX = const(2048)
# A server that does not say how long keeps a connection for 5 s (Apache) to 75 s (nginx).
_KEEPS_MS = const(60000)

_BY_LENGTH, _BY_CHUNKS, _BY_END = const(0), const(1), const(2)
_SIZE, _DATA, _CRLF, _TRAILER = const(0), const(1), const(2), const(3)

_MONTHS = b"JanFebMarAprMayJunJulAugSepOctNovDec"


class Response:
    """One response. `sink` gets the body as views of at most the size that was fed."""

    def __init__(self, sink):
        self.state = HEAD
        self.status = 0
        self.fields = {}  # lower-case name -> value, bytes both; only KEPT. Cookies are parted by b"\n"
        self.why = ""  # what was wrong, once BROKEN
        self._sink = sink
        self._line = bytearray()
        self._head = 0  # bytes of head so far
        self._framing = _BY_END
        self._left = 0  # bytes to come in this body or chunk
        self._chunk = _SIZE
        self._lasts = False  # an HTTP/1.1 server keeps the connection unless it says otherwise

    @property
    def keeps_ms(self):
        """For how long the connection can serve another request (RFC 9112 9.3); 0: not at all."""
        said = self.fields.get(b"connection", b"").lower()
        if self.state != DONE or self._framing == _BY_END or not self._lasts or b"close" in said:
            return 0
        seconds = self.fields.get(b"keep-alive", b"").lower().partition(b"timeout=")[2]
        seconds = seconds.partition(b",")[0].strip()
        if seconds.isdigit() and len(seconds) < 5:
            return max(0, int(seconds) - 1) * 1000  # a second for the way
        return _KEEPS_MS

    def feed(self, view):
        at = 0
        data = None  # the same as bytes, which can be searched; a body needs no copy
        while at < len(view) and self.state < DONE:
            if self.state == HEAD or (self._framing == _BY_CHUNKS and self._chunk != _DATA):
                data = data or bytes(view)
                at = self._lines(data, at)
            else:
                at = self._body(view, at)
        if at < len(view):  # more than it announced: whatever follows on this connection is not ours
            self._lasts = False

    def end(self):
        """The connection ended in order. True where the response was whole."""
        if self.state == BODY and self._framing == _BY_END:
            self.state = DONE
        return self.state == DONE

    def _broken(self, why):
        self.state = BROKEN
        self.why = why

    def _lines(self, data, at):
        """Take bytes up to the end of one line; at the end of the line, judge it."""
        end = data.find(b"\n", at)
        took = (len(data) if end < 0 else end + 1) - at
        room = LINE_MAX - len(self._line)
        if room > 0:
            self._line.extend(data[at : at + min(took, room)])
        if self.state == HEAD:
            self._head += took
            if self._head > _HEAD_MAX:
                self._broken("its header has no end")
                return at + took
            if self.status == 0 and not b"HTTP/1.".startswith(bytes(self._line[:7])):
                self._broken("it does not speak HTTP")
                return at + took
        elif self._chunk == _CRLF and len(self._line) > 2:
            self._broken("its chunks do not fit")
        if end >= 0 and self.state != BROKEN:
            line = bytes(self._line).strip(b"\r\n")
            self._line = bytearray()
            if self.state == HEAD:
                self._head_line(line)
            else:
                self._chunk_line(line)
        return at + took

    def _head_line(self, line):
        if self.status == 0:
            code = line[9:12]
            if len(line) < 12 or not code.isdigit() or line[8:9] != b" " or code < b"100":
                self._broken("it does not speak HTTP")
            else:
                self.status = int(code)
                self._lasts = line[:8] == b"HTTP/1.1"
        elif line:
            name, colon, value = line.partition(b":")
            name = name.lower()
            if colon and name in KEPT and len(line) < LINE_MAX:
                value = value.strip()
                if name == b"content-length" and self.fields.get(name, value) != value:
                    self._broken("its length is said twice, and differently")
                if name in self.fields and name in _LISTS:  # no word is lost (RFC 9110 5.3)
                    value = self.fields[name] + (b"\n" if name == b"set-cookie" else b", ") + value
                if len(value) <= _LIST_MAX:
                    self.fields[name] = value
        elif self.status < 200:  # 1xx: the real answer follows
            self.status = 0
            self.fields = {}
        else:
            self._begin_body()

    def _begin_body(self):
        self.state = BODY
        length = self.fields.get(b"content-length")
        if self.status in (204, 304):
            self.state = DONE
            self._framing = _BY_LENGTH
        elif self.fields.get(b"transfer-encoding", b"").lower().endswith(b"chunked"):
            self._framing = _BY_CHUNKS
        elif length is not None:
            if not length.isdigit() or len(length) > 10:
                self._broken("its length is not a number")
                return
            self._framing = _BY_LENGTH
            self._left = int(length)
            if not self._left:
                self.state = DONE

    def _body(self, view, at):
        if self._framing == _BY_END:
            self._sink(view[at:])
            return len(view)
        took = min(len(view) - at, self._left)
        self._sink(view[at : at + took])
        self._left -= took
        if not self._left:
            if self._framing == _BY_LENGTH:
                self.state = DONE
            else:
                self._chunk = _CRLF
        return at + took

    def _chunk_line(self, line):
        if self._chunk == _CRLF:
            self._chunk = _SIZE
            if line:
                self._broken("its chunks do not fit")
        elif self._chunk == _TRAILER:
            if not line:
                self.state = DONE
        else:
            digits = line.partition(b";")[0].strip()
            size = _hex(digits)
            if size < 0:
                self._broken("its chunks do not fit")
            elif size == 0:
                self._chunk = _TRAILER
            else:
                self._left = size
                self._chunk = _DATA


def ascii(value):
    """A header field as str; what is not ASCII becomes a question mark."""
    return str(bytes([byte if byte < 127 else 63 for byte in value]), "ascii")


def _hex(digits):
    """A chunk size, or -1: int() would take signs, blanks and underscores too."""
    if not 0 < len(digits) <= _CHUNK_DIGITS:
        return -1
    size = 0
    for byte in digits.lower():
        digit = b"0123456789abcdef".find(bytes((byte,)))
        if digit < 0:
            return -1
        size = size * 16 + digit
    return size


def date(value):
    """An HTTP date (RFC 9110 5.6.7, the fixed form) in unix seconds, or None."""
    parts = value.split()
    if len(parts) != 6 or parts[5] != b"GMT" or len(parts[4]) != 8 or len(parts[2]) != 3:
        return None
    month = _MONTHS.find(parts[2])
    clock = parts[4].split(b":")
    numbers = [parts[1], parts[3]] + clock
    if month < 0 or month % 3 or len(clock) != 3 or not all(n.isdigit() and len(n) < 5 for n in numbers):
        return None
    day, year, hour, minute, second = [int(n) for n in numbers]
    return ((days(year, month // 3 + 1, day) * 24 + hour) * 60 + minute) * 60 + second


def days(year, month, day):
    """Days from 1970-01-01 to this date of the Gregorian calendar."""
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day - 719469
