"""Milliseconds since start that never wrap: the only file that knows ticks."""

import time

if hasattr(time, "ticks_ms"):

    class Clock:
        """ticks_ms wraps after 12.4 days on an ESP32: add up differences instead."""

        def __init__(self):
            self._last = time.ticks_ms()
            self._now = 0

        def now(self):
            ticks = time.ticks_ms()
            self._now += time.ticks_diff(ticks, self._last)
            self._last = ticks
            return self._now

else:

    class Clock:
        """CPython's, for the few tests that run the hands there."""

        def __init__(self):
            self._start = time.monotonic()

        def now(self):
            return int((time.monotonic() - self._start) * 1000)
