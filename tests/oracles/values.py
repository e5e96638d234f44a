"""Dual values: a primal and a tangent that live, alias and are written in parallel."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np


class OracleError(Exception):
    """The oracle cannot interpret this program; says nothing about srcad."""


class Dual:
    """A float array or float scalar and its tangent, which has the same shape and is float64.

    Two names for one array are two references to one Dual; a view is a Dual of two parallel views.
    """

    __slots__ = ("primal", "tangent")

    def __init__(self, primal: Any, tangent: Any) -> None:
        assert np.shape(primal) == np.shape(tangent), (np.shape(primal), np.shape(tangent))
        self.primal = primal
        self.tangent = tangent

    def __repr__(self) -> str:
        return f"Dual({self.primal!r}, {self.tangent!r})"

    def __len__(self) -> int:
        return len(self.primal)

    def __bool__(self) -> bool:
        return bool(self.primal)

    def __iter__(self) -> Iterator[Any]:
        return (get_item(self, index) for index in range(len(self.primal)))

    def __reversed__(self) -> Iterator[Any]:
        return (get_item(self, index) for index in reversed(range(len(self.primal))))

    def __lt__(self, other: Any) -> Any:
        return self.primal < strip(other)

    def __gt__(self, other: Any) -> Any:
        return self.primal > strip(other)


class Flat:
    """`x.flat`: the elements in C order, of primal and tangent at once."""

    def __init__(self, base: Dual) -> None:
        self.base = base

    def __len__(self) -> int:
        return int(self.base.primal.size)

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index: Any) -> Any:
        return fresh(self.base.primal.flat[index], self.base.tangent.flat[index])

    def __setitem__(self, index: Any, value: Any) -> None:
        tangent = np.array(tangent_of(value), dtype=np.float64)
        self.base.primal.flat[index] = strip(value)
        self.base.tangent.flat[index] = tangent


def fields_of(value: Any) -> dict[str, Any] | None:
    """The fields of an instance of a user's dataclass; None for everything else."""
    if isinstance(value, type) or type(value).__module__.startswith(__package__ or "?"):
        return None
    if dataclasses.is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    return None


def is_float(value: Any) -> bool:
    """Whether a value carries a derivative: a float scalar or an array of floats."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    return isinstance(value, (float, np.floating))


def rebuild(container: Any, values: list[Any]) -> Any:
    """A tuple, list or named tuple of the same type as `container`."""
    if hasattr(container, "_make"):
        return container._make(values)
    return type(container)(values)


def map_leaves(function: Any, value: Any) -> Any:
    """`value` with `function` applied to all that is not a container or a slice."""
    if isinstance(value, (list, tuple)):
        return rebuild(value, [map_leaves(function, item) for item in value])
    if isinstance(value, dict):
        return {key: map_leaves(function, item) for key, item in value.items()}
    if (fields := fields_of(value)) is not None:
        return type(value)(**{key: map_leaves(function, item) for key, item in fields.items()})
    if isinstance(value, slice):
        parts = (value.start, value.stop, value.step)
        return slice(*(map_leaves(function, part) for part in parts))
    return function(value)


def strip(value: Any) -> Any:
    """The plain value: primals in the place of duals, also inside containers."""
    return map_leaves(lambda leaf: leaf.primal if isinstance(leaf, Dual) else leaf, value)


def tangent_of(value: Any) -> Any:
    """The tangents in the place of duals, and zeros in the place of other numbers."""

    def leaf_tangent(leaf: Any) -> Any:
        if isinstance(leaf, Dual):
            return leaf.tangent
        if isinstance(leaf, (bool, int, float, np.generic, np.ndarray)):
            return np.zeros(np.shape(leaf))[()]
        return leaf

    return map_leaves(leaf_tangent, value)


def duals_in(value: Any) -> list[Dual]:
    """Every Dual in a value, depth first."""
    if isinstance(value, Dual):
        return [value]
    if isinstance(value, (list, tuple)):
        return [dual for item in value for dual in duals_in(item)]
    if isinstance(value, dict):
        return [dual for item in value.values() for dual in duals_in(item)]
    return duals_in(fields_of(value) or [])


def fresh(primal: Any, tangent: Any) -> Any:
    """A Dual of a newly made value; the tangent is copied into the primal's layout."""
    if not is_float(primal):
        return primal
    if not isinstance(primal, np.ndarray):
        assert np.shape(tangent) == (), np.shape(tangent)
        return Dual(primal, np.float64(tangent))
    assert np.shape(tangent) in ((), primal.shape), (np.shape(tangent), primal.shape)
    parallel = np.empty_like(primal, dtype=np.float64)
    parallel[...] = tangent
    return Dual(primal, parallel)


def adopt(value: Any) -> Any:
    """The value of a call without duals: its float arrays become duals with zero tangents."""
    return map_leaves(
        lambda leaf: fresh(leaf, 0.0) if isinstance(leaf, np.ndarray) else leaf, value
    )


def pair(primal: Any, tangent: Any, sources: list[Dual]) -> Any:
    """A Dual of results of one function on primals and tangents, views of `sources` or fresh."""
    if isinstance(primal, (list, tuple)):
        both = zip(primal, tangent, strict=True)
        return rebuild(primal, [pair(one, other, sources) for one, other in both])
    if not is_float(primal) or not isinstance(primal, np.ndarray):
        return fresh(primal, tangent)
    for source in sources:
        if primal is source.primal:
            return source
    if any(np.shares_memory(primal, source.primal) for source in sources):
        if not any(np.shares_memory(tangent, source.tangent) for source in sources):
            raise OracleError("the primal is a view and the tangent is not")
        return Dual(primal, tangent)
    return fresh(primal, tangent)


def get_item(base: Any, index: Any) -> Any:
    """`base[index]` for a Dual, a plain array or a container."""
    index = strip(index)
    if not isinstance(base, Dual):
        return base[index]
    primal = base.primal[index]
    if not isinstance(base.primal, np.ndarray):
        return fresh(primal, np.asarray(base.tangent)[index])
    return pair(primal, base.tangent[index], [base])


def set_item(base: Any, index: Any, value: Any) -> None:
    """`base[index] = value` for a Dual, a plain array or a container."""
    index = strip(index)
    if isinstance(base, Dual):
        tangent = np.array(tangent_of(value), dtype=np.float64)
        base.primal[index] = strip(value)
        base.tangent[index] = tangent
    elif isinstance(base, np.ndarray):
        base[index] = strip(value)
    else:
        base[index] = value


def copy_layout(array: np.ndarray) -> np.ndarray:
    """A copy with the same strides, since layout decides bits and whether a reshape is a view."""
    if array.size == 0 or 0 in array.strides:
        return array.copy(order="K")
    low, high = np.lib.array_utils.byte_bounds(array)
    offset = array.__array_interface__["data"][0] - low
    buffer = np.zeros(high - low, dtype=np.uint8)
    copy = np.ndarray(array.shape, array.dtype, buffer, offset, array.strides)
    copy[...] = array
    return copy


def parallel_zeros(array: np.ndarray) -> np.ndarray:
    """Float64 zeros whose axes lie in memory as those of `array` do."""
    scale = 8 // array.itemsize if array.itemsize <= 8 else 1
    if array.size == 0 or 0 in array.strides or 8 % array.itemsize:
        return np.zeros_like(array, dtype=np.float64)
    strides = tuple(stride * scale for stride in array.strides)
    low = sum(min(0, (n - 1) * stride) for n, stride in zip(array.shape, strides, strict=True))
    high = sum(max(0, (n - 1) * stride) for n, stride in zip(array.shape, strides, strict=True))
    buffer = np.zeros(high - low + 8, dtype=np.uint8)
    return np.ndarray(array.shape, np.float64, buffer, -low, strides)


def lift_leaf(leaf: Any, scalars: bool) -> Any:
    """A Dual of a copy of an array, or of a scalar if `scalars`; other values as they are."""
    if isinstance(leaf, np.ndarray) and is_float(leaf):
        return Dual(copy_layout(leaf), parallel_zeros(leaf))
    if isinstance(leaf, np.ndarray):
        return leaf.copy(order="K")
    if scalars and is_float(leaf):
        return Dual(leaf, np.float64(0.0))
    return leaf
