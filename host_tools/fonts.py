"""Builds the phone's font files from the open font Roboto.

    python -m host_tools.fonts build/fonts

The outlines come from the package font-roboto (Apache licence), the drawing from Pillow. Both
are pinned, so that the same files come out everywhere. The phone never scales: each size and
weight of ui/theme.py is one file, `<name>.font`, read by firmware/phone/runtime/fonts.py.

A font file, numbers little-endian:

    0   4s   b"EVF2"
    4   B    height of a line in pixels; no glyph reaches outside it
    5   B    baseline, in pixels from the top
    6   B    R, number of ranges
    7   B    0
    8   H    N, number of glyphs; glyph 0 is the box shown for what is missing
    10  H    0
    12  R x  (H first code, H last code, H number of the first's glyph), ascending
        N x  B advance in pixels
        N x  (H place, b left, B top, B width, B height); the place of the bits is counted in
             units of four bytes from the end of this table
        the bits: rows of ceil(width / 4) bytes, two bits a pixel, the leftmost pixel lowest
        (framebuf's GS2_HMSB), level 3 is ink; each glyph starts on a multiple of four

A code inside a range that Roboto lacks has advance 0 in the table, which means "the box".
"""

import hashlib
import os
import struct
import sys
from pathlib import Path

import font_roboto
import PIL
from PIL import ImageFont

MAGIC = b"EVF2"
MARGIN = 3  # columns for what reaches to the left of the pen
GRID, MONO = "L", "1"  # four levels, or crisp two levels by FreeType's hinting for bitmaps

TEXT = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xFF),  # Latin-1
    (0x100, 0x17F),  # Latin Extended-A
    (0x218, 0x21B),  # the Romanian letters with a comma below
    (0x384, 0x3CE),  # Greek
    (0x400, 0x45F),  # Cyrillic
    (0x490, 0x491),  # the Ukrainian letter ge
    (0x2013, 0x2014),  # dashes
    (0x2018, 0x201E),  # quotes
    (0x2020, 0x2022),  # daggers, bullet
    (0x2026, 0x2026),  # ellipsis
    (0x2030, 0x2030),  # per mille
    (0x2039, 0x203A),  # angle quotes
    (0x20AC, 0x20AC),  # euro
    (0x2116, 0x2116),  # numero
    (0x2122, 0x2122),  # trade mark
)
DIGITS = ((0x2D, 0x2D), (0x30, 0x3A))

# name: face, pixels to the em, drawing, codes
FACES = {
    "clock": ("RobotoLight", 76, GRID, DIGITS),
    "title": ("RobotoMedium", 20, GRID, TEXT),
    "body": ("Roboto", 18, GRID, TEXT),
    "small": ("RobotoMedium", 15, GRID, TEXT),
    "mono": ("Roboto", 10, MONO, TEXT),
    "mono_clock": ("RobotoMedium", 28, MONO, DIGITS),
}


def build(folder):
    """Write every font file into `folder` (made where missing); nothing is done where they are fresh."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "stamp"
    recipe = hashlib.sha256(Path(__file__).read_bytes() + PIL.__version__.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == recipe:
        return folder
    for name, (face, pixels, mode, ranges) in FACES.items():
        write(folder / (name + ".font"), font_file(face, pixels, mode, ranges))
    write(stamp, recipe.encode())
    return folder


def write(path, data):
    """Write whole or not at all, since several test processes may build at once."""
    part = path.with_name("%s.%d" % (path.name, os.getpid()))
    part.write_bytes(data)
    part.replace(path)


def font_file(face, pixels, mode, ranges):
    """One font file as bytes."""
    font = Face(getattr(font_roboto, face), pixels, mode)
    ascent, descent = font.font.getmetrics()
    height, base = ascent + descent, ascent
    if ranges is DIGITS:  # no room is needed above and below digits
        _, _, top, _, rows, _ = font.drawing("0")
        height, base = rows + 2, 1 - top
    absent = font.drawing("\uffff")
    glyphs = [absent if ranges is TEXT else font.drawing("-")]
    table = b""
    for first, last in ranges:
        table += struct.pack("<HHH", first, last, len(glyphs))
        for code in range(first, last + 1):
            glyph = font.drawing(chr(code))
            glyphs.append((0, 0, 0, 0, 0, b"") if glyph == absent else glyph)
    advances, places, bits = b"", b"", b""
    for advance, left, top, width, rows, pixel in glyphs:
        top, width, rows, pixel = clamped(top + base, width, rows, pixel, height)
        advances += bytes([advance])
        places += struct.pack("<HbBBBB", len(bits) // 4, left, top, width, rows, advance)
        packed = b"".join(pack(pixel[y * width : (y + 1) * width]) for y in range(rows))
        bits += packed + bytes(-len(packed) % 4)
    head = struct.pack("<4sBBBBHH", MAGIC, height, base, len(ranges), 0, len(glyphs), 0)
    return head + table + advances + places + bits


class Face:
    """One face at one size. Pillow places a lone hinted bitmap by its unhinted outline and may be a pixel
    too high, so each character is drawn beside the tallest one, some blanks away, and where the
    baseline and the pen are is measured with an H.
    """

    def __init__(self, path, pixels, mode):
        self.font = ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)
        self.mode = mode
        self.lead = "\u01fa" + 4 * " "
        alone, (left, _) = self.font.getmask2("H", mode=mode, anchor="ls")
        width = alone.size[0]
        bearing = left + min(i % width for i, value in enumerate(alone) if value)
        self.pen = round(self.font.getlength(self.lead, mode=mode))
        rows = self._rows("H")  # trailing empty rows are left out: it stands on the baseline
        self.base = len(rows)
        self.pen += min(x for row in rows for x, level in enumerate(row) if level) - MARGIN - bearing

    def _rows(self, char):
        """Rows of levels 0..3 from the top of the tallest character, from MARGIN left of the pen on."""
        mask, (left, _) = self.font.getmask2(self.lead + char, mode=self.mode, anchor="ls")
        width, height = mask.size
        levels = bytes((value * 3 + 127) // 255 for value in mask)
        skip = self.pen - left - MARGIN
        rows = [levels[y * width + skip : (y + 1) * width] for y in range(height)]
        while rows and not any(rows[-1]):
            rows.pop()
        return rows

    def drawing(self, char):
        """(advance, left, top from the baseline, width, height, one level 0..3 a pixel) of one character."""
        rows = self._rows(char)
        left, top = -MARGIN, -self.base
        while rows and not any(rows[0]):
            rows.pop(0)
            top += 1
        while rows and not any(row[0] for row in rows):
            rows = [row[1:] for row in rows]
            left += 1
        while rows and not any(row[-1] for row in rows):
            rows = [row[:-1] for row in rows]
        advance = round(self.font.getlength(char, mode=self.mode))
        if char in " \u00a0" and self.mode == MONO:
            advance = max(advance, 3)  # two pixels do not part two words
        if not rows:
            return advance, 0, 0, 0, 0, b""
        return advance, left, top, len(rows[0]), len(rows), b"".join(rows)


def clamped(top, width, rows, pixel, height):
    """Leave out what reaches above or below the line, so that a row never draws into its neighbour."""
    if top < 0:
        pixel, rows, top = pixel[-top * width :], rows + top, 0
    if top + rows > height:
        rows = height - top
    return top, width, rows, pixel[: rows * width]


def pack(levels):
    """Pixels of one row as GS2_HMSB bytes."""
    out = bytearray((len(levels) + 3) // 4)
    for x, level in enumerate(levels):
        out[x >> 2] |= level << (x & 3) * 2
    return bytes(out)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m host_tools.fonts FOLDER")
    build(sys.argv[1])
