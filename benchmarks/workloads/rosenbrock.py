"""Rosenbrock's sum, element by element: a loop over the numbers of an array."""

import numpy as np
from numpy.typing import NDArray

WRT = "x"


def function(x):
    """x: (n,) -> a number."""
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def line_by_line(x: NDArray) -> NDArray:
    """The loop run backward; each number is read once; x: (n,) -> dx: (n,)."""
    dx = np.zeros_like(x)
    for i in reversed(range(len(x) - 1)):
        # total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
        xi = x[i]
        dr = 200.0 * (x[i + 1] - xi**2)
        dx[i + 1] += dr
        dx[i] -= 2.0 * (dr * xi + (1.0 - xi))
    return dx


def expert(x: NDArray) -> NDArray:
    """All terms at once; x: (n,) -> dx: (n,)."""
    inner = x[:-1]
    dr = inner * inner
    np.subtract(x[1:], dr, out=dr)
    dr *= 200.0
    dx = np.empty_like(x)
    dx[0] = 0.0
    dx[1:] = dr
    dr *= inner
    dr += 1.0
    dr -= inner
    dr *= 2.0
    dx[:-1] -= dr
    return dx


def make_inputs(size: int, seed: int = 0) -> tuple[NDArray]:
    """One vector of `size` normal numbers, as `function` takes it."""
    return (np.random.default_rng(seed).normal(size=size),)
