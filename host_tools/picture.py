"""A phone's picture, put together from the bands of pixels that a panel link sends."""

import base64
import binascii

from PIL import Image

# The largest side that is believed: a phone that says more is not a phone, and the picture would
# take the host's memory.
SIDE_MAX = 2048
_BLACK = ((0, 0, 0),) * 4
# One byte holds four pixels, the leftmost in the two lowest bits.
_PIXELS = [bytes((byte >> shift) & 3 for shift in (0, 2, 4, 6)) for byte in range(256)]


class Picture:
    """Rows of two-bit pixels, each with its own palette of four colours."""

    def __init__(self, width: int, height: int):
        self.width = min(max(int(width), 1), SIDE_MAX)
        self.height = min(max(int(height), 1), SIDE_MAX)
        self._stride = (self.width + 3) // 4
        self._rows = [(_BLACK, bytes(self._stride))] * self.height

    def put(self, band) -> bool:
        """Take one `pixels` message (dict y, h, palette, data); False if it makes no sense."""
        try:
            top, count = int(band["y"]), int(band["h"])
            palette = tuple(_colour(text) for text in band["palette"])
            data = base64.b64decode(band["data"], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error):
            return False
        if len(palette) != 4 or top < 0 or count < 1 or top + count > self.height:
            return False
        if len(data) != count * self._stride:
            return False
        for row in range(count):
            self._rows[top + row] = (palette, data[row * self._stride:(row + 1) * self._stride])
        return True

    def bands(self) -> list:
        """The whole picture again as `pixels` messages, one for each run of rows with one palette."""
        bands, top = [], 0
        for y in range(1, self.height + 1):
            if y == self.height or self._rows[y][0] != self._rows[top][0]:
                data = base64.b64encode(b"".join(row for _, row in self._rows[top:y]))
                palette = ["#%02x%02x%02x" % colour for colour in self._rows[top][0]]
                bands.append({"y": top, "h": y - top, "palette": palette, "data": data.decode("ascii")})
                top = y
        return bands

    def image(self, scale: int = 1) -> Image.Image:
        """The picture as an RGB image of width x height, each pixel `scale` times as large."""
        whole = Image.new("RGB", (self.width, self.height))
        for y, (palette, data) in enumerate(self._rows):
            line = Image.frombytes("P", (self.width, 1), b"".join(_PIXELS[b] for b in data)[:self.width])
            line.putpalette([part for colour in palette for part in colour])
            whole.paste(line.convert("RGB"), (0, y))
        if scale > 1:
            whole = whole.resize((self.width * scale, self.height * scale), Image.Resampling.NEAREST)
        return whole


def _colour(text) -> tuple:
    if not isinstance(text, str) or len(text) != 7 or text[0] != "#":
        raise ValueError("not a colour")
    return tuple(bytes.fromhex(text[1:]))
