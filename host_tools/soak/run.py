"""`everline soak`: the day, then the minutes; what they came to, and whether the bounds hold."""

import json
import subprocess
import sys
from pathlib import Path

from host_tools.bench import table
from host_tools.bench.rows import judged, row, unmeasured
from host_tools.problem import Problem

DAY = "A day of random outages in virtual time"
QUARTER = "Random outages with real sockets, on the smallest heap"
PROMISE_MS = 10_000
# A virtual day takes four seconds; one that never ends is a mistake of the phone's.
SECONDS_A_DAY = 120.0


def soak(hours: float, minutes: float, days: int, seed: int, as_json=False) -> int:
    """Run both and print; the exit code: 1 where a bound does not hold."""
    console = table.console(as_json)
    rows = []
    if hours and days:
        rows += _show(console, DAY, _section("day", lambda: _days(hours, days, seed)))
    if minutes:
        from host_tools.soak.quarter import measure

        def say(words):
            if sys.stderr.isatty() or not as_json:
                print(words, file=sys.stderr, flush=True)

        rows += _show(console, QUARTER, _section("minutes", lambda: measure(minutes, seed, say)))
    words = "%s %s" % (table.verdict(rows), table.about())
    if as_json:
        print(table.line(rows, words), flush=True)
    console.print(words, soft_wrap=True, highlight=False)
    return 0 if table.holds(rows) else 1


def _show(console, title, rows) -> list:
    table.show(console, title, rows)
    return rows


def _section(name, measure) -> list:
    try:
        rows = measure()
    except Problem as problem:
        rows = [unmeasured(name, str(problem))]
    return [{"section": name, **made} for made in rows]


def _days(hours, days, seed) -> list:
    reports = [_day(number, hours) for number in range(seed, seed + days)]
    total = {name: sum(report[name] for report in reports)
             for name in ("keys", "pages", "stale", "sentences", "faults", "cables", "resets")}
    slowest = max(report["slowest_ms"] for report in reports)
    words = "seed %d" % seed if days == 1 else "seeds %d to %d" % (seed, seed + days - 1)
    return [
        row("virtual hours", hours * days, note=words),
        *(row(name, count) for name, count in total.items()),
        judged(row("slowest key press, to its end", slowest, "ms"), slowest, PROMISE_MS, "≤ 10 s"),
    ]


def _day(seed, hours) -> dict:
    command = [sys.executable, str(Path(__file__).with_name("day.py")), str(seed), str(hours)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_A_DAY)
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise Problem("The day of seed %d did not end." % seed) from error
    except (ValueError, IndexError) as error:
        raise Problem("The day of seed %d broke a promise:\n%s" % (seed, done.stderr[-4000:])) from error
