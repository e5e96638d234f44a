"""Functions that make arrays: from sizes, like another array, and from what is in lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.primitive import creation, fresh, linear, rule, view, zero_derivative
from srcad.rules.results import dim_of, dims_of, dtype_of, filled, size_of, strong, tensor
from srcad.types import UNKNOWN, Dim, Facts, Sizes, Tensor, Type, promote
from srcad.types import fresh as unknown_size

DEFAULT = np.dtype(np.float64)


# --- from sizes ---------------------------------------------------------------------------------


def sized(facts: Facts, shape: Any, dtype: Any = None, order: Any = "C") -> Type:
    """The type of np.zeros, np.ones and np.empty."""
    return filled(dtype_of(dtype, DEFAULT), dims_of(shape))


def ranged(facts: Facts, start: Any, stop: Any = None, step: Any = 1, *, dtype: Any = None) -> Type:
    """The type of np.arange: its size is known for `arange(n)`."""
    given = [tensor(t) for t in (start, stop, step) if t is not None]
    size: Dim | None = None
    dtype_of_start = tensor(start).dtype
    if stop is None and step == 1 and dtype_of_start is not None:
        size = size_of(start) if dtype_of_start.kind in "iu" else None
        size = max(size, 0) if isinstance(size, int) else size
    elif all(type(t) is int for t in (start, stop, step)):
        size = len(range(start, stop, step)) if step else None
    return filled(dtype_of(dtype, strong(given)), [unknown_size() if size is None else size])


def spaced(
    facts: Facts,
    start: Any,
    stop: Any,
    num: Any = 50,
    endpoint: Any = True,
    retstep: Any = False,
    dtype: Any = None,
) -> Type:
    """The type of np.linspace between two numbers."""
    a, b = tensor(start), tensor(stop)
    if a.dims != () or b.dims != () or retstep is not False:
        return UNKNOWN
    return filled(dtype_of(dtype, promote([a, b, tensor(1.0)])), [dim_of(num)])


def square(facts: Facts, N: Any, M: Any = None, k: Any = 0, dtype: Any = float) -> Type:
    """The type of np.eye."""
    rows = dim_of(N)
    return filled(dtype_of(dtype, DEFAULT), [rows, rows if M is None else dim_of(M)])


def unit(facts: Facts, n: Any, dtype: Any = None) -> Type:
    """The type of np.identity."""
    size = dim_of(n)
    return filled(dtype_of(dtype, DEFAULT), [size, size])


creation(np.zeros, np.ones, np.empty, result=sized)
creation(np.arange, result=ranged)
creation(np.linspace, result=spaced)
creation(np.eye, result=square)
creation(np.identity, result=unit)


def full_of(facts: Facts, shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C") -> Type:
    """The type of np.full."""
    value, dims = tensor(fill_value), dims_of(shape)
    if value.dims is not None and dims is not None:
        facts.fill(value.dims, dims)
    return filled(dtype_of(dtype, strong([value])), dims)


@rule(np.full, fresh, linear, result=full_of)
def full(g, ans, shape, fill_value, dtype=None, order="C"):
    """The value is broadcast to the shape."""
    return None, g


# --- like another -------------------------------------------------------------------------------


def alike(
    facts: Facts, a: Any, dtype: Any = None, order: Any = "K", subok: Any = True, shape: Any = None
) -> Tensor:
    """The type of np.zeros_like, np.ones_like and np.empty_like."""
    a = tensor(a)
    return filled(dtype_of(dtype, a.dtype), a.dims if shape is None else dims_of(shape))


def full_alike(
    facts: Facts,
    a: Any,
    fill_value: Any,
    dtype: Any = None,
    order: Any = "K",
    subok: Any = True,
    shape: Any = None,
) -> Type:
    """The type of np.full_like."""
    found, value = alike(facts, a, dtype, order, subok, shape), tensor(fill_value)
    if value.dims is not None and found.dims is not None:
        facts.fill(value.dims, found.dims)
    return found


zero_derivative(np.zeros_like, np.ones_like, np.empty_like, fresh, result=alike)


@rule(np.full_like, fresh, linear, result=full_alike)
def full_like(g, ans, a, fill_value, dtype=None, order="K", subok=True, shape=None):
    """The value is broadcast to the shape; of `a` only shape and dtype are read."""
    return 0, g


# --- arrays of what is in lists -----------------------------------------------------------------


def nested(facts: Facts, object: Any, dtype: Any = None) -> Type:
    """The type of np.array: a list adds a dimension to what its items have."""
    found = _nested(facts, object)
    return filled(dtype_of(dtype, found.dtype), found.dims)


def _nested(facts: Facts, item: Any) -> Tensor:
    if isinstance(item, Sizes):
        return Tensor(np.dtype(np.int64), None if item.dims is None else (len(item.dims),))
    if not isinstance(item, (list, tuple)):
        return tensor(item)
    if not item:
        return Tensor(DEFAULT, (0,))
    parts = [_nested(facts, i) for i in item]
    alike = all(p.dims is not None and len(p.dims) == len(parts[0].dims or ()) for p in parts)
    if not alike or parts[0].dims is None:
        return Tensor(strong(parts))
    for part in parts[1:]:
        for mine, other in zip(parts[0].dims, part.dims or (), strict=True):
            facts.unify(mine, other)
    return Tensor(strong(parts), (len(item), *parts[0].dims))


def parts_of(g, item):
    """The cotangent of each number or array in a nest of lists."""
    if isinstance(item, (list, tuple)):
        return [parts_of(g[i], item[i]) for i in range(len(item))]
    return g


@rule(np.array, fresh, linear, result=nested)
def array(g, ans, object, dtype=None):
    """Each item gets its part."""
    return parts_of(g, object)


@rule(np.asarray, view, linear, result=nested)
def asarray(g, ans, a, dtype=None):
    """Each item gets its part."""
    return parts_of(g, a)
