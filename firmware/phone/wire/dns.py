"""DNS questions and answers as bytes (RFC 1035, RFC 2782): one question a message, for A or SRV records.

A message of an answer is read with every offset checked: compression pointers may only
point backwards and are followed _POINTERS_MAX times, names are compared without case.
"""

import struct
from collections import namedtuple

from micropython import const

# rcode: 0 fine, 3 no such name. addresses: tuple of str; of an SRV question (priority, weight, port, target)
# each. ttl: seconds, the least on the way.
Answer = namedtuple("Answer", ("rcode", "addresses", "ttl"))

NAME_MAX = 253  # RFC 1035 2.3.4, as text
LABEL_MAX = 63
_POINTERS_MAX = const(16)  # real answers need 2; a loop would never end
_RECORDS_MAX = const(24)  # records looked at in one answer: a CNAME chain and a round robin
_ADDRESSES_MAX = const(4)  # addresses kept: more would be tried one after the other for minutes
_SERVERS_MAX = const(8)  # of SRV kept: those of two priorities, four each
_MULTICAST = const(224)  # first byte: no server is there, nor at 0.0.0.0, which filters answer for "no"
_A, _CNAME, _SRV, _IN = 1, 5, 33, 1


def is_name(name):
    """Whether `name` can be asked for: ASCII labels of 1 to 63 characters."""
    return 0 < len(name) <= NAME_MAX and all(
        0 < len(label) <= LABEL_MAX for label in name.rstrip(".").split("."))


def kind_of(name):
    """The record that a name is asked for: names of services begin with "_" (RFC 2782), of hosts never."""
    return _SRV if name[:1] == "_" else _A


def question(ident, name):
    """A recursive question for `name` (str), with the id `ident` (0..65535)."""
    out = bytearray(struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0))
    for label in name.rstrip(".").split("."):
        out.append(len(label))
        out.extend(label.encode())
    out.extend(struct.pack(">BHH", 0, kind_of(name), _IN))
    return bytes(out)


def answer(data, ident, name):
    """The Answer in `data` to that question, or None where it is not one (late, forged, cut)."""
    try:
        return _answer(bytes(data), ident, name.rstrip(".").lower().encode(), kind_of(name))
    except (IndexError, ValueError):
        return None  # an offset beyond the end, a pointer loop: not an answer


def _answer(data, ident, name, wanted):
    if len(data) < 12:
        return None
    got, flags, questions, records = struct.unpack(">HHHH", data[:8])
    if got != ident or not flags & 0x8000 or questions != 1:
        return None
    asked, at = _name(data, 12)
    if asked != name or data[at : at + 4] != struct.pack(">HH", wanted, _IN):
        return None
    if flags & 0x0200:
        return None  # cut off (TC): what is there cannot be trusted to be whole
    at += 4
    addresses = []
    ttl = 0x7FFFFFFF
    for _ in range(min(records, _RECORDS_MAX)):
        owner, at = _name(data, at)
        kind, kin, life, length = struct.unpack(">HHIH", _slice(data, at, 10))
        at += 10
        if owner == name and kin == _IN and kind in (wanted, _CNAME):
            ttl = min(ttl, life & 0x7FFFFFFF)
            if kind == _CNAME:
                name = _name(data, at)[0]
            elif kind == _SRV:
                _add_server(addresses, data, at)
            elif length == 4 and 0 < data[at] < _MULTICAST and len(addresses) < _ADDRESSES_MAX:
                addresses.append("%d.%d.%d.%d" % tuple(_slice(data, at, 4)))
        at += length
    return Answer(flags & 15, tuple(addresses), ttl if addresses else 0)


def _add_server(servers, data, at):
    """What an SRV record says, where a host is named: "." says that there is none."""
    found = struct.unpack(">HHH", _slice(data, at, 6))
    target = _name(data, at + 6)[0]
    if target and max(target) < 127 and min(target) > 32 and found[2] and len(servers) < _SERVERS_MAX:
        servers.append(found + (str(target, "ascii"),))


def _slice(data, at, length):
    piece = data[at : at + length]
    if len(piece) != length:
        raise ValueError
    return piece


def _name(data, at):
    """The name that begins at `at`, in lower case, and where the next field begins."""
    labels = []
    after = None
    hops = 0
    while data[at]:
        length = data[at]
        if length >= 0xC0:
            if after is None:
                after = at + 2
            target = (length & 0x3F) << 8 | data[at + 1]
            hops += 1
            if target >= at or hops > _POINTERS_MAX:
                raise ValueError
            at = target
        elif length > LABEL_MAX or len(labels) > 127:
            raise ValueError
        else:
            labels.append(_slice(data, at + 1, length))
            at += length + 1
    return b".".join(labels).lower(), at + 1 if after is None else after
