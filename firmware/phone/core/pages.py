"""A page as bytes for the flash, and back: what it was asked by, its terms, and the record.

    EP 2 | field | field | ...        a field: its length in two bytes, then UTF-8

in the order of _write(): of menus, texts, directories and menus with icons. A form, a status or what is to
be done is never kept, and a picture comes from its server. Written and read by pieces of at most 1 KB:
neither needs the whole in one block.
Nothing that is read is believed: a length, a letter or a number that the writer would not have written, and
the page is None.
"""

from binascii import hexlify, unhexlify

from micropython import const

from phone.core.cache import EVER
from phone.records import Mends, Menu, SoftKey, Text
from phone.wire import url as urls

PIECE_MAX = const(1024)
_HEAD = b"EP\x02"  # and the version of this form
_FIELD_MAX = const(4400)  # bytes: an item of 64 + 1024 characters, a paragraph of 1000, of four bytes each
_BYTES_MAX = const(16384)  # of a page: what the flash takes of one record
_FIXED = const(12)  # fields before the softkeys
_SOFTKEYS_MAX = const(48)  # keys of the keypad among them
_PARTS = const(4)  # fields of each
_KINDS = "menu", "text", "directory", "icons"
_ICON = const(4)  # separators in one
_PICTURE_MAX = const(1024)  # bytes of its pixels; a larger one is left out
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
    kind, body = _kind_of(record), record[2]
    if kind == "icons":
        body += tuple([_icon(icon) for icon in record.icons])
    yield kind
    yield urls.text(copy.asked)
    yield urls.text(copy.context.url)
    for number in (copy.fresh, copy.ahead, copy.instead):
        yield str(number)
    yield record.title
    yield record.prompt
    yield record.mends.cut
    yield record.mends.root
    yield str(len(record.softkeys))
    yield str(len(body))
    for key in record.softkeys:
        yield key.name
        yield str(key.position)
        yield key.url
        yield key.down
    for text in body:
        yield text


def _kind_of(record):
    if type(record) in (Menu, Text):
        return "menu" if type(record) is Menu else "text"
    from phone.rare import Directory

    return "directory" if type(record) is Directory else "icons"


def _icon(icon):
    """An Icon as one str."""
    pixels, width, height = b"", 0, 0
    if icon.picture and len(icon.picture.strips) == 1:
        (pixels,), width, height = icon.picture.strips, icon.picture.width, icon.picture.height
    return "\0".join((str(icon.index), icon.url, str(width), str(height), str(hexlify(pixels), "ascii")))


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
    low = data.replace(b"\0", b"", _ICON).replace(b"\n", b"").replace(b"\t", b"")
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
    numbers = [_number(text) for text in fields[3:6] + fields[10:_FIXED]]
    if asked is None or url is None or None in numbers or kind not in _KINDS:
        return None
    fresh, ahead, instead, keys, size = numbers
    if keys > _SOFTKEYS_MAX or not size or len(fields) != _FIXED + _PARTS * keys + size:
        return None
    softkeys = _softkeys(fields[_FIXED : _FIXED + _PARTS * keys])
    body = fields[_FIXED + _PARTS * keys :]
    flat = "".join(fields[:_FIXED])
    if softkeys is None or "\0" in flat or "\n" in flat:
        return None
    icons = [text for text in body if kind == "icons" and text.count("\0") == _ICON]
    body = tuple(body[: len(body) - len(icons)])
    for text in body:
        name, _, rest = text.partition("\0")
        parts = text.count("\0")
        if kind != "text" and ("\n" in rest or "\t" in text or name.strip("\n") != name):
            return None
        if not (parts in (1, 2) if kind == "icons" else parts == (kind != "text")):
            return None
    head = fields[6], fields[7], body
    record = _record(kind, head, icons, softkeys, Mends(0, "", fields[8], fields[9]))
    return asked, url, (fresh, ahead, instead), record


def _record(kind, head, icons, softkeys, mends):
    if kind in ("menu", "text"):
        return (Menu if kind == "menu" else Text)(*head, softkeys, mends)
    from phone.rare import Directory, Icon, IconMenu, Picture

    if kind == "directory":
        return Directory(*head, softkeys, mends)
    made = []
    for text in icons:
        index, url, width, height, pixels = text.split("\0")
        index, width, height = _number(index), _number(width), _number(height)
        try:
            pixels = unhexlify(pixels)
        except ValueError:
            pixels = b""
        drawn = width and height and 0 < len(pixels) <= _PICTURE_MAX
        if index is not None and "\n" not in url:
            made.append(Icon(index, url, Picture(width, height, (pixels,)) if drawn else None))
    return IconMenu(*head, tuple(made), softkeys, mends)


def _softkeys(fields):
    """SoftKeys of four fields each, or None."""
    keys = []
    for at in range(0, len(fields), _PARTS):
        name, position, url, down = fields[at : at + _PARTS]
        place = -1 if position == "-1" else _number(position)
        flat = name + url + down
        if place is None or "\0" in flat or "\n" in flat:
            return None
        keys.append(SoftKey(name, place, url, down))
    return tuple(keys)


def _number(text):
    """A number as the writer writes it, or None."""
    if not 0 < len(text) < 9 or text.strip("0123456789"):
        return None
    number = int(text)
    return number if number <= EVER and str(number) == text else None
