"""What the person sees and wants: the pages on the stack, what a key means there, and what becomes of it.

    keys --> ui/stack --Intent--> wants.py --> core/client        Result --> stage.py --> a page on the stack

The desk joins ui and the client as the agent joins the machines: it decides nothing that one of them could.
Here a phrase becomes text.
"""

from micropython import const

from phone.ageless import aging
from phone.core.trouble import NO_ROOM
from phone.phrases import phrase
from phone.stage import Stage
from phone.status import StatusLine
from phone.ui.keys import SERVICES as HARD
from phone.ui.note import NoteView
from phone.ui.painter import Painter
from phone.ui.stack import Stack

_MINUTE_MS = const(60000)  # how often an age is told anew


class Desk(Stage):
    """`own_pages(stack, look)` makes phone/own.py's OwnPages when the first is wanted."""

    def __init__(self, config, theme, book, client, journal, wall, store, taste, own_pages):
        stack = Stack(theme)
        Stage.__init__(self, theme, stack, client, journal, aging(theme, client, journal, stack), own_pages)
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
        words, free = self._waiting(), self.aging.refreshes
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
        label = "" if self.aging.quiet else self._client.loading
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
            self.aging.tell(self._now)
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
        if self.aging.refreshes:
            self.stack.trim()
        elif self._client.walks:
            self.stack.home()

    def relieve(self, wholly):
        """The heap is full: the pages behind that on screen go, but for what was half-typed, and the letters;
        wholly: the page on screen, too.
        """
        self._theme.forget()
        self.stack.trim()
        if wholly:
            self.stack.window = None
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
