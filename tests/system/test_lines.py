"""Far and lossy servers, black holes and name servers that fail: the page still comes, or a sentence does."""

import time

import pytest

from tests.system.conftest import TIMERS

CONNECT, FIRST = TIMERS["connect_ms"], TIMERS["first_byte_ms"]
# The host's own promise for a key press.
PATIENCE = TIMERS["patience_ms"]


def menu_of_any(ward, within_ms):
    """Wait until the services menu of any server is on the screen; its name."""
    def shown(s):
        return not s["busy"] and s["kind"] == "menu" and s["mark"] in ("●", "▲")

    ward.panel.wait(shown, within_ms / 1000, "a menu")
    return ward.panel.screen["label"]


def test_a_black_hole_is_passed_by(ward):
    ward.press("services")
    ward.page_of("A", 3000)
    ward.press("soft2")  # Exit
    ward.world["A"].do("hole")
    ward.press("services")
    ward.page_of("B", 3 * max(CONNECT, FIRST))
    assert ward.panel.screen["mark"] == "▲"


def test_black_holes_everywhere_end_in_a_sentence(ward):
    for server in ward.world.servers.values():
        server.do("hole")
    ward.press("services")
    ward.panel.wait(lambda s: s["mark"] == "✕" and not s["busy"], PATIENCE / 1000, "a sentence")


def test_far_servers_are_far_and_the_first_one_still_serves(ward):
    for server in ward.world.servers.values():
        server.line(delay_ms=100)
    ward.press("services")
    took = ward.page_of("A", 3000)
    assert 0.35 <= took < 1.5  # a handshake and a request: four ways
    assert ward.panel.screen["mark"] == "●"


def test_a_page_comes_through_a_lossy_line(start):
    # The deadlines that a phone has: a lost SYN alone takes a second.
    ward = start({"connect_ms": 2000, "first_byte_ms": 2500, "request_ms": 6000, "patience_ms": 9500})
    for server in ward.world.servers.values():
        server.line(delay_ms=20, loss=10)
    for _ in range(8):
        ward.press("services")
        menu_of_any(ward, 9500)
        ward.press("soft2")  # Exit
        ward.panel.settle()


@pytest.fixture
def named(start_named):
    """A phone that asks the world's own name server."""
    return start_named()


def test_names_are_asked_for_once_and_remembered(named):
    named.press("services")
    named.page_of("A", 3000)
    asked = list(named.world.names.questions)
    assert ("a.everline.test", 1) in asked
    named.press("soft2", "services")
    named.page_of("A", 3000)
    assert [name for name, _ in named.world.names.questions].count("a.everline.test") == 1


def test_a_silent_name_server_costs_nothing_for_names_that_are_known(named):
    named.press("services")
    named.page_of("A", 3000)
    named.press("soft2")
    named.world.names.mode("silent")
    time.sleep(11)  # the time to live of its answers is 10 s
    named.press("services")
    named.page_of("A", 300)


@pytest.mark.parametrize("mode", ["silent", "lies"])
def test_a_name_server_that_tells_nothing_ends_in_a_sentence_until_it_does(named, mode):
    named.world.names.mode(mode)
    named.press("services")
    named.panel.wait(lambda s: s["mark"] == "✕" and not s["busy"], PATIENCE / 1000 + 1, "a sentence")
    named.world.names.mode("well")
    end = time.monotonic() + 15  # that a name does not exist may be believed for a while
    while named.panel.screen["mark"] == "✕" and time.monotonic() < end:
        time.sleep(1)
        named.press("soft1")  # Again
        named.panel.settle()
    assert menu_of_any(named, 1000) == "A"


def test_the_keys_answer_while_the_name_server_is_silent(named):
    named.world.names.mode("silent")
    named.press("services")
    slowest = 0
    for _ in range(5):
        begun = time.monotonic()
        named.press("settings")
        slowest = max(slowest, time.monotonic() - begun)
        named.press("services")
    assert slowest < 0.3, slowest
