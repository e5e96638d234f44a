"""Reductions: over all, one axis, several, with and without keepdims."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X

T = np.arange(1.0, 13.0).reshape(2, 3, 2) * 0.17 - 0.9


def sums_and_means(w: Any, t: Any) -> Any:
    """Axis given as a number, negative, or a tuple."""
    return (
        np.sum(np.sum(w, axis=0) ** 2)
        + np.sum(np.mean(w, axis=-1) ** 3)
        + np.sum(np.sum(t, axis=(0, 2)) ** 2)
        + np.sum(t.mean(axis=(1, 2), keepdims=True) * t)
    )


def extremes(w: Any, x: Any) -> Any:
    """max and min route to the one element."""
    return np.max(w) * np.min(x) + np.sum(np.max(w, axis=1) ** 2) + np.sum(w.min(axis=0) * x)


def product(x: Any, w: Any) -> Any:
    """The product of the others."""
    return np.prod(x) + np.sum(np.prod(w, axis=1))


def spread(x: Any, w: Any) -> Any:
    """Variance and deviation, with ddof."""
    return np.var(x) + np.std(x, ddof=1) + np.sum(np.var(w, axis=0)) + w.std()


def norms(x: Any, w: Any) -> Any:
    """Vector norms and the Frobenius norm."""
    return np.linalg.norm(x) * np.linalg.norm(w) + np.sum(np.linalg.norm(w, axis=1))


def normalised(x: Any) -> Any:
    """x / norm(x)."""
    return np.sum((x / np.linalg.norm(x)) ** 3)


def cumulative(x: Any, w: Any) -> Any:
    """Running sums."""
    return np.sum(np.cumsum(x) ** 2) + np.sum(np.cumsum(w, axis=1) * w)


def standardised(w: Any) -> Any:
    """Layer normalisation by rows."""
    mean = np.mean(w, axis=1, keepdims=True)
    return np.sum(((w - mean) / np.sqrt(np.var(w, axis=1, keepdims=True) + 0.1)) ** 3)


def builtin_sum(x: Any) -> Any:
    """Python's sum over a list of scalars."""
    return sum([x[0] * x[1], x[2]]) + max(float(x[0]), 0.1) + abs(float(x[2]))


def sorted_and_median(x: Any) -> Any:
    """A permutation, and the one in the middle."""
    return np.sum(np.sort(x) * np.array([1.0, 2.0, 3.0])) + np.median(x)


CASES = [
    Case(sums_and_means, (W, T)),
    Case(extremes, (W, X)),
    Case(product, (X, W)),
    Case(spread, (X, W)),
    Case(norms, (X, W)),
    Case(normalised, (X,)),
    Case(cumulative, (X, W), may_refuse=True),
    Case(standardised, (W,)),
    Case(builtin_sum, (X,), may_refuse=True),
    Case(sorted_and_median, (X,), may_refuse=True),
]
