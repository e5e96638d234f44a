"""Helpers: arguments, results, scopes, and what a call may hide."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.corpus.case import Case, X, Y

SCALE = 1.7
TABLE = np.array([0.3, -0.2, 0.9])


def squash(a: Any, k: float = 2.0, *, shift: Any = 0.1) -> Any:
    return np.tanh(k * a) + shift


def twice(a: Any) -> Any:
    a = squash(a)
    return squash(a, 0.5)


def parts(a: Any, b: Any) -> Any:
    return a * b, a + b


def same(a: Any) -> Any:
    return a


def increased(a: Any) -> Any:
    a += 1.0
    return a


def looped(a: Any, n: int = 2) -> Any:
    for i in range(n):
        if np.sum(a) > 0.0:
            a = np.sin(a) * (i + 1)
    return a


def traced(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return 2.0 * function(*args)

    return wrapper


@traced
def doubled_sine(a: Any) -> Any:
    return np.sin(a)


def default_argument(x: Any) -> Any:
    """The default is used, then an active value in its place."""
    return np.sum(squash(x)) + np.sum(squash(x, x[0]))


def active_keyword(x: Any, y: Any) -> Any:
    """An active value passed by keyword only."""
    return np.sum(squash(x, shift=y) * squash(k=0.3, a=y))


def helper_of_a_helper(x: Any) -> Any:
    """One name in two scopes."""
    a = twice(x)
    return np.sum(a * x)


def two_results(x: Any, y: Any) -> Any:
    """A tuple is returned and unpacked."""
    p, s = parts(x, y)
    q = parts(p, s)
    return np.sum(p * q[0]) + np.sum(q[1])


def only_one_result_used(x: Any, y: Any) -> Any:
    """The other result's adjoint is zero."""
    p, _ = parts(x, y)
    return np.sum(np.sin(p))


def helper_returns_its_argument(x: Any) -> Any:
    """The result is the argument itself: an alias through a call."""
    a = x * 2.0
    b = same(a)
    b *= x
    return np.sum(a * b)


def helper_writes_its_argument(x: Any) -> Any:
    """The caller's array is changed by the helper."""
    a = np.sin(x)
    b = increased(a)
    return np.sum(a * b * x)


def helper_writes_the_argument(x: Any) -> Any:
    """The user's own argument is changed by a helper, on a copy."""
    return np.sum(increased(x) * x)


def helper_with_loop(x: Any) -> Any:
    """A loop and a branch within the helper, with two trip counts."""
    return np.sum(looped(x) * looped(x, n=3)) + np.sum(looped(-x, 0))


def lambda_bound_to_a_name(x: Any, y: Any) -> Any:
    """A lambda reads the names around it when it is called."""
    scaled = lambda a: a * y  # noqa: E731
    y = np.sin(y)
    return np.sum(scaled(x)) + np.sum(scaled(y))


def closure_over_active(x: Any) -> Any:
    """An inner function over an active value."""
    factor = np.sum(x)

    def inner(a: Any, power: int = 2) -> Any:
        return factor * a**power

    return np.sum(inner(x)) + np.sum(inner(factor, power=3))


def two_helpers_of_one_name(x: Any) -> Any:
    """An inner function shadows the outer one."""
    first = squash(x)

    def squash_inner() -> Any:
        squash = lambda a: a * a  # noqa: E731
        return squash(first)

    return np.sum(squash_inner()) + np.sum(squash(first))


def globals_read(x: Any) -> Any:
    """Global numbers and arrays are constants."""
    return np.sum(x * TABLE) * SCALE


def decorated_helper(x: Any) -> Any:
    """The decorator's effect is not lost."""
    return np.sum(doubled_sine(x) * x)


def map_of_a_helper(x: Any, y: Any) -> Any:
    """The helper is passed as a value."""
    apply = same
    return np.sum(apply(x) * apply(y))


def recursive(x: Any, depth: int) -> Any:
    """A helper that calls itself."""
    if depth == 0:
        return np.sum(x)
    return recursive(np.sin(x), depth - 1) + np.sum(x * x)


CASES = [
    Case(default_argument, (X,)),
    Case(active_keyword, (X, Y)),
    Case(helper_of_a_helper, (X,)),
    Case(two_results, (X, Y)),
    Case(only_one_result_used, (X, Y)),
    Case(helper_returns_its_argument, (X,), may_refuse=True),
    Case(helper_writes_its_argument, (X,), may_refuse=True),
    Case(helper_writes_the_argument, (X,), may_refuse=True),
    Case(helper_with_loop, (X,)),
    Case(lambda_bound_to_a_name, (X, Y)),
    Case(closure_over_active, (X,)),
    Case(two_helpers_of_one_name, (X,)),
    Case(globals_read, (X,)),
    Case(decorated_helper, (X,)),
    Case(map_of_a_helper, (X, Y)),
    Case(recursive, (X, 3), may_refuse=True),
]
