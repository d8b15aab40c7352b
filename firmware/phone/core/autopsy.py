"""Why did the last life of the phone end, and how should this one begin? Asked once, at the start.

                     reset by our own will, or power
       usual start <--------------------------------- left alone, or "Try again" -+
          |                                                                       |
          +-- a bad end: its pointer is asked last --third within 3 min--> safe mode: no services
          ^              (suspects.py)                |                       ^   |
          +-------------------------------------------+                       +---+ any bad end

A bad end is a reset by the watchdog, or one before which the phone did not say that it wished it: a panic of
the interpreter, a crash of the process. Of a life is known what it kept in the scratch memory (blackbox.py).
"""

from micropython import const

from phone.core import suspects
from phone.core.journal import CAUSES
from phone.core.trouble import seconds
from phone.phrases import phrase
from phone.wire.life import pack_wary, unpack
from phone.wire.scratch import ASKING, NOTHING, READING, SHOWING, SPELL_MS, STARTING, fingerprint, pack

FALLS_MAX = 3  # bad ends within SPELL_MS: then safe mode
CRASH = "crash"  # a cause beside those of a board: a reset that nobody wished
SAFE_MS = 1800000  # half an hour: whatever killed the phone may have passed, and somebody needs it
SAFE_MAX_MS = 14400000  # four hours; it doubles where the usual start ended in safe mode again
_ROUNDS_MAX = const(8)
_BOOTS_MAX = const(65535)
_WATCHDOG_S = const(8)  # a phone that had stopped waited so long for its watchdog


class Start:
    """How this life begins. `scratch`: what the last one left; `cause`: as a board gives it."""

    def __init__(self, scratch, cause):
        self.cause = cause
        self.boots = 1
        self.safe = self.round = 0
        self.falls = b""  # as in wire/life.py
        self.found = {}  # fingerprint -> how often it stopped the phone
        self.url = 0  # fingerprint of the suspect
        self._phase = NOTHING
        self._label = ""
        self._notes = ()
        life = unpack(scratch) if cause != "power" else None
        if life:
            self._follow(life)
        elif cause == "watchdog":
            self.falls = b"\0"  # that much is known
        self.wary = pack_wary(self.found)

    def _follow(self, life):
        """This life comes after that one."""
        self.boots = min(life.boots + 1, _BOOTS_MAX)
        self.found = life.wary
        self._notes = [(max(0, life.ms - ms), text) for ms, text in life.notes]
        if self.cause != "watchdog":
            self.cause = "reset" if life.why else CRASH
        aged = life.ms // 1000 + (_WATCHDOG_S if self.cause == "watchdog" else 0)
        falls = [age + aged for age in life.falls if age + aged <= SPELL_MS // 1000]
        if life.safe or life.ms < SPELL_MS:  # else the phone was well in between
            self.round = life.round
        if self.cause == "reset":
            self.falls = b"" if life.safe else bytes(falls)
            return
        self.falls = bytes(([0] + falls)[:FALLS_MAX])
        self.safe = int(life.safe or len(self.falls) == FALLS_MAX)
        self.round = min(self.round + (self.safe and not life.safe), _ROUNDS_MAX)
        if life.phase >= STARTING:
            self._phase, self.url, self._label = life.phase, life.url, life.label
        if life.url:
            self.found[life.url] = self.found.get(life.url, 0) + 1

    @property
    def starting(self):
        """What to keep before anything else is done: should the start end badly, the next one knows."""
        return pack((STARTING, 0, 0, self.boots, self.safe, self.round),
                    (self.falls, self.wary, b"", b""), b"")

    def begin(self, book, journal, box, desk, mistakes, now):
        """The phone starts: be wary of the suspects, tell the account and the person; effects."""
        for url, strikes in self.found.items():
            suspects.add(url, strikes, book, now)
        out = []
        for ago, text in self._notes:
            out += journal.say(phrase("%s before the reset: %s", seconds(ago), text), now)
        box.said = journal.said  # what was before the reset is not before the next one
        out += journal.start(self.cause, mistakes, now)
        follows = self._follows(book, now)
        for said in self.doing() + follows:
            out += journal.say(said, now)
        if self.safe:
            desk.begin(self, now)
        elif self.url:
            desk.warn(phrase("Started anew"), follows + self.doing() + [CAUSES[self.cause]])
        if mistakes:
            desk.warn(phrase("Configuration"), mistakes)
        return out

    def doing(self):
        """What was going on when it ended, as a list of one phrase at most."""
        if self._phase == STARTING:
            return [phrase("It was still starting.")]
        if self._phase == ASKING:
            return [phrase("It was asking %s.", self._label)]
        if self._phase == READING:
            return [phrase("It was reading a page from %s.", self._label)]
        if self._phase == SHOWING:
            return [phrase("It was showing a page from %s.", self._label)]
        return []

    def _follows(self, book, now):
        """What follows from it for the suspect, if it is one of the book's pointers: the same."""
        for pointer in book.pointers if self.url else ():
            if fingerprint(pointer.url) == self.url:
                wait = seconds(suspects.wait_ms(self.found[self.url]))
                other = book.in_use(pointer.service, now)
                if other and not book.is_wary(other, now):
                    return [phrase("The phone starts with %s; %s is asked last for %s.",
                                   other.label, pointer.label, wait)]
                return [phrase("%s is asked last for %s.", pointer.label, wait)]
        return []

    def safe_ms(self):
        """For how long a phone that is left alone stays in safe mode."""
        return min(SAFE_MS << max(self.round - 1, 0), SAFE_MAX_MS)
