"""wire/bmp.py: the display as a file that picture programs read (Pillow reads it in tests/system)."""

import struct

from phone.wire import bmp

PAPER, NIGHT = (0xFFFFFF, 0xAAAAAA, 0x555555, 0x000000), (0x0E2236, 0x112233, 0xABCDEF, 0xFFFFFF)


def whole(pixels, width, height, palettes):
    """palettes: of each row."""
    colours = bmp.table([PAPER, NIGHT])
    rows = [bytes(bmp.row(pixels, y, width, palettes[y], colours)) for y in range(height - 1, -1, -1)]
    return bmp.head(width, height, colours) + b"".join(rows), colours


def test_a_colour_stands_once_in_the_table():
    assert bmp.table([PAPER, NIGHT]) == [0xFFFFFF, 0xAAAAAA, 0x555555, 0, 0x0E2236, 0x112233, 0xABCDEF]
    assert bmp.table([(0, 0, 0xFFFFFF, 0xFFFFFF)]) == [0, 0xFFFFFF, 0, 0]
    assert len(bmp.table([tuple(range(n, n + 4)) for n in range(0, 2000, 4)])) == bmp.COLOURS_MAX


def test_a_picture_of_three_rows():
    # Pixels 1, 3, 2, 0 are the byte 2D; five pixels take two bytes a row.
    pixels = bytes((0x2D, 0x01, 0x00, 0x00, 0xFF, 0x03))
    data, colours = whole(pixels, 5, 3, (PAPER, NIGHT, NIGHT))
    kind, length, _, _, start = struct.unpack("<2sIHHI", data[:14])
    assert kind == b"BM" and length == len(data) == bmp.size(5, 3, colours) and start == 54 + 4 * 7
    width, height, planes, bits, packing, _, _, _, used, _ = struct.unpack("<iiHHIIiiII", data[18:54])
    assert (width, height, planes, bits, packing, used) == (5, 3, 1, 8, 0, 7)
    assert data[54:58] == b"\xff\xff\xff\x00" and data[54 + 16 : 54 + 20] == b"\x36\x22\x0e\x00"
    rows = [data[start + 8 * y : start + 8 * y + 8] for y in range(3)]
    assert rows[2][:5] == bytes((1, 3, 2, 0, 1)) and rows[1][:5] == bytes((4, 4, 4, 4, 4))
    assert rows[0][:5] == bytes((0, 0, 0, 0, 0)), "0xFFFFFF is in both palettes"


def test_a_row_of_a_colour_that_is_not_in_the_table_is_drawn_all_the_same():
    assert bytes(bmp.row(b"\xff", 0, 4, (1, 2, 3, 4), [9, 8])) == bytes(4)
