"""The firmware as a whole: which variable each name means, over all files together.

What cannot be known from the text alone is refused with its place: a name that is renamed in one file and
not in another would be found out by the person at the phone.
"""

import ast
import dataclasses

from host_tools.problem import Problem

# They find names while the program runs, where nobody can follow.
UNREADABLE = {"setattr", "delattr", "vars", "dir", "locals", "globals", "eval", "exec"}
UNREADABLE_NAMES = {"__dict__", "__getattr__", "__setattr__", "AttributeError"}


@dataclasses.dataclass(eq=False)
class Scope:
    """A module, class or function, with what is bound in it. Lambdas and comprehensions are functions."""

    kind: str  # "module", "class", "function"
    module: "Module"
    parent: "Scope | None" = None
    node: ast.AST | None = None
    names: dict = dataclasses.field(default_factory=dict)  # name -> Variable
    outer: dict = dataclasses.field(default_factory=dict)  # name -> Scope, by `global` and `nonlocal`

    def bind(self, name) -> "Variable":
        """The Variable that a binding of `name` here makes or means."""
        if name in self.outer:
            return self.outer[name].bind(name)
        variable = self.names.setdefault(name, Variable(name, self))
        variable.bindings += 1
        return variable

    def find(self, name) -> "Variable | None":
        """The Variable that a use of `name` here means; None for what is built in."""
        scope = self.outer.get(name, self)
        while scope is not None:
            if name in scope.names and (scope is self or scope.kind != "class"):
                return scope.names[name]
            scope = scope.parent
        return None


@dataclasses.dataclass(eq=False)
class Variable:
    """Something with a name, bound in one scope."""

    name: str
    scope: Scope
    bindings: int = 0
    argument: bool = False
    defines: bool = False  # it is the name of a function or class, which tracebacks tell
    imported: tuple = ()  # (module, name in it or "") as an import has it
    of_class: ast.AST | None = None  # where it is the first argument of a method


class Module:
    """One file: `name` as it is imported (phone.core.client), `path` as a person finds it.

    strict: what finds names while the program runs is refused.
    """

    def __init__(self, name, path, text, strict=True):
        self.name = name
        self.path = path
        self.strict = strict
        try:
            self.tree = ast.parse(text, path)
        except SyntaxError as error:
            raise Problem("%s, line %s: %s" % (path, error.lineno, error.msg)) from None
        self.scope = Scope("module", self, node=self.tree)
        self.scopes = [self.scope]  # each after the one around it
        self.variables = {}  # a node that binds or means a variable -> Variable
        self.uses = []  # (Name or Attribute, Scope)
        self.outer = {}  # Global or Nonlocal -> Scopes of its names
        self.calls = []  # Call
        self.classes = []  # ClassDef
        self.imports = []  # (Import or ImportFrom, Scope)
        _Reader(self).visit(self.tree)

    @property
    def folder(self) -> str:
        """The package that it lies in, "" for none."""
        return self.name.rpartition(".")[0]

    def problem(self, node, sentence) -> Problem:
        return Problem("%s, line %d: %s" % (self.path, getattr(node, "lineno", 1), sentence))


class _Reader(ast.NodeVisitor):
    """Finds scopes, bindings and uses of one file."""

    def __init__(self, module):
        self.module = module
        self.scope = module.scope

    def _inside(self, kind, node, parts):
        self.scope = Scope(kind, self.module, self.scope, node)
        self.module.scopes.append(self.scope)
        for part in parts:
            self.visit(part)
        self.scope = self.scope.parent

    def _bind(self, node, name) -> Variable:
        variable = self.module.variables[node] = self.scope.bind(name)
        return variable

    def visit_FunctionDef(self, node):
        for decorator in node.decorator_list:
            self.visit(decorator)
        self._bind(node, node.name).defines = True
        self._function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self._function(node, [node.body])

    def _function(self, node, body):
        arguments = node.args
        for default in arguments.defaults + arguments.kw_defaults:
            if default:
                self.visit(default)
        of_class = self.scope.node if self.scope.kind == "class" else None
        self._inside("function", node, [arguments, *body])
        static = any(ast.unparse(one) == "staticmethod" for one in getattr(node, "decorator_list", ()))
        if of_class and arguments.args and not static:
            self.module.variables[arguments.args[0]].of_class = of_class

    def visit_arguments(self, node):
        every = node.posonlyargs + node.args + node.kwonlyargs + [node.vararg, node.kwarg]
        for argument in every:
            if argument:
                self._bind(argument, argument.arg).argument = True

    def visit_ClassDef(self, node):
        for part in node.decorator_list + node.bases + node.keywords:
            self.visit(part)
        self._bind(node, node.name).defines = True
        self.module.classes.append(node)
        self._inside("class", node, node.body)

    def _comprehension(self, node):
        self.visit(node.generators[0].iter)  # it is worked out before the new scope is entered
        results = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        self._inside("function", node, [*node.generators, *results])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def visit_comprehension(self, node):
        self.visit(node.target)
        if node is not self.scope.node.generators[0]:
            self.visit(node.iter)
        for condition in node.ifs:
            self.visit(condition)

    def visit_Name(self, node):
        if self.module.strict and node.id in UNREADABLE | UNREADABLE_NAMES:
            raise self.module.problem(node, "%s cannot be followed when names are shortened." % node.id)
        if not isinstance(node.ctx, ast.Load):
            self._bind(node, node.id)
        self.module.uses.append((node, self.scope))

    def visit_Attribute(self, node):
        if self.module.strict and node.attr in UNREADABLE_NAMES:
            raise self.module.problem(node, "%s cannot be followed when names are shortened." % node.attr)
        self.visit(node.value)
        self.module.uses.append((node, self.scope))

    def visit_Call(self, node):
        self.module.calls.append(node)
        if ast.unparse(node).startswith("delattr(sys.modules["):  # a module's modules keep their names
            for argument in node.args:
                self.visit(argument)
            return
        self.generic_visit(node)

    def visit_ExceptHandler(self, node):
        if node.name:
            self._bind(node, node.name)
        self.generic_visit(node)

    def visit_Global(self, node):
        self.module.outer[node] = [self.module.scope for _ in node.names]
        self.scope.outer.update(zip(node.names, self.module.outer[node]))

    def visit_Nonlocal(self, node):
        found = self.module.outer[node] = []
        for name in node.names:
            around = self.scope.parent
            while around and (around.kind != "function" or name not in around.names):
                around = around.parent
            if not around:
                raise self.module.problem(node, "%s is bound further down." % name)
            found.append(around)
        self.scope.outer.update(zip(node.names, found))

    def visit_Import(self, node):
        self.module.imports.append((node, self.scope))
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._bind(alias, alias.asname or top).imported = (alias.name if alias.asname else top, "")

    def visit_ImportFrom(self, node):
        if node.level or node.names[0].name == "*":
            raise self.module.problem(node, "an import says in full where it takes which names from.")
        self.module.imports.append((node, self.scope))
        for alias in node.names:
            self._bind(alias, alias.asname or alias.name).imported = (node.module, alias.name)


class Program:
    """All files of a board. `roots`: names of those that run by themselves. `together`: as of shorten()."""

    def __init__(self, modules, roots, together=()):
        self.modules = {module.name: module for module in modules}
        self.packages = {module.folder for module in modules} - {""}
        self.packages |= {name.rpartition(".")[0] for name in self.packages} - {""}
        # What is there from the start, in an order in which each comes after all that it imports.
        self.static = []
        for root in roots:
            self._reach(root, self.static)
        # What comes late and together: the name of each -> that of the first of its row.
        self.late = {}
        for row in together:
            folder, first, *others = row.split()
            names = ["%s.%s" % (folder, name) for name in (first, *others)]
            found = []
            self._reach(names[0], found)
            self.late.update({name: names[0] for name in found if name in names})
            for name in set(names) - set(found):
                if name in self.modules:
                    raise self.modules[name].problem(None, "%s does not need it at its start." % names[0])
        for module in modules:
            self.resolve(module)

    @staticmethod
    def resolve(module):
        """Find the Variable of each Name."""
        for node, scope in module.uses:
            variable = scope.find(node.id) if isinstance(node, ast.Name) else None
            if variable:
                module.variables[node] = variable

    def in_order(self) -> list:
        """Each module after those that it imports outside of functions."""
        begun = [*self.static, *self.late]
        return [self.modules[name] for name in begun + sorted(set(self.modules) - set(begun))]

    def is_joined(self, name) -> bool:
        """Whether a module may be one file with others: what it has is imported of that file."""
        return name in self.static or name in self.late

    def _reach(self, name, found):
        """Add to `found` what a module imports outside of functions, and then itself."""
        if name in self.static or name in found or name not in self.modules:
            return
        module = self.modules[name]
        for node, scope in module.imports:
            for alias in node.names if scope.kind == "module" else ():
                where, wanted = module.variables[alias].imported
                self._reach(where, found)
                self._reach("%s.%s" % (where, wanted), found)
        found.append(name)

    def target(self, variable) -> "Module | Variable | str | None":
        """What an imported Variable stands for: one of ours, or the name of what is not, or of a package.

        None: it is bound in several places, so it depends.
        """
        where, wanted = variable.imported
        whole = "%s.%s" % (where, wanted) if wanted else where
        if variable.bindings > 1:
            if whole in self.modules and variable.scope.module.strict:
                said = "%s is a module of ours and bound more than once in one place." % variable.name
                raise variable.scope.module.problem(None, said)
            return None
        if whole in self.modules or where not in self.modules:
            return self.modules.get(whole, whole)
        if wanted not in self.modules[where].scope.names:
            raise variable.scope.module.problem(None, "%s has no %s." % (where, wanted))
        return self.modules[where].scope.names[wanted]

    def follow(self, variable, anywhere=False) -> Variable:
        """The Variable itself, or the one that it stands for, where that module is joined to others."""
        target = self.target(variable) if variable.imported else None
        if isinstance(target, Variable) and (anywhere or self.is_joined(target.scope.module.name)):
            return self.follow(target, anywhere)
        return variable

    def module_of(self, module, node) -> "Module | str | None":
        """The Module that an expression means, or the name of one that is not ours, or of a package."""
        if isinstance(node, ast.Name):
            variable = module.variables.get(node)
            target = self.target(variable) if variable and variable.imported else None
            return None if isinstance(target, Variable) else target
        if isinstance(node, ast.Attribute):
            base = self.module_of(module, node.value)
            if isinstance(base, str):
                name = "%s.%s" % (base, node.attr)
                return self.modules.get(name, name)
        return None

    def meaning(self, module, node) -> Variable | None:
        """The Variable that a Name means, or an Attribute of one of our modules; None for all else."""
        if isinstance(node, ast.Name):
            found = module.variables.get(node)
        else:
            base = self.module_of(module, node.value)
            found = base.scope.names.get(node.attr) if isinstance(base, Module) else None
            if not found and isinstance(base, Module):
                raise module.problem(node, "%s has no %s." % (base.name, node.attr))
        return self.follow(found) if found else None
