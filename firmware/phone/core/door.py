"""The way to the phone's own pages: listens, and has the server fetched when the first visitor comes.

    closed --Listen--> open --Accepted--> core/push.py, until nobody is inside
       ^                |
       +-- AGAIN_MS ----+-- Closed(TAKEN)

Nothing of the server is in memory before, its modules may be forgotten after (runtime/forget.py), and a
phone without a port has not even this. Where the heap is short a visitor is sent away at once: what
his pages take would be missing for the person's.
"""

from micropython import const

from phone.core.machine import Machine
from phone.events import TAKEN, Accepted, Close, Closed, Listen, Received, Write
from phone.phrases import phrase

AGAIN_MS = 60000  # a port that is taken may be free later; nobody needs it sooner
ROOM = const(6)  # a sixth of the heap: more than the eighth that a person's page may take (runtime/loop.py)
LINGER_MS = const(1000)  # for who is sent away to read it
_SHORT = (b"HTTP/1.1 503 The phone is short of memory\r\nContent-Length: 0\r\nRetry-After: 60\r\n"
          b"Connection: close\r\n\r\n")


class Door(Machine):
    """`make()` gives the server (core/push.py Push); `heap()` (free, used) in bytes, after all that
    can be read again is forgotten where it is short; it may be None. `errands()`: of core/porter.py, None
    where nothing is done for others."""

    def __init__(self, port, journal, make, heap, errands=None):
        self._errands = errands
        self._port = port
        self._journal = journal
        self._make = make
        self._heap = heap
        self._push = None
        self._listen_at = 0  # ms; None while the hands listen
        self._taken = False  # the journal knows that it is taken
        self._stray = 0  # the conn of a visitor for whom there is no room
        self._stray_late = 0  # ms; it is closed then

    def receive(self, event, now):
        if type(event) not in (Accepted, Received, Closed) or event.conn >= 0:
            return None
        if event.conn == TAKEN:
            return self._shut(now)
        if not self._push and type(event) is not Accepted:
            return self._cleared(event)
        try:
            if not self._push:
                if not self._has_room():
                    return self._send_away(event.conn, now)
                self._push = self._make()
                self._push.errands = self._errands
            return self._after(self._push.receive(event, now), now)
        except MemoryError:  # a visitor is no reason to give up the page on screen
            self._stray, self._stray_late = event.conn, now
            return self.cancel(now)

    def tick(self, now):
        if self._stray and now >= self._stray_late:
            return self.cancel(now)
        out = self._after(self._push.tick(now), now) if self._push else []
        if self._listen_at is not None and now >= self._listen_at:
            out.append(Listen(self._port))
            self._listen_at = None
        return out

    def deadline(self):
        wait = self._push.deadline() if self._push else None
        if wait is None and self._stray:
            wait = self._stray_late
        return self._listen_at if wait is None else wait

    def cancel(self, now):
        out = self._push.close() if self._push else []
        if self._stray:
            out.append(Close(self._stray))
        self._push, self._stray = None, 0
        return out

    def _has_room(self):
        if not self._heap:
            return True
        free, used = self._heap()
        return free * ROOM >= free + used

    def _send_away(self, conn, now):
        """Tell why; one at a time is waited for until he has read it. Effects."""
        out = [Close(self._stray)] if self._stray else []
        out.append(Write(conn, _SHORT))
        self._stray, self._stray_late = conn, now + LINGER_MS
        return out

    def _cleared(self, event):
        """Something of a visitor whom no server knows; effects."""
        if type(event) is Closed:
            if event.conn == self._stray:
                self._stray = 0
            return []
        return [] if event.conn == self._stray else [Close(event.conn)]

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
