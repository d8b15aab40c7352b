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
    next     the page that follows this one (Refresh), else as update
    post     value (url, body): send a form

The verbs of ui/bar.py OF_VIEW never leave the stack: the page on top is asked by view.key(verb, now), as it
is for a key, and answers with an Intent or None. A key acts as it goes down; a softkey that has something
else for that acts as it comes up. A key that is held is told to the page once by view.held(key, now), a
softkey by its verb; arrows repeat instead. Back that is held leads to the idle screen.

Two sentences may take the prompt line: what is being loaded, and a notice, which leaves after
NOTICE_MS or at the next key.
"""

from micropython import const

from phone.ui.bar import OF_VIEW
from phone.ui.compose import compose
from phone.ui.idle import IdleView
from phone.ui.keys import ARROWS, SERVICES, SOFT, Repeat
from phone.ui.screen import Intent

HISTORY = const(8)  # pages kept for Back: nobody remembers more
# Rows that all pages on the stack may have together; a row takes about 100 bytes of a board's heap.
ROWS = const(130)
NOTICE_MS = const(8000)  # long enough to read two lines
_QUERY = "querystringparam:"  # one half of an address: ui/trap.py
AIM_MS = const(300)  # who presses a key so soon after a page has changed has not seen it



class Stack:
    def __init__(self, theme):
        self._theme = theme
        self._views = [IdleView(theme)]
        self._repeat = Repeat()
        self._held = None  # (key, view, label, Intent): what is to be done as it comes up
        self._loading = None
        self._free = False  # whether keys mean what they always do meanwhile
        self._notice = ""
        self._notice_due = None
        self.window = None  # what stands over all pages (ui/window.py), if anything

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
    def form(self):
        """Whether something half-typed is on top, or below the word that it could not be sent."""
        return self.top.form or bool(self.top.offers) and self._views[-2].form

    @property
    def chosen(self):
        """Name of the item or softkey that the page on top opened last."""
        return self.top.chosen

    @property
    def pictured(self):
        """The view whose pictures are fetched: the page on top, then the window over it."""
        return self.window if self.window and not self.top.wants() else self.top

    def push(self, view):
        if view.floats:
            self.window = view
            return
        self._settle()
        self._views.append(view)
        while self.depth > 1 and (self.depth > HISTORY or sum([old.weight for old in self._views]) > ROWS):
            behind = [old for old in self._views[1:-1] if not old.form] or self._views[1:]
            self._views.remove(behind[0])

    def trim(self):
        """Keep the page on top, and none behind it but what was half-typed."""
        self._views[1:-1] = [old for old in self._views[1:-1] if old.form]

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
        held, self._held = self._held, None
        if not down:
            released = held and held[0] == key and held[1] is self.top
            return self._act(held[2], held[3], now) if released else None
        self._notice, self._notice_due = "", None
        locked = self._loading and not self._free
        own = None if locked else self.top.bar.trap(key)
        if own:
            return self._press(own, key, now)
        if key in SERVICES:
            self._settle()
            return Intent("service", key)
        if locked:
            return Intent("cancel", "") if key in ("back", "soft4") else None
        if key in SOFT:
            own = self.top.bar.press(SOFT.index(key))
            return self._press(own, key, now) if own else self.top.settle()
        if key == "back":
            if self.top.back():
                return None
            intent = self._obey(Intent("back", ""))
            self._repeat.receive(key, down, now)  # held longer it means more
            return intent
        return self.top.key(key, now)

    def soft(self, verb, now):
        """Do what a softkey with this verb does, whether the page has one or not; an Intent or None."""
        if self._loading and not self._free and verb != "exit":
            return Intent("cancel", "") if verb == "back" else None
        return self._act("", Intent(verb, ""), now)

    def _press(self, own, key, now):
        """A key that the page has something for, an entry() of ui/bar.py, goes down."""
        self.top.settle()
        if len(own) > 2:
            self._held = key, self.top, own[0], own[1]
            return self._act(own[0], own[2], now)
        return self._act(own[0], own[1], now)

    def _act(self, label, intent, now):
        view = self.top
        if intent is None:
            return None
        verb, value = intent
        if verb in OF_VIEW:
            return view.key(verb, now)
        if verb == "open":
            if _QUERY in (value[:17].lower(), view.link[:17].lower()):
                from phone.ui.trap import together

                intent = Intent(verb, together(value, view.link))
                if not intent.value:
                    return None
            view.chosen = label or view.chosen
        return self._obey(intent)

    def _long(self, key, now):
        """A key is held; an Intent or None."""
        bar = self.top.bar
        if key in SOFT:
            more = key == SOFT[3] and len(bar.keys) > 4
            own = None if more else bar.press(SOFT.index(key))
            key = own[1].verb if own and own[1] else ""
        intent = self.top.held(key, now)
        return self._obey(intent) if intent else None

    def _obey(self, intent):
        if intent.verb == "back":
            if not self.depth:
                return None
            self.pop()
        elif intent.verb == "exit":
            self.home()
        return intent

    def deadline(self):
        times = [self._notice_due, self.window.deadline() if self.window else None]
        if self._free or not self._loading:
            times += [self._repeat.deadline(), self.top.deadline()]
        times = [time for time in times if time is not None]
        return min(times) if times else None

    def tick(self, now):
        if self._notice_due is not None and now >= self._notice_due:
            self._notice, self._notice_due = "", None
        if self.window:
            self.window.tick(now)
        if self._loading and not self._free:
            return None
        key = self._repeat.tick(now)
        if key:
            return self.top.key(key, now) if key in ARROWS else self._long(key, now)
        return self.top.tick(now)

    def work(self):
        """One short step of work on the page on top; True while there is more. Optional: screen()
        does what is left."""
        return self.top.work()

    def screen(self, status):
        view, theme = self.top, self._theme
        while view.work():  # what it finds may be in its prompt
            pass
        window = self.window.float(not self.depth) if self.window else ()
        return compose(view, theme, status, self._loading, self._free, self._notice, window)
