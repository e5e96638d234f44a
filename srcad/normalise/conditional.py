'''A conditional expression becomes an `if` statement, so that branches have one form.

>>> import ast, gast
>>> before = """
... def f(x, c, n):
...     y = np.sin(x) if c else x
...     return y * (2.0 if n > 1 else (3.0 if n else 4.0))
... """
>>> print(ast.unparse(gast.gast_to_ast(expand_conditionals(gast.parse(before).body[0]))))
def f(x, c, n):
    if c:
        y = np.sin(x)
    else:
        y = x
    if n > 1:
        chosen = 2.0
    elif n:
        chosen = 3.0
    else:
        chosen = 4.0
    return y * chosen

An expression stays where it may not be evaluated at all: in the later operands of `and` and `or`,
the later ones of a chained comparison, a lambda, the message of an assertion, a comprehension, an
f-string.

What stands to the left of the expression in its statement was evaluated before it, and now is
after it. That shows only if both raise, or print, or write what the other reads.
'''

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import gast

Node = Any  # a gast node
CHOSEN = "chosen"


def expand_conditionals(tree: Node, fresh: Callable[[str], str] | None = None) -> Node:
    """Turn the conditional expressions of a function into `if` statements.

    `fresh` gives new names, by default ones that the tree does not have.
    """
    if not any(isinstance(node, gast.IfExp) for node in gast.walk(tree)):
        return tree
    rewritten = copy.deepcopy(tree)
    rewriter = _Rewriter(rewritten, fresh)
    rewritten.body = rewriter.block(rewritten.body)
    return rewritten if rewriter.changed else tree


class _Rewriter:
    """Rewrites statements one by one; what goes before the one at hand is gathered in `before`."""

    def __init__(self, tree: Node, fresh: Callable[[str], str] | None) -> None:
        self.fresh = fresh
        self.used = {node.id for node in gast.walk(tree) if isinstance(node, gast.Name)}
        self.used |= {node.name for node in gast.walk(tree) if isinstance(node, gast.FunctionDef)}
        self.base = CHOSEN
        self.before: list[Node] = []
        self.changed = False

    # statements

    def block(self, statements: Sequence[Node]) -> list[Node]:
        return [new for statement in statements for new in self.statement(statement)]

    def statement(self, node: Node) -> list[Node]:
        """A statement as one or more, with what has to come before it."""
        self.base = _base(node)
        if _is_choice(node):
            return self.choice(node.value, lambda value: _with_value(node, value))
        return self.after_hoisting(node)

    def after_hoisting(self, node: Node) -> list[Node]:
        """A statement after those that bind its conditional expressions."""
        outer, self.before = self.before, []
        for name in HEADS.get(type(node), ()):
            head = getattr(node, name)
            if head is not None:
                setattr(node, name, self.expression(head))
        statements, self.before = [*self.before, node], outer
        if isinstance(node, (gast.If, gast.For, gast.While, gast.FunctionDef, gast.With)):
            node.body = self.block(node.body)
        if isinstance(node, (gast.If, gast.For, gast.While)):
            node.orelse = self.block(node.orelse)
        return statements

    def choice(self, node: Node, bind: Callable[[Node], Node]) -> list[Node]:
        """The `if` statement whose branches bind what a conditional expression chooses from."""
        self.changed = True
        outer, self.before = self.before, []
        test = self.expression(node.test)
        tested, self.before = self.before, outer
        branches = [self.bound(value, bind) for value in (node.body, node.orelse)]
        return [*tested, gast.copy_location(gast.If(test, *branches), node)]

    def bound(self, value: Node, bind: Callable[[Node], Node]) -> list[Node]:
        if isinstance(value, gast.IfExp):
            return self.choice(value, bind)
        return self.after_hoisting(bind(value))

    # expressions

    def expression(self, node: Node) -> Node:
        """An expression without the conditional ones in it that are sure to be evaluated."""
        if isinstance(node, gast.IfExp):
            name = self.unique()
            target = gast.Name(name, gast.Store(), None, None)

            def bind(value: Node) -> Node:
                stored = gast.copy_location(copy.copy(target), node)
                return gast.copy_location(gast.Assign([stored], value, None), value)

            self.before += self.choice(node, bind)
            return gast.copy_location(gast.Name(name, gast.Load(), None, None), node)
        for name in _sure(node):
            part = getattr(node, name)
            if isinstance(part, list):
                sure = SURE_ITEMS.get((type(node), name), len(part))
                kept = part[sure:]
                setattr(node, name, [*map(self.part, part[:sure]), *kept])
            elif isinstance(part, gast.AST):
                setattr(node, name, self.part(part))
        return node

    def part(self, node: Node) -> Node:
        return node if node is None else self.expression(node)

    def unique(self) -> str:
        """A name that the function does not use."""
        if self.fresh is not None:
            return self.fresh(self.base)
        name, number = self.base, 0
        while name in self.used:
            number += 1
            name = f"{self.base}_{number}"
        self.used.add(name)
        return name


HEADS: dict[type, tuple[str, ...]] = {
    gast.Assign: ("value",),
    gast.AnnAssign: ("value",),
    gast.AugAssign: ("value",),
    gast.Return: ("value",),
    gast.Expr: ("value",),
    gast.Raise: ("exc", "cause"),
    gast.Assert: ("test",),
    gast.If: ("test",),
    gast.For: ("iter",),
}
"""The expressions that a statement evaluates once, whatever happens."""

OPAQUE = (
    gast.Lambda,
    gast.JoinedStr,
    gast.ListComp,
    gast.SetComp,
    gast.DictComp,
    gast.GeneratorExp,
)
"""Expressions whose parts may be evaluated later, more than once or never."""

SURE_ITEMS: dict[tuple[type, str], int] = {
    (gast.BoolOp, "values"): 1,
    (gast.Compare, "comparators"): 1,
}
"""How many items of a list are evaluated, whatever they are; all, where it is not said."""


def _sure(node: Node) -> tuple[str, ...]:
    return () if isinstance(node, OPAQUE) else node._fields


def _is_choice(node: Node) -> bool:
    """Whether all that a statement does is to bind one name to a conditional expression."""
    if not isinstance(node, (gast.Assign, gast.AnnAssign)):
        return False
    targets = node.targets if isinstance(node, gast.Assign) else [node.target]
    single = len(targets) == 1 and isinstance(targets[0], gast.Name)
    return single and isinstance(node.value, gast.IfExp)


def _with_value(node: Node, value: Node) -> Node:
    """An assignment of another value, at the place of that value."""
    new = copy.copy(node)
    for name in ("targets", "target", "annotation"):
        if hasattr(node, name):
            setattr(new, name, copy.deepcopy(getattr(node, name)))
    new.value = value
    return gast.copy_location(new, value)


def _base(node: Node) -> str:
    """What a new name is based on: the target, where there is one name."""
    targets = getattr(node, "targets", [getattr(node, "target", None)])
    if len(targets) != 1 or not isinstance(targets[0], gast.Name) or isinstance(node, gast.For):
        return CHOSEN
    return f"{targets[0].id}_if"
