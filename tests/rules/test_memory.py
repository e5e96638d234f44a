"""What shares memory with an argument is known to: else a write through it would be lost."""

from __future__ import annotations

import numpy as np
import pytest

from srcad import errors, grad
from tests.oracles.numeric import central_difference


def through_einsum(x):
    x = x * 1.0
    y = np.einsum("ij->ji", x)
    y[0] = 2.0 * y[0]
    return np.sum(x * x)


def through_diff(x):
    x = x * 1.0
    y = np.diff(x, n=0)
    y[0] = 2.0 * y[0]
    return np.sum(x * x)


def through_conj(x):
    x = x * 1.0
    y = x.conj()
    y[0] = 2.0 * y[0]
    return np.sum(x * x)


def through_real(x):
    x = x * 1.0
    y = np.real(x)
    y[0] = 2.0 * y[0]
    return np.sum(x * x)


@pytest.mark.parametrize("function", [through_einsum, through_diff, through_conj, through_real])
def test_write_through_what_may_be_a_view(function, rng):
    x = rng.normal(size=(2, 3))
    try:
        found = grad(function)(x)
    except errors.SrcadError:
        return
    np.testing.assert_allclose(found, central_difference(function, (x,), 0), rtol=1e-7)


def copied_einsum(x, y):
    z = np.einsum("ij,jk->ik", x, y)
    z += 1.0
    return np.sum(z * z)


def test_what_is_fresh_may_be_written(rng):
    x, y = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    found = grad(copied_einsum)(x, y)
    np.testing.assert_allclose(found, central_difference(copied_einsum, (x, y), 0), rtol=1e-7)
