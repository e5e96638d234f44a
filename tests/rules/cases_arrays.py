"""Cases of reductions.py, shaping.py, joining.py and creation.py."""

from __future__ import annotations

import numpy as np

from tests.rules.case import AXES, FILLED, ONE, apart, case

DDOF = [dict(keywords, ddof=1) for keywords in AXES]


@case(np.sum, shapes=[*FILLED, (0, 3)], keywords=AXES, analytic=True)
def sum(a, axis=None, keepdims=False):
    return np.sum(a, axis=axis, keepdims=keepdims)


@case(np.mean, shapes=FILLED, keywords=AXES, analytic=True)
def mean(a, axis=None, keepdims=False):
    return np.mean(a, axis=axis, keepdims=keepdims)


@case(np.max, np.amax, shapes=FILLED, makers=(apart,), keywords=AXES)
def max(a, axis=None, keepdims=False):
    return np.max(a, axis=axis, keepdims=keepdims)


@case(np.min, np.amin, shapes=FILLED, makers=(apart,), keywords=AXES)
def min(a, axis=None, keepdims=False):
    return np.min(a, axis=axis, keepdims=keepdims)


SORTED = [{}, {"axis": 0}, {"axis": None}]


@case(np.sort, shapes=[(4,), (2, 3), (0, 3)], makers=(apart,), keywords=SORTED)
def sort(a, axis=-1):
    return np.sort(a, axis=axis)


@case(np.prod, shapes=[*FILLED, (0, 3)], keywords=AXES, analytic=True)
def prod(a, axis=None, keepdims=False):
    return np.prod(a, axis=axis, keepdims=keepdims)


@case(np.var, shapes=FILLED, keywords=AXES)
def var(a, axis=None, ddof=0, keepdims=False):
    return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)


@case(np.var, shapes=[(3, 4), (2, 3, 4)], keywords=DDOF)
def sample_var(a, axis=None, ddof=0, keepdims=False):
    return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)


@case(np.std, shapes=[(3,), (2, 3), (2, 3, 4)], makers=(apart,), keywords=AXES)
def std(a, axis=None, ddof=0, keepdims=False):
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims)


@case(np.linalg.norm, shapes=[(3,), (2, 3)], makers=(apart,), keywords=AXES)
def norm(x, axis=None, keepdims=False):
    return np.linalg.norm(x, axis=axis, keepdims=keepdims)


@case(np.std, shapes=[(3, 4), (2, 3, 4)], makers=(apart,), keywords=DDOF)
def sample_std(a, axis=None, ddof=0, keepdims=False):
    return np.std(a, axis=axis, ddof=ddof, keepdims=keepdims)


@case(
    np.cumsum,
    shapes=[*FILLED, (0, 3)],
    keywords=[{}, {"axis": 0}, {"axis": -1}, {"axis": 1}],
    analytic=True,
)
def cumsum(a, axis=None):
    return np.cumsum(a, axis=axis)


@case(
    np.diff,
    shapes=[(4,), (3, 4), (2, 3, 4)],
    keywords=[{}, {"axis": 0}, {"n": 2}, {"n": 0}, {"n": 2, "axis": 1}, {"axis": -2}],
    analytic=True,
)
def diff(a, n=1, axis=-1):
    return np.diff(a, n=n, axis=axis)


# --- shaping ------------------------------------------------------------------------------------


@case(
    np.reshape,
    shapes=[(6,), (2, 3), (3, 2)],
    analytic=True,
    keywords=[
        {"shape": (2, 3)},
        {"shape": -1},
        {"shape": (3, -1)},
        {"shape": 6},
        {"shape": (1, 6, 1)},
    ],
)
def reshape(a, shape):
    return np.reshape(a, shape)


@case(np.reshape, shapes=[(1,), (), (1, 1)], keywords=[{"shape": ()}, {"shape": (1,)}])
def reshape_one(a, shape):
    return np.reshape(a, shape)


@case(np.ravel, np.ndarray.flatten, shapes=ONE, analytic=True)
def ravel(a):
    return np.ravel(a)


@case(np.copy, np.ndarray.copy, shapes=ONE, analytic=True)
def copy(a):
    return np.copy(a)


@case(np.ndarray.astype, shapes=ONE, keywords=[{"dtype": np.float64}, {"dtype": float}])
def astype(x, dtype):
    return x.astype(dtype)


@case(np.transpose, shapes=FILLED, analytic=True)
def transpose(a):
    return np.transpose(a)


@case(
    np.transpose,
    shapes=[(2, 3, 4)],
    analytic=True,
    keywords=[{"axes": (2, 0, 1)}, {"axes": (-1, 0, -2)}, {"axes": [0, 2, 1]}, {"axes": None}],
)
def permute(a, axes):
    return np.transpose(a, axes)


@case(
    np.swapaxes,
    shapes=[(2, 3), (2, 3, 4)],
    analytic=True,
    keywords=[{"axis1": 0, "axis2": 1}, {"axis1": -1, "axis2": 0}, {"axis1": 2, "axis2": 1}],
)
def swapaxes(a, axis1, axis2):
    return np.swapaxes(a, axis1, axis2)


@case(np.matrix_transpose, shapes=[(2, 3), (2, 3, 4)], analytic=True)
def matrix_transpose(x):
    return np.matrix_transpose(x)


@case(
    np.moveaxis,
    shapes=[(2, 3), (2, 3, 4)],
    analytic=True,
    keywords=[
        {"source": 0, "destination": -1},
        {"source": 2, "destination": 0},
        {"source": (0, 1), "destination": (-1, 0)},
        {"source": (2, 0), "destination": (0, 1)},
    ],
)
def moveaxis(a, source, destination):
    return np.moveaxis(a, source, destination)


@case(np.expand_dims, shapes=[(2,), (2, 3)], keywords=[{"axis": 0}, {"axis": -1}, {"axis": (0, 1)}])
def expand_dims(a, axis):
    return np.expand_dims(a, axis)


@case(np.squeeze, shapes=[(1, 3, 1), (1, 3), (3, 2), (1, 1), (1,), ()], keywords=[{}])
def squeeze(a):
    return np.squeeze(a)


@case(np.squeeze, shapes=[(1, 3, 1)], keywords=[{"axis": 0}, {"axis": -1}, {"axis": (0, 2)}])
def squeeze_axis(a, axis):
    return np.squeeze(a, axis)


@case(
    np.broadcast_to,
    shapes=[(), (3,), (1, 3), (2, 1)],
    keywords=[{"shape": (2, 3)}, {"shape": (4, 2, 3)}],
)
def broadcast_to(array, shape):
    return np.broadcast_to(array, shape)


@case(np.flip, shapes=FILLED, keywords=[{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 1)}])
def flip(m, axis=None):
    return np.flip(m, axis)


@case(np.flipud, shapes=[(3,), (2, 3)])
def flipud(m):
    return np.flipud(m)


@case(np.fliplr, shapes=[(2, 3), (2, 3, 4)])
def fliplr(m):
    return np.fliplr(m)


@case(
    np.roll,
    shapes=[(3,), (2, 3), (0, 3)],
    keywords=[{"shift": 1}, {"shift": -2, "axis": 0}, {"shift": (1, 2), "axis": (0, 1)}],
)
def roll(a, shift, axis=None):
    return np.roll(a, shift, axis)


@case(np.tril, shapes=[(3, 3), (2, 3), (2, 3, 3), (3,)], keywords=[{}, {"k": 1}, {"k": -1}])
def tril(m, k=0):
    return np.tril(m, k)


@case(np.triu, shapes=[(3, 3), (2, 3), (2, 3, 3), (3,)], keywords=[{}, {"k": 1}, {"k": -1}])
def triu(m, k=0):
    return np.triu(m, k)


# --- joining ------------------------------------------------------------------------------------


@case(
    np.concatenate,
    listed=True,
    shapes=[((2,), (3,), (1,)), ((0,), (3,), (2,))],
    keywords=[{}, {"axis": 0}, {"axis": -1}, {"axis": None}],
)
def concatenate(x, y, z, axis=0):
    return np.concatenate([x, y, z], axis)


@case(
    np.concatenate,
    listed=True,
    shapes=[((2, 3), (2, 1), (2, 2))],
    keywords=[{"axis": 1}, {"axis": -1}],
)
def concatenate_columns(x, y, z, axis):
    return np.concatenate([x, y, z], axis)


@case(
    np.concatenate,
    listed=True,
    shapes=[((2, 3, 1), (2, 1, 1))],
    keywords=[{"axis": 1}, {"axis": -2}],
)
def concatenate_middle(x, y, axis):
    return np.concatenate((x, y), axis=axis)


@case(
    np.stack,
    listed=True,
    shapes=[((), ()), ((3,), (3,)), ((2, 3), (2, 3)), ((0, 3), (0, 3))],
    keywords=[{}, {"axis": 1}, {"axis": -1}, {"axis": -2}],
)
def stack(x, y, axis=0):
    return np.stack([x, y], axis)


@case(np.vstack, listed=True, shapes=[((3,), (3,)), ((2, 3), (3,)), ((2, 3), (1, 3)), ((), ())])
def vstack(x, y):
    return np.vstack([x, y])


@case(
    np.hstack,
    listed=True,
    shapes=[((3,), (2,)), ((2, 3), (2, 1)), ((), (3,)), ((2, 3, 4), (2, 1, 4))],
)
def hstack(x, y):
    return np.hstack([x, y])


@case(np.column_stack, listed=True, shapes=[((3,), (3,)), ((3, 2), (3,)), ((3, 2), (3, 1))])
def column_stack(x, y):
    return np.column_stack([x, y])


@case(
    np.pad,
    shapes=[(3,), (2, 3), (0, 3)],
    keywords=[{"pad_width": 2}, {"pad_width": (1, 0)}, {"pad_width": ((0, 2),)}],
)
def pad(array, pad_width):
    return np.pad(array, pad_width)


# --- creation -----------------------------------------------------------------------------------


@case(np.array, np.asarray, listed=True, shapes=[((), ()), ((3,), (3,)), ((2, 3), (2, 3))])
def array_of_two(x, y):
    return np.array([x, y])


@case(np.array, np.asarray, shapes=ONE)
def array(x):
    return np.array(x)


@case(np.full, shapes=[(), (1,), (3,)], call=lambda value: ((2, 3), value))
def full(fill_value):
    return np.full((2, 3), fill_value)


@case(np.full_like, shapes=[((2, 3), ()), ((3,), (3,))])
def full_like(a, fill_value):
    return np.full_like(a, fill_value)
