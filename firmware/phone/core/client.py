"""Requests for the screen: one at a time, walked from server to server.

A key opens a service: its pointers are asked in the order of the book until one answers. A link
stays with its server: it goes elsewhere by itself only where no byte of it was sent (a link may
be a command: "dial", "delete"); otherwise the person is asked.

    open_service --> ask pointer --page or 4xx--> result
         ^              |  \\--cut short--> the same once more
         |              v failed
         +------- next pointer            none left, or patience over --> result: trouble
"""

from phone.core import fetch as fetching, trouble
from phone.core.fetch import Fetch
from phone.core.result import AGAIN, ELSEWHERE, Context, Result
from phone.wire import http, url as urls


class Client:
    def __init__(self, config, book, net, wall, journal):
        self.result = None  # a Result that the agent has not taken yet
        self._config = config
        self._book = book
        self._net = net
        self._wall = wall
        self._journal = journal
        self._fetch = None
        self._target = None  # Context of what is being fetched
        self._ahead = []  # pointers still to be asked in this walk
        self._tried = []  # sentences about those that failed
        self._asked = []  # their sites
        self._repeated = False
        self._begun = 0

    @property
    def loading(self):
        """Whom we are waiting for, as the user knows it, or None."""
        return self._label() if self._fetch else None

    def open_service(self, service, now):
        out = self._begin(now)
        self._ahead = self._book.order(service, now)
        return out + self._next(service, now)

    def open_link(self, reference, context, now):
        """Follow what is written on the page of `context`: relative, absolute, or another scheme."""
        out = self._begin(now)
        url = urls.join(context.url, reference)
        if url is None or url.scheme != "http":
            kind = urls.scheme(reference)
            said = 'The address "%s" cannot be used.' % reference[:40]
            if kind and not kind.startswith("http"):
                said = "This phone cannot do %s: yet." % reference[: len(kind)]
            elif kind == "https":
                said = "This version of the phone speaks http only, not https."
            self.result = Result(None, (), (), context, said)
            return out
        own = context.pointer and urls.site(url) == urls.site(context.pointer.url)
        self._target = Context(context.service, context.pointer if own else None, url, False, False)
        return out + self._ask(now)

    def reload(self, context, now):
        """Load the page of `context` again; a service's first page may come from elsewhere."""
        if context.pointer and context.url == context.pointer.url:
            return self.open_service(context.service, now)
        return self.open_link(urls.text(context.url), context, now)

    def again(self, context, now):
        """Repeat what failed, on the same server, because the person said so."""
        if context.walks:
            return self.open_service(context.service, now)
        out = self._begin(now)
        self._target = context
        return out + self._ask(now)

    def elsewhere(self, context, now):
        """Put a link that failed to the next server, because the person said so."""
        return self.again(self.other(context, now) or context, now)

    def cancel(self):
        """The person does not want to wait any longer."""
        fetch, self._fetch = self._fetch, None
        return fetch.cancel() if fetch else []

    def take(self):
        result, self.result = self.result, None
        return result

    def deadline(self):
        if not self._fetch:
            return None
        if self._fetch.outcome:  # over before it began; settled in a turn of its own
            return self._begun
        waits = [self._fetch.deadline(), self._late(), self._net.deadline()]
        return min([wait for wait in waits if wait is not None])

    def tick(self, now):
        if not self._fetch:
            return []
        out = self._fetch.tick(now)
        if not self._fetch.outcome and now >= self._late():
            text = "%s has not answered in time" % self._label()
            self._tried.append(text + ".")
            return out + self.cancel() + self._blame(text, now) + self._trouble(now)
        return out + self._settle(now)

    def give_up(self, why, now):
        """The phone cannot go on with what it is loading, and the server is not to blame."""
        if not self._fetch:
            return []
        text = "The page %s." % why
        self._tried.append(text)
        out = self.cancel()
        return out + self._journal.say(text, now) + self._trouble(now)

    def receive(self, event, now):
        """An event of a connection; those of connections long given up are strangers."""
        if not self._fetch or event.conn != self._fetch.conn:
            return []
        return self._fetch.receive(event, now) + self._settle(now)

    def _late(self):
        return self._begun + self._config.timers["patience_ms"]

    def _begin(self, now):
        self._tried = []
        self._asked = []
        self._repeated = False
        self._begun = now
        self.result = None
        self._target = None
        return self.cancel()

    def _next(self, service, now):
        """Ask the next pointer of the walk, or give up."""
        if not self._ahead:
            self._target = self._target or Context(service, None, None, True, False)
            return self._trouble(now)
        pointer = self._ahead.pop(0)
        self._target = Context(service, pointer, pointer.url, True, False)
        return self._ask(now)

    def _ask(self, now):
        url = self._target.url
        self._asked.append(urls.site(url))
        if self._book.knows(url) and self._book.health(url).is_asked_to_wait(now):
            self._tried.append(trouble.keeps_away(self._book.health(url), self._label(), now))
            return self._elsewhere(now)
        wall = self._wall.utc(now)
        self._fetch = Fetch(self._target.url, self._config.name, self._net, self._config.timers, now, wall)
        out = self._journal.say("%s: asking %s." % (self._what(), self._label()), now)
        return out + self._fetch.tick(now)

    def _settle(self, now):
        """See whether the request is over, and what follows."""
        fetch = self._fetch
        outcome = fetch.outcome if fetch else None
        if outcome is None:
            return []
        self._fetch = None
        text = "%s %s" % (self._label(), outcome.text)
        if outcome.word in (fetching.PAGE, fetching.ANSWER):
            return self._answered(outcome, text, now)
        out = self._blame(text, now, outcome.retry_after_ms)
        self._tried.append(text + ".")
        if outcome.word == fetching.CUT and self._target.walks and not self._repeated:
            self._repeated = True
            return out + self._ask(now)
        self._repeated = False
        if self._target.walks:
            return out + self._next(self._target.service, now)
        return out + (self._trouble(now) if fetch.sent else self._elsewhere(now))

    def _elsewhere(self, now):
        """A link of which no byte was sent: the next server may have it."""
        target = self.other(self._target, now, self._asked)
        if not target:
            return self._trouble(now)
        self._target = target
        return self._ask(now)

    def _answered(self, outcome, text, now):
        self._learn_date(outcome, now)
        context = Context(self._target.service, self._target.pointer, outcome.url, self._target.walks, True)
        if self._book.knows(self._target.url):
            self._book.health(self._target.url).good(text, now)
        if outcome.word == fetching.ANSWER:
            self.result = Result(None, (text + ".",), (AGAIN,), context, "")
            said = "%s: %s. It is alive, so the phone stays with it." % (self._what(), text)
            return self._journal.say(said, now)
        notice = ""
        if self._tried and (not context.pointer or context.pointer.home != 0):  # the primary needs no excuse
            notice = "From %s, since %s" % (self._label(), self._tried[0])
        self.result = Result(outcome.record, (), (), context, notice)
        took = fetching.seconds(now - self._begun)
        return self._journal.say("%s: page from %s after %s." % (self._what(), self._label(), took), now)

    def _trouble(self, now):
        """No server gave the page: say what each did, and offer what makes sense."""
        target = self._target
        said = trouble.sentences(self._tried, target.service if target.walks else None, self._book, now)
        offers = (AGAIN,) if said else ()
        if not target.walks and self.other(target, now):
            offers = (AGAIN, ELSEWHERE)
        said = said or ["No address is configured for this key."]
        self.result = Result(None, tuple(said), offers, target, "")
        return self._journal.say("%s: no page. %s" % (self._what(), said[-1]), now)

    def other(self, context, now, asked=()):
        """The same link on the next server that is not in `asked`, as a Context, or None."""
        if context.pointer is None:
            return None
        asked = [urls.site(context.url)] + list(asked)
        found = self._book.instead(context.service, context.pointer, context.url, now, asked)
        return Context(context.service, found[0], found[1], False, False) if found else None

    def _blame(self, text, now, retry_after_ms=0):
        """Write a failure down in the health of the site, and in the account."""
        url = self._target.url
        out = self._journal.say("%s." % text, now)
        if self._book.knows(url):
            self._book.health(url).bad(text, now, retry_after_ms)
        return out

    def _learn_date(self, outcome, now):
        date = http.date(outcome.fields.get(b"date", b""))
        if date is not None:
            self._wall.learn(date, "http", now)

    def _label(self):
        pointer = self._target.pointer
        return pointer.label if pointer else self._target.url.host

    def _what(self):
        service = self._target.service
        name = (service[0].upper() + service[1:]) if service else "Page"
        return name if self._target.walks else "%s, %s" % (name, self._target.url.path[:40])
