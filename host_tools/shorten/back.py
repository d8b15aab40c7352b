"""Translate what a phone says back: its tracebacks name functions, classes and attributes by short names.

    python -m host_tools.shorten build/unix/names.json < log

    File "phone.core", line 1, in aq          ->  File "firmware/phone/core/race.py", line 70, in Race.blame
    AttributeError: 'H' object has no attribute 'c'          ->  'Result' object has no attribute 'url'

There are no lines in compiled files; the line is that of the function's `def`. Methods of one name in files
that were joined cannot be told apart: all of them are named.
"""

import ast
import json
import re
from pathlib import Path

TABLE = "names.json"  # beside the files that it is of
_FRAME = re.compile(r'^(\s*File ")([^"]+)(", line )(\d+), in (\S+)$')
_ERROR = re.compile(r"^\w*(Error|Exception|Exit|Interrupt|Iteration): ")


def table(program, units, names) -> dict:
    """What Back needs, as JSON: of each unit its functions by their short names, and all classes."""
    functions, classes = {}, {}
    for unit in units:
        of_unit = functions[unit.name] = {}
        for module in unit.modules:
            _learn_functions(program, module, names, of_unit)
            for node in module.classes:
                known = classes.setdefault(names.of(module.variables[node]), [])
                known += [node.name] if node.name not in known else []
    return {"functions": functions, "classes": classes}


def _learn_functions(program, module, names, of_unit):
    told = {}  # Scope -> what is told of it
    for scope in module.scopes:
        if isinstance(scope.node, ast.FunctionDef | ast.AsyncFunctionDef):
            around = scope.parent.node.name + "." if scope.parent.kind == "class" else ""
            told[scope] = {"at": module.path, "line": scope.node.lineno, "name": around + scope.node.name,
                           "names": {}, "attributes": {}}  # fmt: skip
            of_unit.setdefault(names.of(module.variables[scope.node]), []).append(told[scope])
    for node, scope in module.uses:
        while scope and scope not in told:
            scope = scope.parent
        meant = program.meaning(module, node)
        if scope and meant:
            told[scope]["names"][names.of(meant)] = meant.name
        if scope and isinstance(node, ast.Attribute):
            told[scope]["attributes"][names.attribute(node.attr)] = node.attr


class Back:
    """Lines of a phone, one after the other: what an error says is told in the words of the last frame."""

    def __init__(self, made):
        self._functions = made.get("functions", {})
        self._classes = made.get("classes", {})
        self._frame = None  # the functions that the last line may mean, while a traceback is under way

    @classmethod
    def of(cls, folder) -> "Back":
        """By the table in a folder of compiled files; without one all lines stay as they are."""
        try:
            return cls(json.loads((Path(folder) / TABLE).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return cls({})

    def line(self, text) -> str:
        """One line as the sources have it."""
        found = _FRAME.match(text)
        if found:
            return self._told(text, found)
        frame, self._frame = self._frame, None
        if frame is None or not _ERROR.match(text):
            return text
        text = re.sub(r"(?<=attribute ')\w+", lambda m: _words(frame, ("attributes",), m[0]), text)
        text = re.sub(r"(?<=name ')\w+", lambda m: _words(frame, ("names",), m[0]), text)
        text = re.sub(r"(?<=: )\w+(?=\(\) )", lambda m: _words(frame, ("names", "attributes"), m[0]), text)
        return re.sub(r"\w+(?=' object)", lambda m: " or ".join(self._classes.get(m[0], [m[0]])), text)

    def _told(self, text, found) -> str:
        unit = found[2].removesuffix(".py")
        functions = self._functions.get(unit) or self._functions.get(unit.rpartition("/")[2], {})
        self._frame = functions.get(found[5], [])
        if not self._frame:
            return text
        if len(self._frame) == 1:
            return '%s%s%s%d, in %s' % (found[1], self._frame[0]["at"], found[3], self._frame[0]["line"],
                                        self._frame[0]["name"])
        return "%s%s%s%s, in %s" % (found[1], found[2], found[3], found[4],
                                    " or ".join(one["name"] for one in self._frame))


def _words(frame, tables, short) -> str:
    """What a short name may stand for in a frame."""
    found = {one[name][short] for one in frame for name in tables if short in one[name]}
    return " or ".join(sorted(found)) or short
