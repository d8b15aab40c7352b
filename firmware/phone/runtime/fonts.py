"""Reads font files: only the ranges stay in RAM, a glyph is fetched when it is drawn.

This is the `source` that ui/font.py is given. It answers

    .height          height of a line in pixels
    .width(code)     advance of a character in pixels, the box's where the font lacks it
    .read(code)      (advance, left, top, width, height, bits): where to draw, from the pen's
                     place at the top of the line, and a GS2_HMSB picture, rows of
                     ceil(width / 4) bytes

A file begins with 12 bytes (4s "EVF1", B height, B baseline, B number R of ranges, B 0, H number N
of glyphs, H 0), then R ranges (H first, H last, H glyph of the first), N advances (B; 0: lacking,
take glyph 0, the box), N places (H place, b left, B top, B width, B height), then the bits; a
place counts four bytes. Numbers are little-endian. host_tools/fonts.py writes it.

A font of all European letters has about 600 glyphs: 20 KB of flash, 100 bytes here.
"""

import struct

_HEAD = "<4sBBBBHH"
_PLACE = "<HbBBB"


class FontFile:
    """One open font file. Raises OSError where there is none, ValueError where it is no font."""

    def __init__(self, path):
        self._file = open(path, "rb")
        head = self._file.read(struct.calcsize(_HEAD))
        if len(head) < 12 or head[:4] != b"EVF1":
            raise ValueError("%s is not a font file of this phone." % path)
        _, self.height, _, ranges, _, count, _ = struct.unpack(_HEAD, head)
        self._ranges = table = self._file.read(6 * ranges)
        self._advances = 12 + 6 * ranges
        if len(table) < 6 * ranges or not count or len(self._file.read(count)) < count:
            raise ValueError("%s is cut short." % path)
        self._places = self._advances + count
        self._bits = self._places + 6 * count

    def _index(self, code):
        for at in range(0, len(self._ranges), 6):
            first, last, index = struct.unpack_from("<HHH", self._ranges, at)
            if code < first:
                break
            if code <= last:
                index += code - first
                return index if self._advance(index) else 0
        return 0

    def _advance(self, index):
        try:
            self._file.seek(self._advances + index)
            return self._file.read(1)[0]
        except (OSError, IndexError):  # a bad block of flash costs letters, not the screen
            return 0

    def width(self, code):
        return self._advance(self._index(code))

    def read(self, code):
        index = self._index(code)
        advance = self._advance(index)
        try:
            self._file.seek(self._places + 6 * index)
            place, left, top, width, height = struct.unpack(_PLACE, self._file.read(6))
            self._file.seek(self._bits + 4 * place)
            bits = self._file.read((width + 3) // 4 * height)
        except (OSError, ValueError):
            return (advance, 0, 0, 0, 0, b"")
        if len(bits) < (width + 3) // 4 * height:
            return (advance, 0, 0, 0, 0, b"")
        return (advance, left, top, width, height, bits)


def fonts(folder, names):
    """{name: FontFile} of the names that ui/theme.py asks for."""
    return {name: FontFile("%s/%s.font" % (folder, name)) for name in names}
