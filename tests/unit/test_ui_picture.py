"""Pictures: where they stand, how they are drawn and scaled down, what keys mean on them."""

import gc

from ui_fakes import Source, large, small

from phone.phrases import phrase
from phone.rare import Icon, IconMenu, Image, Picture
from phone.records import WHOLE, Menu, menu_item
from phone.ui.layout import bands
from phone.ui.paint_picture import dotted, row_bits, wider
from phone.ui.painter import Painter
from phone.ui.place import FILE, INLINE, area_of, area_on, place, room
from phone.ui.screen import Intent, Status
from phone.ui.shrink import shrink
from phone.ui.stack import Stack
from phone.ui.theme import theme_for
from phone.ui.views import page_view

CANVASES = {}
STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 2)
AREAS = ("0,0,99,49", "110,0,209,49", "0,60,99,109", "110,60,209,109")


def middle():
    """A small display of four levels: a canvas of it can be kept beside another one."""
    fonts = {"title": Source(24), "body": Source(22), "small": Source(18), "clock": Source(56)}
    return theme_for(240, 200, 4, fonts)


class Canvas:
    """Pixels, four in a byte: a list of each would not fit into the heap of these tests."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.data = bytearray(width * height // 4)

    def __getitem__(self, y):
        data = self.data[y * self.width // 4 : (y + 1) * self.width // 4]
        return [data[x // 4] >> x % 4 * 2 & 3 for x in range(self.width)]

    def fill_rect(self, x, y, width, height, level):
        for row in range(y, y + height):
            for column in range(x, x + width):
                self.put(column, row, level)

    def hline(self, x, y, width, level):
        self.fill_rect(x, y, width, 1, level)

    def vline(self, x, y, height, level):
        self.fill_rect(x, y, 1, height, level)

    def blit(self, source, x, y, key=-1):
        data, width, height, _ = source
        for row in range(height):
            for column in range(width):
                level = data[row * ((width + 3) // 4) + column // 4] >> column % 4 * 2 & 3
                if level != key:
                    self.put(x + column, y + row, level)

    def put(self, x, y, level):
        if 0 <= y < self.height and 0 <= x < self.width:
            at = y * self.width + x
            self.data[at // 4] = self.data[at // 4] & ~(3 << at % 4 * 2) | level << at % 4 * 2


def made(width, height, level, size=7):
    """A Picture whose pixels are level(x, y), in strips of `size` bytes."""
    data = bytearray((width * height + 3) // 4)
    for at in range(width * height):
        data[at // 4] |= level(at % width, at // width) << at % 4 * 2
    return Picture(width, height, tuple([bytes(data[i : i + size]) for i in range(0, len(data), size)]))


def pixels(picture):
    return [[row_bits(picture, y) >> 2 * x & 3 for x in range(picture.width)] for y in range(picture.height)]


def pattern(x, y):
    return (x * 3 + y * 5 + x * y) % 4


def done(view):
    while view.work():
        pass
    return view


def image(picture=None, url="", items=(), x=0, y=0, prompt=""):
    return Image("P", prompt, x, y, picture, url, tuple(items), (), WHOLE)


def menu(count, areas=(), picture=None):
    items = [menu_item("n%d" % i, "u%d" % i, areas[i] if i < len(areas) else "") for i in range(count)]
    return image(picture, "" if picture else "p.png", items)


def canvas_of(theme):
    """The same one each time: there is no room for a second one of the large display."""
    if theme.width not in CANVASES:
        CANVASES[theme.width] = Canvas(theme.width, theme.height)
    return CANVASES[theme.width]


def painted(theme, view):
    stack = Stack(theme)
    stack.push(view)
    screen = stack.screen(STATUS)
    canvas, painter, steps = canvas_of(theme), Painter(theme), 0
    while painter.paint(screen, canvas) is not None:
        steps += 1
        assert steps < 200, "painting never ends"
    return canvas, screen


def test_rows_of_a_stream_begin_anywhere():
    for width in range(1, 12):
        picture = made(width, 9, pattern, 5)
        assert pixels(picture) == [[pattern(x, y) for x in range(width)] for y in range(9)]
    short = Picture(6, 3, (b"\xff",))
    assert pixels(short) == [[3, 3, 3, 3, 0, 0], [0] * 6, [0] * 6], "what is missing is paper"
    assert pixels(Picture(2, 1, (b"\xff\xff",))) == [[3, 3]], "what is too much is not looked at"


def test_a_pixel_becomes_several():
    for factor in (1, 2, 3, 4):
        data = wider(bytes((0b11100100, 0b00000010)), factor)
        found = [data[i // 4] >> i % 4 * 2 & 3 for i in range(8 * factor)]
        assert found == [level for level in (0, 1, 2, 3, 2, 0, 0, 0) for _ in range(factor)]


def test_a_picture_is_drawn_where_it_stands():
    theme = large()
    for x, y, left, top in ((0, 0, 27, 54), (3, 2, 33, 58), (-1, -1, 150, 112)):
        record = image(made(10, 7, pattern), "", (), x, y, "x")
        rows, screen = painted(theme, done(page_view(record, theme, "", None)))
        assert screen.kind == "picture" and screen.rows == ()
        told = screen.extra[0]
        assert (told["x"], told["y"] + 50) == (left, top) and (told["width"], told["height"]) == (20, 14)
        for row in range(14):
            for column in range(20):
                assert rows[top + row][left + column] == pattern(column // 2, row // 2)
        around = [rows[top - 1][left], rows[top + 14][left], rows[top][left - 1], rows[top][left + 20]]
        assert around == [0, 0, 0, 0]


def test_what_fits_without_the_title_is_not_scaled():
    theme = large()
    assert room(theme, "", True) == (320, 160) and room(theme, "x", False) == (320, 166)
    found = place(theme, "x", INLINE, 0, 0, (133, 65), (0, 0))
    assert (found.factor, found.titled) == (2, True)
    found = place(theme, "", FILE, 0, 0, (298, 168), (0, 0))
    assert (found.factor, found.titled, found.width, found.y) == (1, False, 298, 10)
    assert not place(theme, "x", INLINE, 0, 0, (298, 144), (0, 0)).titled
    found = place(theme, "", FILE, -1, -1, (559, 265), (0, 0))
    assert (found.width, found.height) == (320, 151) and found.pane[2] == (320, 559)
    assert found.titled, "it is the width that is too large"
    found = place(small(), "", INLINE, 0, 0, (133, 65), (0, 0))
    assert (found.factor, found.x, found.below) == (1, -3, 14), "pixels are not scaled but moved"
    found = place(theme, "x", INLINE, 4000, 60, (20, 10), (0, 0))
    assert (found.factor, found.x, found.y) == (2, 293, 124), "nothing is scaled for it"
    found = place(small(), "", FILE, 0, 0, (298, 168), (0, 0))
    assert (found.width, found.height) == (90, 51)


def test_areas_are_scaled_as_the_picture_is():
    theme = large()
    found = place(theme, "", FILE, 0, 0, (559, 265), (559, 265))
    assert area_on(found, (0, 0, 558, 264)) == (0, 4, 319, 154)
    found = place(theme, "", FILE, 0, 0, (100, 50), (9999, 9999))
    assert found.titled is False and found.factor == 1, "an area reaches as far as the pane"
    assert area_of("1,2,3,4") == (1, 2, 3, 4) and area_of("9,8,1,2") == (1, 2, 9, 8)
    for bad in ("", "1,2,3", "1,2,3,bottom edge", "1,2,3,-4", ",,,"):
        assert area_of(bad) is None
    assert area_of("0,0,99999,5") == (0, 0, 4095, 5)


def test_scaled_down_a_pixel_is_the_mean_of_what_it_covers():
    found = [step for step in shrink(made(9, 6, lambda x, y: 3), 5, 4) if step][0]
    assert pixels(found) == [[3] * 5] * 4
    found = [step for step in shrink(made(4, 2, lambda x, y: 3 * (x < 2)), 2, 1) if step][0]
    assert pixels(found) == [[3, 0]]
    found = [step for step in shrink(made(3, 1, lambda x, y: 3 * (x == 1)), 2, 1) if step][0]
    assert pixels(found) == [[1, 1]], "a third of each"
    wide = made(300, 130, lambda x, y: y // 10 % 4, 1000)
    found = [step for step in shrink(wide, 150, 65) if step][0]
    for y in range(65):
        assert row_bits(found, y) == (y // 5 % 4) * ((4**150 - 1) // 3)
    assert max([len(strip) for strip in found.strips]) <= 1024


def test_shades_become_dots_where_there_are_two_levels():
    counts = []
    for level in range(4):
        ink = 0
        for row in range(4):
            bits = dotted(level * ((4**16 - 1) // 3), 4, row)
            found = [bits >> 2 * x & 3 for x in range(16)]
            assert set(found) <= {0, 3}
            ink += found.count(3)
        counts.append(ink)
    assert counts[0] == 0 and 10 < counts[1] < 26 < 38 < counts[2] < 54 and counts[3] == 64
    theme = small()
    line = image(made(16, 16, lambda x, y: 3 * (x == 5)))
    rows, _ = painted(theme, page_view(line, theme, "", None))
    assert rows[20][5] == 3 and rows[20].count(3) == 1, "lines stay as they are"


def test_a_picture_whose_scaling_breaks_off_is_shown_as_it_is():
    view = page_view(image(made(400, 100, pattern, 1000)), large(), "", None)
    assert view.work()
    view._steps.close()
    while view.work():
        pass
    assert painted(large(), view)[1].kind == "picture"


def test_until_the_picture_is_there_items_are_a_menu_and_then_regions():
    theme = large()
    view = page_view(menu(4, AREAS), theme, "", None)
    assert list(view.wants()) == [(0, "p.png")]
    assert view.show(6, STATUS)[0] == "menu" and len(view.show(6, STATUS)[2]) == 4
    assert view.fit(0, 298, 168) == (298, 168)
    view.picture(0, made(298, 168, pattern, 1000), None)
    assert list(view.wants()) == []
    rows, screen = painted(theme, view)
    assert screen.kind == "picture" and [row.text for row in screen.rows] == ["n0", "n1", "n2", "n3"]
    assert [area[0] for area in screen.extra[0]["areas"]] == ["1", "2", "3", "4"] and screen.selected == 0
    label, x1, y1, x2, y2 = screen.extra[0]["areas"][1]
    assert rows[22 + y2][x1:x2] == [3] * (x2 - x1), "an outline"
    assert rows[22 + y2 - 1][x1 + 2 : x2 - 2] == [0] * (x2 - x1 - 4), "and paper within it"


def test_arrows_go_to_the_nearest_region():
    view = page_view(menu(4, AREAS), large(), "", None)
    view.picture(0, made(298, 168, pattern, 1000), None)
    for key, index in (("right", 1), ("down", 3), ("left", 2), ("left", 2), ("up", 0), ("down", 2)):
        assert view.key(key, 0) is None
        assert view.selected == index, key
    assert view.prompt == "3  n2"
    assert view.key("select", 0) == Intent("open", "u2") and view.chosen == "n2"


def test_keys_of_a_graphic_menu():
    view = done(page_view(menu(12, (), made(133, 65, pattern, 1000)), large(), "", None))
    assert view.show(6, STATUS)[5] == -1 and view.link == ""
    assert view.key("select", 0) is None, "nothing is selected"
    for index, key in enumerate("123456789*0#"):
        assert view.key(key, 0) == Intent("open", "u%d" % index)
    view = done(page_view(menu(3, (), made(133, 65, pattern, 1000)), large(), "", None))
    assert view.key("4", 0) is None and view.key("*", 0) is None
    assert view.key("down", 0) is None and view.prompt == "1  n0" and view.link == "u0"
    view.blind = 500
    assert view.key("2", 400) is None and view.key("2", 500) == Intent("open", "u1")


def test_more_than_twelve_have_two_digits():
    view = page_view(menu(20, AREAS), large(), "", None)
    view.picture(0, made(298, 168, pattern, 1000), None)
    assert view.key("1", 0) is None and view.prompt == "1_"
    assert view.key("2", 100) == Intent("open", "u11")
    assert view.key("#", 200) is None and view.key("3", 300) == Intent("open", "u2")


def test_a_picture_that_is_too_high_for_a_small_display_is_moved():
    theme = small()
    view = done(page_view(image(made(133, 65, lambda x, y: 3 * (y > 60), 1000)), theme, "", None))
    rows, _ = painted(theme, view)
    assert rows[49][:100] == [0] * 100 and rows[50][:100] == [3] * 100, "a line parts it from the softkeys"
    view.key("down", 0)
    view.key("down", 0)
    rows, screen = painted(theme, view)
    assert rows[46][:100] == [0] * 100 and rows[47][:100] == [3] * 100
    assert screen.extra[0]["y"] == -14
    view.key("up", 0)
    view.key("up", 0)
    assert painted(theme, view)[1].extra[0]["y"] == 0


def test_a_refused_picture_is_a_sentence_and_a_refused_menu_a_menu():
    theme = small()
    view = page_view(image(None, "p.png"), theme, "", None)
    view.picture(0, None, phrase("Cancelled."))
    kind, _, rows, _, total, _ = view.show(3, STATUS)
    assert (kind, rows[0].text, total) == ("text", "Cancelled.", 1) and not list(view.wants())
    view = page_view(menu(3, AREAS), theme, "", None)
    view.picture(0, None, phrase("Cancelled."))
    assert view.show(3, STATUS)[0] == "menu" and view.key("2", 0) == Intent("open", "u1")


def test_a_picture_is_never_made_larger_than_it_came_and_costs_no_history():
    theme = large()
    view = page_view(image(None, "p.png"), theme, "", None)
    assert view.fit(0, 559, 265) == (320, 151)
    view.picture(0, made(160, 75, pattern, 1000), None)
    assert not view.work() and painted(theme, view)[1].kind == "picture"
    view = page_view(image(None, "p.png"), theme, "", None)
    view.picture(0, made(298, 168, pattern, 1000), None)
    assert view.weight < 10
    assert page_view(image(made(133, 65, pattern, 1000)), theme, "", None).weight == 21


def test_a_page_that_comes_again_keeps_its_picture_until_the_new_one_is_there():
    theme = large()
    old = page_view(image(None, "p.png"), theme, "", None)
    old.picture(0, made(8, 8, pattern), None)
    new = page_view(image(None, "p.png"), theme, "", None)
    new.resume(old)
    assert new.show(6, STATUS)[0] == "picture" and list(new.wants()) == [(0, "p.png")]
    new.picture(0, None, phrase("Cancelled."))
    assert new.show(6, STATUS)[0] == "text", "what did not come is not passed off as new"


def test_a_screen_that_changes_while_a_picture_is_drawn_leaves_no_trace():
    CANVASES.clear()
    gc.collect()
    for theme in (middle(), small()):
        stack, other = Stack(theme), Stack(theme)
        stack.push(done(page_view(menu(4, AREAS, made(133, 65, pattern, 1000)), theme, "", None)))
        other.push(page_view(Menu("M", "", (menu_item("a", "b"),), (), WHOLE), theme, "", None))
        screens = stack.screen(STATUS), other.screen(STATUS)
        painter, canvas = Painter(theme), canvas_of(theme)
        for number in range(60):
            painter.paint(screens[number // 7 % 2], canvas)
        while painter.paint(screens[0], canvas) is not None:
            pass
        seen = [hash(bytes(canvas.data[at : at + 100])) for at in range(0, len(canvas.data), 100)]
        alone = Painter(theme)
        while alone.paint(screens[0], canvas) is not None:
            pass
        assert seen == [hash(bytes(canvas.data[at : at + 100])) for at in range(0, len(canvas.data), 100)]
        cover = bands(screens[0], theme)
        assert sum([band.height for band in cover]) == theme.height


def test_nothing_of_a_picture_is_drawn_outside_its_band_and_a_reset_begins_anew():
    theme = large()
    stack = Stack(theme)
    stack.push(page_view(image(made(40, 40, pattern, 1000), "", (), -1, -1, "x"), theme, "", None))
    stack.notice("a sentence that takes three lines of the prompt " * 9, 0)
    screen = stack.screen(STATUS)
    painter, canvas = Painter(theme), Canvas(4, 4)
    body = bands(screen, theme)[2]
    assert (body.y, body.height, screen.extra[0]["y"]) == (50, 92, 29), "an odd row is the last one"
    corner, below = [], []

    def put(x, y, level):
        if (x, y) == (319, body.y):
            corner.append(level)
        if y >= body.y + body.height:
            below.append(level)

    canvas.put = put
    while not corner:
        painter.paint(screen, canvas)
    painter.reset()
    while painter.paint(screen, canvas) != (body.y, body.height, theme.palettes["page"]):
        pass
    assert len(corner) == 2 and not below


def test_icons_stand_before_the_texts():
    CANVASES.clear()
    theme = middle()
    icons = (Icon(0, "", made(16, 10, lambda x, y: 3)), Icon(1, "i.png", None), Icon(2, "unused.png", None))
    items = [menu_item("a", "u", "0"), menu_item("b", "v", "1"), menu_item("c", "w"), menu_item("d", "", "7")]
    view = page_view(IconMenu("I", "", tuple(items), icons, (), WHOLE), theme, "", None)
    assert list(view.wants()) == [(1, "i.png")]
    assert view.fit(1, 18, 18) == (18, 18) and view.fit(1, 90, 45) == (44, 22)
    view.select(3)
    assert [row.icon[0] is None for row in view.show(6, STATUS)[2]] == [False, True, True, True]
    view.picture(1, made(18, 18, lambda x, y: 3), None)
    rows, screen = painted(theme, view)
    assert rows[50 + 11][20:60].count(3) == 32, "twice as large, since there is room"
    assert rows[50 + 23 + 11][20:60].count(3) == 18
    view.picture(1, None, phrase("Cancelled."))
    assert not list(view.wants())
    view.picture(0, made(300, 40, lambda x, y: 3, 1000), None)
    rows, _ = painted(theme, view)
    assert rows[50 + 11][20:240].count(3) == 44 and rows[50 + 22][30:60].count(3) == 30, "cut to the row"
    again = page_view(IconMenu("I", "", tuple(items), icons, (), WHOLE), theme, "", None)
    again.resume(view)
    assert list(again.wants()) == [] and again.show(6, STATUS)[2][1].icon[0].width == 18
