"""Blanks in addresses that a phone fills in: "#DEVICENAME#" in http://h/menu.php?name=#DEVICENAME#.

A "#" begins the fragment of an address (RFC 3986 3.5), so a blank lives in a Url as %23DEVICENAME%23, and is
filled only as the request is written: the Url stays the same whoever asks. A blank that nobody knows is sent
as it is.
"""

_QUOTED = "%23"


def bare(reference):
    """An address without its fragment; "#WORD#" in capitals is none."""
    parts = reference.split("#")
    out = parts[0]
    at = 1
    while at + 1 < len(parts) and _is_word(parts[at]):
        out += _QUOTED + parts[at] + _QUOTED + parts[at + 1]
        at += 2
    return out


def filled(path, values):
    """The path with `values`, {word: str}, in the place of its blanks."""
    parts = path.split(_QUOTED)
    out = parts[0]
    at = 1
    while at < len(parts):
        if at + 1 < len(parts) and parts[at] in values:
            out += values[parts[at]] + parts[at + 1]
            at += 2
        else:
            out += _QUOTED + parts[at]
            at += 1
    return out


def _is_word(text):
    return bool(text) and all("A" <= letter <= "Z" for letter in text)
