"""The design for a colour display: sizes, fonts, palettes (ui/theme.py has the picture)."""

from phone.ui.font import Font
from phone.ui.theme import Theme

_WHITE = 0xFFFFFF
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


class Colour(Theme):
    compact = False
    status_height, title_height, row_height, prompt_height, softkey_height = 22, 28, 23, 22, 30
    clock_height, line_height = 66, 24
    margin = 8
    strip = 12  # room for the scroll bar at the right
    thumb = 4
    radius = 3
    gap = 3  # between softkeys
    pad = 6  # beside the label of one that needs more than its quarter
    prompt_lines_max = 3  # a sentence of the phone's own fits
    mark = 11

    def __init__(self, width, height, fonts):
        self.title_font, self.text_font = Font(fonts["title"], 6), Font(fonts["body"], 16)
        self.small_font, self.clock_font = Font(fonts["small"], 8), Font(fonts["clock"], 1)
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
