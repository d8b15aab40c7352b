"""The design for a small display with two levels: sizes, fonts, palettes (ui/theme.py has the picture)."""

from phone.ui.font import Font
from phone.ui.theme import Theme

_WHITE, _BLACK = 0xFFFFFF, 0x000000


class Mono(Theme):
    compact = True
    status_height, title_height, row_height, prompt_height, softkey_height = 0, 12, 13, 0, 13
    clock_height, line_height = 24, 13
    margin = 2
    strip = 4
    thumb = 2
    radius = 0
    gap = 1
    pad = 1
    prompt_lines_max = 1  # the page is worth more; the account has the whole sentence
    mark = 7

    def __init__(self, width, height, fonts):
        self.text_font = self.title_font = self.small_font = self.prompt_font = Font(fonts["mono"])
        self.clock_font = Font(fonts["mono_clock"], 1)
        self._measure(width, height)
        # Levels 1 and 2 do not occur in the mono fonts; 2 is lit with the ink.
        lit = (_BLACK, _BLACK, _WHITE, _WHITE)
        inverse = (_WHITE, _WHITE, _BLACK, _BLACK)
        self.palettes = {
            "": lit, "\u25cf": lit, "\u25b2": lit, "\u2715": lit,
            "page": lit, "selected": inverse, "softkeys": inverse,
            "prompt": inverse, "busy": inverse, "night": lit, "news": lit,
        }  # fmt: skip
