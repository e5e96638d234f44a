"""Functions without a derivative: their types against what NumPy returns."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import find
from tests.rules.types_of_results import assert_type_of_call

X = np.linspace(-2.0, 2.0, 6).reshape(2, 3)
Y = np.ones(3)
N = np.arange(6).reshape(2, 3)
B = N > 2

COMPARISONS = [
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.equal,
    np.not_equal,
    np.logical_and,
    np.logical_or,
    np.logical_xor,
    np.isclose,
]
ROUNDING = [
    np.floor,
    np.ceil,
    np.rint,
    np.trunc,
    np.sign,
    np.spacing,
    np.isnan,
    np.isinf,
    np.isfinite,
    np.signbit,
    np.logical_not,
    np.round,
    np.around,
    np.fix,
    np.imag,
]
BITS = [
    operator.and_,
    operator.or_,
    operator.xor,
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
]
SHIFTS = [operator.lshift, operator.rshift, np.left_shift, np.right_shift]
S = np.float32(1.5)
Z = np.array(2.5)
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": 1, "keepdims": True}, {"keepdims": True}]

ZERO_CALLS = [
    *[(f, args, {}) for f in COMPARISONS for args in [(X, Y), (X, 1.0), (N, S), (Z, S), (Y, B[0])]],
    *[(f, (a,), {}) for f in ROUNDING for a in [X, Y.astype(np.float32), S, Z]],
    *[(f, (X, Y), {}) for f in (operator.floordiv, np.floor_divide, np.heaviside)],
    *[(f, (S, 2.0), {}) for f in (operator.floordiv, np.floor_divide, np.heaviside)],
    (operator.floordiv, (7, 2), {}),
    (operator.floordiv, (7.0, 2), {}),
    *[(f, (1.0, 2), {}) for f in COMPARISONS[:6]],
    *[(f, (B, B[0]), {}) for f in BITS],
    *[(f, (N, 1), {}) for f in BITS],
    *[(f, (True, False), {}) for f in BITS[:3]],
    *[(f, (6, 3), {}) for f in BITS[:3]],
    *[(f, (N, 1), {}) for f in SHIFTS],
    *[(f, (a,), {}) for f in (operator.invert, np.invert) for a in [B, N]],
    (operator.invert, (3,), {}),
    (np.round, (X, 2), {}),
    *[(round, args, {}) for args in [(2.5,), (2.5, 1), (S,), (S, 1)]],
    *[(f, (X,), k) for f in (np.argmax, np.argmin, np.count_nonzero, np.any, np.all) for k in AXES],
    *[(f, (X.reshape(1, 2, 3),), {"axis": (0, 2)}) for f in (np.count_nonzero, np.any, np.all)],
    *[(np.argsort, (X,), k) for k in [{}, {"axis": 0}, {"axis": None}]],
    *[(f, (Y, v), {}) for f in (np.searchsorted,) for v in [X, 0.5, S]],
    *[(np.digitize, (v, Y), {}) for v in [X, 0.5]],
    (np.flatnonzero, (X,), {}),
    (np.argwhere, (X,), {}),
    *[
        (f, (X,), {})
        for f in (np.size, np.shape, np.ndim, np.iscomplexobj, np.isrealobj, np.isscalar)
    ],
    (np.size, (X, 0), {}),
    *[(operator.not_, (a,), {}) for a in [1.0, True, S, Z]],
    *[(f, (X, Y), {}) for f in (np.allclose, np.array_equal, np.array_equiv)],
    *[
        (f, (2.5,), {})
        for f in (math.isnan, math.isinf, math.isfinite, math.floor, math.ceil, math.trunc)
    ],
    *[
        (f, (X,), k)
        for f in (np.zeros_like, np.ones_like, np.empty_like)
        for k in [{}, {"dtype": int}]
    ],
    (np.zeros_like, (S,), {}),
    (np.zeros_like, (Z,), {}),
    (np.zeros_like, (X,), {"shape": (4,)}),
]
CONSTANT_CALLS = [
    *[(f, (s,), {}) for f in (np.zeros, np.ones, np.empty) for s in [(), 3, (2, 3), [2], (0, 3)]],
    *[
        (f, ((2, 3),), {"dtype": t})
        for f in (np.zeros, np.ones)
        for t in [int, np.float32, "f4", bool]
    ],
    *[
        (np.arange, a, {})
        for a in [(5,), (2, 5), (0, 9, 2), (3.0,), (0.0, 1.0, 0.1), (0, 1, 0.5), (-2,)]
    ],
    (np.arange, (5,), {"dtype": float}),
    (np.linspace, (0, 1), {}),
    (np.linspace, (0.0, 1.0, 7), {}),
    (np.linspace, (np.float32(0), np.float32(1), 7), {}),
    *[(np.eye, a, {}) for a in [(3,), (3, 4)]],
    (np.eye, (3,), {"dtype": np.float32, "k": 1}),
    (np.identity, (3,), {}),
]


@pytest.mark.parametrize(("function", "args", "keywords"), ZERO_CALLS, ids=str)
def test_the_type_of_a_call_without_a_derivative(function, args, keywords):
    with np.errstate(all="ignore"):
        assert_type_of_call(find(function), args, keywords)


@pytest.mark.parametrize(("function", "args", "keywords"), CONSTANT_CALLS, ids=str)
def test_the_type_of_an_array_made_from_sizes(function, args, keywords):
    assert_type_of_call(find(function), args, keywords)
