"""What call managers tell of backups: whose word is taken, and what is said of it.

    2xx of the current home --Call-Info--> new? --verdict--> the set of keep-alives: of whom told it last
    NOTIFY of a known manager ------------------> verdict--> pushed, the newest first, before all others
                                                     |
                                                     +--> backups.py, and the journal

The rules are in docs/pointers.md and in lesson.py, which is loaded with what is new. Words that were
heard before cost a checksum. A manager that tells something else each time fills neither the flash (cold.py:
once an hour), nor the journal (below), nor the heap: there are eight pointers of each source, and no more is
kept.
"""

from binascii import crc32

from micropython import const

from phone.core.backups import Backups
from phone.phrases import phrase

SAID_BURST = const(8)  # lines of the journal, of 64, that need not wait
SAID_EVERY_MS = const(3600000)  # then a line an hour: what else happened stays readable
# A number that was heard is stored at once, before the pace of its record allows it, so that a loss of power
# brings no older set back: only who has the key can make the phone write so.
SURE_BURST = const(4)
SURE_EVERY_MS = const(600000)  # 53,000 updates a year, 3,500 erases (docs/store.md)


class _Pace:
    """So many at once, and then one in each `every` ms."""

    def __init__(self, burst, every):
        self._room = (burst - 1) * every
        self._every = every
        self._at = 0  # ms: where one that never paused would stand

    def allows(self, now):
        """Whether one more is allowed now, which counts then."""
        if self._at > now + self._room:
            return False
        self._at = max(self._at, now) + self._every
        return True


class Teaching(Backups):
    """A machine of the agent; `managers`, `changed`, `spread_ms`, `homing`, `ready` as of Backups. `refused`:
    why the last answer or push, or a part of it, was not taken, as a phrase; "" where all of it was.
    """

    def __init__(self, config, book, store, journal, wall):
        Backups.__init__(self, config, book, store, wall)
        self.refused = ""
        self.trust, self.records, self._journal = config.trust, store, journal
        self._mark = None  # of the words that were judged last
        self.numbers = None  # of signed sets, a Numbers
        self.rises = False  # they are others than on the flash
        self._said = None  # what was refused last, and of whom
        self._says, self._unsaid = _Pace(SAID_BURST, SAID_EVERY_MS), 0
        self._stores = _Pace(SURE_BURST, SURE_EVERY_MS)

    def answered(self, label, message, now):
        """A 2xx of the current home, to a request of ours: effects. label: what the user calls that home."""
        values = message.all(b"call-info") if self.ready and 200 <= message.status < 300 else ()
        if not values:
            return []
        mark = 0
        for value in values:
            mark = crc32(b",", crc32(value, mark))
        mark = label, mark, self.wall.source  # who knows the time by now judges anew
        if mark == self._mark:
            self.renew(now)
            return []
        self._mark = None  # should memory be short at any line below, the same words are judged once more
        from phone.core.lesson import taught

        out = taught(self, label, values, now)
        self._mark = mark
        return out

    def pushed(self, label, values, now):
        """A push of a known manager that gave the password: (effects, the service to be shown now, or "").
        values: those of its Call-Info.
        """
        if not self.ready:
            return [], ""
        from phone.core.lesson import pushed

        return pushed(self, label, values, now)

    def tick(self, now):
        if not self.ready:
            self.recall(now)
        gone = self.expired(now) if self.ready else ()
        if not gone:
            return []
        from phone.core.lesson import expired

        self._mark = None  # told again it is judged again
        return expired(self, gone, now)

    def sure(self, now):
        """A number that is new goes to the flash; effects."""
        rises, self.rises = self.rises, False
        return self.records.flush(now) if rises and self._stores.allows(now) else []

    def refuse(self, said, now):
        """The same is said once; effects."""
        if said == self._said:
            return []
        self._said = said
        return self.say(said, now)

    def say(self, said, now):
        """A line of the journal, unless there were many; effects."""
        if not self._says.allows(now):
            self._unsaid += 1
            return []
        out = []
        if self._unsaid:
            out = self._journal.say(phrase("%d more sentences on backups were left out.", self._unsaid), now)
            self._unsaid = 0
        return out + self._journal.say(said, now)
