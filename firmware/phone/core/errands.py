"""What others have the phone do: keys are pressed at once, pages wait for their moment (docs/push.md).

    do --> core/pending.py --its moment--> UNDER WAY (core/pushed.py) --page, and its moment--> on screen
             |                                  \\__ no page: a line on the screen
             \\__ an hour without a moment: given up

A pushed page is fetched beside what a person does, by one request of its own, which locks no key. It lies
over the page that was there, and Back leads there again.

An item that names a service is a pointer: it is learned as pushed, so it goes first in the book, and its
service is opened as by the key. Nothing here moves the phone to another call manager.
"""

from micropython import const

from phone.core.machine import Machine
from phone.core.pending import QUEUE_MAX
from phone.core.pointers import SERVICES
from phone.core.pushed import Pushed, in_use
from phone.core.result import Context, label
from phone.core.warrant import Warrant
from phone.phrases import phrase, plain
from phone.wire import execute, url as urls

_SOON_MS = const(1000)  # then connections are looked for again
_SHOWN_MAX = const(60)  # characters of an address in the account, without its query
_TYPED = phrase("A page was pushed. It comes when nothing is typed any more.")
_DONE, _BAD, _NOT_NOW = const(0), const(1), const(6)  # as in core/uris.py


class Errands(Machine):
    """`outside`: outside.py; `pending`: core/pending.py; `teaching`: core/teaching.py, None on a phone
    without call managers; `loans()`: core/loans.py."""

    def __init__(self, config, book, net, journal, outside, pending, teaching, loans):
        self._book = book
        self._net = net
        self._journal = journal
        self._outside = outside
        self._purpose = config.trust and config.trust.purpose
        self._teaching = teaching
        self._loans = loans
        self._warrant = Warrant(config, book, net, journal, outside.requests)
        self.can_ask = self._warrant.can_ask
        self._pending = pending
        self._page = None  # Pushed: the one under way
        self._item = None  # what it is of those that were pending
        self._look_at = None  # ms; there is something to begin, or a person's page has come by then

    def judge(self, authorization, now):
        """core/warrant.py."""
        was_busy = self._warrant.busy
        verdict = self._warrant.judge(authorization, now)
        if self._warrant.busy and not was_busy:
            self._look_at = now
        return verdict

    def is_over(self, now):
        """Whether nothing is to be done now, and nothing has to be remembered."""
        busy = self._page or self._warrant.busy or self._pending.is_due(now)
        return not busy and now >= self._warrant.until

    def do(self, items, peer, now):
        """([(status, what is said, URL) of each item], effects). peer: the address of who wants it."""
        results, out, pages = [], [], 0
        for item in items:
            is_page = urls.scheme(item.url) in urls.PORTS
            pages += is_page
            if not is_page:
                status, said, part = self._outside.do(item.url, now)
            elif pages > 1:
                status, said, part = _BAD, "There is one http URL already.", []
            else:
                status, said, part = self.take(item, peer, now)
            what = item.url.partition("?")[0][:_SHOWN_MAX]
            told = phrase("%s pushed %s, in vain: %s", peer, what, said)
            if not status:
                told = phrase("%s pushed %s.", peer, what)
            results.append((status, plain(said), item.url))
            out += self._journal.say(told, now) + part
        return results, out + self.tick(now)

    def take(self, item, peer, now):
        """A page, or a pointer: it waits, if only for this feed. (status, what is said, effects)."""
        url, service, priority = urls.split(item.url), item.service, item.priority
        if not url or urls.is_local(url.host):
            return _BAD, phrase("The phone cannot ask for this address."), []
        if priority < 0:
            return _BAD, phrase("The priority is 0, 1 or 2."), []
        if service and service not in SERVICES:
            return _BAD, "The service is none of %s." % ", ".join(SERVICES), []
        if len(self._pending.items) >= QUEUE_MAX:
            return _NOT_NOW, phrase("Too many pages wait already."), []
        out = []
        if service:
            said, out = self._teach(item, peer, now)
            if said:
                return _NOT_NOW, said, out
        if priority == 2 and not self._pending.is_time(2, now):
            if service:
                return _DONE, "Learned, not shown.", out
            return _NOT_NOW, phrase("The phone is in use."), []
        pointer = self._book.at("", url)
        name = service or (pointer.service if pointer else SERVICES[0])
        self._pending.add(priority, Context(name, pointer, url, bool(service), False, False, None), now)
        if self._outside.has_form and not priority:
            self._outside.tell(_TYPED, now)
        return _DONE, "Success", out

    def _teach(self, item, peer, now):
        """Learn the pointer that an item is: (what is wrong with it, or "", effects)."""
        if not self._teaching:
            return self._loans().lend(item, now), []
        values = execute.call_info(item, self._purpose)
        out, service = self._teaching.pushed(peer, values, now) if values else ([], "")
        return "" if service else plain(self._teaching.refused) or "The phone does not learn it.", out

    # --- as a machine, of core/porter.py's --------------------------------------------------------------

    def tick(self, now):
        out = self._page.tick(now) + self._settle(now) if self._page else []
        out += self._warrant.tick(now, not self._page)
        out += self._begin(now)
        self._look_at = None
        if self._page and self._outside.comes:
            self._look_at = now
        elif not (self._page or self._warrant.busy):
            if self._pending.is_due(now):  # there is no connection for it
                self._look_at = now + _SOON_MS
            elif now < self._warrant.until:
                self._look_at = self._warrant.until
        return out

    def deadline(self):
        waits = [self._look_at, self._warrant.deadline(), self._page and self._page.deadline()]
        waits = [wait for wait in waits if wait is not None]
        return min(waits) if waits else None

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not ours."""
        out = self._page.receive(event, now) if self._page else None
        return self._warrant.receive(event, now) if out is None else out

    def cancel(self, now):
        """The network is gone, or memory is short; effects. Pages go on waiting."""
        return self._warrant.cancel() + (self._put_back(now) if self._page else [])

    def low(self):
        """A page that has come and waits can be fetched again."""
        if self._page and self._page.result:
            self._put_back(0)

    def give_up(self, said, now):
        """The page under way is more than the phone has room for; effects."""
        page, self._page = self._page, None
        return (page.cancel(now) if page else []) + self._say(said, now)

    # --- one page after the other -----------------------------------------------------------------------

    def _begin(self, now):
        """Fetch what has its moment; effects."""
        out = []
        waits = self._pending.items
        while self._pending.is_due(now) and not (self._page or self._warrant.busy):
            context = waits[0][2]
            if not self._net.has_room(context.url):
                break
            self._item = waits.pop(0)
            if context.walks:
                out += self._outside.service(context.service, now)
            else:
                self._page = Pushed(in_use(context, self._book, now), self._book, self._outside.requests)
                out += self._page.begin(now) + self._settle(now)
        return out

    def _settle(self, now):
        """See what has become of the page under way; effects."""
        page = self._page
        if page.said:
            self._page = None
            return self._say(page.said, now)
        if page.result and self._pending.is_time(self._item[1], now):
            self._page = None
            return self._show(page.result, now)
        if page.secure and self._outside.busy:  # a board has room for one handshake
            return self._put_back(now)
        return []

    def _show(self, result, now):
        out = self._journal.say(phrase("The pushed page is shown, from %s.", label(result.context)), now)
        out += self._journal.mended(result.record.mends, now)
        return out + self._outside.put(result, now)

    def _say(self, said, now):
        self._outside.tell(said, now)
        return self._journal.say(said, now)

    def _put_back(self, now):
        """What is under way waits for a better moment; effects."""
        page, self._page = self._page, None
        self._pending.items.insert(0, self._item)
        return page.cancel(now)
