"""Bytes that are not plain UTF-8, as UTF-8: loaded when a page first brings some.

In a page that is, or may be, UTF-8 each byte that is no part of valid UTF-8 is read as windows-1252
(ISO-8859-1 as browsers read it): so a Latin-1 page under a wrong or missing declaration looks as its
author meant it, because letters in Latin-1 practically never form valid UTF-8. windows-1251 where it
is declared, and what wire/charsets.py has.
"""

from phone.wire.text import append

# Code points of 0x80..0x9f in windows-1252 and of 0x80..0xbf in windows-1251, two bytes each.
_LATIN = (
    b"\x20\xac\x00\x81\x20\x1a\x01\x92\x20\x1e\x20\x26\x20\x20\x20\x21\x02\xc6\x20\x30\x01\x60\x20\x39"
    b"\x01\x52\x00\x8d\x01\x7d\x00\x8f\x00\x90\x20\x18\x20\x19\x20\x1c\x20\x1d\x20\x22\x20\x13\x20\x14"
    b"\x02\xdc\x21\x22\x01\x61\x20\x3a\x01\x53\x00\x9d\x01\x7e\x01\x78"
)
_CYRILLIC = (
    b"\x04\x02\x04\x03\x20\x1a\x04\x53\x20\x1e\x20\x26\x20\x20\x20\x21\x20\xac\x20\x30\x04\x09\x20\x39"
    b"\x04\x0a\x04\x0c\x04\x0b\x04\x0f\x04\x52\x20\x18\x20\x19\x20\x1c\x20\x1d\x20\x22\x20\x13\x20\x14"
    b"\x00\x98\x21\x22\x04\x59\x20\x3a\x04\x5a\x04\x5c\x04\x5b\x04\x5f\x00\xa0\x04\x0e\x04\x5e\x04\x08"
    b"\x00\xa4\x04\x90\x00\xa6\x00\xa7\x04\x01\x00\xa9\x04\x04\x00\xab\x00\xac\x00\xad\x00\xae\x04\x07"
    b"\x00\xb0\x00\xb1\x04\x06\x04\x56\x04\x91\x00\xb5\x00\xb6\x00\xb7\x04\x51\x21\x16\x04\x54\x00\xbb"
    b"\x04\x58\x04\x05\x04\x55\x04\x57"
)
# Byte order mark, blanks without width, and what turns the direction of the text that follows: with that
# a name could disguise another.
_INVISIBLE = (
    b"\xef\xbb\xbf", b"\xe2\x80\x8b", b"\xe2\x80\x8e", b"\xe2\x80\x8f", b"\xe2\x80\xaa", b"\xe2\x80\xab",
    b"\xe2\x80\xac", b"\xe2\x80\xad", b"\xe2\x80\xae", b"\xe2\x81\xa6", b"\xe2\x81\xa7", b"\xe2\x81\xa8",
    b"\xe2\x81\xa9", b"\xd8\x9c",
)  # fmt: skip
# Leads of overlong forms, surrogates and of what is above U+10FFFF, and of some honest letters too:
# MicroPython takes all of them for UTF-8.
_SUSPECTS = tuple([bytes((lead,)) for lead in (0xC0, 0xC1, 0xE0, 0xED) + tuple(range(0xF0, 0x100))])
_SINGLE_BYTE = (b"windows-1251", b"cp1251", b"windows-1252", b"cp1252", b"iso-8859-1", b"latin1", b"us-ascii")


def as_utf8(raw, charset):
    """`raw` as UTF-8 bytes. `charset`: bytes in lower case; one that is not known counts as UTF-8."""
    table = _table(charset)
    is_utf8 = table is _LATIN and charset not in _SINGLE_BYTE
    if is_utf8:
        try:
            str(raw, "utf-8")
            if not any([lead in raw for lead in _SUSPECTS]):
                return raw
        except UnicodeError:
            pass
    out = bytearray()
    last = len(raw) - 1
    after = 0  # the sequence before ends there
    for at, code in enumerate(raw):
        if at < after:
            continue
        if code < 128:
            out.append(code)
            continue
        size = 1
        if is_utf8 and code >= 0xC2 and at < last and raw[at + 1] & 0xC0 == 0x80:
            size = _sequence(raw, at)
        if size > 1:
            after = at + size
            out.extend(raw[at:after])
            continue
        if code < 128 + len(table) // 2:
            code = table[2 * code - 256] << 8 | table[2 * code - 255]
        elif table is _CYRILLIC and code >= 192:
            code = 0x410 + code - 192
        if code < 0x800:  # as append() would: a call for each letter is half of the time
            out.append(0xC0 | code >> 6)
            out.append(0x80 | code & 63)
        else:
            append(out, code)
    return bytes(out)


def _table(charset):
    if charset in (b"windows-1251", b"cp1251"):
        return _CYRILLIC
    if charset in _SINGLE_BYTE or charset in (b"", b"utf-8", b"utf8", b"utf-16"):
        return _LATIN
    from phone.wire.charsets import table_of

    return table_of(charset) or _LATIN


def tidy(data):
    """UTF-8 without invisible marks, with a common blank for one that does not break."""
    parts = data.split(b"\xc2")
    for number in range(1, len(parts)):  # U+0080 to U+009F: control characters, which a terminal would obey
        part = parts[number]
        parts[number] = part[1:] if part[0] < 0xA0 else b"\xc2" + part
    data = b"".join(parts)
    for mark in _INVISIBLE:
        data = data.replace(mark, b"")
    return data.replace(b"\xc2\xa0", b" ")


def _sequence(raw, at):
    """Length of the UTF-8 sequence that begins there, 1 where there is none."""
    lead = raw[at]
    size = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4 if lead < 0xF5 else 1
    tail = raw[at + 1 : at + size]
    if len(tail) < size - 1 or not all([0x80 <= byte < 0xC0 for byte in tail]):
        return 1
    second = tail[0] if tail else 0  # no overlong forms, no surrogates, nothing above U+10FFFF
    if lead == 0xE0 and second < 0xA0 or lead == 0xED and second >= 0xA0:
        return 1
    return 1 if lead == 0xF0 and second < 0x90 or lead == 0xF4 and second >= 0x90 else size
