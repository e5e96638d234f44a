"""A recurrence on vectors, a hundred steps."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("w", "b", "x")


def function(w, b, x):
    """w, b, x: (n,) -> a number."""
    for _ in range(100):
        x = np.tanh(w * x + b)
    return np.sum(x * x)


def line_by_line(w, b, x) -> Arrays:
    """The loop run backward, statement by statement; w, b, x: (n,) -> dw, db, dx: (n,)."""
    xs = []
    for _ in range(100):
        xs.append(x)
        x = np.tanh(w * x + b)
    # return np.sum(x * x)
    dx = 2.0 * x
    dw = np.zeros_like(w)
    db = np.zeros_like(b)
    for _ in range(100):
        # x = np.tanh(w * x + b)
        dz = dx * (1.0 - x * x)
        db += dz
        x = xs.pop()
        dw += dz * x
        dx = dz * w
    return dw, db, dx


def expert(w, b, x) -> Arrays:
    """The slopes of all steps at once, then their running product -> dw, db, dx: (n,).

    What flows back into step t's tanh is dz[t] = dz[t + 1] * w * (1 - xs[t + 1] ** 2).
    """
    xs = np.empty((101, *x.shape), x.dtype)
    xs[0] = x
    for before, after in pairwise(xs):
        np.multiply(w, before, out=after)
        np.add(after, b, out=after)
        np.tanh(after, out=after)
    dz = xs[1:] * xs[1:]
    np.subtract(1.0, dz, out=dz)
    dz[:-1] *= w
    dz[-1] *= 2.0 * xs[-1]
    np.multiply.accumulate(dz[::-1], axis=0, out=dz[::-1])
    return np.einsum("tn,tn->n", dz, xs[:-1]), dz.sum(axis=0), dz[0] * w


def make_inputs(size: int, seed: int = 0) -> Arrays:
    """w, b and x of `size` numbers each, as `function` takes them."""
    random = np.random.default_rng(seed)
    return random.normal(size=size), 0.1 * random.normal(size=size), random.normal(size=size)
