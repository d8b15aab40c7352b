"""Who may import whom, read off the files: the rule of "Brain and hands" in docs/architecture.md."""

import ast

import pytest

from tests.house.tree import BOARDS, FIRMWARE, ROOT, modules, shown

# Layer -> the layers of phone.* that it may import, and what else.
BRAIN = {"collections", "micropython"}
LAYERS = {
    "events": (set(), BRAIN),
    "records": (set(), BRAIN),
    "rare": (set(), BRAIN),
    "config": ({"wire", "checks", "checks_sip"}, BRAIN),
    "checks": (set(), BRAIN),
    "checks_sip": ({"wire", "checks"}, BRAIN),
    "wire": ({"wire", "records", "rare", "phrases"}, BRAIN | {"struct", "binascii", "hashlib"}),
    # binascii for the checksum of a stored record
    "core": ({"core", "wire", "events", "records", "rare", "config", "phrases"}, BRAIN | {"binascii"}),
    "ui": ({"ui", "events", "records", "rare", "phrases"}, BRAIN),
    "agent": ({"core", "ui", "events", "records", "rare", "config", "desk", "own", "phrases", "safe",
               "makers", "wished"}, BRAIN),
    "makers": ({"core", "own", "outside"}, BRAIN),
    "outside": ({"ui", "events", "able"}, BRAIN),
    "wished": ({"core", "outside", "registered", "idling"}, BRAIN),
    "safe": ({"core", "ui", "events", "desk", "phrases"}, BRAIN),
    "first": ({"core", "config", "runtime"}, {"gc", "json"} | BRAIN),
    "wants": ({"core", "ui", "rare", "phrases", "outside"}, BRAIN),
    "able": ({"core", "ui", "outside", "phrases"}, BRAIN),
    "desk": ({"core", "ui", "phrases", "stage", "status", "ageless"}, BRAIN),
    "stage": ({"core", "ui", "phrases", "wants", "life", "orders"}, BRAIN),
    "orders": ({"core", "wire", "phrases"}, BRAIN),
    "ageless": ({"aging", "phrases"}, BRAIN),
    "idling": ({"core"}, BRAIN),
    "life": ({"core", "ui", "wire"}, BRAIN),
    "aging": ({"ageless", "core", "phrases"}, BRAIN),
    "own": ({"core", "ui"}, BRAIN),
    "registered": ({"ui", "phrases"}, BRAIN),
    "phrases": (set(), BRAIN),
    "status": ({"ui", "phrases"}, BRAIN),
    "runtime": (
        {"runtime", "events"},
        # sys for print_exception alone
        {"asyncio", "socket", "select", "tls", "time", "json", "os", "struct", "errno", "gc", "sys",
         "io", "binascii", "deflate"} | BRAIN,
    ),
}
DRIVERS = {"machine", "network", "framebuf", "asyncio", "socket", "select", "struct", "time", "micropython"}
# What carries the panel link: JSON lines with base64 in them.
DRIVERS_OF_LINK = {"json", "binascii", "collections", "errno", "gc"}
BOARD = {"drivers", "machine", "sys", "micropython"}
BOARD_UNIX = {"os", "socket", "time", "struct", "errno", "json", "asyncio", "framebuf", "select", "gc", "io"}
MAIN = {"board", "phone", "asyncio", "deflate", "gc", "json", "sys", "micropython"}
# Nothing of the brain or the hands may come to the host side: it runs on CPython, the firmware elsewhere.
FIRMWARE_NAMES = {"phone", "drivers", "board", "micropython", "machine"}


def imports(path):
    """(line, dotted name) of each import; `from phone import events` counts as phone.events."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "%s:%d: absolute imports only" % (shown(path), node.lineno)
            if "." in node.module or node.module not in ("phone", "drivers"):
                yield node.lineno, node.module
            else:
                for alias in node.names:
                    yield node.lineno, "%s.%s" % (node.module, alias.name)


def forbidden(path, may_phone, may_else):
    for line, name in imports(path):
        parts = name.split(".")
        fine = parts[1] in may_phone if parts[0] == "phone" and len(parts) > 1 else parts[0] in may_else
        if not fine:
            yield "%s:%d imports %s" % (shown(path), line, name)


@pytest.mark.parametrize("path", modules(FIRMWARE / "phone"), ids=shown)
def test_a_layer_imports_only_what_lies_below(path):
    layer = path.relative_to(FIRMWARE / "phone").parts[0].removesuffix(".py")
    if layer == "__init__":
        assert not list(imports(path)), "phone/__init__.py imports nothing: it is read by every layer"
        return
    assert layer in LAYERS, "%s belongs to no layer that this test knows" % shown(path)
    assert not list(forbidden(path, *LAYERS[layer]))


@pytest.mark.parametrize("path", modules(FIRMWARE / "drivers"), ids=shown)
def test_drivers_never_import_the_phone(path):
    link = path.stem in ("panel", "link")
    assert not list(forbidden(path, set(), DRIVERS | {"drivers"} | (DRIVERS_OF_LINK if link else set())))


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*/board.py")), ids=shown)
def test_boards_import_drivers_and_the_machine(path):
    more = BOARD_UNIX if path.parent.name == "unix" else set()
    assert not list(forbidden(path, set(), BOARD | more))


def test_main_only_builds():
    main = FIRMWARE / "main.py"
    assert not list(forbidden(main, set(LAYERS), MAIN))


# What a bench measures runs on the unix port, beside the firmware.
HOST = [path for path in modules(ROOT / "host_tools") if not path.stem.endswith(("_case", "slices_main"))]


@pytest.mark.parametrize("path", HOST, ids=shown)
def test_the_host_side_imports_no_firmware(path):
    found = [name for _, name in imports(path) if name.split(".")[0] in FIRMWARE_NAMES]
    assert not found, "%s imports %s" % (shown(path), ", ".join(found))


@pytest.mark.parametrize("path", modules(ROOT / "tests" / "story"), ids=shown)
def test_the_scenery_has_its_own_parsers(path):
    found = [name for _, name in imports(path) if name.startswith(("phone.wire", "phone.core"))]
    assert not found, "%s imports %s: two ends must not share one mistake" % (shown(path), ", ".join(found))
