"""A form: fields and keys, what is sent, what is missing, and that nothing typed is lost."""

from ui_fakes import large, small

from phone.phrases import phrase
from phone.rare import Field, Input
from phone.records import WHOLE, Menu, SoftKey, menu_item
from phone.ui.ask import credential_view, dial_view
from phone.ui.form import FormView
from phone.ui.keys import HOLD_MS
from phone.ui.menu import MenuView
from phone.ui.multitap import TAP_MS
from phone.ui.screen import Intent, Status
from phone.ui.stack import HISTORY, Stack
from phone.ui.views import page_view

STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 0)
NAME, WARD, PIN = Field("Name", "n", "A", ""), Field("Ward", "w", "N", "3"), Field("PIN", "pin", "NP", "")


def record(*fields, url="find.php", post=False, softkeys=(), title="Search", prompt="Who is it?"):
    return Input(title, prompt, url, post, fields, softkeys, WHOLE)


def stack_of(page, theme=None):
    theme = theme or large()
    stack = Stack(theme)
    stack.push(page_view(page, theme, "Menu", "here"))
    return stack


def press(stack, *keys, now=0):
    intent = None
    for key in keys:
        intent = stack.key(key, True, now)
        stack.key(key, False, now + 50)
    return intent


def values(stack):
    return [entry.value for entry in stack.top.entries]


def test_what_the_screen_says():
    stack = stack_of(record(NAME, WARD, PIN))
    screen = stack.screen(STATUS)
    assert (screen.kind, screen.title, screen.prompt) == ("form", "Search", "Who is it?")
    assert [tuple(row)[1:3] for row in screen.rows] == [("Name", ""), ("Ward", "3"), ("PIN", "")]
    assert (screen.first, screen.total, screen.selected) == (0, 3, 0)
    assert screen.softkeys == ("Submit", "<<", "Cancel", "Back")
    assert screen.extra[0] == {"mode": "abc", "cursor": 0, "letters": "", "chosen": 0}
    press(stack, "6", "6")
    screen = stack.screen(STATUS)
    assert screen.rows[0].aside == "n" and screen.prompt == "m n o 6 ö ô ó ò ø õ ñ"
    assert screen.extra[0] == {"mode": "abc", "cursor": 1, "letters": "mno6öôóòøõñ", "chosen": 1}
    assert stack.deadline() == TAP_MS
    stack.tick(TAP_MS)
    screen = stack.screen(STATUS)
    assert screen.prompt == "Who is it?" and screen.extra[0]["letters"] == "" and stack.deadline() is None
    press(stack, "#")
    assert stack.screen(STATUS).extra[0]["mode"] == "ABC"


def test_fields_and_what_is_sent():
    stack = stack_of(record(NAME, WARD, PIN))
    assert press(stack, "2", "select", "7", "down", "1", "2", "3") is None
    assert values(stack) == ["a", "37", "123"]
    assert stack.screen(STATUS).rows[2].aside == "**3"
    assert press(stack, "soft1") == Intent("open", "find.php?n=a&w=37&pin=123")
    assert stack.chosen == "Search", "the title of an answer without one"
    press(stack, "up", "up", "up")
    assert stack.top._at == 0 and press(stack, "select", "select") is None
    assert press(stack, "select") == Intent("open", "find.php?n=a&w=37&pin=123"), "select sends from the last"


def test_a_post():
    stack = stack_of(record(NAME, WARD, url="save", post=True))
    press(stack, "0", "2")
    assert press(stack, "soft1") == Intent("post", ("save", b"n=%20a&w=3"))


def test_what_is_missing_is_said_and_gone_to():
    stack = stack_of(record(NAME, Field("Ward", "w", "NR", ""), url=""))
    assert stack.screen(STATUS).rows[1].text == "Ward *"
    assert press(stack, "soft1") is None and stack.top._at == 1
    assert stack.screen(STATUS).extra[2] == "Ward (required)"
    assert stack.screen(STATUS).prompt == "Ward is missing."
    press(stack, "4")
    assert stack.screen(STATUS).prompt == "Who is it?" and stack.screen(STATUS).rows[1].text == "Ward"
    assert press(stack, "soft1") is None
    assert stack.screen(STATUS).prompt == "The page does not say where this goes."
    stack = stack_of(record(*[Field("N%d" % i, "n", "A", "ü" * 60) for i in range(5)]))
    assert press(stack, "soft1") is None and stack.screen(STATUS).prompt == "This is too long to be sent."


def test_a_form_without_fields_and_one_with_keys_of_its_own():
    stack = stack_of(record(url="go"))
    assert stack.screen(STATUS).selected == -1 and stack.screen(STATUS).extra[0] == {}
    for key in ("1", "up", "left", "#", "soft2"):
        assert press(stack, key) is None
    assert press(stack, "select") == Intent("open", "go")
    keys = (SoftKey("Find", 1, "SoftKey:Submit", ""), SoftKey("Less", 2, "SoftKey:<<", ""),
            SoftKey("New", 3, "new.xml", ""), SoftKey("Look", 4, "SoftKey:Search", ""))
    stack = stack_of(record(NAME, softkeys=keys))
    press(stack, "2", "3")
    press(stack, "soft2")
    assert values(stack) == ["a"]
    assert press(stack, "soft1") == press(stack, "soft4") == Intent("open", "find.php?n=a")
    assert press(stack, "soft3") == Intent("open", "new.xml")


def test_back_takes_letters_off_before_it_takes_the_page():
    stack = stack_of(record(NAME, WARD))
    assert press(stack, "back") == Intent("back", ""), "nothing was typed"
    stack = stack_of(record(NAME, WARD))
    press(stack, "2", "down", "5", "back")
    assert values(stack) == ["a", "3"]
    press(stack, "back", "back")
    assert values(stack) == ["a", ""] and stack.top._at == 0 and stack.depth == 1
    press(stack, "left", "back")
    assert values(stack) == ["", ""]
    assert press(stack, "back") == Intent("back", "") and stack.depth == 0
    stack = stack_of(record(NAME))
    press(stack, "2")
    assert press(stack, "soft3") == Intent("back", "") and stack.depth == 0, "Cancel means it"


def hold(stack, key, now=0):
    assert stack.key(key, True, now) is None
    stack.tick(now + HOLD_MS)
    stack.key(key, False, now + HOLD_MS + 1)


def test_held_keys():
    stack = stack_of(record(NAME))
    hold(stack, "2")
    assert values(stack) == ["2"] and stack.deadline() is None
    press(stack, "3", "4", now=1000)
    hold(stack, "back", 2000)
    assert values(stack) == [""] and stack.depth == 1
    press(stack, "3", "4", "5", now=4000)
    hold(stack, "soft2", 5000)
    assert values(stack) == [""]


def test_a_full_field_says_so():
    stack = stack_of(record(Field("N", "n", "N", "1" * 128)))
    press(stack, "2")
    assert stack.screen(STATUS).prompt == "No more fits in here."
    assert press(stack, "soft2") is None and press(stack, "5") is None and values(stack)[0][-1] == "5"


def test_the_page_again_keeps_what_was_typed():
    theme = large()
    stack = stack_of(record(NAME, WARD, PIN), theme)
    press(stack, "2", "3", "down", "9", "down", "1")
    changed = Field("Floor", "w", "A", "1")
    again = page_view(record(PIN, NAME, changed, prompt="Anew"), theme, "", "here")
    stack.replace(again)
    assert values(stack) == ["1", "ad", "1"], "each where it belongs; Ward is another one now"
    once = page_view(record(PIN, NAME), theme, "", "here")
    stack.refresh(once, 0)
    assert values(stack) == ["1", "ad"] and stack.top.form and once._at == 1


def test_a_form_outlives_what_lies_over_it():
    theme = small()
    stack = stack_of(record(NAME), theme)
    press(stack, "2")
    items = tuple([menu_item("i%d" % i, "u") for i in range(40)])
    for _ in range(HISTORY + 2):
        stack.push(MenuView(Menu("M", "", items, (), WHOLE), theme, "", None))
    stack.trim()
    assert stack.depth == 2
    stack.pop()
    assert values(stack) == ["a"] and stack.deadline() is None
    for _ in range(HISTORY + 3):
        stack.push(page_view(record(NAME), theme, "", None))
        press(stack, "2")
    assert stack.depth == HISTORY, "even of forms there is an end"


def test_loading_settles_a_letter():
    stack = stack_of(record(NAME))
    press(stack, "2")
    stack.loading("Asking A ...")
    assert stack.deadline() is None and stack.screen(STATUS).rows[0].aside == "a"
    stack.loading(None)
    assert press(stack, "2") is None and values(stack) == ["aa"]


def test_the_small_display_shows_letters_and_reasons():
    stack = stack_of(record(NAME, Field("Ward", "w", "NR", "")), small())
    assert stack.screen(STATUS).prompt == "" and stack.screen(STATUS).extra[1] == "Who is it?"
    press(stack, "2")
    assert stack.screen(STATUS).prompt.startswith("a b c 2")
    press(stack, "soft1")
    assert stack.screen(STATUS).prompt.startswith("Ward is missing")


def test_names_that_are_missing():
    stack = stack_of(record(Field("", "keyword", "A", "")))
    assert stack.screen(STATUS).rows[0].text == "keyword" and type(stack.top) is FormView


def test_a_server_asks_for_a_password():
    for theme in (large(), small()):
        stack = Stack(theme)
        stack.push(credential_view(phrase("%s asks for a password.", "A"), "", theme, "there"))
        screen = stack.screen(STATUS)
        assert screen.prompt.startswith("A asks for a pass") and screen.title == "Password"
        assert press(stack, "soft1") is None and stack.top._at == 0, "without a name nobody is let in"
        press(stack, "2", "down", "3")
        assert stack.screen(STATUS).rows[1].aside == "d" and stack.top.context == "there"
        assert press(stack, "soft1") == Intent("login", ("a", "d"))
        assert stack.screen(STATUS).rows[1].aside == "*"
        stack.push(credential_view(phrase("%s asks for a password.", "A"), "a", theme, None))
        assert stack.top._at == 1 and stack.screen(STATUS).prompt
        assert press(stack, "soft1") == Intent("login", ("a", "")), "some passwords are empty"


def test_a_number_is_changed_before_it_is_dialled():
    theme = large()
    stack = Stack(theme)
    stack.push(dial_view("4711", theme, "here"))
    assert stack.screen(STATUS).softkeys == ("Dial", "<<", "Cancel", "Back")
    press(stack, "0", "*")
    assert press(stack, "soft1") == press(stack, "select") == Intent("open", "Dial:0*4711")
    hold(stack, "back")
    assert press(stack, "select") is None and stack.screen(STATUS).prompt == "Number is missing."
