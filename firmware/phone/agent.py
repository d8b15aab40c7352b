"""The whole phone without hands: feed(event, now) returns the effects it causes, in order.

    keys --> ui/stack --Intent--> agent --> core/client --Result--> agent --> view on the stack
    connections, datagrams, ticks ----------> core/client, in idle time core/probe

The agent joins the parts and decides nothing that one of them could: which server is core's
affair, what a key means on a page is ui's. It never waits and never sees a clock.
"""

from phone import events, records
from phone.core.client import Client
from phone.core.journal import Journal
from phone.core.net import CALM_MS, Net
from phone.core.pointers import SERVICES, Book
from phone.core.probe import Prober
from phone.core.result import Result
from phone.core.run import Requests
from phone.core.trouble import NO_NETWORK, NO_ROOM
from phone.core.wall import Wall
from phone.status import StatusLine
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.stack import Stack
from phone.ui.views import page_view, trouble_view


class Agent:
    """`config`, `mistakes`: as from config.check; `theme`: ui/theme.py; `entropy(n)` gives n bytes;
    `tls_max`: how many TLS connections the board has room for."""

    def __init__(self, config, theme, entropy, mistakes=(), cause="power", tls_max=1):
        self._config = config
        self._mistakes = mistakes
        self._theme = theme
        self._cause = cause
        self._journal = Journal()
        self._wall = Wall(config.utc_offset_minutes)
        self._book = Book(config)
        self._net = Net(config, entropy, self._journal, tls_max, self._book.hosts())
        requests = Requests(config, self._book, self._net, self._wall)
        self._client = Client(config, self._book, self._net, self._journal, requests)
        self._prober = Prober(self._book, self._journal, requests, config.timers["probe_ms"])
        self._status = StatusLine(config.label, self._book, self._wall)
        self._stack = Stack(theme)
        self._painter = Painter(theme)
        self._replaces = False  # the page to come takes the place of the one on top
        self._title = ""  # for a page that has none
        self._loading = None  # label of the server that is being waited for
        self._pending = None  # a Result that is not on the screen yet
        self._screen = None  # None: to be made anew
        self._minute = None  # when the clock on the screen changes, in ms
        self._out = []  # effects of a feed that is under way
        self._now = 0

    def feed(self, event, now):
        """Handle one event; the effects it causes, in order."""
        self._now = now
        self._out = out = self._net.tick(now)
        kind = type(event)
        if kind in (events.Opened, events.Received, events.Closed):
            out += self._connection(event, now)
        elif kind is events.Datagram:
            out += self._net.receive(event.data, event.address, now)
        else:
            self._screen = None
            out += self._other(event, kind, now)
        out += self._client.tick(now)
        out += self._idle(now)
        self._pending = self._client.take()
        if self._pending:
            out += self._show(self._pending, now)
            self._pending = None
        self._say_loading()
        if self._minute is None or now >= self._minute:
            self._minute = self._wall.next_minute(now)
            self._screen = None
        self._out = []
        return out

    def deadline(self):
        """When Tick is due, in ms, or None."""
        least = self._net.deadline()
        busy = self._client.deadline()
        idle = self._prober.deadline() if busy is None and self._client.up else None
        for wait in (busy, idle, self._stack.deadline(), self._minute):
            if wait is not None and (least is None or wait < least):
                least = wait
        return least

    def screen(self):
        """What the display says, as ui/screen.py Screen."""
        if self._screen is None:
            self._screen = self._stack.screen(self._status.now(self._stack, self._client.up, self._now))
        return self._screen

    def paint(self, canvas):
        """Paint one stale band: (y, height, palette), () for a step on the way, or None: nothing is stale."""
        return self._painter.paint(self.screen(), canvas)

    def work(self):
        """One short step of work that can wait; True while there is more."""
        return self._stack.work()

    def relieve(self, now, wholly=False):
        """The heap is full, and a feed broke off: give up the page that is coming, those behind it, the
        letters' pictures, and wholly: the page on screen. Effects, with those of the feed so far."""
        out, self._out = self._out, []
        self._theme.forget()
        self._stack.trim()
        if wholly and self._stack.depth:
            old = self._stack.top
            self._stack.home()
            self._stack.push(NoteView(old.title, (NO_ROOM,), (), self._theme, None))
        self._painter.reset()
        part = self._client.race.relieve(now)
        if part is None:  # whatever broke off may have opened a connection that nobody knows
            out += self._prober.cancel(now) + self._net.close_all()
            part = self._client.relieve(NO_ROOM, now)
        out += part
        self._pending = result = self._pending or self._client.take()
        if result:  # without its page, which is what takes the room
            result = Result(None, result.sentences or (NO_ROOM,), result.offers, result.context, "")
            out += self._show(result, now)
            self._pending = None
        self._screen = None
        self._loading = ""  # what broke off may have been the words
        self._say_loading()
        return out

    def _connection(self, event, now):
        """To whoever owns it; an idle one that ends is forgotten."""
        if type(event) is events.Closed:
            self._net.closed(event.conn)
        out = self._client.receive(event, now)
        out = self._prober.receive(event, now) if out is None else out
        return self._net.close(event.conn) if out is None else out

    def _idle(self, now):
        """Look at the servers while nobody waits for one."""
        if self._client.busy or not self._client.up:
            return self._prober.cancel(now)
        return self._prober.tick(now)

    def _say_loading(self):
        label = self._client.loading
        if label != self._loading:
            self._loading = label
            self._screen = None
            self._stack.loading("Asking %s ..." % label if label else None)

    def _other(self, event, kind, now):
        if kind is events.Key:
            self._net.calm_at = now + CALM_MS
            self._prober.key(now)
            return self._obey(self._stack.key(event.key, event.down, now), now)
        if kind is events.Tick:
            return self._obey(self._stack.tick(now), now)
        if kind is events.Link:
            return self._link(event, now)
        if kind is events.Low:
            self._theme.forget()
            if self._client.walks:  # its page will stand alone anyway
                self._stack.home()
            return self._net.close_idle()
        if kind is events.Wall:
            self._wall.learn(event.seconds, event.source, now)
            self._minute = None
        return []

    def _link(self, event, now):
        """The first Link is the start of the phone; later ones say that the network came or went."""
        out = self._net.link(event.address, event.dns)
        was_up, self._client.up = self._client.up, event.up
        if self._cause:
            out += self._journal.start(self._cause, self._mistakes, now)
            self._cause = ""
            if self._mistakes:
                keys = (("Go on", "exit"),)
                self._stack.push(NoteView("Configuration", self._mistakes, keys, self._theme, None))
        if not event.up:
            out += self._journal.say("The network is gone.", now) + self._client.give_up(NO_NETWORK, now)
            out += self._prober.cancel(now) + self._net.close_all()
        elif not was_up:
            out += self._journal.say("The network is back.", now)
            self._book.look_again(now)
            self._prober.wake()
        return out

    def _obey(self, intent, now):
        """Do what the person wants."""
        if intent is None:
            return []
        verb, value = intent
        view = self._stack.top
        self._replaces = verb in ("update", "key")
        self._title = view.title if self._replaces else self._stack.chosen
        if verb == "service":
            self._title = value[0].upper() + value[1:]
            if value in SERVICES:
                return self._client.open_service(value, now)
            self._stack.home()
            return self._client.cancel(now) + self._own(value, now)
        if verb == "open":
            return self._client.open_link(value, view.context, now) if view.context else self._own(value, now)
        if verb == "update":
            return self._client.reload(view.context, now) if view.context else self._own(view.own, now)
        if verb == "key":
            return self._client.ask(view.offers[value], now)
        if verb == "cancel":
            self._stack.notice("Cancelled.", now)
            return self._client.cancel(now) + self._journal.say("The person did not want to wait.", now)
        return self._client.cancel(now)

    def _own(self, name, now):
        """Show one of the phone's own pages."""
        from phone.core import settings  # seldom wanted: it costs no memory until then

        page = settings.page(name, self._config, self._mistakes, self._book, self._journal, now)
        view = page_view(page, self._theme, self._title, None)
        view.own = name
        self._put(view)
        return []

    def _put(self, view):
        if self._replaces:
            self._stack.replace(view)
        else:
            self._stack.push(view)

    def _show(self, result, now):
        """Put what a request came to on the screen."""
        if result.record is None and not result.sentences:
            self._stack.notice(result.notice, now)
            return []
        if result.context.walks and not self._replaces:
            self._stack.home()
        if result.record:
            self._put(page_view(result.record, self._theme, self._title, result.context))
        else:
            self._put(trouble_view(result, self._title, self._theme))
        if result.notice:
            self._stack.notice(result.notice, now)
        out = []
        mends = result.record.mends if result.record else records.WHOLE
        if mends.count:
            said = "Mended on the page: %d; the first: %s." % (mends.count, mends.first)
            out += self._journal.say(said, now)
        if mends.cut:
            out += self._journal.say("The page was cut: %s." % mends.cut, now)
        return out
