"""One request: resolve, open, write, read the answer into a page, all against deadlines.

       +------- a connection that was kept open --------+
       |                                                v
    RESOLVE --address--> CONNECT --Opened--> WAIT --first byte--> READ --whole--> outcome
       |  (core/reach.py)   |                  |                   |   \\--3xx, 401--> RESOLVE again
       +---- deadline, refusal, cut, nonsense: outcome with a word that says what it was ----+

A Fetch belongs to nobody: it knows nothing of screens or other servers, and is used once. Its owner feeds it
the events of `conn`, calls tick() at deadline(), and reads `outcome`.
A server may close a kept connection at the moment at which we write to it. What may be asked twice is then
asked again on a new one; a link is not: nobody can know whether it was obeyed. A form that is posted goes
over a connection of its own from the first, so that it is never in that doubt.
"""

from micropython import const

from phone import events
from phone.core import outcome as outcomes, trouble
from phone.core.outcome import ANSWER, CUT, FAILED, PAGE, WELL, Outcome
from phone.core.reach import CONNECT, OVER, READ, RESOLVE, WAIT, Reach
from phone.events import Write
from phone.phrases import phrase
from phone.wire import http, url as urls
from phone.wire.page import PageReader
from phone.wire.request import ACCEPT

HEADER, CONNECTION = "header", "connection"

_REDIRECTS_MAX = const(5)  # RFC 9110 15.4 leaves it open; browsers take 20, a phone has less patience
_BODY_MAX = const(196608)  # the largest page that commercial phones take (services-xml.md section 2)


class Fetch(Reach):
    """`target`: a Context. `manners`: core/manners.py. `net`: core/net.py. `wall`: unix seconds or None.
    `may_ask(url, now)`: False where a server asked to be left alone. safe: the request may be sent twice.
    probe: "", or how far a probe goes: HEADER or CONNECTION.
    """

    reader = PageReader  # makes what reads the body; that of a picture is core/pictures.py's
    accept = ACCEPT  # kinds of answers, as the request names them

    def __init__(self, target, manners, config, net, now, wall, may_ask, safe, probe=""):
        Reach.__init__(self, target.url, config, net, now, bool(probe) or target.body is not None)
        self.target = target
        self.form = target.body  # what is posted, or None
        self.probe = probe
        self.realm = None  # whose password went with the request (core/logins.py)
        self.tries = 0  # answers to a 401
        self.sent = False  # whether a byte of a request may have reached a server
        self.stale = False  # a kept connection ended as it was used: nobody's fault
        self.waited = None  # ms until the first byte of the answer, once it is there
        self._manners = manners
        self._wall = wall
        self._may_ask = may_ask
        self._safe = safe
        self._hops = 0
        self._begin()

    def tick(self, now):
        """Go on where something was waited for; effects."""
        if self.outcome:
            return []
        if now >= self._late:
            took = trouble.seconds(now - self.begun)
            return self._over(FAILED, phrase("is too slow: not done after %s", took), now)
        if self._state == RESOLVE:
            return self._resolve(now)
        if now >= self._step_late:
            return self._unanswered(now)
        return []

    def receive(self, event, now):
        """An event of our conn; effects."""
        if isinstance(event, events.Received):
            if self._state == WAIT:
                self._state, self._step_late = READ, self._late
                self.waited = now - self.since
            self._response.feed(event.view)
            return self._judge(now)
        if isinstance(event, events.Opened):
            done = self.probe == CONNECTION
            return self._over(WELL, phrase("takes connections"), now) if done else self._ask(now)
        return self._closed(event.why, now)

    def _begin(self):
        self._state = RESOLVE
        self._step_late = self._late
        self._page, self._body = None, 0
        self._response = http.Response(self._take)

    def _ask(self, now):
        self._state = WAIT
        self._step_late = now + self._timers["first_byte_ms"]
        self.sent = True
        out = [Write(self.conn, self._manners.request(self, now))]
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
        if self._state == CONNECT:
            return self._refused(why, now)
        if self._state == WAIT and self.reused:
            return self._once_more(outcomes.WHY[why], now)
        if why == events.END and self._response.end():
            return self._answered(now)
        if self._state == READ and self._response.state == http.BODY:
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
        if not self.probe and self._manners.heard(self, status, fields, now):
            return self._anew(self.url, now)
        if status >= 500:
            wait = trouble.retry_after_ms(fields, self._wall) if status == 503 else 0
            return self._over(FAILED, trouble.broken(status, wait), now, wait=wait)
        if self.probe:
            return self._over(WELL, phrase("answers"), now)
        if status in (301, 302, 303, 307, 308) and b"location" in fields:
            return self._redirect(status, fields[b"location"], now)
        if status != 200:
            return self._over(ANSWER, trouble.refused(status), now)
        if fields.get(b"content-encoding", b"identity").lower() not in (b"identity", b""):
            return self._over(ANSWER, phrase("packed the page though we asked it not to"), now)
        if self._page is None:  # a 200 without a body: the server lost its page (section 20)
            return self._over(CUT, phrase("sent an empty page"), now)
        record = self._page.finish(self._body <= _BODY_MAX)
        return self._over(PAGE, outcomes.answered(record), now, record)

    def _redirect(self, status, location, now):
        url = urls.join(self.url, http.ascii(location))
        self._hops += 1
        why = None
        if url is None:
            why = phrase("redirects to something that is no address")
        elif self._hops > _REDIRECTS_MAX:
            why = phrase("redirects in a circle")
        elif not self._may_ask(url, now):
            why = phrase("redirects to a server that asked to be left alone")
        if why:
            return self._over(FAILED, why, now)
        if self.form is not None:
            if status < 307:  # it has what it wanted; the answer is fetched (RFC 9110 15.4.2 to 15.4.4)
                self.form = None
            elif urls.site(url) != urls.site(self.url):
                said = phrase("wants what was typed to be sent to another server")
                return self._over(ANSWER, said, now)
        self.realm, self.tries = None, 0
        return self._anew(url, now)

    def _anew(self, url, now):
        """The answer was a word on the way: ask `url`; effects."""
        out = self._release(now)
        self.url = url
        self.since = now
        self.waited = None
        self._begin()
        return out + self._resolve(now)

    def _release(self, now):
        """Done with the connection: kept open where the server allows it and its answer was read."""
        ms = self._response.keeps_ms
        if not (self.conn and ms):
            return self.cancel()
        self._state = OVER
        out = self._net.keep(self.conn, ms, now)
        self.conn = 0
        return out

    def _over(self, word, text, now, record=None, wait=0):
        response = self._response
        self.outcome = Outcome(word, text, record, self.url, response.fields, wait, response.status)
        return self._release(now)
