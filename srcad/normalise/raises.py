'''What stands beside a branch that ends in an exception goes behind the `if`: nothing joins there.

>>> import ast, gast
>>> before = """
... def f(x, kind):
...     if kind == "square":
...         y = x * x
...     elif kind == "sine":
...         y = np.sin(x)
...     else:
...         raise ValueError(kind)
...     return y
... """
>>> print(ast.unparse(gast.gast_to_ast(raise_first(gast.parse(before).body[0]))))
def f(x, kind):
    if kind == 'square':
        y = x * x
    else:
        if not kind == 'sine':
            raise ValueError(kind)
        y = np.sin(x)
    return y
'''

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import gast

from srcad.references import always_raises

Node = Any  # a gast node


def raise_first(tree: Node) -> Node:
    """Leave nothing but the exception in an `if` one of whose branches always raises."""
    ifs = (node for node in gast.walk(tree) if isinstance(node, gast.If) and node.orelse)
    if not any(always_raises(node.body) or always_raises(node.orelse) for node in ifs):
        return tree
    return _Flattener().visit(copy.deepcopy(tree))


class _Flattener(gast.NodeTransformer):
    def visit_If(self, node: gast.If) -> Node | list[Node]:
        self.generic_visit(node)
        if not node.orelse:
            return node
        if always_raises(node.body):
            rest, node.orelse = node.orelse, []
            return [node, *rest]
        if always_raises(node.orelse):
            return _negated(node)
        return node


def _negated(node: gast.If) -> Sequence[Node]:
    test = gast.copy_location(gast.UnaryOp(gast.Not(), node.test), node.test)
    return [gast.copy_location(gast.If(test, node.orelse, []), node), *node.body]
