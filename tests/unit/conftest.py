"""Every unit test runs under both interpreters: MicroPython and CPython.

Each file test_*.py is run once per interpreter, in a process of its own, by runner.py; each
function is one pytest item per interpreter, `test_x[micropython]` and `test_x[cpython]`. Only
the functions that are selected run. MicroPython runs with the heap of the small board.

Which MicroPython: the environment's MICROPYTHON, else the one beside this Python, else that of PATH.
"""

import ast
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).parent
FIRMWARE = HERE.parents[1] / "firmware"

# A stock ESP32 without PSRAM leaves Python 112 KB; objects are twice as large on 64 bits, and the
# suffix "w" scales by the size of a word.
HEAP = "112wK"
# A file takes well under a second; a minute means that something hangs, also on a busy machine.
TIMEOUT_S = 60

MARK = "\x1eresult "  # as in runner.py
START = "import runner; runner.main(%r, %r)"


def pytest_pycollect_makemodule(module_path, parent):
    return UnitFile.from_parent(parent, path=module_path)


def micropython():
    """Path of the unix port, or None."""
    beside = pathlib.Path(sys.executable).with_name("micropython")
    return os.environ.get("MICROPYTHON") or (str(beside) if beside.exists() else shutil.which("micropython"))


def command(interpreter, code, heap):
    """Arguments and environment that run `code` under "micropython" or "cpython"."""
    if interpreter == "cpython":
        path = os.pathsep.join(map(str, (FIRMWARE, HERE, HERE / "_cpython")))
        return [sys.executable, "-B", "-c", code], dict(os.environ, PYTHONPATH=path)
    program = micropython()
    if program is None:
        raise Failed("There is no MicroPython here: run `make setup`, or set MICROPYTHON to a unix port.")
    # The wheel's `micropython` is itself started by CPython, which must not find tests/unit/_cpython.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    env.update(MICROPYPATH="%s:%s:.frozen" % (FIRMWARE, HERE))
    return [program, "-X", "heapsize=" + heap, "-c", code], env


def named(body, name):
    """What a file says of how it runs. ONLY = ("micropython",): the hands use what one of them has.
    HEAP = "256wK": more is compiled than a phone ever loads.
    """
    for node in body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return ast.literal_eval(node.value)
    return None


class Failed(Exception):
    """A failure whose text says it all."""


class UnitFile(pytest.File):
    __test__ = False

    def collect(self):
        self.runs = {}
        try:
            body = ast.parse(self.path.read_text(encoding="utf-8")).body
        except SyntaxError as problem:
            raise self.CollectError("%s:%s: %s" % (self.path, problem.lineno, problem.msg)) from None
        tests = {}  # by name, so that a name defined twice is found
        for node in body:
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if node.name in tests:
                raise self.CollectError("%s: %s is defined twice" % (self.path, node.name))
            if node.args.args:
                raise self.CollectError("%s: %s takes arguments; none are given" % (self.path, node.name))
            tests[node.name] = node.lineno
        self.heap = named(body, "HEAP") or HEAP
        for interpreter in named(body, "ONLY") or ("micropython", "cpython"):
            for name, line in tests.items():
                yield UnitItem.from_parent(
                    self, name="%s[%s]" % (name, interpreter), test=name, interpreter=interpreter, line=line
                )

    def results(self, interpreter):
        """The Run of this interpreter; the process is started at the first call."""
        if interpreter not in self.runs:
            names = [i.test for i in self.session.items if i.parent is self and i.interpreter == interpreter]
            self.runs[interpreter] = Run(self.path.stem, names, interpreter, self.heap)
        return self.runs[interpreter]


class Run:
    """One process: `states` maps a test to its last line, `printed` to what it printed itself."""

    def __init__(self, module, names, interpreter, heap):
        args, env = command(interpreter, START % (module, names), heap)
        try:
            done = subprocess.run(
                args, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                timeout=TIMEOUT_S,
            )  # fmt: skip
            output, self.end = done.stdout, "the process ended with code %d" % done.returncode
            if done.returncode < 0:
                self.end = "the process was killed by signal %d" % -done.returncode
        except subprocess.TimeoutExpired as late:
            output, self.end = late.stdout or b"", "the process was stopped after %d s" % TIMEOUT_S
        except OSError as problem:
            raise Failed("%s cannot be started: %s" % (args[0], problem.strerror)) from None
        self.states, self.printed = {}, {}
        current = ""
        for line in output.decode("utf-8", "replace").split("\n"):
            if line.startswith(MARK):
                state = json.loads(line[len(MARK) :])
                current = state["test"]
                self.states[current] = state
            else:
                self.printed[current] = self.printed.get(current, "") + line + "\n"


class UnitItem(pytest.Item):
    __test__ = False

    def __init__(self, *, test, interpreter, line, **rest):
        super().__init__(**rest)
        self.test, self.interpreter, self.line = test, interpreter, line

    def runtest(self):
        run = self.parent.results(self.interpreter)
        result = run.states.get(self.test, {"state": "absent"})
        printed = run.printed.get(self.test, "").strip()
        if result["state"] == "passed":
            return
        if result["state"] == "skipped":
            pytest.skip(result["error"])
        if result["state"] == "failed":
            raise Failed(annotate(result["error"]) + ("\nprinted:\n" + printed if printed else ""))
        if result["state"] == "running":
            raise Failed("%s in this test.\n%s" % (run.end, annotate(printed)))
        died = [name for name, result in run.states.items() if result["state"] == "running"]
        where = " in %s" % died[0] if died else ":\n" + annotate(run.printed.get("", ""))
        raise Failed("Did not run: %s%s" % (run.end, where))

    def repr_failure(self, excinfo, style=None):
        if excinfo.errisinstance(Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, self.line - 1, self.name


def annotate(text):
    """Add the source line to each place that a MicroPython traceback names, and drop runner's own."""
    out = []
    lines = text.rstrip().split("\n")
    for number, line in enumerate(lines):
        out.append(line)
        place = re.match(r'\s+File "(.+)", line (\d+)', line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if not place or following.startswith("    "):  # CPython shows the source by itself
            continue
        file, at = pathlib.Path(place[1]), int(place[2])
        if file.name == "runner.py" or place[1] == "<string>":
            out.pop()
        elif file.is_file():
            source = file.read_text(encoding="utf-8", errors="replace").split("\n")
            if at <= len(source):
                out.append("    " + source[at - 1].strip())
    return "\n".join(out)
