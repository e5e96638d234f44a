"""Which backward equations stand in the expression that reads them, and which get a name.

A value that is read once, in the same block and by the chain rule of the same statement, is written
where it is read. So are a product of matrices in the element-wise statement that takes it up, numbers,
shapes and transposes. What would make a line too long stays apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from srcad.graph import (
    COPY,
    FOR,
    IF,
    LENGTH,
    NDIM,
    PUSHED,
    SHAPE,
    SIZE,
    Const,
    Equation,
    Graph,
    Tables,
    Value,
    map_leaves,
    values,
)
from srcad.optimise.rewrite import uses
from srcad.types import Tensor

REPEATED = {SHAPE, SIZE, NDIM, LENGTH}
"""Written again at each reader: a name would say no more."""
PRODUCTS = {"@", "np.matmul", "np.dot", "np.outer", "np.einsum"}
Statements = Callable[[Equation], object]


@dataclass(slots=True)
class Folded:
    """A graph ordered so that what is folded stands right before its reader, and what that is."""

    graph: Graph
    inline: dict[Value, Equation] = field(default_factory=dict)
    copies: dict[Value, Value] = field(default_factory=dict)  # of what is written several times


def fold(graph: Graph, tables: Tables, statement: Statements, barred: set[Value]) -> Folded:
    """Choose what is folded; `statement` gives the user's statement of an equation."""
    return _Folder(graph, tables, statement, barred).run()


class _Folder:
    def __init__(
        self, graph: Graph, tables: Tables, statement: Statements, barred: set[Value]
    ) -> None:
        self.graph = graph
        self.tables = tables
        self.statement = statement
        self.barred = barred
        self.read = uses(graph)
        self.inline: dict[Value, Equation] = {}
        self.repeats: dict[Value, Value] = {}

    def run(self) -> Folded:
        return Folded(self.block(self.graph), self.inline, self.repeats)

    def block(self, graph: Graph) -> Graph:
        readers = _readers(graph, graph is self.graph)
        foldable: dict[Value, Equation] = {}
        kept = []
        order = _Order(graph)
        for equation in reversed(graph.equations):
            found = readers.get(equation, ())
            if any(self.folds(equation, reader) for reader in found) and order.free(
                equation, found
            ):
                foldable[equation.outs[0]] = equation
                order.move(equation, found)
            else:
                kept.append(equation)
        kept.reverse()
        ordered: list[Equation] = []
        for equation in kept:
            blocks = tuple(self.block(block) for block in equation.blocks)
            equation = replace(equation, blocks=blocks) if blocks else equation
            self.place(equation, foldable, ordered, {})
        results = map_leaves(graph.results, lambda v: self.result(v, foldable, ordered))
        return replace(graph, equations=ordered, results=results)

    def result(
        self, leaf: Value | Const, foldable: dict[Value, Equation], ordered: list[Equation]
    ) -> Value | Const:
        if leaf in foldable:
            copies: dict[Value, Value] = {}
            self.place(foldable[leaf], foldable, ordered, copies)
            self.inline[leaf] = ordered[-1]
        return leaf

    def place(
        self,
        equation: Equation,
        foldable: dict[Value, Equation],
        ordered: list[Equation],
        copies: dict[Value, Value],
    ) -> None:
        """Append an equation, and before it what is folded into it; a repeated one as a copy."""

        def brought(leaf: Value | Const) -> Value | Const:
            if not isinstance(leaf, Value) or leaf not in foldable:
                return leaf
            inner = foldable[leaf]
            out = leaf
            if self.read[leaf] > 1:
                out = Value()
                self.repeats[out] = leaf
                self.tables.types[out] = self.tables.types[leaf]
            self.place(replace(inner, outs=(out,)), foldable, ordered, copies)
            self.inline[out] = ordered[-1]
            return out

        args = map_leaves(equation.args, brought)
        keywords = tuple(map_leaves(dict(equation.keywords), brought).items())
        if _differs(args, keywords, equation):
            equation = replace(equation, args=args, keywords=keywords)
        ordered.append(equation)

    def folds(self, equation: Equation, reader: Equation | None) -> bool:
        """Whether an equation is written in its reader; None stands for the function's results."""
        if len(equation.outs) != 1 or equation.blocks or equation.outs[0] in self.barred:
            return False
        out = equation.outs[0]
        if equation.primitive is PUSHED:
            return self.read[out] == 1 and reader is not None and _asks(reader, out)
        if equation.primitive.writes:
            return False
        if self.repeated(equation):
            return True
        if self.read[equation.outs[0]] != 1:
            return False
        if reader is None:
            return equation.primitive is COPY or equation.answers is None
        if reader.blocks:
            test = equation.answers is None and equation.outs[0] is reader.args[0]
            return test or self.number(equation)
        if reader.primitive.writes and equation.outs[0] is reader.args[0]:
            return False
        if self.number(equation) or equation.answers is None or equation.primitive is COPY:
            return True
        if self.statement(equation) is self.statement(reader):
            return True
        return equation.primitive.name in PRODUCTS and reader.primitive.name in ("*", "np.multiply")

    def repeated(self, equation: Equation) -> bool:
        plain = equation.primitive.function is np.transpose and len(equation.args) == 1
        return equation.primitive in REPEATED or (plain and not equation.keywords)

    def number(self, equation: Equation) -> bool:
        type_ = self.tables.types[equation.outs[0]]
        return isinstance(type_, Tensor) and type_.kind == "python"


class _Order:
    """Where in a block each equation is written: one that is folded, where its reader is.

    An array must be read before it is written: what reads it is not moved beyond that.
    """

    def __init__(self, graph: Graph) -> None:
        self.end = len(graph.equations)
        self.place = {equation: i for i, equation in enumerate(graph.equations)}
        self.written: dict[Value, int] = {}
        for i, equation in enumerate(graph.equations):
            if equation.primitive.writes:
                self.written.setdefault(equation.args[0], i)
            elif equation.primitive is FOR:
                for value in values(equation.args[3:]):
                    self.written.setdefault(value, i)

    def last(self, readers: Iterable[Equation | None]) -> int:
        return max((self.end if r is None else self.place[r] for r in readers), default=self.end)

    def free(self, equation: Equation, readers: Iterable[Equation | None]) -> bool:
        """Whether nothing that an equation reads is written before its readers are."""
        here, there = self.place[equation], self.last(readers)
        return not any(here < self.written.get(v, here) < there for v in equation.ins)

    def move(self, equation: Equation, readers: Iterable[Equation | None]) -> None:
        self.place[equation] = self.last(readers)


def _asks(reader: Equation, value: Value) -> bool:
    """Whether a value is the test of an `if`, or how many trips a loop makes."""
    if reader.primitive is IF:
        return reader.args[0] is value
    told = (reader.args[1], *dict(reader.keywords).values()) if reader.primitive is FOR else ()
    return value in told


def _differs(args: object, keywords: object, equation: Equation) -> bool:
    return list(values((args, dict(keywords)))) != equation.ins  # type: ignore[call-overload]


def _readers(graph: Graph, whole: bool) -> dict[Equation, list[Equation | None]]:
    """Which equations of the same block read each equation, the function's results as None.

    A value that is read in an inner block has no entry for that: it keeps its name.
    """
    made = {out: equation for equation in graph.equations for out in equation.outs}
    inner: Counter[Value] = Counter()
    found: dict[Equation, list[Equation | None]] = {}
    for equation in graph.equations:
        for block in equation.blocks:
            inner.update(uses(block))
        for value in equation.ins:
            if value in made:
                found.setdefault(made[value], []).append(equation)
    if whole:
        for value in values(graph.results):
            if value in made:
                found.setdefault(made[value], []).append(None)
    return {e: r for e, r in found.items() if not any(inner[out] for out in e.outs)}
