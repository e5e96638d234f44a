"""A recurrent network: the same weights at every step."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("W", "U", "b")


def function(W, U, b, X, Y):
    """W: (h, h), U: (d, h), b: (h,), X: (steps, n, d), Y: (steps, n, h) -> the squared error."""
    h = np.zeros(Y.shape[1:])
    total = 0.0
    for t in range(len(X)):
        h = np.tanh(X[t] @ U + h @ W + b)
        r = h - Y[t]
        total += np.sum(r * r)
    return total


def line_by_line(W, U, b, X, Y) -> Arrays:
    """The loop run backward, statement by statement -> dW, dU, db."""
    h = np.zeros(Y.shape[1:])
    hs = []
    for t in range(len(X)):
        hs.append(h)
        h = np.tanh(X[t] @ U + h @ W + b)
    dh = np.zeros_like(h)
    dW = np.zeros_like(W)
    dU = np.zeros_like(U)
    db = np.zeros_like(b)
    for t in reversed(range(len(X))):
        # r = h - Y[t], total += np.sum(r * r)
        dh += 2.0 * (h - Y[t])
        # h = np.tanh(X[t] @ U + h @ W + b)
        dz = dh * (1.0 - h * h)
        h = hs.pop()
        db += np.sum(dz, axis=0)
        dW += h.T @ dz
        dU += X[t].T @ dz
        dh = dz @ W.T
    return dW, dU, db


def expert(W, U, b, X, Y) -> Arrays:
    """Both products with all steps at once, and the slopes in place -> dW, dU, db."""
    steps, rows, inputs = X.shape
    hs = np.empty((steps + 1, *Y.shape[1:]), X.dtype)
    hs[0] = 0.0
    np.matmul(X, U, out=hs[1:])
    hs[1:] += b
    for before, after in pairwise(hs):
        after += before @ W
        np.tanh(after, out=after)
    slopes = hs[1:] * hs[1:]
    np.subtract(1.0, slopes, out=slopes)
    dz = hs[1:] - Y
    dz *= 2.0
    dz[-1] *= slopes[-1]
    for t in reversed(range(steps - 1)):
        dz[t] += dz[t + 1] @ W.T
        dz[t] *= slopes[t]
    dz = dz.reshape(steps * rows, -1)
    before = hs[:-1].reshape(steps * rows, -1)
    return before.T @ dz, X.reshape(steps * rows, inputs).T @ dz, dz.sum(axis=0)


def make_inputs(steps: int, batch: int, features: int, hidden: int, seed: int = 0) -> Arrays:
    """Random weights, inputs and targets, as `function` takes them."""
    random = np.random.default_rng(seed)
    return (
        random.normal(size=(hidden, hidden)) / np.sqrt(hidden),
        random.normal(size=(features, hidden)) / np.sqrt(features),
        0.1 * random.normal(size=hidden),
        random.normal(size=(steps, batch, features)),
        random.uniform(-1.0, 1.0, size=(steps, batch, hidden)),
    )
