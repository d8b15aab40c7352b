"""A packed picture (wire/png.py) becomes one for the display, in steps that are too short to be felt."""

from micropython import const

from phone.wire.halftone import Halftone
from phone.wire.png_rows import Rows

_STEP = const(5)  # of the costs of Rows and Halftone: less than a tenth of a millisecond on a PC


class Darkroom:
    """`stream`: what is packed in the picture (its readinto); size: (width, height) to be, not larger than it
    is; levels: of the display, 2 or 4.
    """

    def __init__(self, png, stream, size, levels):
        self._png = png
        self._rows = Rows(png, stream)
        self._tone = Halftone(png.width, png.height, size, levels)
        self._steps = self._develop()
        self._came = False  # at least a row

    def work(self):
        """Do a short step; True while there is more."""
        cost = 0
        try:
            while cost < _STEP:
                cost += next(self._steps)
        except StopIteration:
            return False
        return True

    def picture(self):
        """The records.Picture, after the last step; what broke off is blank. None: not one row came."""
        return self._tone.picture() if self._came else None

    def _develop(self):
        rows = self._rows
        for _ in range(self._png.height):
            yield from rows.next()
            if rows.over:
                break
            self._came = True
            yield from self._tone.add(rows.line)
