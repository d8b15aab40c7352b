"""The runs of one request that are open at once: at most three, the first good answer wins.

    start --> run .. run's server silent for longer than its p95 --> slow(): one more may start beside it

A hedge costs a token, and tokens come back slowly: a site that is slow for all its phones is not asked for
much more than it would be anyway (Dean and Barroso, "The Tail at Scale", 2013).
"""

from micropython import const

from phone.core.health import PACE_MAX_MS
from phone.core.outcome import GIVEN_UP
from phone.core.run import HEDGE, REPEAT, WALK
from phone.phrases import phrase

_OPEN_MAX = const(3)  # the sockets that pages have (core/net.py)
# In twentieths: a phone starts with three hedges and earns one in twenty requests, which is what p95 means.
_TOKENS_MAX = const(60)
_HEDGE_COSTS = const(20)


class Race:
    def __init__(self, book, journal, requests):
        self.runs = []  # in the order in which they began
        self.tried = []  # (label, phrase) of those that failed in this request
        self._journal = journal
        self._book = book
        self._requests = requests
        self._tokens = _TOKENS_MAX
        self._hedge_at = None  # ms; the newest run's server is slow then
        self.waits = False  # it is slow, but no other may be asked beside it now
        self.fed = None  # the Run that an event is being given to

    def start(self, target, why, safe, now):
        """Ask one more; effects."""
        self._tokens = min(_TOKENS_MAX, self._tokens - _HEDGE_COSTS if why == HEDGE else self._tokens + 1)
        run = self._requests.run(target, why, safe, now)
        self.runs.insert(0 if why == REPEAT else len(self.runs), run)
        self.waits = False
        out = run.begin(now)
        self._hedge_at = now + self._pace(run) if target.walks else None
        return out

    def slow(self, now):
        """Why another server should be asked beside the newest, or "": once for each.

        HEDGE is an extra, and costs; WALK is none: the newest is unwell, or had more time than any gets.
        """
        if self._hedge_at is None or now < self._hedge_at or not self.runs:
            return ""
        fetch = self.runs[-1].fetch
        late = fetch.begun + PACE_MAX_MS
        due = min(late, fetch.since + self._pace(self.runs[-1]))
        if now < due:  # it was redirected, or its handshake was put off
            self._hedge_at = due
            return ""
        self.runs[-1].arrive(self._book)
        well = self.runs[-1].health.well
        hedges = well and now < late
        if hedges and (fetch.waited is not None or self._tokens < _HEDGE_COSTS):  # it answers, or we may not
            self._hedge_at = late
            return ""
        self._hedge_at = None
        self.waits = len(self.runs) >= _OPEN_MAX
        return "" if self.waits else HEDGE if hedges else WALK

    def _pace(self, run):
        """How long its server may be silent."""
        if run.fetch.url.scheme == "https" and not run.fetch.reused:
            return PACE_MAX_MS  # the handshake alone takes a board more than a second
        run.arrive(self._book)
        return run.health.pace_ms

    def finished(self):
        """A run that has its outcome, or None."""
        for run in self.runs:
            if run.fetch.outcome:
                return run
        return None

    def tick(self, now):
        out = []
        for run in self.runs:
            out += run.fetch.tick(now)
        return out

    def receive(self, event, now):
        """An event of a connection; None where it is none of ours."""
        for run in self.runs:
            if run.fetch.conn == event.conn:
                self.fed = run
                out = run.fetch.receive(event, now)
                self.fed = None
                return out
        return None

    def deadline(self):
        """The least of all, or None."""
        waits = [run.fetch.deadline() for run in self.runs]
        if waits and self._hedge_at is not None:
            waits.append(self._hedge_at)
        return min(waits) if waits else None

    def end(self, run, now, word=""):
        """The run is over; effects."""
        self.runs.remove(run)
        return run.end(now, word)

    def close(self, now, word=GIVEN_UP):
        """All that is open is not wanted any more; effects."""
        out = []
        while self.runs:
            out += self.end(self.runs[0], now, word)
        return out

    def blame(self, run, what, now, wait=0):
        """Its server failed, and so did one that redirected to it; effects."""
        said = phrase("%s %s.", run.label, what)
        self.tried.append((run.label, said))
        if not run.fetch.stale:
            health = run.health
            if health.well:
                said = phrase("%s It is asked last from now on.", said)
            health.bad(what, now, wait)
            if run.origin is not run.target:
                whither = phrase("redirects to %s, which %s", run.label, what)
                self._book.health(run.origin.url).bad(whither, now)
        return self._journal.say(said, now)

    def late(self, now):
        """Blame servers that had longer than they ever need: so a silent one costs one person one wait."""
        out = []
        for run in self.runs:
            fetch = run.fetch
            took = now - fetch.since
            if took >= (self._pace(run) if fetch.waited is None else PACE_MAX_MS):
                out += self.blame(run, fetch.lateness(now), now)
        return out

    def relieve(self, now):
        """A piece of a page found no room: with another run open only that page goes; effects or None."""
        run, self.fed = self.fed, None
        return self.end(run, now, GIVEN_UP) if run in self.runs and len(self.runs) > 1 else None
