"""The rows of a PNG picture (wire/png.py), one after the other: unpacked, unfiltered, as darkness.

    rows = Rows(png, stream)
    for cost in rows.next(): ...      a short step each; then rows.line is the next row, unless rows.over

A step's cost is in units of 10 microseconds on a PC.

`stream.readinto(buffer)` gives what is packed in the picture. A line is a byte a pixel, 0 paper to 255 ink,
as it looks on white paper: what is clear shows the paper.
"""

from micropython import const

from phone.wire.png import row_bytes

_READ = const(256)  # bytes that are unpacked in one step
_STEP = const(128)  # pixels or bytes that are worked on in one step


class Rows:
    def __init__(self, png, stream):
        self.line = bytearray(png.width)
        self.over = False  # the picture broke off: no further row comes
        self._stream = stream
        size, self._step = row_bytes(png)
        self._row = bytearray(size + self._step)  # with a pixel of nothing before the first one
        self._above = bytearray(size + self._step)
        self._filter = bytearray(1)
        self._tones, self._table = _tones(png)
        self._png = png

    def next(self):
        """Steps of the next row."""
        self._row, self._above = self._above, self._row
        row, step = self._row, self._step
        view = memoryview(row)
        at = step
        if not self._read(self._filter):
            return
        while at < len(row):
            end = min(at + _READ, len(row))
            if not self._read(view[at:end]):
                return
            at = end
            yield 1
        kind = self._filter[0]
        if 0 < kind < 5:
            unfilter, cost = _FILTERS[kind - 1]
            for at in range(step, len(row), _STEP):
                unfilter(row, self._above, at, min(at + _STEP, len(row)), step)
                yield cost
        tones, line = self._tones, self.line
        cost = 1 if tones is _bytes else 3
        for at in range(0, len(line), _STEP):
            tones(row, line, at, min(at + _STEP, len(line)), self._table, self._png)
            yield cost

    def _read(self, view):
        """Fill it. False: there is no more, or it is nonsense."""
        at = 0
        try:
            while at < len(view):
                took = self._stream.readinto(view[at:] if at else view)
                if not took:
                    break
                at += took
        except (OSError, EOFError, ValueError):
            at = 0
        self.over = at < len(view)
        return not self.over


def _sub(row, above, at, end, step):
    for i in range(at, end):
        row[i] = row[i] + row[i - step] & 255


def _up(row, above, at, end, step):
    for i in range(at, end):
        row[i] = row[i] + above[i] & 255


def _average(row, above, at, end, step):
    for i in range(at, end):
        row[i] = row[i] + (row[i - step] + above[i] >> 1) & 255


def _paeth(row, above, at, end, step):
    """ISO 15948 9.4: the nearest of left, above and both to left + above - both."""
    for i in range(at, end):
        left, over, both = row[i - step], above[i], above[i - step]
        if over != both:
            if left == both:
                left = over
            else:
                a, b = over - both, left - both
                c = a + b
                if a < 0:
                    a = -a
                if b < 0:
                    b = -b
                if c < 0:
                    c = -c
                if a > b or a > c:
                    left = over if b <= c else both
        row[i] = row[i] + left & 255


_FILTERS = ((_sub, 1), (_up, 1), (_average, 2), (_paeth, 4))


def _dark(red, green, blue):
    """How dark a colour looks (ITU-R BT.601), 0 to 255."""
    return 255 - (77 * red + 150 * green + 29 * blue >> 8)


def _tones(png):
    """(function that makes a line of a row, its table)."""
    if png.depth == 16 or png.colour in (2, 4, 6):
        clear = b""
        if png.colour in (0, 2) and png.clear:  # one colour that is clear, two bytes a sample
            clear = png.clear
            if png.depth == 8:
                clear = bytes([clear[i] for i in range(1, len(clear), 2)])
        return _direct, clear
    count = 1 << png.depth
    table = bytearray(count)
    if png.colour == 3:
        for i in range(min(count, len(png.palette) // 3)):
            dark = _dark(png.palette[3 * i], png.palette[3 * i + 1], png.palette[3 * i + 2])
            table[i] = dark * png.clear[i] // 255 if i < len(png.clear) else dark
    else:
        for i in range(count):
            table[i] = 255 - i * 255 // (count - 1)
        if len(png.clear) > 1:
            table[png.clear[1] & count - 1] = 0
    return (_bytes if png.depth == 8 else _bits), table


def _bytes(row, line, at, end, table, png):
    for i in range(at, end):
        line[i] = table[row[i + 1]]


def _bits(row, line, at, end, table, png):
    depth = png.depth
    each, mask = 8 // depth, len(table) - 1
    for i in range(at, end):
        line[i] = table[row[1 + i // each] >> 8 - depth - i % each * depth & mask]


def _direct(row, line, at, end, clear, png):
    """Samples that are no index, of one byte or of two, of which the first is enough."""
    sample = png.depth // 8
    colour = png.colour
    step = row_bytes(png)[1]
    j = step + at * step
    for i in range(at, end):
        if colour & 2:
            dark = 255 - (77 * row[j] + 150 * row[j + sample] + 29 * row[j + 2 * sample] >> 8)
        else:
            dark = 255 - row[j]
        if colour & 4:
            dark = dark * row[j + step - sample] // 255
        elif clear and row[j : j + step] == clear:
            dark = 0
        line[i] = dark
        j += step
