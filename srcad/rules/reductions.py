"""Sums, means, extremes and spreads over axes, and running sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from srcad.primitive import folded, fresh, linear, rule, surely
from srcad.rules.results import axes_of, dtype_of, mean_dtype, static, summed_dtype, tensor
from srcad.types import Dim, Facts, Tensor, Type, array, minus, times
from srcad.types import fresh as unknown_size

# --- the types of reductions --------------------------------------------------------------------


def reduced(a: Tensor, axis: Any, keepdims: Any, dtype: np.dtype | None) -> Tensor:
    """The type of a reduction of `a` over `axis` to a dtype."""
    if axis is None and keepdims is False:
        return Tensor(dtype, (), "scalar")
    if a.dims is None or not static(keepdims):
        return Tensor(dtype)
    axes = axes_of(axis, len(a.dims))
    if axes is not None:
        return array(dtype, _without(a.dims, axes, bool(keepdims)))
    if isinstance(axis, Tensor) and axis.kind == "python":  # one axis, known only at run time
        rank = len(a.dims) - (0 if keepdims else 1)
        return array(dtype, [unknown_size() for _ in range(rank)])
    return Tensor(dtype)


def _without(dims: Sequence[Dim], axes: Sequence[int], keepdims: bool) -> list[Dim]:
    if keepdims:
        return [1 if i in axes else dim for i, dim in enumerate(dims)]
    return [dim for i, dim in enumerate(dims) if i not in axes]


def total(
    facts: Facts,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
) -> Type:
    """The type of np.sum and np.prod."""
    a = tensor(a)
    return reduced(a, axis, keepdims, dtype_of(dtype, summed_dtype(a.dtype)))


def average(
    facts: Facts,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    keepdims: Any = False,
) -> Type:
    """The type of np.mean."""
    a = tensor(a)
    return reduced(a, axis, keepdims, dtype_of(dtype, mean_dtype(a.dtype)))


def extreme(
    facts: Facts, a: Any, axis: Any = None, out: None = None, keepdims: Any = False
) -> Type:
    """The type of np.max and np.min."""
    a = tensor(a)
    return reduced(a, axis, keepdims, a.dtype)


def spread(
    facts: Facts,
    a: Any,
    axis: Any = None,
    dtype: Any = None,
    out: None = None,
    ddof: Any = 0,
    keepdims: Any = False,
) -> Type:
    """The type of np.var and np.std of real numbers."""
    a = tensor(a)
    real = a.dtype is None or a.dtype.kind != "c"
    return reduced(a, axis, keepdims, dtype_of(dtype, mean_dtype(a.dtype) if real else None))


def running(facts: Facts, a: Any, axis: Any = None, dtype: Any = None, out: None = None) -> Type:
    """The type of np.cumsum and np.cumprod: flat without an axis, else the shape of `a`."""
    a = tensor(a)
    dtype = dtype_of(dtype, summed_dtype(a.dtype))
    if axis is None:
        return array(dtype, [unknown_size() if a.dims is None else times(a.dims)])
    return array(dtype, a.dims or None)


# --- what the rules share -----------------------------------------------------------------------


def restored(g, a, axis, keepdims):
    """`g` with the axes that a reduction of `a` took away put back, with length 1.

    If these are the first axes, or all, broadcasting does it.
    """
    if axis is None or keepdims or surely(axis == 0) or surely(a.ndim <= 1):
        return g
    if surely(a.ndim >= 0) and surely(leading(axis, a.ndim)):
        return g
    return np.expand_dims(g, axis)


@folded
def leading(axis: Any, ndim: int) -> bool:
    """Whether some axes are the first ones."""
    axes = normalize_axis_tuple(axis, ndim)
    return sorted(axes) == list(range(len(axes)))


def count(a, axis):
    """How many elements of `a` make one of the result, as a Python integer."""
    if axis is None or surely(a.ndim <= 1):
        return a.size
    if isinstance(axis, tuple) and surely(a.ndim == len(axis)):
        return a.size
    if not isinstance(axis, tuple):
        return a.shape[axis]
    if len(axis) == 0:
        return 1
    if len(axis) == 1:
        return a.shape[axis[0]]
    return a.shape[axis[0]] * count(a, axis[1:])


def freedom(a, axis, ddof):
    """The divisor of a variance."""
    if surely(ddof == 0):
        return count(a, axis)
    return count(a, axis) - ddof


def centred(a, axis):
    """`a` less its mean over an axis."""
    if axis is None or surely(a.ndim <= 1):
        return a - np.mean(a)
    return a - np.mean(a, axis=axis, keepdims=True)


# --- sums ---------------------------------------------------------------------------------------


@rule(
    np.sum,
    fresh,
    linear,
    result=total,
    refuse=("dtype", "out"),
    methods=("sum",),
)
def sum(g, ans, a, axis=None, dtype=None, out=None, keepdims=False):
    """Each summand gets the cotangent of its sum; a number stands for a full array of it."""
    if (axis is None or surely(a.ndim <= 1)) and not keepdims:
        return g
    return np.broadcast_to(restored(g, a, axis, keepdims), a.shape)


@rule(np.mean, fresh, linear, result=average, refuse=("dtype", "out"), methods=("mean",))
def mean(g, ans, a, axis=None, dtype=None, out=None, keepdims=False):
    """The sum, by the count."""
    n = count(a, axis)
    if (axis is None or surely(a.ndim <= 1)) and not keepdims:
        return g / n
    return np.broadcast_to(restored(g / n, a, axis, keepdims), a.shape)


@rule(np.cumsum, fresh, linear, result=running, refuse=("dtype", "out"), methods=("cumsum",))
def cumsum(g, ans, a, axis=None, dtype=None, out=None):
    """A summand is in its own sum and in all later ones: the sum runs backward."""
    if surely(a.ndim == 1):
        return np.cumsum(g[::-1])[::-1]
    if surely(axis == 0):
        return np.cumsum(g[::-1], axis=0)[::-1]
    if axis is None:
        return np.reshape(np.cumsum(g[::-1])[::-1], a.shape)
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


# --- products -----------------------------------------------------------------------------------


@rule(np.prod, fresh, result=total, refuse=("dtype", "out"), methods=("prod",))
def prod(g, ans, a, axis=None, dtype=None, out=None, keepdims=False):
    """The product of the others, also beside zeros.

    It is not 0 for a number that is not 0 if there is no zero, and for a zero if it is the only
    one: where the count of zeros is the element's own. Second derivatives between zeros are lost.
    """
    zero = a == 0
    filled = np.where(zero, 1, a)
    if axis is None:
        return np.where(np.sum(zero) == zero, g * np.prod(filled) / filled, 0.0)
    zeros = np.sum(zero, axis=axis, keepdims=True)
    others = np.prod(filled, axis=axis, keepdims=True) / filled
    return restored(g, a, axis, keepdims) * np.where(zeros == zero, others, 0.0)


# --- extremes -----------------------------------------------------------------------------------


@rule(np.max, np.amax, fresh, result=extreme, refuse=("out",), methods=("max",))
@rule(np.min, np.amin, fresh, result=extreme, refuse=("out",), methods=("min",))
def max(g, ans, a, axis=None, out=None, keepdims=False):
    """The extreme element gets the cotangent; ties split it evenly."""
    best = a == restored(ans, a, axis, keepdims)
    return np.where(best, restored(g, a, axis, keepdims) / ties(best, axis, ans.dtype), 0.0)


def ties(best, axis, dtype):
    """How many share the first place, in a dtype that promotes nothing."""
    if axis is None or surely(best.ndim <= 1):
        return np.sum(best) if surely(dtype == np.float64) else np.sum(best, dtype=dtype)
    if surely(dtype == np.float64):
        return np.sum(best, axis=axis, keepdims=True)
    return np.sum(best, axis=axis, dtype=dtype, keepdims=True)


# --- spreads ------------------------------------------------------------------------------------


@rule(np.var, fresh, result=spread, refuse=("dtype", "out"), methods=("var",))
def var(g, ans, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """2 (a - mean) / (n - ddof): the mean's own change cancels."""
    n = freedom(a, axis, ddof)
    scale = 2.0 * g / n
    return restored(scale, a, axis, keepdims) * centred(a, axis)


@rule(np.std, fresh, result=spread, refuse=("dtype", "out"), methods=("std",))
def std(g, ans, a, axis=None, dtype=None, out=None, ddof=0, keepdims=False):
    """(a - mean) / (std (n - ddof)); a norm, whose gradient at 0 is 0."""
    n = freedom(a, axis, ddof)
    scale = g / (np.where(ans == 0, 1, ans) * n)
    return restored(scale, a, axis, keepdims) * centred(a, axis)


def length(
    facts: Facts, x: Any, ord: Any = None, axis: Any = None, keepdims: Any = False
) -> Type:
    """The type of np.linalg.norm of real numbers."""
    x = tensor(x)
    real = x.dtype is None or x.dtype.kind != "c"
    return reduced(x, axis, keepdims, mean_dtype(x.dtype) if real else None)


@rule(np.linalg.norm, fresh, result=length, refuse=("ord",))
def norm(g, ans, x, ord=None, axis=None, keepdims=False):
    """The direction `x / |x|`; at 0 the gradient is 0."""
    scale = g / np.where(ans == 0, 1, ans)
    return restored(scale, x, axis, keepdims) * x


# --- differences --------------------------------------------------------------------------------


def differences(
    facts: Facts, a: Any, n: Any = 1, axis: Any = -1, prepend: Any = None, append: Any = None
) -> Type:
    """The type of np.diff: `n` shorter along one axis."""
    a = tensor(a)
    if a.dims is None or not static(n, axis) or prepend is not None or append is not None:
        return Tensor(a.dtype)
    axes = axes_of(axis, len(a.dims))
    if axes is None or a.dtype == np.bool_:
        return Tensor(None, a.dims and tuple(unknown_size() for _ in a.dims))
    dims = [minus(d, n) if i in axes else d for i, d in enumerate(a.dims)]
    return array(a.dtype, dims)


@folded
def ends(axis: int, ndim: int) -> tuple[tuple[int, int], ...]:
    """The widths of one more element at both ends of an axis."""
    return tuple((1, 1) if i == axis % ndim else (0, 0) for i in range(ndim))


def undiff(g, n, axis):
    """The transpose of `n` differences along an axis."""
    if n == 0:
        return g
    if surely(g.ndim == 1):
        return undiff(-np.diff(np.pad(g, 1)), n - 1, axis)
    return undiff(-np.diff(np.pad(g, ends(axis, g.ndim)), axis=axis), n - 1, axis)


def of_no_order(a: Any, n: Any = None, axis: Any = None) -> bool:
    """Whether np.diff may return its argument: it does for n = 0."""
    return n is not None and getattr(n, "value", 0) == 0


@rule(np.diff, fresh, linear, result=differences, sharing=of_no_order)
def diff(g, ans, a, n=1, axis=-1):
    """Each difference takes from its first element and gives to its second."""
    return undiff(g, n, axis)
