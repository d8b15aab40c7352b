"""The phone's own pages, as records: which server and why, the account, what phone this is.

They need no server. Their links are names that the desk follows from these pages only: a page from the
network cannot open them. `say(phrase)` gives text in the language of the phone.
"""

from phone.core.trouble import TITLES, seconds
from phone.phrases import phrase
from phone.records import WHOLE, Menu, Text, menu_item
from phone.wire import url as urls
from phone.wire.http import VERSION

_ITEMS = (
    (phrase("Servers: which and why"), "servers"),
    (phrase("Journal: what was done"), "journal"),
    (phrase("Configuration"), "configuration"),
    (phrase("About this phone"), "about"),
)


def page(name, config, mistakes, book, journal, say, now):
    """The record of the page `name`: "settings", or one that its menu leads to."""
    if name == "settings":
        items = tuple([menu_item(say(title), name) for title, name in _ITEMS])
        return Menu(say(TITLES["settings"]), "", items, (), WHOLE)
    if name == "servers":
        return _text(phrase("Servers"), _servers(book, now), say)
    if name == "journal":
        lines = [phrase("%s ago: %s", seconds(now - ms), said) for ms, said in reversed(journal.lines)]
        return _text(phrase("Journal"), lines, say)
    if name == "configuration":
        return _text(phrase("Configuration"), mistakes or [phrase("No mistakes were found.")], say)
    about = ["%s (%s)" % (config.label, config.name), "Everline " + VERSION,
             phrase("Running for %s.", seconds(now))]
    return _text(phrase("About"), about, say)


def _text(title, lines, say):
    return Text(say(title), "", tuple([say(line) for line in lines]), (), WHOLE)


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
        place = phrase("primary") if pointer.home == 0 else phrase("backup")
        lines.append(phrase("%s: %s, from the %s", pointer.label, place, pointer.source))
        lines.append(site)
        lines += _health(pointer.health, site in watched, now)
    return lines or [phrase("No server is configured.")]


def _health(health, watched, now):
    said = [phrase("Last: %s.", health.reason)]
    if health.since is not None:
        age = seconds(now - health.since)
        said = [phrase("Well for %s: %s.", age, health.reason)]
        if not health.well:
            said = [phrase("Unwell for %s: %s.", age, health.reason)]
    if health.is_asked_to_wait(now):
        wait = seconds(health.not_before - now)
        said.append(phrase("It is not asked for another %s, as it wished.", wait))
    elif not health.well:
        said.append(phrase("It is asked last."))
    if watched and not health.well:
        said.append(phrase("The phone looks at it again in %s.", seconds(max(0, health.look_at - now))))
    return said
