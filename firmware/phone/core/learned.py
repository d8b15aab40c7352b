"""What the phone was told by others and keeps over a loss of power, as bytes for the store and back.

Two records: HOME, small and hot, says which home is the current one, since when and why, how long a return is
held back and how often it relapsed, and the last sequence number that was heard. LEARNED, cold, has the
pointers of keep-alives and pushes, one line each. Secrets and cookies are in neither.

Whoever reads them trusts nothing: what is not whole, not known or too long is left out, and a home counts
only as long as the configuration names the same homes in the same order.
"""

from collections import namedtuple

from micropython import const

from phone.core.pointers import KEEPALIVE, PUSH, SERVICES
from phone.wire import url as urls

HOME, LEARNED = "home", "learned"  # names of the records
TAUGHT_MAX = const(16)  # of one source: two full answers of a call manager (docs of the wire format: 8)
URL_MAX = const(200)  # bytes; a datagram with eight of them stays below one Ethernet frame
_WHY_MAX = const(60)  # bytes: the record stays within 112
_VERSION = const(1)

# home: number in the configuration. since: unix seconds, 0 while the time was unknown. hold_s: how long the
# primary has to be well before the phone returns. relapses: how often that was doubled. sequence: the last
# one heard, 0 for none. why: an English sentence.
Homing = namedtuple("Homing", ("home", "since", "hold_s", "relapses", "sequence", "why"))
# service, url (str), source, q (0..1), safe as in core/pointers.py; expires: unix seconds, 0 for never.
Taught = namedtuple("Taught", ("service", "url", "source", "q", "safe", "expires"))


def pack_home(homing, homes):
    """Bytes of a Homing; homes: those of the configuration."""
    return bytes((_VERSION, homing.home, homing.relapses & 255)) + b"".join([
        number.to_bytes(4, "big")
        for number in (_mark(homes), homing.since, homing.hold_s, homing.sequence & 0xFFFFFFFF)
    ]) + homing.why.encode()[:_WHY_MAX]


def unpack_home(data, homes):
    """The Homing, or None: there is none, or the configuration has other homes now."""
    if not data or len(data) < 19 or data[0] != _VERSION or data[1] >= len(homes):
        return None
    numbers = [int.from_bytes(data[at : at + 4], "big") for at in range(3, 19, 4)]
    if numbers[0] != _mark(homes):
        return None
    why = "".join([chr(byte) if 32 <= byte < 127 else "?" for byte in data[19:]])
    return Homing(data[1], numbers[1], numbers[2], data[2], numbers[3], why)


def pieces(taught):
    """Iterator of bytes, a line for each Taught that may be kept."""
    for one in taught:
        if _fits(one):
            line = one.service, one.source, round(one.q * 1000), one.safe, one.expires, one.url
            yield ("%s\t%s\t%d\t%d\t%d\t%s\n" % line).encode()


def keep(homing, taught, store, homes, now):
    """Have both outlive a loss of power; taught: of all sources, the newest first."""
    store.put(HOME, pack_home(homing, homes), now)
    store.write(LEARNED, lambda: pieces(taught), now)


def recall(book, store, homes, now):
    """Bring both back into the book. Another configuration has other homes: then the first counts again."""
    homing = unpack_home(store.get(HOME), homes)
    if homing:
        book.home = homing.home
    reader = Reader()

    def give(piece):
        if piece:
            reader.take(piece)
        elif piece is None:
            for source in (KEEPALIVE, PUSH):
                book.teach(source, [one for one in reader.taught if one.source == source])

    store.fetch(LEARNED, give, now)


class Reader:
    """take(piece) for each piece of the record; then `taught`, a list."""

    def __init__(self):
        self.taught = []
        self._rest = b""

    def take(self, piece):
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()[-2 * URL_MAX :]
        for line in lines:
            one = _taught(line)
            if one and _fits(one) and len(self.taught) < 2 * TAUGHT_MAX:
                self.taught.append(one)


def _taught(line):
    try:
        fields = str(line, "ascii").split("\t")
        service, source, q, safe, expires, url = fields
        return Taught(service, url, source, min(int(q), 1000) / 1000, safe == "1", int(expires))
    except ValueError:  # not ASCII, not six fields, not a number
        return None


def _fits(one):
    known = one.service in SERVICES and one.source in (KEEPALIVE, PUSH)
    sound = 0 <= one.q <= 1 and 0 <= one.expires < 1 << 32
    return known and sound and len(one.url) <= URL_MAX and urls.split(one.url) is not None


def _mark(homes):
    """A number that changes with the names and the order of the homes (FNV-1a)."""
    mark = 2166136261
    for letter in "\n".join([home.name + "\t" + home.manager for home in homes]).encode():
        mark = (mark ^ letter) * 16777619 & 0xFFFFFFFF
    return mark
