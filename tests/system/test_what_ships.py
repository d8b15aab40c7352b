"""The unit tests once more, under MicroPython, on firmware that is joined and shortened as what ships.

The names are chosen with the tests in mind: their fakes stand for the firmware's own objects.
"""

import ast
import json
import os
import subprocess

import pytest

from host_tools import build
from host_tools.phone import interpreter
from host_tools.shorten.back import TABLE, Back

UNIT = build.ROOT / "tests" / "unit"
FILES = sorted(path.name for path in UNIT.glob("test_*.py"))
MARK = "\x1eresult "  # as in tests/unit/runner.py
HEAP = "1024wK"  # the tests' own names are long, and a large picture is looked at pixel by pixel


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """MICROPYPATH of the firmware and the tests, shortened together."""
    folder = tmp_path_factory.mktemp("ships")
    texts = {path.name: path.read_text(encoding="utf-8") for path in UNIT.glob("*.py")}
    runner = texts.pop("runner.py")
    short = build.shortened(build.sources("unix"), texts)
    for target, text in build.results(short).items():
        build.make(text, folder / "firmware" / target, folder / "firmware")
    for name, text in [*short.guests.items(), ("runner.py", runner)]:
        (folder / name).write_text(text)
    (folder / "firmware" / TABLE).write_text(json.dumps(short.names))
    return "%s:%s:.frozen" % (folder / "firmware", folder)


def wanted(name):
    """Names of the tests of a file that run under MicroPython, without those that ask for names of types or
    put something in the place of a module's own: a joined module has nobody to ask for it.
    """
    tree = ast.parse((UNIT / name).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "ONLY":
            if "micropython" not in ast.literal_eval(node.value):
                return []
    modules = {alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom)
               and node.module.startswith("phone") for alias in node.names}
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_") and "__name__" not in ast.unparse(node)
            and not any(isinstance(at, ast.Attribute) and isinstance(at.ctx, ast.Store)
                        and getattr(at.value, "id", "") in modules for at in ast.walk(node))]


@pytest.mark.parametrize("name", FILES)
def test_a_unit_holds_in_what_ships(name, path):
    tests = wanted(name)
    code = "import runner; runner.main(%r, %r)" % (name.removesuffix(".py"), tests)
    command = [interpreter(), "-X", "heapsize=" + HEAP, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, MICROPYPATH=path))  # fmt: skip
    results = [json.loads(line[len(MARK) :]) for line in done.stdout.split("\n") if line.startswith(MARK)]
    last = {result["test"]: result for result in results}
    wrong = ["%s: %s" % (test, result["error"]) for test, result in last.items()
             if result["state"] not in ("passed", "skipped")]
    back = Back.of(path.partition(":")[0])
    assert not wrong, "\n".join(map(back.line, "\n".join(wrong).split("\n")))
    assert sorted(last) == sorted(tests), done.stdout[-500:] + done.stderr[-500:]
