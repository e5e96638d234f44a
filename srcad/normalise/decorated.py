'''The decorators of a nested function become calls, as Python's reference says.

>>> import ast, gast
>>> before = """
... def f(x):
...     @twice
...     @scaled(2.0)
...     def g(a):
...         return a * x
...     return g(x)
... """
>>> print(ast.unparse(gast.gast_to_ast(call_decorators(gast.parse(before).body[0]))))
def f(x):
<BLANKLINE>
    def g(a):
        return a * x
    g = scaled(2.0)(g)
    g = twice(g)
    return g(x)

A decorator is evaluated after the function is made, and in Python before it. That shows only if both
raise, or print.
'''

from __future__ import annotations

import copy
from typing import Any

import gast

Node = Any  # a gast node


def call_decorators(tree: Node) -> Node:
    """Call the decorators of the functions that are made inside a function."""
    inner = (n for n in gast.walk(tree) if isinstance(n, gast.FunctionDef) and n is not tree)
    if not any(node.decorator_list for node in inner):
        return tree
    return _Caller().generic_visit(copy.deepcopy(tree))


class _Caller(gast.NodeTransformer):
    def visit_FunctionDef(self, node: gast.FunctionDef) -> list[Node]:
        self.generic_visit(node)
        decorators, node.decorator_list = node.decorator_list, []
        calls = []
        for decorator in reversed(decorators):
            target = gast.Name(node.name, gast.Store(), None, None)
            argument = gast.Name(node.name, gast.Load(), None, None)
            call = gast.Call(decorator, [argument], [])
            calls.append(gast.Assign([target], call, None))
            for part in (target, argument, call, calls[-1]):
                gast.copy_location(part, decorator)
        return [node, *calls]
