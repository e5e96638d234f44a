"""Choices joined: what must change, and what must not."""

from __future__ import annotations

import numpy as np

from srcad import grad
from tests.oracles.numeric import central_difference


def leaky(x):
    return np.sum(np.where(x > 0.0, x, 0.1 * x))


def two_choices(x):
    return np.sum(np.where(x > 0.0, x, 0.1 * x) + np.where(x > 1.0, x * x, 0.3 * x))


def infinite_scale(x):
    return np.sum(np.where(x > 0.0, x, x * np.inf))


def test_the_sides_of_one_choice_are_joined(rng):
    x = rng.normal(size=(3, 4))
    assert "np.where(kept, 1.0, 0.1)" in grad(leaky).specialize(x).source
    np.testing.assert_allclose(grad(leaky)(x), np.where(x > 0.0, 1.0, 0.1))


def test_choices_of_two_conditions_are_not(rng):
    x = rng.normal(size=20)
    np.testing.assert_allclose(
        grad(two_choices)(x), central_difference(two_choices, (x,), 0), rtol=1e-7
    )


def test_single_precision_is_kept(rng):
    x = rng.normal(size=20).astype(np.float32)
    found = grad(leaky)(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.where(x > 0.0, 1.0, 0.1), rtol=1e-6)


def test_infinity_times_zero_stays_nan():
    with np.errstate(invalid="ignore"):
        found = grad(infinite_scale)(np.array([1.0, -1.0]))
    np.testing.assert_array_equal(found, [np.nan, np.inf])
