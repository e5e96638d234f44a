"""`x[index]`: the type of what it reads, and whether it is a view; and the functions that read so.

The derivative of `x[index]` itself is the sweep's, since it adds to the adjoint of `x` in place.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from srcad.types import (
    Dim,
    Expression,
    Facts,
    Object,
    Shifted,
    Sizes,
    Tensor,
    Type,
    least,
    minus,
    plus,
    type_of,
)
from srcad.types import fresh as unknown_size

Memory = Literal["view", "fresh", "unknown"]
Role = Literal["new", "rest", "slice", "integer", "integers", "mask", "truth", "unknown"]


@dataclass(frozen=True, slots=True)
class Part:
    """One item of an index: `consumes` axes of the array; `dims` are an index array's own."""

    role: Role
    consumes: int = 1
    dims: tuple[Dim, ...] | None = ()
    copies: bool | None = True  # whether it makes the result a copy; None: not known
    item: Any = None


UNKNOWN_PART = Part("unknown", copies=None)


# --- what an index is made of -------------------------------------------------------------------


def parts_of(index: Any) -> list[Part]:
    """The items of an index, each with its role."""
    if isinstance(index, Sizes):
        if index.dims is None:
            return [UNKNOWN_PART]
        return [Part("integer", copies=False)] * len(index.dims)
    return [_part(item) for item in (index if isinstance(index, tuple) else (index,))]


def _part(item: Any) -> Part:
    if item is None:
        return Part("new", 0, copies=False)
    if item is Ellipsis:
        return Part("rest", 0, copies=False)
    if isinstance(item, slice):
        return Part("slice", copies=False, item=item)
    if isinstance(item, (list, tuple)):
        item = _listed(item)
    elif not isinstance(item, (Tensor, Object, Sizes)):
        item = type_of(item)
    return _array_part(item) if isinstance(item, Tensor) else UNKNOWN_PART


def _array_part(item: Tensor) -> Part:
    if item.dtype is None or item.dtype.kind not in "iub":
        return UNKNOWN_PART
    surely_array = item.kind == "array" or bool(item.dims)
    if item.dtype.kind == "b":
        if item.dims is None:
            return Part("unknown")
        return Part("mask" if item.dims else "truth", len(item.dims), item.dims)
    if item.immutable:
        return Part("integer", copies=False)
    return Part("integers", dims=item.dims, copies=surely_array or None)


def _listed(items: Sequence[Any]) -> Type:
    """The type of a list of integers or booleans that is used as an index."""
    types = [_listed(i) if isinstance(i, (list, tuple)) else i for i in items]
    types = [t if isinstance(t, (Tensor, Object, Sizes)) else type_of(t) for t in types]
    if not types:
        return Tensor(np.dtype(np.int64), (0,), "array")
    tensors = [t for t in types if isinstance(t, Tensor)]
    first = tensors[0].dims if len(tensors) == len(types) else None
    if first is None or any(t.dims is None for t in tensors):
        return Object()
    kinds = {"?" if t.dtype is None else t.dtype.kind for t in tensors}
    if not (kinds <= {"i", "u"} or kinds == {"b"}):
        return Object()
    return Tensor(tensors[0].dtype, (len(types), *first), "array")


def index_memory(index: Any) -> Memory:
    """Whether `x[index]` is a view of `x` (or an element), a copy, or not known to be either."""
    copies = {part.copies for part in parts_of(index)}
    if True in copies:
        return "fresh"
    return "unknown" if None in copies else "view"


def is_whole(index: Any) -> bool:
    """Whether an index surely reaches all of an array: `x[...]`, `x[:]`."""
    whole = slice(None)
    return all(item is Ellipsis or _is_slice(item, whole) for item in _items(index))


def _items(index: Any) -> tuple[Any, ...]:
    items = index if isinstance(index, tuple) else (index,)
    return tuple(getattr(item, "value", item) for item in items)


def _is_slice(item: Any, whole: slice) -> bool:
    return isinstance(item, slice) and item == whole


def repeats(index: Any) -> bool:
    """Whether an index may reach an element twice."""
    return any(part.role in ("integers", "unknown") for part in parts_of(index))


# --- the type of an item ------------------------------------------------------------------------


def indexed(facts: Facts, base: Tensor, index: Any) -> Type:
    """The type of `base[index]`."""
    parts = parts_of(index)
    unknown = Tensor(base.dtype)
    if base.dims is None or any(p.role == "unknown" or p.dims is None for p in parts):
        return unknown
    if sum(p.role == "rest" for p in parts) > 1:
        return unknown
    left = len(base.dims) - sum(p.consumes for p in parts)
    if left < 0:
        return unknown
    whole = not any(p.role == "rest" for p in parts)
    parts = _with_rest(parts, left)
    advanced = any(p.copies is not False for p in parts)
    dims = _advanced(facts, base.dims, parts) if advanced else _basic(facts, base.dims, parts)
    if dims:
        return Tensor(base.dtype, dims, "array")
    return Tensor(base.dtype, (), "scalar" if whole else "array")


def _with_rest(parts: list[Part], left: int) -> list[Part]:
    """The parts, with a slice for each axis not indexed, where the Ellipsis is or at the end."""
    rest = [Part("slice", copies=False, item=slice(None))] * left
    for i, part in enumerate(parts):
        if part.role == "rest":
            return [*parts[:i], *rest, *parts[i + 1 :]]
    return [*parts, *rest]


def _basic(facts: Facts, dims: Sequence[Dim], parts: list[Part]) -> tuple[Dim, ...]:
    """The dimensions of a view: integers drop theirs, None adds one, slices shorten theirs."""
    found: list[Dim] = []
    axis = 0
    for part in parts:
        if part.role == "new":
            found.append(1)
        elif part.role == "slice":
            found.append(sliced(facts, dims[axis], part.item))
        axis += part.consumes
    return tuple(found)


def _advanced(facts: Facts, dims: Sequence[Dim], parts: list[Part]) -> tuple[Dim, ...]:
    """The dimensions of a copy.

    The index arrays broadcast. Their result stands where they stood if they are side by side, and
    first if a slice, None or Ellipsis stands between them.
    """
    shapes = [_index_dims(part) for part in parts if part.role in INDEXING]
    selected = facts.broadcast(shapes)
    places = [i for i, part in enumerate(parts) if part.role in INDEXING]
    together = places[-1] - places[0] + 1 == len(places)
    before = _basic(facts, dims, parts[: places[0]])
    taken = sum(part.consumes for part in parts[: places[0]])
    others = [
        part if part.role not in INDEXING else Part("integer", part.consumes)
        for part in parts[places[0] :]
    ]
    after = _basic(facts, dims[taken:], others)
    return (*before, *selected, *after) if together else (*selected, *before, *after)


INDEXING = ("integer", "integers", "mask", "truth")


def _index_dims(part: Part) -> tuple[Dim, ...]:
    if part.role == "mask" or part.role == "truth":
        return (unknown_size(),)
    return part.dims or ()


# --- slices -------------------------------------------------------------------------------------


def sliced(facts: Facts, dim: Dim, item: slice) -> Dim:
    """The size of `dim` elements sliced: exact for numbers, and for symbols cut at their ends."""
    dim = facts.find(dim)
    start, stop, step = (_bound(facts, b) for b in (item.start, item.stop, item.step))
    if "unknown" in (start, stop, step) or step == 0:
        return unknown_size()
    if isinstance(dim, int) and not any(_symbolic(b) for b in (start, stop, step)):
        return len(range(*slice(start, stop, step).indices(dim)))
    if _symbolic(step):
        return unknown_size()
    if step is not None and step < 0:
        if start is not None or stop is not None:
            return unknown_size()
        return _strided(dim, -step)
    return _strided(_between(facts, dim, start, stop), step or 1)


def _bound(facts: Facts, bound: Any) -> Any:
    """A bound as a number, a size or None; "unknown" otherwise."""
    if bound is None:
        return None
    if isinstance(bound, Tensor):
        return "unknown" if bound.value is None else facts.find(bound.value)
    try:
        return operator.index(bound)
    except TypeError:
        return "unknown"


def _symbolic(bound: Any) -> bool:
    return bound is not None and not isinstance(bound, int)


def _between(facts: Facts, dim: Dim, start: Any, stop: Any) -> Dim:
    """The size of `dim[start:stop]`, one of which may be a symbol."""
    if stop is not None and _symbolic(stop) and facts.equal(stop, dim):
        stop = None
    if start is not None and _symbolic(start) and facts.equal(start, dim):
        return 0
    start, stop = _from_end(dim, start), _from_end(dim, stop)
    inside = _part_of_sum(dim, start or 0, dim if stop is None else stop)
    if inside is not None:
        return inside
    if _symbolic(start) or _symbolic(stop):
        return Expression("slice", (dim, start or 0, dim if stop is None else stop))
    start = start or 0
    if start >= 0 and (stop is None or stop < 0):
        return _shortened(dim, start - (stop or 0))
    if start < 0 and stop is None:
        return _at_most(dim, -start)
    if start == 0 or (start < 0 and stop < 0 and start >= stop):
        return _at_most(dim, stop) if start == 0 and stop > 0 else 0
    return Expression("slice", (dim, start, stop))


def _from_end(dim: Dim, bound: Any) -> Any:
    """A bound `n - 2` of an axis of size n is -2."""
    return -bound.shift if isinstance(bound, Shifted) and bound.base == dim else bound


def _at_most(dim: Dim, count: int) -> Dim:
    """The size of the first or last `count` elements."""
    return count if least(dim) >= count else Expression("min", (dim, count))


def _terms(size: Dim) -> list[Dim]:
    """The sizes that a size is the sum of."""
    return list(size.operands) if isinstance(size, Expression) and size.operator == "+" else [size]


def _part_of_sum(dim: Dim, start: Dim, stop: Dim) -> Dim | None:
    """The size of `dim[n : n + m]` where `dim` is a sum with both, as of a concatenation."""
    if not isinstance(dim, Expression) or (isinstance(stop, int) and stop < 0):
        return None
    whole, between = _terms(dim), _without(_terms(stop), _terms(start))
    if between is None or _without(whole, _terms(stop)) is None:
        return None
    return plus(between)


def _without(terms: list[Dim], taken: list[Dim]) -> list[Dim] | None:
    """The terms that are left; None if not all that is taken is there."""
    left = list(terms)
    number = sum(t for t in left if isinstance(t, int)) - sum(
        t for t in taken if isinstance(t, int)
    )
    left = [t for t in left if not isinstance(t, int)]
    for term in taken:
        if isinstance(term, int):
            continue
        if term not in left:
            return None
        left.remove(term)
    return None if number < 0 else [*left, number]


def _shortened(dim: Dim, by: int) -> Dim:
    """`max(dim - by, 0)`, also of a sum that has a number."""
    left = _without(_terms(dim), [by]) if isinstance(dim, Expression) else None
    return minus(dim, by) if left is None else plus(left)


def _strided(size: Dim, step: int) -> Dim:
    """How many of `size` elements are met at a step."""
    if step == 1:
        return size
    if isinstance(size, int):
        return -(-size // step)
    return Expression("step", (size, step))
