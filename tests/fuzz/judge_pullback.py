"""What srcad makes of a function whose result is not a scalar: its pullback."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.fuzz.judge import (
    RTOL_FLOAT64,
    Compiler,
    Verdict,
    arrays_in,
    assert_fresh,
    assert_unchanged,
    describe,
)
from tests.fuzz.programs import quiet
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, assert_same, leaves, replace


def cotangent_of(value: Any, factor: float = 1.0) -> Any:
    """Weights of the structure, the shapes and the dtypes of a value."""
    for number, (path, leaf) in enumerate(leaves(value)):
        weights = np.cos(np.arange(np.size(leaf)) + number).reshape(np.shape(leaf)) * factor
        dtype = np.asarray(leaf).dtype
        made = weights.astype(dtype) if isinstance(leaf, np.ndarray) else type(leaf)(weights)
        value = replace(value, path, lambda _, made=made: made)
    return value


def assert_same_value(found: Any, wanted: Any) -> None:
    """The same structure, and the same bits in each leaf."""
    assert_same(found, wanted, rtol=0.0, atol=0.0, equal_nan=True, where="value")
    for (path, one), (_, other) in zip(leaves(found), leaves(wanted), strict=True):
        assert_bitwise(one, other, f"value {path}")


def judge_pullback(
    function: Any,
    make_args: Callable[[], tuple[Any, ...]],
    wrt: tuple[Any, ...],
    compiler: Compiler,
) -> Verdict:
    """Compare value and pullback with plain Python and the dual numbers."""
    if compiler.vjp is None:
        return Verdict("refused", "there is no vjp", "NotImplementedYet: there is no vjp")
    args = make_args()
    with quiet():
        plain = function(*make_args())
        cotangent = cotangent_of(plain)
        value, wanted = value_and_gradient(function, make_args(), wrt, cotangent)
        assert_same_value(value, plain)
        try:
            found_value, pullback = compiler.vjp(function, *args, wrt=wrt)
            found = pullback(cotangent)
            again, double = pullback(cotangent), pullback(cotangent_of(plain, 2.0))
        except compiler.refusal as error:
            return Verdict("refused", str(error), describe(error))
        except Exception as error:
            return Verdict("crashed", traceback.format_exc(), describe(error))
        try:
            assert_same_value(found_value, plain)
            assert_unchanged(args, make_args())
            assert_same(found, wanted, RTOL_FLOAT64, 1e-10, where="pullback")
            assert_same(again, found, 0.0, 0.0, where="second call")
            assert_same(double, doubled(found), 1e-12, 1e-12, where="twice the cotangent")
            assert_fresh(found, (args, found_value, cotangent))
            spoil(args, found_value)
            assert_same(pullback(cotangent), found, 0.0, 0.0, where="after the caller's changes")
        except AssertionError as error:
            return Verdict("wrong", str(error), describe(error))
        except Exception as error:
            return Verdict("crashed", traceback.format_exc(), describe(error))
    return Verdict("right")


def doubled(value: Any) -> Any:
    """Each leaf twice."""
    for path, leaf in leaves(value):
        value = replace(value, path, lambda _, leaf=leaf: leaf if leaf is None else 2 * leaf)
    return value


def spoil(*values: Any) -> None:
    """What a caller may do to its own arrays after the call."""
    for array in arrays_in(values):
        if array.flags.writeable:
            array.fill(0)
