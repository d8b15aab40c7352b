"""From the bytes of a page to clean str: references, control characters, white space.

Bytes are put together, never characters: MicroPython keeps each str of one character for ever.
"""

from micropython import const

# What XML defines; names of HTML (&nbsp;) are none of service pages, and come seldom: wire/entities.py.
_NAMED = {b"amp": 38, b"lt": 60, b"gt": 62, b"quot": 34, b"apos": 39}
_REFERENCE_MAX = const(10)  # from & to ;, "&#x10FFFF;"


def decode(raw, charset):
    """`raw` (bytes with references in it) as str. `charset`: bytes in lower case, b"" where unknown.

    Control characters and invisible marks are gone, but for TAB; so are marks that turn the direction
    of what follows, with which a name could disguise another.
    """
    data = raw  # max(), min() and set() look at each byte in C: a loop here takes three times as long
    if max(data or b"\0") > 127:
        from phone.wire.charset import as_utf8  # many pages never need its tables

        data = as_utf8(raw, charset)
    if b"&" in data:
        data = _resolve(data)
    if min(data or b" ") < 32 or b"\x7f" in data:
        for byte in set(data):
            if byte < 32 and byte != 9 or byte == 127:
                data = data.replace(bytes((byte,)), b"")
    if max(data or b"\0") > 127:
        from phone.wire.charset import tidy

        data = tidy(data)
    return str(data, "utf-8")


def clean(raw, charset):
    """As decode(), white space folded to single blanks."""
    text = decode(b" ".join(raw.split()), charset).replace("\t", " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def _resolve(data):
    """References replaced; what is none stays as it is written."""
    if b";" not in data:
        return data
    parts = data.split(b"&")
    out = bytearray(parts[0])
    for part in parts[1:]:
        name, mark, rest = part[:_REFERENCE_MAX].partition(b";")
        code = _NAMED.get(name, 0)
        if name[:1] == b"#":
            try:
                code = int(name[2:], 16) if name[1:2] in b"xX" else int(name[1:])
            except ValueError:
                pass
        elif mark and not code and name[:1].isalpha():
            from phone.wire.entities import code_of

            code = code_of(name)
        if mark and (0 < code < 0xD800 or 0xE000 <= code < 0x110000):
            append(out, code)
            out.extend(part[len(name) + 1 :])
        else:
            out.append(38)
            out.extend(part)
    return bytes(out)


def strays(run):
    """How many & of `run` begin no reference, and where the first of them is."""
    count = first = 0
    place = -1
    for part in run.split(b"&"):
        if place >= 0 and part.find(b";", 0, _REFERENCE_MAX - 1) < 0:
            if not count:
                first = place
            count += 1
        place += len(part) + 1
    return count, first


def append(out, code):
    """A code point as UTF-8."""
    if code < 0x80:
        out.append(code)
        return
    size = 1 + (code > 0x7FF) + (code > 0xFFFF)  # of what follows the first byte, six bits in each
    out.append(0x780 >> size & 255 | code >> 6 * size)
    while size:
        size -= 1
        out.append(0x80 | code >> 6 * size & 63)
