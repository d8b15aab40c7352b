"""Slices: how long nothing else can run. The firmware under slices_main.py, and a person who tries all.

0.25 ms here is 25 ms on an ESP32, projected: it is about a hundred times slower. Longer ones are felt there.
"""

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from host_tools.bench.person import Person
from host_tools.bench.port import DrivenPhone
from host_tools.bench.rows import digits, judged, median, row
from host_tools.bench.stream import menu
from host_tools.phone import HEAP
from host_tools.world import INTRANET, World

FIRST_PORT = 8341
MOST_MS = 0.25
BOUND = "≤ %g ms" % MOST_MS
STEP_US = 5  # of slices_main.py
TIMERS = {"connect_ms": 500, "first_byte_ms": 400, "request_ms": 1500, "patience_ms": 3000, "rest_ms": 500}
NAMES = {"feed": "feed of an event: p99", "parse": "parse step, 256 bytes: p99",
         "paint": "paint of a band: p99", "work": "step of work: p99",
         "idle": "step of unpacking a picture: p99",
         "turn": "loop gap: longest"}
IDLE_SECONDS = 0.5
PICTURE_SECONDS = 1.0
PICTURE_PAGE = b"<CiscoIPPhoneImageFile><Title>Picture</Title><URL>picture.png</URL></CiscoIPPhoneImageFile>"
# Ways to fail, each of which leads through other code; the last one puts it right.
FAULTS = ("garbage", "half", "503", "500", "redirect", "header", "freeze", "stop", "start")
QUICK_FAULTS = ("garbage", "stop", "start")
SERVICES = ("services", "directory", "messages", "information")
PAGE_SECONDS = 8.0
AWAKE = 2  # steps: a turn of the loop that is shorter found nothing to do
SETTINGS = 10  # pages of the phone's own; one more is no mistake


def picture():
    """In colours, as large as the pane of such pictures, and of a kind that packs with the slowest filter."""
    across, down = Image.linear_gradient("L"), Image.radial_gradient("L")
    return Image.merge("RGB", (across, down, across.rotate(90))).resize((298, 168))


def _done(screen) -> bool:
    return not screen["busy"]


class Story:
    """What a person does with a phone in a bad week."""

    def __init__(self, person, world):
        self.person, self.world = person, world

    def all(self, rounds, faults, items) -> None:
        for _ in range(rounds):
            self.look_around(items)
            self.settings()
            self.pictures()
            for fault in faults:
                self.world["A"].do(fault)
                for service in SERVICES[:2]:
                    self.person.home()
                    self.press(service)
                    self.press("select")
            self.long_list()

    def look_around(self, items) -> None:
        """Each service, and each item of the first menu, there and back."""
        for service in SERVICES:
            self.press(service)
            self.press("down", "down", "up", "right", "left", "select", "right", "down", "back")
        for item in range(items):
            self.person.home()
            self.press("services", *["down"] * item)
            self.press("select", "right", "down", "select", "down", "back", "back")

    def settings(self) -> None:
        for item in range(SETTINGS):
            self.press("settings", *["down"] * item, "select", "right", "right", "left", "back")
        self.person.home()

    def long_list(self) -> None:
        """A hundred items, from one end to the other."""
        self.person.home()
        self.press("messages", *["down"] * 3, *["right"] * 15, *["left"] * 15, "9", "9")
        self.person.home()

    def pictures(self) -> None:
        """Those of a page, one after the other, with keys in between."""
        self.press("information", "down", "up")
        self.person.rest(PICTURE_SECONDS)
        self.person.home()

    def press(self, *keys) -> None:
        for key in keys:
            self.person.press(key)
            self.person.wait(_done, PAGE_SECONDS)
            self.person.rest(0.002)


@contextmanager
def _world():
    """The little intranet, with a list of a hundred items in the place of the messages."""
    with tempfile.TemporaryDirectory(prefix="everline-") as folder:
        root = Path(folder) / "site"
        shutil.copytree(INTRANET, root)
        (root / "long.xml").write_bytes(menu())
        (root / "picture.xml").write_bytes(PICTURE_PAGE)
        picture().save(root / "picture.png")
        with World([root], first_port=FIRST_PORT) as world:
            yield world


def _told(world, collector, quick) -> dict:
    """The report of slices_main.py after a story."""
    world["A"].start()
    config = world.configuration(TIMERS)
    for home, server in zip(config["homes"], world.servers.values()):
        home["pointers"]["messages"] = server.url + "long.xml"
        home["pointers"]["information"] = server.url + "picture.xml"
    with DrivenPhone("slices_main.py", config, HEAP, collector) as phone, Person(phone.address) as person:
        Story(person, world).all(1, QUICK_FAULTS if quick else FAULTS, 2 if quick else 12)
        time.sleep(IDLE_SECONDS)
        return phone.report()


def measure(quick=False) -> list:
    """The rows."""
    with _world() as world:
        stories = [_told(world, "on", quick) for _ in range(1 if quick else 2)]
        apart = _told(world, "apart", quick)
    rows = [_row(kind, _quietest([story[kind] for story in stories]), apart[kind]) for kind in NAMES]
    took = [us / 1000 for us in stories[0]["collection"]]
    note = "after every %d bytes, in whichever slice that is" % stories[0]["threshold"]
    return [*rows, row("one collection of garbage", median(took), "ms", took, note=note)]


def _quietest(stories) -> dict:
    """Of two stories the one with the lower p99: what else the machine does only ever adds."""
    return min(stories, key=lambda story: _percentile(story["steps"], 0.99))


def _count(steps) -> int:
    return sum(count for _, count in steps)


def _percentile(steps, share) -> float:
    """ms, rounded up to the end of its step."""
    left = share * _count(steps)
    for at, count in steps:
        left -= count
        if left <= 0:
            return (at + 1) * STEP_US / 1000
    return 0.0


def _row(kind, shipped, apart) -> dict:
    """The phone as it is; in the note, what it would be if garbage were collected between the slices."""
    steps, without = shipped["steps"], apart["steps"]
    p99 = _percentile(steps, 0.99)
    ends = [_percentile(steps, 0.1), _percentile(steps, 0.9)]
    made = row(NAMES[kind], p99, "ms", runs=_count(steps), spread=ends)
    made["worst"], made["worst without the collector"] = _named(shipped), _named(apart)
    made["note"] = "p50 %s ms%s; without the collector p99 %s ms%s" \
                   % (digits(_percentile(steps, 0.5)), _worst(shipped), digits(_percentile(without, 0.99)),
                      _worst(apart))
    if kind != "turn":
        return judged(made, p99, MOST_MS, BOUND)
    made["value"], made["spread"] = made["worst"][0][0], None
    made["runs"] = _count([pair for pair in steps if pair[0] >= AWAKE])
    made["note"] = "in it ran: %s; without the collector %s ms, in it: %s" \
                   % (made["worst"][0][1], digits(apart["worst"][0][0] / 1000), apart["worst"][0][1])
    return made


def _named(kind) -> list:
    return [[us / 1000, what] for us, what in kind["worst"]]


def _worst(kind) -> str:
    """The longest, unless all were too short to have a name."""
    return ", worst %s ms: %s" % (digits(kind["worst"][0][0] / 1000), kind["worst"][0][1]) \
        if kind["worst"] else ""
