"""Asks time servers what time it is, seldom and with patience (RFC 4330, RFC 5905 section 14).

    WAIT --due--> LOOK --address--> ASKED --its answer--> the wall; WAIT an hour
      ^             |                 |
      |             \\--no name--------+--TRY_MS--> the next server; after the last one: WAIT, twice as long
      +------------------------------ \\--kiss: that server is left alone

Loaded only where the configuration names time servers. Each question has random bytes of its own, which an
answer must repeat; a datagram that does not is not ours. A fleet that is switched on at once spreads its
first questions over FIRST_MS, and each wait is drawn at 80 to 100 percent.
"""

from micropython import const

from phone.core.machine import Machine
from phone.core.wall import stamp
from phone.events import Datagram, SendTo
from phone.phrases import phrase
from phone.wire import sntp

FIRST_MS = 5000
POLL_MS = 3600000  # a crystal loses a tenth of a second in it
TRY_MS = 2000  # a time server on another continent answers in 300 ms
BACK_OFF_MS = 20000  # after all were silent; doubles up to POLL_MS. RFC 4330 section 10: never below 15 s
RATE_MS = 14400000  # who says RATE is not asked for four hours
_NEVER = const(1 << 60)  # who says DENY or RSTR is not asked again before the phone is started anew


class Sntp(Machine):
    """`servers`: (name or address, port) of each; `entropy(n)` gives n bytes."""

    def __init__(self, servers, wall, net, journal, entropy, jitter, now=0):
        self._servers = servers
        self._wall = wall
        self._net = net
        self._journal = journal
        self._entropy = entropy
        self._jitter = jitter
        self._barred = [0] * len(servers)  # ms; who is not to be asked before
        self._at = 0  # number of the server that is asked, or was asked last
        self._left = 0  # how many may still be asked in this round
        self._due = now + jitter.draw(FIRST_MS, 0)
        self._wait = BACK_OFF_MS
        self._looks = False  # for the address of the server
        self._stamp = b""  # of the question that is open
        self._sent = 0
        self._address = None
        self._doubted = False  # the last answer was refused
        self._well = None  # whether the last round had an answer; None: there was none yet

    def deadline(self):
        if self._looks:
            return None  # Net has the deadline, and tick() is called after it
        return self._sent + TRY_MS if self._stamp else self._due

    def wake(self, now):
        """The network is back: do not sit out a wait that began without it."""
        if not self._stamp and not self._looks and not self._well:
            self._wait = BACK_OFF_MS
            self._due = min(self._due, now + self._jitter.draw(FIRST_MS, 0))

    def cancel(self, now):
        if self._stamp or self._looks:
            self._over(now, False)
        return []

    def tick(self, now):
        if self._looks:
            return self._look(now)
        if self._stamp:
            return self._next(now) if now >= self._sent + TRY_MS else []
        if now < self._due:
            return []
        self._left = len(self._servers)
        return self._ask(now)

    def receive(self, event, now):
        if not self._stamp or type(event) is not Datagram or event.port or event.address != self._address:
            return None
        answer = sntp.answer(event.data, self._stamp)
        if answer is None:
            return []  # an old one, or a forged one
        if answer.kiss:
            return self._kissed(answer.kiss, now)
        way = max(0, now - self._sent - answer.held)
        seconds, ms = divmod(answer.unix + way // 2, 1000)
        name = self._servers[self._at][0]
        if self._wall.learn(seconds, "sntp", now, ms):
            said = phrase("The time is known: %s says that it is %s.", name, stamp(seconds))
            out = [] if self._well else self._journal.say(said, now)
            self._over(now, True)
            return out
        if not self._doubted:  # soon, once: it may be right
            self._doubted, self._wait = True, BACK_OFF_MS
        self._over(now, False)
        said = phrase("%s says that it is %s, which was long ago; it is asked again.", name, stamp(seconds))
        return self._journal.say(said, now)

    def _ask(self, now):
        """Ask the server at hand, or the next one that may be asked; effects."""
        while self._left and now < self._barred[self._at]:
            self._at = (self._at + 1) % len(self._servers)
            self._left -= 1
        if self._left:
            return self._look(now)
        said = phrase("No time server answers: %s.", ", ".join([name for name, _ in self._servers]))
        out = [] if self._well is False else self._journal.say(said, now)
        self._over(now, False)
        return out

    def _look(self, now):
        name, port = self._servers[self._at]
        address = self._net.lookup(name, now)
        self._looks = address is None
        if address is None:
            return self._net.questions(now)
        if address is False:
            return self._next(now)
        self._address = (address, port)
        self._sent = now
        self._stamp = self._entropy(sntp.STAMP)
        return [SendTo(sntp.question(self._stamp), self._address, 0)]

    def _next(self, now):
        """This one does not answer: the next; effects."""
        if self._stamp:
            self._net.failed(self._servers[self._at][0], self._address[0])
        self._stamp = b""
        self._at = (self._at + 1) % len(self._servers)
        self._left -= 1
        return self._ask(now)

    def _kissed(self, kiss, now):
        """The server does not want to be asked (RFC 5905 7.4)."""
        self._barred[self._at] = now + RATE_MS if kiss == "RATE" else _NEVER
        said = phrase("%s does not want to be asked for the time (%s).", self._servers[self._at][0], kiss)
        out = self._journal.say(said, now)
        return out + self._next(now)

    def _over(self, now, well):
        """The round is over; well: the time is known by it."""
        self._stamp, self._looks, self._well = b"", False, well
        if well:
            self._doubted = False
            self._wait = BACK_OFF_MS
            self._due = now + self._jitter.draw(POLL_MS)
            return
        self._due = max(now + self._jitter.draw(self._wait), min(self._barred))
        self._wait = min(2 * self._wait, POLL_MS)
