"""Call managers: all that the phone does over SIP, as one machine of the agent.

    datagram --answer--> the Manager that asked --how its job ended--> over() --> home.py: leave, next, return
       |                                                              |
       |                                                              +--2xx of the home--> teaching.py
       +--request--> callee.py                     home.py --the next seat--> Manager.ask(JOIN)

It joins the parts, decides when the phone is calm, and begins once port, network and flash are there.
"""

from micropython import const

from phone.core.asking import JOIN, REFRESH
from phone.core.calls import Calls
from phone.core.crowd import Crowd
from phone.core.home import BACK, HERE, REST, TRY, Home
from phone.core.machine import Machine
from phone.core.manager import Manager
from phone.core.teaching import Teaching
from phone.core.telling import Telling
from phone.events import Bind, Bound, Datagram

BIND_MS = const(60000)  # the port is taken: who has it may go
REFRESH_MS = const(10000)  # "check-sync" by a manager, or by anybody who forges one: not more often
ASK_MS = const(2000)  # and not a whole fleet at once
REQUESTS, STRANGE = 32, 8  # of managers, of others, in a second: a push is two. A flood is not even read
_NEVER = const(1 << 40)


class Managers(Telling, Machine):
    """`list`: of Manager, configured ones and then learned ones by q. `home`: the one in use or, where there
    is none, the one that is tried or was lost last; None before the phone begins. `odd`: datagrams that were
    nothing. `counts`: {word: how many requests came to it}.
    """

    def __init__(self, config, book, net, journal, store, wall, entropy, jitter, outside):
        self.config, self.net, self.entropy, self.jitter = config, net, entropy, jitter
        self.timers = config.sip.timers
        self.port = None  # ours; 0: none is free
        self.number = 0  # of the last request
        self.odd = 0
        self.counts = {}
        self.calls = Calls()
        self.teaching = Teaching(config, book, store, journal, wall)
        self.list = []
        Telling.__init__(self, book, journal, store, wall)
        self._outside = outside
        self._home = Home(self.timers, jitter)
        self._callee = None
        self._crowds = Crowd(REQUESTS), Crowd(STRANGE)
        self._bind_at = 0
        self._begun = False  # the flash has told where the phone was, and there is a network
        self._looks = True  # whether what is waited for has its deadline elsewhere (names, flash)
        self._due = 0  # ms at which tick() has something to do
        self._key = self._refreshed = -(1 << 30)  # ms of the last key, of the last refresh that was wanted
        self._refresh_at = None  # ms at which somebody wants a refresh

    # --- what others see -----------------------------------------------------------------------------

    @property
    def home(self):
        return self._home.target if self._home.state == TRY else self._home.at

    @property
    def registered(self):
        return self._home.state in (HERE, BACK) and self._home.at.registered

    @property
    def course(self):
        """The Home of core/home.py: when the phone returns, or tries again."""
        return self._home

    def known(self, address):
        """The Manager at this (host, port), else at this host: it may send from any port. Or None."""
        found = None
        for manager in self.list:
            if address in manager.targets:
                return manager
            if address[0] == manager.host or address[0] in [host for host, _ in manager.targets]:
                found = found or manager
        return found

    def refresh(self, now):
        """Somebody wants the phone to ask its home again (check-sync); effects."""
        if self._refresh_at is None:
            self._refresh_at = max(now + self.jitter.draw(ASK_MS, 0), self._refreshed + REFRESH_MS)
            self._due = now
        return []

    def receive(self, event, now):
        if type(event) is Bound:
            self._due = now
            from phone.core.deeds import bound

            return bound(self, event.port, now)
        if type(event) is not Datagram or not event.port:
            return None
        from phone.wire.sip import read

        known = self.known(event.address)
        crowd = None if known and event.data[:8].upper() == b"SIP/2.0 " else self._crowds[not known]
        message = read(event.data) if not crowd or crowd.admits(now) else None
        if message is None:
            self.odd += 1
            return []
        self._due = now
        self.count("in", "")
        return (self._response if message.status else self._request)(message, event.address, now)

    def _response(self, message, address, now):
        for manager in self.list:
            out = manager.receive(message, address, now)
            if out is not None:
                return out
        self.count("late", "")  # or forged: it changes nothing
        manager = self.known(address)
        if manager and message.status < 300:
            manager.late(now)
        return []

    def _request(self, message, address, now):
        if self._callee is None:
            from phone.core.callee import Callee

            parts = self.teaching, self.calls, self._outside, self.journal, self.entropy
            self._callee = Callee(self.config, self, *parts)
        return self._callee.receive(message, address, now)

    def tick(self, now):
        if now < self._due and not self._looks and not self.teaching.changed:
            return []
        out = []
        if not self.port and now >= self._bind_at:
            self._bind_at = now + BIND_MS
            out.append(Bind(self.config.sip.port))
        if self.port and not self._begun and self.net.address and self.teaching.ready:
            self._begin(now)
        if self._callee:
            out += self._callee.tick(now)
        if self._begun:
            for _ in range(len(self.list) + 2):  # who fails at once, without an address, leads to the next
                out += self._step(now)
                due = self._home.due
                if self._home.state == HERE or due is None or due > now:
                    break
        self._due = self._next(now)
        return out

    def deadline(self):
        return None if self._due == _NEVER else self._due

    def key(self, now):
        self._key = self._due = now

    def wake(self, now):
        self._due = now

    def cancel(self, now):
        """The network is gone; or connections were closed for want of memory, which ends nothing here."""
        if self.net.address or not self._begun:
            return []
        out = []
        self._begun = False
        self._home.stop()
        for manager in self.list:
            out += manager.drop(now)
            manager.leave(now)
        return out

    def _calm(self, now):
        """Nobody uses the phone."""
        free = not self._outside.has_form and not self.calls.ringing
        return free and now - self._key >= self.timers["idle_ms"]

    def _begin(self, now):
        """Everything is there: register, at the home of before first."""
        home = self._home
        if home.at is None:
            self.gather(now)
            homing = self.kept = self.teaching.homing
            if homing:
                home.recall(homing.hold_s * 1000, homing.relapses, now)
                for manager in self.list:
                    if manager.number == homing.home or homing.uri and manager.uri == homing.uri:
                        home.at = manager
        home.spread_ms = self.teaching.spread_ms
        home.begin(home.at or self.list[0], now)
        for manager in self.list:
            manager.poll_at = now + self.jitter.draw(self.timers["poll_ms"], 0)
        self._begun = True  # only now: where there was no room for it, it is done again

    def gather(self, now):
        """The managers of the configuration, and those that were learned; who is known stays the same."""
        known = {manager.uri: manager for manager in self.list}
        homes = enumerate(self.config.homes)
        found = [(home.name, number, home.manager) for number, home in homes if home.manager]
        found += [(uri[4:].partition(":")[0], -1, uri) for _, uri in self.teaching.managers]
        out = []
        for label, number, uri in found:
            if uri not in [manager.uri for manager in out]:
                out.append(known.get(uri) or Manager(self, label, number, uri))
        home = self._home
        for seat in [home.at, home.target] + [one for one in self.list if one.releases]:  # until it is left
            if seat and seat not in out:
                out.append(seat)
        for manager in out:
            if manager.poll_at is None:
                manager.poll_at = now + self.jitter.draw(self.timers["poll_ms"], 0)
        self.list = home.seats = out
        self.teaching.changed = False

    def _step(self, now):
        """What is due by now; effects."""
        home = self._home
        out = []
        if self.teaching.changed:
            self.gather(now)
        if self._refresh_at is not None and now >= self._refresh_at:
            self._refresh_at, self._refreshed = None, now
            if home.state in (HERE, BACK):
                out += home.at.ask(REFRESH, now)
        was, relapses = home.state, home.relapses
        seat = home.tick(self._calm(now), now)
        calms, moves = home.relapses < relapses, home.state != was
        if calms or moves and home.state in (BACK, REST):
            from phone.core.deeds import turned

            out += turned(self, calms, moves, now)
        if seat:
            out += seat.ask(JOIN, now)
        elif home.target and not home.target.is_asked:  # there was no room to go on with it
            out += home.target.ask(JOIN, now)
        for manager in self.list:
            out += manager.tick(now)
        return out

    def _next(self, now):
        """The least of all deadlines."""
        waits = [] if self.port else [self._bind_at]
        if self._callee:
            waits.append(self._callee.deadline())
        if self._begun:
            waits += [self._refresh_at] + [manager.deadline() for manager in self.list]
            free = not self._outside.has_form and not self.calls.ringing
            wait = self._home.deadline(free, now)
            if free and wait is not None and self._home.state == HERE:
                wait = max(wait, self._key + self.timers["idle_ms"])
            waits.append(wait)
        self._looks = not self.teaching.ready or any([manager.looks for manager in self.list])
        return min([wait for wait in waits if wait is not None] + [_NEVER])
