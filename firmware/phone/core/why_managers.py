"""The part of the why screen about call managers: where the phone is registered, since when and why there;
what is the matter with each other one, when it is asked next and how near the return to it is; how long a
death can go unnoticed; what they told. Loaded by a phone that has call managers.

All is read off the managers and the book: nothing is kept for this page.
"""

from phone.core.detection import registration_ms
from phone.core.home import GOODS
from phone.core.learned import MANAGER
from phone.core.moment import moment
from phone.core.pointers import PUSH
from phone.core.trouble import seconds
from phone.phrases import phrase
from phone.wire import url as urls


def place(own, now):
    """Where the phone is registered, since when, and why there: phrases, a line each. own: of settings.py."""
    managers, end = own.managers, [""] if own.book.pointers else []
    if not own.client.up:
        return []
    here = managers.home
    if not managers.registered:
        return _nowhere(managers, here, now) + end
    why = _why(managers, here)
    clock = moment(own.wall, here.since, now)
    since = phrase("For %s: %s", seconds(now - here.since), why)
    if clock:
        since = phrase("Since %s: %s", clock, why)
    return [phrase("Registered at %s.", here.label), since] + end


def others(managers, wall, now):
    """Of each other manager: what is the matter, when it is asked next, and how near a return is."""
    out = []
    better = managers.registered
    for manager in managers.list:
        if manager is managers.home:
            better = False
            if managers.registered:
                continue
        said = phrase("Call manager %s %s.", manager.label, manager.reason)
        out += ["", said] + _next(manager, wall, now)
        if better and manager.goods:
            out.append(_return(managers.course.ripe(manager, now), manager.goods, now))
    return out


def bounds(own, follows, now):
    """How long the death of the manager in use can go unnoticed, and what the managers told. follows: it
    stands below the same of a server.
    """
    out, here = [], own.managers.home
    if own.managers.registered:
        within = _about(registration_ms(own.config.sip, len(here.targets) or 1))
        said = phrase("Should call manager %s stop, that is known within %s.", here.label, within)
        out = [said] if follows else ["", said]
    return out + _learned(own.managers.teaching, own.wall, now)


def lost(own, now):
    """What the death of the manager in use would mean: no drill touches a registration."""
    managers, here = own.managers, own.managers.home
    if not managers.registered:
        return []
    within = _about(registration_ms(own.config.sip, len(here.targets) or 1))
    for well in (True, None):
        for manager in managers.list:
            if manager is not here and manager.well is well and now >= manager.not_before:
                said = phrase("Without call manager %s: %s within %s.", here.label, manager.label, within)
                return [said]
    return [phrase("Without call manager %s: no other one answers.", here.label)]


def _learned(teaching, wall, now):
    """Each server that call managers named as a backup, who told it, and for how long."""
    out = []
    for batch in teaching.pushes + [teaching.told]:
        for one in batch.taught:
            if one.service != MANAGER:
                said = _told(one, _left(batch, one, wall, now))
                out += [said] if said not in out else []
    return [""] + out if out else []


def names(managers):
    """Each manager's address."""
    out = []
    for manager in managers.list:
        if manager.number == 0:
            out.append(phrase("Call manager %s, primary: %s", manager.label, manager.uri))
        else:
            out.append(phrase("Call manager %s, backup: %s", manager.label, manager.uri))
    return out


def _told(one, left):
    site = urls.site(urls.split(one.url))
    said = phrase("Pushed: %s", site) if one.source == PUSH else phrase("Told: %s", site)
    return said if left is None else phrase("%s, for another %s", said, _about(left))


def _left(batch, one, wall, now):
    """How long it still counts, in ms; None: until it is told otherwise, or nobody knows."""
    waits = [(batch.heard + one.lasts) * 1000 - now] if one.lasts else []
    utc = wall.utc(now) if one.ends else None
    waits += [(one.ends - utc) * 1000] if utc is not None else []
    return min(waits) if waits else None


def _nowhere(managers, here, now):
    """Why the phone is not registered, and what comes next."""
    if not here:
        return [phrase("Not registered yet.")]
    if here.well is not False:
        return [phrase("Not registered yet."), phrase("Registering at %s ...", here.label)]
    out = [phrase("Not registered: no call manager answers.")]
    if here.refusals:
        out = [phrase("Not registered: %s refuses the phone.", here.label)]
    at = managers.course.due
    if at is None:
        return out + [phrase("Registering at %s ...", here.label)]
    return out + [phrase("Next try in about %s.", _about(at - now))]


def _why(managers, here):
    """Why the phone is there and not at one that is preferred to it."""
    for manager in managers.list:
        if manager is here:
            break
        if manager.well is False:
            return phrase("%s %s.", manager.label, manager.reason)
        return phrase("the return to %s is not due.", manager.label)
    return phrase("it comes first.")


def _next(manager, wall, now):
    """When it is asked next: no or one phrase."""
    if now < manager.not_before:
        clock = moment(wall, manager.not_before, now)
        if clock:
            return [phrase("It is not asked before %s.", clock)]
        return [phrase("It is not asked for another %s.", seconds(manager.not_before - now))]
    if manager.next_at is None:
        return []
    if manager.next_at <= now:
        return [phrase("It is asked now.")]
    return [phrase("Next poll in about %s.", _about(manager.next_at - now))]


def _return(ripe, goods, now):
    """How near the return to a better one is."""
    if goods >= GOODS and ripe <= now:
        return phrase("The phone returns there once nobody uses it.")
    wait = _about(max(ripe - now, 1000))
    return phrase("Good polls: %d of %d. No return within %s.", min(goods, GOODS), GOODS, wait)


def _about(ms):
    """A wait is rounded up."""
    return seconds((max(ms, 0) + 999) // 1000 * 1000)
