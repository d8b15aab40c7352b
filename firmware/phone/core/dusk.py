"""Display: a page, or somebody who pushes, has the screen dark or lit (services-xml.md section 8).

    as set --Off--> dark --its minutes, On, Default, a key--> as set

Whoever presses a key wants to see something, so no page keeps the screen dark for long. Loaded with the
first.
"""

from micropython import const

from phone.core.machine import Machine
from phone.events import Light

_FINGER_MS = const(1000)  # the key that had it done goes up within that


class Dusk(Machine):
    """`own`: core/settings.py Own, for what the person has set."""

    aid = "dusk"

    def __init__(self, own, requests, tell):
        self._taste = own.taste
        self._dark = self._keyed = False
        self._since = 0  # ms
        self._until = None  # ms

    def shine(self, dark, minutes, now):
        """Effects."""
        self._dark, self._keyed, self._since = dark, False, now
        self._until = now + 60000 * minutes if dark and minutes else None
        return [Light(0 if dark else self._taste.light)]

    def key(self, now):
        self._keyed = self._dark and now >= self._since + _FINGER_MS

    def deadline(self):
        return self._until

    def tick(self, now):
        if self._dark and (self._keyed or self._until is not None and now >= self._until):
            return self.shine(False, 0, now)
        return []
