"""A picture made smaller, in steps of a few pixels: each becomes the mean of those that it covers, by how
much of each it covers.
"""

from micropython import const

from phone.rare import Picture
from phone.ui.paint_picture import row_bits

_STRIP = const(1024)  # bytes of a strip of the result at most
_STEP = const(96)  # pixels in one step of work: some 0.15 ms


def shrink(picture, width, height):
    """A generator of None, and of the Picture of that size at last, which is at most as large as it was."""
    strips, strip = [], bytearray()
    pool = filled = row = 0  # the stream of pixels: a row need not end with a byte
    sums, below = [0] * width, [0] * width
    tall = picture.height
    for y in range(tall):
        here = min((row + 1) * tall, (y + 1) * height) - y * height  # what row `row` covers of it
        line = [0] * width
        bits = row_bits(picture, y).to_bytes((picture.width + 3) // 4, "little")
        for x in range(0, picture.width, _STEP):
            _gather(bits, x, min(x + _STEP, picture.width), picture.width, line)
            yield None
        for x in range(width):
            sums[x] += here * line[x]
            below[x] += (height - here) * line[x]
        if (y + 1) * height < (row + 1) * tall:
            continue
        bits = bytearray((width + 3) // 4)
        for x in range(0, width, _STEP):
            yield None
            _level(sums, x, min(x + _STEP, width), picture.width * tall, bits)
        pool |= int.from_bytes(bits, "little") << filled
        filled += 2 * width
        row, sums, below = row + 1, below, [0] * width
        last = row == height
        count = (filled + 7 if last else filled) >> 3
        strip.extend((pool & (1 << 8 * count) - 1).to_bytes(count, "little"))
        pool >>= 8 * count
        filled &= 7
        if last or len(strip) + (width + 4) // 4 > _STRIP:
            strips.append(bytes(strip))
            strip = bytearray()
    yield Picture(width, height, tuple(strips))


def _gather(bits, x, end, width, line):
    """Add pixels x to `end` of a row to those of the smaller one that cover them."""
    count = len(line)
    while x < end:
        level = bits[x >> 2] >> (x & 3) * 2 & 3
        if level:
            left = x * count
            at = left // width
            part = (at + 1) * width - left
            if part >= count:
                line[at] += level * count
            else:
                line[at] += level * part
                line[at + 1] += level * (count - part)
        x += 1


def _level(sums, x, end, whole, bits):
    """Levels of pixels x to `end` of a row from their sums, into its bytes."""
    while x < end:
        bits[x >> 2] |= (2 * sums[x] + whole) // (2 * whole) << (x & 3) * 2
        x += 1
