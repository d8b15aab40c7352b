"""A Screen becomes bands: strips of the display, each drawn by itself and with its own palette.

A Band says everything its drawing depends on, so two equal bands are the same pixels: that is how
the painter knows what is stale.
"""

from collections import namedtuple

# style: name of the drawing in painter.py, or a function(painter, canvas, band) that draws it: True where it
# wants to be called again. palette: name of a palette of the theme. parts: a tuple for that drawing; a Font
# in it is that of the texts behind it.
Band = namedtuple("Band", ("y", "height", "style", "palette", "parts"))
_NO_ROW = (0, "", "", None)


def bands(screen, theme):
    """The Bands of a Screen from top to bottom; together they cover the display."""
    if screen.kind == "idle":
        return _idle(screen, theme)
    return _page(screen, theme)


def _page(screen, theme):
    out = []
    y = 0
    mark = screen.mark
    if theme.status_height:
        out.append(_status(screen, theme, screen.clock))
        y = theme.status_height
        mark = ""  # it stands there
    foot = _foot(screen, theme, "page", True)
    picture = screen.extra[1] if screen.kind == "picture" else None
    if not picture or picture[1].titled:
        out.append(Band(y, theme.title_height, "title", "page", (mark, screen.title)))
        y += theme.title_height
    if screen.window:
        from phone.ui.window import over

        y = over(screen, out, y, foot[0].y)
    if screen.kind == "form":
        from phone.ui.paint_form import fields  # with the first of them

        return out + fields(screen, theme, y, foot) + foot
    if picture:
        from phone.ui.paint_picture import body

        return out + body(theme, picture, y, foot[0].y) + foot
    count = (foot[0].y - y) // theme.row_height
    palette = "page"
    column = len(str(screen.total)) if screen.kind == "menu" else 0
    for i in range(count):
        row = screen.rows[i] if i < len(screen.rows) else _NO_ROW
        if row[0] >= 0:  # else it goes on with the row above
            palette = "selected" if screen.first + i == screen.selected else "page"
        parts = (column,) + tuple(row) + _thumb(screen, i, count, theme.row_height)
        out.append(Band(y, theme.row_height, "row", palette, parts))
        y += theme.row_height
    return out + foot


def _status(screen, theme, right):
    return Band(0, theme.status_height, "status", screen.mark, (screen.mark, screen.label, right))


def _thumb(screen, row, count, height):
    """(track, top, height) of the scroll bar's part in one row, (0, 0, 0) where all is visible."""
    if screen.total <= len(screen.rows):
        return (0, 0, 0)
    whole = count * height
    top = screen.first * whole // screen.total
    size = max(6, len(screen.rows) * whole // screen.total)
    top = min(top, whole - size) - row * height
    low, high = max(0, top), min(height, top + size)
    return (1, low, high - low) if high > low else (1, 0, 0)


def _foot(screen, theme, paper, softkeys):
    """The bands of prompt and softkeys, at the bottom of the display; at least an empty one."""
    lines = theme.prompt_lines(screen.prompt)
    keys = theme.softkey_height if softkeys else 0
    height = theme.prompt_height + theme.prompt_rows(len(lines)) * theme.row_height
    if screen.kind == "picture" and not lines:  # what is blank there is the picture's
        height = 0
    y = theme.height - keys - height
    palette = "busy" if screen.busy else "prompt" if lines else paper
    out = []
    if height:
        out.append(Band(y, height, "prompt", palette, lines))
    if keys:
        out.append(Band(y + height, keys, "softkeys", "softkeys", screen.softkeys))
    return out


def _idle(screen, theme):
    """Status or name, clock, lines. A prompt or softkeys of a small display push the clock away."""
    out = []
    y = theme.status_height
    if y:
        out.append(_status(screen, theme, ""))
        texts = [(row.text, "text") for row in screen.rows]
        texts.insert(1, (screen.title, "title"))
    else:
        y = theme.title_height
        out.append(Band(0, y, "title", "page", (screen.mark, screen.title)))
        texts = [(row.text, "text") for row in screen.rows]
    while texts and not texts[-1][0]:
        texts.pop()
    foot = _foot(screen, theme, "night", not theme.compact or any(screen.softkeys))
    limit = foot[0].y if foot else theme.height
    if screen.window:
        from phone.ui.window import over

        y = over(screen, out, y, limit)
    room = limit - y
    if room >= theme.clock_height:
        lines = min(len(texts), (room - theme.clock_height) // theme.line_height)
        height = room - lines * theme.line_height
        out.append(Band(y, height, "clock", "night", (screen.clock,)))
        y += height
    else:
        lines = min(len(texts), room // theme.line_height)
    for i in range(lines):
        height = theme.line_height if i < lines - 1 else limit - y
        text, font = texts[i]
        out.append(Band(y, height, "line", "news" if i == 3 else "night", (text, font)))
        y += height
    if y < limit:
        out.append(Band(y, limit - y, "line", "night", ("", "text")))
    return out + foot
