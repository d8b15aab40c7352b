"""The phone's own pages, as records: the menu, and the way to each page. Those that are seldom wanted are in
modules of their own, loaded when they are.

They need no server. Their links are names that the desk follows from these pages only: a page from the
network cannot open them. "page/value" is a choice on such a page.
"""

from collections import namedtuple

from phone.core.trouble import TITLES, seconds
from phone.phrases import phrase
from phone.records import WHOLE, Menu, Text, menu_item
from phone.wire import url as urls
from phone.wire.http import VERSION

# What the pages tell of. link: the last events.Link; taste: core/taste.py; say(phrase) gives text in the
# language of the phone.
Own = namedtuple("Own", ("config", "mistakes", "book", "journal", "link", "taste", "say"))

# No more than nine: a digit chooses at once.
_ITEMS = (
    (phrase("Network"), "network"),
    (phrase("Servers"), "servers"),
    (phrase("Journal"), "journal"),
    (phrase("Brightness"), "brightness"),
    (phrase("Language"), "language"),
    (phrase("Restart"), "restart"),
    (phrase("Configuration"), "configuration"),
    (phrase("About"), "about"),
)
_CHOICES = ("brightness", "language", "restart")


def page(name, own, now):
    """(record, number of the row to select) of a page: "settings", or one that its menu leads to."""
    if name in _CHOICES:
        from phone.core import choices

        return choices.page(name, own)
    return _menu(own.say) if name == "settings" else _text(name, own, now), 0


def choose(name, value, own, now):
    """Do what was chosen on the page `name`; effects."""
    from phone.core import choices

    return choices.choose(name, value, own, now) if name in _CHOICES else []


def _menu(say):
    items = tuple([menu_item(say(title), name) for title, name in _ITEMS])
    return Menu(say(TITLES["settings"]), "", items, (), WHOLE)


def _text(name, own, now):
    """A page to read."""
    title = phrase("About")
    if name == "network":
        from phone.core import network

        title, lines = phrase("Network"), network.lines(own)
    elif name == "servers":
        title, lines = phrase("Servers"), _servers(own.book, now)
    elif name == "journal":
        title = phrase("Journal")
        lines = [phrase("%s ago: %s", seconds(now - ms), said) for ms, said in reversed(own.journal.lines)]
    elif name == "configuration":
        title, lines = phrase("Configuration"), own.mistakes or [phrase("No mistakes were found.")]
    else:
        lines = ["%s (%s)" % (own.config.label, own.config.name), "Everline " + VERSION,
                 phrase("Running for %s.", seconds(now))]
    return Text(own.say(title), "", tuple([own.say(line) for line in lines]), (), WHOLE)


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
