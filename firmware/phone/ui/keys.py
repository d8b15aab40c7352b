"""The keys of the phone by name, and a key that is held.

    up ──press──> held ──500 ms──> an arrow: repeating ──120 ms──┐     any other: told once
     ^             │                  │   ^──────────────────────┘
     └─── release, or any other key ──┘
"""

from micropython import const

SERVICES = ("services", "directory", "messages", "information", "settings")
ARROWS = ("up", "down", "left", "right")
SOFT = ("soft1", "soft2", "soft3", "soft4")
NAMES = (
    SERVICES
    + ARROWS
    + ("select", "back")
    + SOFT
    + ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")
)

HOLD_MS = const(500)  # longer than a slow press, shorter than patience
REPEAT_MS = const(120)  # eight rows a second can still be followed by eye


class Repeat:
    """A key that is held: arrows are pressed again and again, any other once."""

    def __init__(self):
        self._key = None
        self._due = None

    def receive(self, key, down, now):
        if down:
            self._key = key
            self._due = now + HOLD_MS
        elif key == self._key:
            self.stop()

    def stop(self):
        self._key = self._due = None

    def deadline(self):
        return self._due

    def tick(self, now):
        """The key that is held, or None. A late tick gives one press, not those that were missed."""
        if self._due is None or now < self._due:
            return None
        self._due = now + REPEAT_MS if self._key in ARROWS else None
        return self._key
