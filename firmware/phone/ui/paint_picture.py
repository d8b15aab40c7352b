"""Draws pictures: that of a page with its numbered regions, a few rows a step; icons and small ones at once.
On a display of two levels shades are dots.

Loaded with the first picture that is drawn (ui/painter.py).
"""

from micropython import const

from phone.ui.layout import Band

_GS2_HMSB = const(5)  # framebuf.GS2_HMSB
_ROWS = const(12)  # rows of the display that a picture takes in one step: some 0.1 ms


# Bayer's order of 4x4: which pixels of each four rows are ink, the lower bit of each, where all of them are
# of level 1, and of level 2.
_FEW, _MANY = b"\x11\x04\x11\x00", b"\x55\x44\x51\x44"


def body(theme, parts, y, limit):
    """The Bands of a page that is a picture, between the title and `limit`: at most one. On a display of two
    levels its paper is what shines."""
    return [Band(y, limit - y, draw, "prompt" if theme.compact else "page", parts)] if limit > y else []


def draw(painter, canvas, band):
    """Draw a step of a band; True while there is more. Its parts: picture, place (ui/place.py), pixels that
    are out of sight above, regions ((label, x1, y1, x2, y2), ...) and the label of the selected one."""
    if not painter.going or painter.going[0] is not band:  # or the screen has changed
        painter.going = band, _steps(painter, painter.theme, canvas, band)
    if next(painter.going[1], False) is None:
        return True
    painter.going = None
    return False


def _steps(painter, theme, canvas, band):
    picture, place, down, regions, selected = band.parts
    canvas.fill_rect(0, band.y, theme.width, band.height, 0)
    end = band.y + band.height
    rows = min(picture.height, (band.height - place.y + down + place.factor - 1) // place.factor)
    step = max(1, _ROWS // place.factor)
    for y in range(down // place.factor, rows, step):
        some = range(y, min(y + step, rows))
        top = band.y + place.y - down
        _rows(canvas, picture, some, place.x, top, place.factor, (band.y, end), theme.compact)
        yield
    if place.below:
        size = band.height * band.height // (band.height + place.below)
        canvas.fill_rect(theme.width - 3, band.y, 3, band.height, 0)
        canvas.fill_rect(theme.width - 2, band.y + (band.height - size) * down // place.below, 2, size, 3)
    if theme.compact:  # or the softkeys' paper joins it
        canvas.hline(0, end - 1, theme.width, 3)
    for region in regions:
        if region[0] != selected:
            _region(theme, painter, canvas, band, region, False)
            yield
    for region in regions:  # last, so that nothing covers it
        if region[0] == selected:
            _region(theme, painter, canvas, band, region, True)


def beside(theme, canvas, band, icon, x):
    """Draw the icon of a row; the width that its column takes."""
    picture, factor, column = icon
    if picture:
        y = band.y + (band.height - picture.height * factor) // 2
        rows = range(min(picture.height, band.height // factor))
        limits = band.y, band.y + band.height
        _rows(canvas, picture, rows, x, max(band.y, y), factor, limits, False, 0, column)
    return column and column + theme.margin


def row_bits(picture, y):
    """Row y of a Picture as an int: the first pixel in the lowest two bits. What is missing is 0."""
    bits = 2 * picture.width
    first = y * bits
    start, end = first >> 3, (first + bits + 7) >> 3
    data, at = b"", 0
    for strip in picture.strips:
        size = len(strip)
        if at < end and at + size > start:
            data += strip[max(0, start - at) : end - at]
        at += size
    return int.from_bytes(data, "little") >> (first & 7) & (1 << bits) - 1


def _rows(canvas, picture, rows, x, top, factor, limits, dots, key=-1, wide=800):
    """Some rows of a picture whose first row is at `top`, within the limits (first, end), and at most so
    wide. dots: instead of shades."""
    first, end = limits
    stride = (picture.width + 3) // 4
    for row in rows:
        bits = row_bits(picture, row)
        data = (dotted(bits, stride, row & 3) if dots else bits).to_bytes(stride, "little")
        if factor > 1:
            data = wider(data, factor)
        image = (data, min(picture.width * factor, wide), 1, _GS2_HMSB)
        y = top + row * factor
        for at in range(max(y, first), min(y + factor, end)):
            canvas.blit(image, x, at, key)


def dotted(bits, stride, row):
    """A row of pixels in two levels, as an int: paper and ink stay as they are. row: 0 to 3."""
    every, few, many = [int.from_bytes(ones[i : i + 1] * stride, "little")
                        for ones, i in ((b"\x55", 0), (_FEW, row), (_MANY, row))]
    low, high = bits & every, bits >> 1 & every
    return (low & high | low & few | high & many) * 3


def wider(data, factor):
    """A row of pixels, each of them `factor` times."""
    same = (4**factor - 1) // 3  # a pixel of level 1, so often
    two = 2 * factor
    pairs = [(pair & 3) * same | (pair >> 2) * same << two for pair in range(16)]
    fours = [pairs[byte & 15] | pairs[byte >> 4] << 2 * two for byte in data]
    return b"".join([four.to_bytes(factor, "little") for four in fours])


def _region(theme, painter, canvas, band, region, selected):
    """An outline that is seen on any ground, and the number in its corner."""
    text, x1, y1, x2, y2 = region
    y1, y2 = y1 + band.y, y2 + band.y
    end = band.y + band.height
    for inset in (0, 1, 2) if selected else (0, 1):
        level = 0 if inset == (2 if selected else 1) else 3
        left, top, right, bottom = x1 + inset, y1 + inset, x2 - inset, y2 - inset
        if right <= left or bottom <= top:
            break
        for y in (top, bottom):
            if y < end:
                canvas.hline(left, y, right - left + 1, level)
        for x in (left, right):
            canvas.vline(x, top, min(bottom + 1, end) - top, level)
    font = theme.small_font
    wide, high = font.width(text) + 5, min(font.height, 16) - 1
    if y1 + high > end:
        return
    canvas.fill_rect(x1, y1, wide, high, 3)
    if not selected:
        canvas.fill_rect(x1 + 1, y1 + 1, wide - 2, high - 2, 0)
    x, y = x1 + 3, y1 + (high - font.height + 1) // 2
    for code in text.encode():
        bits, width, height, kind = font.glyph(code)
        left, top = bits[-2] - 128, bits[-1]
        if height and selected:  # paper on ink
            canvas.blit((bytes([byte ^ 255 for byte in bits]), width, height, kind), x + left, y + top, 3)
        elif height:
            canvas.blit((bits, width, height, kind), x + left, y + top, 0)
        x += font.width(text[:1])
