"""The window of a Status: over which pages, how high, what it says, and for how long."""

from ui_fakes import large, small

from phone.phrases import phrase
from phone.rare import Field, Image, Input, Picture, Status as Window
from phone.records import WHOLE, Menu, menu_item
from phone.ui.layout import bands
from phone.ui.screen import Status
from phone.ui.stack import Stack
from phone.ui.views import page_view

STATUS = Status("\u25cf", "A", "09:41", "Sunday", "Ward 3", "Served by A", 2)
DOT = Picture(106, 21, (b"\xff" * 557,))


def opened(theme, window, pages=1):
    stack = Stack(theme)
    items = tuple([menu_item("i%d" % i, "u%d" % i) for i in range(9)])
    for _ in range(pages):
        stack.push(page_view(Menu("M", "Pick", items, (), WHOLE), theme, "", None))
    stack.push(page_view(window, theme, "", None))
    return stack


def window(text="On call", timer=-1, picture=None, url="", x=0, y=0):
    return Window(text, timer, x, y, picture, url, WHOLE)


def covers(screen, theme):
    y = 0
    for band in bands(screen, theme):
        assert band.y == y and band.height > 0, band[:3]
        y += band.height
    assert y == theme.height


def test_it_is_no_page_and_takes_rows():
    theme = large()
    stack = opened(theme, window())
    assert stack.depth == 1
    screen = stack.screen(STATUS)
    assert screen.window[0] == {"text": "On call", "timer": ""} and len(screen.rows) == 5
    assert [band.parts for band in bands(screen, theme) if band.y == 50] == [("", "On call", "")]
    stack.key("5", True, 0)
    assert stack.screen(STATUS).selected == 4, "keys are the page's"
    stack.key("back", True, 0)
    assert stack.depth == 0 and stack.screen(STATUS).window, "no key closes it"
    stack.push(page_view(window("Free"), theme, "", None))
    assert stack.screen(STATUS).window[0]["text"] == "Free", "a new one takes its place"
    stack.window = None
    assert stack.screen(STATUS).window == ()


def test_bands_cover_the_display_with_a_window_in_every_state():
    shown = (window(), window("", 5), window("x" * 90, 0, DOT), window("", -1, DOT), window("", -1))
    for theme in (large(), small()):
        for record in shown:
            for pages in (0, 1):
                stack = opened(theme, record, pages)
                stack.tick(0)
                for text in ("", "short", "a longer sentence of the phone " * 2, "and one too long " * 20):
                    stack.notice(text, 0)
                    covers(stack.screen(STATUS), theme)
                stack.loading("Loading")
                covers(stack.screen(STATUS), theme)


def test_bands_cover_the_display_below_a_window_whatever_the_page_is():
    fields = tuple([Field("f%d" % i, "p%d" % i, "A", "") for i in range(3)])
    pages = (
        Input("F", "Pick", "u", False, fields, (), WHOLE),
        Image("P", "", 0, 0, Picture(133, 65, (b"",)), "", (), (), WHOLE),
        Image("P", "x", 0, 0, Picture(298, 168, (b"",)), "", (), (), WHOLE),
    )
    for theme in (large(), small()):
        for page in pages:
            stack = opened(theme, window("a", 1, DOT), 0)
            stack.push(page_view(page, theme, "", None))
            for text in ("", "and one too long " * 20):
                stack.notice(text, 0)
                covers(stack.screen(STATUS), theme)


def test_on_a_small_display_the_picture_waits_for_the_idle_screen():
    for theme, height in ((large(), 46), (small(), 26)):
        assert opened(theme, window("", -1, DOT), 0).screen(STATUS).window[3] == height
    screen = opened(large(), window("", -1, DOT)).screen(STATUS)
    assert screen.window[3] == 46 and len(screen.rows) == 4
    assert opened(small(), window("", -1, DOT)).screen(STATUS).window == ()
    assert opened(small(), window("a", -1, DOT)).screen(STATUS).window[2:] == (13, 0)


def test_the_timer_counts_up_each_second_whatever_the_person_does():
    stack = opened(large(), window("", 3595))
    assert stack.deadline() == 0, "it begins at once"
    stack.tick(20400)
    assert stack.screen(STATUS).window[0]["timer"] == "59:55" and stack.deadline() == 21400
    stack.loading("Loading")
    assert stack.deadline() == 21400
    stack.tick(21399)
    assert stack.screen(STATUS).window[0]["timer"] == "59:55"
    stack.tick(21400)
    assert stack.screen(STATUS).window[0]["timer"] == "59:56"
    stack.tick(26000)
    assert stack.screen(STATUS).window[0]["timer"] == "1:00:00" and stack.deadline() == 26400


def test_its_picture_stands_in_the_pane_of_a_status():
    theme = large()
    stack = opened(theme, window("", -1, Picture(4, 1, (b"\x2d",)), "", -1, 3))
    stand = stack.screen(STATUS).window[1][1]
    assert (stand.x, stand.y, stand.width, stand.factor) == (156, 8, 8, 2)
    stack = opened(theme, window("", -1, Picture(106, 21, (b"\xff",))))
    stand = stack.screen(STATUS).window[1][1]
    assert (stand.x, stand.y, stand.width, stand.height) == (54, 2, 212, 42)


def test_a_picture_of_a_file_is_fetched_after_those_of_the_page():
    theme = small()
    stack = opened(theme, window("", -1, None, "s.png"), 0)
    view = stack.pictured
    assert view is stack.window and list(view.wants()) == [(0, "s.png")]
    assert view.fit(0, 262, 50) == (128, 24)
    view.picture(0, Picture(128, 24, (b"",)), None)
    assert not list(view.wants()) and stack.screen(STATUS).window[3] == 26
    stack = opened(theme, window("Busy", -1, None, "s.png"), 0)
    stack.window.picture(0, None, phrase("Cancelled."))
    assert stack.screen(STATUS).window[1] is None and stack.screen(STATUS).window[3] == 0
    stack = opened(theme, window(), 0)
    assert stack.pictured is stack.window and not list(stack.window.wants())
