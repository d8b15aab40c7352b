"""The journal and the drill over the panel link, with a real phone: `everline logs`, `everline drill`."""

import json
import re
import socket
import subprocess
import sys
import threading
import time

import pytest

from host_tools.panel import Panel
from tests.system.conftest import TIMERS

HEDGE, SLACK = 250, 450  # a silent server costs one hedge delay; the machine may be busy
KEPT = 64


def everline(ward, *arguments, seconds=30):
    """Run the command on this phone; (exit code, stdout, stderr)."""
    panel = "%s:%d" % ward.phone.address
    done = subprocess.run([sys.executable, "-m", "host_tools.cli", *arguments, "--panel", panel],
                          timeout=seconds, capture_output=True, text=True, encoding="utf-8")
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout, done.stderr


def many_lines(ward):
    """More than the phone keeps: each key press makes two."""
    for _ in range(20):
        ward.press("services", "directory")
        ward.panel.settle()


def test_logs_print_the_whole_journal_with_times(ward):
    many_lines(ward)
    begun = time.time()
    code, out, err = everline(ward, "logs")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) == KEPT
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d  \S", line) for line in lines), out
    code, out, err = everline(ward, "logs", "--json")
    notes = [json.loads(line) for line in out.splitlines()]
    assert len(notes) == KEPT and [note["n"] for note in notes] == sorted(note["n"] for note in notes)
    assert notes[-1]["n"] > KEPT and set(notes[0]) == {"n", "t", "at", "text"}
    assert abs(notes[-1]["at"] - begun) < 30 and "page from A" in notes[-1]["text"]


def test_who_connects_late_reads_what_the_others_read(ward):
    many_lines(ward)
    with Panel.connect(*ward.phone.address) as late:
        assert list(late.notes) == list(ward.panel.notes)[-KEPT:]
        last = late.notes[-1]["n"]
        ward.press("services")
        late.wait_note("page from A", 2, after=last)
        late.settle()
        ward.panel.settle()
        assert list(late.notes)[-KEPT:] == list(ward.panel.notes)[-KEPT:]


def test_following_goes_on_when_the_phone_is_started_anew(ward):
    panel = "%s:%d" % ward.phone.address
    command = [sys.executable, "-u", "-m", "host_tools.cli", "logs", "--follow", "--panel", panel]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    heard, errors = [], []
    threading.Thread(target=lambda: heard.extend(iter(child.stdout.readline, "")), daemon=True).start()
    threading.Thread(target=lambda: errors.extend(iter(child.stderr.readline, "")), daemon=True).start()

    def until(words, among):
        late = time.monotonic() + 10
        while not any(words in line for line in among):
            assert time.monotonic() < late, (words, heard, errors)
            time.sleep(0.02)

    try:
        until("switched on", heard)
        ward.press("services")
        until("page from A", heard)
        ward.phone.send(9)
        until("started anew", errors)
        until("started anew", heard)
        with Panel.connect(*ward.phone.address) as again:
            again.wait(lambda screen: not screen["busy"], 5, "the screen")
            last = again.notes[-1]["n"]
            again.press("services")
            again.wait_note(": page from ", 10, after=last)
        words = ["switched on.", ": asking A.", ": page from A", "started anew.", ": asking ", ": page from "]
        late = time.monotonic() + 10
        told = []
        while len(told) < len(words) and time.monotonic() < late:
            time.sleep(0.02)
            told = [line for line in heard if any(said in line for said in words) and " before " not in line]
        assert len(told) == len(words), heard
        assert all(said in line for said, line in zip(words, told, strict=True)), "each is told once"
    finally:
        child.terminate()
        assert child.wait(5) == 130


def test_the_drill_tells_who_takes_over(ward):
    code, out, err = everline(ward, "drill")
    assert (code, err) == (0, ""), err
    found = re.fullmatch(r"Without A: B after (\d+) ms\.\nWithout B: A after (\d+) ms\.\n", out)
    assert found and HEDGE <= int(found[1]) <= HEDGE + SLACK and int(found[2]) <= SLACK, out
    screen = ward.panel.settle()
    assert screen["title"] == "Drill" and screen["rows"][-1]["text"] == "All is as before."
    ward.press("services")
    ward.page_of("A", 1000)
    assert not ward.panel.screen["prompt"].startswith("From")


def test_the_drill_tells_where_nobody_would(ward):
    ward.world["B"].stop()
    code, out, _ = everline(ward, "drill", "--json")
    results = [json.loads(line) for line in out.splitlines()]
    assert code == 1 and results[0]["lost"] == "A" and results[0]["by"] is None
    assert results[0]["ms"] <= TIMERS["patience_ms"]
    assert {"said": "B refused the connection."} in results and results[-1]["by"] == "A"
    assert not any("asked last" in note["text"] for note in ward.panel.notes), "nothing was learned"


def test_a_key_stops_the_drill_and_the_command_says_so(ward):
    ward.world["B"].freeze()
    results = []
    worker = threading.Thread(target=lambda: results.append(everline(ward, "drill")))
    worker.start()
    ward.panel.wait(lambda screen: screen["title"] == "Drill" and screen["busy"], 5, "the drill")
    ward.press("back")
    worker.join(10)
    code, out, err = results[0]
    assert code == 1 and "The drill was stopped." in err


def test_a_page_is_opened_by_its_name_and_a_wrong_one_is_said(ward):
    ward.panel.open("servers")
    screen = ward.panel.wait(lambda screen: screen["title"] == "Servers", 2, "the why screen")
    assert screen["rows"][0]["text"] == "A is asked first."
    ward.panel.open("nonsense")
    ward.panel.wait_note("a page that is not there: nonsense", 2)


@pytest.mark.parametrize("line", [
    '{"open": 5}', '{"open": null}', '{"open": ["drill"]}', '{"open": ""}', '{"open": "dr\\nill"}',
    '{"open": "brightness/70"}', '{"open": "%s"}' % ("x" * 40),
])
def test_what_is_no_name_is_answered_by_a_sentence(ward, line):
    with socket.create_connection(ward.phone.address) as link:
        link.sendall(line.encode() + b"\n")
        for answer in link.makefile(encoding="utf-8"):
            if "error" in answer:
                break
        assert '\\"open\\"' in answer
