"""What others want done by a phone that takes pushes: whatever of it has to be in memory, and no more.

    POST --errands()--> core/errands.py, until nothing is to be done now
                          |   ^
                          v   |  the moment has come
                        core/pending.py, until no page waits          core/loans.py, until the last expires

A phone that nobody pushes anything to has this file only. A push takes the heap that its page takes: where
there is none, it is given up with a line on the screen, and never the page that a person reads.
"""

from phone.core.machine import Machine
from phone.core.trouble import NO_ROOM
from phone.events import Closed, Opened, Received


class Porter(Machine):
    """The parts are those of the phone; `managers`: core/managers.py or None."""

    def __init__(self, config, book, net, journal, outside, managers):
        self._config = config
        self._book = book
        self._net = net
        self._journal = journal
        self._outside = outside
        self._managers = managers
        self._keyed_at = 0  # ms of the last key
        self._pending = self._errands = self._loans = None

    def errands(self):
        """core/errands.py Errands, fetched when it is wanted."""
        if not self._errands:
            from phone.core.errands import Errands
            from phone.core.pending import Pending

            self._pending = self._pending or Pending(self._outside, self._journal, self._keyed_at)
            teaching = self._managers.teaching if self._managers else None
            self._errands = Errands(self._config, self._book, self._net, self._journal, self._outside,
                                    self._pending, teaching, self.loans)
        return self._errands

    def loans(self):
        """core/loans.py Loans, of a phone without managers."""
        if not self._loans:
            from phone.core.loans import Loans

            self._loans = Loans(self._book, self._config.trust)
        return self._loans

    def receive(self, event, now):
        if not self._errands or type(event) not in (Opened, Received, Closed) or event.conn < 0:
            return None
        try:
            return self._errands.receive(event, now)
        except MemoryError:
            return self._errands.give_up(NO_ROOM, now)

    def tick(self, now):
        out = []
        if self._pending:
            out = self._pending.tick(now)
            try:
                if self._errands or self._pending.is_due(now):
                    out += self.errands().tick(now)
            except MemoryError:
                out += self._give_up(now)
            if self._errands and self._errands.is_over(now):
                self._errands = None
            if not self._errands and not self._pending.items:
                self._pending = None
        if self._loans:
            self._loans.tick(now)
            if self._loans.deadline() is None:
                self._loans = None
        return out

    def _give_up(self, now):
        """There is no room for what was to be done; effects."""
        if self._errands:
            return self._errands.give_up(NO_ROOM, now)
        self._pending.items.pop(0)
        self._outside.tell(NO_ROOM, now)
        return self._journal.say(NO_ROOM, now)

    def deadline(self):
        waits = [part.deadline() for part in (self._pending, self._errands, self._loans) if part]
        waits = [wait for wait in waits if wait is not None]
        return min(waits) if waits else None

    def key(self, now):
        self._keyed_at = now
        if self._pending:
            self._pending.keyed_at = now

    def cancel(self, now):
        return self._errands.cancel(now) if self._errands else []

    def low(self):
        if self._errands:
            self._errands.low()
