"""Keys of the keypad by the names that phones of others have for them (services-xml.md sections 7 and 8): the
keys that a page traps, and those that somebody else presses. And addresses of which an item and a softkey
have half each (QueryStringParam, section 8). Functions only: seldom wanted.
"""

from phone.ui.bar import entry, meaning
from phone.ui.keys import SERVICES

QUERY = "querystringparam:"
# " name=key ": digits follow keypad, 1 to 4 follow soft.
_KEYS = (
    " services=services directories=directory messages=messages info=information settings=settings "
    "applications=settings appmenu=settings contacts=directory navup=up navdwn=down navdown=down "
    "navleft=left navright=right navselect=select navback=back keypadstar=* keypadpound=# "
)


def key_of(name):
    """The key of the keypad, "" where this phone has no such."""
    name = name.strip().lower()
    for start, first, last in (("keypad", "0", "9"), ("soft", "1", "4")):
        digit = name[len(start) :]
        if name.startswith(start) and len(digit) == 1 and first <= digit <= last:
            return digit if start == "keypad" else name
    if " " in name or "=" in name:
        return ""
    return _KEYS.partition(" %s=" % name)[2].partition(" ")[0]


def with_down(softkey):
    """The entry() of a SoftKey with a URLDown. No page is opened by a key that goes down."""
    label, intent = softkey.name, meaning(softkey.url)
    kind, colon, _ = softkey.down.partition(":")
    if colon and kind.strip().lower() not in ("http", "https"):
        return label, intent, meaning(softkey.down)
    return label, intent


def trapped(softkeys):
    """What Bar.traps is, of SoftKeys at position 0, which are keys by their names, and -1, which is hidden
    behind the key of the settings. No page takes the keys of the services away: they lead out of it.
    """
    out = []
    for softkey in softkeys:
        own = entry(softkey)
        key = key_of(softkey.name)
        if softkey.position:
            key = "settings" if len(own) > 2 or own[1] else ""
        elif key in SERVICES:
            key = ""
        if key:
            out.append((key, own))
    return tuple(out)


def together(url, link):
    """What a softkey with `url` opens while the item with `link` is selected; "" where that is nothing. The
    data of the one goes to the address of the other; what is no address of a page stays as it is.
    """
    data, other = _data(url), link
    if data is None:
        data, other = _data(link), url
        if data is None or not is_address(url):
            return url
    if not other or not is_address(other) or _data(other) is not None:
        return ""
    other, mark, fragment = other.partition("#")
    return other + ("&" if "?" in other else "?") + data + mark + fragment


def is_address(url):
    """Whether it is that of a page: http, https, or relative to its own."""
    head, colon, _ = url.partition(":")
    return not colon or head.lower() in ("http", "https") or not head.isalpha()


def _data(url):
    """What a QueryStringParam: has, None for anything else."""
    return url[len(QUERY) :].strip() if url[: len(QUERY)].lower() == QUERY else None
