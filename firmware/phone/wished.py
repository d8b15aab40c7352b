"""The machines of what only some configurations have: time servers, call managers, own HTTP pages.

Each is loaded where it is wanted, and takes no memory elsewhere.
"""

from phone.core.jitter import Jitter


def wish(config, safe, book, net, journal, store, wall, entropy, heap, push, desk, client, theme, requests):
    """(core/managers.py Managers or None, all of these machines); `push()` makes the server of the pages."""
    managers, machines, outside = None, [], None
    if config.sip or config.push.port:
        from phone.outside import Outside

        outside = Outside(desk, client, theme, requests)
    if config.clocks and not safe:
        from phone.core.sntp import Sntp

        machines.append(Sntp(config.clocks, wall, net, journal, entropy, Jitter(config.name)))
    if config.sip and not safe:
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
