"""Sizes and habits that can be read off the source."""

import ast
import re
import subprocess
import sys

import pytest

from tests.house.tree import BOARDS, FIRMWARE, ROOT, modules, project_python, shown

FILE_LINES = 250  # one idea a file; what is longer is usually two
FUNCTION_LINES = 40  # fits on a screen
# Longer ones, each with its reason: "firmware/phone/x.py" or "firmware/phone/x.py:function".
LONGER = {}

ON_DEVICE = modules(FIRMWARE) + modules(BOARDS)
# Spelt in two parts, so that this file does not find itself.
LEFT_OVER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


@pytest.mark.parametrize("path", ON_DEVICE, ids=shown)
def test_firmware_comes_in_small_pieces(path):
    text = path.read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= FILE_LINES or shown(path) in LONGER, "%s has %d lines" % (shown(path), lines)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            name, size = "%s:%s" % (shown(path), node.name), node.end_lineno - node.lineno + 1
            assert size <= FUNCTION_LINES or name in LONGER, "%s has %d lines" % (name, size)


def test_each_exception_is_still_needed():
    known = {shown(path) for path in ON_DEVICE}
    assert all(name.partition(":")[0] in known and reason for name, reason in LONGER.items())


@pytest.mark.parametrize("path", project_python(), ids=shown)
def test_every_module_says_what_it_is(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "%s has no docstring" % shown(path)


@pytest.mark.parametrize("path", project_python(), ids=shown)
def test_nothing_is_left_over_and_nothing_swallowed(path):
    text = path.read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        assert not LEFT_OVER.search(line), "%s:%d: %s" % (shown(path), number, line.strip())
    for node in ast.walk(ast.parse(text)):
        bare = isinstance(node, ast.ExceptHandler) and node.type is None
        assert not bare, "%s:%d: a bare except hides what went wrong" % (shown(path), node.lineno)


@pytest.mark.parametrize("path", ON_DEVICE, ids=shown)
def test_firmware_keeps_to_what_micropython_does_well(path):
    """What CPython takes and MicroPython does not, or takes and pays for."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        at = "%s:%d" % (shown(path), getattr(node, "lineno", 0))
        assert not isinstance(node, (ast.NamedExpr, ast.Match)), "%s: not in firmware" % at
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("setattr", "eval", "exec"), "%s: %s" % (at, node.func.id)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr not in ("removeprefix", "removesuffix"), "%s: %s" % (at, node.func.attr)


def test_mpy_cross_takes_every_file():
    done = subprocess.run(
        [sys.executable, "-m", "host_tools.build", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
