"""Menus with names of several lines."""

from ui_fakes import large

from phone.records import WHOLE, Mends, Menu, menu_item
from phone.ui.layout import bands
from phone.ui.lines import LinesView
from phone.ui.screen import Intent, Row, Status
from phone.ui.stack import Stack
from phone.ui.views import page_view

NAMES = ("one", "two\nsecond", "three\nb\nc\nd", "four", "five\nx\ny")


def view(names=NAMES, cut=""):
    items = tuple([menu_item(name, "u%d" % place) for place, name in enumerate(names)])
    return page_view(Menu("M", "", items, (), Mends(0, "", cut, "")), large(), "", None)


def texts(menu, count):
    return [(row.n, row.text) for row in menu.show(count, None)[2]]


def test_each_line_has_a_row():
    menu = view()
    assert type(menu) is LinesView
    assert texts(menu, 20) == [(1, "one"), (2, "two"), (-1, "second"), (3, "three"), (-1, "b"), (-1, "c d"),
                               (4, "four"), (5, "five"), (-1, "x"), (-1, "y")]  # fmt: skip
    assert texts(view(cut="all"), 20)[-1] == (0, "(cut: all)")


def test_what_is_selected_is_seen_whole():
    menu = view()
    first = []
    for _ in range(5):
        shown = menu.show(4, None)
        first.append((shown[3], shown[5], shown[4]))
        menu.key("down", 0)
    assert first == [(0, 0, 10), (0, 1, 10), (2, 3, 10), (3, 6, 10), (6, 7, 10)]
    for expected in (6, 3, 1, 0, 0):
        menu.key("up", 0)
        assert menu.show(4, None)[5] == expected
    assert menu.show(2, None)[3:6] == (0, 10, 0)


def test_left_and_right_go_by_a_screen():
    menu = view()
    menu.show(4, None)
    seen = []
    for key in ("right", "right", "right", "right", "left", "left", "left", "left"):
        menu.key(key, 0)
        seen.append(menu.selected)
    assert seen == [2, 4, 4, 4, 2, 0, 0, 0]
    tall = view(["a\nb\nc"] * 5)
    tall.show(2, None)
    tall.key("right", 0)
    assert tall.selected == 1
    tall.key("left", 0)
    assert tall.selected == 0
    empty = LinesView(Menu("", "", (), (), WHOLE), large(), "", None)
    assert empty.key("right", 0) is None and empty.show(4, None)[3:] == (0, 1, -1)
    assert [row.text for row in empty.show(4, None)[2]] == ["(empty)"]


def test_its_name_becomes_a_title_of_one_line():
    menu = view()
    assert menu.key("2", 0) == Intent("open", "u1") and menu.chosen == "two second"


def test_all_lines_are_drawn_as_selected():
    theme = large()
    stack = Stack(theme)
    stack.push(view())
    stack.key("down", True, 0)
    drawn = bands(stack.screen(Status("", "", "", "", "", "", 0)), theme)
    rows = [band.palette for band in drawn if band.style == "row"]
    assert rows[:4] == ["page", "selected", "selected", "page"]
    assert Row(-1, "second", "", None) in stack.screen(Status("", "", "", "", "", "", 0)).rows
