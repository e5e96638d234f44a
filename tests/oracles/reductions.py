"""Tangents of reductions and scans that are not linear: formulas on the last axis."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

from tests.oracles.values import Dual, OracleError

# A formula takes primal and tangent with the reduced elements along the last axis.
Formula = Callable[..., Any]


def bind(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by name, without those that were left out."""
    return dict(inspect.signature(function).bind(*args, **kwargs).arguments)


def reduced_last(array: np.ndarray, axis: Any) -> np.ndarray:
    """`array` with the reduced axes flattened into one, at the end."""
    array = np.asarray(array, dtype=np.float64)
    if axis is None:
        return array.reshape(array.size)
    axes = axis if isinstance(axis, tuple) else (axis,)
    axes = tuple(one % array.ndim for one in axes)
    kept = [one for one in range(array.ndim) if one not in axes]
    moved = array.transpose(*kept, *axes)
    count = int(np.prod([array.shape[one] for one in axes]))
    return moved.reshape(*(array.shape[one] for one in kept), count)


def reduction(formula: Formula, *options: str) -> Callable[..., Any]:
    """A rule from a formula; `options` are keywords that the formula takes itself."""
    known = {"a", "x", "axis", "keepdims", "out", "dtype", *options}

    def rule(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        bound = bind(function, args, kwargs)
        if not set(bound) <= known:
            raise OracleError(f"{function} with {sorted(bound)}")
        operand = bound["a"] if "a" in bound else bound["x"]
        if not isinstance(operand, Dual):
            raise OracleError(f"{function} of {type(operand)}")
        primal = reduced_last(operand.primal, bound.get("axis")).copy()
        tangent = reduced_last(operand.tangent, bound.get("axis")).copy()
        extra = {name: bound[name] for name in options if name in bound}
        result = formula(primal, tangent, **extra)
        return lambda ans: np.reshape(result, np.shape(ans))

    return rule


def extreme(best: Callable[..., Any]) -> Formula:
    """max or min: the mean of the tangents of those that tie."""

    def formula(p: np.ndarray, t: np.ndarray) -> Any:
        tied = p == best(p, axis=-1, keepdims=True)
        return np.where(tied, t, 0.0).sum(axis=-1) / tied.sum(axis=-1)

    return formula


def product(p: np.ndarray, t: np.ndarray) -> Any:
    """The sum over i of t[i] times the product of the others."""
    total = np.zeros(p.shape[:-1])
    for i in range(p.shape[-1]):
        total = total + t[..., i] * np.prod(np.delete(p, i, axis=-1), axis=-1)
    return total


def variance(p: np.ndarray, t: np.ndarray, ddof: float = 0) -> Any:
    """2 / (n - ddof) times the sum of (p - mean p) (t - mean t)."""
    centred = p - p.mean(axis=-1, keepdims=True)
    moved = t - t.mean(axis=-1, keepdims=True)
    return 2.0 * (centred * moved).sum(axis=-1) / (p.shape[-1] - ddof)


def deviation(p: np.ndarray, t: np.ndarray, ddof: float = 0) -> Any:
    """The square root's derivative times the variance's."""
    return variance(p, t, ddof) / (2.0 * np.std(p, axis=-1, ddof=ddof))


def span(p: np.ndarray, t: np.ndarray) -> Any:
    """max - min."""
    return extreme(np.max)(p, t) - extreme(np.min)(p, t)


def middle(p: np.ndarray, t: np.ndarray) -> Any:
    """The median: the mean of the tangents of the one or two in the middle."""
    order = np.argsort(p, axis=-1, kind="stable")
    ordered = np.take_along_axis(t, order, axis=-1)
    count = p.shape[-1]
    return ordered[..., (count - 1) // 2 : count // 2 + 1].mean(axis=-1)


def log_sum_exp(p: np.ndarray, t: np.ndarray) -> Any:
    """The tangents, weighted by the softmax."""
    return (scipy.special.softmax(p, axis=-1) * t).sum(axis=-1)


def norm(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Vector norms of order None, 1, 2, infinity and the Frobenius norm; 0 at 0."""
    bound = bind(function, args, kwargs)
    order, axis = bound.get("ord"), bound.get("axis")
    ndim = np.ndim(bound["x"].primal) if axis is None else len(np.atleast_1d(axis))
    p = reduced_last(bound["x"].primal, axis).copy()
    t = reduced_last(bound["x"].tangent, axis).copy()
    if order is None or order == "fro" or (order == 2 and ndim == 1):
        size = np.sqrt((p * p).sum(axis=-1))
        result = np.where(size == 0, 0.0, (p * t).sum(axis=-1) / np.where(size == 0, 1.0, size))
    elif order == 1 and ndim == 1:
        result = (np.sign(p) * t).sum(axis=-1)
    elif order == np.inf and ndim == 1:
        result = extreme(np.max)(np.abs(p), np.sign(p) * t)
    else:
        raise OracleError(f"norm of order {order}")
    return lambda ans: np.reshape(result, np.shape(ans))


def cumulative_product(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Each prefix's product rule."""
    bound = bind(function, args, kwargs)
    axis = bound.get("axis")
    p, t = np.asarray(bound["a"].primal, dtype=np.float64), bound["a"].tangent
    if axis is None:
        p, t, axis = np.ravel(p), np.ravel(t), 0
    p, t = np.moveaxis(p, axis, -1), np.moveaxis(np.asarray(t), axis, -1)
    result = np.zeros(p.shape)
    for end in range(p.shape[-1]):
        result[..., end] = product(p[..., : end + 1], t[..., : end + 1])
    result = np.moveaxis(result, -1, axis)
    return lambda ans: result


def sort(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The tangents in the order of the primals."""
    bound = bind(function, args, kwargs)
    axis = bound.get("axis", -1)
    p, t = bound["a"].primal, bound["a"].tangent
    if axis is None:
        p, t, axis = np.ravel(p), np.ravel(t), -1
    result = np.take_along_axis(t, np.argsort(p, axis=axis, kind="stable"), axis=axis)
    return lambda ans: result


def average(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The weighted mean, by the quotient rule."""
    bound = bind(function, args, kwargs)
    axis, weights = bound.get("axis"), bound.get("weights")
    p, t = np.array(bound["a"].primal, dtype=np.float64), bound["a"].tangent.copy()
    if weights is None:
        return lambda ans: np.mean(t, axis=axis)
    if isinstance(weights, Dual):
        w, tw = np.array(weights.primal, dtype=np.float64), weights.tangent.copy()
    else:
        w, tw = np.array(weights, dtype=np.float64), np.zeros(np.shape(weights))
    if axis is not None and w.ndim != p.ndim:
        raise OracleError("average of an array with weights of another rank")
    total = w.sum(axis=axis)
    value = (p * w).sum(axis=axis) / total
    return lambda ans: (t * w + p * tw).sum(axis=axis) / total - value * tw.sum(axis=axis) / total


REDUCTIONS: dict[Any, Any] = {
    np.max: reduction(extreme(np.max)),
    np.min: reduction(extreme(np.min)),
    np.amax: reduction(extreme(np.max)),
    np.amin: reduction(extreme(np.min)),
    np.prod: reduction(product),
    np.var: reduction(variance, "ddof"),
    np.std: reduction(deviation, "ddof"),
    np.ptp: reduction(span),
    np.median: reduction(middle),
    scipy.special.logsumexp: reduction(log_sum_exp),
    np.linalg.norm: norm,
    np.cumprod: cumulative_product,
    np.sort: sort,
    np.average: average,
}
