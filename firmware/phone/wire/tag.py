"""What stands inside one tag: its name and its attributes, as bytes."""

NAME_MAX = 64  # the longest name of the vocabulary has 26


def begins(byte):
    """Whether a name may begin with it."""
    return 97 <= byte <= 122 or 65 <= byte <= 90 or byte >= 128 or byte in b"_:"


def name_of(tag):
    """The name that a tag begins with; a blank, a slash, an equals sign or a quote ends it."""
    if tag.isalpha():
        return tag[:NAME_MAX]
    for at in range(min(len(tag), NAME_MAX)):
        if tag[at] in b" \t\r\n/=\"'<":
            return tag[:at]
    return tag[:NAME_MAX]


def plain_of(name):
    """In lower case, without a namespace prefix."""
    return name[name.rfind(b":") + 1 :].lower()


def attribute(tag, name):
    """The value of an attribute of a start tag as bytes, b"" where it has none.

    Either quotes, none, or typographic ones; the name in any letters; references stay in it.
    """
    lower = tag.lower()
    at = lower.find(name, 1)
    while at > 0:
        if lower[at - 1] in b" \t\r\n\"'" and lower[at + len(name) :].lstrip().startswith(b"="):
            break
        at = lower.find(name, at + 1)
    if at < 0:
        return b""
    value = tag[at + len(name) :].partition(b"=")[2].lstrip()
    for quote in (b'"', b"'", b"\xe2\x80\x9d", b"\xe2\x80\x9c", b"\x93", b"\x94"):
        if value.startswith(quote):
            value = value[len(quote) :]
            for mark in (quote, b"\xe2\x80\x9d", b'"'):
                value = value.partition(mark)[0]
            return value
    return value.split(None, 1)[0].rstrip(b"/?") if value else b""
