"""Loops over known items, written out: for each item the target is bound, and the body stands once."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import gast

from srcad import errors
from srcad.errors import Span

MOST_COPIES = 100
"""How often the body of a loop over a container is written out."""
MOST_COPIES_IN_ALL = 1000
"""How often the bodies of all such loops of a function are, where they stand in one another."""


def lasts(node: gast.expr, bound: frozenset[str] = frozenset()) -> bool:
    """Whether an expression is a name or an item that means the same while `bound` are bound anew."""
    if isinstance(node, gast.Constant):
        return True
    if isinstance(node, gast.Name):
        return node.id not in bound
    if isinstance(node, gast.Subscript):
        return isinstance(node.slice, gast.Constant) and lasts(node.value, bound)
    return isinstance(node, gast.Attribute) and lasts(node.value, bound)


def placed(node: Any, where: gast.expr) -> Any:
    """A new node, standing at the place of the one that it comes from."""
    for part in gast.walk(node):
        if getattr(part, "lineno", None) is None:
            gast.copy_location(part, where)
    return node


def written_out(node: gast.For, items: Sequence[gast.expr]) -> list[gast.stmt]:
    """The statements of a loop over known items: for each, the target bound, and the body.

    Where the body ends in `if flag: break`, the rest stands in the `else` of that `if`.
    """
    statements: list[gast.stmt] = []
    for item in reversed(items):
        *body, last = copy.deepcopy(node.body)
        if _breaks(last):
            last.body = [gast.copy_location(gast.Pass(), last)]
            last.orelse = statements
            statements = []
        value = copy.deepcopy(item)
        target = copy.deepcopy(node.target)
        start = gast.copy_location(gast.Assign([target], value, None), node.iter)
        statements = [start, *body, last, *statements]
    return statements


def _breaks(node: gast.stmt) -> bool:
    return isinstance(node, gast.If) and len(node.body) == 1 and isinstance(node.body[0], gast.Break)


def too_many(count: int, span: Span) -> errors.UnsupportedSyntax:
    """The error for a loop over more items than are written out."""
    return errors.UnsupportedSyntax(
        f"loops over containers would be written out {count} times",
        span,
        "stack the items in one array, np.stack(items), and loop over its rows",
    )
