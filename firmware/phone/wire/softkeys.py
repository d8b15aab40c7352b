"""Where the softkeys of a page go."""

from phone.records import SoftKey

SOFTKEYS_MAX = 16  # positions of the older schema; the newer has 8


def placed(softkeys):
    """The SoftKeys by position; one that has none, or another's, takes the lowest that is free."""
    by_position = {}
    later = []
    for key in softkeys:
        if (key.position == -1 or 1 <= key.position <= SOFTKEYS_MAX) and key.position not in by_position:
            by_position[key.position] = key
        else:
            later.append(key)
    for key in later:
        position = min([place for place in range(1, SOFTKEYS_MAX + 2) if place not in by_position])
        by_position[position] = SoftKey(key.name, position, key.url)
    return tuple([by_position[position] for position in sorted(by_position)])
