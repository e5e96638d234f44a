"""How a pass rewrites a graph: equation by equation, each new value typed, each old use redirected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from srcad.graph import (
    BROADCAST,
    SPREAD,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    map_leaves,
    values,
)
from srcad.records import Record
from srcad.typed import Emitter
from srcad.types import Tensor, Type, same_dims, same_dtype

Visit = Callable[[Emitter, Equation], Operand | None]
"""What stands for an equation's result, or None to keep it; new equations go through the emitter."""


def rewrite(graph: Graph, tables: Tables, visit: Visit) -> Graph:
    """Apply `visit` to every equation of a graph and its blocks; the same object if none changed.

    A replacement of another type than the equation's result is dropped.
    """
    return _Rewriter(tables, visit).block(graph)


class _Rewriter:
    def __init__(self, tables: Tables, visit: Visit) -> None:
        self.tables = tables
        self.visit = visit
        self.known: dict[Value, Operand] = {}

    def block(self, graph: Graph) -> Graph:
        new = replace(graph, equations=[])
        emitter = Emitter(self.tables, new, "adjoint")
        for equation in graph.equations:
            self.equation(emitter, equation)
        new.results = self.redirected(graph.results)
        same = len(new.equations) == len(graph.equations) and all(
            a is b for a, b in zip(new.equations, graph.equations, strict=True)
        )
        return graph if same and _same(new.results, graph.results) else new

    def equation(self, emitter: Emitter, equation: Equation) -> None:
        renewed = self.renewed(equation)
        emitter.answers = renewed.answers
        length = len(emitter.graph.equations)
        found = self.redirected(self.visit(emitter, renewed))
        new = emitter.graph.equations[length:]  # they may read what this very pass has replaced
        emitter.graph.equations[length:] = [self.renewed(e) for e in new]
        if found is not None and self.keeps_type(emitter, renewed, found):
            self.known[renewed.out] = found
            if renewed.out in self.tables.adjoint_of:
                self.tables.note_adjoint(found, self.tables.adjoint_of[renewed.out])
            return
        del emitter.graph.equations[length:]
        emitter.append(renewed)

    def keeps_type(self, emitter: Emitter, equation: Equation, found: Operand) -> bool:
        wanted, have = self.tables.types[equation.out], emitter.type(found)
        return interchangeable(emitter, wanted, have)

    def redirected(self, operand: Operand) -> Operand:
        def follow(leaf: Value | Const) -> Operand:
            while isinstance(leaf, Value) and leaf in self.known:
                leaf = self.known[leaf]
            return leaf

        return map_leaves(operand, follow)

    def renewed(self, equation: Equation) -> Equation:
        args, keywords = self.redirected(equation.args), self.redirected(dict(equation.keywords))
        blocks = tuple(self.block(block) for block in equation.blocks)
        pairs = tuple(keywords.items())
        unchanged = (
            _same(args, equation.args)
            and _same(pairs, equation.keywords)
            and all(a is b for a, b in zip(blocks, equation.blocks, strict=True))
        )
        return (
            equation if unchanged else replace(equation, args=args, keywords=pairs, blocks=blocks)
        )


def _same(a: Operand, b: Operand) -> bool:
    """Whether two operands are built alike from the same values and constants."""
    if isinstance(a, (tuple, list)) and type(a) is type(b) and len(a) == len(b):
        return all(map(_same, a, b))
    if isinstance(a, slice) and isinstance(b, slice):
        return _same((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(_same(a[k], b[k]) for k in a)
    if isinstance(a, Record) and isinstance(b, Record):
        return a.cls is b.cls and _same(a.fields, b.fields)
    return a is b or (isinstance(a, str) and a == b)


def interchangeable(emitter: Emitter, wanted: Type, have: Type) -> bool:
    """Whether a value of one type may stand for one of the other: dtype, dimensions and weakness."""
    if not (isinstance(wanted, Tensor) and isinstance(have, Tensor)):
        return wanted == have
    if not same_dtype(wanted.dtype, have.dtype) or (
        wanted.weak is not None and wanted.weak != have.weak
    ):
        return False
    return wanted.dims == have.dims or same_dims(wanted, have, emitter.facts)


def uses(graph: Graph) -> Counter[Value]:
    """How often each value is read, in all blocks; the results count."""
    found: Counter[Value] = Counter(values(graph.results))
    for equation in graph.equations:
        found.update(equation.ins)
        for block in equation.blocks:
            found.update(uses(block))
    return found


def definitions(graph: Graph) -> dict[Value, Equation]:
    """The equation that defines each value, in all blocks."""
    found = {}
    for equation in graph.equations:
        for out in equation.outs:
            found[out] = equation
        for block in equation.blocks:
            found.update(definitions(block))
    return found


def spread(equation: Equation) -> Operand | None:
    """What an equation spreads to a shape, if it is one that does so."""
    if equation.primitive is SPREAD:
        return equation.args[1]
    if equation.primitive is BROADCAST or equation.primitive.function is np.broadcast_to:
        return equation.args[0]
    return None
