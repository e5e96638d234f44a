"""Products of vectors, matrices and stacks of them."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from srcad.primitive import bilinear, folded, fresh, rule, surely
from srcad.rules.results import axes_of, static, strong, tensor
from srcad.types import Dim, Facts, Tensor, Type, array, times
from srcad.types import fresh as unknown_size

# --- types --------------------------------------------------------------------------------------


def multiplied(facts: Facts, x1: Any, x2: Any) -> Type:
    """The type of `@`: (..., n, k) @ (..., k, m) -> (..., n, m), a vector losing its one axis."""
    a, b = tensor(x1), tensor(x2)
    dtype = strong([a, b])
    if a.dims is None or b.dims is None:
        return Tensor(dtype)
    if not a.dims or not b.dims:
        return Tensor(dtype)
    facts.unify(a.dims[-1], b.dims[-2:][0])
    batch = facts.broadcast([a.dims[:-2], b.dims[:-2]])
    return array(dtype, (*batch, *a.dims[-2:-1], *(b.dims[-1:] if len(b.dims) > 1 else ())))


def dotted(facts: Facts, a: Any, b: Any) -> Type:
    """The type of np.dot: the last axis of `a` against the last but one of `b`."""
    a, b = tensor(a), tensor(b)
    dtype = strong([a, b])
    if a.dims is None or b.dims is None:
        return Tensor(dtype)
    if not a.dims or not b.dims:
        return array(dtype, a.dims or b.dims)
    facts.unify(a.dims[-1], b.dims[-2:][0])
    return array(dtype, (*a.dims[:-1], *b.dims[:-2], *(b.dims[-1:] if len(b.dims) > 1 else ())))


def inner_of(facts: Facts, a: Any, b: Any) -> Type:
    """The type of np.inner: last axis against last axis."""
    a, b = tensor(a), tensor(b)
    dtype = strong([a, b])
    if a.dims is None or b.dims is None:
        return Tensor(dtype)
    if not a.dims or not b.dims:
        return array(dtype, a.dims or b.dims)
    facts.unify(a.dims[-1], b.dims[-1])
    return array(dtype, (*a.dims[:-1], *b.dims[:-1]))


def outer_of(facts: Facts, a: Any, b: Any) -> Type:
    """The type of np.outer: (n,), (m,) -> (n, m), the arguments made flat."""
    a, b = tensor(a), tensor(b)
    return Tensor(strong([a, b]), (_flat_size(a), _flat_size(b)), "array")


def vector_dotted(facts: Facts, a: Any, b: Any) -> Type:
    """The type of np.vdot, a number."""
    a, b = tensor(a), tensor(b)
    if a.dims is not None and b.dims is not None:
        facts.unify(times(a.dims), times(b.dims))
    return Tensor(strong([a, b]), (), "scalar")


def contracted(facts: Facts, a: Any, b: Any, axes: Any = 2) -> Type:
    """The type of np.tensordot."""
    a, b = tensor(a), tensor(b)
    dtype = strong([a, b])
    if a.dims is None or b.dims is None or not static(axes):
        return Tensor(dtype, None, "array")
    pairs = paired(axes, len(a.dims), len(b.dims))
    if pairs is None:
        return Tensor(dtype, None, "array")
    for i, j in zip(*pairs, strict=True):
        facts.unify(a.dims[i], b.dims[j])
    left = [d for i, d in enumerate(a.dims) if i not in pairs[0]]
    right = [d for i, d in enumerate(b.dims) if i not in pairs[1]]
    return Tensor(dtype, (*left, *right), "array")


def _flat_size(x: Tensor) -> Dim:
    return unknown_size() if x.dims is None else times(x.dims)


# --- dot and @ ----------------------------------------------------------------------------------


@rule(np.vdot, fresh, bilinear, result=vector_dotted)
def vdot(g, ans, a, b):
    """Both are flat: each gets the other."""
    if surely(a.ndim == 1 and b.ndim == 1):
        return g * b, g * a
    return g * np.reshape(b, a.shape), g * np.reshape(a, b.shape)


@rule(operator.matmul, np.matmul, fresh, bilinear, result=multiplied)
def matmul(g, ans, x1, x2):
    """(..., n, k) @ (..., k, m); the sweep sums over the stacks that were broadcast."""
    if x1.ndim == 1 and x2.ndim == 1:
        return g * x2, g * x1
    if x1.ndim == 1 and x2.ndim == 2:
        return x2 @ g, np.outer(x1, g)
    if x1.ndim == 2 and x2.ndim == 1:
        return np.outer(g, x2), x1.T @ g
    if x1.ndim == 2 and x2.ndim == 2:
        return g @ x2.T, x1.T @ g
    if x1.ndim == 1:
        return (x2 @ g[..., None])[..., 0], x1[:, None] * g[..., None, :]
    if x2.ndim == 1:
        return g[..., None] * x2, np.tensordot(g, x1, g.ndim)
    return g @ np.swapaxes(x2, -1, -2), np.swapaxes(x1, -1, -2) @ g


@rule(np.dot, fresh, bilinear, result=dotted, refuse=("out",), methods=("dot",))
def dot(g, ans, a, b, out=None):
    """The last axis of `a` against the last but one of `b`, for every pair of the other axes."""
    if np.ndim(a) == 0 or np.ndim(b) == 0 or (np.ndim(a) == 1 and np.ndim(b) == 1):
        return g * b, g * a
    if np.ndim(a) == 1 and np.ndim(b) == 2:
        return b @ g, np.outer(a, g)
    if np.ndim(a) == 2 and np.ndim(b) == 1:
        return np.outer(g, b), a.T @ g
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        return g @ b.T, a.T @ g
    if np.ndim(b) == 1:
        return g[..., None] * b, np.tensordot(g, a, g.ndim)
    rows, columns = free_of_dot(np.ndim(a), np.ndim(b))
    da = np.tensordot(g, b, (columns[0], columns[1]))
    db = np.tensordot(a, g, (rows, rows))
    return da, np.moveaxis(db, 0, -2)


@folded
def free_of_dot(left: int, right: int) -> tuple[Any, Any]:
    """The axes of `a` that are not summed; those of `g` and of `b` that came from `b`."""
    rows = tuple(range(left - 1))
    return rows, (tuple(range(left - 1, left + right - 2)), (*range(right - 2), right - 1))


# --- the other products -------------------------------------------------------------------------


@rule(np.outer, fresh, bilinear, result=outer_of, refuse=("out",))
def outer(g, ans, a, b, out=None):
    """(n,), (m,) -> (n, m); what was made flat gets its shape back."""
    da = g @ (b if np.ndim(b) == 1 else np.ravel(b))
    db = (a if np.ndim(a) == 1 else np.ravel(a)) @ g
    return (
        da if np.ndim(a) == 1 else np.reshape(da, np.shape(a)),
        db if np.ndim(b) == 1 else np.reshape(db, np.shape(b)),
    )


@rule(np.inner, fresh, bilinear, result=inner_of)
def inner(g, ans, a, b):
    """The last axes against each other."""
    if np.ndim(a) == 0 or np.ndim(b) == 0 or (np.ndim(a) == 1 and np.ndim(b) == 1):
        return g * b, g * a
    if np.ndim(a) == 2 and np.ndim(b) == 2:
        return g @ b, g.T @ a
    if np.ndim(b) == 1:
        return g[..., None] * b, np.tensordot(g, a, g.ndim)
    if np.ndim(a) == 1:
        return np.tensordot(g, b, g.ndim), g[..., None] * a
    rows = first_axes(np.ndim(a) - 1)
    return np.tensordot(g, b, np.ndim(b) - 1), np.tensordot(g, a, (rows, rows))


@folded
def first_axes(n: int) -> tuple[int, ...]:
    """The first `n` axes."""
    return tuple(range(n))


# --- tensordot ----------------------------------------------------------------------------------


@folded
def paired(axes: Any, left: int, right: int) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The axes of both that are summed against each other, counted from 0."""
    try:
        count = operator.index(axes)
    except TypeError:
        pair = axes_of(axes[0], left), axes_of(axes[1], right)
        return None if pair[0] is None or pair[1] is None else (pair[0], pair[1])
    return tuple(range(left - count, left)), tuple(range(count))


@folded
def plan(axes: Any, left: int, right: int) -> tuple[Any, ...]:
    """How the two cotangents of a tensordot are made.

    Two pairs of axes to sum over, and two permutations that bring the results into the axes' order.
    """
    mine, others = paired(axes, left, right)
    rows = tuple(i for i in range(left) if i not in mine)
    columns = tuple(i for i in range(right) if i not in others)
    in_g = tuple(range(len(rows), len(rows) + len(columns)))
    kept = [m for _, m in sorted(zip(others, mine, strict=True))]  # the order in which b has them
    order_a = _positions((*rows, *kept))
    kept = [o for _, o in sorted(zip(mine, others, strict=True))]
    order_b = _positions((*kept, *columns))
    return (in_g, columns), (rows, tuple(range(len(rows)))), order_a, order_b


def _positions(axes: tuple[int, ...]) -> tuple[int, ...] | None:
    """Where each axis is found; None if all are in their places."""
    order = tuple(axes.index(i) for i in range(len(axes)))
    return None if order == tuple(range(len(axes))) else order


def ordered(x, order):
    """`x` transposed, unless its axes are in order."""
    return x if order is None else np.transpose(x, order)


@rule(np.tensordot, fresh, bilinear, result=contracted)
def tensordot(g, ans, a, b, axes=2):
    """The cotangent against the other, over the axes that the other brought into the result."""
    over_b, over_a, order_a, order_b = plan(axes, np.ndim(a), np.ndim(b))
    if surely(over_b == ((), ())):
        return ordered(g * b, order_a), ordered(g * a, order_b)
    return (
        ordered(np.tensordot(g, b, over_b), order_a),
        ordered(np.tensordot(a, g, over_a), order_b),
    )
