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
    FLAT,
    GETITEM,
    LAST_STORED,
    LENGTH,
    NDIM,
    SCATTER_ADD,
    SET,
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
from srcad.sequences import (
    ADD_ITEM,
    APPEND,
    ARRAY_OF,
    EACH,
    ITEM,
    ITEMS,
    ROWS,
    SET_ITEM,
    SUMS,
    TOTAL,
    WITHOUT_LAST,
    ZERO_ITEMS,
)
from srcad.types import (
    INT,
    OBJECT,
    UNKNOWN,
    Facts,
    ListOf,
    Never,
    Object,
    Sizes,
    Tensor,
    Type,
    fresh,
    integer,
    join,
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

    def known(self, operand: Operand) -> Any:
        """An operand as its constants and the types of its values, as the rules of types take it."""
        return map_leaves(
            operand, lambda o: self.tables.types[o] if isinstance(o, Value) else o.value
        )

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
    named = map_leaves(keywords, known)
    if "path" in named:
        path = named.pop("path")
        if primitive is GETITEM:  # the others have the type of what they are given
            types = (_followed(facts, types[0], path), *types[1:])
    return resolved(_of_call(facts, primitive, types, named), facts)


def _of_call(facts: Facts, primitive: Primitive, types: Any, named: dict[str, Any]) -> Type:
    if primitive in _STRUCTURAL:
        found: Type = _STRUCTURAL[primitive](facts, *types)
        return found
    return primitive.result(facts, *types, **named)


def _followed(facts: Facts, base: Type, path: Any) -> Type:
    """The type of the view that a path leads to."""
    for primitive, before, after, keywords in path:
        base = resolved(_of_call(facts, primitive, (*before, base, *after), keywords), facts)
    return base


def resolved(type_: Type, facts: Facts) -> Type:
    """The type with each dimension replaced by its representative."""
    if isinstance(type_, ListOf):
        return replace(type_, item=resolved(type_.item, facts))
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


def _common(facts: Facts, items: Sequence[Any]) -> Type:
    """The type that all items of a list have."""
    known = [item if isinstance(item, TYPES) else type_of(item) for item in items]
    found: Type = Never()
    for item in known:
        found = join(found, item, facts)
    return found


def _stacked(item: Type) -> Type:
    """The type of the array that a list makes."""
    if not isinstance(item, Tensor) or item.dims is None:
        return Tensor(item.dtype if isinstance(item, Tensor) else None, None, "array")
    return Tensor(item.dtype, (fresh(), *item.dims), "array")


TYPES = (Tensor, Object, Sizes, ListOf)


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
    FLAT: lambda facts, x: Tensor(x.dtype, None if x.dims is None else (times(x.dims),), "array"),
    SET: lambda facts, base, index, value: base,
    ITEMS: lambda facts, *items: ListOf(_common(facts, items)),
    APPEND: lambda facts, base, item: ListOf(_common(facts, [base.item, item])),
    WITHOUT_LAST: lambda facts, base, last: base,
    SET_ITEM: lambda facts, base, index, item, old=None: ListOf(_common(facts, [base.item, item])),
    ADD_ITEM: lambda facts, base, index, item: base,
    ITEM: lambda facts, base, index: base.item,
    ARRAY_OF: lambda facts, base: _stacked(base.item),
    ROWS: lambda facts, x: ListOf(_item(facts, x, INT)),
    ZERO_ITEMS: lambda facts, base: base,
    SUMS: lambda facts, a, b: a,
    TOTAL: lambda facts, base: base.item,
    EACH: lambda facts, g, items: items,
    LAST_STORED: lambda facts, g, index, like: g,
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
    if isinstance(type_, ListOf):
        return ListOf(adjoint_type(type_.item))
    if isinstance(type_, Tensor) and (type_.immutable or type_.dims == ()):
        return replace(type_, kind=None if type_.kind in (None, "array") else "number", value=None)
    return type_
