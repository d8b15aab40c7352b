"""Lines, scrolling, and the phone's own page."""

from ui_fakes import large, small

from phone.records import WHOLE, Mends, SoftKey, Text
from phone.ui.note import NoteView
from phone.ui.screen import Intent
from phone.ui.text import LINES, TextView


def view(*paragraphs, theme=None, cut=""):
    return TextView(Text("", "", paragraphs, (), Mends(0, "", cut, "")), theme or small(), "Title", None)


def shown(text, count=3):
    kind, title, rows, first, total, selected = text.show(count, None)
    assert (kind, title, selected) == ("text", "Title", -1)
    assert not any(row.n for row in rows)
    return [row.text for row in rows], first, total


def test_lines_are_those_of_wrap():
    theme = small()
    paragraphs = ("one two three four five six seven", "", "a\tb  ", "x" * 50, "Ελλ ηνικά и кириллица " * 3)
    expected = []
    for paragraph in paragraphs:
        expected += theme.text_font.wrap(paragraph, theme.text_width)
    expected = [line.replace("\t", "    ") for line in expected]
    lines, first, total = shown(view(*paragraphs, theme=theme), 100)
    assert lines == expected and total == len(expected) and first == 0


def test_the_same_text_again_is_not_wrapped_again():
    old = view("one two " * 100, "eight")
    shown(old)
    again, other = view("one two " * 100, "eight"), view("one two " * 100, "nine")
    assert again.resume(old) and not again.work()
    assert shown(again) == shown(old)
    assert other.resume(old) and other.work()


def test_scrolls_by_lines_and_screens():
    text = view(*[str(i) for i in range(10)])
    assert shown(text) == (["0", "1", "2"], 0, 10)
    text.key("up", 0)
    text.key("down", 0)
    assert shown(text)[0] == ["1", "2", "3"]
    text.key("right", 0)
    assert shown(text)[0] == ["3", "4", "5"]
    text.key("left", 0)
    text.key("left", 0)
    assert shown(text)[1] == 0
    text.key("3", 0)
    assert shown(text)[1] == 4
    text.key("9", 0)
    assert shown(text) == (["7", "8", "9"], 7, 10)
    text.key("down", 0)
    assert shown(text)[1] == 7
    assert text.key("select", 0) is None and text.key("#", 0) is None


def test_a_short_text_does_not_scroll():
    text = view("one")
    text.key("down", 0)
    assert shown(text) == (["one"], 0, 1)
    assert shown(view()) == ([], 0, 0)


def test_work_in_steps_gives_the_same():
    text = view(*["word and more " * 20] * 5)
    whole = shown(view(*["word and more " * 20] * 5), 200)
    steps = 0
    while text.work():
        steps += 1
    assert steps > 5 and not text.work()
    assert shown(text, 200) == whole


def test_lines_are_bounded():
    text = view(*["x"] * (LINES + 500))
    assert shown(text)[2] == LINES


def test_a_paragraph_is_shown_up_to_a_bound():
    text = view("x" * 9000, "end")
    lines, first, total = shown(text, 1000)
    assert "".join(lines) == "x" * 8192 + "end" and all(lines) and max([len(line) for line in lines]) < 30


def test_what_was_cut_is_the_last_line():
    text = view("a", cut="9 KB")
    assert shown(text)[0] == ["a", "(cut: 9 KB)"]


def test_softkeys():
    assert view("x").bar.labels() == ("Exit", "Update", "Back", "")
    own = Text("", "", (), (SoftKey("Dial", 3, "Dial:1", ""),), WHOLE)
    assert TextView(own, small(), "", None).bar.labels() == ("Update", "", "Dial", "")


def test_note_has_its_own_keys():
    note = NoteView("Title", ("One.", "Two."), (("Again", "again"), ("Account", "account")), large(), 5)
    assert note.bar.labels() == ("Again", "Account", "", "Back")
    assert note.bar.press(1) == ("Account", Intent("key", "account"))
    assert note.key("select", 0) == Intent("key", "again")
    assert shown(note)[0] == ["One.", "", "Two."] and note.context == 5
    assert shown(NoteView("Title", ["One.", "Two."], (), small(), None))[0] == ["One.", "Two."]
    assert NoteView("Title", (), (), small(), None).key("select", 0) is None
    three = NoteView("Title", (), (("Again", "again"), ("Exit", "exit"), ("Back", "back")), small(), None)
    assert three.bar.labels() == ("Again", "Exit", "Back", "")
    four = tuple([(word, word) for word in "abcd"])
    assert NoteView("Title", (), four, small(), None).bar.labels() == ("a", "b", "c", "d")
