"""One request: resolve, open, write, read the answer into a page, all against deadlines.

    RESOLVE --address--> CONNECT --Opened--> WAIT --first byte--> READ --whole--> outcome
       |                    |                  |                   |   \\--3xx--> RESOLVE (5 times)
       +---- deadline, refusal, cut, nonsense: outcome with a word that says what it was ----+

A Fetch belongs to nobody: it knows nothing of pointers, screens or other servers, and is used
once. Its owner feeds it the events of `conn`, calls tick() at deadline(), and reads `outcome`.
"""

from collections import namedtuple

from micropython import const

from phone import events
from phone.events import Close, Open, Write
from phone.wire import http, url as urls
from phone.wire.page import PageReader

# word: one of those below. text: half a sentence about the server ("refused the connection").
# record: the page, where there is one. url: where the answer came from, after redirects.
# fields: header fields that matter to the owner. retry_after_ms: 0 where it was not asked.
Outcome = namedtuple("Outcome", ("word", "text", "record", "url", "fields", "retry_after_ms"))

PAGE = "page"  # a page, or words about one that cannot be shown: a live server said so
ANSWER = "answer"  # 4xx and the like: a live server refuses; no reason to move
FAILED = "failed"  # no answer that could be used: the next server may do better
CUT = "cut"  # as FAILED, but the server was in the middle of a page: worth one repeat

_REDIRECTS_MAX = const(5)  # RFC 9110 15.4 leaves it open; browsers take 20, a phone has less patience
_BODY_MAX = const(196608)  # the largest page that commercial phones take (services-xml.md section 2)
_RETRY_MIN_MS = const(5000)  # "Retry-After: 0" and nonsense: not at once, or a busy server is hammered
_RETRY_DEFAULT_MS = const(30000)  # a 503 that names no time is short of something: half a minute
_RETRY_MAX_MS = const(86400000)  # a day: what is longer is a mistake, and would last until the next start

_RESOLVE, _CONNECT, _WAIT, _READ, _OVER = range(5)
_WHY = {
    events.REFUSED: "refused the connection",
    events.UNREACHABLE: "cannot be reached",
    events.RESET: "broke the connection off",
    events.END: "closed the connection without an answer",
}


class Fetch:
    """`net`: core/net.py. `wall`: unix seconds or None. `may_ask(url, now)`: False where a server asked to be
    left alone, so that a redirect does not lead there.
    """

    def __init__(self, url, config, net, now, wall, may_ask):
        self.url = url
        self.conn = 0
        self.sent = False  # whether a byte of a request may have reached a server
        self.outcome = None
        self.begun = now
        self._name = config.name
        self._net = net
        self._timers = config.timers
        self._wall = wall
        self._may_ask = may_ask
        self._hops = 0
        self._late = now + self._timers["request_ms"]
        self._begin()

    def deadline(self):
        return None if self.outcome else min(self._late, self._step_late)

    def tick(self, now):
        """Go on where something was waited for; effects."""
        if self.outcome:
            return []
        if self._state == _RESOLVE:
            address = self._net.lookup(self.url.host, now)
            if address:
                return self._connect(address, now)
            if address is False:
                why = self._net.why(self.url.host)
                return self._over(FAILED, 'was not found ("%s"): %s' % (self.url.host[:40], why))
        if now >= self._late:
            return self._over(FAILED, "is too slow: not done after %s" % seconds(now - self.begun))
        if now >= self._step_late:
            return self._over(FAILED, self._silent())
        return []

    def receive(self, event, now):
        """An event of our conn; effects."""
        if isinstance(event, events.Received):
            if self._state == _WAIT:
                self._state = _READ
                self._step_late = self._late
            self._response.feed(event.view)
            return self._judge(now)
        if isinstance(event, events.Opened):
            self._state = _WAIT
            self._step_late = now + self._timers["first_byte_ms"]
            self.sent = True
            return [Write(self.conn, http.request(self.url, self._name))]
        return self._closed(event.why, now)

    def cancel(self):
        """Give up; the outcome stays None. Effects."""
        conn, self.conn = self.conn, 0
        self._state = _OVER
        return [Close(conn)] if conn else []

    def _begin(self):
        self._state = _RESOLVE
        self._step_late = self._late
        self._page = None
        self._body = 0
        self._response = http.Response(self._take)

    def _connect(self, address, now):
        self._state = _CONNECT
        self._step_late = now + self._timers["connect_ms"]
        self.conn = self._net.new_conn()
        return [Open(self.conn, (address, self.url.port), self.url.scheme == "https")]

    def _take(self, view):
        """A piece of the body, straight from the socket into the page."""
        if self._page is None:
            kind = self._response.fields.get(b"content-type", b"")
            self._page = PageReader(content_type=_ascii(kind))
        self._body += len(view)
        if not self._page.done and self._body <= _BODY_MAX:
            self._page.feed(view)

    def _judge(self, now):
        """Look at what the response has become after a piece."""
        response = self._response
        if response.state == http.BROKEN:
            return self._over(FAILED, "sent nonsense: %s" % response.why)
        if response.state == http.HEAD or response.status != 200 and response.state != http.DONE:
            if response.state == http.BODY:  # its status says enough
                return self._answered(now)
            return []
        if response.state == http.DONE or self._body > _BODY_MAX or self._page and self._page.done:
            return self._answered(now)
        return []

    def _closed(self, why, now):
        """The connection ended by itself."""
        self.conn = 0
        if self._state == _CONNECT:
            return self._over(FAILED, _WHY[why])
        if why == events.END and self._response.end():
            return self._answered(now)
        if self._state == _READ and self._response.state == http.BODY:
            return self._over(CUT, "broke off in the middle of the page")
        return self._over(FAILED, _WHY[why])

    def _answered(self, now):
        status = self._response.status
        fields = self._response.fields
        if status in (301, 302, 303, 307, 308) and b"location" in fields:
            return self._redirect(fields[b"location"], now)
        if status >= 500:
            wait = self._retry_after(fields.get(b"retry-after", b"")) if status == 503 else 0
            text = "answered with error %d" % status
            if wait:
                text = "is busy and asks for %d s" % (wait // 1000)
            return self._over(FAILED, text, wait=wait)
        if status != 200:
            text = _STATUS.get(status, "answered with status %d" % status)
            return self._over(ANSWER, text)
        if fields.get(b"content-encoding", b"identity").lower() not in (b"identity", b""):
            return self._over(ANSWER, "packed the page though we asked it not to")
        if self._page is None:  # a 200 without a body: the server lost its page (section 20)
            return self._over(CUT, "sent an empty page")
        return self._over(PAGE, "answered", self._page.finish(self._body <= _BODY_MAX))

    def _redirect(self, location, now):
        url = urls.join(self.url, _ascii(location))
        self._hops += 1
        out = self.cancel()
        if url is None:
            return out + self._over(FAILED, "redirects to something that is no address")
        if url.scheme != "http":
            return out + self._over(FAILED, "redirects to https, which this version does not speak")
        if self._hops > _REDIRECTS_MAX:
            return out + self._over(FAILED, "redirects in a circle")
        if not self._may_ask(url, now):
            return out + self._over(FAILED, "redirects to a server that asked to be left alone")
        self.url = url
        self._begin()
        return out + self.tick(now)

    def _retry_after(self, value):
        """Retry-After (RFC 9110 10.2.3) in ms: seconds, or a date that needs the time of day."""
        wait = _RETRY_DEFAULT_MS
        if value.isdigit():
            wait = int(value[:9]) * 1000
        else:
            date = http.date(value)
            clock = http.date(self._response.fields.get(b"date", b""))  # its clock, for its wish
            if clock is None:
                clock = self._wall
            if date is not None and clock is not None:
                wait = (date - clock) * 1000
        return max(_RETRY_MIN_MS, min(wait, _RETRY_MAX_MS))

    def _silent(self):
        if self._state == _CONNECT:
            return "did not take the connection within %s" % seconds(self._timers["connect_ms"])
        return "takes the connection but does not answer (%s)" % seconds(self._timers["first_byte_ms"])

    def _over(self, word, text, record=None, wait=0):
        self.outcome = Outcome(word, text, record, self.url, self._response.fields, wait)
        return self.cancel()


_STATUS = {
    400: "does not understand the request (400)",
    401: "asks for a password (401)",
    403: "does not give this page to us (403)",
    404: "has no such page (404)",
    410: "has this page no longer (410)",
}


def _ascii(value):
    """A header field as str; what is not ASCII becomes a question mark."""
    return str(bytes([byte if byte < 127 else 63 for byte in value]), "ascii")


def seconds(ms):
    """Milliseconds as a person says them: "12 ms", "2.5 s", "3 min"."""
    if ms < 1000:
        return "%d ms" % ms
    if ms < 120000:
        return "%d.%d s" % (ms // 1000, ms % 1000 // 100)
    return "%d min" % (ms // 60000)
