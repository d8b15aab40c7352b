"""The drill: each server in turn is pretended lost, and the phone tells who took over, and after how long.

    begin --> without A --page, or none--> without B --> ... --> over
                  \\---------- any key, the network went ---------> stopped

A second book, client and requests play the loss over the connections that there are; all three are thrown
away afterwards. The server that is pretended lost is silent, which is the worst: nobody hears of it but by
waiting. Until then it was well, as far as the players know; of the others they know what the phone knows.
Pages are really fetched, from a pointer's own URL only. Nothing is stored, no health changes, and nothing
goes on screen but the account of it.
"""

from phone import events
from phone.core.client import Client
from phone.core.health import PACE_MIN_MS
from phone.core.journal import Journal
from phone.core.machine import Machine
from phone.core.pointers import Book, Pointer
from phone.core.result import label
from phone.core.sites import each_site, nobody
from phone.core.trouble import NO_NETWORK
from phone.phrases import phrase
from phone.records import WHOLE, SoftKey, Text
from phone.wire.url import site

_CONNECTIONS = (events.Opened, events.Received, events.Closed)
_ACCOUNT = (events.Note, events.Asked)  # what the players tell is not for the journal and the time line


class Drill(Machine):
    """`prober`: it keeps quiet meanwhile. `requests`: core/run.py, of the phone."""

    def __init__(self, config, book, net, requests, prober, journal):
        self.lines = []  # phrases: what came out so far
        self.fresh = True  # there is something new in it
        self.running = False
        self._config = config
        self._book = book
        self._net = net
        self._requests = requests
        self._prober = prober
        self._journal = journal
        self._left = []  # a pointer of each site that is to be lost yet
        self._lost = None  # a pointer of the site that is lost now
        self._wishes = {}  # site -> ms until which it wants to be left alone, as it said during the drill
        self._players = self._client = None  # those of the loss which is played now; None between two
        self._begun = 0  # ms; of that loss, or when the next one is due

    @property
    def waiting(self):
        """What is going on, as a phrase."""
        return phrase("Without %s ...", (self._lost or self._left[0]).label)

    def page(self, say):
        """What came out so far, as a record; say(phrase) gives text."""
        keys = ((phrase("Again"), "Update"), (phrase("Exit"), "Exit"), (phrase("Back"), "Back"))
        keys = [SoftKey(say(name), at + 1, "SoftKey:" + word, "") for at, (name, word) in enumerate(keys)]
        return Text(say(phrase("Drill")), "", tuple([say(line) for line in self.lines]), tuple(keys), WHOLE)

    def begin(self, up, now):
        """Start; effects. up: whether there is a network."""
        self._left = each_site(self._book)
        out = self._journal.say(phrase("Drill: each server in turn is pretended lost."), now)
        if not up or not self._left:
            return out + self._end(nobody(self._config) if up else NO_NETWORK, now)
        self.running = True
        self._begun = max(now, self._net.calm_at)  # a key opened the page; a handshake would wait for it
        self._prober.key(self._begun)
        return out + self._prober.cancel(now)

    def stop(self, now):
        """Somebody wants the phone, or the network is gone; effects."""
        if not self.running:
            return []
        out = _quiet(self._client.cancel(now)) if self._client else []
        return out + self._end(phrase("The drill was stopped."), now)

    cancel = stop

    def receive(self, event, now):
        if not self._client or not isinstance(event, _CONNECTIONS):
            return None
        out = self._client.receive(event, now)
        return None if out is None else _quiet(out) + self._settle(now)

    def tick(self, now):
        if self._client:
            return _quiet(self._client.tick(now)) + self._settle(now)
        return self._next(now) if self.running and now >= self._begun else []

    def deadline(self):
        if self._client:
            return self._client.deadline()
        return self._begun if self.running else None

    def _next(self, now):
        """Lose the next server, and press its key; effects."""
        self._lost = lost = self._left.pop(0)
        self._players = players = _Players(self._config, self._book, lost, self._wishes)
        net = _Without(self._net, lost)
        requests = self._requests.apart(players, net)
        self._client = Client(self._config, players, net, Journal(), requests)
        self._begun = now
        out = _quiet(self._client.open_service(lost.service, now))
        return out + self._settle(now)

    def _settle(self, now):
        """See whether somebody took over; effects."""
        result = self._client.take()
        if not result:
            self._prober.key(self._client.deadline())
            return []
        lost, took = self._lost.label, now - self._begun
        said = [phrase("Without %s: no page after %d ms.", lost, took)]
        if result.record:
            said = [phrase("Without %s: %s after %d ms.", lost, label(result.context), took)]
        said += [line for line in result.sentences if line[1:2] != (lost,)]  # what the others did
        self.lines += said
        self.fresh = True
        self._players.wish(self._wishes)
        self._players = self._client = None
        self._begun = now
        out = []
        for line in said:
            out += self._journal.say(phrase("Drill: %s", line), now)
        return out if self._left else out + self._end(phrase("All is as before."), now)

    def _end(self, said, now):
        """Let go of the players; effects."""
        self.running = False
        self.fresh = True
        self.lines.append(said)
        self._players = self._client = None
        self._left = []
        return self._journal.say(phrase("Drill: %s", said), now)


class _Bare:
    """A configuration without servers: they come from the book."""

    homes = backups = ()

    def __init__(self, config):
        self.name, self.timers = config.name, config.timers


class _Players(Book):
    """The book of the phone with health of its own, in which `lost` is well."""

    def __init__(self, config, book, lost, wishes):
        Book.__init__(self, _Bare(config))
        self.home = book.home
        self.wary, self.twice = book.wary, book.twice
        self.dares = False  # nobody waits for a page: who may have stopped the phone is not asked
        self._real = book
        for pointer in book.pointers:
            place = site(pointer.url)
            health = self._health.get(place)
            if not health:
                health = self._health[place] = self._new_health()
                _learn(health, pointer.health)
                health.not_before = max(health.not_before, wishes.get(place, 0))
                if pointer.health is lost.health:
                    health.well, health.not_before = True, 0
            self.pointers.append(Pointer(*(pointer[:-1] + (health,))))

    def wish(self, wishes):
        """Write down who wants to be left alone."""
        for place, health in self._health.items():
            if health.not_before:
                wishes[place] = health.not_before

    def may_ask(self, url, now):
        return Book.may_ask(self, url, now) and self._real.may_ask(url, now)


def _learn(health, real):
    """Know what the phone knows."""
    health.well, health.asked, health.seen = real.well, real.asked, real.seen
    health.not_before = real.not_before
    if real.pace_ms > PACE_MIN_MS:
        health.took(real.pace_ms - 1)  # which is counted in steps, and rounded up


class _Without:
    """The connections of the phone, but one site is silent."""

    def __init__(self, net, lost):
        self._net = net
        self._site = site(lost.url)
        self._host = lost.url.host
        self.calm_at = net.calm_at  # who presses a key ends the drill
        self.has_room, self.keep, self.close = net.has_room, net.keep, net.close
        self.lookup, self.why, self.questions = net.lookup, net.why, net.questions

    def open(self, address, url):
        """A connection that never opens has no number."""
        return (0, []) if site(url) == self._site else self._net.open(address, url)

    def reuse(self, url):
        return 0 if site(url) == self._site else self._net.reuse(url)

    def failed(self, name, address):
        return False if name == self._host else self._net.failed(name, address)


def _quiet(effects):
    """What is done, without what is told of it."""
    return [effect for effect in effects if not isinstance(effect, _ACCOUNT)]
