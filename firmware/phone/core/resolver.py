"""Names to addresses without waiting: a DNS client of one question a name (RFC 1035 section 7).

The platform's getaddrinfo stops every key and the screen while it waits (10 s measured on the
unix port, 7 s a server on an ESP32), so the brain asks by itself, over the one UDP socket.

    lookup(name) --fresh--> address
         |
         v            no answer: next server, TRIES rounds
      asking ---------------------------------> silent: the last good address, else False
         |                \\--no such name-----> the next search domain, else the same
         v
      fresh for its TTL; afterwards the old address serves while it is asked for again

The last good address is kept for ever against silence, and for a day against a server that now denies
the name: a zone that was lost must not take the pages from a ward (RFC 8767 stops at silence).
An answer that comes after the deadline is still taken: the next key press has it.
"""

from micropython import const

from phone.events import SendTo
from phone.phrases import phrase
from phone.wire import dns
from phone.wire.url import LOCAL, is_local

TRY_MS = 700  # one server's time for one try: a LAN answers in 5, a bad uplink in 400
TRIES = 2  # datagrams get lost; a third try helps nobody who waits at a screen
TTL_MIN_MS = 10000  # a TTL of 0 would mean a question a key press
LATE_MS = 10000  # an answer counts for so long after the deadline; a forger has no longer to guess its id
FAILED_MS = 1000  # who presses Again wants to be asked for again; a burst of keys asks once
DENIED_MS = 86400000  # how long an address outlives its denial
ABSENT_MS = 300000  # a domain without SRV records is asked for them so seldom: most have none
SIP = "_sip._udp."  # before the name of a domain: its call managers (RFC 3263 4.1)
DENIED = phrase("the name server knows no such name")
_SHOWN_MAX = const(40)  # characters of a name that are told
_TTL_MAX_MS = const(3600000)  # an address changed by hand is noticed within the hour
# Names kept; a phone's book has fewer, a domain of call managers has six, pages may link anywhere.
_NAMES_MAX = const(24)
_ASKING_MAX = const(8)  # questions open at once: three requests, and those that were given up lately


class _Name:
    def __init__(self, full):
        self.full = full  # the names to ask for, in order: search domains first
        self.at = 0  # which of them is asked for
        self.addresses = ()
        self.good = 0  # ms of the answer that gave the addresses
        self.until = 0  # ms; nothing is asked until then
        self.failed = None  # a phrase: why the last round found nothing
        self.noted = False  # whether the account knows that an old address serves
        self.asking = False
        self.ident = -1  # of the last question, while its answer would be taken
        self.round = 0  # tries made in this round, over all servers
        self.late = 0  # ms; when to try again or give up


class Resolver:
    def __init__(self, entropy, search, journal, own=()):
        self.servers = ()  # (IPv4 literal, port) of each
        self._search = search
        self._own = own  # hosts of the book: their addresses are forgotten last
        self._names = {}
        self._entropy = entropy
        self._journal = journal

    def lookup(self, name, now):
        """The address of `name`: str, None while it is being asked for, or False: not found. Of a name that
        begins with "_": (priority, weight, port, host).
        """
        entry = self._names.get(name)
        if entry is None:
            if not dns.is_name(name) or is_local(name) or not self.servers or not self._make_room():
                return False
            domains = () if "." in name else self._search
            entry = self._names[name] = _Name([name + "." + domain for domain in domains] + [name])
        if entry.asking and now > entry.late + TRY_MS:
            entry.asking = False  # whoever wanted it gave up in the middle: ask anew
        if not entry.asking:
            if now < entry.until:
                return entry.addresses[0] if entry.addresses else False
            self._ask(entry, 0, now)
        return entry.addresses[0] if entry.addresses else None  # an old one serves while a new one is sought

    def found(self, name):
        """All addresses of `name` that lookup() has found, or ()."""
        return self._names[name].addresses if name in self._names else ()

    def is_busy(self):
        """Whether no further name can be asked for now."""
        return sum([entry.asking for entry in self._names.values()]) >= _ASKING_MAX

    def why(self, name):
        """Why `name` has no address, as a phrase, half a sentence about its server. A name that nobody knows
        and name servers that say nothing never look alike: other people mend them.
        """
        entry = self._names.get(name)
        servers = () if entry else self.found(SIP + name)
        if servers:
            return self.why(servers[0][3])
        if entry and entry.failed == DENIED:
            return phrase('has a name that does not exist: "%s"', name[:_SHOWN_MAX])
        if is_local(name):
            why = phrase(LOCAL)
        elif not self.servers:
            why = phrase("there is no name server")
        elif entry:
            why = entry.failed
        elif dns.is_name(name):
            why = phrase("too many names are asked for at once")
        else:
            return phrase('has a name that cannot be looked up: "%s"', name[:_SHOWN_MAX])
        return phrase("cannot be looked up: %s", why)

    def turn(self, name, address):
        """Nobody answered at `address`: another one of the name comes first now. Whether there is one."""
        entry = self._names.get(name)
        if entry and entry.addresses[:1] == (address,):
            entry.addresses = entry.addresses[1:] + (address,)
        return bool(entry) and len(entry.addresses) > 1

    def tick(self, now):
        """Questions that are due, as effects."""
        out = []
        for name, entry in self._names.items():
            if entry.asking and now >= entry.late:
                if entry.round >= TRIES * len(self.servers):
                    out += self._give_up(name, entry, now)
                    continue
                server = self.servers[entry.round % len(self.servers)]
                entry.round += 1
                entry.late = now + TRY_MS
                out.append(SendTo(dns.question(entry.ident, entry.full[entry.at]), server, 0))
        return out

    def receive(self, data, address, now):
        """A datagram from `address`, an answer perhaps; effects."""
        if address not in self.servers:
            return []
        place = self.servers.index(address)
        for name, entry in self._names.items():
            answer = None
            in_time = now < entry.late + LATE_MS  # a little late is not too late
            if in_time and entry.ident >= 0 and place < entry.round:
                answer = dns.answer(data, entry.ident, entry.full[entry.at])
            if answer:
                return self._take(name, entry, answer, now)
        return []

    def deadline(self):
        waits = [entry.late for entry in self._names.values() if entry.asking]
        return min(waits) if waits else None

    def _ask(self, entry, at, now):
        """Begin a round for one of the full names; its questions share an id, so a late answer counts."""
        entry.at = at
        entry.failed = None
        entry.asking = True
        entry.ident = int.from_bytes(self._entropy(2), "big")
        entry.round = 0
        entry.late = now

    def _take(self, name, entry, answer, now):
        if answer.addresses:
            entry.asking = False
            entry.ident = -1
            entry.addresses = answer.addresses
            entry.good = now
            entry.until = now + max(TTL_MIN_MS, min(answer.ttl * 1000, _TTL_MAX_MS))
            entry.failed = None
            was, entry.noted = entry.noted, False
            return self._journal.say(phrase("%s is found again.", name), now) if was else []
        if not entry.asking:
            return []
        if answer.rcode not in (0, 3):  # SERVFAIL, REFUSED: that server cannot say; the next one may
            entry.late = now
            entry.failed = phrase("the name server answers with error %d", answer.rcode)
            return []
        if entry.at + 1 < len(entry.full):
            self._ask(entry, entry.at + 1, now)
            return []
        if now > entry.good + DENIED_MS:
            entry.addresses = ()
        entry.failed = DENIED
        return self._give_up(name, entry, now)

    def _give_up(self, name, entry, now):
        """Nothing was found: the last good address, if any, serves a while longer."""
        entry.asking = False
        entry.until = now + (TTL_MIN_MS if entry.addresses else FAILED_MS)
        if name[:1] == "_":
            # Longer than the question for the address that follows, or the two would ask in turn for ever.
            entry.until = now + (ABSENT_MS if entry.failed == DENIED else TTL_MIN_MS)
        entry.failed = entry.failed or phrase("no name server answers")
        if entry.noted or not entry.addresses:
            return []
        entry.noted = True
        last = entry.addresses[0]
        last = last if isinstance(last, str) else last[3]
        said = phrase("%s: %s; its last address, %s, is used.", name, entry.failed, last)
        return self._journal.say(said, now)

    def _make_room(self):
        """Whether one more name can be asked for; the oldest that nobody asks for goes."""
        if self.is_busy():
            return False
        if len(self._names) >= _NAMES_MAX:
            idle = [name for name, entry in self._names.items() if not entry.asking]
            idle = [name for name in idle if name not in self._own] or idle
            del self._names[min(idle, key=lambda name: self._names[name].until)]
        return True
