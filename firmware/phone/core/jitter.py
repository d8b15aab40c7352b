"""Chance from the phone's own name: a fleet spreads, and a test can predict one phone.

A thousand phones that lost their server in the same second must not ask for it again in the same
second. Nothing secret may be drawn here: what must not be guessed comes from the board's entropy.
"""


class Jitter:
    def __init__(self, name):
        self._state = 2166136261  # FNV-1a of the name
        for letter in name.encode():
            self._state = (self._state ^ letter) * 16777619 & 0x3FFFFFFF  # a small int of 32-bit MicroPython

    def draw(self, most, percent=80):
        """Milliseconds between so many percent of `most` and all of it."""
        self._state = (self._state * 69069 + 1) & 0x3FFFFFFF
        least = most * percent // 100
        return least + (self._state >> 8) % (most - least + 1)
