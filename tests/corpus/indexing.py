"""Reads by index, slice and gather; joins; shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y


def elements(x: Any, w: Any) -> Any:
    """Single elements, from the front and the end."""
    return x[0] * x[-1] + w[1, 2] * w[0][1] * x[0]


def slices(x: Any, w: Any) -> Any:
    """Slices with steps, reversed and partial."""
    return np.sum(x[1:] * x[:-1]) + np.sum(x[::-1] * x) + np.sum(w[:, ::2] ** 2) + x[::2].sum()


def rows_and_columns(w: Any) -> Any:
    """A row is a view, a column a strided view."""
    return np.sum(w[0] * w[1]) + np.sum(np.sin(w[:, 1]))


def new_axis(x: Any, y: Any) -> Any:
    """None in an index."""
    return np.sum(x[:, None] * y[None, :] * x[None, :])


def repeated_gather(x: Any) -> Any:
    """A repeated index gets both contributions."""
    return np.sum(x[[0, 0, 2, 0]] ** 2) + np.sum(x[np.array([1, 1])])


def gather_of_rows(w: Any, x: Any) -> Any:
    """Repeated rows of a matrix."""
    return np.sum(w[[0, 1, 1]] * x) + np.sum(w[[0, 1], [2, 2]] ** 2)


def mask(x: Any) -> Any:
    """A bool mask of the data."""
    return np.sum(x[x > 0.0] ** 2)


def index_array_argument(x: Any, index: Any) -> Any:
    """An integer array in the arguments is a constant."""
    return np.sum(np.sin(x[index]))


def joined(x: Any, y: Any, w: Any) -> Any:
    """concatenate, stack, vstack and array, with one operand twice."""
    long = np.concatenate([x, y, x])
    tall = np.concatenate([w, w * w], axis=0)
    return (
        np.sum(long * long) + np.sum(tall**3) + np.sum(np.stack([x, y])[1] * np.vstack([w, x])[2])
    )


def array_of_scalars(x: Any, k: float) -> Any:
    """Scalars gathered into a vector."""
    return np.sum(np.array([x[0], k, 1.0, x[1] * k]) ** 2)


def reshaped(w: Any) -> Any:
    """reshape, ravel, transpose, squeeze and expand_dims, by function and by method."""
    flat = w.reshape(-1)
    tall = np.reshape(w, (3, 2))
    return (
        np.sum(flat[::-1] * w.ravel())
        + np.sum(tall * w.T)
        + np.sum(np.squeeze(w[None]) ** 2)
        + np.sum(np.transpose(w) @ w)
        + np.sum(np.expand_dims(w, 1) ** 3)
    )


def broadcast_by_hand(x: Any, w: Any) -> Any:
    """broadcast_to, repeat, tile and roll."""
    wide = np.broadcast_to(x, (2, 3))
    return np.sum(wide * w) + np.sum(np.repeat(x, 2) ** 2) + np.sum(np.roll(x, 1) * np.tile(x, 1))


def diagonals(s: Any) -> Any:
    """diag, trace and triangles."""
    return np.sum(np.diag(s) ** 2) + np.trace(s @ s) + np.sum(np.tril(s) ** 2)


CASES = [
    Case(elements, (X, W)),
    Case(slices, (X, W)),
    Case(rows_and_columns, (W,)),
    Case(new_axis, (X, Y)),
    Case(repeated_gather, (X,)),
    Case(gather_of_rows, (W, X)),
    Case(mask, (X,), may_refuse=True),
    Case(index_array_argument, (X, np.array([0, 2, 2])), wrt=("x",)),
    Case(joined, (X, Y, W)),
    Case(array_of_scalars, (X, 0.4)),
    Case(reshaped, (W,)),
    Case(broadcast_by_hand, (X, W), may_refuse=True),
    Case(diagonals, (S,), may_refuse=True),
]
