"""A picture of the display as a Windows bitmap: 8 bits a pixel, made row by row, from the bottom up.

The canvas has two bits a pixel, four pixels a byte, the leftmost in the lowest bits, and each row has a
palette of its own (docs/architecture.md, Screen). A bitmap has one table of colours: it holds all palettes
that the display can show, so that a row is right whatever is painted while the picture is under way.
"""

import struct

from micropython import const

KIND = "image/bmp"
_HEADS = const(54)  # BITMAPFILEHEADER and BITMAPINFOHEADER
COLOURS_MAX = 256


def table(palettes):
    """The colours of these palettes, each once; four at least."""
    colours = []
    for palette in palettes:
        for colour in palette:
            if colour not in colours and len(colours) < COLOURS_MAX:
                colours.append(colour)
    # Of two colours picture programs believe that a pixel has one bit.
    return colours + [0] * (4 - len(colours))


def size(width, height, colours):
    """Bytes of the whole file."""
    return _HEADS + 4 * len(colours) + (width + 3 & ~3) * height


def head(width, height, colours):
    """Everything before the pixels."""
    start = _HEADS + 4 * len(colours)
    out = struct.pack("<2sIHHI", b"BM", size(width, height, colours), 0, 0, start)
    out += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 0, 0, 2835, 2835, len(colours), 0)
    return out + b"".join([struct.pack("<I", colour) for colour in colours])


def row(pixels, y, width, palette, colours):
    """One row of a canvas as it stands in the file. pixels: those of the whole canvas."""
    places = [colours.index(colour) if colour in colours else 0 for colour in palette]
    stride = (width + 3) // 4
    out = bytearray(4 * stride)
    at = 0
    for byte in pixels[y * stride : (y + 1) * stride]:
        if byte:  # most of a page is paper
            out[at] = places[byte & 3]
            out[at + 1] = places[byte >> 2 & 3]
            out[at + 2] = places[byte >> 4 & 3]
            out[at + 3] = places[byte >> 6]
        else:
            out[at] = out[at + 1] = out[at + 2] = out[at + 3] = places[0]
        at += 4
    return out
