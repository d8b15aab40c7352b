"""Where the softkeys of a page go."""

from phone.records import SoftKey

_LAST = 16  # position, of the older schema


def placed(softkeys):
    """The SoftKeys by position; one that has none, or another's, takes the lowest that is free."""
    by_position = {}
    later = []
    for key in softkeys:
        if (key.position == -1 or 1 <= key.position <= _LAST) and key.position not in by_position:
            by_position[key.position] = key
        else:
            later.append(key)
    for key in later:
        position = min([place for place in range(1, _LAST + 2) if place not in by_position])
        by_position[position] = SoftKey(key.name, position, key.url, "")
    return tuple([by_position[position] for position in sorted(by_position)])
