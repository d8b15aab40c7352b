"""One request for the screen under way: from server to server until one answers.

Who is asked next is core/walk.py's affair, how many are asked at once core/race.py's. A link may be a
command ("dial", "delete"): it goes elsewhere by itself only where no byte of it was sent, or where the
pointer of its page calls the links safe; otherwise the person is asked.

    ask --> run --page, or 4xx of the server asked first--> result
     ^       |  \\--a service's page, cut short--> the same once more
     |       |  \\--a service's, slow--> the next well one beside it
     |       v failed
     +--- next of the walk      none left, a link that was sent, patience over --> result: trouble
"""

from phone.core import outcome as outcomes, run as runs, trouble
from phone.core.machine import Machine
from phone.core.race import Race
from phone.core.result import AGAIN, ELSEWHERE, Context, Result, again, label
from phone.core.trouble import seconds
from phone.phrases import phrase
from phone.wire import url as urls


class Quest(Machine):
    """What a Client (core/client.py) is while it asks."""

    def __init__(self, config, book, net, journal, requests):
        self.result = None  # a Result that the agent has not taken yet
        self.up = True  # whether there is a network
        self.cache = None  # copies of pages, where there are any (core/stale.py)
        self._patience_ms = config.timers["patience_ms"]
        self._book = book
        self._net = net
        self._journal = journal
        self._requests = requests
        self.race = Race(book, journal, requests)
        self._spare = None  # a Run that ended with 4xx, while the one asked first is still silent
        self._walk = None
        self._wanted = None  # Context of what was asked for
        self._open = False  # whether it has come to nothing yet, and nobody cancelled it
        self._unasked = False  # whether nobody was asked for it yet
        self._target = None  # Context of whom was asked last
        self._link = None  # (Url, form) of the last link
        self._vain = None  # Context of it, where it was sent and came to nothing
        self._safe = False  # whether it may be sent twice
        self._moved = ""  # why a link did not end where it was written for: a phrase
        self._begun = 0

    def deadline(self):
        wait = self.race.deadline()
        return None if wait is None else min(wait, self._begun + self._patience_ms)

    def tick(self, now):
        if not self.race.runs:
            return []
        out = self.race.tick(now)
        why = self.race.slow(now)
        if why:
            out += self._beside(why, now)
        out += self._settle(now)
        if self.race.runs and now >= self._begun + self._patience_ms:
            if self._spare:
                return out + self._answered(self._spare, now)
            return out + self.race.late(now) + self.give_up(phrase("There was no answer in time."), now)
        return out

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is none of a request's."""
        out = self.race.receive(event, now)
        return None if out is None else out + self._settle(now)

    def give_up(self, said, now, came=False):
        """No server is to blame, but the phone cannot go on with what it is loading. came: the page came."""
        if not self._open:
            return []
        for run in self.race.runs:
            if run.fetch.sent and not run.safe:
                self._wanted = again(run.target)
        self.race.tried.append(("", said))
        return self.race.close(now) + self._journal.say(said, now) + self._trouble(now, came)

    def _next(self, why, now):
        """Ask the next of the walk, or say that nobody is left."""
        target = self._walk.next(now) if self.up else None
        return self._start(target, why, now) if target else self._trouble(now)

    def _beside(self, why, now):
        """Ask one more server beside the silent ones, if there is a well one that is not asked yet."""
        busy = [urls.site(run.fetch.url) for run in self.race.runs]
        target = self._walk.beside(busy, self._net.has_room, now)
        if not target:
            return []
        out = []
        if why == runs.HEDGE:
            slow = self.race.runs[-1]
            said = phrase("%s: no answer after %s.", slow.label, seconds(now - slow.fetch.begun))
            out = self._journal.say(said, now)
        return out + self._start(target, why, now)

    def _start(self, target, why, now):
        self._target = target
        out = self.race.start(target, why, self._safe, now)
        self._unasked = False
        said = phrase("%s: asking %s.", trouble.what(self._wanted), label(target))
        return self._journal.say(said, now) + out

    def _settle(self, now):
        """See which runs are over, and what follows."""
        out = []
        run = self.race.finished()
        while run:
            outcome = run.fetch.outcome
            run.arrive(self._book)
            self._requests.learn(run, now)
            if outcome.word == outcomes.PAGE or outcome.word == outcomes.ANSWER and run is self.race.runs[0]:
                return out + self._answered(run, now)
            newest = run is self.race.runs[-1]
            out += self.race.end(run, now)
            if outcome.word == outcomes.ANSWER:  # the server asked first may still have the page
                self._spare = run
            else:
                out += self._failed(run, newest, now)
            run = self.race.finished()
        return out

    def _failed(self, run, newest, now):
        """What follows when one did not give the page."""
        outcome = run.fetch.outcome
        if outcome.word == outcomes.CUT and run.target.walks and run.why != runs.REPEAT:
            out = self._journal.say(phrase("%s %s.", run.label, outcome.text), now)
            return out + self._start(run.origin, runs.REPEAT, now)
        out = self.race.blame(run, outcome.text, now, outcome.retry_after_ms)
        if self.race.runs:  # others are at it; the newest is replaced at once
            return out + self._beside(runs.WALK, now) if newest or self.race.waits else out
        if self._spare:
            return out + self._answered(self._spare, now)
        if run.fetch.sent and not run.safe:
            self._wanted = again(run.target)
            return out + self._trouble(now)
        return out + self._next(runs.WALK, now)

    def _answered(self, run, now):
        outcome = run.fetch.outcome
        out = self.race.end(run, now) if run in self.race.runs else []
        out += self.race.late(now) + self.race.close(now, outcomes.LOST)
        target = run.target
        said = phrase("%s %s.", run.label, outcome.text)
        context = Context(target.service, target.pointer, outcome.url, target.walks, True, False, None)
        run.health.good(outcome.text, now)
        if outcome.word == outcomes.ANSWER:
            if outcome.status in (404, 410) and self._is_moved(run.origin):
                return out + self._entry(target, said, now)
            if outcome.status == 401:
                from phone.core import logins

                self.result = logins.ask(run, context, self._requests.logins)
                if self.result:
                    return out + self._journal.say(said, now)
            wanted = self._wanted if self._wanted.walks else again(target)
            self.result = Result(None, (said,), {AGAIN: wanted}, context, "", None, None)
            said = phrase("%s: %s It is alive, so the phone stays with it.", trouble.what(self._wanted), said)
            return out + self._journal.say(said, now)
        self._vain = None
        notice = trouble.excuse(target, run.label, self._moved, self.race.tried)
        life = self._requests.life(run, now)
        self.result = Result(outcome.record, (), {}, context, notice, None, life)
        after = seconds(now - self._begun)
        said = phrase("%s: page from %s after %s.", trouble.what(self._wanted), run.label, after)
        return out + self._journal.say(said, now)

    def _is_moved(self, target):
        """Whether a link was sent to another server than the one it was written for."""
        return not target.walks and target.pointer and (
            self._moved or urls.site(target.url) != urls.site(self._wanted.url))

    def _trouble(self, now, came=False):
        """No server gave the page: say what each did, and offer what makes sense."""
        wanted, target, tried = self._wanted, self._target, self.race.tried
        self._vain = wanted if wanted.once else None
        said = trouble.sentences(tried, self._walk.said, self.up)
        offers = {AGAIN: wanted} if said else {}
        other = self._walk.other(now)
        if other and self.up:
            offers[ELSEWHERE] = again(other) if wanted.once else other
        said = said or [trouble.NO_ADDRESS]
        context = Context(*tuple(target)[:4] + (came,) + tuple(target)[5:])
        self.result = Result(None, tuple(said), offers, context, "", None, None)
        return self._journal.say(trouble.nothing(wanted, said, tried), now)
