"""NumPy helpers that a gradient may call where one NumPy call does not say it.

Each is also a primitive with a rule, and is written into a saved module that uses it; so each stands
alone: it uses NumPy and nothing else of this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def unbroadcast(g: Any, like: Any) -> Any:
    """`g` summed over the axes by which it is larger than `like`, in the dtype of `like`.

    Where `g` is smaller it is spread to the shape of `like`.

    >>> unbroadcast(np.ones((3, 2)), np.zeros((1, 2)))
    array([[3., 3.]])
    """
    shape = np.shape(like)
    extra = np.ndim(g) - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    axes = tuple(
        axis
        for axis, (size, wanted) in enumerate(zip(np.shape(g)[::-1], shape[::-1]))
        if wanted == 1 and size != 1
    )
    if axes:
        ndim = np.ndim(g)
        g = np.sum(g, axis=tuple(ndim - 1 - axis for axis in axes), keepdims=True)
    if np.shape(g) != shape:
        g = np.broadcast_to(g, shape)
    dtype = getattr(like, "dtype", None)
    if dtype is not None and np.result_type(g) != dtype:
        g = np.asarray(g).astype(dtype)[()]
    return g


def lowered(p: Any) -> Any:
    """The exponent of the derivative of `x ** p`: `p - 1`, and 1 where `p` is 0 (so that 0 * x is 0).

    >>> lowered(3.0), lowered(0)
    (2.0, 1)
    """
    if isinstance(p, (int, float)):
        return p - 1 if p else 1
    return np.where(p == 0, np.ones_like(p), p - 1)
