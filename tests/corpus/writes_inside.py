"""Calls that write, in the midst of a statement: what stands to their left was evaluated before."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case

X = np.array([0.3, 1.2, 0.7, 2.1])


def bump(y: Any) -> Any:
    y[0] *= 3.0
    return y[1] * y[0]


def between_reads(x: Any) -> Any:
    """An item is read before and after the call."""
    y = x * 1.0
    return x[0] + y[0] * bump(y) + y[0]


def popped(x: Any) -> Any:
    """Each trip reads the last item, and pops it."""
    items = [x[0], x[1], x[2]]
    total = 1.0
    for _ in range(3):
        total = total * items[-1] + np.sin(items.pop())
    return total


def into_an_array(x: Any) -> Any:
    """`out=` in an argument, between two reads of what it writes."""
    y = x * 1.0
    total = 0.0
    for _ in range(3):
        total += y[0] + np.sum(np.multiply(y, x, out=y)) * y[1]
    return total


def in_a_test(x: Any) -> Any:
    """The test of an `if` writes; two calls in one return."""
    y = x * 1.0
    if y[0] + bump(y) > 0.2:
        return y[0] * x[1] + bump(y) + bump(y)
    return bump(y) * y[0]


def the_array_itself(x: Any) -> Any:
    """An array that is read on both sides is one array, as it is in the end."""
    y = x * 1.0
    return np.sum(np.stack([y, y * bump(y), y]))


def maybe(x: Any) -> Any:
    """Where the call may not be evaluated it is refused."""
    y = x * 1.0
    z = (y[0] > 0 and bump(y) > 0) * 1.0
    return np.sum(y) + z


CASES = [
    Case(between_reads, (X,)),
    Case(popped, (X,)),
    Case(into_an_array, (X,)),
    Case(in_a_test, (X,)),
    Case(in_a_test, (-X,)),
    Case(the_array_itself, (X,)),
    Case(maybe, (X,), may_refuse=True),
]
