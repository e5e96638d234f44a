"""Names in the user's text: which a piece of code binds, reads, and still needs afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

Names = frozenset[str]
NONE: Names = frozenset()


def assigned(nodes: gast.AST | Iterable[gast.AST]) -> list[str]:
    """The names that a piece of code binds, in order of appearance.

    A lambda's parameters are its own.
    """
    pending = list(nodes) if isinstance(nodes, Iterable) else [nodes]
    found: dict[str, None] = {}
    while pending:
        node = pending.pop(0)
        if isinstance(node, gast.Lambda):
            continue
        if isinstance(node, gast.Name) and isinstance(node.ctx, gast.Store):
            found[node.id] = None
        pending = [*gast.iter_child_nodes(node), *pending]
    return list(found)


def read_names(node: gast.AST) -> Names:
    """The names that a piece of code reads; an augmented assignment reads its target."""
    found = set()
    for inner in gast.walk(node):
        if isinstance(inner, gast.Name) and isinstance(inner.ctx, gast.Load):
            found.add(inner.id)
        elif isinstance(inner, gast.AugAssign) and isinstance(inner.target, gast.Name):
            found.add(inner.target.id)
    return frozenset(found)


@dataclass(slots=True)
class Liveness:
    """Which names may still be read with the value that they have now."""

    after: dict[gast.stmt, Names] = field(default_factory=dict)
    head: dict[gast.For, Names] = field(default_factory=dict)  # before an iteration of the loop


def liveness(tree: Any) -> Liveness:
    """The liveness of each statement of a function.

    What a lambda reads is live everywhere, since it reads it when it is called.
    """
    found = Liveness()
    always = NONE.union(
        *(read_names(node.body) for node in gast.walk(tree) if isinstance(node, gast.Lambda))
    )
    _block(tree.body, always, found)
    return found


def _block(statements: Sequence[gast.stmt], live: Names, found: Liveness) -> Names:
    """The names live before the statements, from those live after them."""
    for statement in reversed(statements):
        found.after[statement] = live
        live = _statement(statement, live, found)
    return live


def _statement(node: gast.stmt, live: Names, found: Liveness) -> Names:
    if isinstance(node, gast.If):
        branches = [_block(body, live, found) for body in (node.body, node.orelse)]
        return read_names(node.test).union(*branches)
    if isinstance(node, gast.For):
        return _loop(node, live, found)
    return (live - frozenset(assigned(node))) | read_names(node)


def _loop(node: gast.For, live: Names, found: Liveness) -> Names:
    target = frozenset(assigned(node.target))
    head = live
    while True:
        before = (_block(node.body, head, found) - target) | head
        if before == head:
            break
        head = before
    found.head[node] = head
    return head | read_names(node.iter)
