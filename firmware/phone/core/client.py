"""Requests for the screen: one at a time, from server to server until one answers.

Who is asked next is core/walk.py's affair. A link may be a command ("dial", "delete"): it goes elsewhere
by itself only where no byte of it was sent; otherwise the person is asked.

    ask --> fetch --page or 4xx--> result
     ^        |  \\--a service's page, cut short--> the same once more
     |        v failed
     +--- next of the walk          none left, a link that was sent, patience over --> result: trouble
"""

from phone.core import fetch as fetching, trouble
from phone.core.fetch import Fetch
from phone.core.result import AGAIN, ELSEWHERE, Context, Result, again
from phone.core.walk import LinkWalk, ServiceWalk
from phone.wire import http, url as urls


class Client:
    def __init__(self, config, book, net, wall, journal):
        self.result = None  # a Result that the agent has not taken yet
        self.up = True  # whether there is a network
        self._config = config
        self._book = book
        self._net = net
        self._wall = wall
        self._journal = journal
        self._fetch = None
        self._walk = None
        self._wanted = None  # Context of what was asked for
        self._target = None  # Context of whom is asked for it now
        self._tried = []  # (label, sentence) of those that failed
        self._repeated = False
        self._begun = 0

    @property
    def loading(self):
        """Whom we are waiting for, as the user knows it, or None."""
        return self._label() if self._fetch else None

    @property
    def walks(self):
        """Whether a service is being opened."""
        return bool(self._fetch) and self._wanted.walks

    def open_service(self, service, now):
        return self.ask(Context(service, None, None, True, False, False), now)

    def open_link(self, reference, context, now):
        """Follow what is written on the page of `context`: relative, absolute, or another scheme."""
        url = urls.join(context.url, reference)
        if url is None or url.scheme != "http":
            said = trouble.not_ours(reference, urls.scheme(reference))
            self.result = Result(None, (), {}, context, said)
            return self.cancel()
        own = context.pointer and urls.site(url) == urls.site(context.pointer.url)
        pointer = context.pointer if own else None
        return self.ask(Context(context.service, pointer, url, False, False, False), now)

    def ask(self, context, now):
        """Ask for what a Context names, once more or for the first time."""
        out = self.cancel()
        self.result = None
        self._wanted = self._target = context
        self._walk = (ServiceWalk if context.walks else LinkWalk)(self._book, context)
        self._tried = []
        self._begun = now
        return out + self._next(now)

    def reload(self, context, now):
        """Load the page of `context` again: a service walks, a link stays with the server that gave it."""
        return self.ask(context if context.walks else again(context), now)

    def cancel(self):
        """The person does not want to wait any longer."""
        fetch, self._fetch = self._fetch, None
        return fetch.cancel() if fetch else []

    def give_up(self, said, now, came=False):
        """No server is to blame, but the phone cannot go on with what it is loading. came: the page came."""
        if not self._fetch:
            return []
        self._tried.append(("", said))
        return self.cancel() + self._journal.say(said, now) + self._trouble(now, came)

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
            return out + self.give_up("%s has not answered in time." % self._label(), now)
        return out + self._settle(now)

    def receive(self, event, now):
        """An event of a connection; those of connections long given up are strangers."""
        if not self._fetch or event.conn != self._fetch.conn:
            return []
        return self._fetch.receive(event, now) + self._settle(now)

    def _late(self):
        return self._begun + self._config.timers["patience_ms"]

    def _next(self, now):
        """Ask the next of the walk, or say that nobody is left."""
        target = self._walk.next(now) if self.up else None
        if target is None:
            return self._trouble(now)
        self._target = target
        self._repeated = False
        return self._ask(now)

    def _ask(self, now):
        book = self._book
        self._fetch = Fetch(self._target.url, self._config, self._net, now, self._wall.utc(now), book.may_ask)
        out = self._journal.say("%s: asking %s." % (self._what(), self._label()), now)
        return out + self._fetch.tick(now)

    def _settle(self, now):
        """See whether the request is over, and what follows."""
        fetch = self._fetch
        outcome = fetch.outcome if fetch else None
        if outcome is None:
            return []
        self._fetch = None
        target = self._target
        if urls.site(outcome.url) != urls.site(target.url):  # a redirect led to another server
            pointer = self._book.at(target.service, outcome.url)
            self._target = target = Context(target.service, pointer, outcome.url, target.walks, False, False)
        said = "%s %s." % (self._label(), outcome.text)
        if outcome.word in (fetching.PAGE, fetching.ANSWER):
            return self._answered(outcome, said, now)
        out = self._journal.say(said, now)
        if outcome.word == fetching.CUT and target.walks and not self._repeated:
            self._repeated = True
            return out + self._ask(now)
        self._tried.append((self._label(), said))
        self._book.health(target.url).bad(outcome.text, now, outcome.retry_after_ms)
        if fetch.sent and not target.walks:
            self._wanted = again(self._wanted)
            return out + self._trouble(now)
        return out + self._next(now)

    def _answered(self, outcome, said, now):
        date = http.date(outcome.fields.get(b"date", b""))
        if date is not None:
            self._wall.learn(date, "http", now)
        target = self._target
        context = Context(target.service, target.pointer, outcome.url, target.walks, True, False)
        self._book.health(outcome.url).good(outcome.text, now)
        if outcome.word == fetching.ANSWER:
            wanted = self._wanted if self._wanted.walks else again(self._wanted)
            self.result = Result(None, (said,), {AGAIN: wanted}, context, "")
            said = "%s: %s It is alive, so the phone stays with it." % (self._what(), said)
            return self._journal.say(said, now)
        self.result = Result(outcome.record, (), {}, context, self._excuse(target))
        took = fetching.seconds(now - self._begun)
        return self._journal.say("%s: page from %s after %s." % (self._what(), self._label(), took), now)

    def _excuse(self, target):
        """Why the page comes from a backup, in a line."""
        if target.pointer and target.pointer.home == 0:
            return ""
        for label, said in self._tried:
            if label != self._label():
                return "From %s, since %s" % (self._label(), said)
        return ""

    def _trouble(self, now, came=False):
        """No server gave the page: say what each did, and offer what makes sense."""
        wanted = self._wanted
        said = trouble.once([said for _, said in self._tried] + self._walk.said)
        if not self.up:
            said.insert(0, trouble.NO_NETWORK)
        offers = {AGAIN: wanted} if said else {}
        other = self._walk.other(now)
        if other and self.up:
            offers[ELSEWHERE] = again(other) if wanted.once else other
        said = said or [trouble.NO_ADDRESS]
        target = self._target
        context = Context(target.service, target.pointer, target.url, target.walks, came, target.once)
        self.result = Result(None, tuple(said), offers, context, "")
        return self._journal.say("%s: no page. %s" % (self._what(), said[-1]), now)

    def _label(self):
        target = self._target
        if target.pointer:
            return target.pointer.label
        return target.url.host if target.url else ""

    def _what(self):
        service = self._wanted.service
        name = service[0].upper() + service[1:]
        return name if self._wanted.walks else "%s, %s" % (name, self._wanted.url.path[:40])
