"""The machines of what only some configurations have: time servers, call managers, own HTTP pages.

Each is loaded where it is wanted, and takes no memory elsewhere.
"""

from micropython import const

from phone.core.jitter import Jitter
from phone.core.pointers import IDLE

# Call managers take 36 KB where the phone without them takes 217 (64 bits, small display), and 40 more as
# they work: so much of what is used must be free, or a phone that could show its pages shows nothing.
_ROOM = const(45)  # per cent
NO_ROOM = "sip: this board has no room for call managers, so the phone does not register."


def wish(config, safe, book, net, journal, store, wall, entropy, heap, push, desk, client, theme, requests,
         mistakes):
    """(core/managers.py Managers or None, all of these machines); `push()` makes the server of the pages.
    mistakes: the list that takes what is wrong with the configuration.
    """
    managers, machines, outside = None, [], None
    wanted = bool(config.sip) and not safe
    if wanted and heap:
        free, used = heap()
        if 100 * free < _ROOM * used:
            wanted = False
            mistakes.append(NO_ROOM)
    rests = not safe and book.of(IDLE)
    if rests or config.sip or config.push.port:
        from phone.outside import Outside

        outside = Outside(desk, client, theme, requests)
    if rests:
        machines.append(_idling(config, book, desk, client, outside))
    if config.clocks and not safe:
        machines.append(_clocks(config.clocks, wall, net, journal, entropy, Jitter(config.name)))
    if wanted:
        from phone.core.managers import Managers

        managers = Managers(config, book, net, journal, store, wall, entropy, Jitter(config.name), outside)
        machines += [managers.teaching, managers]
        from phone.registered import Registered

        desk.status.registered = Registered(managers, book, theme.compact)
    if config.push.port:
        porter = None if safe else _porter(config, book, net, journal, outside, managers)
        machines += [porter] if porter else []
        machines.append(_door(config.push.port, journal, push, heap, porter and porter.errands))
    return managers, machines


def _clocks(*parts):
    from phone.core.sntp import Sntp

    return Sntp(*parts)


def _idling(*parts):
    from phone.idling import Idling

    return Idling(*parts)


def _porter(*parts):
    from phone.core.porter import Porter

    return Porter(*parts)


def _door(*parts):
    from phone.core.door import Door

    return Door(*parts)
