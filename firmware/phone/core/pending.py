"""Pushed pages that wait for their moment, and when that is. All that stays in memory meanwhile: what fetches
and shows them (core/errands.py, 16 KB of a board's heap) is read from flash when the moment has come.

Priority 0 is at once, over whatever is on screen; 1 when the phone is idle; 2 only if it is idle now. Idle:
nobody calls, and no page is on screen or no key was pressed for a minute. Never while something is typed, and
never in the place of what a person waits for.
"""

from phone.phrases import phrase

QUEUE_MAX = 4  # pages that wait: more is a stack that nobody reads
WAIT_MS = 3600000  # an hour; what was worth a look then is so no more
IDLE_MS = 60000  # without a key: who reads a page turns it within a minute
_LATE = phrase("A pushed page had no moment to be shown within an hour.")


class Pending:
    """`outside`: outside.py; `keyed_at`: ms of the last key."""

    def __init__(self, outside, journal, keyed_at):
        self.items = []  # (ms of its end, priority, Context), those of priority 0 first
        self.keyed_at = keyed_at
        self._outside = outside
        self._journal = journal
        self._look_at = None  # ms; the phone is idle then, or something has waited too long

    def add(self, priority, context, now):
        place = len([1 for item in self.items if item[1] <= priority])
        self.items.insert(place, (now + WAIT_MS, priority, context))

    def is_time(self, priority, now):
        """Whether a page of this priority may come to the screen now."""
        outside = self._outside
        if not outside.up or outside.has_form or outside.busy:
            return False
        idle = outside.is_idle or now >= self.keyed_at + IDLE_MS
        return not priority or idle and not outside.rings

    def is_due(self, now):
        """Whether the first of them may."""
        return bool(self.items) and self.is_time(self.items[0][1], now)

    def tick(self, now):
        """What has waited too long goes; effects."""
        out, wakes = [], []
        for item in list(self.items):
            if now >= item[0]:
                self.items.remove(item)
                out += self._journal.say(_LATE, now)
            else:
                wakes.append(item[0])
                if item[1] and self.keyed_at + IDLE_MS > now:
                    wakes.append(self.keyed_at + IDLE_MS)
        if self.items and self._outside.comes:
            wakes.append(now)
        self._look_at = min(wakes) if wakes else None
        return out

    def deadline(self):
        return self._look_at
