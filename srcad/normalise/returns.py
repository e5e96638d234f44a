'''A `return` in a loop becomes a `break`, and the result is bound after the loop.

>>> import ast, gast
>>> before = """
... def f(x, n):
...     for i in range(n):
...         x = x * x
...         if x > 2.0:
...             return x * i
...     return -x
... """
>>> print(ast.unparse(gast.gast_to_ast(break_for_returns(gast.parse(before).body[0]))))
def f(x, n):
    for i in range(n):
        x = x * x
        if x > 2.0:
            break
    else:
        return -x
    return x * i

So a loop carries no result, which would be bound in its last trip only. It is done where a loop has one
`return` and no `break`, and where it is clear what runs after the loop.
'''

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import gast

from srcad.normalise.leaving import BREAK, completes, endless, is_loop, leaves, statements

Node = Any  # a gast node


def break_for_returns(tree: Node) -> Node:
    """Rewrite the returns in the loops of a function, those of inner loops first."""
    loops = [node for node in statements(tree.body) if is_loop(node)]
    if not any(isinstance(inner, gast.Return) for loop in loops for inner in statements(loop.body)):
        return tree
    tree = copy.deepcopy(tree)
    body = tree.body
    if completes(body):
        body = [*body, gast.copy_location(gast.Return(None), body[-1])]
    tree.body = _block(body, None)
    return tree


def _block(block: Sequence[Node], end: Node | None) -> list[Node]:
    """A block whose end means the jump `end`; None if something may follow."""
    rest: list[Node] = []
    for node in reversed(block):
        inner = gast.Continue() if is_loop(node) else (None if rest else end)
        if is_loop(node) or isinstance(node, (gast.If, gast.With)):
            node.body = _block(node.body, inner)
        if getattr(node, "orelse", None):
            node.orelse = _block(node.orelse, None if rest else end)
        rest = _left_by_break(node, rest, end) if is_loop(node) else [node, *rest]
    return rest


def _left_by_break(node: Node, rest: list[Node], end: Node | None) -> list[Node]:
    """A loop and what follows it, with its `return e` as `break` and a `return e` after it."""
    returns = [inner for inner in statements(node.body) if isinstance(inner, gast.Return)]
    deep = [
        inner for loop in statements(node.body) if is_loop(loop) for inner in statements(loop.body)
    ]
    if len(returns) != 1 or BREAK in leaves(node.body) or any(i is returns[0] for i in deep):
        return [node, *rest]
    if not endless(node):
        if completes(rest):
            if end is None:
                return [node, *rest]
            rest = [*rest, gast.copy_location(copy.deepcopy(end), node)]
        node.orelse = [*node.orelse, *rest]
    node.body = _replaced(node.body, returns[0])
    return [node, returns[0]]


def _replaced(block: Sequence[Node], jump: Node) -> list[Node]:
    """A block with a `return` in it as a `break`."""
    found = []
    for node in block:
        if node is jump:
            node = gast.copy_location(gast.Break(), node)
        elif isinstance(node, (gast.If, gast.With)):
            for name in ("body", "orelse"):
                if getattr(node, name, None):
                    setattr(node, name, _replaced(getattr(node, name), jump))
        found.append(node)
    return found
