"""How a form is laid out and drawn: the field that is typed into has two rows, the others one.

    Name (required)            abc      what is typed, and how
    ┌────────────────────────────┐
    │ Mül|                       │      the letter that is being chosen has a line below it
    └────────────────────────────┘
    Ward        3                       another field

While a letter is being chosen its key's others stand in the place of the prompt.
"""

from phone.ui.layout import Band

_AHEAD = 3  # characters behind the cursor that are seen of a long text
_LABELS = (2, 5)  # the part of the width that the names of the other fields may take


def fields(screen, theme, y, foot):
    """The Bands between the title and `foot`, its Bands; the first of those may become the letters."""
    told, hint, label = screen.extra
    height, limit = theme.row_height, foot[0].y
    if "field" not in theme.palettes:  # paper, grey, the accent, ink
        page = theme.palettes["page"]
        theme.palettes["field"] = (page[0], page[1], theme.palettes["selected"][0], page[3])
    if told and told["letters"] and foot[0].style == "prompt":
        parts = (theme.text_font, told["letters"], told["chosen"])
        foot[0] = Band(foot[0].y, foot[0].height, _letters, foot[0].palette, parts)
    out = []
    rows, room = screen.rows, (limit - y) // height
    first = max(0, min(screen.selected, len(rows) + 1 - room))
    width = _column(rows, theme)
    count = "%d/%d" % (screen.selected + 1, len(rows)) if len(rows) > 1 else ""
    for i in range(first, len(rows)):
        name, value = rows[i].text, rows[i].aside
        if i != screen.selected:
            if y + height > limit:
                break
            out.append(Band(y, height, _row, "page", (theme.small_font, name, theme.text_font, value, width)))
            y += height
            continue
        end = min(y + 2 * height, limit)
        if room > 1:
            high = height if theme.compact else theme.small_font.height + 1
            out.append(Band(y, high, _label, "page", (theme.small_font, label, count, told["mode"])))
            y += high
        parts = (theme.text_font, value, told["cursor"], bool(told["letters"]))
        out.append(Band(y, end - y, _box, "field", parts))
        y = end
    if y < limit:
        fits = hint if limit - y >= height else ""
        out.append(Band(y, limit - y, _hint, "page", (theme.small_font, fits)))
    return out


def _column(rows, theme):
    """Width of the names of fields that stand beside their values."""
    widths = [theme.small_font.width(row.text) for row in rows]
    return min(max(widths), theme.width * _LABELS[0] // _LABELS[1]) if widths else 0


def _put(painter, canvas, font, text, x, band):
    """Text in the middle of its band's height."""
    painter.text(canvas, font, text, x, band.y + (band.height - font.height + 1) // 2)


def _row(painter, canvas, band):
    theme = painter.theme
    painter.fill(canvas, band)
    small, name, font, value, width = band.parts
    _put(painter, canvas, small, small.fit(name, width), theme.margin, band)
    x = 2 * theme.margin + width
    edge = theme.width - theme.margin
    _put(painter, canvas, font, font.fit(value, edge - x), x, band)
    canvas.hline(x, band.y + band.height - 2, edge - x, 1 if not theme.compact else 2)


def _label(painter, canvas, band):
    theme = painter.theme
    painter.fill(canvas, band)
    font, name, count, mode = band.parts
    pad = 2 if theme.compact else 5
    edge = theme.width - theme.margin - pad - font.width(mode)
    _put(painter, canvas, font, mode, edge, band)
    _frame(canvas, edge - pad, band.y, theme.width - theme.margin - edge + pad, band.height - 1, 1, 2)
    edge -= 2 * pad + font.width(count)
    _put(painter, canvas, font, count, edge, band)
    _put(painter, canvas, font, font.fit(name, edge - 2 * theme.margin), theme.margin, band)


def _frame(canvas, x, y, width, height, line, level):
    """Lines around a box, their corners left out."""
    for i in range(line):
        canvas.hline(x + 1, y + i, width - 2, level)
        canvas.hline(x + 1, y + height - 1 - i, width - 2, level)
        canvas.vline(x + i, y + 1, height - 2, level)
        canvas.vline(x + width - 1 - i, y + 1, height - 2, level)


def _box(painter, canvas, band):
    """The frame, what is typed, the cursor; the part of a long text in which the cursor is."""
    theme = painter.theme
    painter.fill(canvas, band)
    font, text, cursor, choosing = band.parts
    line = 1 if theme.compact else 2
    x, width = theme.margin, theme.width - 2 * theme.margin
    _frame(canvas, x, band.y, width, band.height, line, 2)
    pad = line + (2 if theme.compact else 4)
    room = width - 2 * pad - line
    rest = text[cursor:]
    most = room - min(font.width(rest[:_AHEAD]), font.width(_AHEAD * "0"))
    start, before = cursor, 0
    for step in (8, 1):  # to the left as far as it fits
        while start >= step:
            wide = font.width(text[start - step : start])
            if before + wide > most:
                break
            start -= step
            before += wide
    x += pad
    y = band.y + (band.height - font.height + 1) // 2
    painter.text(canvas, font, text[start:cursor], x, y)
    painter.text(canvas, font, font.fit(rest, room - before), x + before + line, y)
    canvas.fill_rect(x + before, band.y + line + 1, line, band.height - 2 * line - 2, 3)
    if choosing and cursor > start:
        wide = font.width(text[cursor - 1 : cursor])
        canvas.fill_rect(x + before - wide, band.y + band.height - 2 * line - 2, wide - 1, line, 2)


def _letters(painter, canvas, band):
    """What the key can give; the one that stands in the field is on a box."""
    theme = painter.theme
    painter.fill(canvas, band)
    font, letters, chosen = band.parts
    cells = [letters[i : i + 1] for i in range(len(letters))]
    pad = 2 if theme.compact else 5
    widths = [font.width(cell) + 2 * pad for cell in cells]
    x, room = theme.margin, theme.width - 2 * theme.margin
    first = 0
    while sum(widths[first : chosen + 1]) > room:
        first += 1
    for i in range(first, len(cells)):
        if x + widths[i] > theme.width - theme.margin:
            break
        if i == chosen:
            _frame(canvas, x, band.y + 1, widths[i], band.height - 2, 1 if theme.compact else 2, 3)
        _put(painter, canvas, font, cells[i], x + pad, band)
        if cells[i] == " ":
            canvas.fill_rect(x + pad, band.y + band.height - 2 * pad, widths[i] - 2 * pad, 1, 3)
        x += widths[i]


def _hint(painter, canvas, band):
    theme = painter.theme
    painter.fill(canvas, band)
    font, hint = band.parts
    y = band.y + band.height - font.height - (1 if theme.compact else theme.margin // 2)
    painter.text(canvas, font, font.fit(hint, theme.width - 2 * theme.margin), theme.margin, y)
