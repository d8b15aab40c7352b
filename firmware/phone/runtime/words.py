"""The phone's own texts in the language of its user, read from flash one by one.

Phrases are English in the source. A word file has the same in another language, found by a hash of the
English; host_tools/words.py writes it from firmware/words.tsv and describes it. Loaded where the phone speaks
another language than English; ui/theme.py is given it.

Two hundred and fifty phrases in one language are 9 KB of flash and some 100 bytes here, and what was read
lately. A look into the file takes about eight short reads (50 us on a PC). A damaged file costs the
translation and nothing else.
"""

import struct
from binascii import crc32

from micropython import const

_HEAD = "<4sHH"
_HEAD_BYTES = const(8)
_ENTRY = "<IHH"
_ENTRY_BYTES = const(8)
# Texts kept, in two generations: a screen says about eight things, again at each key press and each minute.
_GENERATION = const(10)


def words(folder, code):
    """The Words of a language ("de"), or None where there is no good file of it."""
    try:
        file = open("%s/%s.words" % (folder, code), "rb")
        head = file.read(_HEAD_BYTES)
    except OSError:
        return None
    if len(head) == _HEAD_BYTES and head[:4] == b"EVW1":
        return Words(file, struct.unpack(_HEAD, head)[1])
    file.close()
    return None


class Words:
    """An open word file of `count` phrases."""

    def __init__(self, file, count):
        self._file = file
        self._count = count
        self.forget()

    def close(self):
        self._file.close()

    def find(self, text):
        """`text` in that language, `text` itself where the file lacks it."""
        found = self._young.get(text)
        if found is None:
            # Two generations forget what was not said lately without keeping an order.
            found = self._old.get(text) or self._read(text)
            if len(self._young) >= _GENERATION:
                self._old, self._young = self._young, {}
            self._young[text] = found
        return found

    def forget(self):
        """Give back what can be read again."""
        self._young, self._old = {}, {}

    def _read(self, text):
        """`text` as the file has it. What is wrong with a damaged file (no UTF-8 is a ValueError) matters to
        nobody who reads a screen.
        """
        wanted = crc32(text.encode()) & 0x3FFFFFFF
        low, high = 0, self._count
        try:
            while low < high:
                middle = (low + high) // 2
                entry = self._at(_ENTRY_BYTES * middle, _ENTRY_BYTES)
                found, place, length = struct.unpack(_ENTRY, entry)
                if found == wanted:
                    return str(self._at(_ENTRY_BYTES * self._count + place, length), "utf-8")
                if found < wanted:
                    low = middle + 1
                else:
                    high = middle
        except (OSError, ValueError):
            pass
        return text

    def _at(self, place, count):
        self._file.seek(_HEAD_BYTES + place)
        data = self._file.read(count)
        if len(data) < count:
            raise ValueError("the file is cut short")
        return data
