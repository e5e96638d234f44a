"""Single and double precision side by side: a gradient has the dtype and the class of its argument."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from srcad import errors, value_and_grad
from tests.oracles.numeric import assert_bitwise, assert_same, kind_of

SINGLE, DOUBLE = np.float32, np.float64

VECTOR = np.array([0.5, -1.25, 2.0])
ARGUMENTS: dict[str, Any] = {
    "f4[3]": VECTOR.astype(SINGLE),
    "f8[3]": VECTOR[::-1] + 0.25,
    "f4[2,1]": np.array([[0.75], [-0.5]], SINGLE),
    "f4[]": np.array(1.5, SINGLE),
    "f8[]": np.array(1.75),
    "f4": SINGLE(0.75),
    "f8": DOUBLE(1.25),
    "float": 1.125,
}


def add(x, y):
    return np.sum(x + 2.0 * y)


def multiply(x, y):
    return np.sum(x * y * x)


def divide(x, y):
    return np.sum(x / y - y / 3)


def power(x, y):
    return np.sum(x**2 * y + y**3)


def functions(x, y):
    return np.sum(np.tanh(x) * np.exp(y) - np.sin(x * y))


def choices(x, y):
    return np.sum(np.maximum(x, y) + np.where(x > 0.0, x, y) * np.minimum(y, 1.0))


def clipped(x, y):
    return np.sum(np.clip(x, -1.0, 1.0) * np.clip(y, None, 1.6))


def means(x, y):
    return np.mean(x) * np.mean(x * y) + np.var(y) + np.max(x)


def angles(x, y):
    return np.sum(np.arctan2(x, y) + np.hypot(x, y) + np.logaddexp(x, y))


def joined(x, y):
    return np.sum(np.concatenate([np.ravel(x), np.ravel(y)]) ** 2)


def stacked(x, y):
    return np.sum(np.array([np.sum(x), np.sum(y)]) ** 2)


def in_place(x, y):
    h = np.ravel(x) * 1.0
    h *= np.sum(y)
    h += 1.0
    return np.sum(h * h)


def looped(x, y):
    h = x
    for i in range(3):
        h = h * y + i * x
    return np.sum(h)


def branched(x, y):
    h = x * y if np.sum(x) > 0.0 else x
    if np.sum(y) > 0.0:
        h = h + y
    return np.sum(h * h)


def cast(x, y):
    z = np.asarray(x, np.float32) * 2.0
    return np.sum(z * y)


def spread(x, y):
    return np.sum(np.full_like(np.ravel(x), 2.0) * np.ravel(x)) + np.sum(np.full((2, 3), np.sum(y)))


def scaled(x, y):
    return np.float64(0.5) * np.sum(x * y) + np.float32(2.0) * np.sum(y)


def accumulated(x, y):
    total = 0.0
    for i in range(2):
        total += np.sum(x * y) * i
        total = total + np.mean(y)
    return total


def products(x, y):
    a, b = np.sum(x) * np.ones(3, np.float32), np.ravel(y)[:1] * np.ones((3, 2))
    return np.sum(a @ b) + np.dot(a, b[:, 0]) + np.sum(np.outer(a, x) * 0.5)


def reshaped(x, y):
    return np.sum(np.reshape(x, (-1, 1)) * np.ravel(y)) + np.sum(np.stack([x, x]))


FUNCTIONS = [
    add,
    multiply,
    divide,
    power,
    functions,
    choices,
    clipped,
    means,
    angles,
    joined,
    stacked,
    in_place,
    looped,
    branched,
    cast,
    spread,
    scaled,
    accumulated,
    products,
    reshaped,
]
PAIRS = [p for p in itertools.product(ARGUMENTS, ARGUMENTS) if any("f4" in name for name in p)]


def doubled(x: Any) -> Any:
    return x.astype(np.float64) if isinstance(x, np.ndarray) else float(x)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_a_gradient_has_its_arguments_dtype(function: Any) -> None:
    gradient = value_and_grad(function, wrt=("x", "y"))
    try:
        generic = gradient.generic
    except errors.SrcadError:
        generic = None
    for names in PAIRS:
        x, y = (ARGUMENTS[name] for name in names)
        plain = function(x, y)
        _, precise = gradient(doubled(x), doubled(y))
        for version in (gradient, generic):
            if version is None:
                continue
            value, found = version(x, y)
            assert_bitwise(value, plain, f"value at {names}")
            for part, wanted, argument in zip(found, precise, (x, y), strict=True):
                assert kind_of(part) == kind_of(argument), names
                assert_same(np.asarray(part, np.float64), np.asarray(wanted, np.float64), 1e-4, 1e-5)


def rebound(x, y):
    for i in range(3):
        h = (np.ones((1, 3)) * y)[:, 2]
        y = x[0][0]
    return np.mean(h)


def test_a_name_that_a_loop_rebinds_to_another_dtype() -> None:
    x, y = [np.array([-0.85]), np.array([-1.25, 0.125])], np.array(-0.99, np.float32)
    value, (dx, dy) = value_and_grad(rebound, wrt=("x", "y"))(x, y)
    assert_bitwise(value, rebound(x, y))
    assert_same(dx, [np.array([1.0]), np.zeros(2)])
    assert kind_of(dy) == kind_of(y) and dy == 0.0
