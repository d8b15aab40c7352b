"""The pages that are open, and what a key press means.

    [idle] [menu] [menu] [text]     the last one is shown; Back takes it off, Exit all but idle

A key press ends in an Intent for the agent, or changes the view and ends in None. Verbs:

    service  value services|directory|messages|information|settings: a hard key
    open     value the URL as written on the page; `chosen` names the item or softkey
    update   load the page again            cancel   stop loading
    back     a page was taken off           exit     all pages were taken off
    why      what is wrong with the servers, over the page that says so
    key      value a word of a NoteView's offers: a softkey of the phone's own page

    search   look for names in the pages that the phone has

Two sentences may take the prompt line: what is being loaded, and a notice, which leaves after
NOTICE_MS or at the next key.
"""

from micropython import const

from phone.phrases import phrase
from phone.ui.idle import IdleView
from phone.ui.keys import SERVICES, SOFT, Repeat
from phone.ui.screen import STALE, Intent, Screen

HISTORY = const(8)  # pages kept for Back: nobody remembers more
# Rows that all pages on the stack may have together; a row takes about 100 bytes of a board's heap.
ROWS = const(130)
NOTICE_MS = const(8000)  # long enough to read two lines
AIM_MS = const(300)  # who presses a key so soon after a page has changed has not seen it

_CANCEL = phrase("Cancel")


class Stack:
    def __init__(self, theme):
        self._theme = theme
        self._views = [IdleView(theme)]
        self._repeat = Repeat()
        self._loading = None
        self._free = False  # whether keys mean what they always do meanwhile
        self._notice = ""
        self._notice_due = None

    @property
    def top(self):
        return self._views[-1]

    @property
    def idle(self):
        """The view below all pages."""
        return self._views[0]

    @property
    def depth(self):
        """Number of pages above the idle view."""
        return len(self._views) - 1

    @property
    def chosen(self):
        """Name of the item or softkey that the page on top opened last."""
        return self.top.chosen

    def push(self, view):
        self._settle()
        self._views.append(view)
        while self.depth > 1 and (self.depth > HISTORY or sum([old.weight for old in self._views]) > ROWS):
            self._views.pop(1)

    def trim(self):
        """Keep the page on top, and none behind it."""
        del self._views[1:-1]

    def replace(self, view):
        """Put `view` in the place of the page on top (above idle where there is none).

        A page that was loaded again is shown where the person was reading."""
        if type(view) is type(self.top) and view.title == self.top.title:
            view.resume(self.top)
        self.pop()
        self.push(view)

    def refresh(self, view, now):
        """What the page on top has become by itself: the person may be in the middle of it."""
        if not (type(view) is type(self.top) and view.resume(self.top)):
            view.blind = now + AIM_MS
        self._views[-1] = view

    def pop(self):
        self._settle()
        if self.depth:
            self._views.pop()

    def home(self):
        self._settle()
        del self._views[1:]

    def loading(self, text, free=False):
        """Say `text` and offer Cancel until loading(None); other keys are ignored meanwhile. free: there is a
        page to go on with, and all keys work."""
        if not (free or self._free):
            self._settle()
        self._loading = text
        self._free = free
        if text:
            self._notice, self._notice_due = "", None

    def notice(self, text, now):
        self._notice = text
        self._notice_due = now + NOTICE_MS

    def _settle(self):
        self._repeat.stop()
        self.top.settle()

    def key(self, key, down, now):
        self._repeat.receive(key, down, now)
        if not down:
            return None
        self._notice, self._notice_due = "", None
        if key in SERVICES:
            self._settle()
            return Intent("service", key)
        if self._loading and not self._free:
            return Intent("cancel", "") if key in ("back", "soft4") else None
        if key in SOFT:
            return self._soft(SOFT.index(key), now)
        if key == "back":
            return None if self.top.back() else self._obey(Intent("back", ""))
        return self.top.key(key, now)

    def _soft(self, index, now):
        view = self.top
        view.settle()
        label, intent = view.bar.press(index) or ("", None)
        if intent is None:
            return None
        if intent.verb == "select":
            return view.key("select", now)
        if intent.verb == "open":
            view.chosen = label
        return self._obey(intent)

    def _obey(self, intent):
        if intent.verb == "back":
            if not self.depth:
                return None
            self.pop()
        elif intent.verb == "exit":
            self.home()
        return intent

    def deadline(self):
        times = [self._notice_due]
        if self._free or not self._loading:
            times += [self._repeat.deadline(), self.top.deadline()]
        times = [time for time in times if time is not None]
        return min(times) if times else None

    def tick(self, now):
        if self._notice_due is not None and now >= self._notice_due:
            self._notice, self._notice_due = "", None
        if self._loading and not self._free:
            return None
        key = self._repeat.tick(now)
        return self.top.key(key, now) if key else self.top.tick(now)

    def work(self):
        """One short step of work on the page on top; True while there is more. Optional: screen()
        does what is left."""
        return self.top.work()

    def screen(self, status):
        view, theme = self.top, self._theme
        while view.work():  # what it finds may be in its prompt
            pass
        locked = self._loading and not self._free
        prompt = self._loading if locked else self._notice
        if not prompt:
            prompt = view.remark
            if self._loading and not theme.compact:
                prompt = "%s. %s" % (prompt, self._loading)
            if not prompt and not (theme.compact and view.title):  # a row is worth more there
                prompt = view.prompt
            if theme.compact:  # what stays may take one row only
                prompt = theme.prompt_font.fit(prompt, theme.width - 2 * theme.margin)
        kind, title, rows, first, total, selected = view.show(theme.rows_beside(prompt), status)
        if view.aged:
            title = "%s %s" % (STALE, title)
        say = theme.say
        keys = ("", "", "", say(_CANCEL)) if locked else view.bar.labels(say)
        return Screen(kind, status.mark, status.label, status.clock, title, rows, first, total, selected,
                      prompt, bool(self._loading), keys, view.extra)
