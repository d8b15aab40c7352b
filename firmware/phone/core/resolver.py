"""Names to addresses without waiting: a DNS client of one question a name (RFC 1035 section 7).

The platform's getaddrinfo stops every key and the screen while it waits (10 s measured on the
unix port, 7 s a server on an ESP32), so the brain asks by itself, over the one UDP socket.

    lookup(name) --fresh--> address
         |
         v            no answer: next server, TRIES rounds
      asking ---------------------------------> silent: the old address, else False
         |                \\--no such name-----> False
         v
      fresh for its TTL; afterwards the old address serves while it is asked for again
"""

from micropython import const

from phone.events import SendTo
from phone.wire import dns

TRY_MS = 700  # one server's time for one try: a LAN answers in 5, a bad uplink in 400
TRIES = 2  # datagrams get lost; a third try helps nobody who waits at a screen
TTL_MIN_MS = 10000  # a TTL of 0 would mean a question a key press
_TTL_MAX_MS = const(3600000)  # an address changed by hand is noticed within the hour
_NAMES_MAX = const(16)  # names kept; a phone's book has fewer, pages may link anywhere
_ASKING_MAX = const(8)  # questions open at once, a page with many links included


class _Name:
    def __init__(self):
        self.addresses = ()
        self.until = 0  # ms; the addresses are fresh until then
        self.failed = ""  # why the last round found nothing
        self.asking = False
        self.ident = 0
        self.round = 0  # tries made in this round, over all servers
        self.late = 0  # ms; when to try again or give up


class Resolver:
    def __init__(self, entropy):
        self.servers = ()
        self._names = {}
        self._entropy = entropy

    def lookup(self, name, now):
        """The address of `name`: str, None while it is being asked for, or False: not found."""
        entry = self._names.get(name)
        if entry is None:
            if not dns.is_name(name) or not self.servers or not self._has_room():
                return False
            entry = self._names[name] = _Name()
        if entry.asking and now > entry.late + TRY_MS:
            entry.asking = False  # whoever wanted it gave up in the middle: ask anew
        if not entry.asking:
            if now < entry.until:
                return entry.addresses[0] if entry.addresses else False
            entry.asking = True
            entry.round = 0
            entry.late = now
        return entry.addresses[0] if entry.addresses else None  # an old one serves while a new one is sought

    def why(self, name):
        """Why `name` was not found, as half a sentence."""
        entry = self._names.get(name)
        if not self.servers:
            return "there is no name server"
        return entry.failed if entry else "it is not a name that can be looked up"

    def tick(self, now):
        """Questions that are due, as effects."""
        out = []
        for name, entry in self._names.items():
            if entry.asking and now >= entry.late:
                if entry.round >= TRIES * len(self.servers):
                    self._give_up(entry, now)
                    continue
                server = self.servers[entry.round % len(self.servers)]
                entry.ident = int.from_bytes(self._entropy(2), "big")
                entry.round += 1
                entry.late = now + TRY_MS
                out.append(SendTo(dns.question(entry.ident, name), (server, dns.PORT)))
        return out

    def receive(self, data, address, now):
        """A datagram from `address`; True where it answered a question of ours."""
        if address[1] != dns.PORT or address[0] not in self.servers:
            return False
        for name, entry in self._names.items():
            answer = dns.answer(data, entry.ident, name) if entry.asking else None
            if answer and self.servers[(entry.round - 1) % len(self.servers)] == address[0]:
                self._take(entry, answer, now)
                return True
        return False

    def deadline(self):
        waits = [entry.late for entry in self._names.values() if entry.asking]
        return min(waits) if waits else None

    def _take(self, entry, answer, now):
        if answer.addresses:
            entry.asking = False
            entry.addresses = answer.addresses
            entry.until = now + max(TTL_MIN_MS, min(answer.ttl * 1000, _TTL_MAX_MS))
            entry.failed = ""
        elif answer.rcode in (0, 3):
            entry.asking = False
            entry.addresses = ()
            entry.until = now + TTL_MIN_MS
            entry.failed = "the name server knows no such name"
        else:  # SERVFAIL, REFUSED: that server cannot say; the next one may
            entry.late = now
            entry.failed = "the name server answers with error %d" % answer.rcode

    def _give_up(self, entry, now):
        """No server said anything: the last good address, if any, serves a while longer."""
        entry.asking = False
        entry.until = now + TTL_MIN_MS
        entry.failed = entry.failed or "no name server answers"

    def _has_room(self):
        if sum(entry.asking for entry in self._names.values()) >= _ASKING_MAX:
            return False
        if len(self._names) >= _NAMES_MAX:
            idle = [name for name, entry in self._names.items() if not entry.asking]
            del self._names[min(idle, key=lambda name: self._names[name].until)]
        return True
