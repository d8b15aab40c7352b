"""What a person sets on the phone itself: how bright it is, which language it speaks, and a new start.

    settings page --choose--> at once --> Light, language --keys rest--> record "taste" of the store: b"de 70"
           \\--restart--> everything is written --> Restart

What was chosen here counts more than the configuration, and outlives a power cut. The pace of the store is
made for what changes by itself: a person who switched the language twice need not wait half an hour.
"""

from micropython import const

from phone.core.machine import Machine
from phone.events import Light, Restart

RECORD = "taste"
LIGHT_MAX = const(100)  # percent: what a new phone has
LIGHT_STEP = const(10)  # and the least: a screen that is dark cannot be made brighter again
_REST_MS = const(3000)  # after the last key: the person may go on choosing
# Choices that are written so soon: as many as somebody makes who sets up a phone, and then one a day. More of
# them go at the pace of the store: a script at the panel link could choose for ever.
_BURST = const(10)
_EVERY_MS = const(86400000)
_WRITE_MS = const(3000)  # the longest wait for the flash before a new start; a write takes 80 ms
_NONE = "-"  # in the record: no language was chosen


class Taste(Machine):
    """`store`: core/store.py; `language`: that of the configuration."""

    def __init__(self, store, language):
        self.language = language
        self.light = LIGHT_MAX
        self._store = store
        self._loaded = False
        self._chosen = _NONE
        self._write_at = None  # ms; it is written without regard to the pace
        self._pace = 0  # ms: where a phone that chose every _EVERY_MS would stand
        self.leaving = ""  # why the phone is to start anew
        self._late = None

    def choose_light(self, percent, now):
        """Effects."""
        self.light = percent
        self._keep(now)
        return [Light(percent)]

    def choose_language(self, code, now):
        """Effects."""
        self.language = self._chosen = code
        self._keep(now)
        return []

    def restart(self, why, now):
        """Start anew once everything is on the flash; effects."""
        self.leaving = why
        self._write_at = None
        self._late = now + _WRITE_MS
        return self._store.flush(now)

    def key(self, now):
        if self._write_at is not None:
            self._write_at = now + _REST_MS

    def deadline(self):
        return self._write_at if self._late is None else self._late

    def tick(self, now):
        if not self._loaded and self._store.ready:
            self._loaded = True
            return self._read(self._store.get(RECORD))
        if self.leaving and (self._store.settled or now >= self._late):
            why, self.leaving, self._late = self.leaving, "", None
            return [Restart(why)]
        if self._write_at is not None and now >= self._write_at:
            self._write_at = None
            if self._pace <= now + (_BURST - 1) * _EVERY_MS:
                self._pace = max(self._pace, now) + _EVERY_MS
                return self._store.flush(now)
        return []

    def _keep(self, now):
        self._loaded = True  # whatever the flash has is older
        self._write_at = now + _REST_MS
        self._store.put(RECORD, ("%s %d" % (self._chosen, self.light)).encode(), now)

    def _read(self, data):
        """What the record says; effects. Its checksum was right, but another version may have written it."""
        code, _, light = (data or b"").partition(b" ")
        if len(code) == 2 and code.isalpha():
            self.language = self._chosen = str(code, "utf-8")
        if not light.isdigit() or not LIGHT_STEP <= int(light[:4]) <= LIGHT_MAX:
            return []
        self.light = int(light)
        return [Light(self.light)]
