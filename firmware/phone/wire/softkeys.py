"""The softkeys of a page, and the keys that it traps."""

from phone.records import SoftKey
from phone.wire.page import URL_MAX

_NAME_MAX = 32
SOFTKEYS_MAX = 16  # positions of the older schema; the newer has 8
_KEYS_MAX = 32  # of the keypad that a page may trap
_NOWHERE = 99  # no position


def placed(items, page):
    """The SoftKeys by position; one that has none, or another's, takes the lowest that is free.

    items: tuples of an element's name and its fields, as they came; page: the PageReader. Keys of the keypad
    have position 0.
    """
    by_position = {}
    later, keys = [], []
    for element, item in items:
        is_key = element == b"keyitem"
        most = _KEYS_MAX if is_key else SOFTKEYS_MAX
        if len(keys) >= most if is_key else len(by_position) + len(later) >= most:
            page.cut("%s after the first %d" % ("keys" if is_key else "softkeys", most))
            continue
        name = page.text_of(item, b"key" if is_key else b"name", _NAME_MAX)
        url, down = page.text_of(item, b"url", URL_MAX), page.text_of(item, b"urldown", URL_MAX)
        position = 0 if is_key else _position(item)
        key = SoftKey(name or page.text_of(item, b"prompt", _NAME_MAX), position, url, down)
        if is_key:
            keys.append(key)
        elif position < _NOWHERE and position not in by_position:
            by_position[position] = key
        else:
            later.append(key)
    for key in later:
        position = min([place for place in range(1, SOFTKEYS_MAX + 2) if place not in by_position])
        by_position[position] = SoftKey(key.name, position, key.url, key.down)
    return tuple(keys + [by_position[position] for position in sorted(by_position)])


def _position(item):
    try:
        position = int(item.get(b"position", b"").strip())
    except ValueError:
        return _NOWHERE
    return position if position == -1 or 1 <= position <= SOFTKEYS_MAX else _NOWHERE
