"""A page as bytes for the flash, and back: what it was asked by, its terms, and the record.

    EP 1 | field | field | ...        a field: its length in two bytes, then UTF-8

in the order of _write(). Written and read by pieces of at most 1 KB: neither needs the whole in one block.
Nothing that is read is believed: a length, a letter or a number that the writer would not have written, and
the page is None.
"""

from micropython import const

from phone.core.cache import EVER
from phone.records import Mends, Menu, SoftKey, Text
from phone.wire import url as urls

PIECE_MAX = const(1024)
_HEAD = b"EP\x01"  # and the version of this form
_FIELD_MAX = const(4400)  # bytes: an item of 64 + 1024 characters, a paragraph of 1000, of four bytes each
_BYTES_MAX = const(16384)  # of a page: what the flash takes of one record
_FIXED = const(11)  # fields before the softkeys
_SOFTKEYS_MAX = const(16)
_SEEN = const(32)  # the first character that is none of control


def pieces(copy):
    """The bytes of a Copy (core/cache.py), by pieces; a generator."""
    buffer = bytearray(_HEAD)
    for text in _write(copy):
        data = text.encode()
        buffer.extend(bytes((len(data) >> 8, len(data) & 255)))
        buffer.extend(data)
        while len(buffer) >= PIECE_MAX:
            yield bytes(buffer[:PIECE_MAX])
            buffer = bytearray(buffer[PIECE_MAX:])
    if buffer:
        yield bytes(buffer)


def _write(copy):
    record = copy.record
    body = record.items if type(record) is Menu else record.paragraphs
    yield "menu" if type(record) is Menu else "text"
    yield urls.text(copy.asked)
    yield urls.text(copy.context.url)
    for number in (copy.fresh, copy.ahead, copy.instead):
        yield str(number)
    yield record.title
    yield record.prompt
    yield record.mends.cut
    yield str(len(record.softkeys))
    yield str(len(body))
    for key in record.softkeys:
        yield key.name
        yield str(key.position)
        yield key.url
    for text in body:
        yield text


def read():
    """A generator to be sent each piece, then None: that gives (asked, url, terms, record), or None."""
    rest, fields, total = b"", [], 0
    piece = yield
    while piece is not None:
        total += len(piece)
        data, at = rest + bytes(piece), 0
        if total > _BYTES_MAX:
            fields = [False]
        elif not fields and len(data) >= len(_HEAD):
            fields = [data[: len(_HEAD)] == _HEAD]  # False: nothing more is looked at
            at = len(_HEAD)
        while fields and fields[0] and at + 2 <= len(data):
            size = data[at] << 8 | data[at + 1]
            if at + 2 + size > len(data) and size <= _FIELD_MAX:
                break
            fields.append(_text(data[at + 2 : at + 2 + size]) if size <= _FIELD_MAX else None)
            fields[0] = fields[-1] is not None
            at += 2 + size
        rest = b"" if fields and not fields[0] else data[at:]
        piece = yield
    yield _page(fields[1:]) if fields and fields[0] and not rest else None


def _text(data):
    """A field as str, or None. Control characters are only where the writer has them: a page had none."""
    low = data.replace(b"\0", b"", 1).replace(b"\n", b"").replace(b"\t", b"")
    if b"\x7f" in low or low and min(low) < _SEEN:
        return None
    try:
        return str(data, "utf-8")
    except ValueError:
        return None


def _page(fields):
    """What the fields are, or None."""
    if len(fields) < _FIXED:
        return None
    kind, asked, url = fields[0], urls.split(fields[1]), urls.split(fields[2])
    numbers = [_number(text) for text in fields[3:6] + fields[9:_FIXED]]
    if asked is None or url is None or None in numbers or kind not in ("menu", "text"):
        return None
    fresh, ahead, instead, keys, size = numbers
    if keys > _SOFTKEYS_MAX or not size or len(fields) != _FIXED + 3 * keys + size:
        return None
    softkeys = _softkeys(fields[_FIXED : _FIXED + 3 * keys])
    body = tuple(fields[_FIXED + 3 * keys :])
    flat = "".join(fields[:_FIXED])
    if softkeys is None or "\0" in flat or "\n" in flat:
        return None
    for text in body:
        if (kind == "menu") != ("\0" in text) or kind == "menu" and ("\n" in text or "\t" in text):
            return None
    make = Menu if kind == "menu" else Text
    record = make(fields[6], fields[7], body, softkeys, Mends(0, "", fields[8], ""))
    return asked, url, (fresh, ahead, instead), record


def _softkeys(fields):
    """SoftKeys of three fields each, or None."""
    keys = []
    for at in range(0, len(fields), 3):
        name, position, url = fields[at : at + 3]
        place = -1 if position == "-1" else _number(position)
        if place is None or "\0" in name + url or "\n" in name + url:
            return None
        keys.append(SoftKey(name, place, url, ""))
    return tuple(keys)


def _number(text):
    """A number as the writer writes it, or None."""
    if not 0 < len(text) < 9 or text.strip("0123456789"):
        return None
    number = int(text)
    return number if number <= EVER and str(number) == text else None
