"""Draws the sample screens as PNG files, to be looked at.

    python -m tests.screens.picture FOLDER [scale]
"""

import struct
import sys
import zlib
from pathlib import Path

from tests.screens.drawing import SIZES, draw, load


def png(width, height, rows):
    """A PNG from rows of RGB bytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    raw = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def picture(canvas, palettes, scale):
    """A PNG of a canvas; `palettes`: one palette a row."""
    rows = []
    for y in range(canvas.height):
        colours = [colour.to_bytes(3, "big") * scale for colour in palettes[y]]
        rows += [b"".join(colours[canvas.pixel(x, y)] for x in range(canvas.width))] * scale
    return png(canvas.width * scale, canvas.height * scale, rows)


def main(folder, scale=3):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        theme, screens = load(*size)
        for name, screen in screens.items():
            canvas, palettes = draw(screen, theme)
            file = folder / ("%dx%d_%s.png" % (size[0], size[1], name))
            file.write_bytes(picture(canvas, palettes, int(scale)))


if __name__ == "__main__":
    main(*sys.argv[1:])
