"""What the firmware keeps in RAM made less, without a change of what it does.

MicroPython keeps each name of a program once and for ever (a dozen bytes beside its letters), and each file
costs about 400 bytes. shorten() takes the files of a board and gives the sources of fewer files:

    program.py   reads all files together: which variable each name means
    units.py     joins the files of a folder that are there from the start, or come together
    names.py     chooses the short names, and says what is left alone
    values.py    finds the constants whose value can stand in their place
    write.py     writes the new sources
    back.py      translates what a phone says, by a table that is made here

The same sources give the same result, byte for byte.
"""

from host_tools.shorten.back import table
from host_tools.shorten.names import Guest, Names
from host_tools.shorten.program import Module, Program
from host_tools.shorten.units import Unit, joined
from host_tools.shorten.values import Values
from host_tools.shorten.write import text_of


class Short:
    """`files`: {path without suffix: source}, `names`: the table for back.py, `units`: what was joined.
    `guests`: {path: source} of the scripts that were thought of while the names were chosen."""

    def __init__(self, sources, roots, together, contract, guests):
        modules = [Module(name, path, text) for name, (path, text) in sorted(sources.items()) if text.strip()]
        self._program = Program(modules, roots, together)
        self.units = joined(self._program)
        self._unit_of = {module: unit for unit in self.units for module in unit.modules}
        beside = {path: self._read(path, text) for path, text in guests.items()}
        self._names = Names(self._program, self._unit_of.get, contract, beside.values())
        self._values = Values(self._program, self._names.is_public)
        self.names = table(self._program, self.units, self._names)  # before the trees are used up
        self.files = {unit.path: self._text(unit, self._names) for unit in self.units}
        self.guests = {path: self._guest(module) for path, module in beside.items()}

    @property
    def attributes(self) -> dict:
        """{name of an attribute: its short one}"""
        return self._names.attributes

    def _text(self, unit, names):
        return text_of(unit, self._program, names, self._values, self._unit_of.get)

    def guest(self, path, text) -> str:
        """A script that runs beside the firmware, such as a bench, in the firmware's short names.

        Problem: two attributes of one of its classes would become the same.
        """
        return self._guest(self._read(path, text))

    def _read(self, path, text) -> Module:
        module = Module("", path, text, strict=False)
        self._program.resolve(module)
        return module

    def _guest(self, module) -> str:
        unit = Unit("", "")
        unit.modules.append(module)
        return self._text(unit, Guest(self._names, module))


def shorten(sources, roots, together=(), contract=("board",), guests=None) -> Short:
    """sources: {module: (path that is shown, text)}. roots: modules that run by themselves. together: "FOLDER
    FIRST OTHER ..." each, files that are imported inside of functions and become one. contract: those whose
    public names others know. guests: {path: text} of scripts that have objects like the program's."""
    roots = [root for root in roots if root in sources]
    return Short(sources, roots, together, frozenset(contract), guests or {})
