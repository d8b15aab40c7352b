"""Which call manager is the phone's home: leave at once, return late.

    WAIT --its time--> TRY --registered--> HERE --dead, 503, refuses--> WAIT (0, or the spread), the next one
                        |                   |
           failed: the  |                   | a better one is well for the hold, phone calm; U(0, return_ms)
           next one     |                   v
                        |                  BACK --registered--> HERE (there; the old one is released)
           none left    v                   \\--failed--> HERE (as before; its good polls count anew)
                       REST --RFC 5626 wait, or one comes back from the dead--> TRY, a new round

Decisions only: whoever registers and polls (manager.py, managers.py) tells what came of it. A round asks each
seat once: those that polls say are well, then unknown ones, then dead ones, each in order. Who asked to be
left alone, or refuses, is not asked before its time.

Unrest begins when a seat is left and ends after QUIET_MS in which nothing bad was seen of the seat in use and
of better ones. In it the hold doubles whenever a seat is left again to which the phone had returned. That
bounds a primary that flaps: a leaving, then returns after 120, 240, 480, 960 and 1920 s with a leaving each,
are 11 moves, and the next return would come after more than two hours. It does not bound slow flapping (up 35
minutes, down 5: three moves an hour), so after STORMY_MS of unrest no return comes within an hour after a
leaving either: then any hour has a return and a leaving at most.
"""

from micropython import const

WAIT, TRY, HERE, BACK, REST = "wait", "try", "here", "back", "rest"
GOODS = const(3)  # polls in a row: one good answer may be a server on its way down
HOLD_MAX_MS = const(3600000)  # a desk phone that stays on a backup for an hour hurts nobody
QUIET_MS = const(14400000)  # four hours: twice the slowest flapping that has to be recognised
# 80 minutes. Whoever flaps with a period P is left first after P at most. A leaving after two hours is the
# third with P >= 40 min, the fourth with P >= 30 min and so on: 80 minutes or more after the first.
STORMY_MS = const(4800000)
REST_MAX_MS = const(300000)  # RFC 5626 takes 1800 s; Cisco polls every 300 s at the latest: a person waits
REFUSED_MS = const(300000)  # who refuses us is asked again within it, at random; doubles up to HOLD_MAX_MS
_RETRY_MIN_MS = const(5000)  # random part of a short Retry-After


class Seat:
    """A place where the phone could be: what is known of one call manager."""

    def __init__(self, label):
        self.label = label
        self.well = None  # what the last sign said; None: there was none yet
        self.goods = 0  # good polls in a row
        self.good_since = 0  # ms of the first of these
        self.not_before = 0  # ms; not to be asked anything before
        self.refusals = 0  # in a row
        self.mute = False  # its last poll was bad


class Home:
    """`timers`: of config.sip; `jitter`: core/jitter.py. `seats`: the best first, kept by the owner."""

    def __init__(self, timers, jitter):
        self.seats = []
        self.at = None  # the seat in use; while another one is sought: the one that was
        self.target = None  # the seat where the phone registers now, or None
        self.state = WAIT
        self.due = None  # ms at which tick() has something to do, None: not before somebody says something
        self.spread_ms = timers["spread_ms"]  # or what the server said
        self.hold_ms = timers["hold_ms"]
        self.relapses = 0
        self.unrest = None  # ms at which it began
        self._timers = timers
        self._jitter = jitter
        self._first = None  # the seat to be tried first
        self._tried = []  # in this round
        self._rounds = 0  # in vain, one after the other
        self._returned = False  # the phone came to its seat by a return
        self._left = 0  # ms at which a seat was left
        self._bad = 0  # ms of the last bad sign

    # --- what happens ------------------------------------------------------------------------------

    def recall(self, hold_ms, relapses, now):
        """What was kept over a loss of power: as if the unrest had begun now."""
        if relapses:
            self.hold_ms = max(self._timers["hold_ms"], min(hold_ms, HOLD_MAX_MS))
            self.relapses, self._returned = relapses, True
            self.unrest = self._left = self._bad = now

    def begin(self, seat, now, wait_ms=None):
        """The phone starts, or its network is back: register, at `seat` first, somewhen within the spread."""
        self.at = self._first = seat
        self._tried, self._rounds = [], 0
        self._wait(self._jitter.draw(self.spread_ms, 0) if wait_ms is None else wait_ms, now)

    def stop(self):
        """There is no network."""
        self.state, self.due, self.target = WAIT, None, None

    def registered(self, now):
        """The target has taken the phone; the seat that is left behind, to be released, or None."""
        old, self.at = self.at, self.target
        if self.state == BACK:
            self._returned = True
        self.state, self.target, self.due, self._rounds = HERE, None, None, 0
        self.at.well, self.at.refusals, self.at.not_before = True, 0, 0
        return old if old is not self.at else None

    def failed(self, now, first=None):
        """The target has not: where the phone comes from a good seat it stays there. first: whom it names."""
        seat, self.target = self.target, None
        self._sign(seat, False, now)
        if self.state == BACK:
            self.state, self.due = HERE, None
            return
        self._tried.append(seat)
        self._first = first
        self._wait(0, now)

    def leave(self, now, shared=False, first=None):
        """The seat in use is dead, busy or refuses. shared: other phones hear of it in this moment, too.
        first: whom it names instead. Where a return is under way it becomes the next try.
        """
        self._sign(self.at, False, now)
        self._left = now
        if self.unrest is None:
            self.unrest = now
        if self._returned:
            self._returned = False
            self.relapses = min(self.relapses + 1, 255)
            self.hold_ms = min(2 * self.hold_ms, HOLD_MAX_MS)
        self._tried, self._rounds, self._first = [self.at], 0, first
        if self.state == BACK:
            self.state = TRY
        else:
            self._wait(self._jitter.draw(self.spread_ms, 0) if shared else 0, now)

    def miss(self, now):
        """The seat in use did not answer once: no reason to leave, but no quiet either."""
        self._bad = now

    def polled(self, seat, good, now):
        """Another seat was looked at."""
        came_back = good and seat.mute
        self._sign(seat, good, now)
        seat.mute = not good
        if came_back and self.state == REST and now >= seat.not_before:
            self.due = now  # polls have their own jitter, so no fleet comes at once

    def busy(self, seat, retry_after_ms, now):
        """It wants to be left alone: never earlier, and never together with others."""
        wait = min(retry_after_ms, HOLD_MAX_MS)
        wait += self._jitter.draw(max(wait // 2, _RETRY_MIN_MS), 0)
        seat.not_before = max(seat.not_before, now + min(wait, HOLD_MAX_MS))

    def refused(self, seat, now):
        """It does not want this phone."""
        wait = min(REFUSED_MS << min(seat.refusals, 8), HOLD_MAX_MS)
        seat.refusals += 1
        seat.not_before = max(seat.not_before, now + self._jitter.draw(wait, 50))

    # --- what follows ------------------------------------------------------------------------------

    def tick(self, calm, now):
        """The seat to register at now, or None. calm: nobody uses the phone."""
        if self.state == HERE:
            self._settle(now)
            return self._return(calm, now)
        if self.due is None or now < self.due:
            return None
        if self.state == REST:
            self._tried = []
        if self.state in (WAIT, REST):
            return self._next(now)
        return None

    def deadline(self, calm, now):
        """When tick() is due from now on, in ms, or None. A phone that is not calm does not return."""
        if self.state != HERE:
            return self.due
        waits = [self._bad + QUIET_MS] if self.unrest is not None else []
        if self.due is not None:
            waits.append(self.due)
        elif calm:
            waits += [self.ripe(seat, now) for seat in self.better() if seat.goods >= GOODS]
        return min(waits) if waits else None

    def better(self):
        """The seats that come before the one in use."""
        return self.seats[: self.seats.index(self.at)] if self.at in self.seats else self.seats

    def ripe(self, seat, now):
        """From when on, in ms, the phone may return to a seat whose polls go on to be good."""
        ripe = max(seat.good_since + self.hold_ms, seat.not_before, now)
        if self.unrest is not None and ripe - self.unrest >= STORMY_MS:
            return max(ripe, self._left + HOLD_MAX_MS)
        return ripe

    def _wait(self, ms, now):
        self.state, self.due, self.target = WAIT, now + ms, None

    def _next(self, now):
        """The next seat of this round; where none is left: rest (RFC 5626 4.5)."""
        seat = self._choose(now)
        self._first = None
        if seat:
            self.state, self.target, self.due = TRY, seat, None
            return seat
        self.due = min([seat.not_before for seat in self.seats])  # all of them may want to be left alone
        if self._tried:
            wait = min(self._timers["retry_ms"] << min(self._rounds, 16), REST_MAX_MS)
            self._rounds += 1
            self.due = max(self.due, now + self._jitter.draw(wait, 50))
        self.state, self._tried = REST, []
        return None

    def _choose(self, now):
        free = [seat for seat in self.seats if seat not in self._tried and now >= seat.not_before]
        if self._first in free:
            return self._first
        for well in (True, None, False):
            for seat in free:
                if seat.well is well:
                    return seat
        return None

    def _return(self, calm, now):
        """The better seat to return to now, or None. Conditions count twice: before the draw and after it."""
        ripe = [seat for seat in self.better() if seat.goods >= GOODS and now >= self.ripe(seat, now)]
        if not ripe or not calm:
            self.due = None
            return None
        if self.due is None:
            self.due = now + self._jitter.draw(self._timers["return_ms"], 0)
        if now < self.due:
            return None
        self.state, self.target, self.due = BACK, ripe[0], None
        return ripe[0]

    def _settle(self, now):
        """After a long quiet the unrest is over."""
        if self.unrest is not None and now - self._bad >= QUIET_MS:
            self.unrest, self.relapses, self._returned = None, 0, False
            self.hold_ms = self._timers["hold_ms"]

    def _sign(self, seat, good, now):
        if good:
            if not seat.goods:
                seat.good_since = now
            seat.goods += 1
        else:
            seat.goods = 0
            if seat is self.at or seat in self.better():
                self._bad = now
        seat.well = good
