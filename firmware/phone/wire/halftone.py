"""Lines of darkness become a records.Picture: scaled down, then dithered to the levels of the display.

    tone = Halftone(width, height, size, levels)
    for cost in tone.add(line): ...   a short step each, for each line of the picture
    tone.picture()

A step's cost is in units of 10 microseconds on a PC.

Scaled down is by the mean of the points that fall together; dithered is by the error that a point leaves to
its neighbours (Floyd and Steinberg, 1976), so that a light grey is some dark points in their right place. An
ordered pattern loses small letters where there are two levels only.
"""

from micropython import const

from phone.rare import Picture

_STRIP = const(1024)  # bytes
_STEP = const(64)  # points in one step


class Halftone:
    """width, height: of what comes; size: (width, height) of what is to be, not larger; levels: 2, or 4."""

    def __init__(self, width, height, size, levels):
        self._width, self._height = width, height
        self._to_width, self._to_height = size
        self._levels = levels
        self._y = 0  # lines that came
        self._lines = 0  # of them, those that fall together with the next one
        self._sums = [0] * size[0] if size != (width, height) else None
        self._errors = [0] * (size[0] + 1)  # what the last line left, in sixteenths; the first is for nobody
        self._strips = []
        self._strip = bytearray(_STRIP)
        self._at = 0  # the next point's in it

    def add(self, line):
        """Steps of one more line, a byte a pixel, which is written over."""
        self._y += 1
        if self._sums:
            yield from self._sum(line)
            self._lines += 1
            height, to = self._height, self._to_height
            if self._y * to // height == (self._y - 1) * to // height:
                return
            yield from self._mean(line)
        yield from self._dither(line)

    def picture(self):
        """What has come so far; the rest is paper."""
        width, height = self._to_width, self._to_height
        left = (width * height + 3) // 4 - len(self._strips) * _STRIP
        while left > 0:
            self._strips.append(bytes(self._strip[:left]))
            self._strip = bytearray(_STRIP)
            left -= _STRIP
        return Picture(width, height, tuple(self._strips))

    def _sum(self, line):
        sums, width, to = self._sums, self._width, self._to_width
        x = passed = 0
        for at in range(0, width, _STEP):
            for i in range(at, min(at + _STEP, width)):
                sums[x] += line[i]
                passed += to
                if passed >= width:
                    passed -= width
                    x += 1
            yield 1

    def _mean(self, line):
        """Write the means into the line and begin new sums."""
        sums, width, to = self._sums, self._width, self._to_width
        lines, self._lines = self._lines, 0
        first = 0
        for at in range(0, to, _STEP):
            for x in range(at, min(at + _STEP, to)):
                end = ((x + 1) * width + to - 1) // to
                line[x] = sums[x] // (lines * (end - first))
                sums[x] = 0
                first = end
            yield 1

    def _dither(self, line):
        errors, levels, width = self._errors, self._levels, self._to_width
        strip, at = self._strip, self._at
        half, top = (127, 255) if levels == 2 else (42, 85)
        right = corner = 0
        for start in range(0, width, _STEP):
            for x in range(start, min(start + _STEP, width)):
                dark = line[x] + (errors[x + 1] + right + 8 >> 4)
                level = (dark + half) // top
                if level < 0:
                    level = 0
                elif level >= levels:
                    level = levels - 1
                error = dark - level * top
                right = 7 * error
                errors[x] += 3 * error
                errors[x + 1] = 5 * error + corner
                corner = error
                if level:
                    strip[at >> 2] |= (level if top == 85 else 3) << 2 * (at & 3)
                at += 1
                if at == 4 * _STRIP:
                    self._strips.append(bytes(strip))
                    self._strip = strip = bytearray(_STRIP)
                    at = 0
            yield 2
        self._at = at
