"""What is going on, kept where a reset does not reach it: should the phone die, its next life knows of what.

              key, probe              bytes of it come              page on screen
    NOTHING ------------> ASKING ------------------> READING ------------------> SHOWING
       ^                    |                           |       10 s, painted:      |
       +--- no answer ------+------- no page -----------+------- it did no harm ----+

Kept is one pointer: the one whose bytes are fed, else that of the page on screen, else the one asked last. It
is kept *before* its bytes are fed (mark), because a reader that never returns could not say so afterwards.
What follows from it is found out at the next start, by core/autopsy.py.
"""

from micropython import const

from phone.core.result import label
from phone.core.run import PROBE
from phone.events import Restart, Scratch
from phone.phrases import plain
from phone.wire import scratch
from phone.wire.scratch import ASKING, NOTHING, READING, SHOWING, SPELL_MS, fingerprint

HARMLESS_MS = 10000  # of life after a page was painted: it did no harm
LINGER_MS = 20000  # after a page was given up: a phone that is the worse for it is started anew by then
GIVEN_UP_MS = 300000  # a page that was given up: others are asked before that server for so long
LINES_MAX = 6  # of the account that survive: what led to the end
_LINE_MAX = const(120)  # characters of one
_SIGN_MS = const(5000)  # how often the age is kept until then: it tells the next life how long this one was


class Blackbox:
    """`start`: what core/autopsy.py found."""

    def __init__(self, book, journal, store, start):
        self.painted = False  # what is on screen was drawn to the end
        self.store = store
        self._loaded = False  # whom the store knows is known here, too
        self.wary = start.wary  # pointers that are asked last, as wire/life.py packs them
        self._book = book
        self._journal = journal
        self._life = start.boots, start.safe, start.round
        self._falls = start.falls
        self._runs = []  # under way
        self._read = None  # of these, the one whose bytes came last
        self._shown = None  # Context of the page on screen
        self._as = SHOWING  # READING where it was given up, and there is a sentence on screen
        self._good = False  # it came just now
        self._until = 0  # ms; it did no harm then
        self._sign_at = 0  # ms; the age is kept
        self._phase = self._target = None  # what is kept: a Context, or None: it is about nobody
        self._about = None  # Pointer or Context whose fingerprint and label are known
        self._url, self._label = 0, b""
        self.said = 0  # lines of the account that are in _notes, or do not belong there
        self._notes = b""

    def begin(self, run):
        """A request begins."""
        self._runs.append(run)
        if run.why != PROBE:
            self._shown = None

    def end(self, run):
        """It is over."""
        if run in self._runs:
            self._runs.remove(run)
        if self._read is run:
            self._read = None

    def gave_up(self, run, now):
        """The page of this Run, or None, was more than the phone could deal with; it lives, so far."""
        if not run:
            return
        self._show(run.target, READING, False, now + LINGER_MS)
        if run.target.walks and run.target.pointer:
            url = fingerprint(run.target.pointer.url)
            self._book.wary[url] = now + GIVEN_UP_MS, self._book.wary.get(url, (0, 0))[1]

    def shows(self, result, now):
        """What a request came to (core/result.py) goes on the screen. A copy proves nothing."""
        if result.record:
            self._show(result.context, SHOWING, not result.copy, now + HARMLESS_MS)

    def touched(self, context, now):
        """A key was pressed on a page that stands on `context`, or on one of the phone's own: None."""
        if context and context.came:
            good = self._good and context is self._shown
            self._show(context, SHOWING, good, now + HARMLESS_MS)

    def _show(self, context, phase, good, until):
        self._shown, self._as, self._good, self._until = context, phase, good, until
        self.painted = False

    def mark(self, conn, now):
        """Bytes of `conn` are about to be fed: what is to be kept before, or None."""
        if self._read and self._read.fetch.conn == conn:
            return None
        for run in self._runs:
            if run.fetch.conn == conn:
                self._read = run
                self._phase, self._target = READING, run.target
                return self._try(now)
        return None  # a visitor's

    def deadline(self):
        waits = []
        if self._sign_at <= SPELL_MS:
            waits.append(self._sign_at)
        if self._shown:
            waits.append(self._until)
        return min(waits) if waits else None

    def tick(self, now):
        """At the end of each feed: keep what has changed; effects."""
        out = []
        if self.store.ready and not self._loaded:
            self._load(now)
        if self._shown and now >= self._until:
            out = self._harmless(now)
        phase, target = NOTHING, None
        if self._read:
            phase, target = READING, self._read.target
        elif self._shown:
            phase, target = self._as, self._shown
        elif self._runs:
            phase, target = ASKING, self._runs[-1].target
        if phase == self._phase and target is self._target and self._journal.said == self.said:
            if now < self._sign_at or self._sign_at > SPELL_MS:
                return out
        self._phase, self._target = phase, target
        data = self._try(now)
        if data:
            out.append(Scratch(data))
        return out

    def last_words(self, why, now):
        """What to keep before the phone starts anew by its own will: then nobody is to blame."""
        self._phase, self._target = NOTHING, None
        return self._pack(now, why)

    def finish(self, out, now):
        """A feed ends with these effects: what there is to keep joins them. A new start comes last."""
        out += self.tick(now)
        for effect in out:
            if type(effect) is Restart:
                out.remove(effect)
                out += (Scratch(self.last_words(effect.why, now)), effect)
                break

    def _load(self, now):
        """The store has been read: be wary of those whom it knows, too, and let it know the others."""
        self._loaded = True
        stored = self.store.get(scratch.RECORD)
        if stored or self.wary:
            from phone.core import suspects

            suspects.load(stored, self._book, now)
            suspects.keep(self._book, self, now)

    def _harmless(self, now):
        """The page on screen did the phone no harm; effects."""
        if not self.painted:
            self._until = now + HARMLESS_MS
            return []
        shown, self._shown = self._shown, None
        if not (self._good and self._book.wary and shown.pointer):
            return []
        from phone.core import suspects

        return suspects.clear(shown.pointer, self._book, self, self._journal, now)

    def _try(self, now):
        """The bytes to keep, or None: no room for them is no reason to give up a page."""
        try:
            return self._pack(now)
        except MemoryError:
            self._phase = None  # the next feed tries again
            return None

    def _pack(self, now, why=""):
        target = self._target
        about = target and (target.pointer or target)
        if about is not self._about:
            self._about = about
            self._url = fingerprint(about.url) if about else 0
            self._label = label(target)[: scratch.LABEL_MAX].encode() if about else b""
        if now >= self._sign_at:
            self._sign_at = now - now % _SIGN_MS + _SIGN_MS
        self._note()
        head = (self._phase, self._url, min(now, 0xFFFFFFFF)) + self._life
        parts = (self._falls, self.wary, self._label, why.encode())
        return scratch.pack(head, parts, self._notes)

    def _note(self):
        """Take over what was said since the last time, whole lines, as many as there is room for."""
        journal = self._journal
        new = min(journal.said - self.said, len(journal.lines), LINES_MAX)
        for ms, said in journal.lines[len(journal.lines) - new :]:
            self._notes += b"%d %s\n" % (ms, plain(said)[:_LINE_MAX].replace("\n", " ").encode())
        self.said = journal.said
        while len(self._notes) > scratch.NOTES_MAX:
            self._notes = self._notes[self._notes.find(b"\n") + 1 :]
