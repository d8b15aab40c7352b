"""The packed pixels of a page, hex digits as they arrive, into a Picture of records.py.

Two bits a pixel as in services-xml.md section 6, one continuous stream; or one bit, which has no document
and is read in the same order. Writers in the wild do more: white space, rows that are filled up to a byte,
too many bytes, too few. Nothing is refused: what is too much is cut, what is missing is white.
"""

from binascii import unhexlify

from micropython import const

from phone.rare import Picture

WIDTH_MAX, HEIGHT_MAX = const(800), const(480)  # beyond the largest display of any such phone
_STRIP = const(1024)  # bytes that lie together
_BYTES_MAX = const(12800)  # of all strips: 298 x 168, the largest picture that pages place
_ROWS = const(16)  # that are put together in one number, as rows filled up to a byte are undone
# Four pixels of one bit as four of two: 1 is ink.
_WIDE = b"\x00\x03\x0c\x0f\x30\x33\x3c\x3f\xc0\xc3\xcc\xcf\xf0\xf3\xfc\xff"


class Pixels:
    """`depth`: of what comes, where it is known already, else 0."""

    def __init__(self, depth):
        self._single = depth == 1
        self._known = depth > 0
        self._half = b""  # a digit whose second has not come
        self._strips = []
        self._last = bytearray()
        self._size = 0  # bytes that came, kept or not

    def add(self, data):
        """A run of digits, at most 1 KB."""
        data = self._half + b"".join(data.split())
        try:
            raw = unhexlify(data[: len(data) & ~1])
        except ValueError:
            data = bytes([byte for byte in data if byte in b"0123456789abcdefABCDEF"])
            raw = unhexlify(data[: len(data) & ~1])
        self._half = data[len(data) & ~1 :]
        self._size += len(raw)
        self._keep(_widened(raw) if self._single else raw)

    def _keep(self, raw):
        self._last.extend(raw)
        while len(self._last) >= _STRIP:
            if len(self._strips) * _STRIP < _BYTES_MAX:
                self._strips.append(bytes(self._last[:_STRIP]))
            self._last = bytearray(self._last[_STRIP:])

    def picture(self, width, height, depth):
        """The Picture, None where there is none; and whether the bytes were as many as it wants."""
        if width < 1 or height < 1:
            return None, not self._size
        width, height = min(width, WIDTH_MAX), min(height, HEIGHT_MAX)
        if self._half:
            self.add(b"0")
        strips = self._strips
        if len(strips) * _STRIP < _BYTES_MAX and self._last:
            strips.append(bytes(self._last))
        single = depth == 1
        if single and not self._known:  # Depth came after Data
            self._strips, self._last = [], bytearray()
            for strip in strips:
                self._keep(_widened(strip))
            strips = self._strips + [bytes(self._last)]
        per = 8 if single else 4  # pixels of a byte as it came
        row = (width + per - 1) // per
        fits = self._size == (width * height + per - 1) // per
        if not fits and self._size == row * height and len(strips) * _STRIP <= _BYTES_MAX + _STRIP:
            strips = _unfilled(strips, width, row * (2 if single else 1))
        size = (width * height + 3) // 4
        kept = []
        for strip in strips:
            if size > 0:
                kept.append(strip[:size])
                size -= len(strip)
        return Picture(width, height, tuple(kept)), fits


def _widened(raw):
    """Pixels of one bit as pixels of two."""
    wide = _WIDE
    return bytes([part for byte in raw for part in (wide[byte & 15], wide[byte >> 4])])


def _unfilled(strips, width, row):
    """Strips of rows of so many bytes each, without what fills them up."""
    out, last, bits, number = [], bytearray(), 0, 0
    rest = b""
    mask = (1 << 2 * width) - 1
    for strip in strips:
        rest += strip
        at = 0
        while len(rest) - at >= row:
            number |= (int.from_bytes(rest[at : at + row], "little") & mask) << bits
            bits += 2 * width
            at += row
            if bits >= 16 * width * _ROWS // 8 or len(rest) - at < row:
                last.extend((number & (1 << (bits & ~7)) - 1).to_bytes(bits >> 3, "little"))
                number >>= bits & ~7
                bits &= 7
        rest = rest[at:]
        while len(last) >= _STRIP:
            out.append(bytes(last[:_STRIP]))
            last = bytearray(last[_STRIP:])
    if bits:
        last.extend(number.to_bytes(1, "little"))
    out.append(bytes(last))
    return out
