"""What others told of backups, as it stands: in the book, on the flash, and until it expires.

    flash --recall--> told, pushes --settle--> the book, `managers`, `spread_ms`, the flash
                           ^    |
          teaching.py -----+    +--time--> gone, what has expired

`told` is the one set of keep-alives, `pushes` those of pushes, the newest first. What lasts so many seconds
is counted from when it was told last, by the phone's own clock; a date waits until the time is known.
"""

from micropython import const

from phone.core.learned import LEARNED, MANAGER
from phone.core.machine import Machine
from phone.core.pointers import KEEPALIVE, PUSH

LONG_S = const(7200)  # what lasts longer is renewed on the flash, after half of it: once an hour at most
LOOK_MS = const(3600000)  # dates are looked at so often: the clock may be put right


class Batch:
    """What one answer or push said."""

    def __init__(self, taught, heard):
        self.taught = taught  # list of Taught
        self.heard = heard  # s of `now` at which it was told last
        self.stamp = 0  # the same in unix s when it was last brought to the flash, 0: unknown


class Backups(Machine):
    """`managers`: (q in thousandths, "sip:host:port") of learned call managers that the configuration lacks,
    the best first; `changed`: they are others, reset by whoever looks. `spread_ms`: how much a fleet spreads.
    `homing`: where the phone was, as learned.py has it, or None. All of it is known once `ready` is true.
    """

    def __init__(self, config, book, store, wall):
        self.managers = []
        self.changed = False
        self.spread_ms = config.sip.timers["spread_ms"]
        self.ready = False
        self.homing = None
        self.told = Batch([], 0)
        self.pushes = []
        self.spread = None  # s, as the last set said
        self.wall = wall
        self._config, self._book, self._store = config, book, store
        self._reader = None  # of what the flash has
        self._owed = False  # it is to be kept; so still where there was no room in between
        self._source = ""  # who said what time it is
        self._due = 0  # ms

    def deadline(self):
        return self._due

    def settle(self, source, now, keep):
        """`told` or `pushes` are others (source: KEEPALIVE or PUSH): so are the book and the managers; keep:
        and the flash.
        """
        self._owed = self._owed or keep
        if source == KEEPALIVE:
            self._book.teach(source, [one for one in self.told.taught if one.service != MANAGER], now)
        else:
            self._book.teach(source, [one for batch in self.pushes for one in batch.taught], now)
        found = [(one.q, one.url) for one in self.told.taught if one.service == MANAGER]
        if found or self.managers:
            from phone.core.verdict import manager

            own = [manager(home.manager) for home in self._config.homes]
            found = [one for one in found if one[1] not in own]
            self.changed = self.changed or found != self.managers
            self.managers = found
        self.spread_ms = self._config.sip.timers["spread_ms"] if self.spread is None else self.spread * 1000
        if self._owed:
            self._keep(now)
        self._look(now)

    def renew(self, now):
        """The current home says what it said before: what it told lasts on."""
        lasts = [one.lasts for one in self.told.taught if one.lasts]
        if not lasts:
            return
        self.told.heard = now // 1000
        utc, stamp = self.wall.utc(now), self.told.stamp
        if utc and max(lasts) >= LONG_S and (not stamp or utc - stamp >= max(lasts) // 2):
            self._keep(now)
        self._look(now)

    def expired(self, now):
        """Taught whose time is over: they are gone."""
        if self._source != self.wall.source:
            self._source, self._due = self.wall.source, now
        if self._due is None or now < self._due:
            return []
        gone = []
        for batch in [self.told] + self.pushes:
            over = [one for one in batch.taught if self._is_over(batch, one, now)]
            if over:
                gone += over
                self._owed = True  # from here on: should memory be short below, the book is to hear of it
                batch.taught = [one for one in batch.taught if one not in over]
        if gone or self._owed:
            self.pushes = [batch for batch in self.pushes if batch.taught]
            self.settle(KEEPALIVE, now, False)
            self.settle(PUSH, now, True)
        else:
            self._look(now)
        return gone

    def recall(self, now):
        """The flash says what was told in an earlier life, and where the phone was."""
        self._due = None
        if not self._store.ready:
            return
        if self._reader is None:
            from phone.core import learned

            self._reader = learned.Reader()
            self._store.fetch(LEARNED, self._reader.give, now)
            self.homing = learned.unpack_home(self._store.get(learned.HOME), self._config.homes)
            if self.homing:
                self._book.home = self.homing.home
        if self._reader.whole is None:
            return
        taught, self.spread = self._reader.taught, self._reader.spread_s
        if taught:
            from phone.core import verdict

            taught = [one for one in taught if verdict.recalled(self._config.trust, one)]
            self.told = Batch([one for one in taught if one.source == KEEPALIVE], now // 1000)
            self.pushes = [Batch([one], now // 1000) for one in taught if one.source == PUSH]
            self.settle(PUSH, now, False)
        self.settle(KEEPALIVE, now, False)
        self.ready, self._reader = True, None  # only now: where there was no room for it, it is done again

    def _keep(self, now):
        utc = self.wall.utc(now)
        for batch in [self.told] + self.pushes:
            batch.stamp = utc - (now // 1000 - batch.heard) if utc else 0
        if self.told.taught or self.pushes or self.spread is not None:
            self._store.write(LEARNED, self._lines, now)
        else:
            self._store.drop(LEARNED, now)
        self._owed = False

    def _lines(self):
        """Pieces of the record: the same ones until _keep."""
        from phone.core import learned

        if self.spread is not None:
            yield learned.spread_line(self.spread)
        for batch in self.pushes + [self.told]:
            for one in batch.taught:
                yield learned.line(one, batch.stamp)

    def _is_over(self, batch, one, now):
        if one.lasts and now // 1000 >= batch.heard + one.lasts:
            return True
        utc = self.wall.utc(now) if one.ends else None
        return utc is not None and utc >= one.ends

    def _look(self, now):
        """When the next one may expire."""
        waits = []
        utc = self.wall.utc(now)
        for batch in [self.told] + self.pushes:
            for one in batch.taught:
                if one.lasts:
                    waits.append((batch.heard + one.lasts) * 1000)
                if one.ends and utc is not None:
                    waits.append(now + min((one.ends - utc) * 1000, LOOK_MS))
        self._due = max(min(waits), now + 1) if waits else None
