"""Sorting."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.primitive import fresh, rule
from srcad.rules.results import tensor
from srcad.types import Facts, Type, array, times
from srcad.types import fresh as unknown_size


def ordered(facts: Facts, a: Any, axis: Any = -1, kind: Any = None, order: Any = None) -> Type:
    """The type of np.sort: without an axis, of all elements in one row."""
    a = tensor(a)
    if axis is None:
        return array(a.dtype, [unknown_size() if a.dims is None else times(a.dims)])
    return array(a.dtype, a.dims)


@rule(np.sort, fresh, result=ordered, refuse=("kind", "order"))
def sort(g, ans, a, axis=-1, kind=None, order=None):
    """Each element gets the cotangent at the place that it was sorted to."""
    if axis is None:
        return np.reshape(g[np.argsort(np.argsort(np.ravel(a)))], a.shape)
    places = np.argsort(np.argsort(a, axis=axis), axis=axis)
    if np.ndim(a) == 1:
        return g[places]
    count = a.shape[axis]
    rows = a.size // max(count, 1)
    last = np.moveaxis(g, axis, -1)
    flat = np.reshape(np.moveaxis(places, axis, -1), (rows, count))
    back = np.reshape(last, (rows, count))[np.expand_dims(np.arange(rows), 1), flat]
    return np.moveaxis(np.reshape(back, last.shape), -1, axis)
