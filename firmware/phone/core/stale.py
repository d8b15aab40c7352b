"""The client with a memory: what it asks, and whom, is the client's affair; this is what is shown meanwhile.

    key --> fresh copy? --> shown, nobody is asked
        \\-> ask --> a copy that may go ahead is shown, marked, while they are asked (RFC 5861 section 3)
                \\-> a page: shown and kept      an answer of a live server: shown
                \\-> nothing: a copy that may stand in is shown, with the reason (section 4), or a sentence

Only what a hard key opens is shown before its server answered: a link may be a command, so its copy is shown
only where the person asked for it and nobody answered. A copy that is on the flash only is read when a key
asks for it; a result that came to nothing waits for it.
"""

from micropython import const

from phone.core.cache import AHEAD, INSTEAD, PLAIN, Copy, may_stand
from phone.core.client import Client
from phone.core.result import Context, Result, label
from phone.core.shelf import Shelf
from phone.core.trouble import seconds, what
from phone.phrases import phrase
from phone.wire import url as urls

LOAD_MS = const(1500)  # a flash that is busy erasing takes half a second; a sentence waits no longer


class StaleClient(Client):
    """As Client. `cache`: core/cache.py; `store`: core/store.py; `wall`: core/wall.py."""

    def __init__(self, config, book, net, journal, requests, cache, store, wall):
        Client.__init__(self, config, book, net, journal, requests)
        self.cache = cache
        self.shelf = Shelf(cache, book, store, wall)
        self._wall = wall
        self._asked = None  # Context of what the person wants
        self._early = None  # a Result to be shown while servers are asked
        self._loads = ""  # the service whose copy is being read from the flash
        self._late = 0  # ms; it is not waited for after this
        self._now = 0

    @property
    def loading(self):
        """As Client's; also while a copy is being read."""
        waits = self.result and (label(self._target) or "...")
        return ", ".join([run.label for run in self.race.runs]) or waits

    def open_service(self, service, now, moved=""):
        if moved:  # a link led nowhere: what the person wants is still its page
            asked = self._asked
            out = Client.open_service(self, service, now, moved)
            self._asked = asked
            return out
        first = self._book.order(service, now)[:1]
        copy = self.cache.find(first[0].url) if first and not self._book.is_wary(first[0], now) else None
        age = self.shelf.age(copy, now) if copy else None
        if copy and may_stand(copy, age, 0):  # nobody needs to be asked
            out = self.cancel(now)
            context = copy.context
            self.result = Result(copy.record, (), {}, context, "", None, None)
            left = seconds((copy.fresh - age) * 1000)
            said = phrase("%s: the page of %s is fresh for another %s.", what(context), label(context), left)
            return out + self._journal.say(said, now)
        out = Client.open_service(self, service, now)
        self._early = self._aged(AHEAD, None)
        if not self._copies():
            self.shelf.load(service)
            self._loads, self._late = service, now + LOAD_MS
        return out

    def ask(self, context, now, moved="", safe=False):
        self._asked = context
        return Client.ask(self, context, now, moved, safe)

    def cancel(self, now):
        self._now = self.shelf.now = now
        self._early, self._loads = None, ""
        return Client.cancel(self, now)

    def low(self):
        self._early = None
        self.cache.copies.clear()

    def tick(self, now):
        self._now = self.shelf.now = now
        return Client.tick(self, now)

    def deadline(self):
        return self._late if self.result else Client.deadline(self)

    def take(self):
        early, self._early = self._early, None
        if self._loads and self._loads not in self.shelf.reading:
            self._loads = ""
            early = self._aged(AHEAD, None)
        result = self.result
        if result is None:
            return early
        if result.sentences and not result.context.came:  # it came to nothing
            if self._loads and self._now < self._late:
                return None
            result = self._aged(INSTEAD, result) or result  # before the other is let go: it needs room
        self._loads = ""
        Client.take(self)
        return result

    def _answered(self, run, now):
        out = Client._answered(self, run, now)
        result, record = self.result, run.fetch.outcome.record
        if record and result and result.record is record:
            record = self._keep(run, result.context, record, now)
            self.result = Result(record, (), {}, result.context, result.notice, None, result.life)
        return out

    def _keep(self, run, context, record, now):
        """Take the page into the cache; the record to be shown."""
        fields, asked, service = run.fetch.outcome.fields, run.origin.url, context.service
        terms, since = PLAIN, 0
        if [name for name in (b"cache-control", b"expires", b"age") if name in fields]:
            from phone.core import terms as wishes  # many servers have none

            terms, since = wishes.terms(fields, self._wall.utc(now))
            if terms and b"refresh" in fields:  # from a copy it would not come again
                terms = (0,) + terms[1:]
        if run.fetch.realm is not None or run.origin.body is not None:  # it is one person's; or not that page
            terms = None
        entry = asked in [pointer.url for pointer in self._book.of(service)]
        self.shelf.now = now
        if terms is None:
            self.cache.drop(asked)
            if entry:
                self.shelf.drop(service, asked)
            return record
        stands_on = Context(service, context.pointer, context.url, entry, True, False, None)
        old = self.cache.find(asked)
        record = self.cache.keep(Copy(asked, stands_on, record, now // 1000 - since, *terms))
        kept = self.cache.find(asked)
        if entry and kept is not old:
            self.shelf.put(kept, not old or old.record is not record)
        return record

    def _aged(self, limit, result):
        """The newest copy of what the person wants that may be shown, as a Result, or None. limit: the place
        in it of how long it may (core/cache.py); result: what the request came to, if it is over."""
        for copy in self._copies():
            age = self.shelf.age(copy, self._now)
            if may_stand(copy, age, copy[limit]) and not self._is_feared(copy, result):
                here = copy.context
                if not result:
                    return Result(copy.record, (), {}, here, "", copy, None)
                here = Context(here.service, here.pointer, here.url, result.context.walks, False, False, None)
                return Result(copy.record, result.sentences, result.offers, here, "", copy, None)
        return None

    def _is_feared(self, copy, result):
        """Whether its page may have stopped the phone: it is shown where its server would be asked."""
        pointer = copy.context.pointer
        if not pointer or not self._book.is_wary(pointer, self._now):
            return False
        from phone.core import suspects

        return not result or suspects.is_left_out(pointer, self._book, self._now)

    def _copies(self):
        """Those of what the person wants, from whichever server, the newest first."""
        wanted = self._asked
        copies = self.cache.of(wanted.service) if wanted.body is None else []
        places = [pointer.url for pointer in self._book.of(wanted.service)] if copies else []
        if not wanted.walks:
            old = wanted.pointer and wanted.pointer.url
            places = [wanted.url] + [urls.rebase(wanted.url, old, new) for new in places if old]
        return [copy for copy in copies if copy.asked in places or copy.context.url in places]


def words(copy, age):
    """Whence a Copy is and how old, as a phrase; age: seconds or None."""
    name = label(copy.context)
    if age is None:
        return phrase("From %s, age unknown", name)
    if age < 60:
        return phrase("From %s, a moment ago", name)
    return phrase("From %s, %s ago", name, phrase("%d min", age // 60) if age < 120 else seconds(age * 1000))
