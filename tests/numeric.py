"""Numeric derivatives and strict comparison, sharing no code with srcad."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Scalar = Callable[[Any], float]
STEP = 1e-3


def central_differences(f: Scalar, x: Any) -> Any:
    """The gradient of `f` at `x` by central differences at two steps, extrapolated.

    The error of each is even in the step, so that (4 D(h / 2) - D(h)) / 3 leaves one of order h^4.
    """
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = STEP * max(1.0, abs(x[index]))
        wide, narrow = (_difference(f, x, index, h) for h in (step, step / 2))
        gradient[index] = (4 * narrow - wide) / 3
    return gradient


def _difference(f: Scalar, x: np.ndarray, index: tuple[int, ...], step: float) -> float:
    above, below = x.copy(), x.copy()
    above[index] += step
    below[index] -= step
    return (f(above) - f(below)) / (above[index] - below[index])


def complex_step(f: Callable[[Any], complex], x: Any, step: float = 1e-30) -> Any:
    """The gradient of an analytic `f` at `x`: the imaginary part of a step in that direction."""
    x = np.asarray(x, dtype=np.float64)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        point = x.astype(complex)
        point[index] += step * 1j
        gradient[index] = np.imag(f(point)) / step
    return gradient


def assert_same(actual: Any, expected: Any, rtol: float = 1e-7, atol: float = 1e-9) -> None:
    """Equal in shape, dtype and value; NaN equals nothing."""
    assert np.shape(actual) == np.shape(expected), (np.shape(actual), np.shape(expected))
    have, want = np.asarray(actual).dtype, np.asarray(expected).dtype
    assert have == want, f"{have} instead of {want}"
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=atol, equal_nan=False)
