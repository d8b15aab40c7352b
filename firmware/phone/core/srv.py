"""Where the call managers of a domain are: SRV, then the address (RFC 3263 section 4.2, RFC 2782).

    a name with a port ---------------------------------> its address, that port
    a domain --records--> by priority, by weight by chance --> the address of each
        \\--none-------------------------------------------> its address, port 5060

The chance is the phone's own (core/jitter.py): a fleet spreads over the servers as their weights say, and one
phone always draws the same order, so that a new answer of the name server moves nobody.
"""

from micropython import const

from phone.core.jitter import Jitter
from phone.core.resolver import SIP
from phone.wire.url import is_literal

TARGETS_MAX = 4  # each costs as long as a request that is given up, before the next call manager is tried
_PORT = const(5060)
_EVEN = const(8)  # how much more a weight of 1 counts than one of 0, which is chosen seldom but is


def targets(net, name, host, port, now):
    """As Net.lookup_sip, of a host that is no literal. name: the phone's."""
    if port or host == "localhost":
        return _addresses(net, host, port or _PORT, now)
    records = net.lookup(SIP + host, now)
    resolver = net.resolver()
    if records is False and resolver.is_busy() or records is None and not resolver.found(host):
        return None  # where only the address was known so far, nobody waits for a better answer
    if not records:
        return _addresses(net, host, _PORT, now)
    out = []
    waits = False
    for _, _, at, target in ordered(resolver.found(SIP + host), Jitter(name + host))[:TARGETS_MAX]:
        found = _addresses(net, target, at, now)
        waits = waits or found is None
        out += found or []
    return None if waits else out[:TARGETS_MAX] or False


def ordered(records, jitter):
    """(priority, weight, port, target) each: the lowest priority first, chance by weight among equals."""
    left = sorted(records)
    out = []
    while left:
        group = [record for record in left if record[0] == left[0][0]]
        draw = jitter.draw(sum([record[1] * _EVEN + 1 for record in group]) - 1, 0)
        for record in group:
            draw -= record[1] * _EVEN + 1
            if draw < 0:
                break
        out.append(record)
        left.remove(record)
    return out


def _addresses(net, host, port, now):
    """The same of one host: None, False, or all of its addresses."""
    found = net.lookup(host, now)
    if is_literal(host) or host == "localhost":
        return [(found, port)]
    if found:
        return [(address, port) for address in net.resolver().found(host)]
    return None if found is None or net.resolver().is_busy() else False
