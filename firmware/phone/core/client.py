"""Requests for the screen: one at a time, from server to server until one answers.

Who is asked next is core/walk.py's affair, how many are asked at once core/race.py's. A link may be a
command ("dial", "delete"): it goes elsewhere by itself only where no byte of it was sent, or where its
pointer calls its links safe; otherwise the person is asked.

    ask --> run --page, or 4xx of the server asked first--> result
     ^       |  \\--a service's page, cut short--> the same once more
     |       |  \\--a service's, slow--> the next well one beside it
     |       v failed
     +--- next of the walk      none left, a link that was sent, patience over --> result: trouble
"""

from phone.core import fetch as fetching, run as runs, trouble
from phone.core.race import Race
from phone.core.result import AGAIN, ELSEWHERE, Context, Result, again, label
from phone.core.trouble import seconds
from phone.core.walk import LinkWalk, ServiceWalk
from phone.wire import url as urls


class Client:
    def __init__(self, config, book, net, journal, requests):
        self.result = None  # a Result that the agent has not taken yet
        self.up = True  # whether there is a network
        self._patience_ms = config.timers["patience_ms"]
        self._book = book
        self._net = net
        self._journal = journal
        self._requests = requests
        self._race = Race(book, requests)
        self._spare = None  # a Run that ended with 4xx, while the one asked first is still silent
        self._walk = None
        self._wanted = None  # Context of what was asked for
        self._unasked = False  # nobody was asked for it yet
        self._target = None  # Context of whom was asked last
        self._tried = []  # (label, sentence) of those that failed
        self._moved = ""  # why a link did not end where it was written for, as a sentence
        self._begun = 0

    @property
    def loading(self):
        """Whom we are waiting for, as the user knows it, or None."""
        return ", ".join([run.label for run in self._race.runs]) or None

    @property
    def busy(self):
        return bool(self._race.runs)

    @property
    def walks(self):
        """Whether a service is being opened."""
        return self.busy and self._wanted.walks

    def open_service(self, service, now, moved=""):
        return self.ask(Context(service, None, None, True, False, False), now, moved)

    def open_link(self, reference, context, now):
        """Follow what is written on the page of `context`: relative, absolute, or another scheme."""
        url = urls.join(context.url, reference)
        if url is None:
            said = trouble.not_ours(reference, urls.scheme(reference))
            self.result = Result(None, (), {}, context, said)
            return self.cancel(now)
        pointer = context.pointer
        if not pointer or urls.site(url) != urls.site(pointer.url):
            pointer = self._book.at(context.service, url)
        other = self._book.instead(context.service, pointer, now) if pointer else None
        moved = ""
        if other:
            moved = "%s is not well." % pointer.label
            url = urls.rebase(url, pointer.url, other.url)
        return self.ask(Context(context.service, other or pointer, url, False, False, False), now, moved)

    def ask(self, context, now, moved=""):
        """Ask for what a Context names, once more or for the first time."""
        out = self.cancel(now)
        self.result = None
        self._unasked = True
        self._wanted = self._target = context
        self._walk = (ServiceWalk if context.walks else LinkWalk)(self._book, context)
        self._spare = None
        self._tried = []
        self._moved = moved
        self._begun = now
        return out + self._next(runs.KEY if context.walks else runs.LINK, now)

    def reload(self, context, now):
        """Load the page of `context` again: a service walks, a link stays with the server that gave it."""
        return self.ask(context if context.walks else again(context), now)

    def cancel(self, now):
        """The person does not want to wait any longer."""
        self._unasked = False
        return self._race.close(now)

    def give_up(self, said, now, came=False):
        """No server is to blame, but the phone cannot go on with what it is loading. came: the page came."""
        if not self._race.runs:
            return []
        self._tried.append(("", said))
        return self.cancel(now) + self._journal.say(said, now) + self._trouble(now, came)

    def drop(self, now):
        """No room for the page that comes in: give it up alone where another one is on its way, else None."""
        return self._race.relieve(now)

    def relieve(self, said, now):
        """A feed broke off for want of room, and connections are closed: begin once more, or give up."""
        if self._unasked and not self.busy:
            return self.ask(self._wanted, now, self._moved)
        return self.give_up(said, now, True)

    def take(self):
        result, self.result = self.result, None
        self._unasked = self._unasked and result is None
        return result

    def deadline(self):
        wait = self._race.deadline()
        return None if wait is None else min(wait, self._begun + self._patience_ms)

    def tick(self, now):
        if not self._race.runs:
            return []
        out = self._race.tick(now)
        if self._race.is_slow(now):
            out += self._beside(runs.HEDGE, now)
        out += self._settle(now)
        if self._race.runs and now >= self._begun + self._patience_ms:
            if self._spare:
                return out + self._answered(self._spare, now)
            return out + self.give_up("%s: no answer in time." % self.loading, now)
        return out

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is none of a request's."""
        out = self._race.receive(event, now)
        return None if out is None else out + self._settle(now)

    def _next(self, why, now):
        """Ask the next of the walk, or say that nobody is left."""
        target = self._walk.next(now) if self.up else None
        return self._start(target, why, now) if target else self._trouble(now)

    def _beside(self, why, now):
        """Ask one more server beside the silent ones, if there is a well one that is not asked yet."""
        busy = [urls.site(run.target.url) for run in self._race.runs]
        target = self._walk.beside(busy, self._net.has_room, now)
        if not target:
            return []
        out = []
        if why == runs.HEDGE:
            slow = self._race.runs[-1]
            said = "%s: no answer after %s." % (slow.label, seconds(now - slow.fetch.begun))
            out = self._journal.say(said, now)
        return out + self._start(target, why, now)

    def _start(self, target, why, now):
        self._target = target
        out = self._race.start(target, why, now)
        self._unasked = False
        return self._journal.say("%s: asking %s." % (trouble.what(self._wanted), label(target)), now) + out

    def _settle(self, now):
        """See which runs are over, and what follows."""
        out = []
        run = self._race.finished()
        while run:
            outcome = run.fetch.outcome
            run.arrive(self._book)
            self._requests.learn(run.fetch, now)
            if outcome.word == fetching.PAGE or outcome.word == fetching.ANSWER and run is self._race.runs[0]:
                return out + self._answered(run, now)
            newest = run is self._race.runs[-1]
            out += self._race.end(run, now)
            if outcome.word == fetching.ANSWER:  # the server asked first may still have the page
                self._spare = run
            else:
                out += self._failed(run, newest, now)
            run = self._race.finished()
        return out

    def _failed(self, run, newest, now):
        """What follows when one did not give the page."""
        outcome = run.fetch.outcome
        said = "%s %s." % (run.label, outcome.text)
        out = self._journal.say(said, now)
        if outcome.word == fetching.CUT and run.target.walks and run.why != runs.REPEAT:
            return out + self._start(run.target, runs.REPEAT, now)
        self._tried.append((run.label, said))
        self._book.health(outcome.url).bad(outcome.text, now, outcome.retry_after_ms)
        if self._race.runs:  # others are at it; the newest is replaced at once
            return out + self._beside(runs.WALK, now) if newest or self._race.waits else out
        if self._spare:
            return out + self._answered(self._spare, now)
        if run.fetch.sent and not run.safe:
            self._wanted = again(run.target)
            return out + self._trouble(now)
        return out + self._next(runs.WALK, now)

    def _answered(self, run, now):
        outcome = run.fetch.outcome
        out, silent = self._race.win(run, now)
        self._tried += silent
        for _, said in silent:
            out += self._journal.say(said, now)
        target = run.target
        said = "%s %s." % (run.label, outcome.text)
        context = Context(target.service, target.pointer, outcome.url, target.walks, True, False)
        self._book.health(outcome.url).good(outcome.text, now)
        if outcome.word == fetching.ANSWER:
            if outcome.status in (404, 410) and self._is_moved(target):
                return out + self._entry(target, said, now)
            wanted = self._wanted if self._wanted.walks else again(target)
            self.result = Result(None, (said,), {AGAIN: wanted}, context, "")
            said = "%s: %s It is alive, so the phone stays with it." % (trouble.what(self._wanted), said)
            return out + self._journal.say(said, now)
        notice = trouble.excuse(target, self._tried)
        if self._moved:
            notice = self._moved + (" The first page of " if target.walks else " From ") + run.label + "."
        self.result = Result(outcome.record, (), {}, context, notice)
        said = (trouble.what(self._wanted), run.label, seconds(now - self._begun))
        return out + self._journal.say("%s: page from %s after %s." % said, now)

    def _is_moved(self, target):
        """Whether a link was put onto another server than the one it was written for."""
        return not target.walks and target.pointer and (
            self._moved or urls.site(target.url) != urls.site(self._wanted.url))

    def _entry(self, target, said, now):
        """The server in use has not got the page of another one: its own first page is better than none."""
        begun = self._begun
        out = self.open_service(target.service, now, said)
        self._begun = begun
        return self._journal.say(said, now) + out

    def _trouble(self, now, came=False):
        """No server gave the page: say what each did, and offer what makes sense."""
        wanted = self._wanted
        said = trouble.sentences(self._tried, self._walk.said, self.up)
        offers = {AGAIN: wanted} if said else {}
        other = self._walk.other(now)
        if other and self.up:
            offers[ELSEWHERE] = again(other) if wanted.once else other
        said = said or [trouble.NO_ADDRESS]
        target = self._target
        context = Context(target.service, target.pointer, target.url, target.walks, came, target.once)
        self.result = Result(None, tuple(said), offers, context, "")
        return self._journal.say("%s: no page. %s" % (trouble.what(self._wanted), said[-1]), now)
