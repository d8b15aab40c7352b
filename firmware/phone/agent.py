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
from phone.core.result import AGAIN, ELSEWHERE
from phone.core.wall import Wall
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.screen import Status
from phone.ui.stack import Stack
from phone.ui.views import BACK, EXIT, page_view

_NETWORK = (events.Opened, events.Received, events.Closed)
_CAUSES = {"power": "The phone was switched on.", "reset": "The phone was started anew.",
           "watchdog": "The phone had stopped working and was started anew by its watchdog."}


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
        self._screen = None
        self._now = 0

    def feed(self, event, now):
        """Handle one event; the effects it causes, in order."""
        self._now = now
        kind = type(event)
        out = self._net.tick(now)
        if kind in _NETWORK:
            out += self._client.receive(event, now)
        elif kind is events.Datagram:
            self._net.receive(event.data, event.address, now)
            out += self._client.tick(now)
        else:
            self._screen = None
            out += self._other(event, kind, now)
        result = self._client.take()
        if result:
            self._screen = None
            out += self._show(result, now)
        self._say_loading()
        return out

    def deadline(self):
        """When Tick is due, in ms, or None."""
        waits = [self._client.deadline(), self._stack.deadline(), self._wall.next_minute(self._now)]
        waits = [wait for wait in waits if wait is not None]
        return min(waits) if waits else None

    def screen(self):
        """What the display says, as ui/screen.py Screen."""
        if self._screen is None:
            self._screen = self._stack.screen(self._status(self._now))
        return self._screen

    def paint(self, canvas):
        """Paint one band that is stale: (y, height, palette), or None when nothing is."""
        return self._painter.paint(self.screen(), canvas)

    def work(self):
        """Do one short step of work that may wait; True while there is more."""
        return self._stack.work()

    def relieve(self, now):
        """The heap is full: give up the page that is coming, the pages behind, the letters' pictures."""
        self._theme.forget()
        self._stack.trim()
        self._painter.reset()
        self._screen = None
        out = self._client.give_up("needs more memory than the phone has", now)
        result = self._client.take()
        if result:
            out += self._show(result, now)
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
            return self._client.tick(now) + self._obey(self._stack.tick(now), now)
        if kind is events.Link:
            return self._link(event, now)
        if kind is events.Low:
            self._theme.forget()
        elif kind is events.Wall:
            self._wall.learn(event.seconds, event.source, now)
        return []

    def _link(self, event, now):
        self._net.servers = event.dns
        if self._cause:
            out = self._journal.say(_CAUSES.get(self._cause, _CAUSES["reset"]), now)
            self._cause = ""
            if self._mistakes:
                out += self._journal.say("Configuration: " + self._mistakes[0], now)
                keys = (("Go on", "exit"),)
                self._stack.push(NoteView("Configuration", self._mistakes, keys, self._theme, None))
            return out
        return self._journal.say("The network is back." if event.up else "The network is gone.", now)

    def _obey(self, intent, now):
        """Do what the person wants."""
        if intent is None:
            return []
        verb, value = intent
        if verb == "key":
            verb = value
        context = self._stack.top.context
        self._replaces = verb in ("update", AGAIN, ELSEWHERE)
        if self._replaces:
            self._title = self._stack.top.title
        if verb == "service":
            return self._service(value, now)
        if verb == "open":
            self._title = self._stack.chosen
            if context:
                return self._client.open_link(value, context, now)
            return self._own(value, now)
        if verb == "update":
            return self._client.reload(context, now) if context else []
        if verb == AGAIN:
            return self._client.again(context, now)
        if verb == ELSEWHERE:
            return self._client.elsewhere(context, now)
        if verb == "exit":
            self._stack.home()
        elif verb == "back" and value == "back":
            self._stack.pop()
        elif verb == "cancel":
            self._stack.notice("Cancelled.", now)
            return self._client.cancel() + self._journal.say("The person did not want to wait.", now)
        return self._client.cancel()

    def _service(self, name, now):
        self._title = name[0].upper() + name[1:]
        if name in SERVICES:
            return self._client.open_service(name, now)
        self._stack.home()
        return self._client.cancel() + self._own(name, now)

    def _own(self, name, now):
        """Show one of the phone's own pages."""
        from phone.core import settings  # seldom wanted: it costs no memory until then

        page = settings.page(name, self._config, self._mistakes, self._book, self._journal, now)
        self._stack.push(page_view(page, self._theme, self._title, None))
        return []

    def _show(self, result, now):
        """Put what a request came to on the screen."""
        out = []
        if result.record is None and not result.sentences:
            self._stack.notice(result.notice, now)
            return out
        view = self._view(result, now)
        if self._replaces:
            self._stack.replace(view)
        else:
            if result.context.walks:
                self._stack.home()
            self._stack.push(view)
        if result.notice:
            self._stack.notice(result.notice, now)
        mends = result.record.mends if result.record else records.WHOLE
        if mends.count:
            said = "The page was mended in %d places; the first: %s." % (mends.count, mends.first)
            out += self._journal.say(said, now)
        if mends.cut:
            out += self._journal.say("The page was cut: %s" % mends.cut, now)
        return out

    def _view(self, result, now):
        if result.record:
            return page_view(result.record, self._theme, self._title, result.context)
        labels = {AGAIN: "Again"}
        if ELSEWHERE in result.offers:
            labels[ELSEWHERE] = "Try " + self._client.other(result.context, now).pointer.label
        keys = tuple([(labels[word], word) for word in result.offers]) + (EXIT, BACK)
        view = NoteView(self._title, result.sentences, keys, self._theme, result.context)
        if result.context.walks and not result.context.came and not self._theme.compact:
            view.remark = "No server gives this page now."
        return view

    def _status(self, now):
        """What every screen says beside its own content."""
        serving = self._book.serving(now)
        mark, label = self._whence(self._stack.top.context, serving)
        clock, date = self._wall.words(now)
        home = "Served by %s" % serving.label if serving else "No server answers"
        return Status(mark, label, clock, date, self._config.label, home, 0)

    def _whence(self, context, serving):
        """Mark and label of the server that gave the page on screen, or would give the next."""
        if context is None:  # a page of the phone's own
            if serving and not self._stack.depth:
                return self._book.mark(serving), serving.label
            return "", ""
        if not context.came:
            return self._book.mark(None), ""
        if context.pointer is None:  # a stranger's page, neither primary nor backup
            return "", context.url.host
        return self._book.mark(context.pointer), context.pointer.label
