"""The runs of one request that are open at once: at most three, the first good answer wins.

    start --> run .. run's server silent for longer than its p95 --> is_slow: one more may start beside it

A hedge costs a token, and tokens come back slowly: a site that is slow for all its phones is not asked for
much more than it would be anyway (Dean and Barroso, "The Tail at Scale", 2013).
"""

from micropython import const

from phone.core.health import PACE_MAX_MS
from phone.core.run import GIVEN_UP, HEDGE, LOST
from phone.core.trouble import seconds

_OPEN_MAX = const(3)  # the sockets that pages have (core/net.py)
# In twentieths: a phone starts with three hedges and earns one in twenty requests, which is what p95 means.
_TOKENS_MAX = const(60)
_HEDGE_COSTS = const(20)


class Race:
    def __init__(self, book, requests):
        self.runs = []  # in the order in which they began
        self._book = book
        self._requests = requests
        self._tokens = _TOKENS_MAX
        self._hedge_at = None  # ms; the newest run's server is slow then
        self.waits = False  # it is slow, but no other may be asked beside it now
        self._fed = None  # the Run that an event is being given to

    def start(self, target, why, now):
        """Ask one more; effects."""
        self._tokens = min(_TOKENS_MAX, self._tokens - _HEDGE_COSTS if why == HEDGE else self._tokens + 1)
        run = self._requests.run(target, why, now)
        self.runs.append(run)
        self.waits = False
        out = run.begin(now)
        pace = self._book.health(target.url).pace_ms
        if target.url.scheme == "https" and not run.fetch.reused:
            pace = PACE_MAX_MS  # the handshake alone takes a board more than a second
        self._hedge_at = now + pace if target.walks else None
        return out

    def is_slow(self, now):
        """Whether another server should be asked beside the newest; says so once for each."""
        if self._hedge_at is None or now < self._hedge_at or not self.runs:
            return False
        fetch = self.runs[-1].fetch
        if fetch.waited is not None and now < fetch.begun + PACE_MAX_MS:  # it is answering
            self._hedge_at = fetch.begun + PACE_MAX_MS
            return False
        self._hedge_at = None
        self.waits = len(self.runs) >= _OPEN_MAX or self._tokens < _HEDGE_COSTS
        return not self.waits

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
                self._fed = run
                out = run.fetch.receive(event, now)
                self._fed = None
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

    def win(self, winner, now):
        """The others have lost: effects, and (label, sentence) of each that had longer than it ever needs. That
        is how a silent server costs one person one wait: it is not asked first any more.
        """
        out = self.end(winner, now) if winner in self.runs else []
        silent = []
        for run in self.runs:
            run.arrive(self._book)
            health = self._book.health(run.fetch.url)
            took = now - run.fetch.since
            if took >= (health.pace_ms if run.fetch.waited is None else PACE_MAX_MS):
                health.took(took)
                health.bad("had not answered after %s" % seconds(took), now)
                silent.append((run.label, "%s %s." % (run.label, health.reason)))
        return out + self.close(now, LOST), silent

    def relieve(self, now):
        """A piece of a page found no room: with another run open only that page goes; effects or None."""
        run, self._fed = self._fed, None
        return self.end(run, now, GIVEN_UP) if run in self.runs and len(self.runs) > 1 else None
