"""The scenery of a story: HTTP servers and a name server that behave as badly as is wished.

They parse what the phone sends with code of their own, and never import phone.*: two ends that
share a parser would share its mistakes. What they yield to the world is a script of steps:

    bytes         send them          int     wait so many milliseconds
    "end"         close in order     "reset" break the connection off

    site = world.site("A", "10.0.0.1")
    site.pages["/menu.xml"] = menu("Services", ("News", "news.xml"))
    site.silent()          # from now on; site.well() ends it
    site.script = function # anything else: a generator function of (site, request)
"""

import re
import struct
from collections import namedtuple
from email.utils import formatdate
from xml.sax.saxutils import escape

# One request as the site read it. fields: names in lower case -> value, str. at: ms.
Request = namedtuple("Request", ("method", "target", "path", "query", "version", "fields", "body", "at"))

PAGE_TYPE = "text/xml; charset=utf-8"
MENU, TEXT, PEOPLE = "/menu.xml", "/news.xml", "/people.xml"
NEVER = 10**12  # ms
TOLD = re.compile(r"[?&]name=SEP[0-9A-F]{12}&locale=\w+$")  # what a phone adds to a service's own address
FULL_MS = 20  # how soon a server tries again that can send no more


def menu(title, *items, prompt="Choose one"):
    """A menu page; items are (name, url)."""
    row = "<MenuItem><Name>%s</Name><URL>%s</URL></MenuItem>\n"
    rows = "".join(row % (escape(name), escape(url)) for name, url in items)
    page = "<CiscoIPPhoneMenu><Title>%s</Title><Prompt>%s</Prompt>\n%s</CiscoIPPhoneMenu>\n"
    return (page % (escape(title), escape(prompt), rows)).encode()


def text(title, words, prompt=""):
    page = "<CiscoIPPhoneText><Title>%s</Title><Prompt>%s</Prompt><Text>%s</Text></CiscoIPPhoneText>\n"
    return (page % (escape(title), escape(prompt), escape(words))).encode()


class Malformed(AssertionError):
    """The phone sent something that is no HTTP request."""


class Site:
    """One HTTP server at host:port. `requests` holds what reached it, in order."""

    def __init__(self, world, name, host, port):
        self.world, self.name, self.host, self.port = world, name, host, port
        self.requests = []
        self.connects = []  # ms of each attempt to connect, refused and lost ones included
        self.connections = []  # those that are open
        self.pages = {
            MENU: menu("Services of " + name, ("News of " + name, "news.xml"), ("People", "/people.xml")),
            TEXT: text("News of " + name, "The canteen at %s is open until two.\nBring a friend." % name),
            PEOPLE: menu("People of " + name, ("Ada", "Dial:101"), ("Grace", "Dial:102")),
        }
        # How it behaves when it behaves: one (least, most) range of ms each way, pieces of TCP.
        self.latency = (1, 8)
        self.piece = None  # bytes in a Received: a number, or None: chosen by the seed
        self.chunk = None  # a number: chunked transfer coding with chunks of this size
        self.keep_alive = True  # False: closes after each answer
        self.idle_ms = 5000  # an open connection without a request is closed after this
        self.length = True  # False: no Content-Length, the end of the page is the end of the connection
        self.headers = {}  # more header fields of every answer
        self.fields = {}  # path -> more header fields of its answers
        self.certificate = None  # the name that it is for; None: plain HTTP
        self.handshakes = []  # ms of each that a phone began
        self.frozen = False
        self._held = []  # what it would do were it not frozen
        self.well()

    def url(self, path=MENU):
        port = "" if self.port == 80 else ":%d" % self.port
        return "http://%s%s%s" % (self.host, port, path)

    @property
    def sent(self):
        """What was asked of it for a person: "GET /menu.xml", ... without what a key tells of its phone."""
        return ["%s %s" % (r.method, TOLD.sub("", r.target)) for r in self.requests if not is_probe(r)]

    @property
    def probes(self):
        """When it was looked at in idle time, in ms."""
        return [request.at for request in self.requests if is_probe(request)]

    # --- behaviours: each replaces the one before ------------------------------------------------

    def well(self):
        self.reach = "open"  # what becomes of a new connection
        self.script = Site.answer
        self.thaw()

    def refuse(self):
        """The machine is up, the server is not; open connections break."""
        self._unreached("refused")

    def unreachable(self):
        """A router says so."""
        self._unreached("unreachable")

    def blackhole(self):
        """Packets vanish: connecting never ends."""
        self.well()
        self.reach = "blackhole"

    def silent(self):
        """Takes the connection and the request, and answers nothing."""
        self._behave(lambda site, request: iter((NEVER,)))

    def freeze(self):
        """As kill -STOP does: the kernel still takes connections, the server does nothing until thaw()."""
        self.frozen = True

    def thaw(self):
        self.frozen = False
        held, self._held = self._held, []
        for action in held:
            self.world.after(0, action)

    def late(self, ms):
        """Thinks for `ms` before the first byte."""

        def script(site, request):
            yield ms
            yield from Site.answer(site, request)

        self._behave(script)

    def slow(self, bytes_per_second=1, header_too=False):
        """Drips; the header comes at once unless `header_too`."""

        def script(site, request):
            head, body = site.message(request)
            gap = max(1, 1000 // bytes_per_second)
            if not header_too:
                yield head
                head = b""
            for byte in head + body:
                yield bytes((byte,))
                yield gap
            yield from site.after_answer(request)

        self._behave(script)

    def status(self, code, headers=None, body=b"<html><body>An error.</body></html>"):
        """Answers everything with this status, e.g. status(503, {"Retry-After": "30"})."""
        fields = dict(headers or {})
        self._behave(lambda site, request: site.answer(request, code, body, fields))

    def cut(self, after=20, how="end", times=None):
        """Ends ("end") or breaks ("reset") the connection after `after` bytes of the body (-1: no
        byte of an answer at all), the first `times` times."""
        left = [times]

        def script(site, request):
            if left[0] == 0:
                yield from Site.answer(site, request)
                return
            if left[0]:
                left[0] -= 1
            head, body = site.message(request)
            if after >= 0:
                yield head + body[:after]
            yield how

        self._behave(script)

    def garbage(self, data=None):
        """Something else listens on this port."""

        def script(site, request):
            random = site.world.random
            yield bytes(random.randrange(256) for _ in range(400)) if data is None else data
            yield "end"

        self._behave(script)

    def endless_header(self):
        def script(site, request):
            yield b"HTTP/1.1 200 OK\r\n"
            while True:
                yield b"X-More: " + b"m" * 200 + b"\r\n"
                yield 5

        self._behave(script)

    def redirect(self, to, code=302):
        """To `to`: a URL or a path; a function of the request for a chain."""

        def script(site, request):
            target = to(request) if callable(to) else to
            return site.answer(request, code, b"", {"Location": target})

        self._behave(script)

    def big(self, size):
        """A well-formed text page of about `size` bytes."""
        body = text("Big", "All work and no play. " * (size // 22))
        self._behave(lambda site, request: site.answer(request, 200, body))

    def _behave(self, script):
        self.well()
        self.script = script

    def _unreached(self, how):
        self.well()
        self.reach = how
        for connection in list(self.connections):
            connection.send("reset")

    # --- serving -------------------------------------------------------------------------------

    def answer(self, request, code=None, body=None, headers=None):
        """The script of a proper answer; from `pages` where no code is given."""
        yield from self.deliver(*self.message(request, code, body, headers))
        yield from self.after_answer(request)

    def deliver(self, head, body):
        data = head + body
        for at in range(0, len(data), 4096):
            yield data[at : at + 4096]
            if len(data) > 65536:
                yield 1  # 4 MB/s

    def message(self, request, code=None, body=None, headers=None):
        """(head, body as transferred) of an answer."""
        if code is None:
            body = self.pages.get(request.path)
            body = body(request) if callable(body) else body
            code, body = (200, body) if body is not None else (404, b"<html>Nothing here.</html>")
        date = formatdate(self.world.wall(), usegmt=True)
        fields = {"Date": date, "Server": "story", "Content-Type": PAGE_TYPE}
        fields.update(self.headers)
        fields.update(self.fields.get(request.path, {}))
        fields.update(headers or {})
        if self.chunk:
            fields["Transfer-Encoding"] = "chunked"
            pieces = [body[at : at + self.chunk] for at in range(0, len(body), self.chunk)] + [b""]
            body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        elif self.length:
            fields["Content-Length"] = str(len(body))
        if self._closes(request):
            fields["Connection"] = "close"
        lines = ["HTTP/1.1 %d Words" % code] + ["%s: %s" % pair for pair in fields.items()]
        return "\r\n".join(lines + ["", ""]).encode("latin-1"), body

    def after_answer(self, request):
        if self._closes(request):
            yield "end"

    def _closes(self, request):
        asked = request.fields.get("connection", "").lower() == "close" or request.version == "HTTP/1.0"
        return asked or not self.keep_alive or not (self.length or self.chunk)

    def act(self, action):
        """Do it now, or at the thaw."""
        if self.frozen:
            self._held.append(action)
        else:
            action()


def is_probe(request):
    """A phone that only looks wants no more of the connection."""
    return request.fields.get("connection") == "close"


class Conversation:
    """The site's end of one connection: reads requests, plays the script of each answer in turn."""

    def __init__(self, site, connection):
        self.site, self.connection = site, connection
        self._buffer = b""
        self._waiting = []  # requests that came while an answer was under way
        self._playing = False
        self._idle_since = site.world.now
        self._watch_idle()

    def receive(self, data):
        self._buffer += data
        while True:
            request, rest = parse(self._buffer, self.site.world.now)
            if request is None:
                return
            self._buffer = rest
            self.site.requests.append(request)
            self.site.world.say("%s is asked: %s %s" % (self.site.name, request.method, request.target))
            self._waiting.append(request)
            self._next()

    def _next(self):
        if self._waiting and not self._playing:
            self._playing = True
            request = self._waiting.pop(0)
            self._play(self.site.script(self.site, request))

    def _play(self, steps):
        if not self.connection.is_open:
            return
        if self.connection.is_full:
            self.site.world.after(FULL_MS, lambda: self.site.act(lambda: self._play(steps)))
            return
        for step in steps:
            self.connection.send(step)
            if step in ("end", "reset"):
                return
            # One step an event, so that a freeze or a close takes hold between any two.
            pause = step if isinstance(step, int) else 0
            self.site.world.after(pause, lambda: self.site.act(lambda: self._play(steps)))
            return
        self._playing = False
        self._idle_since = self.site.world.now
        self._next()

    def _watch_idle(self):
        def look():
            if self.connection.is_open:
                idle = not self._playing and self.site.world.now - self._idle_since >= self.site.idle_ms
                if idle and not self.site.frozen:
                    self.connection.send("end")
                else:
                    self._watch_idle()

        self.site.world.after(self.site.idle_ms, look)


def parse(data, now):
    """(Request, what follows it) from the first bytes of a connection, or (None, data): not whole yet."""
    head, found, rest = data.partition(b"\r\n\r\n")
    if not found:
        if len(data) > 8192:
            raise Malformed("8 KB and no end of the request's header: %r ..." % data[:200])
        return None, data
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[1].startswith("/") or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise Malformed("this is no request line: %r" % lines[0])
    if any(not "!" <= letter <= "~" for letter in words[1]):
        raise Malformed("a letter that is not allowed in a request line: %r" % lines[0])
    fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip() or "\n" in line or "\r" in line:
            raise Malformed("this is no header line: %r" % line)
        if name.lower() in fields:
            raise Malformed("the header %s is there twice" % name)
        fields[name.lower()] = value.strip()
    if not fields.get("host"):
        raise Malformed("a request without Host: %r" % lines[0])
    length = int(fields.get("content-length", "0"))
    if len(rest) < length:
        return None, data
    path, _, query = words[1].partition("?")
    return Request(words[0], words[1], path, query, words[2], fields, rest[:length], now), rest[length:]


class Names:
    """A name server at `host`, UDP port 53. mode: "well", "silent", "nxdomain", "servfail", "garbage"."""

    def __init__(self, world, host):
        self.world, self.host = world, host
        self.table = {}  # name -> list of IPv4 literals
        self.services = {}  # name such as _sip._udp.ward.example -> list of (priority, weight, port, host)
        self.ttl = 60
        self.mode = "well"
        self.latency = (1, 10)
        self.asked = []  # (ms, name)

    def receive(self, data):
        """The answer to a datagram, or None."""
        if len(data) < 17 or data[4:12] != b"\0\1\0\0\0\0\0\0" or data[2] & 0xF8:
            raise Malformed("this is no plain DNS question: %r" % data)
        labels, at = [], 12
        while data[at]:
            if data[at] > 63:
                raise Malformed("a label of more than 63 bytes in a DNS question: %r" % data)
            labels.append(data[at + 1 : at + 1 + data[at]].decode("ascii"))
            at += 1 + data[at]
        kind, klass = struct.unpack(">HH", data[at + 1 : at + 5])
        if kind not in (1, 33) or klass != 1 or at + 5 != len(data):
            raise Malformed("not a question for one IPv4 address or service: %r" % data)
        name = ".".join(labels)
        self.asked.append((self.world.now, name))
        self.world.say("name server %s is asked for %s" % (self.host, name))
        if self.mode == "silent":
            return None
        if self.mode == "garbage":
            return data[:2] + bytes(self.world.random.randrange(256) for _ in range(60))
        table = self.table if kind == 1 else self.services
        found = table.get(name.lower(), []) if self.mode == "well" else []
        code = 2 if self.mode == "servfail" else 0 if found else 3
        out = data[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(found), 0, 0) + data[12:]
        for record in found:  # the name again, as a pointer to the question
            if kind == 1:
                packed = bytes(int(part) for part in record.split("."))
            else:
                host = b"".join(bytes((len(label),)) + label.encode() for label in record[3].split("."))
                packed = struct.pack(">HHH", *record[:3]) + host + b"\0"
            out += struct.pack(">HHHIH", 0xC00C, kind, 1, self.ttl, len(packed)) + packed
        return out
