"""The user's tree -> the smaller language that the builder reads: an ordered list of rewrites.

A rewrite is a pure function: it returns a new tree, or the very tree that it was given where it has
nothing to do. Every new node stands at the place of the node that it comes from.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import gast

from srcad.normalise.conditional import expand_conditionals
from srcad.normalise.decorated import call_decorators
from srcad.normalise.exits import nest_exits
from srcad.normalise.handed import choose_operands
from srcad.normalise.named import bind_before, bind_in_bodies
from srcad.normalise.raises import raise_first
from srcad.normalise.returns import break_for_returns

REWRITES: tuple[Callable[[Any], Any], ...] = (
    call_decorators,  # @twice above an inner def -> inner = twice(inner)
    choose_operands,  # y = a or b -> y = a if a else b
    bind_in_bodies,  # while (y := a): -> while True: y = a, and if not y: break
    bind_before,  # f(y := a) -> y = a, then f(y)
    break_for_returns,  # a return in a loop -> a break, and a return after it
    nest_exits,  # return, break, continue -> branches and flags
    raise_first,  # if c: raise e else: ... -> if c: raise e, then the rest
    expand_conditionals,  # y = a if c else b -> an if statement
    bind_before,  # those in the branches
)


def normalise(tree: Any) -> Any:
    """Apply every rewrite once, in order, to functions that are made inside first.

    The tree that is given stays as it is.
    """
    if any(isinstance(node, gast.FunctionDef) and node is not tree for node in gast.walk(tree)):
        tree = _Inner().generic_visit(copy.deepcopy(tree))
    for rewrite in REWRITES:
        tree = rewrite(tree)
    return tree


class _Inner(gast.NodeTransformer):
    """Functions that are made inside a function are functions: each is normalised alone."""

    def visit_FunctionDef(self, node: gast.FunctionDef) -> Any:
        return normalise(node)
