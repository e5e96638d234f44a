"""The same numbers in another shape, order or place, and arrays joined into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from srcad.primitive import folded, fresh, linear, rule, surely, view
from srcad.rules.results import (
    axes_of,
    dim_of,
    dims_of,
    dtype_of,
    filled,
    same,
    static,
    tensor,
    viewed,
)
from srcad.types import Dim, Facts, Sizes, Tensor, Type, array, least, times
from srcad.types import fresh as unknown_size

# --- reshape ------------------------------------------------------------------------------------


def reshaped(facts: Facts, a: Any, shape: Any, order: Any = "C") -> Type:
    """The type of np.reshape; -1 is what is left of the size, where the sizes are known."""
    a = tensor(a)
    sizes = shape if isinstance(shape, (tuple, list)) else (shape,)
    if any(static(s) and s == -1 for s in sizes):
        dims = [None if static(s) and s == -1 else dim_of(s) for s in sizes]
        return viewed(a, [_left(a, dims) if d is None else d for d in dims])
    found = dims_of(shape)
    if a.dims is not None and found is not None and least(times(found)) > 0:
        facts.unify(times(a.dims), times(found))
    return viewed(a, found)


def _left(a: Tensor, dims: Sequence[Dim | None]) -> Dim:
    """What -1 stands for."""
    others = [d for d in dims if d is not None]
    if a.dims is None:
        return unknown_size()
    mine = [d for d in a.dims if d != 1]
    for dim in [d for d in others if d != 1]:
        if dim in mine:
            mine.remove(dim)
        elif not all(isinstance(d, int) for d in (*mine, dim)):
            return unknown_size()
        else:
            return _quotient(times(mine), times(others), a.dims)
    return times(mine)


def _quotient(size: Dim, known: Dim, dims: Sequence[Dim]) -> Dim:
    whole = times(dims)
    if isinstance(whole, int) and isinstance(known, int) and known:
        return whole // known
    return unknown_size()


@rule(np.reshape, view, linear, result=reshaped, refuse=("order",), methods=("reshape",))
def reshape(g, ans, a, shape, order="C"):
    """Back to the old shape."""
    return np.reshape(g, a.shape)


def flat(facts: Facts, a: Any, order: Any = "C") -> Type:
    """The type of np.ravel: one dimension of the whole size."""
    a = tensor(a)
    return array(a.dtype, [unknown_size() if a.dims is None else times(a.dims)])


@rule(np.ravel, view, linear, result=flat, refuse=("order",), methods=("ravel",))
@rule(np.ndarray.flatten, fresh, linear, result=flat, refuse=("order",), methods=("flatten",))
def ravel(g, ans, a, order="C"):
    """Back to the old shape."""
    return np.reshape(g, a.shape)


def copied(facts: Facts, a: Any, order: Any = "K") -> Type:
    """The type of np.copy."""
    a = tensor(a)
    return filled(a.dtype, a.dims)


def copied_method(facts: Facts, a: Any, order: Any = "C") -> Type:
    """The type of `x.copy()`, which leaves a NumPy scalar one."""
    a = tensor(a)
    return viewed(a, a.dims)


@rule(np.ndarray.copy, fresh, linear, result=copied_method, methods=("copy",))
@rule(np.copy, fresh, linear, result=copied)
def copy(g, ans, a, order="K"):
    """The same numbers."""
    return g


def cast(facts: Facts, x: Any, dtype: Any) -> Type:
    """The type of `x.astype(dtype)`."""
    x = tensor(x)
    return viewed(Tensor(dtype_of(dtype, np.dtype(np.float64)), None, x.kind), x.dims)


@rule(np.ndarray.astype, fresh, linear, result=cast, methods=("astype",))
def astype(g, ans, x, dtype):
    """The sweep gives the cotangent the dtype of `x`; integers have none."""
    return g


# --- axes ---------------------------------------------------------------------------------------


def transposed(facts: Facts, a: Any, axes: Any = None) -> Type:
    """The type of np.transpose."""
    a = tensor(a)
    if a.dims is None:
        return viewed(a, None)
    if axes is None:
        return viewed(a, a.dims[::-1])
    if isinstance(axes, Sizes):
        return viewed(a, [unknown_size() for _ in a.dims])
    order = axes_of(tuple(axes), len(a.dims)) if isinstance(axes, (tuple, list)) else None
    if order is None or len(order) != len(a.dims):
        return viewed(a, [unknown_size() for _ in a.dims])
    return viewed(a, [a.dims[i] for i in order])


@folded
def inverse(axes: Sequence[int]) -> tuple[int, ...]:
    """The permutation that undoes another."""
    order = [axis % len(axes) for axis in axes]
    return tuple(order.index(i) for i in range(len(order)))


@rule(np.transpose, view, linear, result=transposed, methods=("transpose",))
def transpose(g, ans, a, axes=None):
    """The inverse permutation."""
    if axes is None:
        return np.transpose(g)
    return np.transpose(g, inverse(axes))


def swapped(facts: Facts, a: Any, axis1: Any, axis2: Any) -> Type:
    """The type of np.swapaxes."""
    a = tensor(a)
    if a.dims is None:
        return viewed(a, None)
    one, other = axes_of((axis1,), len(a.dims)), axes_of((axis2,), len(a.dims))
    if one is None or other is None:
        return viewed(a, [unknown_size() for _ in a.dims])
    dims = list(a.dims)
    (i,), (j,) = one, other
    dims[i], dims[j] = dims[j], dims[i]
    return viewed(a, dims)


@rule(np.swapaxes, view, linear, result=swapped, methods=("swapaxes",))
def swapaxes(g, ans, a, axis1, axis2):
    """Its own inverse."""
    return np.swapaxes(g, axis1, axis2)


def last_two_swapped(facts: Facts, x: Any) -> Type:
    """The type of np.matrix_transpose."""
    return swapped(facts, x, -1, -2)


@rule(np.matrix_transpose, view, linear, result=last_two_swapped)
def matrix_transpose(g, ans, x):
    """Its own inverse."""
    return np.swapaxes(g, -1, -2)


def moved(facts: Facts, a: Any, source: Any, destination: Any) -> Type:
    """The type of np.moveaxis."""
    a = tensor(a)
    if a.dims is None:
        return viewed(a, None)
    origins, targets = axes_of(source, len(a.dims)), axes_of(destination, len(a.dims))
    if origins is None or targets is None or source is None or len(origins) != len(targets):
        return viewed(a, [unknown_size() for _ in a.dims])
    order = [i for i in range(len(a.dims)) if i not in origins]
    for target, origin in sorted(zip(targets, origins, strict=True)):
        order.insert(target, origin)
    return viewed(a, [a.dims[i] for i in order])


@rule(np.moveaxis, view, linear, result=moved)
def moveaxis(g, ans, a, source, destination):
    """Back from the destination to the source."""
    return np.moveaxis(g, destination, source)


def expanded(facts: Facts, a: Any, axis: Any) -> Type:
    """The type of np.expand_dims."""
    a = tensor(a)
    if a.dims is None or not static(axis):
        return Tensor(a.dtype, None, "array")
    rank = len(a.dims) + (len(axis) if isinstance(axis, (tuple, list)) else 1)
    axes = axes_of(axis, rank)
    if axes is None:
        return Tensor(a.dtype, None, "array")
    rest = iter(a.dims)
    return filled(a.dtype, [1 if i in axes else next(rest) for i in range(rank)])


@rule(np.expand_dims, view, linear, result=expanded)
def expand_dims(g, ans, a, axis):
    """The new axes are taken out again."""
    return np.squeeze(g, axis)


def squeezed(facts: Facts, a: Any, axis: Any = None) -> Type:
    """The type of np.squeeze; without an axis its rank is known only where all sizes are."""
    a = tensor(a)
    if a.dims is None:
        return viewed(a, None)
    if axis is None:
        decided = all(d == 1 or facts.not_one(d) for d in map(facts.find, a.dims))
        return viewed(a, [d for d in a.dims if facts.find(d) != 1] if decided else None)
    axes = axes_of(axis, len(a.dims))
    if axes is None:
        return viewed(a, None)
    return viewed(a, [d for i, d in enumerate(a.dims) if i not in axes])


@rule(np.squeeze, view, linear, result=squeezed, methods=("squeeze",))
def squeeze(g, ans, a, axis=None):
    """The axes of length 1 are put back."""
    return np.reshape(g, a.shape)


def spread(facts: Facts, array: Any, shape: Any) -> Type:
    """The type of np.broadcast_to: an ndarray of that shape."""
    x, dims = tensor(array), dims_of(shape)
    if x.dims is not None and dims is not None:
        facts.fill(x.dims, dims)
    return filled(x.dtype, dims)


@rule(np.broadcast_to, view, linear, result=spread)
def broadcast_to(g, ans, array, shape):
    """The sweep sums over what was repeated."""
    return g


# --- order and place ----------------------------------------------------------------------------


@rule(np.flip, view, linear, result=same)
def flip(g, ans, m, axis=None):
    """Its own inverse."""
    return np.flip(g) if axis is None else np.flip(g, axis)


@rule(np.flipud, view, linear, result=same)
def flipud(g, ans, m):
    """Its own inverse."""
    return np.flipud(g)


@rule(np.fliplr, view, linear, result=same)
def fliplr(g, ans, m):
    """Its own inverse."""
    return np.fliplr(g)


def rolled(facts: Facts, a: Any, shift: Any, axis: Any = None) -> Type:
    """The type of np.roll."""
    a = tensor(a)
    return filled(a.dtype, a.dims)


@rule(np.roll, fresh, linear, result=rolled)
def roll(g, ans, a, shift, axis=None):
    """The other way round."""
    if isinstance(shift, tuple):
        return np.roll(g, tuple([-s for s in shift]), axis)
    return np.roll(g, -shift) if axis is None else np.roll(g, -shift, axis)


def triangle(facts: Facts, m: Any, k: Any = 0) -> Type:
    """The type of np.tril and np.triu: a 1-D array is broadcast to a square."""
    m = tensor(m)
    if m.dims is not None and len(m.dims) == 1:
        return filled(m.dtype, (m.dims[0], m.dims[0]))
    return filled(m.dtype, m.dims)


@rule(np.tril, fresh, linear, result=triangle)
def tril(g, ans, m, k=0):
    """The same part."""
    return np.tril(g) if surely(k == 0) else np.tril(g, k)


@rule(np.triu, fresh, linear, result=triangle)
def triu(g, ans, m, k=0):
    """The same part."""
    return np.triu(g) if surely(k == 0) else np.triu(g, k)
