"""A canvas without framebuf: two bits a pixel, the leftmost pixel lowest, as GS2_HMSB.

Written for tests: slow, plain, and compared byte for byte with the real one (test_canvas.py).
"""


class Canvas:
    """`data`: bytearray of ceil(width / 4) bytes a row."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.stride = (width + 3) // 4
        self.data = bytearray(self.stride * height)

    def pixel(self, x, y, level=None):
        if not (0 <= x < self.width and 0 <= y < self.height):
            return None
        place, shift = y * self.stride + x // 4, x % 4 * 2
        if level is None:
            return self.data[place] >> shift & 3
        self.data[place] = self.data[place] & ~(3 << shift) | (level & 3) << shift
        return None

    def fill_rect(self, x, y, width, height, level):
        for row in range(max(0, y), min(self.height, y + height)):
            for column in range(max(0, x), min(self.width, x + width)):
                self.pixel(column, row, level)

    def hline(self, x, y, width, level):
        self.fill_rect(x, y, width, 1, level)

    def vline(self, x, y, height, level):
        self.fill_rect(x, y, 1, height, level)

    def blit(self, source, x, y, key=-1):
        """`source`: (buffer, width, height, 5); pixels of level `key` are left out."""
        data, width, height, form = source
        assert form == 5, "only GS2_HMSB pictures are drawn"
        stride = (width + 3) // 4
        for row in range(height):
            for column in range(width):
                level = data[row * stride + column // 4] >> column % 4 * 2 & 3
                if level != key:
                    self.pixel(x + column, y + row, level)
