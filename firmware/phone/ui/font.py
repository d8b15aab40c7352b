"""Letters: how wide a text is, where its lines break, and the picture of one character.

The file is read elsewhere: a Font is given a `source` with .height, .width(code) and .read(code)
(see runtime/fonts.py). All widths are in pixels. There is no kerning.
"""

from micropython import const

_GS2_HMSB = const(5)  # framebuf.GS2_HMSB
# A screen of text shows about forty different characters. At some 100 bytes each two generations
# of 24 stay below 5 KB, and most lines never touch the file twice.
_GENERATION = const(24)
# Widths of letters outside ASCII, 16 bytes each: an alphabet in both cases, and some more.
_WIDTHS = const(128)
TAB = "    "  # what a TAB becomes in a line of text


def codes(text):
    """The code points of a str. Not by ord(): MicroPython keeps each character it takes out of a str for
    ever, and a page may bring twenty thousand different ones.
    """
    data = text.encode()
    if len(data) == len(text):
        return data
    found = []
    code = 0
    for byte in data:
        if byte < 0x80:
            found.append(byte)
        elif byte < 0xC0:
            code = code << 6 | byte & 63
            found[-1] = code
        else:
            code = byte & (0x1F if byte < 0xE0 else 0x0F if byte < 0xF0 else 0x07)
            found.append(code)
    return found


class Font:
    spare = None  # spare() forgets the letters of all fonts (ui/theme.py)

    def __init__(self, source, cache=_GENERATION):
        self._source = source
        self._cache = cache
        self._young = {}
        self._old = {}
        self.height = source.height
        # Most text is ASCII: its widths at one subscript. Control characters take no room.
        widths = bytearray(128)
        for code in range(32, 127):
            widths[code] = source.width(code)
        widths[9] = widths[32] * len(TAB)
        self._ascii = bytes(widths)
        self._widths = {}

    def glyph(self, code):
        """The picture of one character, the box where there is none, as a canvas takes it to blit.

        (bits, width, height, format); height is 0 for a blank. Behind the bits of the picture stand
        three bytes, advance, left + 128 and top: a tuple of its own for them would take as much again.
        """
        glyph = self._young.get(code)
        if glyph is None:
            try:
                glyph = self._find(code)
            except MemoryError:  # those that were drawn before take the room of this one
                (self.spare or self.forget)()
                glyph = self._find(code)
        return glyph

    def _find(self, code):
        """One that is not young."""
        # Two generations forget what was not drawn lately without keeping an order.
        glyph = self._old.get(code) or self._read(code)
        if len(self._young) >= self._cache:
            self._old, self._young = self._young, {}
        self._young[code] = glyph
        return glyph

    def prepare(self, text, most):
        """Read pictures that `text` needs and that are not here, at most so many; what is left of them."""
        young, old = self._young, self._old
        for code in codes(text):
            if code not in young and code not in old and code not in self._young:
                if most <= 0:
                    break
                self.glyph(code)
                most -= 1
        return most

    def forget(self):
        """Give the memory of the glyphs back; they are read again when they are drawn."""
        self._young.clear()  # and not new ones: somebody may be looking through these
        self._old.clear()
        self._widths = {}

    def _read(self, code):
        advance, left, top, width, height, bits = self._source.read(code)
        return (bits + bytes((advance, left + 128, top)), width, height, _GS2_HMSB)

    def _width(self, code):
        """Advance of one character."""
        if code < 128:
            return self._ascii[code]
        width = self._widths.get(code)
        if width is None:
            if len(self._widths) >= _WIDTHS:
                self._widths = {}
            width = self._widths[code] = self._source.width(code)
        return width

    def width(self, text):
        total = 0
        for code in codes(text):
            total += self._ascii[code] if code < 128 else self._width(code)
        return total

    def fit(self, text, width):
        """`text`, cut with an ellipsis where it is wider than `width`."""
        room = width - self._width(0x2026)
        total = kept = count = 0
        for code in codes(text):
            total += self._ascii[code] if code < 128 else self._width(code)
            if total <= room:
                kept = count + 1
            elif total > width:
                return text[:kept].rstrip() + "\u2026"
            count += 1
        return text

    def breaks(self, text, width):
        """Generate the starts of the lines of a paragraph: 0 first, then where each line breaks.

        A line breaks at a line break, after a blank, a TAB or a hyphen, and inside a word too wide.
        Blanks at the end of a line hang over and do not count.
        """
        yield 0
        ascii_widths = self._ascii
        start = index = 0  # of this line, of this character
        total = 0  # width from the start of the line
        chance = chance_total = 0  # the last place to break, and the width up to there
        for code in codes(text):
            if code == 10:
                index += 1
                start = chance = index
                total = chance_total = 0
                yield start
                continue
            wide = ascii_widths[code] if code < 128 else self._width(code)
            total += wide
            index += 1
            if code == 32 or code == 9:
                chance, chance_total = index, total
                continue
            if total > width:
                if chance > start:
                    start, total = chance, total - chance_total
                    yield start
                if total > width and index - 1 > start:
                    start, total = index - 1, wide
                    yield start
            if code == 45:
                chance, chance_total = index, total

    def wrap(self, text, width):
        """The lines of a paragraph as a list of str; an empty paragraph is one empty line."""
        starts = list(self.breaks(text, width))
        starts.append(len(text))
        return [text[starts[i] : starts[i + 1]].rstrip() for i in range(len(starts) - 1)]
