"""Variables of modules that are bound once, to a small number or a short word: their value stands for them.

A number up to 30 bits is part of the instruction that loads it, and MicroPython interns a literal of
up to ten bytes, so that a copy costs nothing. The variable itself then needs no room in a dictionary.
"""

import ast
import operator

from host_tools.shorten.program import Program

SMALL = 1 << 29  # a small int of a 32-bit board has 31 bits, sign included
INTERNED = 10  # bytes
_OPERATORS = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod, ast.LShift: operator.lshift, ast.RShift: operator.rshift,
    ast.BitOr: operator.or_, ast.BitAnd: operator.and_, ast.BitXor: operator.xor,
}  # fmt: skip
UNKNOWN = object()
CONST = ("micropython", "const")


class Values:
    """`known`: {Variable: value}, `gone`: statements that bind nothing else."""

    def __init__(self, program: Program, is_public):
        self._program = program
        self._is_public = is_public
        self.known = {}
        self.gone = set()
        for module in program.in_order():
            for node in module.tree.body:
                if isinstance(node, ast.Assign):
                    self._read(module, node)

    def _read(self, module, node):
        left = []
        for target in node.targets:
            for name, value in pairs(target, node.value):
                variable = module.variables.get(name)
                worth = self.of(module, value)
                if worth is UNKNOWN or not variable or variable.bindings > 1 or self._is_public(variable):
                    left.append((name, value))
                else:
                    self.known[variable] = worth
        if not left:
            self.gone.add(node)

    def of(self, module, node):
        """What an expression is worth; UNKNOWN: it is no such constant."""
        value = UNKNOWN
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Call) and is_const(module, node):
            value = self.of(module, node.args[0])
        elif isinstance(node, ast.Name | ast.Attribute):
            value = self.known.get(self._program.meaning(module, node), UNKNOWN)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.of(module, node.operand)
            value = -inner if type(inner) is int else UNKNOWN
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            sides = self.of(module, node.left), self.of(module, node.right)
            if all(type(side) is int for side in sides):
                value = _OPERATORS[type(node.op)](*sides)
        small = type(value) is int and abs(value) < SMALL or value is None or type(value) is bool
        return value if small or type(value) is str and len(value.encode()) <= INTERNED else UNKNOWN


def pairs(target, value):
    """(name, value) of each name that an assignment binds to a value of its own."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        starred = any(isinstance(part, ast.Starred) for part in target.elts + value.elts)
        if not starred and len(target.elts) == len(value.elts):
            return list(zip(target.elts, value.elts))
    return [(target, value)]


def is_const(module, node) -> bool:
    """Whether a Call is micropython.const()."""
    variable = module.variables.get(node.func)
    return bool(variable) and variable.imported == CONST
