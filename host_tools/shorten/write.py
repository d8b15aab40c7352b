"""Write the units: the statements of their files with short names, without docstrings and known constants."""

import ast
import builtins
import dataclasses

from host_tools.shorten.names import PLATFORM, Names, fields, named_tuples
from host_tools.shorten.program import Module, Program, Variable
from host_tools.shorten.units import Unit
from host_tools.shorten.values import CONST, UNKNOWN, Values, is_const, pairs


def text_of(unit: Unit, program: Program, names: Names, values: Values, unit_of) -> str:
    """The source of a unit. The trees of its modules are used up."""
    body = []
    brought = set()  # what is imported at the top of the unit so far
    for module in unit.modules:
        body += Writer(program, names, values, unit_of, module, brought).statements()
    if len(unit.modules) > 1:
        body = _built_in(unit) + body
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))


def _built_in(unit) -> list:
    """Functions that are built in become globals of a unit of several files.

    MicroPython looks for `len` among the globals first. That they lack it shows where the search comes upon a
    free place, and a dictionary of two hundred names has few: parsing a page took a fifth longer.
    """
    used = set()
    for module in unit.modules:
        for node, scope in module.uses:
            if isinstance(node, ast.Name) and node not in module.variables and scope.kind == "function":
                used.add(node.id)
    names = [name for name in sorted(used & set(vars(builtins)) & PLATFORM) if name[0].islower()]
    return [ast.ImportFrom("builtins", [ast.alias(name) for name in names], 0)] if names else []


def _joined(body) -> list:
    """Imports in a row that bring names of one module become one."""
    out, row = [], {}
    for node in body:
        if isinstance(node, ast.ImportFrom):
            if node.module in row:
                row[node.module].names += node.names
                continue
            row[node.module] = node
        else:
            row = {}
        out.append(node)
    return out


class Writer(ast.NodeTransformer):
    """One file. What it imports of the same unit needs no import any more; of another unit the names that are
    used are imported in the same place, so that what came late comes late."""

    def __init__(self, program, names, values, unit_of, module, brought):
        self._program = program
        self._names = names
        self._values = values
        self._unit_of = unit_of
        self._module = module
        self._brought = brought
        self._wanted = {}  # import's Variable -> {unit: Variables that are used by way of it}
        for node, _ in module.uses:
            self._want(node)

    def _want(self, node):
        meant = self._program.meaning(self._module, node)
        if not meant or meant.scope.kind != "module" or not self._is_there(meant):
            return
        if self._has_value(node, meant):
            return
        unit = self._unit_of(meant.scope.module)
        while isinstance(node, ast.Attribute):
            node = node.value
        by = self._module.variables[node]
        if unit is not self._unit_of(self._module):
            self._wanted.setdefault(by, {}).setdefault(unit, set()).add(meant)

    def _is_there(self, target) -> bool:
        """Whether it is joined to others, and has its own name everywhere."""
        module = target.scope.module if isinstance(target, Variable) else target
        return self._program.is_joined(module.name) and not self._names.is_contract(module)

    def _value(self, variable):
        return self._values.known.get(self._program.follow(variable, anywhere=True), UNKNOWN)

    def _has_value(self, node, variable) -> bool:
        """Whether a use of a Variable is replaced by its value."""
        return isinstance(node.ctx, ast.Load) and self._value(variable) is not UNKNOWN

    def _of(self, node) -> str:
        return self._names.of(self._module.variables[node])

    def statements(self) -> list:
        module = self._module
        for variable, call in named_tuples(module):
            short = [ast.Constant(self._names.attribute(name)) for name in fields(call.args[1])]
            # A list is made and thrown away; a tuple would be a constant that stays for ever.
            call.args[:2] = [ast.Constant(self._names.of(variable)), ast.List(short, ast.Load())]
        module.tree.body = [node for node in module.tree.body if node not in self._values.gone]
        for node in module.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
                self._drop_known(node)
        self.visit(module.tree)
        return module.tree.body

    def _drop_known(self, node):
        """Of `A, B = 1, (2, 3)` the second remains."""
        both = pairs(node.targets[0], node.value)
        left = [(name, value) for name, value in both
                if self._module.variables.get(name) not in self._values.known]
        if 0 < len(left) < len(both):
            names, values = zip(*left)
            node.targets = [ast.Tuple(list(names), ast.Store()) if len(left) > 1 else names[0]]
            node.value = ast.Tuple(list(values), ast.Load()) if len(left) > 1 else values[0]

    def generic_visit(self, node):
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            return super().generic_visit(node)
        node.body = [one for one in body
                     if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        super().generic_visit(node)
        node.body = _joined(node.body)
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
        return node

    # --- what binds names -----------------------------------------------------------------------

    def _named(self, node):
        self.generic_visit(node)
        node.name = self._of(node) if node.name else None
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ExceptHandler = _named

    def visit_ClassDef(self, node):
        """MicroPython begins a class with two names that nobody asks for: they make room for others."""
        self._named(node)
        gone = [ast.Name(name, ast.Del()) for name in ("__module__", "__qualname__")]
        node.body.insert(0, ast.Delete(gone))
        return node

    def visit_arg(self, node):
        node.arg = self._of(node)
        return node

    def visit_Global(self, node):
        scopes = self._module.outer[node]
        node.names = [self._names.of(scope.names[name]) for scope, name in zip(scopes, node.names)]
        return node

    visit_Nonlocal = visit_Global

    def visit_Import(self, node):
        for alias in node.names:
            if alias.name != alias.name.partition(".")[0] and alias.name in self._program.modules:
                raise self._module.problem(node, "write `from ... import ...`.")
            alias.asname = self._of(alias) if alias.asname else None
        return node

    def visit_ImportFrom(self, node):
        """What is not there from the start stays as it is; of the rest, what is used by way of it."""
        kept, made = [], []
        for alias in node.names:
            variable = self._module.variables[alias]
            this = dataclasses.replace(variable, bindings=1, imported=(node.module, alias.name))
            target = self._program.target(this)
            if this.imported == CONST:
                continue
            if isinstance(target, Variable) and self._value(target) is not UNKNOWN:
                continue
            if isinstance(target, Module | Variable) and self._is_there(target):
                if variable.bindings > 1:
                    raise self._module.problem(node, "%s is bound in several places." % variable.name)
                made += self._imports(variable)
                continue
            alias.name = self._names.of(target) if isinstance(target, Variable) else alias.name
            own = self._names.of(variable)
            alias.asname = own if own != alias.name else None
            kept.append(alias)
        if kept:
            node.names = kept
            made.append(node)
        return made or (ast.Pass() if self._is_inside(node) else None)

    def _is_inside(self, node) -> bool:
        return not any(node is one for one in self._module.tree.body)

    def _imports(self, variable) -> list:
        made = []
        for unit, used in self._wanted.get(variable, {}).items():
            names = {(self._names.of(one), self._names.here(one)) for one in used}
            if variable.scope.kind == "module":
                names -= self._brought
                self._brought |= names
            else:  # what the file imports at its top, too, must not become a variable of this function
                names -= {(self._names.of(one), self._names.here(one)) for one in self._at_the_top(unit)}
            if names:
                aliases = [ast.alias(name, here if here != name else None) for name, here in sorted(names)]
                made.append(ast.ImportFrom(unit.name, aliases, 0))
        return sorted(made, key=lambda one: one.module)

    def _at_the_top(self, unit) -> set:
        """What this file imports of a unit outside of functions."""
        return set().union(*[used.get(unit, ()) for variable, used in self._wanted.items()
                             if variable.scope.kind == "module"])  # fmt: skip

    # --- what uses them -------------------------------------------------------------------------

    def visit_Name(self, node):
        variable = self._program.meaning(self._module, node)
        if variable is None:
            return node
        module = self._program.module_of(self._module, node)
        if isinstance(module, Module) and not self._names.is_contract(module):
            raise self._module.problem(node, "the module %s is used as a value." % module.name)
        return self._replaced(node, variable)

    def visit_Attribute(self, node):
        base = self._program.module_of(self._module, node.value)
        if isinstance(base, Module):
            return self._replaced(node, self._program.meaning(self._module, node))
        if base:
            inner = self._program.module_of(self._module, node)
            if isinstance(inner, Module) and isinstance(node.ctx, ast.Load):
                raise self._module.problem(node, "the module %s is used as a value." % inner.name)
            node.value = self._module_named(node.value)
            return node
        node.value = self.visit(node.value)
        node.attr = self._names.attribute(node.attr)
        return node

    def _replaced(self, node, variable):
        """What stands for a Name, or for an Attribute of one of our modules."""
        if self._has_value(node, variable):
            return ast.Constant(self._value(variable))
        if isinstance(node, ast.Attribute) and not self._is_there(variable):
            return ast.Attribute(self._module_named(node.value), self._names.of(variable), node.ctx)
        return ast.Name(self._names.here(variable), node.ctx)

    def _module_named(self, node):
        """An expression that means a module stays as it is, but for what it begins with."""
        if isinstance(node, ast.Name):
            return ast.Name(self._of(node), node.ctx)
        return ast.Attribute(self._module_named(node.value), node.attr, node.ctx)

    def visit_Call(self, node):
        if is_const(self._module, node):
            return self.visit(node.args[0])
        return self.generic_visit(node)
