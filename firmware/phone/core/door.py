"""The way to the phone's own pages: listens, and has the server fetched when the first visitor comes.

    closed --Listen--> open --Accepted--> core/push.py, until nobody is inside
       ^                |
       +-- AGAIN_MS ----+-- Closed(TAKEN)

Nothing of the server is in memory before, its modules may be forgotten after (runtime/forget.py), and a
phone without a port has not even this.
"""

from phone.core.machine import Machine
from phone.events import TAKEN, Accepted, Close, Closed, Listen, Received
from phone.phrases import phrase

AGAIN_MS = 60000  # a port that is taken may be free later; nobody needs it sooner


class Door(Machine):
    """`make()` gives the server (core/push.py Push)."""

    def __init__(self, port, journal, make):
        self._port = port
        self._journal = journal
        self._make = make
        self._push = None
        self._listen_at = 0  # ms; None while the hands listen
        self._taken = False  # the journal knows that it is taken
        self._stray = 0  # the conn of a visitor for whom there was no room

    def receive(self, event, now):
        if type(event) not in (Accepted, Received, Closed) or event.conn >= 0:
            return None
        if event.conn == TAKEN:
            return self._shut(now)
        if type(event) is Closed and not self._push:
            return []
        try:
            if not self._push:
                self._push = self._make()
            return self._after(self._push.receive(event, now), now)
        except MemoryError:  # a visitor is no reason to give up the page on screen
            self._stray = event.conn
            return self.cancel(now)

    def tick(self, now):
        if self._stray:
            return self.cancel(now)
        out = self._after(self._push.tick(now), now) if self._push else []
        if self._listen_at is not None and now >= self._listen_at:
            out.append(Listen(self._port))
            self._listen_at = None
        return out

    def deadline(self):
        wait = self._push.deadline() if self._push else None
        return self._listen_at if wait is None else wait

    def cancel(self, now):
        out = self._push.close() if self._push else []
        if self._stray:
            out.append(Close(self._stray))
        self._push, self._stray = None, 0
        return out

    def _after(self, out, now):
        """The last one has left: the server goes, too."""
        if self._push.is_over(now):
            self._push = None
        return out

    def _shut(self, now):
        self._listen_at = now + AGAIN_MS
        if self._taken:
            return []
        self._taken = True
        said = phrase("The status pages cannot be given: port %d is taken.", self._port)
        return self._journal.say(said, now)
