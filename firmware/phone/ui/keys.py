"""The keys of the phone by name, and the repeat of a key that is held.

    up ──press(up/down)──> held ──500 ms──> repeating ──120 ms──┐
     ^                       │                  │   ^───────────┘
     └──────── release, or any other key ───────┘
"""

from micropython import const

SERVICES = ("services", "directory", "messages", "information", "settings")
SOFT = ("soft1", "soft2", "soft3", "soft4")
NAMES = (
    SERVICES
    + ("up", "down", "left", "right", "select", "back")
    + SOFT
    + ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")
)

HOLD_MS = const(500)  # longer than a slow press, shorter than patience
REPEAT_MS = const(120)  # eight rows a second can still be followed by eye


class Repeat:
    """Repeats "up" and "down" while one of them is held."""

    def __init__(self):
        self._key = None
        self._due = None

    def receive(self, key, down, now):
        if down:
            held = key == "up" or key == "down"
            self._key = key if held else None
            self._due = now + HOLD_MS if held else None
        elif key == self._key:
            self.stop()

    def stop(self):
        self._key = self._due = None

    def deadline(self):
        return self._due

    def tick(self, now):
        """The key to press again, or None. A late tick gives one press, not those that were missed."""
        if self._due is None or now < self._due:
            return None
        self._due = now + REPEAT_MS
        return self._key
