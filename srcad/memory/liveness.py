"""Which values of a backward graph are still read after each equation."""

from __future__ import annotations

from collections.abc import Iterable

from srcad.graph import FOR, IF, Equation, Graph, Value, captured, values

Live = frozenset[Value]


def live_after(graph: Graph) -> dict[Equation, Live]:
    """For each equation, in all blocks, the values that are read after it."""
    found: dict[Equation, Live] = {}
    _block(graph, frozenset(values(graph.results)), found)
    return found


def _block(graph: Graph, live: Live, found: dict[Equation, Live]) -> None:
    for equation in reversed(graph.equations):
        found[equation] = live
        if equation.primitive is IF:
            for block in equation.blocks:
                _block(block, live.union(values(block.results)), found)
        elif equation.primitive is FOR:
            (body,) = equation.blocks
            again = live.union(values(body.results), captured(body))
            _block(body, again, found)
        live = live.difference(equation.outs).union(_reads(equation))


def _reads(equation: Equation) -> Iterable[Value]:
    yield from equation.ins
    for block in equation.blocks:
        yield from captured(block)
