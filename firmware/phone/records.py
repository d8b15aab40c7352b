"""What a page can be, after reading and before drawing.

Records are plain tuples of str, int and tuples: `wire/page.py` makes them, `ui/` draws them,
and nothing in them refers to bytes of the page. What a page brings is free of control characters,
except that a paragraph of Text may hold TAB. Here are those of nearly every phone; rare.py has the others.
"""

from collections import namedtuple

# CiscoIPPhoneMenu. items: tuple of what menu_item() makes; softkeys: tuple of SoftKey, by position.
Menu = namedtuple("Menu", ("title", "prompt", "items", "softkeys", "mends"))
# CiscoIPPhoneText. paragraphs: tuple of str, the lines of the page unwrapped; short ones stand together
# in one str, parted by "\n".
Text = namedtuple("Text", ("title", "prompt", "paragraphs", "softkeys", "mends"))
# CiscoIPPhoneError. `number` is an opaque str.
Error = namedtuple("Error", ("number", "text", "mends"))
# Anything that cannot be shown. `name` is the root element ("" where there was none), `why` a
# phrase for the user.
Unshown = namedtuple("Unshown", ("name", "why", "mends"))

# `position` is 1..16, or -1 for the hidden slot; `url` may be "SoftKey:Exit". `down` is done as the key is
# pressed, `url` as it is let go. Position 0 is no softkey: the page traps the key of that name ("KeyPad1").
SoftKey = namedtuple("SoftKey", ("name", "position", "url", "down"))
# How the page had to be mended while it was read. `count` is the number of mends, `first` a
# sentence with line and column of the first ("" where none), `cut` says what was left out
# because of a limit ("" where nothing was), `root` is the name of the root element as it was written.
Mends = namedtuple("Mends", ("count", "first", "cut", "root"))


def menu_item(name, url, more=""):
    """One line of a menu: one str, because a tuple takes twice the memory, a hundred times a page.

    `url` is as written ("" where the page gave none): relative, absolute, or internal ("Dial:123").
    """
    item = name + "\0" + url
    return item + "\0" + more if more else item


def name_and_url(item):
    """(name, url) of a line of a menu."""
    name, _, url = item.partition("\0")
    return name, url.partition("\0")[0]


def more_of(item):
    """What a line of a menu has beside them, "" where it has nothing."""
    return item.partition("\0")[2].partition("\0")[2]


WHOLE = Mends(0, "", "", "")
