"""What each name becomes.

Variables of modules and functions are known one by one, attributes are not: what `x` is in `x.name` cannot be
told from the text. So an attribute becomes the same everywhere, and is left alone where anybody but our own
classes may know it: names of MicroPython (platform_names.txt), `__names__`, names that no class of ours
declares, names in getattr() and hasattr(), arguments that are named in a call, and the contract of the board.

Two attributes may become one where no object has both. What an object has is said by its class, the bases of
that and its methods (`self.name = ...`). What is assigned from elsewhere (`view.name = ...`) could be on any
object: it shares with nothing.

A traceback tells the names of functions: two of one unit become one name only where they were one before.
"""

import ast
import itertools
import keyword
import string
from pathlib import Path

from host_tools.shorten.program import Module, Program, Variable

PLATFORM = frozenset(
    line for line in Path(__file__).with_name("platform_names.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#"))  # fmt: skip


def short_names(taken=()):
    """a, b, ... aa, ab, ... All take them from the same end, so that few have to be kept."""
    for length in itertools.count(1):
        for letters in itertools.product(string.ascii_letters, repeat=length):
            name = "".join(letters)
            if name not in taken and name not in PLATFORM and not keyword.iskeyword(name):
                yield name


def named_tuples(module):
    """(Variable, Call) of each `X = namedtuple("X", (...))` in a module."""
    for node in module.tree.body:
        call = node.value if isinstance(node, ast.Assign) else None
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "namedtuple":
            yield module.variables[node.targets[0]], call


def fields(node) -> tuple:
    """Names of the fields of a namedtuple, from a tuple of literals or a sum of such."""
    if isinstance(node, ast.BinOp):
        return fields(node.left) + fields(node.right)
    return tuple(ast.literal_eval(node))


class Attributes:
    """`short`: {name: short name} of the attributes that can be shortened."""

    def __init__(self, program: Program, unit_of, keep, guests):
        self._program = program
        self._families = {}  # ClassDef, or Variable of a namedtuple -> another one of its family
        self._declared = {}  # name -> those that have it
        self._units = {}  # name -> units that have a method of that name
        self._uses = {}
        self._keep = set(keep)
        self._alone = set()
        for module in program.modules.values():
            self._read_classes(module, unit_of(module))
            self._read_uses(module)
        for module in guests:
            self._read_classes(module, None)
            self._read_uses(module)
        self.short = self._choose()

    def _family(self, one):
        while self._families.get(one, one) is not one:
            one = self._families[one]
        return one

    def _declare(self, name, owner):
        self._declared.setdefault(name, set()).add(owner)
        self._uses.setdefault(name, 0)

    def _read_classes(self, module, unit):
        for node in module.classes:
            bases = [self._program.meaning(module, base) for base in node.bases]
            for one in filter(None, [module.variables[node], *bases]):
                one = self._program.follow(one, anywhere=True)
                self._families[self._family(node)] = self._family(one)
        for scope in module.scopes:
            for name, variable in scope.names.items() if scope.kind == "class" else ():
                self._declare(name, scope.node)
                if variable.defines:
                    self._units.setdefault(name, set()).add(unit)
        for variable, call in named_tuples(module):
            for name in fields(call.args[1]):
                self._declare(name, variable)

    def _read_uses(self, module):
        for node, _ in module.uses:
            if not isinstance(node, ast.Attribute) or self._program.module_of(module, node.value):
                continue
            if isinstance(node.ctx, ast.Load):
                self._uses[node.attr] = self._uses.get(node.attr, 0) + 1
                continue
            owner = module.variables.get(node.value) if isinstance(node.value, ast.Name) else None
            if owner and owner.of_class:
                self._declare(node.attr, owner.of_class)
            else:
                self._alone.add(node.attr)
        for node in module.calls:
            self._keep.update(word.arg for word in node.keywords if word.arg)
            if isinstance(node.func, ast.Name) and node.func.id in ("getattr", "hasattr"):
                if isinstance(node.args[1], ast.Constant):
                    self._keep.add(node.args[1].value)
                elif module.strict:
                    raise module.problem(node, "the name of the attribute is not written out.")

    def _choose(self):
        """The most used first, each in the first slot where it meets none that it could be taken for."""
        chosen, slots = {}, []
        for name in sorted(self._declared, key=lambda name: (-self._uses[name], name)):
            if name in PLATFORM or name in self._keep or name.startswith("__") or len(name) == 1:
                continue
            has = {self._family(owner) for owner in self._declared[name]} | self._units.get(name, set())
            number = len(slots)
            if name not in self._alone:
                number = next((at for at, taken in enumerate(slots) if taken and not taken & has), number)
            if number == len(slots):
                slots.append(set())
            if name not in self._alone:
                slots[number] |= has
            chosen[name] = number
        left_alone = (set(self._uses) | self._keep) - set(chosen)
        words = list(itertools.islice(short_names(left_alone), len(slots)))
        return {name: words[number] for name, number in chosen.items()}


class Names:
    """The short name of each Variable and of each attribute.

    unit_of(module) is what it becomes a part of. contract: names of modules whose public names stay. guests:
    modules that are no part of the program, but have objects that stand for its own.
    """

    def __init__(self, program: Program, unit_of, contract, guests=()):
        self._program = program
        self._unit_of = unit_of
        self._contract = contract
        # Attributes that others than the modules of the contract ask for.
        self._asked = {node.attr for module in program.modules.values() if not self.is_contract(module)
                       for node, _ in module.uses if isinstance(node, ast.Attribute)}
        self._words = {word.arg for module in [*program.modules.values(), *guests] for node in module.calls
                       for word in node.keywords}
        # Of modules: what belongs to a contract, and imports of what is not ours.
        self._stay = {variable.name for module in program.modules.values()
                      for variable in module.scope.names.values() if self._stays(variable)}
        self.attributes = Attributes(program, unit_of, self._stay, guests).short
        self._short = {}  # Variable -> name
        self._meant = {}  # Scope -> what is named in it
        for module in program.in_order():
            for node, scope in module.uses:
                meant = program.meaning(module, node)
                if meant:
                    self._meant.setdefault(scope, []).append(meant)
        self._name_globals()
        for module in program.in_order():
            for scope in module.scopes:
                if scope.kind == "function":
                    self._name_locals(scope)

    def is_contract(self, module: Module) -> bool:
        return module.name in self._contract

    def is_public(self, variable: Variable) -> bool:
        """Whether it belongs to a contract: others may ask for it without an import that tells."""
        asked = variable.scope.kind == "module" and variable.name in self._asked
        return asked and self.is_contract(variable.scope.module)

    def of(self, variable: Variable) -> str:
        if variable.scope.kind == "class":
            return self.attribute(variable.name)
        return self._short[variable]

    here = of  # what it is called where it is imported

    def unit(self, variable: Variable):
        """The unit that it is a part of."""
        return self._unit_of(variable.scope.module)

    def attribute(self, name) -> str:
        return self.attributes.get(name, name)

    def _name_globals(self):
        """Of modules, and of functions in functions, which tracebacks tell too. Whoever imports one uses the
        name that it has at home, so it must be free in all units where it is used. No attribute of a class
        may hide it from what is worked out in the body of that class. The most wanted ones choose first."""
        users, hiding, methods = {}, {}, {}
        for module in self._program.in_order():
            unit = self._unit_of(module)
            for variable in module.scope.names.values():
                users.setdefault(self._program.follow(variable), set()).add(unit)
            for scope in module.scopes:
                for meant in self._meant.get(scope, ()):
                    users.setdefault(meant, set()).add(unit)
                    if scope.kind == "class":
                        hiding.setdefault(meant, set()).update(map(self.attribute, scope.names))
                users.update((variable, {unit}) for variable in scope.names.values()
                             if scope.kind == "function" and variable.defines)
                methods.setdefault(unit, set()).update(self.of(variable) for variable in scope.names.values()
                                                       if scope.kind == "class" and variable.defines)
        taken = {}
        for variable in sorted(filter(self._is_global, users), key=lambda variable: -len(users[variable])):
            if self._stays(variable):
                self._short[variable] = variable.name
                continue
            here = [taken.setdefault(unit, set()) for unit in users[variable]]
            if variable.defines:
                here.append(methods[self._unit_of(variable.scope.module)])
            self._short[variable] = next(short_names(self._stay.union(hiding.get(variable, ()), *here)))
            for unit in users[variable]:
                taken[unit].add(self._short[variable])

    @staticmethod
    def _is_global(variable):
        return variable.scope.kind == "module" or variable.scope.kind == "function" and variable.defines

    def _stays(self, variable) -> bool:
        target = self._program.target(variable) if variable.imported else None
        contract = isinstance(target, Module) and self.is_contract(target)
        return contract or isinstance(target, str) or self.is_public(variable)

    def _name_locals(self, scope):
        """None that it, or a function within it, means otherwise."""
        named = {self._short[variable] for variable in [*self._from_around(scope), *scope.names.values()]
                 if variable in self._short}  # its own: functions within it have their names already
        words = short_names(named | self._words | self._stay)
        for variable in scope.names.values():
            if variable not in self._short:
                stays = variable.argument and variable.name in self._words
                self._short[variable] = variable.name if stays else next(words)

    def _from_around(self, scope) -> set:
        """Variables from outside that are named in it, or in a function within it."""
        found = set()
        for inner in scope.module.scopes:
            around = inner
            while around and around is not scope:
                around = around.parent
            if around:
                found.update(self._meant.get(inner, ()))
        return {variable for variable in found if variable.scope is not scope}


class Guest:
    """Names for a script that is no part of the program. Its variables keep theirs; its attributes become
    what they are in the program, because its objects may stand for the program's own."""

    def __init__(self, names: Names, module: Module):
        self._names = names
        self._module = module
        self.is_contract = names.is_contract
        self.attribute = names.attribute
        for node in module.classes:
            inside = [scope for scope in module.scopes if scope.node is node]
            own = {name for scope in inside for name in scope.names}
            own |= {use.attr for use, _ in module.uses if isinstance(use, ast.Attribute)
                    and getattr(module.variables.get(use.value), "of_class", None) is node}
            known = {}
            for name in sorted(own):
                other = known.setdefault(self.attribute(name), name)
                if other != name:
                    raise module.problem(node, "%s and %s are one name in what ships: choose another one."
                                         % (other, name))  # fmt: skip

    def of(self, variable: Variable) -> str:
        if variable.scope.module is not self._module:
            return self._names.of(variable)
        return self.attribute(variable.name) if variable.scope.kind == "class" else variable.name

    def here(self, variable: Variable) -> str:
        """A name that no variable of the script has, and no other one of the firmware."""
        if variable.scope.module is self._module:
            return self.of(variable)
        return "%s_of_%s" % (self._names.of(variable), self._names.unit(variable).name.replace(".", "_"))
