"""A tridiagonal system: eliminate forward, substitute backward, one element at a time."""

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("lower", "diagonal", "upper", "right")


def function(lower, diagonal, upper, right):
    """lower, upper: (n - 1,), diagonal, right: (n,) -> the squared length of the solution."""
    n = len(right)
    d = diagonal.copy()
    y = right.copy()
    for i in range(1, n):
        m = lower[i - 1] / d[i - 1]
        d[i] -= m * upper[i - 1]
        y[i] -= m * y[i - 1]
    y[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        y[i] = (y[i] - upper[i] * y[i + 1]) / d[i]
    return np.sum(y * y)


def line_by_line(lower, diagonal, upper, right) -> Arrays:
    """Both loops run backward -> the gradient by each argument.

    The second loop overwrites the `y` that the first one's products read, so these are kept.
    """
    n = len(right)
    d = diagonal.copy()
    y = right.copy()
    ms = []
    ys = []
    for i in range(1, n):
        m = lower[i - 1] / d[i - 1]
        d[i] -= m * upper[i - 1]
        before = y[i - 1]
        y[i] -= m * before
        ms.append(m)
        ys.append(before)
    y[n - 1] /= d[n - 1]
    for i in range(n - 2, -1, -1):
        y[i] = (y[i] - upper[i] * y[i + 1]) / d[i]
    # return np.sum(y * y)
    dy = 2.0 * y
    dd = np.zeros_like(d)
    dlower = np.zeros_like(lower)
    dupper = np.zeros_like(upper)
    for i in range(n - 1):
        # y[i] = (y[i] - upper[i] * y[i + 1]) / d[i]
        g = dy[i] / d[i]
        dd[i] -= g * y[i]
        dupper[i] -= g * y[i + 1]
        dy[i + 1] -= g * upper[i]
        dy[i] = g
    # y[n - 1] /= d[n - 1]
    g = dy[n - 1] / d[n - 1]
    dd[n - 1] -= g * y[n - 1]
    dy[n - 1] = g
    for i in range(n - 1, 0, -1):
        m = ms.pop()
        # y[i] -= m * y[i - 1]
        g = dy[i]
        dm = -g * ys.pop()
        dy[i - 1] -= g * m
        # d[i] -= m * upper[i - 1]
        g = dd[i]
        dm -= g * upper[i - 1]
        dupper[i - 1] -= g * m
        # m = lower[i - 1] / d[i - 1]
        g = dm / d[i - 1]
        dlower[i - 1] += g
        dd[i - 1] -= g * m
    return dlower, dd, dupper, dy


def expert(lower, diagonal, upper, right) -> Arrays:
    """One more solve, with the transposed matrix: A^T z = 2 y, and dA = -z y^T."""
    y = _solve(lower, diagonal, upper, right)
    z = _solve(upper, diagonal, lower, 2.0 * y)
    return -z[1:] * y[:-1], -z * y, -z[:-1] * y[1:], z


def _solve(lower, diagonal, upper, right) -> NDArray:
    """On Python's own numbers, which are faster one by one -> the solution: (n,)."""
    below, above = lower.tolist(), upper.tolist()
    d, y = diagonal.tolist(), right.tolist()
    for i in range(1, len(y)):
        m = below[i - 1] / d[i - 1]
        d[i] -= m * above[i - 1]
        y[i] -= m * y[i - 1]
    y[-1] /= d[-1]
    for i in range(len(y) - 2, -1, -1):
        y[i] = (y[i] - above[i] * y[i + 1]) / d[i]
    return np.array(y)


def make_inputs(size: int, seed: int = 0) -> Arrays:
    """A matrix whose diagonal outweighs its neighbours, and a right-hand side."""
    random = np.random.default_rng(seed)
    return (
        random.uniform(-1.0, 1.0, size=size - 1),
        random.uniform(3.0, 4.0, size=size),
        random.uniform(-1.0, 1.0, size=size - 1),
        random.normal(size=size),
    )
