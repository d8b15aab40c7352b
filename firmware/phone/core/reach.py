"""The way of one request to its server: a connection that was kept open, or its address and a new one.

    RESOLVE --kept--> the owner's ask()      --address--> CONNECT --Opened--> ask()
       \\__ no address: over                               \\__ refused: the name's next address; or over
"""

from micropython import const

from phone.core import outcome as outcomes, trouble
from phone.core.outcome import FAILED
from phone.phrases import phrase

RESOLVE, CONNECT, WAIT, READ, OVER = const(0), const(1), const(2), const(3), const(4)

_TURNS_MAX = const(3)  # addresses of a name that are tried after the first, while each refuses at once


class Reach:
    """What a Fetch (core/fetch.py) is until it is connected."""

    def __init__(self, url, config, net, now, fresh):
        self.url = url
        self.conn = 0
        self.reused = False  # whether it goes over a connection that was kept open
        self.outcome = None
        self.begun = self.since = now  # of the whole, and of what the server at `url` was asked for
        self._net = net
        self._timers = config.timers
        self._fresh = fresh  # whether it needs a connection of its own
        self._address = None
        self._turns = 0
        self._state = RESOLVE
        self._late = self._step_late = now + self._timers["request_ms"]

    def deadline(self):
        return min(self._late, self._step_late)

    def cancel(self):
        """Give up; the outcome stays None. Effects."""
        conn, self.conn = self.conn, 0
        self._state = OVER
        return self._net.close(conn)

    def lateness(self, now):
        """What there is to say of a server that had its time: a phrase, half a sentence."""
        if self._state == CONNECT:
            self._net.failed(self.url.host, self._address)
        return outcomes.LATE[self._state] + (trouble.seconds(now - self.since),)

    def _resolve(self, now):
        if not self._fresh:
            self.conn = self._net.reuse(self.url)
            if self.conn:
                self.reused = True
                return self._ask(now)
        if self.url.scheme == "https":
            if now < self._net.calm_at:
                self.since = self._step_late = self._net.calm_at
                return []
            if not self._net.has_room(self.url):  # its turn comes
                self.since, self._step_late = now, self._late
                return []
        self._step_late = self._late
        self._address = self._net.lookup(self.url.host, now)
        if self._address is False:
            return self._over(FAILED, self._net.why(self.url.host), now)
        if self._address is None:
            return self._net.questions(now)  # they leave at once
        self.reused = False
        self._state = CONNECT
        self._step_late = now + self._timers["connect_ms"]
        self.conn, out = self._net.open(self._address, self.url)
        return out

    def _refused(self, why, now):
        """The connection did not come about; effects."""
        if self._net.failed(self.url.host, self._address) and self._turns < _TURNS_MAX:
            self._turns += 1  # the name has another address
            self._begin()
            return self._resolve(now)
        return self._over(FAILED, outcomes.WHY[why], now)

    def _unanswered(self, now):
        """The deadline of a step has come."""
        said, timer = phrase("takes the connection but does not answer within %s"), "first_byte_ms"
        if self._state == CONNECT:
            self._net.failed(self.url.host, self._address)
            said, timer = phrase("did not take the connection within %s"), "connect_ms"
        return self._over(FAILED, said + (trouble.seconds(self._timers[timer]),), now)
