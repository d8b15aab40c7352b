"""Draws a Screen on a canvas, one stale band a call.

The canvas is framebuf's GS2_HMSB or anything with its fill_rect, hline, vline, pixel and blit.
The painter remembers which Band it painted at which place; a Band that is not the same, or that was
painted over by a taller neighbour, is stale. So it does not matter when the screen changes.
"""

from micropython import const

from phone.ui.font import Font, codes
from phone.ui.layout import bands
from phone.ui.screen import BACKUP, NONE, PRIMARY, STALE

# Letters read from flash in one step: they take most of the time of a row that shows them first. For one band
# no more than the font keeps (ui/font.py), or a band of a hundred different ones would never be drawn.
_LETTERS = const(4)
_LETTERS_MAX = const(24)


class Painter:
    def __init__(self, theme):
        self.theme = theme
        self.canvas = None  # the one that was drawn on last
        self._painted = []  # Bands that are on the canvas, whole
        self._screen = None
        self._bands = ()
        self._next = None  # the Band whose letters are being read
        self._letters = 0  # how many more of them
        self.going = None  # a Band that is drawn in steps, and its generator
        self._fonts = {"title": theme.title_font, "row": theme.text_font, "prompt": theme.prompt_font,
                       "clock": theme.clock_font, "line": theme.text_font}
        from phone.ui.marks import picture  # once: their drawings in letters are not kept

        self._marks = {mark: picture(mark, theme.mark) for mark in (PRIMARY, BACKUP, NONE, STALE)}
        self._styles = {
            "status": self._status,
            "title": self._title,
            "row": self._row,
            "prompt": self._prompt,
            "softkeys": self._softkeys,
            "clock": self._clock,
            "line": self._line,
        }

    def reset(self):
        """Forget what was painted: everything is drawn again."""
        self._painted = []
        self.going = None

    def paint(self, screen, canvas):
        """Draw one stale band: (y, height, palette), or () where its letters were looked for or a part of it
        was drawn, or None where the canvas shows `screen`.

        palette: four 0xRRGGBB for levels 0 to 3.
        """
        self.canvas = canvas
        if screen != self._screen:
            self._screen = screen
            self._bands = bands(screen, self.theme)
        for band in self._bands:
            if band in self._painted:
                continue
            if self._read(band):
                return ()
            y, height = band.y, band.height
            self._painted = [old for old in self._painted if old.y + old.height <= y or old.y >= y + height]
            draw = self._styles.get(band.style)
            if draw:
                draw(canvas, band)
            elif band.style(self, canvas, band):
                return ()
            self._painted.append(band)
            return y, height, self.theme.palettes[band.palette]
        return None

    def palette(self, y):
        """The colours of a row as it is on the canvas."""
        for band in self._painted:
            if band.y <= y < band.y + band.height:
                return self.theme.palettes[band.palette]
        return self.theme.palettes["page"]

    def _read(self, band):
        """Read some letters of a band that is to be drawn next; False once it has them."""
        if band is not self._next:
            self._next, self._letters = band, _LETTERS_MAX
        elif self._letters <= 0:
            return False
        font = self._fonts.get(band.style, self.theme.small_font)
        most = left = min(_LETTERS, self._letters)
        for part in band.parts:
            if isinstance(part, str):
                left = font.prepare(part, left)
            elif isinstance(part, Font):
                font = part
        self._letters = self._letters - most if left <= 0 else 0
        return True

    def text(self, canvas, font, text, x, y):
        """Draw `text` with the pen at (x, y), the top left of its line."""
        glyph, blit = font.glyph, canvas.blit
        for code in codes(text):
            image = glyph(code)
            bits = image[0]
            if image[2]:
                blit(image, x + bits[-2] - 128, y + bits[-1], 0)
            x += bits[-3]

    def _centred(self, canvas, font, text, x, width, y, height):
        wide = font.width(text)
        if wide > width:
            text = font.fit(text, width)
            wide = font.width(text)
        x += (width - wide) // 2
        self.text(canvas, font, text, x, y + (height - font.height + 1) // 2)

    def fill(self, canvas, band, level=0):
        canvas.fill_rect(0, band.y, self.theme.width, band.height, level)

    def _rounded(self, canvas, x, y, width, height):
        """A filled box of level 0 with rounded corners."""
        radius = self.theme.radius
        canvas.fill_rect(x, y + radius, width, height - 2 * radius, 0)
        for i in range(radius):
            inset = radius - i - (1 if i else 0)
            canvas.hline(x + inset, y + i, width - 2 * inset, 0)
            canvas.hline(x + inset, y + height - 1 - i, width - 2 * inset, 0)

    def _status(self, canvas, band):
        theme = self.theme
        mark, label, right = band.parts
        self.fill(canvas, band)
        font = theme.small_font
        y = band.y + (band.height - font.height + 1) // 2
        x = theme.margin
        if mark in self._marks:
            canvas.blit(self._marks[mark], x, band.y + (band.height - theme.mark) // 2, 0)
            x += theme.mark + theme.margin * 3 // 4
        edge = theme.width - theme.margin - font.width(right)
        self.text(canvas, font, font.fit(label, edge - x - theme.margin), x, y)
        self.text(canvas, font, right, edge, y)

    def _title(self, canvas, band):
        theme = self.theme
        mark, title = band.parts
        self.fill(canvas, band)
        font = theme.title_font
        x = theme.margin
        stale = title[:1] == STALE
        title = title[2:] if stale else title
        for sign in (mark, STALE if stale else ""):
            if sign in self._marks:
                canvas.blit(self._marks[sign], x, band.y + (band.height - 1 - theme.mark) // 2, 0)
                x += theme.mark + theme.margin + 1
        y = band.y + (band.height - font.height) // 2
        self.text(canvas, font, font.fit(title, theme.width - theme.margin - x), x, y)
        if not theme.compact:
            canvas.hline(0, band.y + band.height - 1, theme.width, 1)

    def _row(self, canvas, band):
        theme = self.theme
        column, n, text, aside, icon, track, thumb, size = band.parts
        selected = band.palette == "selected"
        edge = theme.width - theme.strip
        if selected:  # a box of accent on what is the page's paper here too
            self.fill(canvas, band, 3)
            self._rounded(canvas, theme.margin // 2, band.y, edge - theme.margin // 2, theme.row_height)
        else:
            self.fill(canvas, band)
        x = theme.margin
        if column:
            font = theme.small_font
            x += column * font.width("0")
            if n > 0:
                y = band.y + (theme.row_height - font.height + 1) // 2
                self.text(canvas, font, str(n), x - font.width(str(n)), y)
            x += theme.margin if not theme.compact else 2 * theme.margin
        if icon:
            from phone.ui.paint_picture import beside

            x += beside(theme, canvas, band, icon, x)
        if aside:
            font = theme.small_font
            edge -= font.width(aside) + theme.margin
            self.text(canvas, font, aside, edge, band.y + (theme.row_height - font.height + 1) // 2)
            edge -= theme.margin
        font = theme.text_font
        y = band.y + (theme.row_height - font.height + 1) // 2
        self.text(canvas, font, font.fit(text, edge - x) if column else text, x, y)
        if track:
            x = theme.width - theme.thumb - (0 if theme.compact else theme.thumb // 2)
            canvas.vline(x + theme.thumb // 2, band.y, band.height, 2 if selected else 1)
            canvas.fill_rect(x, band.y + thumb, theme.thumb, size, 0 if selected else 2)

    def _prompt(self, canvas, band):
        theme = self.theme
        self.fill(canvas, band)
        font = theme.prompt_font
        pitch = theme.row_height if theme.compact else font.height + 2
        y = band.y + (band.height - pitch * len(band.parts)) // 2 + (pitch - font.height + 1) // 2
        for line in band.parts:
            self.text(canvas, font, line, theme.margin, y)
            y += pitch

    def _softkeys(self, canvas, band):
        """Four buttons in the softkeys' own places; where there is none, the paper shows."""
        theme = self.theme
        self.fill(canvas, band, 3)
        gap, font = theme.gap, theme.small_font
        edges = self._edges(band.parts, font)
        for i in range(4):
            if band.parts[i]:
                x, width = edges[i] + (gap + 1) // 2, edges[i + 1] - edges[i] - gap
                self._rounded(canvas, x, band.y + gap, width, band.height - 2 * gap + (gap == 1))
                self._centred(canvas, font, band.parts[i], x, width, band.y, band.height)

    def _edges(self, labels, font):
        """Where the buttons meet: at the quarters, unless a label needs room that others can spare. Where
        there is not enough, the widest lose first, and alike.
        """
        theme = self.theme
        edges = [theme.width * i // 4 for i in range(5)]
        needs = [font.width(label) + theme.gap if label else 0 for label in labels]
        room = theme.width
        pad = max(0, min(theme.pad, (room - sum(needs)) // 4))
        most = 0
        for i, need in enumerate(sorted(needs)):
            most = room // (4 - i)
            room -= min(need, most)
        needs = [min(need + pad, most) if need else 0 for need in needs]
        for i in (1, 2, 3):
            edges[i] = max(edges[i], edges[i - 1] + needs[i - 1])
        for i in (3, 2, 1):
            edges[i] = min(edges[i], edges[i + 1] - needs[i])
        return edges

    def _clock(self, canvas, band):
        theme = self.theme
        self.fill(canvas, band)
        self._centred(canvas, theme.clock_font, band.parts[0], 0, theme.width, band.y, band.height)

    def _line(self, canvas, band):
        theme = self.theme
        self.fill(canvas, band)
        text, font = band.parts
        font = theme.title_font if font == "title" else theme.text_font
        self._centred(canvas, font, text, theme.margin, theme.width - 2 * theme.margin, band.y, band.height)
