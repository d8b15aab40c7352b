"""The page in the place of the idle screen, where the configuration has one: when it comes, and when it goes.

    idle screen --timers.idle_ms without a key--> asked for --a page--> shown --any key--> idle screen
         ^                                          |
         +---------- none: again after RETRY_MS ----+

Nobody waits for it: it is loaded as a service is, beside whoever comes, and given up at the first key.
"""

from micropython import const

from phone.core.machine import Machine
from phone.core.pointers import IDLE

RETRY_MS = const(30000)  # where no server gives it: nobody looks, so nobody is in a hurry


class Idling(Machine):
    """`desk`: desk.py; `outside`: outside.py."""

    def __init__(self, config, book, desk, client, outside):
        self._wait_ms = config.timers["idle_ms"]
        self._book = book
        self._desk = desk
        self._client = client
        self._outside = outside
        self._at = 0  # ms; since then nobody wanted anything
        self._late = 0  # ms; not asked for before
        self._used = False  # whether somebody's page was on the screen at the last look
        self._keyed = False  # whether a key was pressed since

    def key(self, now):
        self._at, self._late = now, 0
        self._keyed = True
        if self._desk.covered:
            self._desk.stack.home()
            self._desk.stale()

    def deadline(self):
        outside, desk = self._outside, self._desk
        if not desk.rests or outside.busy or outside.rings or not (outside.up and self._book.of(IDLE)):
            return None
        if desk.covered:  # it is there: only one that no server gave just now is asked for again
            aged = desk.stack.top.aged
            return self._late if aged and aged.sentences else None
        if self._used:  # the last page has just gone: its time begins
            return self._at
        return max(self._at + self._wait_ms, self._late)

    def tick(self, now):
        used = not self._desk.rests
        if used or self._used:
            self._at = now
        self._used = used
        keyed, self._keyed = self._keyed, False
        if keyed:
            return self._leave(now)
        due = self.deadline()
        if due is None or now < due:
            return []
        self._late = now + RETRY_MS
        desk = self._desk
        desk.aging.awaits, desk.aging.quiet = desk.stack.top if desk.covered else None, True
        return self._client.open_service(IDLE, now)

    def _leave(self, now):
        """Somebody is there: should the page be on its way, it is not wanted any more; effects."""
        aging = self._desk.aging
        waits, aging.quiet = aging.quiet and self._desk.rests, False
        return self._client.cancel(now) if waits else []
