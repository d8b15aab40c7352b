"""What the managers have told about calls and messages: for the lamp, the idle screen, and a page of its own.

A call that comes to the phone is shown and kept as missed, because there is no voice in it yet. The lists are
in memory only: a restart forgets them, and a manager tells of waiting messages anew when the phone registers.
"""

from micropython import const

MISSED_MAX = const(20)  # a page of them; who was away for longer looks at the manager's own list
UNCOUNTED = const(-1)  # messages are waiting, and nobody said how many


class Calls:
    """`messages`: how many wait, or UNCOUNTED. `missed`: list of (ms, caller as text), the newest first.
    `unread`: how many of them nobody has looked at. `ringing`: who calls just now, as text, or "".
    """

    def __init__(self):
        self.messages = 0
        self.missed = []
        self.unread = 0
        self.ringing = ""

    def miss(self, caller, now):
        """Keep a call that was not taken; the oldest makes room."""
        self.missed.insert(0, (now, caller))
        del self.missed[MISSED_MAX:]
        self.unread = min(self.unread + 1, MISSED_MAX)

    def read(self):
        """Somebody has looked at them."""
        self.unread = 0
