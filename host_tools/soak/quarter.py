"""Minutes of random outages with real sockets: a real phone on a small heap, real servers, a hurried person.

The phone is that of the small board: 128x64, a display and keys of its own and no panel link (own_panel.py),
for which 112wK stands. What is looked for is what grows: the heap after a collection, by the line that fits
its least value of each half minute best, and file descriptors.
"""

import json
import os
import random
import subprocess
import tempfile
import time
from pathlib import Path

from host_tools import children
from host_tools.bench.rows import judged, row
from host_tools.build import build
from host_tools.phone import ROOT, SMALL_DISPLAY, SMALLEST_HEAP, interpreter
from host_tools.problem import Problem
from host_tools.world import World

FIRST_PORT = 8691
BIN_SECONDS = 30  # of own_panel.py
# What the phone learns in its first minutes (letters, 64 lines of its journal) is no leak.
WARM_BINS = 4
TIMERS = {"connect_ms": 600, "first_byte_ms": 700, "request_ms": 2000, "patience_ms": 4000, "rest_ms": 1000}
FAULTS = ("stop", "freeze", "hole", "slow", "503", "garbage", "start", "start", "start")
FAULT_SECONDS = 4.0  # a mean; a fault lasts until the next one of that server
# A key must be on the screen within this time, whatever else goes on.
SHOWN_MS = 2000
# The phone ends within a second of being asked, and writes its report.
REPORT_SECONDS = 10.0


class SmallPhone:
    """The firmware with own_panel.py, as a process; it must live until it is asked for its report."""

    def __init__(self, config):
        self._config = config

    def __enter__(self) -> "SmallPhone":
        folder = build("unix", ROOT / "build" / "soak",
                       {"drivers/panel.py": Path(__file__).with_name("own_panel.py")})
        self._scratch = tempfile.TemporaryDirectory(prefix="everline-")
        scratch = Path(self._scratch.name)
        self._out = scratch / "report.json"
        (scratch / "config.json").write_text(json.dumps(self._config), encoding="utf-8")
        self._said = open(scratch / "said.txt", "w+b")
        command = [interpreter(), "-X", "heapsize=" + SMALLEST_HEAP, str(folder / "main.py"),
                   "--config", str(scratch / "config.json"), "--state", str(scratch),
                   "--panel", "127.0.0.1:1", "--display", SMALL_DISPLAY]
        self._child = children.spawn(
            command, stdin=subprocess.DEVNULL, stdout=self._said, stderr=subprocess.STDOUT,
            env=dict(os.environ, MICROPYPATH="%s:.frozen" % folder, EVERLINE_SOAK=str(self._out)))
        return self

    def __exit__(self, *_) -> None:
        self._child.kill()
        self._child.wait()
        self._said.close()
        self._scratch.cleanup()

    def files(self) -> int:
        """How many file descriptors it has open."""
        if self._child.poll() is not None:
            raise Problem("The phone has ended by itself (%s).%s" % (self._child.poll(), self.words()))
        return len(list(Path("/proc/%d/fd" % self._child.pid).iterdir()))

    def report(self) -> dict:
        """Ask it to end; what it wrote."""
        self._out.with_name("report.json.stop").touch()
        try:
            self._child.wait(REPORT_SECONDS)
            return json.loads(self._out.read_text(encoding="utf-8"))
        except (subprocess.TimeoutExpired, OSError, ValueError) as error:
            raise Problem("The phone left no report.%s" % self.words()) from error

    def words(self) -> str:
        """The last lines that it printed."""
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").splitlines()[-12:]
        return "".join("\n  " + line for line in lines)


def measure(minutes: float, seed: int = 1, say=lambda words: None) -> list:
    """The rows; say(words) is told once a minute how it goes."""
    chance = random.Random(seed)
    with World(first_port=FIRST_PORT, seed=seed) as world, \
            SmallPhone(world.configuration(TIMERS, name=str(seed))) as phone:
        began = told = time.monotonic()
        fault_at, faults, files = began, 0, []  # files: how many are open, after the warm-up
        while time.monotonic() - began < minutes * 60:
            now = time.monotonic()
            if now >= fault_at:
                chance.choice(list(world.servers.values())).do(chance.choice(FAULTS))
                faults += 1
                fault_at = now + chance.expovariate(1 / FAULT_SECONDS)
            count = phone.files()
            if now - began > WARM_BINS * BIN_SECONDS:
                files.append(count)
            if now - told >= 60:
                told = now
                say("%2.0f min: %d faults, %d files open" % ((now - began) / 60, faults, count))
            time.sleep(0.2)
        report = phone.report()
    return _rows(report, files, faults, minutes)


def _rows(report, files, faults, minutes):
    least = report["least"][WARM_BINS:]
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
    opened = row("files open at least, first and second half", "%d, %d" % (first, last))
    slowest = row("slowest key, to the finished frame", report["slowest_ms"], "ms")
    return [
        row("minutes", minutes), row("keys", report["keys"]), row("faults", faults),
        row("frames", report["frames"]),
        row("frames that say there is no room for a page", report["refused"]),
        judged(slowest, report["slowest_ms"], SHOWN_MS, "≤ 2 s"),
        size,
        judged(line, growth, 2 * noise, "≤ %.1f KB, twice the noise" % (2 * noise / 1024)),
        judged(opened, last, first, "no more"),
    ]


def fit(values) -> tuple:
    """(slope a step, standard deviation of what is left) of the straight line through equidistant values."""
    count = len(values)
    middle, mean = (count - 1) / 2, sum(values) / count
    slope = sum((at - middle) * (value - mean) for at, value in enumerate(values))
    slope /= sum((at - middle) ** 2 for at in range(count))
    rest = [value - mean - slope * (at - middle) for at, value in enumerate(values)]
    return slope, (sum(value * value for value in rest) / (count - 2)) ** 0.5
