"""Where only a shape is asked, it is asked of an array that is there anyway."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from srcad.graph import (
    BROADCAST,
    LENGTH,
    NDIM,
    SHAPE,
    SIZE,
    SPREAD,
    UNBROADCAST,
    ZEROS,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    values,
)
from srcad.primitive import Primitive
from srcad.types import Facts, Tensor, same_dims

ASKED: dict[Primitive, int] = {
    SIZE: 0,
    SHAPE: 0,
    NDIM: 0,
    LENGTH: 0,
    ZEROS: 0,
    SPREAD: 0,
    BROADCAST: 1,
    UNBROADCAST: 1,
}
"""The operand of which a primitive reads the shape alone (and the dtype, for those in `TYPED`)."""
TYPED = {ZEROS, SPREAD, UNBROADCAST}


def choose_witnesses(graph: Graph, tables: Tables) -> Graph:
    """`(r * r).size -> r.size`, where `r` is kept anyway."""
    return _Chooser(graph, tables).block(graph, [])


class _Chooser:
    def __init__(self, graph: Graph, tables: Tables) -> None:
        self.tables = tables
        self.kept = set(contents_read(graph))
        self.mirrored = graph.mirror

    def block(self, graph: Graph, visible: list[Value]) -> Graph:
        primal = graph.mirror
        if primal is not None:
            inner = [out for equation in primal.equations for out in equation.outs]
            visible = [*visible, *primal.params, *inner]
        equations = [self.equation(e, graph.facts, visible) for e in graph.equations]
        same = all(a is b for a, b in zip(equations, graph.equations, strict=True))
        return graph if same else replace(graph, equations=equations)

    def equation(self, equation: Equation, facts: Facts, visible: list[Value]) -> Equation:
        if equation.blocks:
            blocks = tuple(self.block(block, visible) for block in equation.blocks)
            same = all(a is b for a, b in zip(blocks, equation.blocks, strict=True))
            return equation if same else replace(equation, blocks=blocks)
        position = ASKED.get(equation.primitive)
        if position is None:
            return equation
        asked = equation.args[position]
        best = self.witness(asked, facts, visible, equation.primitive in TYPED)
        if best is asked:
            return equation
        args = (*equation.args[:position], best, *equation.args[position + 1 :])
        return replace(equation, args=args)

    def witness(self, asked: Operand, facts: Facts, visible: list[Value], typed: bool) -> Operand:
        """The cheapest array of the same shape: one that is kept, an argument, one with a name."""
        type_ = self.tables.types.get(asked) if isinstance(asked, Value) else None
        if not isinstance(type_, Tensor) or not type_.dims or asked not in visible:
            return asked
        found = {v: n for n, v in enumerate(visible) if self.fits(v, type_, facts, typed)}
        return min(found, key=lambda v: (self.cost(v), -found[v]), default=asked)

    def fits(self, value: Value, type_: Tensor, facts: Facts, typed: bool) -> bool:
        other = self.tables.types[value]
        if value in self.tables.unbound:
            return False
        if not isinstance(other, Tensor) or other.kind != "array":
            return False
        if typed and (
            type_.dtype is None or (other.dtype, other.kind) != (type_.dtype, type_.kind)
        ):
            return False
        return same_dims(other, type_, facts)

    def cost(self, value: Value) -> int:
        if value in self.kept:
            return 0
        if self.mirrored is not None and value in self.mirrored.params:
            return 1
        return 2 if value in self.tables.names else 3


def contents_read(graph: Graph) -> Iterator[Value]:
    """The values of which the elements are read, and not the shape alone."""
    yield from values(graph.results)
    for equation in graph.equations:
        position = ASKED.get(equation.primitive)
        for index, operand in enumerate(equation.args):
            if index != position:
                yield from values(operand)
        yield from values(dict(equation.keywords))
        for block in equation.blocks:
            yield from contents_read(block)
