"""The screen as a file, for who may see it: a Windows bitmap, made from the canvas while it is sent.

The picture is not kept: 77 KB would not fit. So where the screen changes meanwhile, the file shows the lower
part as it was and the upper as it is.
"""

from micropython import const

from phone.wire import basic, bmp

_PIECE_MAX = const(1024)


def judge(authorization, credentials, locked):
    """Whether who sent this field may see the screen: 0, or the status of the refusal. locked: a wrong
    password came a moment ago, so none is looked at."""
    if not credentials:
        return 403
    if locked and authorization:
        return 429
    return 0 if basic.is_right(authorization, credentials) else 401


def picture(painter, theme):
    """(media type, length, iterator of pieces) of what `painter` (ui/painter.py) has drawn last; None where
    its canvas keeps no pixels."""
    try:
        pixels = memoryview(painter.canvas)
    except TypeError:
        return None
    width, height = theme.width, theme.height
    colours = bmp.table(theme.palettes.values())
    return bmp.KIND, bmp.size(width, height, colours), _pieces(painter, pixels, width, height, colours)


def _pieces(painter, pixels, width, height, colours):
    yield bmp.head(width, height, colours)
    piece = bytearray()
    for y in range(height - 1, -1, -1):
        row = bmp.row(pixels, y, width, painter.palette(y), colours)
        if len(piece) + len(row) > _PIECE_MAX:
            yield piece
            piece = bytearray()
        piece.extend(row)
    yield piece
