"""Hands for a Store in virtual time: they do what it asks for a step a millisecond, as runtime/loop.py does.

`Files` of runtime/files.py work here, and `Shelf`: files in a dict, with failures on request.
"""

import struct
from binascii import crc32

from phone.core.journal import Journal
from phone.core.store import Store
from phone.events import Load, Loaded, Note, Saved

PIECE = 1024
DATA_MAX = 112  # bytes of a hot record


def slot(number, data):
    """What stands in a slot."""
    start = struct.pack(">3sBLL", b"Evl", 1, number, len(data))
    return start + struct.pack(">L", crc32(data + start)) + data


class Shelf:
    def __init__(self, files=None):
        self.files = files or {}
        self.why = ""  # what each Save is refused with
        self.blind = ()  # names that cannot be read
        self.deaf = False  # answers get lost
        self.saves = []  # (name, bytes or None), as they were asked for
        self.soon = False
        self._loads, self._saves = [], []
        self._half = None

    def ask(self, effect):
        (self._loads if type(effect) is Load else self._saves).append(effect)
        self.soon = True

    def step(self):
        event = self._load() if self._loads else self._save() if self._saves else None
        self.soon = bool(self._loads or self._saves)
        return None if self.deaf else event

    @property
    def written(self):
        """Bytes of the large file that is being written."""
        return len(self._half[0]) if self._half else 0

    def tear(self, how):
        """The power goes: of the file that is being written there is the old one, nothing, a half or all."""
        if self._saves:
            name, data = self._saves[0]
            if not isinstance(data, (bytes, type(None))):
                data = self._half[0] if self._half else b""
            if how and data is not None:
                self.files[name] = (None, b"", data[: len(data) // 2], data)[how]

    def _load(self):
        effect = self._loads.pop(0)
        data = self.files.get(effect.name)
        if data is not None:
            data = data[effect.at : effect.at + PIECE]
        return Loaded(effect.name, False if effect.name in self.blind else data)

    def _save(self):
        name, data = self._saves[0]
        if data is not None and not isinstance(data, bytes):
            if self._half is None:
                self._half = b"", iter(data)
            done, pieces = self._half
            for piece in pieces:
                assert len(piece) <= PIECE
                self._half = done + piece, pieces
                return None
            data, self._half = done, None
        self._saves.pop(0)
        self.saves.append((name, data))
        if not self.why:
            self.files.pop(name, None)
            if data is not None:
                self.files[name] = data
        return Saved(name, self.why)


class Hands:
    """A Store, its clock and its files."""

    def __init__(self, files, names=("home", "taste"), now=1000):
        self.now = now
        self.files = files
        self.notes = []  # English
        self.ticks = 0
        self.store = Store(names, Journal())

    def begin(self):
        """Start, and read all there is."""
        self.do(self.store.begin(self.now))
        self.until(lambda: self.store.ready)
        return self.store

    def do(self, effects):
        for effect in effects:
            if type(effect) is Note:
                self.notes.append(effect.text)
            else:
                self.files.ask(effect)

    def run(self, ms):
        """Let time pass."""
        end = self.now + ms
        while self._step(end):
            pass

    def until(self, holds, within=60000):
        end = self.now + within
        while not holds():
            assert self._step(end), "in vain for %d ms" % within

    def _step(self, end):
        store, due = self.store, self.store.deadline()
        if due is not None and due <= self.now:
            self.ticks += 1
            assert self.ticks < 200, "a busy loop"
            self.do(store.tick(self.now))
        elif self.files.soon:
            self.ticks = 0
            event = self.files.step()
            if event:
                self.do(store.receive(event, self.now) + store.tick(self.now))
            self.now += 1
        else:
            self.ticks = 0
            self.now = end if due is None else min(end, due)
        return self.now < end
