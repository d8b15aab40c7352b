"""What the person sees and wants: the pages on the stack, what a key means there, and what becomes of it.

    keys --> ui/stack --Intent--> wants.py --> core/client        Result --> show() --> a page on the stack

The desk joins ui and the client as the agent joins the machines: it decides nothing that one of them could.
Here a phrase becomes text.
"""

from micropython import const

from phone.ageless import aging
from phone.core.pointers import IDLE
from phone.core.trouble import NO_ROOM, TITLES, mended
from phone.phrases import phrase
from phone.status import StatusLine
from phone.ui.keys import SERVICES as HARD
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.stack import Stack
from phone.ui.views import aged_view, page_view, trouble_view
from phone.wants import Wants

_MINUTE_MS = const(60000)  # how often an age is told anew


class Desk(Wants):
    """`own_pages(stack, look)` makes phone/own.py's OwnPages when the first is wanted."""

    def __init__(self, config, theme, book, client, journal, wall, store, taste, own_pages):
        stack = Stack(theme)
        Wants.__init__(self, theme, stack, client, journal, aging(theme, client, journal, stack), own_pages)
        self._wall = wall
        self._store = store
        self._taste = taste
        self._language = ""  # that the screen speaks
        self._warned = None  # (view, title, sentences): what was last said by warn()
        self.status = StatusLine(config.label, book, wall, theme.say)
        self._painter = Painter(theme)
        self._loading = None  # what is being waited for, as a phrase, and whether keys work meanwhile
        self._screen = None  # None: to be made anew
        self._trouble = ""  # of the store, as the idle screen says it
        self.machines = []  # the agent's: it puts its list in
        self._lives = None  # life.py, with the first page that wants it
        self._minute = None  # when the clock on the screen changes, in ms
        self._now = 0

    def deadline(self):
        wait = self.stack.deadline()
        if self._minute is None:
            return wait
        return self._minute if wait is None else min(wait, self._minute)

    def look(self, now):
        """At the end of each feed: the language, the words of waiting, the storage, and the clock."""
        self._now = now
        if self._language != self._taste.language:
            self._language = self._taste.language
            self._theme.speak(self._language)
            self._trouble = ""
            self.stale()
            if self._warned and self.stack.top is self._warned[0]:
                self.stack.pop()
                self.warn(*self._warned[1:])
        if self._own:
            self._own.look(now)
        words, free = self._waiting(), self._aging.refreshes
        loading = (words, free) if words else None
        if loading != self._loading:
            self._loading = loading
            self.stale()
            self.stack.loading(self._theme.say(words) if words else None, free)
        if self._store.trouble != self._trouble or self.status.moved():
            self._trouble = self._store.trouble
            self.stale()
            self.stack.idle.remark = self._theme.say(self._trouble)
        minute = self._wall.next_minute(now)
        if minute is None and self.stack.top.aged:
            minute = (now // _MINUTE_MS + 1) * _MINUTE_MS
        if minute != self._minute:
            self._minute = minute
            self.stale()

    def _waiting(self):
        """What the person waits for, as a phrase, or None."""
        if self._own and self._own.drill:
            return self._own.drill.waiting
        label = "" if self._aging.quiet else self._client.loading
        return phrase("Asking %s ...", label) if label else None

    @property
    def context(self):
        """What the page on screen stands on (core/result.py), None for a page of the phone's own."""
        return self.stack.top.context

    def stale(self):
        """Something may have changed what the screen says."""
        self._screen = None

    def screen(self):
        """What the display says, as ui/screen.py Screen."""
        if self._screen is None:
            self._aging.tell(self._now)
            status = self.status.now(self.stack, self._client.up, self._now)
            self._screen = self.stack.screen(status)
        return self._screen

    def paint(self, canvas):
        return self._painter.paint(self.screen(), canvas)

    def picture(self):
        from phone.core import screenshot

        return screenshot.picture(self._painter, self._theme)

    def work(self):
        return self.stack.work()

    def forget(self):
        """The heap is nearly full, and a service is being opened: its page will stand alone anyway."""
        self._theme.forget()
        if self._aging.refreshes:
            self.stack.trim()
        elif self._client.walks:
            self.stack.home()

    def relieve(self, wholly):
        """The heap is full: the pages behind that on screen go, but for what was half-typed, and the letters;
        wholly: the page on screen, too.
        """
        self._theme.forget()
        self.stack.trim()
        if wholly and self.stack.depth:
            old = self.stack.top
            self.stack.pop()
            said = (self._theme.say(NO_ROOM),)
            self.stack.push(NoteView(old.title, said, (), self._theme, None))
        self._painter.reset()
        self._loading = None  # what broke off may have been the words
        self.stack.loading(None)
        self.stale()

    def tell(self, said, now):
        """Say a phrase for a while, beside what is on screen."""
        self.stack.notice(self._theme.say(said), now)
        self.stale()

    def warn(self, title, sentences):
        """Show phrases that the person has to know of, with a key to go on."""
        say = self._theme.say
        said = [say(sentence) for sentence in sentences]
        keys = ((say(phrase("Go on")), "exit"),)
        view = NoteView(say(title), said, keys, self._theme, None)
        self._warned = view, title, sentences
        self.stack.push(view)

    def key(self, event, now):
        out = []
        if event.down and self._own and self._own.drill:  # any key ends a drill; most do no more
            out = self._own.stop(now)
            if event.key not in HARD:
                return out
        return out + self._obey(self.stack.key(event.key, event.down, now), now)

    def tick(self, now):
        return self._obey(self.stack.tick(now), now)

    def _put(self, view):
        (self.stack.replace if self._replaces else self.stack.push)(view)

    @property
    def rests(self):
        """Whether nobody's page is on the screen."""
        return not self.stack.depth or self.covered

    @property
    def covered(self):
        """Whether the page in the place of the idle screen is there (idling.py)."""
        context = self.stack.top.context
        return bool(context) and context.service == IDLE

    def cover(self, now):
        """Nobody wants anything: load the page in the place of the idle screen; effects."""
        aging = self._aging
        aging.awaits, aging.quiet = self.stack.top if self.covered else None, True
        self._replaces, self._title = False, self._theme.say(TITLES[IDLE])
        return self._client.open_service(IDLE, now)

    def uncover(self):
        """Somebody is there: that page goes."""
        if self.covered:
            self.stack.home()
            self.stale()

    def leave(self, now):
        """It is not wanted any more, should it be on its way; effects."""
        waits, self._aging.quiet = self._aging.quiet and self.rests, False
        return self._client.cancel(now) if waits else []

    def _live(self, view, life, now, again=False):
        """Its server said of the page on top what is to become of it."""
        if not self._lives:
            from phone.life import PageLife

            self._lives = PageLife(self.stack, self._client, self._aging, self._obey)
            self.machines.append(self._lives)
        self._lives.begin(view, life, now, again)

    def show(self, result, now):
        """Put what a request came to (core/result.py) on the screen; effects."""
        self.stale()
        if not self._aging.takes(result):
            return []
        result = self._aging.spare(result)
        notice = self._theme.say(result.notice)
        if result.record is None and not result.sentences:
            self.stack.notice(notice, now)
            return []
        top = self.stack.top
        title = top.title if self._aging.refreshes else self._title
        if result.copy:
            view = aged_view(result, self._theme, title)
        elif result.record:
            view = page_view(result.record, self._theme, title, result.context)
        else:
            view = trouble_view(result, title, self._theme)
        if view.floats:
            self.stack.push(view)
            return []
        life = result.life or self._aging.refreshes and result.copy and top.life
        if self._aging.refreshes:
            self.stack.refresh(view, now)
        else:
            if result.record and top.life and top.life.expired and not self._replaces:
                self.stack.pop()
            if result.context.walks and not self._replaces:
                self.stack.home()
            self._put(view)
        if notice:
            self.stack.notice(notice, now)
        if self.covered:  # whoever presses a key wants the phone
            view.bar = self.stack.idle.bar
        if life:
            self._live(view, life, now, not result.life)
        out = self._aging.shown(result, view, now)
        for said in mended(result.record) if result.record and not result.copy else ():
            out += self._journal.say(said, now)
        return out
