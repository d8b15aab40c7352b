"""The why screen: which server serves, since when and why; what is wrong with each other one, and when it is
tried next; how long a death can go unnoticed. Short lines come first: a small display shows three.

All is read off the book: nothing is kept for this page.
"""

from phone.core.detection import detection_ms, half_dead_ms
from phone.core.moment import moment
from phone.core.pointers import PUSH
from phone.core.sites import each_site, nobody
from phone.core.trouble import NO_NETWORK, seconds
from phone.phrases import phrase
from phone.wire import url as urls

_FINE = ("answered", "answers", "takes connections")  # what need not be said of who serves


def lines(own, now):
    """The page as phrases; "" for an empty line. own: Own of core/settings.py."""
    book, prober, wall, up = own.book, own.prober, own.wall, own.client.up
    serving = book.serving(now)
    out = [] if up else [NO_NETWORK]
    managers = own.managers
    if managers:
        from phone.core import why_managers

        out += why_managers.place(own, now)
    if serving and up:
        out += _serving(book, serving, wall, now)
        if serving.health.asked and serving.health.reason[0] not in _FINE:
            out.append(phrase("%s %s.", serving.label, serving.health.reason))
    elif up and book.pointers:
        out.append(phrase("No server is well."))
    if book.wary:
        from phone.core import suspects

        out += suspects.told(book, now)
    sites = each_site(book)
    for pointer in sites:
        if not (serving and pointer.health is serving.health):
            out += ["", _trouble(pointer, wall, now), _next(pointer.health, book, prober, wall, now)]
    if not sites and not managers:
        out.append(nobody(own.config))
    out += why_managers.others(managers, wall, now) if managers else []
    if serving:
        out += [""] + _detection(serving, own.config.timers)
    out += why_managers.bounds(own, serving, now) if managers else []
    out.append("")
    for pointer in sites:
        site = urls.site(pointer.url)
        if pointer.home == 0:
            out.append(phrase("%s, primary: %s", pointer.label, site))
        else:
            out.append(phrase("%s, backup: %s", pointer.label, site))
    return out + why_managers.names(managers) if managers else out


def _before(book, serving):
    """The pointers that would be asked before `serving`, were their sites well."""
    found = [pointer.health for pointer in book.of(serving.service)]
    return book.of(serving.service)[: found.index(serving.health)]


def _serving(book, serving, wall, now):
    """Who, since when, and why."""
    better = _before(book, serving)
    if better and better[0].health.is_asked_to_wait(now):
        why = phrase("%s is busy.", better[0].label)
    elif better and book.is_wary(better[0], now):
        why = phrase("%s may have stopped the phone.", better[0].label)
    elif better:
        why = phrase("%s is not well.", better[0].label)
    elif serving.source == PUSH:
        why = phrase("its pages were pushed.")
    elif book.home and serving.home == book.home:
        why = phrase("the phone is registered there.")
    elif serving.health.since is not None:
        why = phrase("it answers again.")
    else:
        why = phrase("it comes first.")
    if not serving.health.asked:
        return [phrase("%s is asked first.", serving.label), phrase("Why: %s", why)]
    changes = [_changed(pointer.health, now) for pointer in better] + [_changed(serving.health, now)]
    since = max(changes + [book.turned])
    clock = moment(wall, since, now)
    if clock:
        return [phrase("Served by %s.", serving.label), phrase("Since %s: %s", clock, why)]
    return [phrase("Served by %s.", serving.label), phrase("For %s: %s", seconds(now - since), why)]


def _changed(health, now):
    """When a site came into use, or went out of it."""
    if health.is_asked_to_wait(now):
        return health.seen
    return max(health.since or 0, health.not_before)


def _trouble(pointer, wall, now):
    """What is the matter with a server that does not serve, the cause in words."""
    health = pointer.health
    if not health.asked:
        return phrase("%s was not asked yet.", pointer.label)
    if not health.is_asked_to_wait(now):
        return phrase("%s %s.", pointer.label, health.reason)
    clock = moment(wall, health.not_before, now)
    if clock:
        return phrase("%s is busy (503) until %s.", pointer.label, clock)
    return phrase("%s is busy (503) for another %s.", pointer.label, seconds(health.not_before - now))


def _next(health, book, prober, wall, now):
    """When it is tried next."""
    if health.is_asked_to_wait(now):
        return phrase("It is not asked before.")
    at = next_look(health, book, prober, now)
    if at is None:
        return phrase("It is asked when the others fail.")
    if at <= now:
        return phrase("It is looked at now.")
    wait = _at_most(at - now)
    if not health.asked:
        return phrase("First look in about %s.", wait)
    if health.well:
        return phrase("Well. Next look in about %s.", wait)
    clock = moment(wall, health.since, now)
    if clock:
        return phrase("Unwell since %s. Next look in about %s.", clock, wait)
    return phrase("Unwell for %s. Next look in about %s.", seconds(now - health.since), wait)


def next_look(health, book, prober, now):
    """About when a site is looked at, in ms, `now` while it is; None: not in idle time."""
    watched = [pointer.health for pointer in book.watched(now)] if prober else []
    if health not in watched:
        return None
    if prober.run and prober.run.health is health:
        return now
    number = watched.index(health)
    at = max(now + 1, prober.quiet_at, prober.free_at(), prober.due_at(number, health))
    due = watched[0].look_at
    return due if number and at < due and not prober.leaves_room(watched[0], health.sure, at) else at


def _detection(serving, timers):
    """The worst case, in words."""
    within = _at_most(detection_ms(timers))
    out = [phrase("Should %s stop, that is known within %s.", serving.label, within)]
    if serving.url.scheme == "https":
        within = _at_most(half_dead_ms(timers))
        out.append(phrase("Where it still takes connections: within %s.", within))
    return out


def _at_most(ms):
    """A bound is rounded up."""
    if ms <= 120000:
        return phrase("%d s", (ms + 999) // 1000)
    return seconds((ms + 59999) // 60000 * 60000)
