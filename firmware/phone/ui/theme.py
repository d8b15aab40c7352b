"""The two designs: sizes, fonts and colours. Whoever draws or wraps asks here.

Colour, 320x240, four levels            Mono, 128x64, two levels
    22  status: mark, server, clock         12  title, with the mark
    28  title                               13  row     three; a prompt takes rows
    23  row      six                        13  softkeys
    22  prompt
    30  softkeys

Another size takes the nearer design and has more or fewer rows. Every band of the screen has a
palette of its own, so that two bits a pixel are enough: level 0 is the band's paper, 3 its ink,
1 and 2 lie between and smooth the letters. Levels 0 and 3 of neighbouring bands are often the
same colour the other way round (a selected row is white on blue between rows of blue on white).
A mono display lights a pixel whose palette entry is bright.
"""

from micropython import const

from phone.ui.font import Font

_COLOUR, _MONO = ("title", "body", "small", "clock"), ("mono", "mono_clock")
# A sentence of the phone's own fits into three lines, and they still fit on the small display.
_PROMPT_LINES = const(3)

_WHITE, _BLACK = 0xFFFFFF, 0x000000
_INK, _NIGHT = 0x10253A, 0x0E2236  # blue-black: softer than black, contrast above 14:1
_ACCENT = 0x0A5DB0  # what can be pressed or is selected; 6.5:1 on white
_AMBER, _RED = 0x8A4B00, 0xA11212  # the backup serves; nothing answers: white on them above 6:1
_MIST = 0xE4ECF3  # the prompt's paper


def _ramp(paper, ink):
    """Four colours from paper to ink as 0xRRGGBB."""
    levels = []
    for level in range(4):
        colour = 0
        for shift in (16, 8, 0):
            low, high = paper >> shift & 255, ink >> shift & 255
            colour |= (low * (3 - level) + high * level + 1) // 3 << shift
        levels.append(colour)
    return tuple(levels)


def _is_colour(width, levels):
    return levels >= 4 and width >= 240


def font_names(width, height, levels):
    """Names of the fonts that theme_for() will ask for."""
    return _COLOUR if _is_colour(width, levels) else _MONO


def theme_for(width, height, levels, fonts):
    """The Theme of a display. `fonts`: {name: source} with at least font_names(...)."""
    return (Colour if _is_colour(width, levels) else Mono)(width, height, fonts)


class Theme:
    """`rows`: rows of a page without a prompt of its own; `text_width`: of a line of text;
    `compact`: whether there is room for the necessary only."""

    def _measure(self, width, height):
        self.width, self.height = width, height
        body = height - self.status_height - self.title_height - self.prompt_height - self.softkey_height
        self.rows = max(1, body // self.row_height)
        self.title_height += max(0, body - self.rows * self.row_height)
        self.text_width = width - self.margin - self.strip

    def prompt_lines(self, prompt):
        """The lines of a prompt as they are drawn."""
        if not prompt:
            return ()
        room = self.width - 2 * self.margin
        lines = self.prompt_font.wrap(prompt, room)
        if len(lines) > _PROMPT_LINES:
            rest = " ".join(lines[_PROMPT_LINES - 1 :])
            lines = lines[: _PROMPT_LINES - 1] + [self.prompt_font.fit(rest, room)]
        return tuple(lines)

    def prompt_rows(self, lines):
        """How many rows of the page that many lines of prompt take."""
        return max(0, lines - (1 if self.prompt_height else 0))

    def rows_beside(self, prompt):
        """Number of rows of a page that are visible beside this prompt."""
        if not prompt:
            return self.rows
        return max(0, self.rows - self.prompt_rows(len(self.prompt_lines(prompt))))


class Colour(Theme):
    compact = False
    status_height, title_height, row_height, prompt_height, softkey_height = 22, 28, 23, 22, 30
    clock_height, line_height = 66, 24
    margin = 8
    strip = 12  # room for the scroll bar at the right
    thumb = 4
    radius = 3
    gap = 3  # between softkeys
    mark = 11

    def __init__(self, width, height, fonts):
        self.title_font, self.text_font = Font(fonts["title"], 12), Font(fonts["body"])
        self.small_font, self.clock_font = Font(fonts["small"], 16), Font(fonts["clock"], 5)
        self.prompt_font = self.small_font
        self._measure(width, height)
        page, button = _ramp(_WHITE, _INK), _ramp(_ACCENT, _WHITE)
        self.palettes = {
            "": _ramp(_INK, _WHITE),
            "\u25cf": _ramp(_INK, _WHITE),
            "\u25b2": _ramp(_AMBER, _WHITE),
            "\u2715": _ramp(_RED, _WHITE),
            "page": page,
            "selected": button,
            "softkeys": _ramp(_INK, _WHITE),
            "prompt": _ramp(_MIST, _INK),
            "busy": button,
            "night": _ramp(_NIGHT, _WHITE),
            "news": button,
        }


class Mono(Theme):
    compact = True
    status_height, title_height, row_height, prompt_height, softkey_height = 0, 12, 13, 0, 13
    clock_height, line_height = 24, 13
    margin = 2
    strip = 4
    thumb = 2
    radius = 0
    gap = 1
    mark = 7

    def __init__(self, width, height, fonts):
        self.text_font = self.title_font = self.small_font = self.prompt_font = Font(fonts["mono"])
        self.clock_font = Font(fonts["mono_clock"], 5)
        self._measure(width, height)
        # Levels 1 and 2 do not occur in the mono fonts; 2 is lit with the ink.
        lit = (_BLACK, _BLACK, _WHITE, _WHITE)
        inverse = (_WHITE, _WHITE, _BLACK, _BLACK)
        self.palettes = {
            "": lit, "\u25cf": lit, "\u25b2": lit, "\u2715": lit,
            "page": lit, "selected": inverse, "softkeys": inverse,
            "prompt": inverse, "busy": inverse, "night": lit, "news": lit,
        }  # fmt: skip
