"""Minutes of random outages with real sockets: a real phone on a small heap, real servers, a hurried person.

What is looked for is what grows: the heap after a collection, by the line that fits its least
value of each half minute best, and file descriptors.
"""

import random
import time
from pathlib import Path

from host_tools.bench.port import DrivenPhone
from host_tools.bench.rows import judged, row
from host_tools.panel import Panel
from host_tools.phone import SMALL_DISPLAY, SMALLEST_HEAP
from host_tools.problem import Problem
from host_tools.world import World

FIRST_PORT = 8381
DRIVER = "../soak/soak_main.py"
BIN_SECONDS = 30  # of soak_main.py
# What the phone learns in its first minutes (letters, names, how soon servers answer) is no leak.
WARM_BINS = 4
TIMERS = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 2000, "patience_ms": 4000, "rest_ms": 1000}
KEYS = ("services", "directory", "messages", "information", "settings", "1", "2", "3", "4", "5", "up", "down",
        "left", "right", "select", "back", "soft1", "soft2", "soft3", "soft4", "0", "*", "#")
FAULTS = ("stop", "freeze", "hole", "slow", "503", "garbage", "start", "start", "start")
NAMES = ("well", "well", "silent", "lies")
FAULT_SECONDS = 4.0  # a mean; a fault lasts until the next one of that server
KEY_SECONDS = 0.12  # a mean: somebody who looks for something
# A key must be taken within this time, whatever else goes on; one slice of the phone is a thousandth of it.
TAKEN_SECONDS = 2.0


class Person:
    """Presses random keys; counts them, and the slowest."""

    def __init__(self, panel, seed):
        self.panel, self.random = panel, random.Random(seed)
        self.keys = 0
        self.slowest = 0.0
        self.words = 0  # pages given up for want of memory

    def press(self):
        key = self.random.choice(KEYS)
        began = time.monotonic()
        self.panel.press(key, TAKEN_SECONDS)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.keys += 1
        screen = self.panel.screen
        self.words += any("more memory" in row["text"] for row in screen["rows"])
        time.sleep(self.random.expovariate(1 / KEY_SECONDS))


def measure(minutes: float, seed: int = 1, say=lambda words: None) -> list:
    """The rows; say(words) is told once a minute how it goes."""
    chance = random.Random(seed)
    with World(first_port=FIRST_PORT, names=True, seed=seed) as world, \
            DrivenPhone(DRIVER, world.configuration(TIMERS), SMALLEST_HEAP, "--display",
                        SMALL_DISPLAY) as phone, Panel.connect(*phone.address) as panel:
        person = Person(panel, seed)
        began = told = time.monotonic()
        fault_at, faults, files = began, 0, []  # files: how many are open, at each key after the warm-up
        while time.monotonic() - began < minutes * 60:
            now = time.monotonic()
            if now >= fault_at:
                _break_something(world, chance)
                faults += 1
                fault_at = now + chance.expovariate(1 / FAULT_SECONDS)
            person.press()
            if now - began > WARM_BINS * BIN_SECONDS:
                files.append(len(list(Path("/proc/%d/fd" % phone.pid).iterdir())))
            if now - told >= 60:
                told = now
                say("%2.0f min: %d keys, %d faults" % ((now - began) / 60, person.keys, faults))
        for server in world.servers.values():
            server.do("start")
        least = phone.report()[WARM_BINS:]
    return _rows(least, files, person, faults, minutes)


def _break_something(world, chance):
    if chance.random() < 0.1:
        world.names.mode(chance.choice(NAMES))
        return
    server = chance.choice(list(world.servers.values()))
    server.do(chance.choice(FAULTS))


def _rows(least, files, person, faults, minutes):
    if len(least) < 4:
        raise Problem("Too short: the phone warms up for %d s, and a line needs as much again."
                      % (WARM_BINS * BIN_SECONDS))
    slope, noise = fit(least)
    growth = slope * (len(least) - 1)
    kilobytes = [value / 1024 for value in least]
    size = row("heap in use after a collection", sum(kilobytes) / len(least), "KB", kilobytes)
    line = row("its growth, by the line that fits best", growth / 1024, "KB", runs=len(least))
    half = len(files) // 2
    first, last = min(files[:half]), min(files[half:])
    files = row("files open at least, first and second half", "%d, %d" % (first, last))
    return [
        row("minutes", minutes), row("keys", person.keys), row("faults", faults),
        row("pages given up for want of memory", person.words),
        judged(row("slowest key", 1000 * person.slowest, "ms"), person.slowest, TAKEN_SECONDS, "≤ 2 s"),
        size,
        judged(line, abs(growth), 2 * noise, "≤ %.1f KB, twice the noise" % (2 * noise / 1024)),
        judged(files, last, first, "no more"),
    ]


def fit(values) -> tuple:
    """(slope a step, standard deviation of what is left) of the straight line through equidistant values."""
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    slope = sum((at - middle) * (value - mean) for at, value in enumerate(values))
    slope /= sum((at - middle) ** 2 for at in range(count))
    rest = [value - mean - slope * (at - middle) for at, value in enumerate(values)]
    return slope, (sum(value * value for value in rest) / (count - 2)) ** 0.5
