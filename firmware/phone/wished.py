"""The machines of what only some configurations have: time servers, call managers, own HTTP pages.

Each is loaded where it is wanted, and takes no memory elsewhere.
"""

from micropython import const

from phone.core.jitter import Jitter

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
    if config.sip or config.push.port:
        from phone.outside import Outside

        outside = Outside(desk, client, theme, requests)
    if config.clocks and not safe:
        from phone.core.sntp import Sntp

        machines.append(Sntp(config.clocks, wall, net, journal, entropy, Jitter(config.name)))
    if wanted:
        from phone.core.managers import Managers

        managers = Managers(config, book, net, journal, store, wall, entropy, Jitter(config.name), outside)
        machines += [managers.teaching, managers]
        from phone.registered import Registered

        desk.status.registered = Registered(managers, book, theme.compact)
    if config.push.port:
        from phone.core.door import Door

        errands = None
        if not safe:
            from phone.core.porter import Porter

            porter = Porter(config, book, net, journal, outside, managers)
            machines.append(porter)
            errands = porter.errands
        machines.append(Door(config.push.port, journal, push, heap, errands))
    return managers, machines
