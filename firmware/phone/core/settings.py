"""The phone's own pages, as records: the menu, and the way to each page. Those that are seldom wanted are in
modules of their own, loaded when they are.

They need no server. Their links are names that the desk follows from these pages only: a page from the
network cannot open them. "page/value" is a choice on such a page.
"""

from collections import namedtuple

from phone.core.trouble import TITLES, seconds
from phone.phrases import phrase
from phone.records import WHOLE, Menu, Text, menu_item
from phone.wire.http import VERSION

# What the pages tell of, parts of the agent; say(phrase) gives text in the language of the phone.
Own = namedtuple("Own", ("config", "mistakes", "book", "net", "journal", "wall", "prober", "client", "taste",
                         "managers", "say"))

# No more than nine: a digit chooses at once.
_ITEMS = (
    (phrase("Network"), "network"),
    (phrase("Servers"), "servers"),
    (phrase("Journal"), "journal"),
    (phrase("Drill"), "drill"),
    (phrase("Brightness"), "brightness"),
    (phrase("Language"), "language"),
    (phrase("Restart"), "restart"),
    (phrase("Configuration"), "configuration"),
    (phrase("About"), "about"),
)
_CHOICES = ("brightness", "language", "restart")


def known(name):
    """Whether there is such a page."""
    return name in ("settings", "calls") or name in [page for _, page in _ITEMS]


def page(name, own, now):
    """(record, number of the row to select) of a page: "settings", one that its menu leads to, or "calls",
    which the idle screen does; a drill has its own.
    """
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
        from phone.core import why

        title, lines = phrase("Servers"), why.lines(own, now)
    elif name == "journal":
        from phone.core.account import Lines

        return Text(own.say(phrase("Journal")), "", Lines(own.journal, own.wall, own.say, now), (), WHOLE)
    elif name == "calls":
        from phone.core import missed

        title, lines = phrase("Missed calls"), missed.lines(own, now)
    elif name == "configuration":
        title, lines = phrase("Configuration"), own.mistakes or [phrase("No mistakes were found.")]
    else:
        lines = ["%s (%s)" % (own.config.label, own.config.name), "Everline " + VERSION,
                 phrase("Running for %s.", seconds(now))]
    return Text(own.say(title), "", tuple([own.say(line) for line in lines]), (), WHOLE)
