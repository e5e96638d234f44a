"""A sum of sines fitted to data: a matrix that is filled row by row."""

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("w", "x")


def function(w, x, y):
    """w: (n,) amplitudes, x, y: (m,) -> the squared error of the sum of w[i] sin((i + 1) x)."""
    n = len(w)
    A = np.zeros((n, len(x)))
    for i in range(n):
        A[i] = np.sin(x * (i + 1))
    r = w @ A - y
    return np.sum(r * r)


def line_by_line(w, x, y) -> Arrays:
    """Each statement's derivative in reverse order; w: (n,), x, y: (m,) -> dw: (n,), dx: (m,)."""
    n = len(w)
    A = np.zeros((n, len(x)))
    for i in range(n):
        A[i] = np.sin(x * (i + 1))
    # r = w @ A - y, return np.sum(r * r)
    dr = 2.0 * (w @ A - y)
    dw = A @ dr
    dA = np.outer(w, dr)
    dx = np.zeros_like(x)
    for i in reversed(range(n)):
        # A[i] = np.sin(x * (i + 1))
        dx += dA[i] * np.cos(x * (i + 1)) * (i + 1)
    return dw, dx


def expert(w, x, y) -> Arrays:
    """All rows at once, and the sum over them as a product -> dw: (n,), dx: (m,)."""
    k = np.arange(1.0, len(w) + 1.0)
    angles = np.outer(k, x)
    A = np.sin(angles)
    dr = w @ A
    dr -= y
    dr *= 2.0
    np.cos(angles, out=angles)
    dx = (w * k) @ angles
    dx *= dr
    return A @ dr, dx


def make_inputs(rows: int, columns: int, seed: int = 0) -> Arrays:
    """Amplitudes, points and data, as `function` takes them."""
    random = np.random.default_rng(seed)
    return (
        random.normal(size=rows) / np.arange(1.0, rows + 1.0),
        random.uniform(0.0, 3.0, size=columns),
        random.normal(size=columns),
    )
