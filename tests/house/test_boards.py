"""Every board keeps the board contract (docs/architecture.md), and its manifest names what is there."""

import ast

import pytest

from host_tools import build
from tests.house.tree import BOARDS, FIRMWARE, shown

# What runtime/ and main.py ask of a board in this version.
CONTRACT = {
    "identity", "network", "link", "display", "keypad", "entropy", "state", "watchdog", "reset_cause",
    "restart", "lamp", "tone", "wall", "note", "pair", "fonts", "configuration", "CONFIGURATION",
    "asked", "tls_max", "trust", "words", "interface", "scratch", "keep",
}  # fmt: skip


def names(path):
    """What a module defines or imports at its top level."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                found |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return found


def asked(path):
    """The names that a module takes from `board` or `self._board`: {name: line}."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name) and owner.id == "board":
                found[node.attr] = node.lineno
            if isinstance(owner, ast.Attribute) and owner.attr == "_board":
                found[node.attr] = node.lineno
    return found


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*/board.py")), ids=shown)
def test_a_board_has_all_that_the_contract_names(path):
    missing = CONTRACT - names(path)
    assert not missing, "%s lacks %s" % (shown(path), ", ".join(sorted(missing)))


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*/board.py")), ids=shown)
def test_a_board_has_all_that_the_firmware_asks_for(path):
    has = names(path)
    for module in [FIRMWARE / "main.py", *sorted((FIRMWARE / "phone" / "runtime").glob("*.py"))]:
        for name, line in asked(module).items():
            assert name in has, "%s:%d asks for board.%s, which %s lacks" % (
                shown(module), line, name, shown(path),
            )  # fmt: skip


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*/manifest.txt")), ids=shown)
def test_a_manifest_carries_all_that_its_modules_import(path):
    from tests.house.test_layers import imports

    carried = build.sources(path.parent.name)
    for source in carried.values():
        for line, name in imports(source):
            if name.split(".")[0] not in ("phone", "drivers", "board"):
                continue
            ways = [name.replace(".", "/") + ".mpy", name.replace(".", "/") + "/__init__.mpy"]
            # `from phone.wire import http` asks for the module http or for a name in the package
            assert any(way in carried for way in ways), "%s:%d imports %s, which %s leaves out" % (
                shown(source), line, name, shown(path),
            )  # fmt: skip


def test_the_keys_of_the_panel_are_keys_of_the_phone():
    from drivers.link import KEYS
    from phone.ui.keys import NAMES

    assert sorted(KEYS) == sorted(NAMES)
