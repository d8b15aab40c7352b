"""The unit tests once more, on what ships: each file in the short names of the build, under MicroPython."""

import ast
import json
import os
import subprocess

import pytest

from host_tools import build
from host_tools.phone import interpreter
from host_tools.shorten.back import Back

UNIT = build.ROOT / "tests" / "unit"
FILES = sorted(path.name for path in UNIT.glob("test_*.py"))
MARK = "\x1eresult "  # as in tests/unit/runner.py
# The firmware's names are not all that a test can ask for: an argument that no file of the firmware names
# in a call has another name in what ships.
UNNAMED = "unexpected keyword argument"
HEAP = "256wK"  # the tests' own names are long


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tests, written for what ships."""
    made = tmp_path_factory.mktemp("unit")
    short = build.shortened(build.sources("unix"))
    for path in UNIT.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        (made / path.name).write_text(text if path.name == "runner.py" else short.guest(str(path), text))
    return made


def wanted(name):
    """Names of the tests of a file that run under MicroPython, without those that ask for names of types."""
    tree = ast.parse((UNIT / name).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ONLY":
            if "micropython" not in ast.literal_eval(node.value):
                return []
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_") and "__name__" not in ast.unparse(node)]


@pytest.mark.parametrize("name", FILES)
def test_a_unit_holds_in_what_ships(name, folder):
    tests, ships = wanted(name), build.build("unix")
    code = "import runner; runner.main(%r, %r)" % (name.removesuffix(".py"), tests)
    done = subprocess.run(
        [interpreter(), "-X", "heapsize=" + HEAP, "-c", code], capture_output=True, text=True, timeout=60,
        env=dict(os.environ, MICROPYPATH="%s:%s:.frozen" % (ships, folder)),
    )  # fmt: skip
    lines = done.stdout.split("\n")
    results = [json.loads(line[len(MARK) :]) for line in lines if line.startswith(MARK)]
    last = {result["test"]: result for result in results}
    wrong = ["%s: %s" % (test, result["error"]) for test, result in last.items()
             if result["state"] not in ("passed", "skipped") and UNNAMED not in result["error"]]
    assert not wrong, "\n".join(map(Back.of(ships).line, "\n".join(wrong).split("\n")))
    assert sorted(last) == sorted(tests), done.stdout[-500:] + done.stderr[-500:]
