"""Bands: they cover the display, and only stale ones are painted."""

from ui_fakes import Canvas, Source, large, small

from phone.records import WHOLE, Menu, menu_item
from phone.ui.layout import bands
from phone.ui.menu import MenuView
from phone.ui.painter import Painter
from phone.ui.screen import Status
from phone.ui.stack import Stack
from phone.ui.theme import font_names, theme_for

STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 2)


def opened(theme, count=9):
    stack = Stack(theme)
    items = tuple([menu_item("i%d" % i, "u%d" % i) for i in range(count)])
    stack.push(MenuView(Menu("M", "Pick", items, (), WHOLE), theme, "", None))
    return stack


def painted(painter, screen, canvas):
    """[(y, height)] of the bands that had to be painted"""
    out = []
    steps = 0
    while True:
        band = painter.paint(screen, canvas)
        if band is None:
            return out
        steps += 1
        assert steps < 150, "painting never ends"
        if band:
            assert len(band[2]) == 4
            out.append(band[:2])


def covers(rows, height):
    y = 0
    for top, size in rows:
        assert top == y and size > 0
        y += size
    assert y == height


def test_bands_cover_the_display_in_every_state():
    for theme in (large(), small()):
        for stack in (Stack(theme), opened(theme), opened(theme, 0)):
            for text in ("", "short", "a much longer sentence of the phone " * 2, "and one too long " * 20):
                stack.notice(text, 0)
                covers([band[:2] for band in bands(stack.screen(STATUS), theme)], theme.height)
            stack.loading("Loading")
            covers([band[:2] for band in bands(stack.screen(STATUS), theme)], theme.height)


def test_rows_on_screen_are_rows_drawn():
    for theme in (large(), small()):
        stack = opened(theme)
        for text in ("", "short", "a much longer sentence of the phone " * 2, "and one too long " * 20):
            stack.notice(text, 0)
            screen = stack.screen(STATUS)
            drawn = [band.parts[2] for band in bands(screen, theme) if band.style == "row"]
            assert drawn == [row.text for row in screen.rows]


def test_other_sizes_have_other_numbers_of_rows():
    fonts = {name: Source() for name in font_names(480, 320, 4) + font_names(128, 64, 2)}
    sizes = ((480, 320, 4, 9), (240, 240, 4, 6), (128, 128, 2, 7), (320, 240, 2, 16))
    for width, height, levels, rows in sizes:
        theme = theme_for(width, height, levels, fonts)
        assert theme.rows == rows
        covers([band[:2] for band in bands(opened(theme).screen(STATUS), theme)], height)
        covers([band[:2] for band in bands(Stack(theme).screen(STATUS), theme)], height)


def test_only_what_changed_is_painted():
    theme = large()
    stack, painter, canvas = opened(theme), Painter(theme), Canvas()
    covers(sorted(painted(painter, stack.screen(STATUS), canvas)), 240)
    assert painted(painter, stack.screen(STATUS), canvas) == []
    stack.key("down", True, 0)
    assert painted(painter, stack.screen(STATUS), canvas) == [(50, 23), (73, 23)]
    stack.notice("B serves now.", 0)
    assert painted(painter, stack.screen(STATUS), canvas) == [(188, 22)]
    clock = Status("\u25cf", "A", "09:42", "Sunday", "Ward 3", "Served by A", 2)
    assert painted(painter, stack.screen(clock), canvas) == [(0, 22)]
    painter.reset()
    assert len(painted(painter, stack.screen(clock), canvas)) == 10


def test_a_taller_band_makes_its_neighbours_stale():
    theme = small()
    theme.prompt_lines_max = 2
    stack, painter, canvas = opened(theme), Painter(theme), Canvas()
    painted(painter, stack.screen(STATUS), canvas)
    stack.notice("a sentence of two lines", 0)
    assert painted(painter, stack.screen(STATUS), canvas)[-1] == (25, 26)
    stack.key("left", True, 0)
    # the two rows below come back, and the scroll bar has moved in the first
    assert painted(painter, stack.screen(STATUS), canvas) == [(12, 13), (25, 13), (38, 13)]


def test_the_screen_may_change_between_two_bands():
    for theme in (large(), small()):
        stack, painter, canvas = opened(theme), Painter(theme), Canvas()
        idle = Stack(theme).screen(STATUS)
        for i in range(40):
            painter.paint(idle if i % 3 else stack.screen(STATUS), canvas)
        painted(painter, idle, canvas)
        assert painted(painter, idle, canvas) == []
        fresh = Painter(theme)
        painted(fresh, idle, canvas)
        assert sorted(painter._painted) == sorted(fresh._painted)


def test_nothing_is_drawn_outside_its_band():
    for theme in (large(), small()):
        stack = opened(theme, 30)
        idle = Stack(theme)
        idle.notice("notice", 0)
        for screen in (stack.screen(STATUS), idle.screen(STATUS)):
            painter, canvas = Painter(theme), Canvas()
            while True:
                band = painter.paint(screen, canvas)
                if band is None:
                    break
                assert band or not canvas.calls, "a step in which letters are read draws nothing"
                for call in canvas.calls:
                    assert call[2] >= band[0] and call[2] + call[4] <= band[0] + band[1], (call, band[:2])
                canvas.calls = []


def test_wide_softkeys_take_room_from_their_neighbours():
    theme = small()
    painter, font = Painter(theme), theme.small_font
    assert painter._edges(("Go", "Go", "", ""), font) == [0, 32, 64, 96, 128]
    assert painter._edges(("Select", "Go", "", ""), font) == [0, 38, 64, 96, 128]
    assert painter._edges(("Go", "", "", "Cancel"), font) == [0, 32, 64, 90, 128]
    edges = painter._edges(("Wide label", "Wide label", "Wide label", "Wide label"), font)
    assert edges == [0, 32, 64, 96, 128]
    assert painter._edges(("Select", "Exit", "Go", ""), font) == [0, 38, 64, 96, 128]
    assert painter._edges(("Select", "Select", "Go", ""), font) == [0, 38, 76, 96, 128]
    assert painter._edges(("Select", "Select", "Select", ""), font) == [0, 38, 76, 114, 128]
    assert painter._edges(("", "Select", "Select", "Select"), font) == [0, 14, 52, 90, 128]
    edges = painter._edges(("Very wide label", "Select", "Go", "Go"), font)
    assert edges == [0, 65, 102, 115, 128], "the widest loses what is lacking, the others have their room"
    wide = "W" * 40
    for labels in ((wide, wide, "", ""), (wide, "", wide, wide), ("", "", "", wide), (wide, "a", wide, "a")):
        edges = painter._edges(labels, font)
        assert edges == sorted(edges) and edges[0] == 0 and edges[4] == 128
        assert all(edges[i + 1] - edges[i] >= 7 for i in range(4) if labels[i]), (labels, edges)
        rooms = [edges[i + 1] - edges[i] for i in range(4) if len(labels[i]) > 1]
        assert max(rooms) - min(rooms) <= 3, (labels, edges)


def test_letters_are_read_a_few_at_a_time():
    theme = large()
    painter, canvas = Painter(theme), Canvas()
    letters = "".join([chr(0x4E00 + number) for number in range(90)])  # more than a font keeps
    items = tuple([menu_item(letters[at : at + 40], "u") for at in range(0, 50, 10)])
    record = Menu(letters, "", items, (), WHOLE)
    stack = Stack(theme)
    stack.push(MenuView(record, theme, "", None))
    screen = stack.screen(STATUS)
    sources = [theme.title_font._source, theme.text_font._source, theme.small_font._source]
    reads, steps = [], 0
    while True:
        before = sum(source.reads for source in sources)
        band = painter.paint(screen, canvas)
        if band is None:
            break
        steps += 1
        assert steps < 200, "painting never ends"
        if not band:
            reads.append(sum(source.reads for source in sources) - before)
    assert reads and max(reads) <= 4
