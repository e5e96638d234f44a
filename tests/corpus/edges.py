"""0-d, empty and one-element arrays; ties, kinks, zeros, hidden NaN; layouts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X

EMPTY = np.zeros((0, 3))
TIED = np.array([1.0, 0.2, 1.0, -1.0])


def squares(x: Any) -> Any:
    """The sum of squares of whatever comes."""
    return np.sum(x * x)


def zero_dimensional(x: Any) -> Any:
    """A 0-d array in, a 0-d array out; in between NumPy makes scalars."""
    y = np.sin(x) * x
    return y + x * 2.0


def zero_dimensional_written(x: Any) -> Any:
    """`x += 1` writes a 0-d array, and an alias sees it."""
    a = x
    a += 1.0
    return np.sin(a * x)


def empty_product(w: Any, x: Any) -> Any:
    """Matrices without rows."""
    return np.sum(w @ x) + np.sum(x)


def statistics_of_one(x: Any) -> Any:
    """One element: the variance and its derivative are 0."""
    return np.mean(x) + np.var(x) + np.max(x) + np.prod(x)


def tied_maximum(x: Any) -> Any:
    """Ties split evenly."""
    return np.max(x) * 3.0 + np.min(x)


def tied_with_constant(x: Any) -> Any:
    """maximum(x, 1) at x = 1 gives a half."""
    return np.sum(np.maximum(x, 1.0)) + np.sum(np.minimum(1.0, x))


def tied_with_itself(x: Any) -> Any:
    """Both halves come back to one argument."""
    return np.sum(np.maximum(x, x) * x)


def absolute_at_zero(x: Any) -> Any:
    """abs'(0) = 0."""
    return np.sum(np.abs(x))


def clipped_at_the_bounds(x: Any) -> Any:
    """clip passes the gradient strictly inside."""
    return np.sum(np.clip(x, -1.0, 1.0))


def norm_at_zero(x: Any) -> Any:
    """The gradient of a norm at 0 is 0."""
    return np.linalg.norm(x)


def root_at_zero(x: Any) -> Any:
    """sqrt'(0) = inf."""
    return np.sum(np.sqrt(x))


def scalar_root_at_zero(x: float) -> Any:
    """Float code raises nothing that the primal did not."""
    return math.sqrt(x) + x


def power_at_zero(x: Any) -> Any:
    """0 ** 0, 0 ** 1, 0 ** 2."""
    return np.sum(x**0 + x**1 + x**2)


def float_power_at_zero(x: float) -> Any:
    """x ** 0.5 at the float 0.0: inf, not ZeroDivisionError."""
    return x**0.5


def product_with_zero(x: Any) -> Any:
    """The derivative by the zero is the product of the others."""
    return np.prod(x)


def log_hidden_by_where(x: Any) -> Any:
    """The logarithm of a negative number is not chosen."""
    return np.sum(np.where(x > 0.0, np.log(x), x))


def large_log_sum_exp(x: Any) -> Any:
    """No overflow where the primal has none."""
    shift = np.max(x)
    return np.log(np.sum(np.exp(x - shift))) + shift


def layout(w: Any) -> Any:
    """Sums in memory order; reshape of what is not contiguous is a copy."""
    flat = w.reshape(-1)
    return np.sum(w * w) + np.sum(flat * flat[::-1]) + np.sum(w.T.ravel() ** 3)


def sign_and_floor(x: Any) -> Any:
    """Steps have no derivative, and their factors have."""
    return np.sum(np.sign(x) * x + np.floor(x) * x + np.round(x))


CASES = [
    Case(squares, (0.5,), suffix="_float"),
    Case(squares, (np.array(0.5),), suffix="_0d"),
    Case(squares, (np.array([0.5]),), suffix="_one"),
    Case(squares, (np.array([[0.5]]),), suffix="_one_by_one"),
    Case(squares, (EMPTY,), suffix="_empty"),
    Case(squares, (np.zeros(0),), suffix="_empty_vector"),
    Case(squares, (np.zeros((0, 3), dtype=np.float32),), suffix="_empty_single"),
    Case(zero_dimensional, (np.array(0.5),)),
    Case(zero_dimensional, (0.5,), suffix="_float"),
    Case(zero_dimensional_written, (np.array(0.5),), may_refuse=True),
    Case(zero_dimensional_written, (0.5,), suffix="_float"),
    Case(empty_product, (EMPTY, X)),
    Case(statistics_of_one, (np.array([0.5]),)),
    Case(tied_maximum, (TIED,), smooth=False),
    Case(tied_with_constant, (TIED,), smooth=False),
    Case(tied_with_itself, (TIED,)),
    Case(absolute_at_zero, (np.array([0.0, -0.0, 2.0, -2.0]),), smooth=False),
    Case(clipped_at_the_bounds, (TIED,), smooth=False),
    Case(norm_at_zero, (np.zeros(3),), smooth=False),
    Case(root_at_zero, (np.array([0.0, 4.0]),), smooth=False),
    Case(scalar_root_at_zero, (0.0,), smooth=False, may_refuse=True),
    Case(power_at_zero, (np.array([0.0, 2.0]),)),
    Case(float_power_at_zero, (0.0,), smooth=False),
    Case(product_with_zero, (np.array([0.5, 0.0, 2.0]),)),
    Case(product_with_zero, (np.array([0.5, 0.0, 0.0]),), suffix="_twice"),
    Case(log_hidden_by_where, (np.array([0.5, -0.5]),)),
    Case(large_log_sum_exp, (np.array([1000.0, 1000.5, -1000.0]),), smooth=False),
    Case(layout, (np.asfortranarray(W),), suffix="_fortran"),
    Case(layout, (W,), suffix="_c"),
    Case(sign_and_floor, (X,)),
]
