"""One pushed page under way: asked for as a link is, beside whatever a person does (core/errands.py).

    begin --> RUN --page--> `result`      --silence, error, 4xx--> `said`: what is to be told instead
               \\__ not one byte was sent: the same page on the next server, as with a link
"""

from phone.core.outcome import ANSWER, GIVEN_UP, PAGE
from phone.core.result import Context, Result
from phone.core.run import PUSH
from phone.core.walk import LinkWalk
from phone.phrases import phrase
from phone.wire import url as urls


def in_use(context, book, now):
    """The Context of the same page on the server in use, where its own has died while it waited."""
    old = context.pointer
    new = book.instead(context.service, old, now) if old else None
    url = new and urls.rebase(context.url, old.url, new.url)
    return Context(context.service, new, url, False, False, False, None) if url else context


class Pushed:
    """`context`: of core/result.py; `requests`: core/run.py."""

    def __init__(self, context, book, requests):
        self.result = None
        self.said = None  # a phrase
        self._book = book
        self._requests = requests
        self._walk = LinkWalk(book, context)
        self._run = None

    @property
    def secure(self):
        """Whether it is asked for over TLS."""
        return bool(self._run) and self._run.fetch.url.scheme == "https"

    def begin(self, now):
        """Ask the first, or the next; effects."""
        target = self._walk.next(now)
        if not target:
            self.said = self._walk.said[-1]
            return []
        self._run = self._run_of(target, now)
        return self._run.begin(now)

    def _run_of(self, target, now):
        return self._requests.run(target, PUSH, False, now)

    def _in_vain(self, run, text):
        """What is told instead; text: of the outcome."""
        return phrase("A page was pushed, but %s %s.", run.label, text)

    def tick(self, now):
        """Go on; effects."""
        run = self._run
        if not run:
            return []
        out = run.fetch.tick(now)
        outcome = run.fetch.outcome
        if not outcome:
            return out
        run.arrive(self._book)
        self._requests.learn(run, now)
        self._run = None
        out += run.end(now)
        if outcome.word == PAGE:
            run.health.good(outcome.text, now, 1)
            context = Context(run.target.service, run.target.pointer, outcome.url, False, True, False, None)
            life = self._requests.life(run, now)
            self.result = Result(outcome.record, (), {}, context, "", None, life)
            return out
        if outcome.word != ANSWER:
            run.health.bad(outcome.text, now, outcome.retry_after_ms, 1)
            if (run.safe or not run.fetch.sent) and self._walk.other(now):
                return out + self.begin(now)
        self.said = self._in_vain(run, outcome.text)
        return out

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not ours."""
        run = self._run
        return run.fetch.receive(event, now) if run and run.fetch.conn == event.conn else None

    def deadline(self):
        return self._run.fetch.deadline() if self._run else None

    def cancel(self, now):
        """Give it up; effects."""
        run, self._run = self._run, None
        return run.end(now, GIVEN_UP) if run else []
