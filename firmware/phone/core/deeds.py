"""What follows from what call managers do, in deeds and in words: where the phone goes, what the journal says
of it, what is kept over a loss of power.

Functions only, so it may be forgotten between two such events; what they know is the Managers'.
"""

from phone.core import calling
from phone.core.asking import BUSY, MOVED, REFUSED, RELEASE
from phone.core.home import BACK, HERE, REST
from phone.core.trouble import seconds
from phone.phrases import phrase, plain

_ROUNDS_SAID = 5  # rests that are told: they have grown to five minutes by then


def doubts(managers, manager, reason, now):
    """The home did not answer a keep-alive; effects."""
    managers.course.miss(now)
    return managers.say(phrase("%s %s: it is asked once more.", manager.label, reason), now)


def forgotten(managers, manager, status, now):
    """The home answers, and does not know the phone any more; effects."""
    managers.course.miss(now)
    said = phrase("%s may have lost the registration (%d): once more.", manager.label, status)
    return managers.say(said, now)


def joined(managers, manager, now):
    """It has taken the phone: it is the home now; effects."""
    home = managers.course
    back = home.state == BACK
    old = home.registered(now)
    manager.home = True
    managers.rounds = 0
    if old:
        old.leave(now)
    managers.book.move(_place(managers, manager), now)  # all of it before a word, for which may be no room
    if back:
        wait = seconds(now - manager.good_since)
        said = phrase("Back at %s, which was well for %s.", manager.label, wait)
    elif old and managers.left:
        said = phrase("Registered at %s, since %s", manager.label, managers.left)
    else:
        said = phrase("Registered at %s.", manager.label)
    managers.left = ""
    out = managers.say(said, now)
    if old:
        managers.count("moves", "")
        if back:
            out += old.ask(RELEASE, now)
        if old.number < 0:
            managers.gather(now)  # it may have been left out of what was told, and stays while it is released
    if old or _place(managers, manager) != (managers.kept.home if managers.kept else 0):
        _keep(managers, said, now)
    return out


def bad(managers, manager, result, message, now):
    """The home, or the one that was to become it, does not take the phone; effects."""
    home, said = managers.course, phrase("%s %s.", manager.label, manager.reason)
    out = []
    first = None
    if result == BUSY:
        wait = wished_ms(message)
        home.busy(manager, wait, now)
        if wait:
            said = phrase("%s is busy (503) for %s.", manager.label, seconds(wait))
    elif result == MOVED:
        first = _meant(managers, message)
        said = _points(managers, manager, message, first)
    if result in (REFUSED, MOVED):
        home.refused(manager, now)
    if manager.told != said:
        manager.told = said
        out += managers.say(said, now)
    if manager is home.target:
        home.failed(now, first)
    elif home.state in (HERE, BACK):
        hold = home.hold_ms
        home.leave(now, result == BUSY, first)
        manager.leave(now)
        managers.left = said
        if home.hold_ms > hold:
            wait = seconds(home.hold_ms)
            more = phrase("%s was left again: it has to be well for %s now.", manager.label, wait)
            out += managers.say(more, now)
    return out  # kept once it is elsewhere: a record has few changes before it has to wait


def wished_ms(message):
    """For how long who is busy wants to be left alone."""
    return calling.seconds_of(message, b"retry-after", 0) * 1000


def _meant(managers, message):
    """The known Manager to which a 302 sends the phone, or None."""
    for place in calling.targets(message):
        for manager in managers.list:
            if place in [(manager.host, manager.port or calling.PORT)] + manager.targets:
                return manager
    return None


def _points(managers, manager, message, first):
    if first:
        return phrase("%s sends the phone to %s.", manager.label, first.label)
    places = calling.targets(message)
    host = places[0][0] if places else "-"
    return phrase("%s sends the phone to %s, which it does not know.", manager.label, host)


def turned(managers, calms, moves, now):
    """home.py has decided something; effects. calms: the hold is what it was at first; moves: the state is
    another one.
    """
    home, out = managers.course, []
    if calms:
        _keep(managers, None, now)
        out = managers.say(phrase("Four quiet hours: a return takes %s again.", seconds(home.hold_ms)), now)
    if moves and home.state == BACK:
        said = phrase("%s is well again: the phone returns to it.", home.target.label)
        return out + managers.say(said, now)
    if moves and home.state == REST:
        managers.rounds += 1
        if managers.rounds <= _ROUNDS_SAID:
            wait = seconds(home.due - now)
            out += managers.say(phrase("No call manager takes the phone. Next try in %s.", wait), now)
    return out


def bound(managers, port, now):
    """The port of Bind is there, or none is free; effects."""
    was, managers.port, wanted = managers.port, port, managers.config.sip.port
    if not port and was is None:
        said = phrase("Port %d is taken: the phone cannot register. It tries again.", wanted)
        return managers.say(said, now)
    if port not in (0, wanted):
        return managers.say(phrase("Port %d is taken: %d is used for SIP.", wanted, port), now)
    return []


def _place(managers, manager):
    """Its number as Book.home has it: learned ones come after those of the configuration."""
    if manager.number >= 0:
        return manager.number
    others = [one for one in managers.list if one.number < 0]
    return len(managers.config.homes) + others.index(manager)


def _keep(managers, why, now):
    """Where the phone is outlives a loss of power; why: a phrase, None: as before."""
    from phone.core import learned

    home = managers.course
    place, since, hold = _place(managers, home.at), managers.wall.utc(now) or 0, home.hold_ms // 1000
    uri = home.at.uri if home.at.number < 0 else ""
    why = plain(why) if why else managers.kept.why if managers.kept else ""
    managers.kept = learned.Homing(place, since, hold, home.relapses, uri, why)
    managers.store.put(learned.HOME, learned.pack_home(managers.kept, managers.config.homes), now)
