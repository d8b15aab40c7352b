"""What `everline doctor` does: look at a configuration as a phone would, and at the servers that it names.

The judgement is the firmware's own: doctor_case.py runs under MicroPython and asks; this starts it and
prints what it found, in groups. Exit codes: 0 nothing is wrong, 1 something is (a mistake, a server that does
not answer, a loss that nobody would make good), 2 the file cannot be used at all.
"""

import json
import subprocess
import tempfile
from pathlib import Path

from host_tools import children
from host_tools.build import BOARDS, FIRMWARE
from host_tools.phone import interpreter
from host_tools.problem import Problem

CASE = Path(__file__).with_name("doctor_case.py")
HEAP = "8M"  # it runs on the sources, and nobody measures it
# 16 homes with eight URLs for each of four keys, three at a time, each silent for 6 s: nobody has that.
SECONDS = 600.0
GROUPS = {
    "configuration": "Configuration",
    "network": "Network",
    "name": "Names",
    "page": "Servers",
    "manager": "Call managers",
    "loss": "Were one lost",
    "bound": "How soon a death is known",
}
MARKS = {True: "  ", False: "! ", None: "  "}


def doctor(config: Path, as_json: bool, out) -> int:
    """Print each finding by out(line) as it comes; the exit code."""
    wrong, unusable, group = 0, False, None
    for found in findings(config):
        wrong += found["ok"] is False
        unusable = unusable or bool(found.get("unusable"))
        if as_json:
            out(json.dumps(found, ensure_ascii=False))
            continue
        if found["about"] != group:
            out(("" if group is None else "\n") + GROUPS[found["about"]])
            group = found["about"]
        out(MARKS[found["ok"]] + found["text"])
    said = verdict(wrong)
    if as_json:
        out(json.dumps({"about": "verdict", "ok": not wrong, "text": said}))
    else:
        out("\n" + said)
    return 2 if unusable else 1 if wrong else 0


def verdict(wrong: int) -> str:
    """The last sentence."""
    if wrong:
        return "1 thing is wrong." if wrong == 1 else "%d things are wrong." % wrong
    return "Nothing is wrong."


def findings(config: Path):
    """Dicts as doctor_case.py prints them. Problem: it broke off."""
    if not config.is_file():
        raise Problem("There is no file %s." % config, 2)
    path = "%s:%s:.frozen" % (FIRMWARE, BOARDS / "unix")
    with tempfile.TemporaryDirectory(prefix="everline-") as state:
        command = [interpreter(), "-X", "heapsize=" + HEAP, str(CASE),
                   "--config", str(config.resolve()), "--panel", "-", "--state", state]
        child = children.spawn(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace",
                               env={"MICROPYPATH": path})
        try:
            yield from _read(child)
        finally:
            child.kill()
            child.wait()
            child.stdout.close()


def _read(child):
    other = []
    for line in child.stdout:
        try:
            found = json.loads(line)
        except ValueError:
            other.append(line.rstrip())
            continue
        if found["about"] == "end":
            return
        yield found
    raise Problem("The doctor broke off.%s" % "".join("\n  " + line for line in other[-8:]))
