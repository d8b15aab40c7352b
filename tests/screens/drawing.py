"""From a sample screen to pixels, and from pixels to text that can be reviewed."""

import sys
from pathlib import Path

from host_tools import fonts as maker, words as translator
from tests.screens.canvas import Canvas

ROOT = Path(__file__).resolve().parents[2]
SIZES = ((320, 240, 4), (128, 64, 2))  # width, height, levels

for folder in (ROOT / "firmware", ROOT / "tests/unit/_cpython"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def load(width, height, levels):
    """(theme, {name: Screen}) of one display."""
    from phone.runtime.fonts import fonts
    from phone.runtime.words import words
    from phone.ui.theme import font_names, theme_for
    from tests.screens.samples import samples

    folder = maker.build(ROOT / "build/fonts")
    translator.build(ROOT / "build/words")
    found = fonts(str(folder), font_names(width, height, levels))
    theme = theme_for(width, height, levels, found, lambda code: words(str(ROOT / "build/words"), code))
    return theme, samples(theme)


def draw(screen, theme):
    """(Canvas, a palette for each row)"""
    from phone.ui.painter import Painter

    painter, canvas = Painter(theme), Canvas(theme.width, theme.height)
    palettes = [None] * theme.height
    while True:
        band = painter.paint(screen, canvas)
        if band is None:
            return canvas, palettes
        if not band:  # letters were read
            continue
        y, height, palette = band
        palettes[y : y + height] = [palette] * height


def text_form(screen):
    """The screen as the panel link tells it."""
    kind = screen.kind + ", busy" * screen.busy
    lines = ["%s %s | %s | %s" % (screen.mark, screen.label, screen.clock, kind), "= " + screen.title]
    for i, row in enumerate(screen.rows):
        mark = ">" if screen.first + i == screen.selected else " "
        lines.append("%s %2s %s" % (mark, row.n if row.n > 0 else "", row.text))
    lines.append("%d-%d of %d" % (screen.first + 1, screen.first + len(screen.rows), screen.total))
    if screen.kind == "picture":
        told = screen.extra[0]
        lines.append("@ %d,%d %dx%d" % (told["x"], told["y"], told["width"], told["height"]))
        lines += ["# %s %d,%d-%d,%d" % area for area in told["areas"]]
    if screen.window:
        lines.append("! %s %s" % (screen.window[0]["text"], screen.window[0]["timer"]))
    lines.append("? " + screen.prompt)
    lines.append(" ".join("[%s]" % key for key in screen.softkeys))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def braille(canvas):
    """The drawing, a braille character for 2x4 pixels, a dot where a pixel is nearer to the ink.

    Blank ones are spaces, and left out at the end of a line.
    """
    dots = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
    lines = []
    for y in range(0, canvas.height, 4):
        line = ""
        for x in range(0, canvas.width, 2):
            cell = 0
            for j in range(4):
                for i in range(2):
                    if (canvas.pixel(x + i, y + j) or 0) >= 2:
                        cell |= dots[j][i]
            line += chr(0x2800 + cell) if cell else " "
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
