"""Assignments to flags that nothing reads go, and the branches that are left empty."""

from __future__ import annotations

from typing import Any

import gast

from srcad.references import Liveness, liveness

Node = Any  # a gast node


def without_unread(tree: Node, flags: set[str]) -> list[Node]:
    """The body of a function without the assignments to flags that nothing reads."""
    return _block(tree.body, flags, liveness(tree))


def sets(node: Node, flags: set[str]) -> bool:
    """Whether an assignment is to one of the flags."""
    target = node.targets[0]
    return isinstance(target, gast.Name) and target.id in flags


def _block(block: list[Node], flags: set[str], live: Liveness) -> list[Node]:
    """A block without the assignments to flags that nothing reads."""
    found = []
    for node in block:
        if isinstance(node, gast.Assign) and sets(node, flags):
            if node.targets[0].id not in live.after.get(node, flags):
                continue
        if isinstance(node, (gast.If, gast.For, gast.While, gast.With)):
            for name in ("body", "orelse"):
                if hasattr(node, name):
                    setattr(node, name, _block(getattr(node, name), flags, live))
            if not node.body and getattr(node, "orelse", []):
                node = _turned(node)
            node.body = node.body or [gast.copy_location(gast.Pass(), node)]
        found.append(node)
    return found


def _turned(node: Node) -> Node:
    """`if not test` without a body as an `if test`."""
    if isinstance(node.test, gast.UnaryOp) and isinstance(node.test.op, gast.Not):
        return gast.copy_location(gast.If(node.test.operand, node.orelse, []), node)
    return node
