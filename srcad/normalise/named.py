'''A name that is bound inside an expression is bound in a statement of its own, before it.

>>> import ast, gast
>>> before = """
... def f(x):
...     if (s := np.sum(x)) > 1.0:
...         return s
...     return x[0] * (t := s + 1.0) * t
... """
>>> print(ast.unparse(gast.gast_to_ast(bind_before(gast.parse(before).body[0]))))
def f(x):
    s = np.sum(x)
    if s > 1.0:
        return s
    t = s + 1.0
    return x[0] * t * t

It stays, and is refused when it is built, where it may not be evaluated, and where the statement reads
the name before it binds it.
'''

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import gast

from srcad.normalise.conditional import HEADS, OPAQUE, SURE_ITEMS

Node = Any  # a gast node


def bind_in_bodies(tree: Node) -> Node:
    """`while (y := f(y)) > 0: ...` binds in its body, and ends there; exits are still jumps."""
    loops = [n for n in gast.walk(tree) if isinstance(n, gast.While) and not n.orelse]
    if not any(isinstance(n, gast.NamedExpr) for loop in loops for n in gast.walk(loop.test)):
        return tree
    rewritten = copy.deepcopy(tree)
    rewriter = _Rewriter()
    for node in gast.walk(rewritten):
        if isinstance(node, gast.While) and not node.orelse:
            rewriter.test_in_body(node)
    return rewritten if rewriter.changed else tree


def bind_before(tree: Node) -> Node:
    """Take the assignments out of the expressions of a function."""
    if not any(isinstance(node, gast.NamedExpr) for node in gast.walk(tree)):
        return tree
    rewritten = copy.deepcopy(tree)
    rewriter = _Rewriter()
    rewritten.body = rewriter.block(rewritten.body)
    return rewritten if rewriter.changed else tree


class _Rewriter:
    def __init__(self) -> None:
        self.changed = False
        self.before: list[Node] = []
        self.read: set[str] = set()  # the names read so far in the statement

    def block(self, statements: Sequence[Node]) -> list[Node]:
        return [new for statement in statements for new in self.statement(statement)]

    def statement(self, node: Node) -> list[Node]:
        outer, self.before = self.before, []
        self.read = {node.target.id} if _adds_to_a_name(node) else set()
        for name in HEADS.get(type(node), ()):
            head = getattr(node, name)
            if head is not None:
                setattr(node, name, self.expression(head))
        statements, self.before = [*self.before, node], outer
        for name in ("body", "orelse"):
            if isinstance(node, (gast.If, gast.For, gast.While, gast.With)) and hasattr(node, name):
                setattr(node, name, self.block(getattr(node, name)))
        return statements

    def test_in_body(self, node: Node) -> None:
        """`while (y := f(y)) > 0: ...` binds in its body, and ends there."""
        outer, self.before, self.read = self.before, [], set()
        test = self.expression(node.test)
        if self.before:
            no = gast.copy_location(gast.UnaryOp(gast.Not(), test), test)
            end = gast.copy_location(gast.Break(), test)
            leave = gast.copy_location(gast.If(no, [end], []), test)
            node.body = [*self.before, leave, *node.body]
            node.test = gast.copy_location(gast.Constant(True, None), test)
        self.before = outer

    def expression(self, node: Node) -> Node:
        """An expression without the bindings in it that are sure to be made, in their order."""
        if isinstance(node, gast.NamedExpr):
            before = set(self.read)
            node.value = self.expression(node.value)
            if node.target.id in before:
                return node
            return self.bound(node)
        if isinstance(node, gast.Name):
            self.read.add(node.id)
            return node
        if isinstance(node, OPAQUE):
            self.read |= _names(node)
            return node
        for name in ("test", "body", "orelse") if isinstance(node, gast.IfExp) else node._fields:
            self.field(node, name)
        return node

    def field(self, node: Node, name: str) -> None:
        part = getattr(node, name)
        if isinstance(node, gast.IfExp) and name != "test":
            self.read |= _names(part)
        elif isinstance(part, list):
            sure = SURE_ITEMS.get((type(node), name), len(part))
            first = [self.expression(p) if isinstance(p, gast.AST) else p for p in part[:sure]]
            self.read |= set().union(*map(_names, part[sure:]))
            setattr(node, name, [*first, *part[sure:]])
        elif isinstance(part, gast.AST):
            setattr(node, name, self.expression(part))

    def bound(self, node: Node) -> Node:
        self.changed = True
        target = gast.copy_location(gast.Name(node.target.id, gast.Store(), None, None), node)
        self.before.append(gast.copy_location(gast.Assign([target], node.value, None), node))
        self.read.add(node.target.id)
        return gast.copy_location(gast.Name(node.target.id, gast.Load(), None, None), node)


def _adds_to_a_name(node: Node) -> bool:
    return isinstance(node, gast.AugAssign) and isinstance(node.target, gast.Name)


def _names(node: Node) -> set[str]:
    return {inner.id for inner in gast.walk(node) if isinstance(inner, gast.Name)}
