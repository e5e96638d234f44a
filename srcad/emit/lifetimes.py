"""Where in a backward graph each named value is still needed: a set of points, for each value.

Points are numbered in the order of the text. At a statement's point its result begins to live. A loop
has a point at its head, where what it carries begins to live; a block has one at its end, where it
hands out its results; an `if` and a loop have one after them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from srcad.graph import FOR, IF, Equation, Graph, Operand, Value, captured, values

Live = set[Value]


@dataclass(slots=True)
class Lifetimes:
    """The points at which each value lives, and the points of equations, heads and ends."""

    lives: dict[Value, set[int]] = field(default_factory=dict)
    points: dict[Equation, int] = field(default_factory=dict)
    heads: dict[Graph, int] = field(default_factory=dict)
    ends: dict[Graph, int] = field(default_factory=dict)
    count: int = 0

    def keep(self, live: Iterable[Value], point: int) -> None:
        for value in live:
            self.lives.setdefault(value, set()).add(point)


def lifetimes(graph: Graph, inline: dict[Value, Equation], last: Iterable[Value]) -> Lifetimes:
    """The lifetimes of all values; `last` are read where the function returns."""
    found = Lifetimes()
    _number(graph, found)
    live = _Walk(found, inline).block(graph, {*values(graph.results), *last})
    found.keep(live.intersection(graph.params), 0)
    return found


def _number(graph: Graph, found: Lifetimes) -> None:
    for equation in graph.equations:
        for block in equation.blocks:
            if equation.primitive is FOR:
                found.count += 1
                found.heads[block] = found.count
            _number(block, found)
        found.count += 1
        found.points[equation] = found.count
    found.count += 1
    found.ends[graph] = found.count


class _Walk:
    def __init__(self, found: Lifetimes, inline: dict[Value, Equation]) -> None:
        self.found = found
        self.inline = inline

    def block(self, graph: Graph, live: Live) -> Live:
        """Walk back from what is live at the end to what is live at the start."""
        for equation in reversed(graph.equations):
            if equation.primitive is IF:
                live = self.branch(equation, live)
            elif equation.primitive is FOR:
                live = self.loop(equation, live)
            else:
                live = self.plain(equation, live)
        return live

    def plain(self, equation: Equation, live: Live) -> Live:
        outs = set(equation.outs)
        point = self.found.points[equation]
        self.found.keep(live | outs, point)
        if equation.primitive.writes:  # the base may get its name first
            self.found.keep(self.expanded(equation.args[1:]), point)
        return (live - outs) | set(equation.ins)

    def branch(self, equation: Equation, live: Live) -> Live:
        outs = set(equation.outs)
        self.found.keep(live | outs, self.found.points[equation])
        rest = live - outs
        before = set(equation.ins)
        for block in equation.blocks:
            self.found.keep(rest | outs, self.found.ends[block])
            before |= self.block(block, rest | set(values(block.results)))
        return before | rest

    def loop(self, equation: Equation, live: Live) -> Live:
        (body,) = equation.blocks
        outs, params = set(equation.outs), set(body.params[1:])
        self.found.keep(live | outs, self.found.points[equation])
        rest = (live - outs) | set(captured(body))
        self.found.keep(rest | params, self.found.ends[body])
        self.block(body, rest | set(values(body.results)))
        # read after the names are bound
        bounds = self.expanded((equation.args[:3], dict(equation.keywords)))
        self.found.keep(rest | bounds | set(body.params), self.found.heads[body])
        return rest | set(equation.ins)

    def expanded(self, operand: Operand) -> Live:
        """The named values that the text of an operand reads."""
        found = set()
        for value in values(operand):
            inner = self.inline.get(value)
            found |= {value} if inner is None else self.expanded((inner.args, dict(inner.keywords)))
        return found
