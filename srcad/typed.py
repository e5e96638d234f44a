"""Typed emission: an equation is appended and its result's type, and memory, inferred in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from srcad.errors import Span
from srcad.graph import (
    BROADCAST,
    CAST,
    DTYPE,
    GETITEM,
    LENGTH,
    NDIM,
    SCATTER_ADD,
    SHAPE,
    SIZE,
    SPREAD,
    UNBROADCAST,
    ZEROS,
    Const,
    Equation,
    Graph,
    Operand,
    Role,
    Tables,
    Value,
    map_leaves,
)
from srcad.primitive import Primitive
from srcad.rules.indexing import indexed
from srcad.types import (
    INT,
    OBJECT,
    UNKNOWN,
    Facts,
    Object,
    Sizes,
    Tensor,
    Type,
    integer,
    times,
    type_of,
)


class Emitter:
    """Appends equations to the current graph."""

    def __init__(self, tables: Tables, graph: Graph, role: Role) -> None:
        self.tables = tables
        self.graph = graph
        self.role: Role = role
        self.answers: Equation | None = None
        self.made: set[Value] = set()

    @property
    def facts(self) -> Facts:
        return self.graph.facts

    def type(self, operand: Operand) -> Type:
        """The type of a value or a constant."""
        if isinstance(operand, Value):
            return self.tables.types[operand]
        return type_of(operand.value) if isinstance(operand, Const) else OBJECT

    def tensor(self, operand: Operand) -> Tensor:
        """The same where a number or an array is meant; unknown if it is neither."""
        found = self.type(operand)
        return found if isinstance(found, Tensor) else UNKNOWN

    def define(self, type_: Type, name: str | None = None) -> Value:
        """A new value of a type."""
        value = Value()
        self.tables.types[value] = type_
        self.made.add(value)
        if name is not None:
            self.tables.names[value] = name
        return value

    def emit(
        self,
        primitive: Primitive,
        args: Sequence[Operand],
        keywords: dict[str, Operand] | None = None,
        span: Span | None = None,
        type_: Type | None = None,
    ) -> Value:
        """Append `primitive(*args, **keywords)`; its type is inferred unless it is given."""
        keywords = keywords or {}
        if type_ is None:
            type_ = infer(self.tables, self.facts, primitive, tuple(args), keywords)
        out = self.define(type_)
        pairs = tuple(keywords.items())
        self.append(
            Equation((out,), primitive, tuple(args), pairs, (), span, self.role, self.answers)
        )
        return out

    def append(self, equation: Equation) -> None:
        self.graph.equations.append(equation)


def infer(
    tables: Tables,
    facts: Facts,
    primitive: Primitive,
    args: tuple[Operand, ...],
    keywords: dict[str, Operand],
) -> Type:
    """The type of a call's result."""

    def known(leaf: Value | Const) -> Any:
        return leaf.value if isinstance(leaf, Const) else resolved(tables.types[leaf], facts)

    types = map_leaves(args, known)
    if primitive in _STRUCTURAL:
        return resolved(_STRUCTURAL[primitive](facts, *types), facts)
    inferred = primitive.result(facts, *types, **map_leaves(keywords, known))
    return resolved(inferred, facts)


def resolved(type_: Type, facts: Facts) -> Type:
    """The type with each dimension replaced by its representative."""
    if isinstance(type_, (Tensor, Sizes)) and type_.dims:
        dims = tuple(map(facts.find, type_.dims))
        if dims != type_.dims:
            type_ = replace(type_, dims=dims)
    if isinstance(type_, Tensor) and type_.value is not None:
        type_ = replace(type_, value=facts.find(type_.value))
    return type_


def _item(facts: Facts, base: Any, index: Any) -> Type:
    if isinstance(base, Sizes):
        return _size(base, index)
    if isinstance(base, Object):
        return UNKNOWN
    if not isinstance(base, Tensor):
        base = type_of(base)
    return indexed(facts, base, index) if isinstance(base, Tensor) else UNKNOWN


def _size(base: Sizes, index: Any) -> Type:
    if isinstance(index, slice):
        bounds = (index.start, index.stop, index.step)
        known = base.dims is not None and all(b is None or isinstance(b, int) for b in bounds)
        return Sizes(base.dims[index] if known and base.dims is not None else None)
    if (
        base.dims is None
        or not isinstance(index, int)
        or not -len(base.dims) <= index < len(base.dims)
    ):
        return INT
    return integer(base.dims[index])


def _cast(g: Any, dtype: Any) -> Type:
    """Of rank 0 it is a NumPy scalar."""
    found = g if isinstance(g, Tensor) else type_of(g)
    assert isinstance(found, Tensor)
    return replace(
        found, dtype=dtype, kind="scalar" if found.dims == () else found.kind, value=None
    )


def _dims(type_: Any) -> Any:
    return type_.dims if isinstance(type_, Tensor) else None


_STRUCTURAL: dict[Primitive, Any] = {
    SHAPE: lambda facts, x: Sizes(_dims(x)),
    SIZE: lambda facts, x: integer(None if _dims(x) is None else times(_dims(x))),
    NDIM: lambda facts, x: INT,
    LENGTH: lambda facts, x: integer(_dims(x)[0] if _dims(x) else None),
    DTYPE: lambda facts, x: OBJECT,
    GETITEM: _item,
    SCATTER_ADD: lambda facts, base, index, update: base,
    ZEROS: lambda facts, like: like,
    SPREAD: lambda facts, like, g: like,
    BROADCAST: lambda facts, g, like: replace(
        like, dtype=g.dtype if isinstance(g, Tensor) else None
    ),
    CAST: lambda facts, g, dtype: _cast(g, dtype),
    UNBROADCAST: lambda facts, g, like: like,
}


def adjoint_type(type_: Type) -> Type:
    """The type of an adjoint: its value's, but for the class of a number, which may be another."""
    if isinstance(type_, Tensor) and (type_.immutable or type_.dims == ()):
        return replace(type_, kind=None if type_.kind in (None, "array") else "number", value=None)
    return type_
