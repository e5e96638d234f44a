"""What the builder knows of a primal value besides its type: activity and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build.storages import (
    ALWAYS_VIEWS,
    VIEWS_IF_CONTIGUOUS,
    Storages,
    base_of,
    repeats,
    step_of,
)
from srcad.errors import Span
from srcad.graph import (
    CALL,
    FLAT,
    FOR,
    GETITEM,
    IF,
    OPAQUE,
    WHILE,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    map_leaves,
    values,
)
from srcad.primitive import Primitive
from srcad.rules.einsum import shows
from srcad.rules.indexing import index_memory, parts_of
from srcad.sequences import APPEND, ITEMS, ROWS, SET_ITEM
from srcad.typed import Emitter
from srcad.types import ListOf, Object, Tensor, Type

Memory = frozenset[Any]
NOTHING: Memory = frozenset()


@dataclass(slots=True)
class State:
    """Which values depend on `wrt`, and which allocations each value's memory may come from."""

    varied: set[Value] = field(default_factory=set)
    origins: dict[Value, Memory] = field(default_factory=dict)
    made: set[Any] = field(default_factory=set)  # allocations of this function's own
    written: dict[Equation, Memory] = field(default_factory=dict)
    near: dict[Value, Memory] = field(default_factory=dict)
    """Of what a loop carries, with what its memory may overlap at one point; else its origins."""

    def snapshot(self) -> State:
        """The state as it is now, for a loop whose body is built until its types settle."""
        return State(
            set(self.varied),
            dict(self.origins),
            set(self.made),
            dict(self.written),
            dict(self.near),
        )

    def restore(self, earlier: State, known: State) -> None:
        """Forget what was learnt since a snapshot, but for what is known of some values."""
        again = earlier.snapshot()
        self.varied, self.origins = again.varied | known.varied, again.origins | known.origins
        self.made, self.written = again.made | known.made, again.written
        self.near = again.near | known.near

    def of(self, values: Iterable[Value]) -> State:
        """What is known of some values."""
        values = set(values)
        origins = {v: self.origins[v] for v in values if v in self.origins}
        near = {v: self.near[v] for v in values if v in self.near}
        return State(self.varied & values, origins, set(self.made), near=near)

    def varied_of(self, operand: Operand) -> bool:
        return any(v in self.varied for v in values(operand))

    def origins_of(self, operand: Operand) -> Memory:
        return NOTHING.union(*(self.origins.get(v, NOTHING) for v in values(operand)))

    def near_of(self, operand: Operand) -> Memory:
        """The memory with which that of an operand may overlap at this point."""
        return NOTHING.union(*(self.near_one(v) for v in values(operand)))

    def near_one(self, value: Value) -> Memory:
        found = self.near.get(value)
        return self.origins.get(value, NOTHING) if found is None else found

    def share(self, out: Value, operands: Operand) -> None:
        """`out` may share the memory of any of the operands."""
        self.origins[out] = self.origins_of(operands)
        if any(v in self.near for v in values(operands)):
            self.near[out] = self.near_of(operands)

    def join(self, out: Value, operands: Iterable[Operand]) -> None:
        """`out` is one of the operands: it has the activity and the memory of all."""
        operands = tuple(operands)
        if self.varied_of(operands):
            self.varied.add(out)
        near = self.near_one(out) | self.near_of(operands)
        self.origins[out] = self.origins.get(out, NOTHING) | self.origins_of(operands)
        if near != self.origins[out]:
            self.near[out] = near


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
        self.storages = Storages()
        self.span: Callable[[gast.AST], Span | None] = lambda node: None
        self.site = Site(None)
        self.statements: dict[Equation, gast.stmt] = {}
        self.allocations: dict[tuple[gast.stmt | None, int], object] = {}

    def emit(
        self,
        primitive: Primitive,
        args: Sequence[Operand],
        keywords: dict[str, Operand] | None = None,
        span: Span | None = None,
        type_: Type | None = None,
    ) -> Value:
        """Append `primitive(*args, **keywords)` of what its operands hold at this point."""
        if self.storages.versions:
            if primitive is GETITEM and not keywords and isinstance(args[0], Value):
                base, keywords = self.along(args[0])
                args = (base, *args[1:])
            args, keywords = self.current(tuple(args)), self.current(keywords or {})
        return super().emit(primitive, args, keywords, span, type_)

    def along(self, base: Value) -> tuple[Value, dict[str, Operand]]:
        """An array to take an item of: of a view of what was written, the storage and the path."""
        reference = self.storages.of(base)
        now = self.storages.now(reference.storage)
        if now is reference.storage or not reference.path or repeats(reference.path):
            return base, {}
        return now, {"path": reference.path}

    def current(self, operand: Operand) -> Any:
        """What an operand holds at this point: views of what was written are read anew."""
        if not self.storages.versions:
            return operand
        return map_leaves(operand, lambda leaf: self.reading(leaf))

    def reading(self, leaf: Value | Const) -> Value | Const:
        storages = self.storages
        if isinstance(leaf, Value) and leaf in storages.unsure:
            self.check_unsure(leaf)
        if not isinstance(leaf, Value) or not storages.stale(leaf):
            return leaf
        reference = storages.of(leaf)
        found = storages.cached(leaf)
        if found is None:
            found = storages.now(reference.storage)
            for primitive, before, after, keywords in reference.path:
                found = super().emit(primitive.value, (*before, found, *after), keywords)
            if reference.path:
                storages.stand(leaf, found)
        if leaf in self.tables.names:
            self.tables.names.setdefault(found, self.tables.names[leaf])
        return found

    def check_unsure(self, value: Value) -> None:
        """Refuse to read what may be a view, or may not, of what was written since it was taken."""
        storages, near = self.storages, self.state.near_of(value)
        for storage in storages.log[storages.unsure[value] :]:
            if self.state.near_of(storages.now(storage)) & near:
                statement = self.site.statement
                raise errors.UndecidedKind(
                    "this reads what may be a view of an array that was written in between",
                    self.span(statement) if statement is not None else None,
                    "copy it where it is taken: x[i].copy()",
                )

    def append(self, equation: Equation) -> None:
        super().append(equation)
        if self.site.statement is not None:
            self.statements[equation] = self.site.statement
        if equation.primitive not in (IF, FOR, WHILE, OPAQUE, CALL):
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
        out, state = equation.out, self.state
        type_ = self.tables.types[out]
        if isinstance(type_, Tensor) and is_number(type_):
            state.origins[out] = NOTHING
        elif equation.primitive in (APPEND, SET_ITEM):
            state.share(out, equation.args)
        elif equation.primitive.writes:
            state.share(out, equation.args[0])
        elif equation.primitive is ITEMS:
            state.share(out, equation.args)
            state.origins[out] |= {self.allocation()}
        elif self._views(equation):
            first = equation.primitive.views
            state.share(out, equation.args[:1] if first else equation.args)
            if self._surely(equation):
                self.storages.view(out, base_of(equation), step_of(equation))
            else:
                self.storages.unsure[out] = len(self.storages.log)
        else:
            state.origins[out] = frozenset({self.allocation()})
        if self._contiguous(equation):
            self.storages.contiguous.add(out)

    def _surely(self, equation: Equation) -> bool:
        """Whether the result is a view of the first operand for sure, and so sees later writes."""
        function, base = equation.primitive.function, base_of(equation)
        if not isinstance(base, Value) or not isinstance(self.tables.types[base], Tensor):
            return False
        if equation.primitive is GETITEM:
            type_ = self.tables.types[equation.out]
            index = self.known(equation.args[1])
            known = isinstance(type_, Tensor) and type_.dims is not None
            parts = {part.role for part in parts_of(index)}
            return (known or parts <= {"slice", "new", "rest"}) and index_memory(index) == "view"
        if function is np.asarray:
            return len(equation.args) == 1 and not equation.keywords and self.is_array(base)
        if function is np.einsum:
            formula = equation.args[0]
            return len(equation.args) == 2 and isinstance(formula, Const) and shows(formula.value)
        return function in ALWAYS_VIEWS or (
            function in VIEWS_IF_CONTIGUOUS and base in self.storages.contiguous
        )

    def is_array(self, value: Value) -> bool:
        return self.tensor(value).kind == "array"

    def _contiguous(self, equation: Equation) -> bool:
        """Whether the result is in C order without gaps, for sure."""
        known, primitive = self.storages.contiguous, equation.primitive
        arrays = [v for v in equation.ins if not is_number(self.tensor(v))]
        if primitive.function in PACKED:
            return True
        if primitive.constant:
            return "order" not in dict(equation.keywords)
        if primitive.elementwise or primitive.function in KEEPING:
            dims = {self.tensor(v).dims for v in (*arrays, equation.out)}
            return bool(arrays) and known.issuperset(arrays) and len(dims) == 1
        if primitive.writes or primitive.function in VIEWS_IF_CONTIGUOUS:
            return equation.args[0] in known
        if primitive is not GETITEM or equation.keywords or equation.args[0] not in known:
            return False
        index = equation.args[1]
        whole = isinstance(index, slice) and index.step is None
        return whole or (not isinstance(index, tuple) and is_number(self.tensor(index)))

    def allocation(self) -> object:
        """The allocation of this place in the text: the same each time that a loop's body is built."""
        self.site.count += 1
        place = (self.site.statement, self.site.count)
        allocation = self.allocations.setdefault(place, object())
        self.state.made.add(allocation)
        return allocation

    def _views(self, equation: Equation) -> bool:
        if equation.primitive is ROWS:
            type_ = self.tables.types[equation.out]
            item = type_.item if isinstance(type_, ListOf) else None
            return not (isinstance(item, Tensor) and item.immutable)
        if equation.primitive is GETITEM:
            path = dict(equation.keywords).get("path", ())
            if any(step[0].value is FLAT for step in path):
                return False  # `x.flat[1:3]` is a copy
            return index_memory(self.known(equation.args[1])) != "fresh"
        return equation.primitive.shares(equation.args, dict(equation.keywords))


def carries(type_: Any) -> bool:
    """Whether a value of this type may carry a derivative."""
    if isinstance(type_, ListOf):
        return carries(type_.item)
    if isinstance(type_, Tensor):
        return type_.dtype is None or type_.dtype.kind in "fc"
    return isinstance(type_, Object) and type_.carries


def supported(dtype: np.dtype) -> bool:
    """Whether values of a dtype may be differentiated, or computed with beside those that are."""
    return dtype.kind in "biu" or (dtype.kind == "f" and dtype.itemsize <= 8)


def is_number(type_: Tensor) -> bool:
    """Whether values of a type are numbers for sure, which no write can change."""
    return (type_.immutable or type_.dims == ()) and type_.kind not in (None, "array")


PACKED = {np.ndarray.copy, np.ndarray.flatten}
"""Functions whose result is in C order, whatever their argument's layout."""
KEEPING = {np.zeros_like, np.ones_like, np.empty_like, np.full_like, np.copy, np.array}
"""Functions whose result has the layout of their argument."""
