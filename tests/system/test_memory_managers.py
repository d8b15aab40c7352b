"""Call managers on the least heap that is let have them, with the small display: the phone registers, shows
the intranet, moves when its manager dies, and is never started anew.
"""

import time

import pytest

from host_tools.manager import StandIn
from host_tools.panel import Panel
from host_tools.phone import SMALL_DISPLAY, PhoneProcess
from host_tools.world import World

HEAP = "164wK"  # with less phone/wished.py leaves the managers out
USER, PASSWORD = "1001", "secret1001"
TIMERS = {"t1_ms": 300, "give_up_ms": 3000, "options_ms": 5000, "poll_ms": 10000, "spread_ms": 0,
          "hold_ms": 600000, "retry_ms": 2000}  # fmt: skip
KEYS = ("services", "1", "back", "2", "back", "3", "back", "4", "back", "5", "directory", "messages",
        "information")  # fmt: skip
NO_ROOM = "needs more memory than the phone has"


def wait_for(what, seconds, name):
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "not within %d s: %s" % (seconds, name)
        time.sleep(0.05)


@pytest.fixture(scope="module")
def ward():
    """(two managers, the panel of a phone that registers at the first)."""
    with World(first_port=8341) as world, StandIn() as a, StandIn() as b:
        wanted = world.configuration()
        wanted["sip"] = {"user": USER, "password": PASSWORD, "timers": TIMERS}
        for home, manager in zip(wanted["homes"], (a, b)):
            home["manager"] = manager.uri
        with PhoneProcess(wanted, heap=HEAP, display=SMALL_DISPLAY) as phone:
            with Panel.connect(*phone.address) as panel:
                yield a, b, panel
            assert phone.starts == 1, "the phone was started anew:\n" + "\n".join(phone.lines)
            assert "memory is short" not in phone.lines


def round_of(panel):
    """Each service and its pages; what the display said on the way."""
    said = []
    for key in KEYS:
        panel.tap(key)
        panel.wait(lambda screen: not screen["busy"], 8, "an answer to %s" % key)
        said.append("%s: %s %s" % (key, panel.screen["title"], [row["text"] for row in panel.screen["rows"]]))
        assert NO_ROOM.replace(" ", "") not in said[-1].replace(" ", ""), said
    return said


def test_it_registers_and_shows_the_pages_of_the_intranet(ward):
    a, _, panel = ward
    wait_for(lambda: a.count()[0], 8, "a registration")
    for _ in range(3):
        round_of(panel)
    wait_for(lambda: a.seen(USER), 8, "a keep-alive")
    round_of(panel)


def test_it_moves_to_the_next_manager_and_shows_the_pages_there(ward):
    a, b, panel = ward
    a.freeze()
    wait_for(lambda: b.count()[0], 25, "a registration at the second one")
    round_of(panel)
    wait_for(lambda: b.seen(USER), 8, "a keep-alive there")
    round_of(panel)
    a.thaw()
