"""Modules that the phone may forget (runtime/forget.py) are such that nothing is lost with them."""

import ast

import pytest

from host_tools import build
from phone.runtime.forget import SELDOM
from tests.house.tree import FIRMWARE

# Their classes are compared by nobody; their objects are let go by core/door.py with the last visitor, and by
# core/porter.py; or they are made anew each time, or are tuples.
OF_VISITS = {"core.push", "core.report", "wire.serve", "core.execute", "core.errands", "core.pending",
             "core.pushed", "core.warrant", "core.loans", "wire.execute", "wire.digest", "core.learned",
             "core.cold", "wire.sip", "able",
             "wire.objects", "wire.foreign", "wire.pixels"}
FILES = {name: FIRMWARE / "phone" / (name.replace(".", "/") + ".py") for name in SELDOM.split()}


@pytest.mark.parametrize("name", FILES)
def test_a_seldom_module_has_functions_and_constants_only(name):
    """A class that is imported twice is two classes, and a variable would be lost."""
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        kinds = (ast.Global,) if name in OF_VISITS else (ast.ClassDef, ast.Global)
        assert not isinstance(node, kinds), "%s, line %d" % (name, node.lineno)


def test_seldom_modules_ship_as_files_of_their_own():
    """What is imported outside of functions somewhere is joined to others, and cannot go alone."""
    short = build.shortened(build.sources("unix"))
    assert {"phone." + name for name in FILES} <= {unit.name for unit in short.units}
