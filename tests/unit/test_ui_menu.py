"""Selection, numbers, scrolling."""

from ui_fakes import large, small

from phone.records import WHOLE, Mends, Menu, menu_item
from phone.ui.menu import GATHER_MS, MenuView
from phone.ui.screen import Intent, Row


def view(count, cut="", theme=None):
    items = tuple([menu_item("item %d" % (i + 1), "u%d" % (i + 1)) for i in range(count)])
    return MenuView(Menu("", "", items, (), Mends(0, "", cut, "")), theme or small(), "Title", None)


def shown(menu, count=3):
    kind, title, rows, first, total, selected = menu.show(count, None)
    assert kind == "menu" and title == "Title"
    return rows, first, total, selected


def test_moves_without_wrapping_and_scrolls():
    menu = view(5)
    rows = tuple([Row(n, "item %d" % n, "", None) for n in (1, 2, 3)])
    assert shown(menu) == (rows, 0, 5, 0)
    menu.key("up", 0)
    assert menu.selected == 0
    for _ in range(9):
        menu.key("down", 0)
    rows, first, total, selected = shown(menu)
    assert (first, selected) == (2, 4) and rows[-1] == Row(5, "item 5", "", None)
    menu.key("up", 0)
    assert shown(menu)[1] == 2  # the window moves only when it must
    menu.key("left", 0)
    assert shown(menu)[1:] == (0, 5, 0)
    menu.key("right", 0)
    assert menu.selected == 3


def test_select_and_digits_choose():
    menu = view(9)
    menu.key("down", 0)
    assert menu.key("select", 0) == Intent("open", "u2")
    assert menu.chosen == "item 2"
    assert menu.key("9", 0) == Intent("open", "u9")
    assert menu.deadline() is None
    for key in ("0", "*", "#"):
        assert menu.key(key, 0) is None
    assert view(4).key("7", 0) is None


def test_numbers_of_two_digits_are_gathered():
    menu = view(25)
    assert menu.key("3", 0) == Intent("open", "u3")  # no number begins with 3 but 3 itself
    assert menu.key("1", 100) is None
    assert menu.selected == 0 and menu.deadline() == 100 + GATHER_MS
    assert menu.key("4", 600) == Intent("open", "u14")
    assert menu.key("2", 1000) is None
    assert menu.tick(999 + GATHER_MS) is None
    assert menu.tick(1000 + GATHER_MS) == Intent("open", "u2")
    assert menu.deadline() is None and menu.tick(9999) is None
    menu.key("2", 0)
    assert menu.key("9", 10) == Intent("open", "u9")  # there is no 29: 9 begins anew and is complete


def test_half_a_number_stands_before_the_title():
    menu = view(20)
    menu.key("1", 0)
    assert menu.show(3, None)[1] == "1_ Title"
    menu.key("up", 0)
    assert menu.show(3, None)[1] == "Title"
    menu.key("2", 0)
    assert menu.show(3, None)[1] == "2_ Title"
    menu.key("0", 0)
    assert menu.show(3, None)[1] == "Title"


def test_another_key_ends_the_number():
    menu = view(25)
    menu.key("1", 0)
    menu.key("down", 10)
    assert menu.deadline() is None and menu.selected == 1
    menu.key("2", 20)
    menu.settle()
    assert menu.deadline() is None


def test_three_digits():
    menu = view(100)
    assert menu.key("1", 0) is None
    assert menu.key("0", 10) is None
    assert menu.selected == 9
    assert menu.key("0", 20) == Intent("open", "u100")


def test_an_item_without_url_is_shown_and_does_nothing():
    items = (menu_item("No contacts", ""), menu_item("a b", "x"))
    menu = MenuView(Menu("", "", items, (), WHOLE), small(), "Title", None)
    assert shown(menu)[0] == (Row(0, "No contacts", "", None), Row(2, "a b", "", None))
    assert menu.key("select", 0) is None
    assert menu.key("1", 0) is None
    assert menu.key("2", 0) == Intent("open", "x") and menu.chosen == "a b"


def test_an_empty_menu():
    menu = view(0)
    assert shown(menu) == ((Row(0, "(empty)", "", None),), 0, 1, -1)
    for key in ("up", "down", "left", "right", "select", "1", "0"):
        assert menu.key(key, 0) is None


def test_what_was_cut_is_the_last_line():
    menu = view(5, "95 of 100 items")
    for _ in range(5):
        menu.key("down", 0)
    rows, first, total, selected = shown(menu)
    assert total == 6 and selected == 4 and rows[-1] == Row(0, "(cut: 95 of 100 items)", "", None)
    assert rows[-2] == Row(5, "item 5", "", None)
    assert shown(view(0, "all"))[0] == (Row(0, "(cut: all)", "", None),)


def test_the_window_survives_any_number_of_rows():
    menu = view(12)
    for _ in range(7):
        menu.key("down", 0)
    shown(menu, 6)
    for count in (5, 1, 0, 3, 6):
        rows, first, total, selected = shown(menu, count)
        assert len(rows) == count
        assert not count or first <= selected < first + count
    menu = view(20)
    for _ in range(7):
        menu.key("down", 0)
    before = shown(menu, 6)
    shown(menu, 0)  # covered by a long notice: afterwards everything is where it was
    assert shown(menu, 6) == before


def test_defaults():
    menu = MenuView(Menu("Own", "Pick", (), (), WHOLE), large(), "Title", 7)
    assert (menu.title, menu.prompt, menu.context) == ("Own", "Pick", 7)
    assert menu.bar.labels() == ("Select", "Exit", "Back", "")
