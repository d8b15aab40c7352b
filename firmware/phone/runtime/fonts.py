"""Reads font files: only the ranges stay in RAM, a glyph is fetched when it is drawn.

This is the `source` that ui/font.py is given. It answers

    .height          height of a line in pixels
    .width(code)     advance of a character in pixels, the box's where the font lacks it
    .read(code)      (advance, left, top, width, height, bits): where to draw, from the pen's
                     place at the top of the line, and a GS2_HMSB picture, rows of
                     ceil(width / 4) bytes

A file begins with 12 bytes (4s "EVF2", B height, B baseline, B number R of ranges, B 0, H number N
of glyphs, H 0), then R ranges (H first, H last, H glyph of the first), N advances (B; 0: lacking,
take glyph 0, the box), N places (H place, b left, B top, B width, B height, B advance once more, so that a
glyph takes two reads), then the bits; a place counts four bytes. Numbers are little-endian.
host_tools/fonts.py writes it.

A font of all European letters has about 600 glyphs: 20 KB of flash, 100 bytes here.
"""

import struct

from micropython import const

_HEAD = "<4sBBBBHH"
_PLACE = "<HbBBBB"
_PLACE_BYTES = const(7)


class FontFile:
    """One open font file. Raises OSError where there is none, ValueError where it is no font."""

    def __init__(self, path):
        self._file = open(path, "rb")
        head = self._file.read(struct.calcsize(_HEAD))
        if len(head) < 12 or head[:4] != b"EVF2":
            raise ValueError("%s is not a font file of this phone." % path)
        _, self.height, _, ranges, _, count, _ = struct.unpack(_HEAD, head)
        self._ranges = table = self._file.read(6 * ranges)
        self._advances = 12 + 6 * ranges
        if len(table) < 6 * ranges or not count or len(self._file.read(count)) < count:
            raise ValueError("%s is cut short." % path)
        self._places = self._advances + count
        self._bits = self._places + _PLACE_BYTES * count

    def _index(self, code):
        """The number of its glyph, or that of the box where no range has it."""
        for at in range(0, len(self._ranges), 6):
            first, last, index = struct.unpack_from("<HHH", self._ranges, at)
            if code < first:
                break
            if code <= last:
                return index + code - first
        return 0

    def _at(self, place, count):
        self._file.seek(place)
        return self._file.read(count)

    def width(self, code):
        try:
            return self._at(self._advances + self._index(code), 1)[0] or self._at(self._advances, 1)[0]
        except (OSError, IndexError):  # a bad block of flash costs letters, not the screen
            return 0

    def read(self, code):
        advance = 0
        try:
            at = self._places + _PLACE_BYTES * self._index(code)
            place, left, top, width, height, advance = struct.unpack(_PLACE, self._at(at, _PLACE_BYTES))
            if not advance:  # the font lacks it
                at = self._places
                place, left, top, width, height, advance = struct.unpack(_PLACE, self._at(at, _PLACE_BYTES))
            bits = self._at(self._bits + 4 * place, (width + 3) // 4 * height)
        except (OSError, ValueError):
            return (advance, 0, 0, 0, 0, b"")
        if len(bits) < (width + 3) // 4 * height:
            return (advance, 0, 0, 0, 0, b"")
        return (advance, left, top, width, height, bits)


def fonts(folder, names):
    """{name: FontFile} of the names that ui/theme.py asks for."""
    return {name: FontFile("%s/%s.font" % (folder, name)) for name in names}
