"""Health before the key: in idle time the phone looks at its sites, so that no key press has to.

    waiting --a site is due, idle, budget--> probe --header, or failure--> sign for core/health.py
       ^                                      |  \\--a request begins: closed
       +--------------------------------------+

A probe is a GET of the site's first pointer, closed after the header. Over TLS it is a TCP connect, since a
handshake stalls a board; it is whole once an hour, and while the site is not surely well. Looked at are the
site in use and the two others that the configuration prefers (Book.watched); when a site is due is Health's
affair. Whatever goes wrong, no more than PROBES_MAX begin within a minute: a fleet must not be a load.

The others never keep the site in use waiting: a look at one of them is over when the site in use is due,
and leaves it a place in its minute; two, for a confirmation, unless it is a doubtful one that is looked at.
Where no place was left to confirm a bad sign of the site in use, that sign is enough. core/detection.py
counts on it.
"""

from micropython import const

from phone.core.fetch import CONNECTION, HEADER
from phone.core.health import CONFIRM_MS, FALL
from phone.core.machine import Machine
from phone.core.outcome import GIVEN_UP, WELL
from phone.core.result import Context
from phone.core.run import PROBE
from phone.phrases import phrase
from phone.wire import url as urls

PROBES_MAX = 4
_MINUTE_MS = const(60000)
QUIET_MS = 2000  # after a key: whoever presses keys wants the phone for himself
WHOLE_MS = 3600000  # how often a probe over TLS shakes hands


class Prober(Machine):
    def __init__(self, book, journal, requests, timers, client):
        self._book = book
        self._journal = journal
        self._requests = requests
        self._probe_ms = timers["probe_ms"]
        self._look_ms = timers["request_ms"]  # the longest look
        self._client = client  # nobody is looked at while it asks for a page
        self.run = None  # a look that is under way
        self._wake_at = 0  # ms; nothing is due before
        self.quiet_at = 0  # ms; a key was pressed shortly before
        self._begun = []  # ms of the last PROBES_MAX
        self._whole = {}  # site -> ms of the last handshake

    def key(self, now):
        self.quiet_at = now + QUIET_MS

    def wake(self, now):
        self._wake_at = 0

    def cancel(self, now):
        run, self.run = self.run, None
        self._wake_at = 0
        return run.end(now, GIVEN_UP) if run else []

    def deadline(self):
        if self._client.busy or not self._client.up:
            return None
        if self.run:
            return self.run.fetch.deadline()
        return max(self._wake_at, self.quiet_at)

    def tick(self, now):
        """In idle time: begin what is due, go on with what was begun; effects."""
        if self._client.busy or not self._client.up:
            return self.cancel(now)
        if self.run:
            return self.run.fetch.tick(now) + self._settle(now)
        if now < self._wake_at or now < self.quiet_at:
            return []
        free_at = max(now, self.free_at())
        due_at = now + self._probe_ms
        watched = self._book.watched(now)
        for number, pointer in enumerate(watched):
            health = pointer.health
            if number and not self.leaves_room(watched[0].health, health.sure, now):
                continue
            at = self.due_at(number, health)
            if at <= now and free_at <= now:
                return self._begin(pointer, now)
            due_at = min(due_at, max(at, free_at))
        self._wake_at = due_at
        return []

    def due_at(self, number, health):
        """When a site is due; number: its place among the watched. Who is surely well and not in use is
        looked at half as often.
        """
        return health.look_at + (self._probe_ms if number and health.sure else 0)

    def free_at(self):
        """When one more may begin."""
        return self._begun[0] + _MINUTE_MS if len(self._begun) == PROBES_MAX else 0

    def leaves_room(self, in_use, sure, now):
        """Whether another one can be looked at before the site in use is due; sure: it is surely well."""
        if not in_use.well:  # nobody is in use
            return True
        due = max(now, in_use.look_at)
        lately = [at for at in self._begun if at > due - _MINUTE_MS]
        return len(lately) < PROBES_MAX - (2 if sure else 1) and now + self._look_ms <= due

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not the probe's."""
        if not self.run or self.run.fetch.conn != event.conn:
            return None
        return self.run.fetch.receive(event, now) + self._settle(now)

    def _begin(self, pointer, now):
        self._begun = self._begun[-PROBES_MAX + 1 :] + [now]
        url, how = pointer.url, HEADER
        if url.scheme == "https":
            site = urls.site(url)
            if pointer.health.sure and now < self._whole.get(site, -WHOLE_MS) + WHOLE_MS:
                url, how = urls.Url("http", url.host, url.port, url.path), CONNECTION
            else:
                self._whole[site] = now
        target = Context(pointer.service, pointer, url, True, False, False, None)
        self.run = self._requests.run(target, PROBE, True, now, how)
        return self.run.begin(now) + self._settle(now)

    def _settle(self, now):
        run = self.run
        outcome = run.fetch.outcome
        if not outcome:
            return []
        self.run = None
        self._wake_at = 0
        health = run.target.pointer.health
        was = health.well
        if outcome.word == WELL:
            self._requests.learn(run, now)
            health.good(outcome.text, now, 1)
        else:
            serving = self._book.serving(now)
            alone = serving and serving.health is health and self.free_at() > now + CONFIRM_MS
            health.bad(outcome.text, now, outcome.retry_after_ms, FALL if alone else 1)
        out = run.end(now)
        if health.well != was:
            what = phrase("answers again") if health.well else outcome.text
            out += self._journal.say(phrase("Looked at in idle: %s %s.", run.label, what), now)
        return out
