"""The screens of both designs, as text and as drawings, against the reviewed files in golden/.

`make screens` (EVERLINE_SCREENS=write) writes them anew; the review is the diff. To look at them in
colour: `python -m tests.screens.picture FOLDER`.
"""

import os
from pathlib import Path

import pytest

from tests.screens.drawing import SIZES, braille, draw, load, text_form

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("EVERLINE_SCREENS") == "write"
DESIGNS = {"%dx%d" % size[:2]: load(*size) for size in SIZES}
NAMES = [(design, name) for design, (_, screens) in DESIGNS.items() for name in screens]


def drawn(design, name):
    theme, screens = DESIGNS[design]
    canvas, palettes = draw(screens[name], theme)
    assert None not in palettes, "the bands leave row %d out" % palettes.index(None)
    return text_form(screens[name]) + "\n" + braille(canvas)


@pytest.mark.parametrize(("design", "name"), NAMES, ids=["%s-%s" % pair for pair in NAMES])
def test_screen(design, name):
    file = GOLDEN / ("%s_%s.txt" % (design, name))
    now = drawn(design, name)
    if WRITE:
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert file.exists(), "%s is new: look at it with EVERLINE_SCREENS=write" % file.name
    assert now == file.read_text(encoding="utf-8")


def test_no_file_without_a_screen():
    known = {"%s_%s.txt" % pair for pair in NAMES}
    left = {file.name for file in GOLDEN.iterdir()} - known
    if WRITE:
        for name in left:
            (GOLDEN / name).unlink()
        left = set()
    assert not left


@pytest.mark.parametrize("design", DESIGNS)
def test_one_screen_after_another_leaves_no_trace(design):
    """Whatever was on the display before, and wherever painting was interrupted: the same pixels."""
    from phone.ui.painter import Painter
    from tests.screens.canvas import Canvas

    theme, screens = DESIGNS[design]
    painter, canvas = Painter(theme), Canvas(theme.width, theme.height)
    order = sorted(screens, key=lambda name: name[::-1])
    for number, name in enumerate(order + order[::-1]):
        for _ in range(number % 5):  # the screen before this one is left half painted
            painter.paint(screens[order[number * 7 % len(order)]], canvas)
        while painter.paint(screens[name], canvas) is not None:
            pass
        assert canvas.data == draw(screens[name], theme)[0].data, name
