"""Searching by digits: letters, words, several pages, back."""

from ui_fakes import large, small

from phone.records import menu_item
from phone.ui.screen import Intent, Row, Status
from phone.ui.search import DIGITS_MAX, SearchView, begins, matches
from phone.ui.stack import Stack

STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 0)


def page(*names, context="A"):
    return tuple([menu_item(name, "Dial:%d" % len(name)) for name in names]), context, ""


NAMES = page("Adler, Konrad", "Keller, Anna-Lena", "Müller (night shift)", "Ward 3", "de Vries, Jan")


def search(keys, pages=(NAMES,), theme=None):
    view = SearchView(list(pages), theme or small())
    for key in keys:
        assert view.key(key, 0) is None
    return view


def found(keys, *pages):
    view = search(keys, pages or (NAMES,))
    kind, title, rows, first, total, selected = view.show(9, None)
    assert kind == "menu" and first == 0 and total == len(rows) and selected == (0 if rows else -1)
    return [row.text for row in rows if row.n == 0]


def test_the_letters_of_a_key():
    assert begins("keller", "535537") and not begins("keller", "5355378") and begins("keller", "")
    assert begins("müller", "685537") and begins("Älter", "2") and begins("straße", "78727")
    assert begins("Иванов", "422") and begins("Παπαδάκη", "727") and begins("ærø", "276")
    assert begins("4th", "484")
    assert not begins("日本", "2") and not begins("", "2")
    keys = ("", "", "abcABC", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyzWXYZ")
    for digit in "23456789":
        for letter in keys[int(digit)]:
            assert matches(letter, (digit,)), letter


def test_every_words_beginning_counts():
    assert found("53") == ["Keller, Anna-Lena"]
    assert found("5") == ["Adler, Konrad", "Keller, Anna-Lena", "de Vries, Jan"]  # Lena too
    assert found("536") == ["Keller, Anna-Lena"]
    assert found("64") == ["Müller (night shift)"] and found("3") == ["Ward 3", "de Vries, Jan"]
    assert found("7") == ["Müller (night shift)"] and found("99") == []


def test_zero_parts_words():
    assert found("505") == ["Adler, Konrad", "Keller, Anna-Lena", "de Vries, Jan"]
    assert found("5036") == [] and found("530266") == ["Keller, Anna-Lena"] and found("2606620") == []
    assert found("2360530") == [] and found("5302") == ["Keller, Anna-Lena"]
    assert found("0") == [] and found("00530") == ["Keller, Anna-Lena"]


def test_back_takes_a_digit_off_and_then_the_page():
    stack = Stack(large())
    view = search("53", theme=large())
    stack.push(view)
    assert stack.screen(STATUS).title == "Search: 53" and stack.screen(STATUS).prompt == "Names found: 1"
    assert stack.key("back", True, 0) is None and stack.screen(STATUS).title == "Search: 5"
    assert len(stack.screen(STATUS).rows) == 3
    stack.key("back", True, 0)
    screen = stack.screen(STATUS)
    assert (screen.title, screen.rows, screen.prompt) == ("Search", (), "Type a name on the digits.")
    assert stack.key("back", True, 0) == Intent("back", "") and stack.depth == 0


def test_the_small_display_shows_the_digits_too():
    stack = Stack(small())
    stack.push(search("53"))
    screen = stack.screen(STATUS)
    assert screen.title == "Search: 53" and screen.rows == (Row(0, "Keller, Anna-Lena", "", None),)
    assert not screen.prompt


def test_a_name_is_chosen_where_it_stands():
    pages = (NAMES, page("Keller, Anna-Lena", "Keil, Bo", context="B"))
    view = search("53", pages)
    assert found("53", *pages) == ["Keller, Anna-Lena", "Keil, Bo"], "and once each"
    assert view.key("select", 0) == Intent("open", "Dial:17") and view.context == "A"
    view.key("down", 0)
    assert view.key("select", 0) == Intent("open", "Dial:8")
    assert view.context == "B" and view.chosen == "Keil, Bo"
    assert search("99").key("select", 0) is None and search("").key("down", 0) is None


def test_more_digits_than_a_name_has_and_keys_without_letters():
    view = search("5" * 40)
    assert view.title == "Search: " + "5" * DIGITS_MAX
    assert search("1*#").title == "Search"


def test_an_item_that_leads_nowhere_is_not_found():
    assert found("53", ((menu_item("Keller", ""),), None, "")) == []


def test_looking_is_work_in_short_steps():
    names = page(*["Keller %d" % i for i in range(100)])
    view = SearchView([names], small())
    view.key("5", 0)
    steps = 0
    while view.work():
        steps += 1
    assert steps == 12 and not view.work()
    assert view.show(3, None)[4] == 100
