"""A statement in which a call writes, in the order in which Python evaluates it: each part a statement.

    z = x[0] + bump(y)      kept = x[0]
                            bumped = bump(y)
                            z = kept + bumped
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gast

Node = Any  # a gast node
Step = tuple[str, int | None]


class Writes(Exception):
    """A call in the midst of a statement writes what the statement may read."""

    def __init__(self, node: gast.Call, error: Exception) -> None:
        super().__init__()
        self.node = node
        self.error = error


EVALUATED: dict[type, tuple[str, ...]] = {
    gast.BinOp: ("left", "right"),
    gast.UnaryOp: ("operand",),
    gast.Compare: ("left", "comparators"),
    gast.Call: ("func", "args", "keywords"),
    gast.keyword: ("value",),
    gast.Tuple: ("elts",),
    gast.List: ("elts",),
    gast.Subscript: ("value", "slice"),
    gast.Attribute: ("value",),
}
"""The parts of an expression that are all evaluated, in this order."""
HEADS: dict[type, str] = {
    gast.Assign: "value",
    gast.AnnAssign: "value",
    gast.AugAssign: "value",
    gast.Return: "value",
    gast.Expr: "value",
    gast.If: "test",
}


def may_write(statement: Node) -> bool:
    """Whether a call stands in the midst of a statement that is none of NumPy's plain functions."""
    head = HEADS.get(type(statement))
    root = None if head is None else getattr(statement, head)
    if root is None:
        return False
    calls = (n for n in gast.walk(root) if isinstance(n, gast.Call) and n is not root)
    return any(not _plain(call) for call in calls)


def _plain(call: gast.Call) -> bool:
    function = call.func
    numpy = isinstance(function, gast.Attribute) and _is_name(function.value)
    named = numpy and function.value.id in ("np", "numpy", "math")
    return named and not any(k.arg == "out" for k in call.keywords) and len(call.args) < 3


def in_parts(
    statement: Node, node: gast.Call, fresh: Callable[[str], str]
) -> list[Node] | None:
    """The statements that evaluate what stands before a call, the call, and the rest, if any do."""
    head = HEADS.get(type(statement))
    if head is None or (isinstance(statement, gast.AugAssign) and not _is_name(statement.target)):
        return None
    path = _path(getattr(statement, head), node)
    if path is None:
        return None
    new = copy.copy(statement)
    setattr(new, head, copy.deepcopy(getattr(statement, head)))
    found: list[Node] = []
    outer: Node = new
    at: Step = (head, None)
    for step in path:
        inner = _get(outer, at)
        for before in _before(inner, step):
            _take_out(inner, before, "kept", fresh, found)
        outer, at = inner, step
    _take_out(outer, at, _called(node), fresh, found)
    return [*found, new]


def _path(root: Node, node: Node) -> list[Step] | None:
    """The steps from an expression to a part of it that is surely evaluated."""
    if root is node:
        return []
    for step in _steps(root):
        below = _path(_get(root, step), node)
        if below is not None:
            sure = not (isinstance(root, gast.Compare) and step[1])
            return [step, *below] if sure else None
    return None


def _steps(node: Node) -> Iterator[Step]:
    for name in EVALUATED.get(type(node), ()):
        part = getattr(node, name)
        if isinstance(part, list):
            yield from ((name, i) for i in range(len(part)))
        else:
            yield name, None


def _before(node: Node, step: Step) -> Sequence[Step]:
    steps = list(_steps(node))
    return steps[: steps.index(step)]


def _get(node: Node, step: Step) -> Node:
    name, index = step
    part = getattr(node, name)
    return part if index is None else part[index]


def _take_out(
    node: Node, step: Step, base: str, fresh: Callable[[str], str], into: list[Node]
) -> None:
    """Bind a part to a name, before the statement; names and what has no value of its own stay."""
    part = _get(node, step)
    if isinstance(part, gast.keyword):
        node, step, part = part, ("value", None), part.value
    function = isinstance(node, gast.Call) and step[0] == "func"
    if isinstance(part, (gast.Name, gast.Constant, gast.Slice, gast.Starred)) or function:
        return
    name = fresh(base)
    target = gast.copy_location(gast.Name(name, gast.Store(), None, None), part)
    into.append(gast.copy_location(gast.Assign([target], part, None), part))
    read = gast.copy_location(gast.Name(name, gast.Load(), None, None), part)
    place, index = step
    if index is None:
        setattr(node, place, read)
    else:
        getattr(node, place)[index] = read


def _called(node: gast.Call) -> str:
    """A name for what a call gives: after the function."""
    function = node.func
    name = getattr(function, "attr", None) or getattr(function, "id", "kept")
    return f"{name}_result"


def _is_name(node: Node) -> bool:
    return isinstance(node, gast.Name)
