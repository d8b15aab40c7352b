"""The phone's own pages, as records: which server and why, the account, what phone this is.

They need no server. Their links are names that the agent follows from these pages only: a page from the
network cannot open them.
"""

from phone.core.trouble import seconds
from phone.records import WHOLE, Menu, Text, menu_item
from phone.wire import url as urls
from phone.wire.http import VERSION

MENU = Menu("Settings", "", (
    menu_item("Servers: which and why", "servers"),
    menu_item("Account: what was done", "account"),
    menu_item("Configuration", "configuration"),
    menu_item("About this phone", "about"),
), (), WHOLE)


def page(name, config, mistakes, book, journal, now):
    """The record of the page `name`: "settings", or one that its menu leads to."""
    if name == "settings":
        return MENU
    if name == "servers":
        return _text("Servers", _servers(book, now))
    if name == "account":
        lines = ["%s ago: %s" % (seconds(now - ms), text) for ms, text in reversed(journal.lines)]
        return _text("Account", lines)
    if name == "configuration":
        return _text("Configuration", mistakes or ["No mistakes were found."])
    return _text("About", ["%s (%s)" % (config.label, config.name), "Everline " + VERSION,
                           "Running for %s." % seconds(now)])


def _text(title, lines):
    return Text(title, "", tuple(lines), (), WHOLE)


def _servers(book, now):
    """Each site once, in the order of the configuration."""
    watched = [urls.site(pointer.url) for pointer in book.watched(now)]
    lines = []
    seen = []
    for pointer in book.pointers:
        site = urls.site(pointer.url)
        if site in seen:
            continue
        seen.append(site)
        if lines:
            lines.append("")
        place = "primary" if pointer.home == 0 else "backup"
        lines.append("%s: %s, from the %s" % (pointer.label, place, pointer.source))
        lines.append(site)
        lines.append(_health(pointer.health, site in watched, now))
    return lines or ["No server is configured."]


def _health(health, watched, now):
    said = "Last: %s." % health.reason
    if health.since is not None:
        state = "Well" if health.well else "Unwell"
        said = "%s for %s: %s." % (state, seconds(now - health.since), health.reason)
    if health.is_asked_to_wait(now):
        said += " It is not asked for another %s, as it wished." % seconds(health.not_before - now)
    elif not health.well:
        said += " It is asked last."
    if watched and not health.well:
        said += " The phone looks at it again in %s." % seconds(max(0, health.look_at - now))
    return said
