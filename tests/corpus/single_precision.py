"""float32 in, float32 out: no constant, count or seed promotes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X, Y

X4, Y4, W4 = X.astype(np.float32), Y.astype(np.float32), W.astype(np.float32)


def promoted_by_nothing(x: Any, w: Any) -> Any:
    """Python constants, counts and means."""
    h = np.tanh(w @ x + 0.5) * 2.0
    return np.mean(h * h) / h.size + np.sum(x) / x.shape[0]


def mixed_precision(x: Any, y: Any) -> Any:
    """float32 times float64 is float64; the gradient by x is float32 again."""
    return np.sum(x * y + x)


def loop_in_single(x: Any, n: int) -> Any:
    """The index and the accumulator are Python numbers."""
    total = 0.0
    for i in range(n):
        x = np.sin(x) * (i + 1)
        total = total + np.mean(x)
    return total


def extremes_in_single(x: Any, w: Any) -> Any:
    """Masks and counts do not promote."""
    return np.max(w) + np.sum(np.maximum(x, 0.0)) + np.var(w) + np.sum(np.where(x > 0.0, x, 1.0))


def scalar_of_numpy(k: Any, x: Any) -> Any:
    """A np.float64 scalar in, one out; a np.float32 likewise."""
    return k * k * np.sum(x)


CASES = [
    Case(promoted_by_nothing, (X4, W4), smooth=False),
    Case(mixed_precision, (X4, Y), smooth=False),
    Case(loop_in_single, (X4, 3), smooth=False),
    Case(extremes_in_single, (X4, W4), smooth=False),
    Case(scalar_of_numpy, (np.float64(0.7), X), smooth=False),
    Case(scalar_of_numpy, (np.float32(0.7), X4), suffix="_float32", smooth=False),
    Case(mixed_precision, (X4, np.array(0.5)), suffix="_0d", smooth=False),
    Case(mixed_precision, (X4, 0.5), suffix="_float", smooth=False),
]
