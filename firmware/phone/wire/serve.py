"""HTTP/1.1 for who visits the phone: a request head in by pieces, an answer out by pieces (RFC 9112).

    READING --blank line--> WHOLE
       \\___ anything against the grammar, or too much of it: REFUSED, `status` says why

The reader keeps one line at a time, and of it only what the phone's pages need: a page is asked for with
GET or HEAD, one answer is given, and the connection is done. So a body that follows, a second request in
the same piece and every other field are nobody's business. Of a POST the fields that say how its body comes
are kept too, for core/execute.py, and what came behind its head. It never raises.
"""

from micropython import const

READING, WHOLE, REFUSED = const(0), const(1), const(2)

HEAD_MAX = 2048  # browsers send 0.5 KB, Prometheus 0.3; a cookie of another port's may come along
TARGET_MAX = 512  # the longest path that there is has 22 characters; a scanner's query may stand behind it
_BLANK_MAX = const(8)  # bytes of empty lines before the first (RFC 9112 2.2): an old client sends one
_METHOD_MAX = const(20)  # the longest registered one has 17 letters; who sends no blank by then is no client
# What a POST tells of its body, and of the browser that may have sent it (core/execute.py).
_OF_POST = b" content-length content-type transfer-encoding expect origin sec-fetch-site "
PIECE_MAX = 512  # of a page: what the hands write in one go, and what is made in one step

# No script runs on these pages, nothing is loaded, nobody frames them, no browser keeps what was true then.
_SAFE = ("Cache-Control: no-store\r\nConnection: close\r\nX-Content-Type-Options: nosniff\r\n"
         "Cross-Origin-Resource-Policy: same-origin\r\nReferrer-Policy: no-referrer\r\n"
         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'\r\n")

# What a refusal says, and the field that goes with it: one str, because twenty would take 2 KB.
_SAID = """
400 This is no HTTP request.|
401 This is for who has the user name and the password.|WWW-Authenticate: Basic realm="Everline"
403 The configuration names no user and password for the screen, so it is shown to nobody.|
404 There is no such page. The first one, at /, names the others.|
405 These pages can only be read.|Allow: GET, HEAD
408 The request was not whole in time.|
414 The address is too long.|
429 A wrong password came a moment ago: try again in a second.|Retry-After: 1
431 The request is too long.|
503 Two others are being served: try again in a few seconds.|Retry-After: 5
505 HTTP/1.1 and HTTP/1.0 are spoken here.|
"""


class Request:
    """path: without its query, as it was written."""

    def __init__(self):
        self.state = READING
        self.status = 0  # of the answer, once REFUSED
        self.path = ""
        self.head_only = False  # the method is HEAD
        self.chunks = False  # the client knows chunks: it speaks HTTP/1.1
        self.authorization = b""  # the field's value
        self.post = None  # of a POST: name -> value of the fields in _OF_POST that came
        self.rest = b""  # of a POST: what came behind its head
        self._line = bytearray()
        self._size = 0
        self._hosts = 0

    def feed(self, view):
        """The next bytes. What comes after the head is passed over, but for a POST."""
        data = bytes(view)
        at = 0
        while at < len(data) and self.state == READING:
            end = data.find(b"\n", at)
            stop = len(data) if end < 0 else end
            self._take(data[at:stop])
            at = stop + 1
            if end >= 0 and self.state == READING:
                line = bytes(self._line)
                self._line = bytearray()
                self._size += 1
                self._judge(line[:-1] if line[-1:] == b"\r" else line)
                if self.state == WHOLE and self.post is not None:
                    self.rest = data[at:]

    def _take(self, part):
        """A part of a line, checked as it comes: whoever sends no HTTP is not listened to for long."""
        self._size += len(part)
        self._line.extend(part[: HEAD_MAX + 1])
        if self.path:
            if b"\0" in part:
                return self._refuse(400)
        else:
            for byte in part:
                if byte < 32 and byte != 13 or byte > 126:  # TLS, perhaps, or a scanner's guess
                    return self._refuse(400)
            if len(self._line) > TARGET_MAX + _METHOD_MAX:
                return self._refuse(414 if b" " in bytes(self._line[:_METHOD_MAX]) else 400)
        return self._refuse(431) if self._size > HEAD_MAX else None

    def _refuse(self, status):
        self.state, self.status = REFUSED, status
        self._line = bytearray()

    def _judge(self, line):
        """One line of the head, without its end."""
        if b"\r" in line:
            self._refuse(400)  # a line end for some, none for others: how requests are smuggled
        elif not self.path:
            if line:
                self._first(line)
            elif self._size > _BLANK_MAX:
                self._refuse(400)
        elif not line:
            if self.chunks and self._hosts != 1:
                self._refuse(400)  # RFC 9112 3.2
            else:
                self.state = WHOLE
        else:
            self._field(line)

    def _first(self, line):
        parts = line.split(b" ")
        if len(parts) != 3 or not _is_token(parts[0]) or parts[2][:5] != b"HTTP/" or not parts[1]:
            return self._refuse(400)
        method, target, version = parts
        if version not in (b"HTTP/1.1", b"HTTP/1.0"):
            return self._refuse(505)
        if method not in (b"GET", b"HEAD", b"POST"):
            return self._refuse(405)
        if target[:7].lower() == b"http://":  # as a proxy is asked (RFC 9112 3.2.2)
            target = b"/" + target[7:].partition(b"/")[2]
        if target[:1] != b"/":
            return self._refuse(400)
        self.path = str(target.partition(b"?")[0], "ascii")
        self.head_only = method == b"HEAD"
        self.post = {} if method == b"POST" else None
        self.chunks = version == b"HTTP/1.1"
        return None

    def _field(self, line):
        name, colon, value = line.partition(b":")
        if not colon or not _is_token(name):
            return self._refuse(400)
        name = name.lower()
        if name == b"host":
            self._hosts += 1
        elif name == b"authorization":
            if self.authorization:
                return self._refuse(400)
            self.authorization = value.strip()
        elif self.post is not None and b" %s " % name in _OF_POST:
            if name in self.post:  # two lengths: how requests are smuggled
                return self._refuse(400)
            self.post[name] = value.strip()
        return None


def _is_token(word):
    """RFC 9110 5.6.2."""
    for byte in word:
        if not (48 <= byte < 58 or 65 <= byte < 91 or 94 <= byte < 123 or byte in b"!#$%&'*+-.|~"):
            return False
    return bool(word)


def head(status, reason, kind, length=None, more=""):
    """The head of an answer. kind: of its body; length: None where it comes in chunks or until the end."""
    out = "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n" % (status, reason, kind)
    if length is not None:
        out += "Content-Length: %d\r\n" % length
    return (out + more + _SAFE + "\r\n").encode()


def refusal(status):
    """(head, body) of an answer that is a sentence, as bytes."""
    said, _, more = _SAID.partition("\n%d " % status)[2].partition("\n")[0].partition("|")
    body = (said + "\n").encode()
    return head(status, said, "text/plain", len(body), more and more + "\r\n"), body


def pieces(parts, chunked):
    """The strs of a page as pieces of bytes, chunked for who knows chunks (RFC 9112 7.1)."""
    out = bytearray()
    for part in parts:
        out.extend(part.encode())
        if len(out) >= PIECE_MAX:
            yield b"%x\r\n" % len(out) + out + b"\r\n" if chunked else bytes(out)
            out = bytearray()
    if out:
        yield b"%x\r\n" % len(out) + out + b"\r\n" if chunked else bytes(out)
    if chunked:
        yield b"0\r\n\r\n"


def marked(text):
    """`text` within HTML or XML."""
    out = _visible(text)
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;")):
        out = out.replace(mark, name)
    return out


def quoted(text):
    """`text` as a string of JSON, or as a label's value of Prometheus: both quote these two alike."""
    return '"%s"' % _visible(text).replace("\\", "\\\\").replace('"', '\\"')


def _visible(text):
    """What none of the formats can hold becomes a question mark: control characters, halves of a pair."""
    for letter in text:
        if not _is_fine(ord(letter)):
            return "".join([letter if _is_fine(ord(letter)) else "?" for letter in text])
    return text


def _is_fine(code):
    return 32 <= code < 127 or 160 <= code < 0xD800 or 0xDFFF < code and code & 0xFFFE != 0xFFFE
