"""Which values lie between `wrt` and the result: only these have adjoints."""

from __future__ import annotations

from collections.abc import Iterable

from srcad.graph import FOR, IF, OPAQUE, WHILE, Equation, Graph, Value, loop_parts, values


def useful(graph: Graph, results: Iterable[Value]) -> set[Value]:
    """Values on which the results depend differentiably."""
    found = set(results)
    _walk(graph, found)
    return found


def _walk(graph: Graph, found: set[Value]) -> None:
    for equation in reversed(graph.equations):
        if equation.primitive is IF:
            _branches(equation, found)
        elif equation.primitive in (FOR, WHILE):
            _loop(equation, found)
        elif equation.primitive is not OPAQUE and not equation.primitive.zero:
            if found.intersection(equation.outs):
                found.update(equation.ins)


def _branches(equation: Equation, found: set[Value]) -> None:
    for block in equation.blocks:
        for out, result in zip(equation.outs, block.results, strict=True):
            if out in found:
                found.update(values(result))
        _walk(block, found)


def _loop(equation: Equation, found: set[Value]) -> None:
    parts = loop_parts(equation)
    carried = list(zip(parts.inits, parts.heads, parts.results, parts.outs, strict=True))
    size = -1
    while size != len(found):
        size = len(found)
        for _, param, result, out in carried:
            if out in found or param in found:
                found.update(values(result))
        _walk(parts.body, found)
    for init, param, _, out in carried:
        if param in found or out in found:
            found.update(values(init))
