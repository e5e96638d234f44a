"""Broadcasting within programs; the fuzz has every pair of shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X, Y


def bias(w: Any, x: Any, b: Any) -> Any:
    """A row is added to a matrix, a scalar to the row."""
    return np.sum(np.tanh(w + x + b))


def column_times_row(x: Any, c: Any) -> Any:
    """Both operands are stretched."""
    return np.sum(np.sin(c * x))


def scalar_stretched(k: float, w: Any) -> Any:
    """A float's gradient is a float."""
    return np.sum(k * w) + np.mean(w**k if k > 9.0 else w - k)


def one_may_be_n(x: Any, y: Any) -> Any:
    """A dimension that is 1 here and n there: each signature has its own sums."""
    return np.sum(x * y + x)


def keepdims_stretched_back(w: Any) -> Any:
    """A reduced value meets the array that it came from."""
    centred = w - np.mean(w, axis=0, keepdims=True)
    scaled = centred / (1.0 + np.sum(w * w, axis=1, keepdims=True))
    return np.sum(scaled**3)


def reused_at_two_shapes(x: Any, w: Any) -> Any:
    """One value stretched once, and used as it is once."""
    return np.sum(w * x) * np.sum(x * x)


def where_of_three_shapes(x: Any, w: Any, k: float) -> Any:
    """All three operands of where broadcast."""
    return np.sum(np.where(x > 0.0, w, k) * w)


CASES = [
    Case(bias, (W, X, 0.3)),
    Case(bias, (W, X[:1], np.array(0.3)), suffix="_ones"),
    Case(column_times_row, (X, Y[:, None])),
    Case(scalar_stretched, (0.7, W)),
    Case(one_may_be_n, (X, Y)),
    Case(one_may_be_n, (X, Y[:1]), suffix="_one"),
    Case(one_may_be_n, (X[:, None], Y[None, :1]), suffix="_column"),
    Case(keepdims_stretched_back, (W,)),
    Case(reused_at_two_shapes, (X, W)),
    Case(where_of_three_shapes, (X, W, 0.4)),
]
