"""What the builder knows of a primal value besides its type: activity and memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.graph import (
    FOR,
    GETITEM,
    IF,
    OPAQUE,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    map_leaves,
    values,
)
from srcad.rules.indexing import index_memory
from srcad.typed import Emitter
from srcad.types import Object, Tensor

Memory = frozenset[Any]
NOTHING: Memory = frozenset()


@dataclass(slots=True)
class State:
    """Which values depend on `wrt`, and which allocations each value's memory may come from."""

    varied: set[Value] = field(default_factory=set)
    origins: dict[Value, Memory] = field(default_factory=dict)
    made: set[Any] = field(default_factory=set)  # allocations of this function's own
    written: dict[Equation, Memory] = field(default_factory=dict)

    def snapshot(self) -> State:
        """The state as it is now, for a loop whose body is built until its types settle."""
        return State(set(self.varied), dict(self.origins), set(self.made), dict(self.written))

    def restore(self, earlier: State, known: State) -> None:
        """Forget what was learnt since a snapshot, but for what is known of some values."""
        again = earlier.snapshot()
        self.varied, self.origins = again.varied | known.varied, again.origins | known.origins
        self.made, self.written = again.made | known.made, again.written

    def of(self, values: Iterable[Value]) -> State:
        """What is known of some values."""
        values = set(values)
        origins = {v: self.origins[v] for v in values if v in self.origins}
        return State(self.varied & values, origins, set(self.made))

    def varied_of(self, operand: Operand) -> bool:
        return any(v in self.varied for v in values(operand))

    def origins_of(self, operand: Operand) -> Memory:
        return NOTHING.union(*(self.origins.get(v, NOTHING) for v in values(operand)))

    def join(self, out: Value, operands: Iterable[Operand]) -> None:
        """`out` is one of the operands: it has the activity and the memory of all."""
        operands = tuple(operands)
        if self.varied_of(operands):
            self.varied.add(out)
        self.origins[out] = self.origins.get(out, NOTHING) | self.origins_of(operands)


@dataclass(slots=True)
class Site:
    """The statement whose equations are appended, and how many allocations it has made."""

    statement: gast.stmt | None
    count: int = 0


class PrimalEmitter(Emitter):
    """Keeps the state true with each equation."""

    def __init__(self, tables: Tables, graph: Graph, state: State) -> None:
        super().__init__(tables, graph, "primal")
        self.state = state
        self.site = Site(None)
        self.statements: dict[Equation, gast.stmt] = {}
        self.allocations: dict[tuple[gast.stmt | None, int], object] = {}

    def append(self, equation: Equation) -> None:
        super().append(equation)
        if self.site.statement is not None:
            self.statements[equation] = self.site.statement
        if equation.primitive not in (IF, FOR, OPAQUE):
            self._activity(equation)
            self._memory(equation)

    def _activity(self, equation: Equation) -> None:
        if equation.primitive.zero or not self.state.varied_of(equation.ins):
            return
        for out in equation.outs:
            type_ = self.tables.types[out]
            if carries(type_):
                self.state.varied.add(out)
            if isinstance(type_, Tensor) and type_.dtype is not None and not supported(type_.dtype):
                raise errors.UnsupportedArray(
                    f"a value of dtype {type_.dtype} is not differentiated",
                    equation.span,
                    "use float64 or float32 arrays",
                )

    def _memory(self, equation: Equation) -> None:
        type_ = self.tables.types[equation.out]
        origins = self.state.origins
        if (
            isinstance(type_, Tensor)
            and (type_.immutable or type_.dims == ())
            and not _maybe_array(type_)
        ):
            origins[equation.out] = NOTHING
        elif self._views(equation):
            first = equation.primitive.views
            origins[equation.out] = self.state.origins_of(
                equation.args[:1] if first else equation.args
            )
        else:
            allocation = self.allocation()
            origins[equation.out] = frozenset({allocation})

    def allocation(self) -> object:
        """The allocation of this place in the text: the same each time that a loop's body is built."""
        self.site.count += 1
        place = (self.site.statement, self.site.count)
        allocation = self.allocations.setdefault(place, object())
        self.state.made.add(allocation)
        return allocation

    def _views(self, equation: Equation) -> bool:
        if equation.primitive is GETITEM:
            def known(leaf: Any) -> Any:
                return leaf.value if not isinstance(leaf, Value) else self.tables.types[leaf]

            return index_memory(map_leaves(equation.args[1], known)) != "fresh"
        return equation.primitive.shares(equation.args, dict(equation.keywords))


def carries(type_: Any) -> bool:
    """Whether a value of this type may carry a derivative."""
    if isinstance(type_, Tensor):
        return type_.dtype is None or type_.dtype.kind in "fc"
    return isinstance(type_, Object) and type_.carries


def supported(dtype: np.dtype) -> bool:
    """Whether values of a dtype may be differentiated, or computed with beside those that are."""
    return dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize <= 8)


def _maybe_array(type_: Tensor) -> bool:
    return type_.kind in (None, "array")
