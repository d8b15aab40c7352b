"""One request: resolve, open, write, read the answer into a page, all against deadlines.

       +------- a connection that was kept open --------+
       |                                                v
    RESOLVE --address--> CONNECT --Opened--> WAIT --first byte--> READ --whole--> outcome
       |                    |                  |                   |   \\--3xx, 401--> RESOLVE again
       +---- deadline, refusal, cut, nonsense: outcome with a word that says what it was ----+

A Fetch belongs to nobody: it knows nothing of screens or other servers, and is used once. Its owner feeds it
the events of `conn`, calls tick() at deadline(), and reads `outcome`.
A server may close a kept connection at the moment at which we write to it. What may be asked twice is then
asked again on a new one; a link is not: nobody can know whether it was obeyed. A form that is posted goes
over a connection of its own from the first, so that it is never in that doubt.
"""

from micropython import const

from phone import events
from phone.core import manners, outcome as outcomes, trouble
from phone.core.outcome import ANSWER, CUT, FAILED, PAGE, WELL, Outcome
from phone.events import Write
from phone.phrases import phrase
from phone.wire import http
from phone.wire.page import PageReader

HEADER, CONNECTION = "header", "connection"

_BODY_MAX = const(196608)  # the largest page that commercial phones take (services-xml.md section 2)
_TURNS_MAX = const(3)  # addresses of a name that are tried after the first, while each refuses at once

_ON_THE_WAY = 301, 302, 303, 307, 308, 401  # an answer that asks for another request
_RESOLVE, _CONNECT, _WAIT, _READ, _OVER = range(5)


class Fetch:
    """`target`: a Context. `requests`: core/run.py, what all requests share. safe: it may be sent twice.
    probe: "", or how far a probe goes: HEADER or CONNECTION.
    """

    reader = PageReader  # makes what reads the body; that of a picture is core/pictures.py's
    accept = manners.ACCEPT  # kinds of answers, as the request names them
    # Of core/session.py: whose password went with the request, how often a 401 was answered, redirects.
    realm, tries, hops = None, 0, 0

    def __init__(self, target, requests, now, safe, probe=""):
        self.target, self.url = target, target.url
        self.form = target.body  # what is posted, or None
        self.probe = probe
        self.conn = 0
        self.sent = False  # whether a byte of a request may have reached a server
        self.reused = False  # whether it goes over a connection that was kept open
        self.stale = False  # a kept connection ended as it was used: nobody's fault
        self.waited = None  # ms until the first byte of the answer, once it is there
        self.outcome = None
        self.begun = self.since = now  # of the whole, and of what the server at `url` was asked for
        self._requests = requests
        self._net = requests.net
        self._timers = requests.config.timers
        self._safe = safe
        self._fresh = bool(probe) or self.form is not None  # whether it needs a connection of its own
        self._address, self._turns = None, 0
        self._late = now + self._timers["request_ms"]
        self._begin()

    def deadline(self):
        return min(self._late, self._step_late)

    def tick(self, now):
        """Go on where something was waited for; effects."""
        if self.outcome:
            return []
        if now >= self._late:
            took = trouble.seconds(now - self.begun)
            return self._over(FAILED, phrase("is too slow: not done after %s", took), now)
        if self._state == _RESOLVE:
            return self._resolve(now)
        if now >= self._step_late:
            return self._unanswered(now)
        return []

    def receive(self, event, now):
        """An event of our conn; effects."""
        if isinstance(event, events.Received):
            if self._state == _WAIT:
                self._state, self._step_late = _READ, self._late
                self.waited = now - self.since
            self._response.feed(event.view)
            return self._judge(now)
        if isinstance(event, events.Opened):
            done = self.probe == CONNECTION
            return self._over(WELL, phrase("takes connections"), now) if done else self._ask(now)
        return self._closed(event.why, now)

    def cancel(self):
        """Give up; the outcome stays None. Effects."""
        conn, self.conn = self.conn, 0
        self._state = _OVER
        return self._net.close(conn)

    def lateness(self, now):
        """What there is to say of a server that had its time: a phrase, half a sentence."""
        if self._state == _CONNECT:
            self._net.failed(self.url.host, self._address)
        return outcomes.LATE[self._state] + (trouble.seconds(now - self.since),)

    def _begin(self):
        self._state = _RESOLVE
        self._step_late = self._late
        self._page, self._body = None, 0
        self._response = http.Response(self._take)

    def _resolve(self, now):
        if not self._fresh:
            self.conn = self._net.reuse(self.url)
            if self.conn:
                self.reused = True
                return self._ask(now)
        if self.url.scheme == "https":
            if now < self._net.calm_at:
                self.since = self._step_late = self._net.calm_at
                return []
            if not self._net.has_room(self.url):  # its turn comes
                self.since, self._step_late = now, self._late
                return []
        self._step_late = self._late
        self._address = self._net.lookup(self.url.host, now)
        if self._address is False:
            return self._over(FAILED, self._net.why(self.url.host), now)
        if self._address is None:
            return self._net.questions(now)  # they leave at once
        self.reused = False
        self._state = _CONNECT
        self._step_late = now + self._timers["connect_ms"]
        self.conn, out = self._net.open(self._address, self.url)
        return out

    def _ask(self, now):
        self._state = _WAIT
        self._step_late = now + self._timers["first_byte_ms"]
        self.sent = True
        out = [Write(self.conn, manners.head(self, self._requests, now))]
        if self.form:
            out.append(Write(self.conn, self.form))
        return out

    def _take(self, view):
        """A piece of the body, straight from the socket into the page."""
        if self._page is None:
            kind = self._response.fields.get(b"content-type", b"")
            self._page = self.reader(content_type=http.ascii(kind))
        self._body += len(view)
        if not self._page.done and self._body <= _BODY_MAX:
            self._page.feed(view)

    def _judge(self, now):
        """Look at what the response has become after a piece."""
        response = self._response
        if response.state == http.BROKEN:
            return self._over(FAILED, phrase("sent nonsense: %s", response.why), now)
        if response.state == http.HEAD:
            return []
        whole = response.state == http.DONE or self._body > _BODY_MAX or self._page and self._page.done
        if whole or self.probe or response.status != 200:  # its status says enough
            return self._answered(now)
        return []

    def _closed(self, why, now):
        """The connection ended by itself."""
        self.conn = 0
        if self._state == _CONNECT:
            if self._net.failed(self.url.host, self._address) and self._turns < _TURNS_MAX:
                self._turns += 1  # the name has another address
                self._begin()
                return self._resolve(now)
            return self._over(FAILED, outcomes.WHY[why], now)
        if self._state == _WAIT and self.reused:
            return self._once_more(outcomes.WHY[why], now)
        if why == events.END and self._response.end():
            return self._answered(now)
        if self._state == _READ and self._response.state == http.BODY:
            return self._over(CUT, phrase("broke off in the middle of the page"), now)
        return self._over(FAILED, outcomes.WHY[why], now)

    def _once_more(self, why, now):
        """A kept connection ended as it was used: on a new one again, where that is safe."""
        self.stale = not self._safe
        if self.stale:
            return self._over(FAILED, why, now)
        self._fresh = True
        out = self.cancel()
        self._begin()
        return out + self._resolve(now)

    def _answered(self, now):
        status = self._response.status
        fields = self._response.fields
        if status == 408 and self.reused:  # that was for its idle time (RFC 9110 15.5.9)
            return self._once_more(phrase("closed the connection that it had kept open"), now)
        if not self.probe and (b"set-cookie" in fields or status in _ON_THE_WAY):
            from phone.core import session

            url, word, said = session.heard(self, self._requests, status, fields, now)
            if url:
                return self._anew(url, now)
            if word:
                return self._over(word, said, now)
        if self.probe and status < 500:
            return self._over(WELL, phrase("answers"), now)
        if status != 200:
            from phone.core import refusals  # with the first that refuses

            said, wait = refusals.refusal(status, fields, self._requests.wall.utc(now))
            return self._over(ANSWER if status < 500 else FAILED, said, now, wait=wait)
        if fields.get(b"content-encoding", b"identity").lower() not in (b"identity", b""):
            return self._over(ANSWER, phrase("packed the page though we asked it not to"), now)
        if self._page is None:  # a 200 without a body: the server lost its page (section 20)
            return self._over(CUT, phrase("sent an empty page"), now)
        record = self._page.finish(self._body <= _BODY_MAX)
        return self._over(PAGE, outcomes.answered(record), now, record)

    def _anew(self, url, now):
        """The answer was a word on the way: ask `url`; effects."""
        out = self._release(now)
        self.url, self.since, self.waited = url, now, None
        self._begin()
        return out + self._resolve(now)

    def _unanswered(self, now):
        """The deadline of a step has come."""
        said, timer = phrase("takes the connection but does not answer within %s"), "first_byte_ms"
        if self._state == _CONNECT:
            self._net.failed(self.url.host, self._address)
            said, timer = phrase("did not take the connection within %s"), "connect_ms"
        return self._over(FAILED, said + (trouble.seconds(self._timers[timer]),), now)

    def _release(self, now):
        """Done with the connection: kept open where the server allows it and its answer was read."""
        ms = self._response.keeps_ms
        if not (self.conn and ms):
            return self.cancel()
        self._state = _OVER
        out = self._net.keep(self.conn, ms, now)
        self.conn = 0
        return out

    def _over(self, word, text, now, record=None, wait=0):
        response = self._response
        self.outcome = Outcome(word, text, record, self.url, response.fields, wait, response.status)
        return self._release(now)
