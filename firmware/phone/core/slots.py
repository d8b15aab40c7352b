"""One record in two files, so that one of them is whole at every moment.

      home.a  [Evl 1 | number 8 | length | check | data]     the newest whole one: it counts
      home.b  [Evl 1 | number 7 | length | check | data]     the other one: it is written next

      unread --both are Loaded--> kept --data changes--> wanted --its time has come--> being written
                                   ^                       ^                              |
                                   +-------- Saved --------+-- refused, or no answer -----+

A power cut while a slot is written spoils that slot at most. Numbers wrap: the later of two is less than half
a turn ahead. The check (CRC-32) is over the data, then over number and length. Which slot counts and when it
is written is decided here; bytes are brought to the flash by runtime/files.py.
"""

from binascii import crc32

from micropython import const

from phone.events import BROKEN, Load, Save

HEAD = const(16)  # bytes before the data
# Of a record that changes often, with its head. LittleFS keeps a file of so much within its folder, at one
# erase in fifteen updates; four bytes more cost an erase each time (docs/store.md).
HOT_MAX = const(128)
EVERY_MS = const(1800000)  # half an hour: the pace at which a record may change for ever
BURST = const(4)  # changes that need not wait for it after a quiet time: a move and a return, twice
BURST_AT_START = const(1)  # a phone that starts over and over must not have the whole burst each time
ANSWER_MS = const(10000)  # the hands have answered by then, or the answer was lost with a full heap
LOST = "lost"  # beside the words of Saved.why: what was stored is whole in neither slot
_NUMBER_MAX = const(0xFFFFFFFF)
_MAGIC = b"Evl\x01"  # its last byte is the version of this form


def file(name, slot):
    """What the file of slot 0 or 1 is called."""
    return name + (".b" if slot else ".a")


def newer(one, other):
    """Whether number `one` was given after `other`."""
    return 0 < (one - other) & _NUMBER_MAX <= _NUMBER_MAX // 2


def head(number, length, total):
    """What stands before `length` bytes of data whose CRC-32 is `total`."""
    start = _MAGIC + (number & _NUMBER_MAX).to_bytes(4, "big") + length.to_bytes(4, "big")
    return start + crc32(start, total).to_bytes(4, "big")


def read_head(start):
    """(number, length) from the first bytes of a slot, or None: it is not a record's."""
    if len(start) < HEAD or start[:4] != _MAGIC:
        return None
    return int.from_bytes(start[4:8], "big"), int.from_bytes(start[8:12], "big")


def unpack(content):
    """(number, data) of a small record, or None: it is not whole."""
    found = read_head(content)
    data = content[HEAD:]
    if found is None or head(found[0], len(data), crc32(data)) != content[:HEAD]:
        return None
    return found[0], data


class Record:
    """A small record, read at the start: what it should be, and what the flash has of it."""

    def __init__(self):
        self.data = None  # what it should be, b"" for nothing; None: not known before the flash is read
        self.unread = 3  # the slots that were not read yet, a bit each
        self.failed = False  # it was refused the last time
        self._kept = b""  # what counts on the flash; None: it is written in any case
        self._newest = None  # the slot that counts
        self._number = 0  # the last one that was given
        self._blind = 0  # the slots that cannot be read, a bit each
        self._spoilt = 0  # how many slots hold something that is no record
        self._flying = None  # what is being written
        self._pace = 0  # ms: where a phone that changed it every EVERY_MS would stand
        self._until = 0  # ms by which the hands have answered

    def begin(self, name, now):
        """The phone starts, or an answer was lost: read the slots; effects."""
        self._pace = now + (BURST - BURST_AT_START) * EVERY_MS
        self._until = now + ANSWER_MS
        return [Load(file(name, slot), 0) for slot in (0, 1) if self.unread >> slot & 1]

    def loaded(self, slot, content):
        """A slot was read; "", or why the record is not what it was: LOST, BROKEN."""
        if not self.unread >> slot & 1:
            return ""  # read twice
        self.unread &= ~(1 << slot)
        found = unpack(content) if content else None
        if found and (self._newest is None or newer(found[0], self._number)):
            self._newest = slot
            self._number, self._kept = found
        if content is False:
            self._blind |= 1 << slot
        elif content and not found:
            self._spoilt += 1
        if self.unread:
            return ""
        if self.data is None:
            self.data = self._kept
        if self._blind or self._spoilt and self._newest is None:
            self._kept = None  # written anew, so that it is sound again
        if self._blind:
            return BROKEN
        return LOST if self._spoilt == 2 else ""  # one alone: the power went while the first ever was written

    def saved(self, slot, why, now):
        """The slot was written, or not: `why`."""
        data, self._flying = self._flying, None
        if data is None:
            return  # it came too late: the slot is being written again, or was
        self.failed = bool(why)
        if why:
            self._pace = now + BURST * EVERY_MS
            return
        self._newest = slot
        self._blind &= ~(1 << slot)
        # Whatever stands in a slot that could not be read may be read one day, with a later number.
        self._kept = None if self._blind else data

    def wait(self, calm, flushing=False):
        """When go_on() is due, in ms, or None. calm: nothing is written before; flushing: at once."""
        if self.unread or self._flying is not None:
            return self._until
        if self.data == self._kept:
            return None
        if flushing:
            return None if self.failed else 0
        return max(calm, self._pace - (BURST - 1) * EVERY_MS)

    def go_on(self, name, now):
        """Write what is wanted into the slot that does not count; effects."""
        if self.unread:
            return self.begin(name, now)
        if self._flying is not None:
            self.saved(0, BROKEN, now)
            return []
        self._flying = self.data
        self._number += 1
        self._pace = max(self._pace, now) + EVERY_MS
        self._until = now + ANSWER_MS
        start = head(self._number, len(self.data), crc32(self.data))
        return [Save(file(name, 1 if self._newest == 0 else 0), start + self.data)]
