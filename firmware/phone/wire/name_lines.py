"""Names of several lines, which few pages have."""

from phone.wire.text import clean

_LINES_MAX = 3  # of the name of an item: it "may hold up to two CRs" (services-xml.md section 2)


def name_of_lines(raw, charset):
    """The name of an item as str of up to three lines, parted by "\\n"; the third takes what is beyond."""
    for mark in (b"&#13;", b"&#10;", b"&#xD;", b"&#xA;", b"&#xd;", b"&#xa;", b"\r"):
        raw = raw.replace(mark, b"\n")
    lines = [clean(line, charset) for line in raw.split(b"\n")]
    lines = [line for line in lines if line]
    return "\n".join(lines[: _LINES_MAX - 1] + [" ".join(lines[_LINES_MAX - 1 :])]).rstrip("\n")
