"""The whole phone without hands: feed(event, now) returns the effects it causes, in order.

    keys ------------------------------> desk (ui/stack --Intent--> core/client --Result--> a page)
    connections, datagrams, flash -----> the machines: client, in idle time prober, ...
    time ------------------------------> all of them

The agent joins the parts and decides nothing that one of them could. It never waits and never sees a clock.
"""

from phone import events
from phone.core.asker import client
from phone.core.blackbox import Blackbox
from phone.core.journal import Journal
from phone.core.net import CALM_MS, Net
from phone.core.pointers import Book
from phone.core.probe import Prober
from phone.core.result import Result
from phone.core.run import Requests
from phone.core.store import Store
from phone.core.taste import Taste
from phone.core.trouble import NO_NETWORK, NO_ROOM
from phone.core.wall import BUILT, DOUBTED, Keeper, Wall
from phone.desk import Desk
from phone.makers import Makers
from phone.phrases import phrase
from phone.wished import wish

_OF_CONNECTIONS = (events.Opened, events.Received, events.Closed, events.Accepted)
_OF_MACHINES = _OF_CONNECTIONS + (events.Datagram, events.Saved, events.Loaded, events.Bound)
# What is kept over a loss of power in small records: which server killed the phone, the time, the settings,
# how old the copies of pages are, the current home, and the last numbers of signed sets of pointers.
_KEPT = ("suspect", "time", "taste", "pages", "home", "signed")


class Agent(Makers):
    """`config`, `mistakes`: as from config.check; `theme`: ui/theme.py; `entropy(n)` gives n bytes; `heap()`:
    (free, used); `tls_max`: TLS connections; `scratch`, `unpack()`: core/blackbox.py, core/pictures.py."""

    _pictures = None  # core/pictures.py Pictures, with the first page that has some
    _pending = None  # a Result that is not on the screen yet
    _keyed = False  # the feed is of a key: a person waits for what comes of it

    def __init__(self, config, theme, entropy, mistakes=(), cause="power", tls_max=1, heap=None, scratch=b"",
                 unpack=None):
        from phone.core.autopsy import Start  # at the start only

        self._start = start = Start(scratch, cause)  # None once it is told
        self._config = config
        self._mistakes = mistakes = list(mistakes)
        self._theme = theme
        self._cause = start.cause + (" (safe mode)" if start.safe else "")
        self._heap = heap
        self._journal = Journal()
        if start.safe:
            from phone.safe import Nothing, SafeDesk as seat

            self._store = Nothing()
        else:
            seat, self._store = Desk, Store(_KEPT, self._journal)
        self._wall = Wall(config.utc_offset_minutes, BUILT)
        self._book = Book(config, start.safe)
        self._box = Blackbox(self._book, self._journal, self._store, start)
        self._net = Net(config, entropy, self._journal, tls_max, self._book.hosts())
        self._requests = Requests(config, self._book, self._net, self._wall, self._box)
        self._client = client(start.safe, heap, self._store, self._wall, config, self._book, self._net,
                              self._journal, self._requests)
        self._taste = self._requests.taste = Taste(self._store, config.language)
        self._requests.pane = theme.width, theme.rows * theme.row_height, 2 - theme.compact
        self._prober = Prober(self._book, self._journal, self._requests, config.timers, self._client)
        machines = [self._store, self._client, self._taste, Keeper(self._wall, self._store, self._journal),
                    self._prober]
        self._machines = machines[:-1] if start.safe else machines
        self._desk = seat(config, theme, self._book, self._client, self._journal, self._wall, self._store,
                          self._taste, self._own_pages)
        # Managers: core/managers.py, None where the configuration has none.
        self._managers, wished = wish(config, start.safe, self._book, self._net, self._journal, self._store,
                                      self._wall, entropy, heap, self._push, self._desk, self._client,
                                      theme, self._requests, mistakes)
        self._machines += wished
        self._desk.machines, self._desk.queue = self._machines, self._queue
        self._unpack = unpack
        self._out = []  # effects of a feed that is under way

    def feed(self, event, now):
        """Handle one event; the effects it causes, in order."""
        kind = type(event)
        self._keyed = kind is events.Key
        self._out = out = self._net.tick(now)
        if self._start:
            out += self._start.begin(self._book, self._journal, self._box, self._desk, self._mistakes, now)
            out += self._store.begin(now)
            self._start = None  # only now: where there was no room for it, it is done again
        if kind in _OF_MACHINES:
            out += self._receive(event, now)
        else:
            self._desk.stale()
            out += self._other(event, kind, now)
        for machine in self._machines:
            out += machine.tick(now)
        self._pending = self._client.take()
        if self._pending:
            self._box.shows(self._pending, now)
            out += self._desk.show(self._pending, now)
            self._pending = None
        self._desk.look(now)
        if not self._pictures and self._desk.stack.pictured.wants():
            self._show_pictures()
        self._box.finish(out, now)
        self._out = []
        return out

    def mark(self, conn, now):
        """Bytes of `conn` are about to be fed: what the scratch memory has to hold before, or None."""
        return self._box.mark(conn, now)

    def deadline(self):
        """When Tick is due, in ms, or None."""
        least = self._net.deadline()
        for machine in self._machines + [self._desk, self._box]:
            wait = machine.deadline()
            if wait is not None and (least is None or wait < least):
                least = wait
        return least

    def screen(self):
        """What the display says, as ui/screen.py Screen."""
        return self._desk.screen()

    def paint(self, canvas):
        """Paint one stale band: (y, height, palette), () for a step on the way, or None: nothing is stale."""
        band = self._desk.paint(canvas)
        if band is None:
            self._box.painted = True
        return band

    def work(self):
        """One short step of work that can wait; True while there is more."""
        return self._desk.work()

    def idle(self):
        """The same for what waits until all is painted."""
        return bool(self._pictures) and self._pictures.work()

    def relieve(self, now, wholly=False, broken=""):
        """A feed broke off, for want of room or by a mistake (`broken`, its name): give up what comes, what
        is behind, letters, and wholly: the page on screen. Effects, with those of the feed so far."""
        out, self._out = self._out, []
        said = NO_ROOM
        if broken:
            said = phrase("The phone could not deal with it (%s).", broken)
            out += self._journal.say(said, now)
        self._desk.relieve(wholly)
        self._journal.relieve()
        for machine in self._machines:
            machine.low()
        self._box.gave_up(self._client.race.fed, now)
        part = self._client.race.relieve(now)
        if part is None:  # whatever broke off may have opened a connection that nobody knows
            out += self._cancel(now)
            part = self._client.relieve(said, now)
        out += part
        self._pending = result = self._pending or self._client.take()
        if result:
            if wholly or broken:  # without its page, which takes more room than the hands could make
                said = result.sentences or (said,)
                result = Result(None, said, result.offers, result.context, "", None, None)
            out += self._desk.show(result, now)
            self._pending = None
        elif self._keyed:
            self._desk.tell(said, now)
        self._desk.look(now)
        return out

    def replay(self, number):
        """(number, ms, text, unix seconds or None) of the first line of the account from `number` on."""
        line = self._journal.replay(number)
        return line and line + (self._wall.utc(line[1]),)

    def _cancel(self, now):
        """No connection is there any more; effects. What the client wanted is not forgotten."""
        out = []
        for machine in self._machines:
            if machine is not self._client:
                out += machine.cancel(now)
        return out + self._net.close_all()

    def _receive(self, event, now):
        """To whoever owns it; a connection that is nobody's is closed."""
        out = self._net.receive(event, now)
        if out is not None:
            return out
        asked = isinstance(event, _OF_CONNECTIONS)
        for machine in self._machines:
            if asked or machine not in (self._client, self._prober):  # these know nothing but connections
                out = machine.receive(event, now)
                if out is not None:
                    return out
        return self._net.close(event.conn) if isinstance(event, (events.Opened, events.Received)) else []

    def _other(self, event, kind, now):
        if kind is events.Key:
            self._net.calm_at = now + CALM_MS
            for machine in self._machines:
                machine.key(now)
            out = self._desk.key(event, now)
            self._box.touched(None if self._client.busy else self._desk.context, now)
            return out
        if kind is events.Tick:
            return self._desk.tick(now)
        if kind is events.Link:
            return self._link(event, now)
        if kind is events.Low:
            for machine in self._machines:
                machine.low()
            self._desk.forget()
            return self._net.close_idle()
        if kind is events.Show:
            return self._desk.open(event.page, now)
        if kind is events.Wall:
            if not self._wall.learn(event.seconds, event.source, now) and self._wall.wants(event.source):
                return self._journal.say(DOUBTED, now)
        return []

    def _link(self, event, now):
        """The network came or went."""
        out = self._net.link(event.address, event.dns)
        self._net.network = event
        was_up, self._client.up = self._client.up, event.up
        if not event.up:
            out += self._journal.say(phrase("The network is gone."), now)
            out += self._client.give_up(NO_NETWORK, now) + self._cancel(now)
        elif not was_up:
            out += self._journal.say(phrase("The network is back."), now)
            self._book.look_again(now)
            for machine in self._machines:
                machine.wake(now)
        return out
