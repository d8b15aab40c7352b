"""What key presses mean; prompt, notice and loading."""

from ui_fakes import large, small

from phone.core.calls import Calls
from phone.records import WHOLE, Menu, SoftKey, Text, menu_item
from phone.ui.keys import HOLD_MS, REPEAT_MS
from phone.ui.menu import GATHER_MS, MenuView
from phone.ui.note import NoteView
from phone.ui.screen import Intent, Row, Status
from phone.ui.stack import HISTORY, NOTICE_MS, Stack
from phone.ui.text import TextView

STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 0)


def menu(theme, count=3, prompt="Pick", softkeys=()):
    items = tuple([menu_item("i%d" % i, "u%d" % i) for i in range(count)])
    return MenuView(Menu("M", prompt, items, softkeys, WHOLE), theme, "", count)


def press(stack, key, now=0):
    intent = stack.key(key, True, now)
    assert stack.key(key, False, now) is None
    return intent


def test_idle():
    stack = Stack(large())
    screen = stack.screen(STATUS)
    assert (screen.kind, screen.title, screen.clock, screen.selected) == ("idle", "Ward 3", "09:41", -1)
    assert screen.rows == (Row(0, "Sunday", "", None), Row(0, "Served by A", "", None), Row(0, "", "", None))
    assert press(stack, "soft1") == Intent("service", "services")
    assert press(stack, "messages") == Intent("service", "messages")
    for key in ("back", "up", "select", "5", "*"):
        assert press(stack, key) is None
    assert stack.deadline() is None
    assert stack.screen(Status(*(tuple(STATUS)[:6] + (1,)))).rows[2] == Row(0, "1 message waiting", "", None)
    assert stack.screen(Status(*(tuple(STATUS)[:6] + (3,)))).rows[2] == Row(0, "3 messages waiting", "", None)
    messages = Stack(small()).screen(Status(*(tuple(STATUS)[:6] + (3,))))
    assert messages.rows == (Row(0, "3 messages waiting", "", None), Row(0, "Served by A", "", None))
    assert messages.softkeys == ("", "", "", "")


def test_the_idle_screen_tells_of_calls_and_messages():
    stack, board = Stack(large()), Stack(small())
    some = [Status(*(tuple(STATUS)[:6] + (count,))) for count in (0, 2, -1)]
    assert stack.screen(some[1]).softkeys == ("Services", "Directory", "Messages (2)", "Settings")
    assert press(stack, "soft3") == Intent("service", "messages")
    assert stack.screen(some[2]).softkeys[2] == "Messages (!)"
    assert stack.screen(some[2]).rows[2] == Row(0, "Messages are waiting", "", None)
    calls = Calls()
    stack.idle.calls = board.idle.calls = calls
    assert stack.screen(some[0]).softkeys == ("Services", "Directory", "Messages", "Settings")
    calls.miss("Alice", 0)
    assert stack.screen(some[0]).rows[2] == Row(0, "1 missed call", "", None)
    assert stack.screen(some[0]).softkeys[3] == "Calls"
    assert press(stack, "soft4") == press(stack, "select") == Intent("open", "calls")
    calls.miss("Bob", 0)
    assert board.screen(some[0]).rows == (Row(0, "2 missed calls", "", None), Row(0, "Served by A", "", None))
    assert board.screen(some[1]).rows[0] == Row(0, "Calls: 2, messages: 2", "", None)
    assert board.screen(some[2]).rows[0] == Row(0, "2 missed calls", "", None)
    assert board.screen(some[1]).softkeys == ("", "", "", "")
    calls.read()
    assert board.screen(some[1]).rows[0] == Row(0, "2 messages waiting", "", None)
    assert stack.screen(some[0]).softkeys[3] == "Settings"
    assert press(stack, "select") == Intent("open", "calls"), "they can be looked at again"


def test_pages_and_back():
    theme = small()
    stack = Stack(theme)
    stack.push(menu(theme, 3))
    stack.push(menu(theme, 4))
    assert stack.depth == 2 and stack.top.context == 4
    assert press(stack, "back") == Intent("back", "")
    assert stack.top.context == 3
    assert press(stack, "soft3") == Intent("back", "")
    assert stack.depth == 0 and press(stack, "back") is None
    stack.replace(menu(theme, 1))
    stack.replace(menu(theme, 2))
    assert stack.depth == 1 and stack.top.context == 2
    assert press(stack, "soft2") == Intent("exit", "") and stack.depth == 0
    stack.pop()
    assert stack.depth == 0


def test_the_oldest_page_is_dropped_but_never_idle():
    theme = small()
    stack = Stack(theme)
    for i in range(HISTORY + 3):
        stack.push(menu(theme, i))
    assert stack.depth == HISTORY
    for _ in range(HISTORY - 1):
        press(stack, "back")
    assert stack.top.context == 3
    press(stack, "back")
    assert stack.screen(STATUS).kind == "idle"
    stack.push(menu(theme))
    stack.home()
    assert stack.depth == 0


def test_a_page_loaded_again_keeps_its_place():
    theme = small()
    stack = Stack(theme)
    stack.push(menu(theme, 9))
    for _ in range(5):
        press(stack, "down")
    first = stack.screen(STATUS).first
    stack.replace(menu(theme, 9))
    assert stack.screen(STATUS)[6:9] == (first, 9, 5)
    stack.replace(menu(theme, 4))  # it has become shorter
    assert stack.screen(STATUS)[6:9] == (1, 4, 3)
    stack.replace(menu(theme, 0))
    stack.replace(menu(theme, 4))
    assert stack.screen(STATUS)[6:9] == (0, 4, 0)
    for title, first in (("T", 4), ("U", 0)):
        stack.home()
        stack.push(TextView(Text("T", "", ("x",) * 9, (), WHOLE), theme, "", None))
        for _ in range(4):
            press(stack, "down")
        stack.replace(TextView(Text(title, "", ("x",) * 9, (), WHOLE), theme, "", None))
        assert stack.work() in (True, False) and stack.screen(STATUS).first == first


def test_choosing():
    theme = small()
    stack = Stack(theme)
    own = SoftKey("Go", 1, "SoftKey:Select", ""), SoftKey("Dial", 2, "Dial:7", "")
    stack.push(menu(theme, 3, softkeys=own))
    press(stack, "down")
    assert press(stack, "soft1") == Intent("open", "u1") and stack.chosen == "i1"
    assert press(stack, "soft2") == Intent("open", "Dial:7") and stack.chosen == "Dial"
    assert press(stack, "soft4") is None
    assert press(stack, "3") == Intent("open", "u2") and stack.chosen == "i2"
    text = TextView(Text("T", "", ("x",), (), WHOLE), theme, "", None)
    stack.push(text)
    assert press(stack, "soft2") == Intent("update", "")
    assert stack.top is text
    stack.push(NoteView("N", ("x",), (("Again", "again"),), theme, None))
    assert press(stack, "soft1") == Intent("key", "again")


def test_a_held_key_repeats_until_the_page_changes():
    theme = small()
    stack = Stack(theme)
    stack.push(menu(theme, 9))
    stack.key("down", True, 0)
    assert stack.deadline() == HOLD_MS
    stack.tick(HOLD_MS)
    stack.tick(HOLD_MS + REPEAT_MS)
    assert stack.screen(STATUS).selected == 3
    stack.push(menu(theme, 9))
    assert stack.deadline() is None
    stack.tick(9999)
    assert stack.screen(STATUS).selected == 0


def test_half_a_number_activates_at_its_deadline():
    theme = small()
    stack = Stack(theme)
    stack.push(menu(theme, 20))
    press(stack, "2", 0)
    press(stack, "1", 50)
    assert stack.deadline() == 50 + GATHER_MS
    assert stack.tick(50 + GATHER_MS) == Intent("open", "u0")
    press(stack, "1", 5000)
    stack.loading("Loading")
    stack.loading(None)
    assert stack.deadline() is None and stack.tick(99999) is None


def test_loading():
    theme = large()
    stack = Stack(theme)
    stack.push(menu(theme))
    stack.notice("old", 0)
    stack.loading("Loading M from A")
    screen = stack.screen(STATUS)
    assert screen.busy and screen.prompt == "Loading M from A" and screen.softkeys == ("", "", "", "Cancel")
    for key in ("down", "select", "1", "soft1", "left"):
        assert press(stack, key) is None
    stack.key("down", True, 0)
    stack.tick(HOLD_MS)
    assert stack.screen(STATUS).selected == 0 and stack.deadline() is None
    assert press(stack, "back") == Intent("cancel", "") and stack.depth == 1
    assert press(stack, "soft4") == Intent("cancel", "")
    assert press(stack, "directory") == Intent("service", "directory")
    stack.loading(None)
    screen = stack.screen(STATUS)
    assert not screen.busy and screen.prompt == "Pick" and screen.softkeys[0] == "Select"


def test_a_notice_leaves_by_itself_or_at_a_key():
    theme = large()
    stack = Stack(theme)
    stack.push(menu(theme))
    stack.notice("B serves now.", 100)
    assert stack.screen(STATUS).prompt == "B serves now." and stack.deadline() == 100 + NOTICE_MS
    stack.tick(99 + NOTICE_MS)
    assert stack.screen(STATUS).prompt == "B serves now."
    stack.tick(100 + NOTICE_MS)
    assert stack.screen(STATUS).prompt == "Pick" and stack.deadline() is None
    stack.notice("again", 0)
    stack.key("down", False, 1)  # a release is not a press
    assert stack.screen(STATUS).prompt == "again"
    press(stack, "down", 2)
    assert stack.screen(STATUS).prompt == "Pick"


def test_long_notices_take_rows():
    theme = large()
    stack = Stack(theme)
    stack.push(menu(theme, 20))
    assert len(stack.screen(STATUS).rows) == 6
    stack.notice("x" * 60, 0)  # two lines
    assert len(stack.screen(STATUS).rows) == 5
    stack.notice("word " * 200, 0)  # cut after three
    assert len(stack.screen(STATUS).rows) == 4
    theme = small()
    stack = Stack(theme)
    stack.push(menu(theme, 20))
    screen = stack.screen(STATUS)
    assert len(screen.rows) == 3 and screen.prompt == ""  # the title is worth more there
    stack.notice("B serves now.", 0)
    assert len(stack.screen(STATUS).rows) == 2


def test_a_remark_stays():
    theme = large()
    stack = Stack(theme)
    view = menu(theme)
    view.remark = "From 22:41, 27 minutes old"
    stack.push(view)
    press(stack, "down")
    assert stack.screen(STATUS).prompt == view.remark
    theme = small()
    view = menu(theme)
    view.remark = "From 22:41, 27 minutes old"
    stack = Stack(theme)
    stack.push(view)
    screen = stack.screen(STATUS)
    assert len(screen.rows) == 2 and screen.prompt.endswith("\u2026")


class Form(TextView):
    """Remembers what it was asked."""

    def __init__(self, theme, softkeys=()):
        TextView.__init__(self, Text("F", "", ("x",), softkeys, WHOLE), theme, "", None)
        self.seen = []

    def key(self, key, now):
        self.seen.append(key)

    def held(self, key, now):
        self.seen.append("long " + key)


def keys(*urls):
    return tuple([SoftKey("k%d" % i, i + 1, url, "") for i, url in enumerate(urls)])


def test_the_page_on_top_answers_what_is_its_own():
    theme = small()
    stack = Stack(theme)
    form = Form(theme, keys("SoftKey:Submit", "SoftKey:<<", "SoftKey:Search", "SoftKey:EditDial"))
    stack.push(form)
    for key in ("soft1", "soft2", "soft3", "soft4"):
        assert press(stack, key) is None
    assert form.seen == ["submit", "backspace", "search", "editdial"]
    assert stack.soft("dial", 0) is None and form.seen[-1] == "dial"
    assert stack.soft("update", 0) == Intent("update", "")
    stack.push(menu(theme))
    assert stack.soft("dial", 0) == stack.soft("select", 0) == Intent("open", "u0")


def test_a_key_that_is_held_is_told_once():
    theme = small()
    stack = Stack(theme)
    form = Form(theme, keys("SoftKey:<<", "", "", "SoftKey:Exit"))
    stack.push(form)
    for key, said in (("2", "long 2"), ("#", "long #"), ("soft1", "long backspace"), ("soft2", "long ")):
        stack.key(key, True, 0)
        stack.tick(HOLD_MS)
        stack.tick(9 * HOLD_MS)
        stack.key(key, False, 9999)
        assert form.seen[-1] == said
    stack.key("left", True, 0)
    stack.tick(HOLD_MS)
    stack.tick(HOLD_MS + REPEAT_MS)
    assert form.seen[-3:] == ["left", "left", "left"]


def test_back_that_is_held_leads_home():
    theme = small()
    stack = Stack(theme)
    for count in (3, 4, 5):
        stack.push(menu(theme, count))
    assert stack.key("back", True, 0) == Intent("back", "") and stack.depth == 2
    assert stack.tick(HOLD_MS) == Intent("exit", "") and stack.depth == 0
    stack.push(menu(theme, 3, softkeys=(SoftKey("NavBack", 0, "x.xml", ""),)))
    assert stack.key("back", True, 0) == Intent("open", "x.xml") and stack.depth == 1
    assert stack.tick(HOLD_MS) == Intent("exit", ""), "nobody is locked in"


def test_one_thing_as_a_key_goes_down_and_another_as_it_comes_up():
    theme = small()
    stack = Stack(theme)
    talk = SoftKey("Talk", 1, "RTPTx:Stop", "RTPTx:10.0.0.1:20480")
    stack.push(menu(theme, 3, softkeys=(talk, SoftKey("KeyPad5", 0, "Play:Stop", "Play:a.raw"))))
    assert stack.key("soft1", True, 0) == Intent("open", "RTPTx:10.0.0.1:20480")
    assert stack.key("soft1", False, 1) == Intent("open", "RTPTx:Stop")
    assert stack.key("soft1", False, 2) is None, "once"
    assert stack.key("5", True, 3) == Intent("open", "Play:a.raw")
    assert stack.key("5", False, 4) == Intent("open", "Play:Stop")
    stack.key("soft1", True, 5)
    stack.push(menu(theme))
    assert stack.key("soft1", False, 6) is None, "it is another page"


def test_keys_of_the_keypad_that_a_page_has():
    theme = small()
    stack = Stack(theme)
    own = (SoftKey("KeyPad2", 0, "two.xml", ""), SoftKey("KeyPadStar", 0, "SoftKey:Exit", ""),
           SoftKey("NavSelect", 0, "SoftKey:Select", ""), SoftKey("", -1, "Init:Messages", ""))  # fmt: skip
    stack.push(menu(theme, 3, softkeys=own))
    assert press(stack, "2") == Intent("open", "two.xml") and stack.chosen == "KeyPad2"
    assert press(stack, "3") == Intent("open", "u2") and press(stack, "select") == Intent("open", "u2")
    assert press(stack, "settings") == Intent("open", "Init:Messages")
    stack.loading("Loading")
    assert press(stack, "2") is None and press(stack, "settings") == Intent("service", "settings")
    stack.loading(None)
    assert press(stack, "*") == Intent("exit", "") and stack.depth == 0


def test_an_item_and_a_softkey_make_an_address_together():
    theme = small()
    stack = Stack(theme)
    items = (menu_item("a", "QueryStringParam:id=7"), menu_item("b", "b.xml?x=1#t"), menu_item("c", "Dial:1"))
    own = keys("http://h/go.asp", "QueryStringParam: y=2", "Key:NavDown", "SoftKey:Select")
    stack.push(MenuView(Menu("M", "", items, own, WHOLE), theme, "", None))
    assert press(stack, "soft1") == Intent("open", "http://h/go.asp?id=7") and stack.chosen == "k0"
    assert press(stack, "soft2") is None
    assert press(stack, "soft3") == Intent("open", "Key:NavDown")
    press(stack, "down")
    assert press(stack, "soft1") == Intent("open", "http://h/go.asp")
    assert press(stack, "soft2") == Intent("open", "b.xml?x=1&y=2#t")
    press(stack, "down")
    assert press(stack, "soft2") is None, "a number takes no query"
    stack.replace(MenuView(Menu("M", "", (), own, WHOLE), theme, "", None))
    assert press(stack, "soft2") is None
