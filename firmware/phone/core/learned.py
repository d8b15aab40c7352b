"""What the phone was told by others and keeps over a loss of power, as bytes for the store and back.

Three records. HOME, small and hot: which home is the current one, since when and why, how long a return is
held back and how often it relapsed. SIGNED, small and hot: the last numbers of signed sets
(docs/pointers.md), so that an older one does not come back with the power. LEARNED, cold: the pointers of
keep-alives and pushes, one line each. Passwords and keys are in none of them.

Whoever reads them trusts nothing: what is not whole, not known or too long is left out, and a home counts
only as long as the configuration names the same homes in the same order.
"""

from collections import namedtuple

from micropython import const

from phone.core.pointers import KEEPALIVE, PUSH, SERVICES
from phone.core.wall import BUILT

HOME, SIGNED, LEARNED = "home", "signed", "learned"  # names of the records
MANAGER = "manager"  # the service of a line that names a call manager
TAUGHT_MAX = const(8)  # of one source, as wire/pointer_set.py reads no more
URL_MAX = const(200)  # bytes; a datagram with eight of them would not fit into one frame, but with five
URI_MAX = const(73)  # of a call manager: sip:, a domain of 63 letters, a port
_WHY_MAX = const(60)  # bytes
_HOME_MAX = const(112)  # bytes of a hot record (slots.py)
_VERSION = const(2)
_SEALED = const(20)  # bytes of SIGNED

# home: number in the configuration; as many as there are or more: a learned one. uri: its address, else "".
# since: unix seconds, 0 while the time was unknown. hold_s: how long a better manager has to be well before
# the phone returns. relapses: how often that was doubled. why: an English sentence.
Homing = namedtuple("Homing", ("home", "since", "hold_s", "relapses", "uri", "why"))
# service: of SERVICES, "" for all of them, or MANAGER. url: str, a sip URI for MANAGER. q: thousandths.
# lasts: s from when it was told, 0: until it is told otherwise. ends: unix s at which it ends whatever the
# phone heard since, 0 for never. signed: whether a signature was good.
Taught = namedtuple("Taught", ("service", "url", "source", "q", "lasts", "ends", "signed"))
# key: four bytes of the key's hash. told, pushed: the last number of each source, 0 for none; *_mac: four
# bytes of its signature, so that the same set is known again.
Numbers = namedtuple("Numbers", ("key", "told", "told_mac", "pushed", "pushed_mac"))


def pack_home(homing, homes):
    """Bytes of a Homing; homes: those of the configuration."""
    head = bytes((_VERSION, min(homing.home, 255), min(homing.relapses, 255))) + b"".join([
        number.to_bytes(4, "big") for number in (_mark(homes), homing.since, homing.hold_s)
    ])
    return (head + homing.uri.encode()[:URI_MAX] + b"\0" + homing.why.encode()[:_WHY_MAX])[:_HOME_MAX]


def unpack_home(data, homes):
    """The Homing, or None: there is none, or the configuration has other homes now."""
    if not data or len(data) < 16 or data[0] != _VERSION:
        return None
    numbers = [int.from_bytes(data[at : at + 4], "big") for at in range(3, 15, 4)]
    uri, _, why = data[15:].partition(b"\0")
    if numbers[0] != _mark(homes) or (data[1] >= len(homes)) != bool(uri):
        return None
    return Homing(data[1], numbers[1], numbers[2], data[2], _shown(uri), _shown(why))


def pack_numbers(numbers):
    """Bytes of Numbers."""
    key, told, told_mac, pushed, pushed_mac = numbers
    return key + told.to_bytes(4, "big") + told_mac + pushed.to_bytes(4, "big") + pushed_mac


def unpack_numbers(data, key):
    """Numbers; all 0 where none are kept, or those of another key: its sets cannot come back."""
    if not data or len(data) != _SEALED or data[:4] != key:
        return Numbers(key, 0, bytes(4), 0, bytes(4))
    told, pushed = int.from_bytes(data[4:8], "big"), int.from_bytes(data[12:16], "big")
    return Numbers(key, told, data[8:12], pushed, data[16:20])


def line(one, heard):
    """Bytes of a Taught that was told at `heard`, unix seconds; 0: the time was unknown, so what it lasts
    begins anew when it is read.
    """
    lasts = one.lasts + heard if one.lasts and heard else one.lasts
    fields = one.service, one.source, one.q, lasts, one.ends, one.signed, one.url
    return ("%s\t%s\t%d\t%d\t%d\t%d\t%s\n" % fields).encode()


def spread_line(seconds):
    """Bytes of what the last manager said of the spread."""
    return b"spread\t%d\n" % seconds


class Reader:
    """give(piece) for each piece of the record, as Store.fetch does; then `taught`, a list, and `spread_s`,
    None: not said. whole: None until the last piece was given, then whether the record is.
    """

    def __init__(self):
        self.taught = []
        self.spread_s = None
        self.whole = None
        self._rest = b""

    def give(self, piece):
        if piece:
            self.take(piece)
        elif piece != b"":
            self.whole = piece is None

    def take(self, piece):
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()[-2 * URL_MAX :]
        for one in lines:
            if one.startswith(b"spread\t") and one[7:].isdigit() and len(one) < 12:
                self.spread_s = int(one[7:])
            one = _taught(one)
            if one and len(self.taught) < 2 * TAUGHT_MAX:
                self.taught.append(one)


def _taught(text):
    try:
        fields = str(text, "ascii").split("\t")
        service, source, q, lasts, ends, signed, url = fields
        q, lasts, ends = int(q), int(lasts), int(ends)
    except ValueError:  # not ASCII, not seven fields, not a number
        return None
    known = service in SERVICES or service in ("", MANAGER)
    sound = 0 <= q <= 1000 and 0 <= lasts < 1 << 32 and 0 <= ends < 1 << 32 and len(url) <= URL_MAX
    if not (known and sound and source in (KEEPALIVE, PUSH)):
        return None
    if lasts >= BUILT:  # a date
        lasts, ends = 0, min(lasts, ends or lasts)
    return Taught(service, url, source, q, lasts, ends, signed == "1")


def _shown(data):
    return "".join([chr(byte) if 32 <= byte < 127 else "?" for byte in data])


def _mark(homes):
    """A number that changes with the names and the order of the homes (FNV-1a)."""
    mark = 2166136261
    for letter in "\n".join([home.name + "\t" + home.manager for home in homes]).encode():
        mark = (mark ^ letter) * 16777619 & 0xFFFFFFFF
    return mark
