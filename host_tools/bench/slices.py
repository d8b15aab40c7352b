"""Slices: how long nothing else can run. The firmware under slices_main.py, and a person who tries everything.

0.25 ms here is 25 ms on an ESP32, projected: it is about a hundred times slower. What is longer there is felt.
"""

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from host_tools.bench.person import Person
from host_tools.bench.port import DrivenPhone
from host_tools.bench.rows import digits, judged, median, row
from host_tools.bench.stream import menu
from host_tools.world import INTRANET, World

FIRST_PORT = 8341
MOST_MS = 0.25
BOUND = "p99 at most %g ms" % MOST_MS
STEP_US = 5  # of slices_main.py
TIMERS = {"connect_ms": 500, "first_byte_ms": 400, "request_ms": 1500, "patience_ms": 3000, "rest_ms": 500}
NAMES = {"feed": "longest feed of an event", "parse": "parse step (a piece of a page)",
         "paint": "paint of a band", "work": "step of work after a page", "turn": "loop gap"}
# Ways to fail, each of which leads through other code; the last one puts it right.
FAULTS = ("garbage", "half", "503", "500", "redirect", "header", "freeze", "stop", "start")
QUICK_FAULTS = ("garbage", "stop", "start")
SERVICES = ("services", "directory", "messages", "information")
PAGE_SECONDS = 8.0


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
            self.press("services", *["down"] * item, "select", "right", "down", "select", "down", "back", "back")

    def settings(self) -> None:
        self.press("settings")
        for item in range(self.person.screen["total"]):
            self.press("settings", *["down"] * item, "select", "right", "right", "left", "back")
        self.person.home()

    def long_list(self) -> None:
        """A hundred items, from one end to the other."""
        self.person.home()
        self.press("messages", *["down"] * 3, *["right"] * 15, *["left"] * 15, "9", "9")
        self.person.home()

    def press(self, *keys) -> None:
        for key in keys:
            self.person.press(key)
            self.person.wait(_done, PAGE_SECONDS)
            self.person.rest(0.002)


@contextmanager
def _ward():
    with tempfile.TemporaryDirectory(prefix="everline-") as folder:
        root = Path(folder)
        (root / "long.xml").write_bytes(menu())
        for path in INTRANET.iterdir():
            (root / path.name).symlink_to(path)
        with World([root], first_port=FIRST_PORT) as world:
            config = world.configuration(TIMERS)
            for home, server in zip(config["homes"], world.servers.values()):
                home["pointers"]["messages"] = server.url + "long.xml"
            with DrivenPhone("slices_main.py", config) as phone, Person(phone.address) as person:
                yield phone, Story(person, world)


def measure(quick=False) -> list:
    """The rows."""
    with _ward() as (phone, story):
        story.all(1 if quick else 2, QUICK_FAULTS if quick else FAULTS, 2 if quick else 12)
        time.sleep(0.5)  # idle is a part of it
        report = phone.report()
    rows = [_row(NAMES[kind], report[kind], kind != "turn") for kind in NAMES if _count(report[kind]["plain"])]
    took = [us / 1000 for us in report["collection"]]
    note = "threshold 4096: it is part of every slice in which it falls"
    return [*rows, row("one collection of garbage", median(took), "ms", took, note=note)]


def _count(steps) -> int:
    return sum(count for _, count in steps)


def _percentile(steps, share) -> float:
    """ms, rounded up to the end of its step."""
    left = share * _count(steps)
    for at, count in sorted(steps):
        left -= count
        if left <= 0:
            return (at + 1) * STEP_US / 1000
    return 0.0


def _row(name, kind, has_bound) -> dict:
    steps = kind["plain"] + kind["collected"]
    worst = kind["worst"][0] if kind["worst"] else None
    middle, p99 = _percentile(steps, 0.5), _percentile(steps, 0.99)
    note = "p50 %s ms" % digits(middle)
    if kind["collected"]:
        share = 100 * _count(kind["collected"]) / _count(steps)
        note += "; a collection fell into %s %%, p99 of the others %s ms" \
                % (digits(share), digits(_percentile(kind["plain"], 0.99)))
    if worst and has_bound:
        note += "; worst %s ms: %s" % (digits(worst[0] / 1000), worst[1])
    made = row(name + (": p99" if has_bound else ": longest"), p99 if has_bound else worst[0] / 1000, "ms",
               note=note, runs=_count(steps))
    made["spread"] = "%s - %s" % (digits(_percentile(steps, 0.1)), digits(_percentile(steps, 0.9)))
    made["worst"] = [[us / 1000, what] for us, what in kind["worst"]]
    return judged(made, p99, MOST_MS, BOUND) if has_bound else made
