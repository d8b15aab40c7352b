"""What a phone costs that nobody touches: requests and datagrams to others, garbage to itself.

Requests and datagrams are those of one hour in virtual time (idle_hour.py): nothing is scaled. Garbage is
that of the real phone on the unix port (idle_main.py), over some seconds, scaled to an hour.
"""

import json
import subprocess
import sys
from pathlib import Path

from host_tools.bench.port import DrivenPhone
from host_tools.bench.rows import judged, row
from host_tools.problem import Problem
from host_tools.world import World

FIRST_PORT = 8661
HOUR_SECONDS = 3600
# A virtual hour takes a second; one that never ends is a mistake of the phone's.
VIRTUAL_SECONDS = 120.0
SECONDS, QUICK_SECONDS = 20, 4
# With the collector off, what comes in SECONDS must fit; three times what was ever seen.
HEAP = "8wM"
# Of the issue: at most four probes a minute in all.
FETCHES_MOST = 240
VIRTUAL = (
    ("hour, servers well", "literals"),
    ("hour, first server dead", "dead"),
    ("hour, servers by name", "names"),
)


def measure(quick=False) -> list:
    """The rows."""
    rows = []
    for name, mode in VIRTUAL:
        count = hour(mode)
        fetches = row(name + ": requests", count["fetches"], runs=1)
        rows.append(judged(fetches, count["fetches"], FETCHES_MOST, "≤ %d" % FETCHES_MOST))
        datagrams = row(name + ": datagrams", count["datagrams"], runs=1)
        if mode != "names":  # an address is not asked for
            datagrams = judged(datagrams, count["datagrams"], 0, "none")
        rows.append(datagrams)
    return [*rows, _garbage(QUICK_SECONDS if quick else SECONDS)]


def hour(mode) -> dict:
    """{"fetches": 118, "datagrams": 0} of an idle hour; mode: of idle_hour.py."""
    command = [sys.executable, str(Path(__file__).with_name("idle_hour.py")), mode]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=VIRTUAL_SECONDS)
        return json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError) as error:
        said = "it did not end"
        if not isinstance(error, subprocess.TimeoutExpired):
            said = (done.stderr.splitlines() or ["it said nothing"])[-1]
        raise Problem("The idle hour in virtual time did not work (idle_hour.py): %s." % said) from error


def _garbage(seconds) -> dict:
    with World(first_port=FIRST_PORT) as world, \
            DrivenPhone("idle_main.py", world.configuration(), HEAP, str(seconds)) as phone:
        report = phone.result(4 * seconds + 10)
    megabytes = report["bytes"] / report["seconds"] * HOUR_SECONDS / 1e6
    note = "%d bytes in %.1f s on the unix port (64 bits), scaled" % (report["bytes"], report["seconds"])
    return row("hour, garbage", megabytes, "MB", runs=1, note=note)
