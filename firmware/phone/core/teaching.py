"""What call managers tell of backups: whose word is taken, and what is said of it.

    2xx of the current home --Call-Info--> new? --verdict--> the set of keep-alives: of whom told it last
    NOTIFY of a known manager ------------------> verdict--> pushed, the newest first, before all others
                                                     |
                                                     +--> backups.py, and the journal

The rules are in docs/pointers.md, and in verdict.py, which is loaded with the first set. Words that were
heard before cost a checksum. A manager that tells something else each time fills neither the flash (cold.py:
once an hour), nor the journal (below), nor the heap: there are eight pointers of each source, and no more is
kept.
"""

from binascii import crc32

from micropython import const

from phone.core import learned
from phone.core.backups import Backups, Batch
from phone.core.learned import MANAGER
from phone.core.pointers import KEEPALIVE, PUSH
from phone.phrases import phrase

SAID_BURST = const(8)  # lines of the journal, of 64, that need not wait
SAID_EVERY_MS = const(3600000)  # then a line an hour: what else happened stays readable
# A number that was heard is stored at once, before the pace of its record allows it, so that a loss of power
# brings no older set back: only who has the key can make the phone write so.
SURE_BURST = const(4)
SURE_EVERY_MS = const(600000)  # 53,000 updates a year, 3,500 erases (docs/store.md)
_SHOWN = const(3)  # hosts that are told by name
_NAME_MAX = const(40)  # letters of each


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
        self._trust, self._records, self._journal = config.trust, store, journal
        self._mark = None  # of the words that were judged last
        self._numbers = None  # of signed sets, a Numbers
        self._rises = False  # they are others than on the flash
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
        taught, spread, number, out = self._judge(KEEPALIVE, label, values, now)
        if taught is None:
            self._mark = mark
            return out
        before, self.told, self.spread = self.told.taught, Batch(taught, now // 1000), spread
        if number or _words(taught) != _words(before):
            out += self._say(_tells(label, taught, number), now)
        self.settle(KEEPALIVE, now, taught != before)
        self._mark = mark
        return out + self._sure(now)

    def pushed(self, label, values, now):
        """A push of a known manager that gave the password: (effects, the service to be shown now, or "").
        values: those of its Call-Info.
        """
        if not self.ready:
            return [], ""
        taught, _, _, out = self._judge(PUSH, label, values, now)
        if taught is None:
            return out, ""
        if not taught:
            self.pushes = []
            self.settle(PUSH, now, True)
            return out + self._sure(now) + self._say(phrase("%s takes back what was pushed.", label), now), ""
        known = [(one.service, one.url) for one in taught]
        room = learned.TAUGHT_MAX - len(taught)
        for batch in self.pushes:
            batch.taught = [one for one in batch.taught if (one.service, one.url) not in known][:room]
            room -= len(batch.taught)
        self.pushes = [Batch(taught, now // 1000)] + [batch for batch in self.pushes if batch.taught]
        self.settle(PUSH, now, True)
        out += self._sure(now) + self._say(phrase("%s pushes backups: %s.", label, _names(taught)), now)
        return out, taught[0].service or "services"

    def tick(self, now):
        if not self.ready:
            self.recall(now)
        gone = self.expired(now) if self.ready else ()
        if not gone:
            return []
        self._mark = None  # told again it is judged again
        return self._say(phrase("What was told of backups has expired: %s.", _names(gone)), now)

    def _judge(self, source, label, values, now):
        """(list of Taught, spread in s or None, number, effects). None: nothing changes. number: of a
        signature whose end cannot be looked at, because the time is unknown; else 0.
        """
        from phone.core import verdict
        from phone.wire import pointer_set

        found = pointer_set.read(values, self._trust.purpose)
        self.refused = ""
        if not found.named:
            self.refused = verdict.NOTHING
            return None, None, 0, []
        utc = self.wall.utc(now)
        key = pointer_set.hmac(self._trust.key, b"everline")[:4]
        self._numbers = self._numbers or learned.unpack_numbers(self._records.get(learned.SIGNED), key)
        least = self.wall.floor if utc is None else utc
        number, mac, ends, why = verdict.seal(self._trust, found, source, self._numbers, least)
        if why:
            self.refused = why
            said = phrase("What %s tells of backups is refused: %s.", label, why)
            return None, None, 0, self._refuse(said, now)
        if number:
            self._count(source, number, mac, now)
        out = []
        taught, spread, why = verdict.pointers(self._trust, found, source, bool(number), ends)
        if why:
            self.refused = why
            out = self._refuse(phrase("A backup that %s tells is not taken: %s.", label, why), now)
        if why and not taught:
            return None, None, 0, out  # what nobody can use is no reason to forget what can be used
        return taught, spread, number if utc is None else 0, out

    def _count(self, source, number, mac, now):
        """A signed set was taken: none that is older comes after it."""
        before = self._numbers
        key, told, told_mac, pushed, pushed_mac = before
        if source == KEEPALIVE:
            told, told_mac = number, mac
        else:
            pushed, pushed_mac = number, mac
        self._numbers = learned.Numbers(key, told, told_mac, pushed, pushed_mac)
        self._rises = self._rises or self._numbers != before
        self._records.put(learned.SIGNED, learned.pack_numbers(self._numbers), now)

    def _sure(self, now):
        """A number that is new goes to the flash; effects."""
        rises, self._rises = self._rises, False
        return self._records.flush(now) if rises and self._stores.allows(now) else []

    def _refuse(self, said, now):
        """The same is said once; effects."""
        if said == self._said:
            return []
        self._said = said
        return self._say(said, now)

    def _say(self, said, now):
        """A line of the journal, unless there were many; effects."""
        if not self._says.allows(now):
            self._unsaid += 1
            return []
        out = []
        if self._unsaid:
            out = self._journal.say(phrase("%d more sentences on backups were left out.", self._unsaid), now)
            self._unsaid = 0
        return out + self._journal.say(said, now)


def _words(taught):
    """What a set says, without for how long."""
    return [(one.service, one.url, one.q) for one in taught]


def _names(taught):
    """The first hosts, as a person knows servers."""
    names = []
    for one in taught:
        name = one.url if one.service == MANAGER else one.url.partition("://")[2].partition("/")[0]
        if name[:_NAME_MAX] not in names:
            names.append(name[:_NAME_MAX])
    return ", ".join(names[:_SHOWN]) + (" ..." if len(names) > _SHOWN else "")


def _tells(label, taught, number):
    if not taught:
        return phrase("%s takes its backups back.", label)
    if number:
        end = phrase("Without the time nobody knows when it ends.")
        return phrase("%s tells of backups: %s. Signed, number %d. %s", label, _names(taught), number, end)
    return phrase("%s tells of backups: %s.", label, _names(taught))
