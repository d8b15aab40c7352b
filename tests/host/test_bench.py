"""The bench: rows, bounds, table and JSON. No test looks at how fast anything is."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console

from host_tools.bench import managers, rows, run, table
from host_tools.bench.person import Person
from host_tools.bench.stream import Stream, menu
from host_tools.cli import app
from host_tools.problem import Problem
from tests.host.fake_phone import FakePhone

ROOT = Path(__file__).parents[2]
FIELDS = {"section", "name", "value", "unit", "ratio", "bound", "ok", "spread", "runs", "note"}


def everline(*arguments, seconds=150, mark=""):
    """mark: stands in the environment of all that is started."""
    done = subprocess.run([sys.executable, "-m", "host_tools.cli", *arguments], cwd=ROOT, timeout=seconds,
                          capture_output=True, text=True, encoding="utf-8",
                          env=dict(os.environ, EVERLINE_MARK=mark))  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


# --- figures ----------------------------------------------------------------------------------------


def test_percentiles_are_values_that_were_measured():
    values = [5, 1, 4, 2, 3]
    assert rows.percentile(values, 0.5) == 3 and rows.percentile(values, 0.99) == 5
    assert rows.percentile(values, 0.1) == 1 and rows.percentile([7], 0.99) == 7
    assert rows.median(values) == 3 and rows.median([1, 2, 4, 9]) == 3


def test_the_spread_is_from_the_tenth_to_the_ninetieth():
    assert rows.spread(range(1, 101)) == [10, 90]


@pytest.mark.parametrize("value, text", [
    (0, "0"), (3, "3"), (0.16789, "0.168"), (24.617, "24.6"), (2541.2, "2,541"), (None, ""), ("none", "none"),
])
def test_figures_have_three_digits_that_count(value, text):
    assert rows.digits(value) == text


def test_a_bound_holds_up_to_its_figure_and_not_beyond():
    made = rows.row("x", 10, "ms", [9, 10, 11], ratio=1.15)
    assert (made["runs"], made["spread"], made["ok"]) == (3, [9, 11], None)
    assert rows.judged(made, 1.15, 1.15, "≤ 1.15 x")["ok"] is True
    assert rows.judged(made, 1.16, 1.15, "≤ 1.15 x")["ok"] is False
    assert rows.judged(made, None, 1.15, "≤ 1.15 x")["ok"] is False


def test_a_row_takes_no_field_that_nobody_reads():
    with pytest.raises(TypeError):
        rows.row("x", 1, limit=3)


# --- the whole ---------------------------------------------------------------------------------------


def test_what_was_not_measured_does_not_hold(monkeypatch):
    def measure(quick):
        raise Problem("There is no phone today.")
    monkeypatch.setattr("host_tools.bench.idle.measure", measure)
    found = run.section("idle", True)
    assert [made["note"] for made in found] == ["There is no phone today."]
    assert not table.holds(found) and "idle" in table.verdict(found)


def test_a_section_whose_module_is_not_there_is_a_row(monkeypatch):
    monkeypatch.setitem(run.SECTIONS, "nowhere", "Nowhere")
    found = run.section("nowhere", True)
    assert found[0]["ok"] is False and "nowhere.py is not there" in found[0]["note"]


def test_a_module_that_misses_another_is_not_taken_for_missing(monkeypatch):
    def measure(quick):
        raise ModuleNotFoundError("No module named 'phone'", name="phone")
    monkeypatch.setattr("host_tools.bench.idle.measure", measure)
    with pytest.raises(ModuleNotFoundError):
        run.section("idle", True)


@pytest.mark.parametrize("broken, code", [(False, 0), (True, 1)])
def test_the_exit_code_and_the_json_say_whether_all_bounds_hold(monkeypatch, capsys, broken, code):
    def measure(quick):
        made = rows.row("a figure", 1.5, "ms", [1, 1.5, 2])
        return [made, rows.judged(made, 1.5, 1 if broken else 2, "≤ 2 ms")]
    monkeypatch.setattr("host_tools.bench.idle.measure", measure)
    assert run.bench(True, True, ["idle"]) == code
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is not broken and [made["ok"] for made in said["rows"]] == [None, not broken]
    assert all(FIELDS <= set(made) for made in said["rows"])


def test_the_table_says_value_spread_bound_and_verdict():
    made = rows.judged(rows.row("a figure", 12.345, "ms", [11, 12.345, 13], ratio=1.2, note="a peer: 9 ms"),
                       1.2, 1.3, "≤ 1.3 x")
    broken = rows.unmeasured("another", "Nobody was there.", "≤ 2")
    console = Console(width=110, record=True, file=open(os.devnull, "w"))
    table.show(console, "Figures", [made, broken])
    text = console.export_text()
    for words in ("Figures", "a figure", "12.3 ms", "11 - 13", "1.20", "≤ 1.3 x", "holds", "a peer: 9 ms",
                  "not measured", "FAILS", "Nobody was there."):
        assert words in text, text


@pytest.mark.parametrize("ratio, bound, ok, words", [
    (20.1, 10, True, "≥ 10"), (9, 10, False, "≥ 10"), (9, 50, True, "≤ 50"), (60, 50, False, "≤ 50"),
])
def test_a_bare_figure_as_bound_is_shown_with_its_direction(ratio, bound, ok, words):
    made = rows.row("x", 1, "ms", ratio=ratio, bound=bound, ok=ok)
    console = Console(width=110, record=True, file=open(os.devnull, "w"))
    console.print(table.table("Figures", [made]))
    assert words in console.export_text()


def test_the_last_sentence_names_machine_and_commit():
    words = table.about()
    commit = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True,
                            text=True).stdout.strip()
    assert commit in words and "cores" in words and "MicroPython 1." in words


def test_an_unknown_section_is_a_sentence_and_code_2():
    code, out, err = everline("bench", "--only", "speed")
    assert (code, out) == (2, "")
    assert "no section 'speed'" in err and "pages, keys, slices" in err


def test_the_command_is_there():
    assert "bench" in [command.callback.__name__ for command in app.registered_commands]
    assert "--quick" in everline("bench", "--help")[1]


# --- the stop-watch ----------------------------------------------------------------------------------


def test_a_phone_that_is_gone_is_a_sentence():
    with FakePhone() as fake:
        address = ("127.0.0.1", fake.port)
    with pytest.raises(Problem, match="does not answer"):
        Person(address)


def test_the_stream_comes_in_pieces_and_whole():
    import urllib.request

    with Stream() as stream:
        begun = time.monotonic()
        with urllib.request.urlopen(stream.url, timeout=20) as answer:
            body = answer.read()
        assert body == menu() and body.count(b"<MenuItem>") == 100
        assert time.monotonic() - begun > 0.5


def test_what_a_phone_does_in_an_idle_hour_is_counted(monkeypatch):
    from host_tools.bench import idle_hour
    from tests.story.world import World

    usual = World.run

    def disturbed(world, ms):
        if ms == idle_hour.HOUR_MS:
            usual(world, ms // 2)
            for _ in range(9):  # one may stand for a look that was due
                world.phones[0].press("services")
                usual(world, 11000)
        usual(world, ms // 2)
    quiet = idle_hour.hour("names")
    monkeypatch.setattr(World, "run", disturbed)
    busy = idle_hour.hour("names")
    assert busy["fetches"] > quiet["fetches"] and busy["datagrams"] > quiet["datagrams"]


# --- real phones --------------------------------------------------------------------------------------


def children(mark):
    """Processes of this machine with this in their environment: other tests may have theirs."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes():
                found.add(path.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("section, names", [
    ("pages", ["first server well", "first server known dead", "first server refuses, unknown",
               "first server silent, unknown", "nobody answers: the last good page"]),
    ("keys", ["idle: p99", "idle, nothing moves: p99", "a fetch hangs: p99", "DNS is silent: p99",
              "100 items stream in: p99"]),
    ("slices", ["feed of an event: p99", "parse step, 256 bytes: p99", "paint of a band: p99",
                "step of work: p99", "step of unpacking a picture: p99", "loop gap: longest",
                "one collection of garbage"]),
    ("managers", ["A is frozen, until registered at B", "A is well again, until all are back",
                  *(name for name, _, _ in managers.OTHERS_NOTICE + managers.OTHERS_RETURN),
                  "hour, two call managers: datagrams", "garbage of one keep-alive"]),
    ("idle", ["hour, servers well: requests", "hour, servers well: datagrams",
              "hour, first server dead: requests", "hour, first server dead: datagrams",
              "hour, servers by name: requests", "hour, servers by name: datagrams", "hour, garbage"]),
])
def test_a_quick_section_is_well_formed_and_leaves_nothing_running(section, names):
    mark = "bench-%d-%s" % (os.getpid(), section)
    code, out, err = everline("bench", "--quick", "--json", "--only", section, mark=mark)
    said = json.loads(out)
    assert err == "" and [made["name"] for made in said["rows"]] == names
    assert code == (0 if said["ok"] else 1)
    for made in said["rows"]:
        assert FIELDS <= set(made)
        measured = made["value"] is not None
        assert measured or made["ok"] is False and made["note"], made
        assert (made["ok"] is None) == (made["bound"] is None), made
        published = isinstance(made["value"], str)  # by others: with its source
        assert made["note"] and made["ok"] is None if published else True, made
        assert not measured or published or made["value"] >= 0 and made["runs"] > 0, made
    assert said["about"].startswith("Quick")
    assert children("EVERLINE_MARK=" + mark) == set()
