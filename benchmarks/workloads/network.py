"""A two-layer network with softmax cross-entropy."""

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("W1", "b1", "W2", "b2")


def function(W1, b1, W2, b2, X, Y):
    """W1: (d, h), b1: (h,), W2: (h, k), b2: (k,), X: (n, d), Y: (n, k) one-hot -> the mean loss."""
    h = np.tanh(X @ W1 + b1)
    z = h @ W2 + b2
    losses = np.log(np.sum(np.exp(z), axis=1)) - np.sum(z * Y, axis=1)
    return np.mean(losses)


def line_by_line(W1, b1, W2, b2, X, Y) -> Arrays:
    """Each statement's derivative in reverse order -> dW1, db1, dW2, db2."""
    h = np.tanh(X @ W1 + b1)
    z = h @ W2 + b2
    e = np.exp(z)
    s = np.sum(e, axis=1, keepdims=True)
    # return np.mean(losses): the same number for every row, and so a scalar
    dlosses = 1.0 / len(X)
    # losses = np.log(np.sum(np.exp(z), axis=1)) - np.sum(z * Y, axis=1)
    dz = dlosses * (e / s - Y)
    # z = h @ W2 + b2
    db2 = np.sum(dz, axis=0)
    dW2 = h.T @ dz
    # h = np.tanh(X @ W1 + b1)
    da = (dz @ W2.T) * (1.0 - h * h)
    db1 = np.sum(da, axis=0)
    dW1 = X.T @ da
    return dW1, db1, dW2, db2


def expert(W1, b1, W2, b2, X, Y) -> Arrays:
    """With dL/dz = (softmax(z) - Y) / n, in place -> dW1, db1, dW2, db2."""
    h = X @ W1
    h += b1
    np.tanh(h, out=h)
    dz = h @ W2
    dz += b2
    np.exp(dz, out=dz)
    dz /= dz.sum(axis=1, keepdims=True)
    dz -= Y
    dz /= len(X)
    dW2 = h.T @ dz
    da = dz @ W2.T
    h *= h
    np.subtract(1.0, h, out=h)
    da *= h
    return X.T @ da, da.sum(axis=0), dW2, dz.sum(axis=0)


def make_inputs(batch: int, features: int, hidden: int, classes: int, seed: int = 0) -> Arrays:
    """Random weights, inputs and one-hot targets, as `function` takes them."""
    random = np.random.default_rng(seed)
    return (
        random.normal(size=(features, hidden)) / np.sqrt(features),
        0.1 * random.normal(size=hidden),
        random.normal(size=(hidden, classes)) / np.sqrt(hidden),
        0.1 * random.normal(size=classes),
        random.normal(size=(batch, features)),
        np.eye(classes)[random.integers(classes, size=batch)],
    )
