"""The whole phone without hands: feed(event, now) returns the effects it causes, in order.

    keys --> ui/stack --Intent--> agent --> core/client --Result--> agent --> view on the stack
    connections, datagrams, ticks ----------> core/client

The agent joins the parts and decides nothing that one of them could: which server is core's
affair, what a key means on a page is ui's. It never waits and never sees a clock.
"""

from phone import events, records
from phone.core.client import Client
from phone.core.journal import Journal
from phone.core.net import Net
from phone.core.pointers import SERVICES, Book
from phone.core.result import AGAIN, ELSEWHERE, Result
from phone.core.trouble import NO_NETWORK, NO_ROOM
from phone.core.wall import Wall
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.screen import BACKUP, NONE, PRIMARY, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view


class Agent:
    """`config`, `mistakes`: as from config.check; `theme`: ui/theme.py; `entropy(n)` gives n bytes."""

    def __init__(self, config, theme, entropy, mistakes=(), cause="power"):
        self._config = config
        self._mistakes = mistakes
        self._theme = theme
        self._cause = cause
        self._journal = Journal()
        self._wall = Wall(config.utc_offset_minutes)
        self._book = Book(config)
        self._net = Net(entropy)
        self._client = Client(config, self._book, self._net, self._wall, self._journal)
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
            out += self._client.receive(event, now)
        elif kind is events.Datagram:
            self._net.receive(event.data, event.address, now)
        else:
            self._screen = None
            out += self._other(event, kind, now)
        out += self._client.tick(now)
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
        waits = [self._client.deadline(), self._stack.deadline(), self._minute]
        waits = [wait for wait in waits if wait is not None]
        return min(waits) if waits else None

    def screen(self):
        """What the display says, as ui/screen.py Screen."""
        if self._screen is None:
            self._screen = self._stack.screen(self._status(self._now))
        return self._screen

    def paint(self, canvas):
        """Paint one stale band: (y, height, palette), or None when nothing is stale."""
        return self._painter.paint(self.screen(), canvas)

    def work(self):
        """One short step of work that can wait; True while there is more."""
        return self._stack.work()

    def relieve(self, now, wholly=False):
        """The heap is full, and a feed broke off: give up the page that is coming, the pages behind it, the
        letters' pictures, and wholly: the page on screen. The effects of the feed as far as it came, too.
        """
        out, self._out = self._out, []
        self._theme.forget()
        self._stack.trim()
        if wholly and self._stack.depth:
            old = self._stack.top
            self._stack.home()
            self._stack.push(NoteView(old.title, (NO_ROOM,), (), self._theme, None))
        self._painter.reset()
        out += self._net.close() + self._client.give_up(NO_ROOM, now, True)
        result = self._pending or self._client.take()
        self._pending = None
        if result:  # without its page, which is what takes the room
            result = Result(None, result.sentences or (NO_ROOM,), result.offers, result.context, "")
            out += self._show(result, now)
        self._screen = None
        self._say_loading()
        return out

    def _say_loading(self):
        label = self._client.loading
        if label != self._loading:
            self._loading = label
            self._screen = None
            self._stack.loading("Asking %s ..." % label if label else None)

    def _other(self, event, kind, now):
        if kind is events.Key:
            return self._obey(self._stack.key(event.key, event.down, now), now)
        if kind is events.Tick:
            return self._obey(self._stack.tick(now), now)
        if kind is events.Link:
            return self._link(event, now)
        if kind is events.Low:
            self._theme.forget()
            if self._client.walks:  # its page will stand alone anyway
                self._stack.home()
        if kind is events.Wall:
            self._wall.learn(event.seconds, event.source, now)
            self._minute = None
        return []

    def _link(self, event, now):
        """The first Link is the start of the phone; later ones say that the network came or went."""
        self._net.servers = event.dns
        was_up, self._client.up = self._client.up, event.up
        out = []
        if self._cause:
            out += self._journal.start(self._cause, self._mistakes, now)
            self._cause = ""
            if self._mistakes:
                keys = (("Go on", "exit"),)
                self._stack.push(NoteView("Configuration", self._mistakes, keys, self._theme, None))
        if not event.up:
            out += self._journal.say("The network is gone.", now) + self._client.give_up(NO_NETWORK, now)
        elif not was_up:
            out += self._journal.say("The network is back.", now)
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
            return self._client.cancel() + self._own(value, now)
        if verb == "open":
            return self._client.open_link(value, view.context, now) if view.context else self._own(value, now)
        if verb == "update":
            return self._client.reload(view.context, now) if view.context else self._own(view.own, now)
        if verb == "key":
            return self._client.ask(view.offers[value], now)
        if verb == "cancel":
            self._stack.notice("Cancelled.", now)
            return self._client.cancel() + self._journal.say("The person did not want to wait.", now)
        return self._client.cancel()

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
        self._put(self._view(result))
        if result.notice:
            self._stack.notice(result.notice, now)
        out = []
        mends = result.record.mends if result.record else records.WHOLE
        if mends.count:
            said = "The page was mended in %d places; the first: %s." % (mends.count, mends.first)
            out += self._journal.say(said, now)
        if mends.cut:
            out += self._journal.say("The page was cut: %s." % mends.cut, now)
        return out

    def _view(self, result):
        if result.record:
            return page_view(result.record, self._theme, self._title, result.context)
        keys = [("Again", AGAIN)] if AGAIN in result.offers else []
        if ELSEWHERE in result.offers:
            keys.append(("Try " + result.offers[ELSEWHERE].pointer.label, ELSEWHERE))
        keys += [("Exit", "exit"), ("Back", "back")]
        view = NoteView(self._title, result.sentences, keys, self._theme, result.context)
        view.offers = result.offers
        if result.context.walks and not result.context.came and result.offers and not self._theme.compact:
            view.remark = "No server gives this page now."
        return view

    def _status(self, now):
        """What every screen says beside its own content."""
        serving = self._book.serving(now)
        mark, label = self._whence(self._stack.top.context, serving)
        clock, date = self._wall.words(now)
        home = "No server answered lately" if self._client.up else "No network"
        if serving and self._client.up:
            asked = self._book.health(serving.url).asked
            home = ("Served by %s" if asked else "%s is asked first") % serving.label
        return Status(mark, label, clock, date, self._config.label, home, 0)

    def _whence(self, context, serving):
        """Mark and label of the server that gave the page on screen, or would give the next."""
        if context and not context.came:
            return NONE, ""
        pointer = serving
        if context:
            pointer = context.pointer
        elif self._stack.depth:  # a page of the phone's own
            pointer = None
        if pointer:
            return (PRIMARY if pointer.home == 0 else BACKUP), pointer.label
        return "", context.url.host if context else ""  # a stranger's page is neither primary nor backup
