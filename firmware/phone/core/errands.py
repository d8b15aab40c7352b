"""What others have the phone do: keys are pressed at once, pages wait for their moment (docs/push.md).

    do --> QUEUE --its moment--> UNDER WAY (core/pushed.py) --page, and its moment--> on screen
             |                        \\__ no page: a line on the screen
             \\__ an hour without a moment: given up

Priority 0 is at once, over whatever is on screen; 1 when the phone is idle; 2 only if it is idle now. Idle:
nobody calls, and no page is on screen or no key was pressed for a minute. Never while something is typed, and
never in the place of what a person waits for: a pushed page is fetched beside that, by one request of its
own, which locks no key. It lies over the page that was there, and Back leads there again.

An item that names a service is a pointer: it is learned as pushed, so it goes first in the book, and its
service is opened as by the key. Nothing here moves the phone to another call manager.
"""

from micropython import const

from phone.core.machine import Machine
from phone.core.pointers import SERVICES
from phone.core.pushed import Pushed
from phone.core.result import Context, label
from phone.core.trouble import mended
from phone.core.warrant import Warrant
from phone.phrases import phrase, plain
from phone.wire import execute, url as urls

QUEUE_MAX = 4  # pages that wait: more is a stack that nobody reads
WAIT_MS = 3600000  # an hour; what was worth a look then is so no more
IDLE_MS = 60000  # without a key: who reads a page turns it within a minute
_SHOWN_MAX = const(60)  # characters of an address in the account, without its query
_TYPED = phrase("A page was pushed. It comes when nothing is typed any more.")
_LATE = phrase("A pushed page had no moment to be shown within an hour.")
_DONE, _BAD, _NOT_NOW = const(0), const(1), const(6)  # as in core/uris.py


class Errands(Machine):
    """`outside`: outside.py; `keyed_at`: ms of the last key; `teaching`: core/teaching.py, None on a phone
    without call managers; `loans()`: core/loans.py."""

    def __init__(self, config, book, net, journal, outside, keyed_at, teaching, loans):
        self.keyed_at = keyed_at
        self._book = book
        self._net = net
        self._journal = journal
        self._outside = outside
        self._purpose = config.trust and config.trust.purpose
        self._teaching = teaching
        self._loans = loans
        self._warrant = Warrant(config, book, net, journal)
        self.can_ask = self._warrant.can_ask
        self._queue = []  # (ms of its end, priority, Context), those of priority 0 first
        self._page = None  # Pushed: the one under way
        self._item = None  # what it is of the queue
        self._look_at = None  # ms; the phone is idle then, or something has waited too long

    def judge(self, authorization, now):
        """core/warrant.py."""
        return self._warrant.judge(authorization, now)

    def is_over(self, now):
        """Whether nothing waits, and nothing has to be remembered."""
        return not (self._queue or self._page or self._warrant.busy) and now >= self._warrant.until

    def do(self, items, peer, now):
        """([(status, what is said, URL) of each item], effects). peer: the address of who wants it."""
        results, out, pages = [], [], 0
        for item in items:
            is_page = urls.scheme(item.url) in urls.PORTS
            pages += is_page
            if not is_page:
                from phone.core import uris

                status, said, part = uris.do(item.url, self._outside, now)
            elif pages > 1:
                status, said, part = _BAD, "There is one http URL already.", []
            else:
                status, said, part = self._take(item, peer, now)
            what = item.url.partition("?")[0][:_SHOWN_MAX]
            told = phrase("%s pushed %s, in vain: %s", peer, what, said)
            if not status:
                told = phrase("%s pushed %s.", peer, what)
            results.append((status, said, item.url))
            out += self._journal.say(told, now) + part
        return results, out + self.tick(now)

    def _take(self, item, peer, now):
        """A page, or a pointer: it waits, if only for this feed. (status, what is said, effects)."""
        url, service, priority = urls.split(item.url), item.service, item.priority
        if not url or urls.is_local(url.host):
            return _BAD, "The phone cannot ask for this address.", []
        if priority < 0:
            return _BAD, "The priority is 0, 1 or 2.", []
        if service and service not in SERVICES:
            return _BAD, "The service is none of %s." % ", ".join(SERVICES), []
        if len(self._queue) >= QUEUE_MAX:
            return _NOT_NOW, "Too many pages wait already.", []
        out = []
        if service:
            said, out = self._teach(item, peer, now)
            if said:
                return _NOT_NOW, said, out
        if priority == 2 and not self._is_time(2, now):
            return (_DONE, "Learned, not shown.", out) if service else (_NOT_NOW, "The phone is in use.", [])
        pointer = self._book.at("", url)
        name = service or (pointer.service if pointer else SERVICES[0])
        place = len([1 for waits in self._queue if waits[1] <= priority])
        context = Context(name, pointer, url, bool(service), False, False)
        self._queue.insert(place, (now + WAIT_MS, priority, context))
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

    def _is_time(self, priority, now):
        """Whether a page may come to the screen now."""
        outside = self._outside
        if not outside.up or outside.has_form or outside.busy:
            return False
        idle = outside.is_idle or now >= self.keyed_at + IDLE_MS
        return not priority or idle and not outside.rings

    # --- a machine of core/door.py's --------------------------------------------------------------------

    def tick(self, now):
        out = self._page.tick(now) + self._settle(now) if self._page else []
        out += self._warrant.tick(now, not self._page)
        return out + self._begin(now) + self._tidy(now)

    def deadline(self):
        waits = [self._look_at, self._warrant.deadline(), self._page and self._page.deadline()]
        if not (self._queue or self._page or self._warrant.busy):
            waits.append(self._warrant.until)
        waits = [wait for wait in waits if wait is not None]
        return min(waits) if waits else None

    def receive(self, event, now):
        """An event of a connection: effects, or None where it is not ours."""
        out = self._page.receive(event, now) if self._page else None
        return self._warrant.receive(event, now) if out is None else out

    def key(self, now):
        self.keyed_at = now

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
        while self._queue and not (self._page or self._warrant.busy):
            _, priority, context = self._queue[0]
            if not self._is_time(priority, now) or not self._net.has_room(context.url):
                break
            self._item = self._queue.pop(0)
            if context.walks:
                out += self._outside.service(context.service, now)
            else:
                self._page = Pushed(context, self._book, self._outside.requests)
                out += self._page.begin(now) + self._settle(now)
        return out

    def _settle(self, now):
        """See what has become of the page under way; effects."""
        page = self._page
        if page.said:
            self._page = None
            return self._say(page.said, now)
        if page.result and self._is_time(self._item[1], now):
            self._page = None
            return self._show(page.result, now)
        if page.secure and self._outside.busy:  # a board has room for one handshake
            return self._put_back(now)
        return []

    def _show(self, result, now):
        out = self._journal.say(phrase("The pushed page is shown, from %s.", label(result.context)), now)
        for said in mended(result.record):
            out += self._journal.say(said, now)
        self._outside.put(result, now)
        return out

    def _say(self, said, now):
        self._outside.tell(said, now)
        return self._journal.say(said, now)

    def _put_back(self, now):
        """What is under way waits for a better moment; effects."""
        page, self._page = self._page, None
        self._queue.insert(0, self._item)
        return page.cancel(now)

    def _tidy(self, now):
        """What has waited too long goes; when to look again."""
        out, wakes = [], []
        for waits in list(self._queue):
            if now >= waits[0]:
                self._queue.remove(waits)
                out += self._journal.say(_LATE, now)
            else:
                wakes.append(waits[0])
                if waits[1] and self.keyed_at + IDLE_MS > now:
                    wakes.append(self.keyed_at + IDLE_MS)
        if self._outside.comes and (self._queue or self._page):
            wakes.append(now)
        self._look_at = min(wakes) if wakes else None
        return out
