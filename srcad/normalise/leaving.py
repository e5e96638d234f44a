"""How control leaves a block: which jumps are in it, and whether it may run to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import gast

Node = Any  # a gast node
RETURN, BREAK, CONTINUE = "return", "break", "continue"
JUMPS = {gast.Return: RETURN, gast.Break: BREAK, gast.Continue: CONTINUE}


def is_loop(node: Node) -> bool:
    """Whether a statement is a loop."""
    return isinstance(node, (gast.For, gast.While))


def statements(block: Iterable[Node]) -> Iterator[Node]:
    """The statements of a block and those inside them; a function defined in it is left alone."""
    for node in block:
        yield node
        for name in ("body", "orelse"):
            if not isinstance(node, (gast.FunctionDef, gast.ClassDef)):
                yield from statements(getattr(node, name, ()))


def leaves(block: Iterable[Node]) -> set[str]:
    """The jumps in a block that lead out of it; a function defined in it is left alone."""
    found: set[str] = set()
    for node in block:
        if type(node) in JUMPS:
            found.add(JUMPS[type(node)])
        elif is_loop(node):
            found |= (leaves(node.body) & {RETURN}) | leaves(node.orelse)
        elif isinstance(node, (gast.If, gast.With)):
            found |= leaves(node.body) | leaves(getattr(node, "orelse", ()))
    return found


def completes(block: Iterable[Node]) -> bool:
    """Whether control may reach the end of a block."""
    return all(map(_passes, block))


def _passes(node: Node) -> bool:
    if isinstance(node, (gast.Return, gast.Break, gast.Continue, gast.Raise)):
        return False
    if isinstance(node, gast.If):
        return completes(node.body) or completes(node.orelse)
    if isinstance(node, gast.With):  # one that may swallow an exception is refused
        return completes(node.body)
    if is_loop(node):
        broken = BREAK in leaves(node.body)
        return broken or (not endless(node) and completes(node.orelse))
    return True


def endless(node: Node) -> bool:
    """Whether a loop is `while True` without a `break`: nothing after it runs."""
    always = isinstance(node, gast.While) and isinstance(node.test, gast.Constant)
    return always and bool(node.test.value) and BREAK not in leaves(node.body)
