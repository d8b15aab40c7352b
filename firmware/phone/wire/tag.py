"""What stands inside one tag, its name and its attributes as bytes; and rows of tags.

A row is what comes a hundred times a page, an item of a menu. A server writes all of them alike: what
stands before, between and after the two texts of one, "<MenuItem>\\n<Name>", "</Name>\\n<URL>" and
"</URL>\\n</MenuItem>", is learned from the first. Where the next bytes are the same, six looks read a row,
and there is nothing to mend; what differs by a byte is left to wire/xml.py.
"""

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


def special(data):
    """(what ends it, bytes of its beginning) of what is no element: <!-- --> <![CDATA[ ]]> <! > <? ?> <% %>.

    The first is b"" where its > has to come before that is known.
    """
    if data.startswith(b"<!--"):
        return b"-->", 4
    if data.startswith(b"<![CDATA["):
        return b"]]>", 9
    end = data.find(b">")
    if data[1] == 33:  # !
        inner = data.find(b"[")
        within = inner >= 0 and not 0 <= end < inner
        return b"]>" if within else b">" if end >= 0 else b"", 2
    if data[:6].lower() == b"<?xml ":  # the declaration is wanted whole
        return b">" if end >= 0 else b"", 2
    return b"?>" if data[1] == 63 else b"%>", 2


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


def learn_row(data, at, tags):
    """The three parts of the row that begins at `at`; () where it is none, or is cut.

    `tags`: the six that a row has, parted by blanks.
    """
    row = []
    tags = tags.split()
    while tags:
        first, last = tags.pop(0), tags.pop(0)
        end = data.find(last, at) + len(last)
        part = data[at:end]
        if not part.startswith(first) or part[len(first) : -len(last)].strip():
            return ()
        row.append(part)
        at = data.find(b"<", end)
    return row


def read_rows(data, at, row, take):
    """Rows written as `row` is, as many as follow at `at`: the place after them.

    Where one is cut the place counts from the end, below zero. take(text, text) is False for a row that
    it does not want.
    """
    before, between, after = row
    part, place = before, at
    while data.startswith(before, at):
        begin = at + len(before)
        part, place = between, data.find(b"<", begin)
        if not data.startswith(between, place):
            break
        text = data[begin:place]
        begin = place + len(between)
        part, place = after, data.find(b"<", begin)
        if not data.startswith(after, place):
            break
        if not take(text, data[begin:place]):
            return at
        at = data.find(b"<", place + len(after))
        if at < 0:
            return place + len(after)
        part, place = before, at
    # It may only be cut: in a text, or in the part that was looked for.
    return at - len(data) if place < 0 or part.startswith(data[place:]) else at
