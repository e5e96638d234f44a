"""What is agreed on at kinks, ties and ends; docs name each."""

from __future__ import annotations

import math
import operator
import warnings
from typing import Any

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import find
from srcad.runtime import unbroadcast
from tests.numeric import assert_same


def rule(function: Any, *args: Any, g: Any = 1.0, **keywords: Any) -> Any:
    """The contributions of a rule at a call."""
    with np.errstate(all="ignore"):
        ans = function(*args, **keywords)
        return find(function).vjp(g, ans, *args, **keywords)


TIES = np.array([1.0, 3.0, 3.0, 2.0])


@pytest.mark.parametrize("function", [np.maximum, np.minimum, np.fmax, np.fmin])
def test_ties_of_two_arrays_split_evenly(function):
    dx, dy = rule(function, TIES, TIES)
    assert_same(dx, np.full(4, 0.5))
    assert_same(dy, np.full(4, 0.5))
    zeros = np.float32([0.0, -0.0])
    dx, dy = rule(function, zeros, -zeros, g=np.ones(2, np.float32))
    assert_same(dx, np.full(2, 0.5, np.float32))


def test_the_chosen_one_gets_it_beside_nan_too():
    dx, dy = rule(np.fmax, np.array([np.nan, 1.0]), np.array([1.0, np.nan]))
    assert_same(dx, np.array([0.0, 1.0]))
    assert_same(dy, np.array([1.0, 0.0]))


def test_a_choice_does_not_multiply_an_infinite_cotangent_by_zero():
    dx, dy = rule(np.maximum, np.array([0.0, 2.0]), 1.0, g=np.array([np.inf, 1.0]))
    assert_same(dx, np.array([0.0, 1.0]))
    _, dx, dy = rule(
        np.where, np.array([True, False]), TIES[:2], TIES[:2], g=np.array([np.nan, 1.0])
    )
    assert_same(dx[1:], np.array([0.0]))
    assert_same(dy, np.array([0.0, 1.0]))
    assert_same(rule(np.max, np.array([0.0, 2.0]), g=np.inf), np.array([0.0, np.inf]))


@pytest.mark.parametrize(("function", "best"), [(np.max, 3.0), (np.amax, 3.0), (np.min, -3.0)])
def test_ties_of_one_array_split_evenly(function, best):
    a = np.copysign(TIES, best)
    assert_same(rule(function, a), np.array([0.0, 0.5, 0.5, 0.0]))
    square = np.stack([a, a])
    for axis, keepdims in [(1, False), (1, True), (-1, True)]:
        g = np.array([[1.0], [2.0]]) if keepdims else np.array([1.0, 2.0])
        expected = np.array([[0.0, 0.5, 0.5, 0.0], [0.0, 1.0, 1.0, 0.0]])
        assert_same(rule(function, square, g=g, axis=axis, keepdims=keepdims), expected)
    assert_same(rule(function, square), np.where(square == best, 0.25, 0.0))
    assert rule(function, a.astype(np.float32), g=np.float32(1)).dtype == np.float32


def test_absolute_at_zero():
    for function in (np.absolute, abs, np.fabs):
        assert_same(rule(function, np.array([0.0, -0.0, -2.0])), np.array([0.0, 0.0, -1.0]))
    assert rule(math.fabs, 0.0) == 0.0
    dx, dy = rule(np.copysign, np.array([0.0, 2.0]), np.array([-1.0, -1.0]))
    assert_same(dx, np.array([0.0, -1.0]))
    assert dy == 0


def test_clip_passes_strictly_inside():
    a = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    da, low, high = rule(np.clip, a, -1.0, 1.0)
    assert_same(da, np.array([0.0, 0.0, 1.0, 0.0, 0.0]))
    assert_same(low, np.array([1.0, 1.0, 0.0, 0.0, 0.0]))
    assert_same(high, np.array([0.0, 0.0, 0.0, 1.0, 1.0]))
    assert_same(rule(np.clip, a, None, 1.0)[0], np.array([1.0, 1.0, 1.0, 0.0, 0.0]))
    assert_same(rule(np.clip, a, -1.0, None)[0], np.array([0.0, 0.0, 1.0, 1.0, 1.0]))
    da, low, high = rule(np.clip, a, 1.0, -1.0)  # the upper bound wins
    assert_same(da + low, np.zeros(5))
    assert_same(high, np.ones(5))


def test_sqrt_at_zero_is_infinite():
    assert_same(rule(np.sqrt, np.array([0.0, 4.0])), np.array([np.inf, 0.25]))
    assert_same(rule(np.cbrt, np.array([0.0])), np.array([np.inf]))


@pytest.mark.parametrize("function", [operator.pow, np.power, np.float_power])
def test_a_zero_exponent_has_derivative_zero_everywhere(function):
    x = np.array([0.0, 2.0, -1.0, np.inf, np.nan])
    for p in (0, 0.0, np.zeros(5)):
        assert_same(unbroadcast(rule(function, x, p)[0], x), np.zeros(5))


def test_powers_at_zero():
    for p, expected in [(1, 1.0), (2, 0.0), (0.5, np.inf), (1.0, 1.0), (3.5, 0.0)]:
        found = unbroadcast(rule(operator.pow, np.zeros(2), p)[0], np.zeros(2))
        assert_same(found, np.full(2, expected))
    _, dp = rule(operator.pow, np.zeros(2), np.array([2.0, 0.0]))
    assert_same(dp, np.zeros(2))


def test_an_integer_array_of_exponents_keeps_negative_ones():
    x, p = np.array([2.0, 2.0, 2.0]), np.array([-1, 0, 3])
    assert_same(rule(operator.pow, x, p)[0], np.array([-0.25, 0.0, 12.0]))


@pytest.mark.parametrize("axis", [None, 0])
def test_prod_beside_zeros(axis):
    for a, expected in [
        ([2.0, 3.0, 4.0], [12.0, 8.0, 6.0]),
        ([0.0, 3.0, 4.0], [12.0, 0.0, 0.0]),
        ([0.0, 3.0, 0.0], [0.0, 0.0, 0.0]),
        ([-0.0, 3.0, 4.0], [12.0, 0.0, 0.0]),
    ]:
        assert_same(rule(np.prod, np.array(a), axis=axis), np.array(expected))


def test_prod_counts_zeros_along_the_axis_only():
    a = np.array([[0.0, 2.0], [3.0, 0.0]])
    assert_same(rule(np.prod, a, axis=0, g=np.ones(2)), np.array([[3.0, 0.0], [0.0, 2.0]]))
    assert_same(rule(np.prod, a), np.zeros((2, 2)))


def test_norms_at_zero_have_gradient_zero():
    assert_same(rule(np.std, np.full(3, 2.0)), np.zeros(3))
    assert_same(rule(np.std, np.zeros((2, 3)), axis=1, g=np.ones(2)), np.zeros((2, 3)))
    dx, dy = rule(np.hypot, 0.0, 0.0)
    assert dx == 0 and dy == 0


def test_sinc_near_zero():
    x = np.array([0.0, 1e-12, 1e-5, 0.0099999, 0.0100001])
    z = np.pi * x
    expected = np.pi * (-z / 3 + z**3 / 30 - z**5 / 840)
    assert_same(rule(np.sinc, x), expected, rtol=1e-11, atol=0)


def test_the_cotangent_of_a_full_sum_stays_a_number():
    """It stands for a full array, and a Python number promotes nothing."""
    a = np.ones((2, 3), np.float32)
    for function, expected in [(np.sum, 1.0), (np.mean, 1.0 / 6)]:
        assert rule(function, a) == expected
        assert type(rule(function, a)) is float
        for axis in (0, (0, 1), -1):
            ans = function(a, axis=axis)
            assert find(function).vjp(ans, ans, a, axis=axis).dtype == np.float32


def test_rules_are_silent_where_the_primal_is():
    """No warning from a branch that is not taken."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        find(np.hypot).vjp(1.0, 0.0, 0.0, 0.0)
        find(np.std).vjp(1.0, np.float64(0.0), np.zeros(3))
        find(np.sinc).vjp(np.ones(2), np.ones(2), np.zeros(2))
        find(np.prod).vjp(1.0, 0.0, np.array([0.0, 2.0]))
        find(operator.pow).vjp(np.ones(2), np.zeros(2), np.zeros(2), 2)


def test_an_einsum_with_a_diagonal_has_no_rule():
    """None stands for "not differentiated", which the sweep refuses."""
    assert rule(np.einsum, "ii->", np.eye(3))[1] == [None]
    _, (da, db) = rule(
        np.einsum, "i...,j...->ij...", np.ones(2), np.ones((3, 4)), g=np.ones((2, 3, 4))
    )
    assert da is None and db is None


def test_infinities_and_nans_go_through():
    assert_same(rule(np.log, np.array([0.0])), np.array([np.inf]))
    assert np.isnan(rule(np.exp, np.array([np.nan]))).all()
    assert np.isnan(rule(np.max, np.array([np.nan, 1.0]), g=np.nan)).sum() == 0
