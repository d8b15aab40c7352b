"""Which files become one.

A file costs a phone about 400 bytes of heap beside what is in it: the module, its dictionary, its table of
names, what it imports. So the files of a folder that are there from the start are joined to one, in the order
of their imports: the `__init__` of the folder. A file that needs a folder within its own (phone/agent.py
needs core, which needs phone/events.py) comes into a second one, which goes by the name of its last file.
Files that are imported inside of functions stay by themselves: they cost nothing until somebody wants them,
and can be forgotten again. But those of a row of `together` become one, under the name of the first.
"""

from host_tools.shorten.program import Program


class Unit:
    """Files that become one. `name` is what is imported."""

    def __init__(self, name, path):
        self.name = name
        self.path = path  # where it lies, without a suffix
        self.modules = []
        self.needs = set()  # Units that are imported before it

    def depends_on(self, other) -> bool:
        return self is other or any(unit.depends_on(other) for unit in self.needs)


def joined(program: Program) -> list:
    """All Units, each after those that it needs from the start."""
    needed = {module: _needed(program, module) for module in program.modules.values()}
    made = []
    late = set()  # modules that need a folder within their own
    unit_of, last = {}, {}
    for module in program.in_order():
        first = program.late.get(module.name)
        if first:
            if first not in last:
                last[first] = Unit(first, first.replace(".", "/"))
                made.append(last[first])
            unit_of[module] = last[first]
            last[first].modules.append(module)
            continue
        single = module.name not in program.static or not module.folder
        if any(other in late or other.folder.startswith(module.folder + ".") for other in needed[module]):
            late.add(module)
        needs = {unit_of[other] for other in needed[module] if other in unit_of}
        unit = None if single else last.get((module.folder, module in late))
        if not unit or any(need.depends_on(unit) for need in needs - {unit}):
            first = not single and module not in late and (module.folder, False) not in last
            name = module.folder if first else module.name
            unit = Unit(name, name.replace(".", "/") + ("/__init__" if first else ""))
            made.append(unit)
        elif unit.name != module.folder:
            unit.name, unit.path = module.name, module.name.replace(".", "/")
        if not single:
            last[module.folder, module in late] = unit
        unit.modules.append(module)
        unit.needs |= needs - {unit}
        unit_of[module] = unit
    return sorted(made, key=lambda unit: program.in_order().index(unit.modules[-1]))


def _needed(program, module) -> set:
    """Modules of ours that it imports and that are there from the start."""
    found = set()
    for node, _ in module.imports:
        for alias in node.names:
            where, wanted = module.variables[alias].imported
            found |= {where, "%s.%s" % (where, wanted)}
    return {program.modules[name] for name in found if name in program.static} - {module}
