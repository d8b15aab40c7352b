"""`everline soak`: one seed is one day, a broken promise is told with its seed, lines are fitted."""

import json
import subprocess
import sys

import pytest

from host_tools.soak import quarter, run
from tests.house.tree import ROOT

SECONDS = 60


def started(*arguments):
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)


def day(seed, hours):
    return started("host_tools/soak/day.py", str(seed), str(hours))


def test_a_day_is_the_same_for_one_seed_and_another_for_the_next():
    first, again, other = [json.loads(day(seed, 3).stdout) for seed in (5, 5, 6)]
    for report in (first, again, other):
        del report["seconds"]
    assert first == again != other
    assert first["keys"] > 100 and first["faults"] > 20 and first["slowest_ms"] <= run.PROMISE_MS


def test_a_broken_promise_ends_the_day_with_its_seed_and_the_account():
    code = ("import sys; sys.argv[1:] = ['7', '12']\n"
            "import host_tools.soak.day as day\n"
            "sys.path[0:1] = [str(day.ROOT), str(day.ROOT / 'firmware'),"
            " str(day.ROOT / 'tests' / 'unit' / '_cpython')]\n"
            "day.PROMISE_MS = 300\n"
            "day.main(7, 12)\n")
    done = started("-c", code)
    assert done.returncode and "seed 7" in done.stderr and "waited 300 ms in vain" in done.stderr
    assert "phone shows" in done.stderr


def test_the_line_that_fits_best():
    slope, noise = quarter.fit([10, 12, 14, 16])
    assert slope == pytest.approx(2) and noise == pytest.approx(0)
    slope, noise = quarter.fit([5, -5, 5, -5, 5, -5, 5, -5])
    assert abs(slope * 7) < 2 * noise, "noise is no growth"
    slope, noise = quarter.fit([100 * at + (-1) ** at for at in range(20)])
    assert slope * 19 > 2 * noise, "growth is no noise"


def test_a_quick_soak_prints_one_line_of_json():
    done = started("-m", "host_tools.cli", "soak", "--hours", "1", "--minutes", "0", "--json")
    assert done.returncode == 0, done.stderr
    rows = {row["name"]: row for row in json.loads(done.stdout)["rows"]}
    assert rows["keys"]["value"] > 30 and rows["slowest key press, to its end"]["ok"] is True
