'''`and` and `or` that hand on one of their operands become conditional expressions.

>>> import ast, gast
>>> before = """
... def f(x, y):
...     z = x[0] or y
...     return z * (y and x[1])
... """
>>> print(ast.unparse(gast.gast_to_ast(choose_operands(gast.parse(before).body[0]))))
def f(x, y):
    z = z_or if (z_or := x[0]) else y
    return z * (x[1] if y else y)

They stay where they are only tested, where all operands are surely true or false, and where they may
not be evaluated at all.
'''

from __future__ import annotations

import copy
from typing import Any

import gast

from srcad.normalise.conditional import HEADS, OPAQUE, SURE_ITEMS

Node = Any  # a gast node
TESTED: dict[type, str] = {gast.If: "test", gast.Assert: "test", gast.IfExp: "test"}


def choose_operands(tree: Node) -> Node:
    """Write the `and` and `or` of a function that hand on a value as conditional expressions."""
    if not any(isinstance(node, gast.BoolOp) for node in gast.walk(tree)):
        return tree
    rewritten = copy.deepcopy(tree)
    rewriter = _Rewriter(rewritten)
    for node in gast.walk(rewritten):
        rewriter.statement(node)
    return rewritten if rewriter.changed else tree


class _Rewriter:
    def __init__(self, tree: Node) -> None:
        self.used = {node.id for node in gast.walk(tree) if isinstance(node, gast.Name)}
        self.base = "chosen"
        self.changed = False

    def statement(self, node: Node) -> None:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        named = len(targets) == 1 and isinstance(targets[0], gast.Name)
        self.base = targets[0].id if named else "chosen"
        for name in HEADS.get(type(node), ()):
            head = getattr(node, name)
            if head is not None:
                tested = TESTED.get(type(node)) == name
                setattr(node, name, self.test(head) if tested else self.expression(head))

    def test(self, node: Node) -> Node:
        """What is only asked whether it is true; its first part is surely evaluated."""
        if isinstance(node, gast.BoolOp):
            node.values[0] = self.test(node.values[0])
            return node
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            node.operand = self.test(node.operand)
            return node
        return self.expression(node)

    def expression(self, node: Node) -> Node:
        if isinstance(node, gast.BoolOp):
            return self.test(node) if _is_truth(node) else self.chosen(node)
        if isinstance(node, OPAQUE) or not isinstance(node, gast.AST):
            return node
        if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.Not):
            return self.test(node)
        for name in node._fields:
            part = getattr(node, name, None)
            if isinstance(part, list):
                sure = SURE_ITEMS.get((type(node), name), len(part))
                setattr(node, name, [*map(self.expression, part[:sure]), *part[sure:]])
            elif isinstance(part, gast.AST):
                tested = TESTED.get(type(node)) == name
                setattr(node, name, self.test(part) if tested else self.expression(part))
        return node

    def chosen(self, node: gast.BoolOp) -> Node:
        """`a or b or c` as `a if a else (b or c)`."""
        self.changed = True
        first, rest = self.expression(node.values[0]), node.values[1:]
        other = rest[0] if len(rest) == 1 else gast.copy_location(gast.BoolOp(node.op, rest), node)
        is_or = isinstance(node.op, gast.Or)
        test = first
        if not isinstance(first, (gast.Name, gast.Constant)):
            name = self.unique(f"{self.base}_{'or' if is_or else 'and'}")
            target = gast.copy_location(gast.Name(name, gast.Store(), None, None), first)
            test = gast.copy_location(gast.NamedExpr(target, first), first)
            first = gast.copy_location(gast.Name(name, gast.Load(), None, None), first)
        first, other = copy.deepcopy(first), self.expression(other)
        sides = (first, other) if is_or else (other, first)
        return gast.copy_location(gast.IfExp(test, *sides), node)

    def unique(self, base: str) -> str:
        """A name that the function does not use."""
        name, number = base, 0
        while name in self.used:
            number += 1
            name = f"{base}_{number}"
        self.used.add(name)
        return name


def _is_truth(node: Node) -> bool:
    """Whether an expression is surely a truth value, or an array of them, as it is written."""
    if isinstance(node, gast.BoolOp):
        return all(map(_is_truth, node.values))
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.op, gast.Not)
    if isinstance(node, gast.Constant):
        return isinstance(node.value, bool)
    if isinstance(node, gast.Call):
        return isinstance(node.func, gast.Name) and node.func.id in ("isinstance", "bool", "callable")
    return isinstance(node, gast.Compare)
