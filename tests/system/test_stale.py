"""The last good page over real sockets: every server killed, and the phone started anew from its flash."""

import time

import pytest

from host_tools.panel import Panel, PanelError
from host_tools.phone import SMALL_HEAP
from tests.system.conftest import TIMERS

FIRST = TIMERS["first_byte_ms"]
MARK = "\u25f7 "
SAVED_SECONDS = 10  # a second without a key, then a piece a turn


def rows(screen):
    return [row["text"] for row in screen["rows"]]


def softkey(ward, label):
    ward.press("soft%d" % (ward.panel.screen["softkeys"].index(label) + 1))


def visit(ward, key, title):
    """See a page of A and leave it again."""
    ward.press(key)
    ward.panel.wait(lambda s: s["title"] == title and not s["busy"], 3, "the page %s" % title)
    ward.press("soft2")


def reached(address, late):
    """The panel of a phone that is starting."""
    while True:
        try:
            return Panel.connect(*address)
        except PanelError:
            assert time.monotonic() < late
            time.sleep(0.1)


def old(title):
    """Whether a page stands there that no server gave just now."""
    return lambda s: s["title"] == MARK + title and s["mark"] == "✕" and not s["busy"]


def search(ward):
    """With every server down the directory is shown and searched."""
    ward.press("directory")
    screen = ward.panel.wait(old("Who is who"), 3 * FIRST / 1000, "the last good page")
    assert "From A, " in screen["prompt"] and "refused the connection" in screen["prompt"]
    softkey(ward, "Search")
    ward.press("2", "6")
    screen = ward.panel.wait(lambda s: s["title"] == "Search: 26" and s["rows"], 2, "names found")
    assert rows(screen) == ["Anders, Liv"], screen
    ward.press("back", "back", "5", "6", "8")
    screen = ward.panel.wait(lambda s: s["title"] == "Search: 568" and s["rows"], 2, "names found")
    assert rows(screen) == ["Kovač, Željko"], screen


def test_with_every_server_killed_the_directory_is_shown_and_searched(ward):
    visit(ward, "directory", "Who is who")
    ward.world["A"].stop()
    ward.world["B"].stop()
    search(ward)
    ward.world["A"].start()
    ward.press("back", "back", "back", "back")
    assert "Again" in ward.panel.screen["softkeys"]
    softkey(ward, "Again")
    ward.panel.wait(lambda s: s["title"] == "Who is who" and not s["busy"], 3, "the page of A")


def test_the_same_after_the_phone_lost_its_power(start, tmp_path):
    ward = start(state=tmp_path / "state")
    visit(ward, "directory", "Who is who")
    late = time.monotonic() + SAVED_SECONDS
    while not list((tmp_path / "state").glob("page.directory.*")):
        assert time.monotonic() < late, "the page was not written"
        time.sleep(0.1)
    time.sleep(1)  # the small record with its date comes after it
    ward.world["A"].stop()
    ward.world["B"].stop()
    ward.phone.unplug()
    late = time.monotonic() + SAVED_SECONDS
    while ward.phone.starts < 2 and time.monotonic() < late:
        time.sleep(0.05)
    ward.panel.close()
    ward.panel = reached(ward.phone.address, late)
    ward.panel.wait(lambda s: s["kind"] == "idle", 5, "the phone again")
    search(ward)


# The large display has a little more room here: with 144wK its copies give way as a second server is asked.
@pytest.mark.parametrize("heap, display", [("168wK", None), (SMALL_HEAP, "128x64")])
def test_keys_work_on_the_old_page_while_servers_are_silent(start, heap, display):
    ward = start(heap=heap, display=display)
    ward.press("services")
    ward.page_of("A", 3000)
    ward.press("soft2")
    ward.world["A"].freeze()
    ward.world["B"].freeze()
    ward.press("services", "down")
    screen = ward.panel.wait(lambda s: s["selected"] == 1, 1, "the selection to move")
    assert screen["busy"] and screen["title"].startswith(MARK)
    ward.panel.wait(lambda s: not s["busy"] and s["mark"] == "✕", 4 * FIRST / 1000, "the end of waiting")
    assert ward.panel.screen["title"].startswith(MARK) and ward.panel.screen["selected"] == 1
