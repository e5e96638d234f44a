"""Results of any structure: arrays, tuples, lists, dicts, named tuples, dataclasses."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tests.programs.inputs import X5, S, W, X, Y, each, with_sizes, with_trips


class Point(NamedTuple):
    position: Any
    speed: Any


@dataclass
class Fit:
    weight: Any
    bias: Any


def vector(x, y):
    """One array."""
    return np.sin(x) * y


def matrix(w, x):
    """A matrix."""
    return w * x + np.outer(x[:2], x)


def argument_itself(x):
    """The result is the argument."""
    return x


def view_of_the_argument(w):
    """A view is returned."""
    return w.T[1:]


def number(x):
    """A scalar is a result like others."""
    return np.sum(x * x)


def tuple_of_results(x, y):
    """A tuple of an array and a number."""
    return x * y, np.sum(np.sin(x))


def one_array_twice(x):
    """The same array in two places."""
    y = np.sin(x)
    return y, y


def nested_results(x, y):
    """Containers within containers."""
    return {"a": [x * y, x[0]], "b": (np.cos(y), {"c": y * y})}


def list_of_results(x, n):
    """The states of a recurrence."""
    h = x
    states = []
    for _ in range(n):
        h = np.sin(h) * x
        states.append(h)
    return states


def named_tuple_result(x, y):
    """A named tuple."""
    return Point(position=x * y, speed=np.sum(y))


def dataclass_result(x, y):
    """A dataclass."""
    return Fit(np.outer(x, y), bias=x - y)


def structure_of_the_argument(params):
    """A step of an optimiser: a dict like the argument."""
    return {name: value - 0.1 * np.sin(value) for name, value in params.items()}


def written_array(x):
    """An array built by items."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] * x[i - 1]
    return y


def argument_written(x, y):
    """The argument, changed in place, is the result."""
    x *= y
    x[0] = y[1]
    return x


def early_results(x):
    """Two ways out."""
    if x[0] > 0.0:
        return x * x
    return np.sin(x)


def helper_pair(x):
    """A helper returns a pair."""
    a, b = halves(x)
    return b * 2.0, a


def halves(v):
    middle = len(v) // 2
    return v[:middle] * 0.5, np.sin(v[middle:])


def constant_in_the_result(x):
    """One entry does not depend on the argument."""
    return x * x, np.ones(2)


CASES = [
    *each(vector, (X, Y), (W, X), structured=True),
    *each(matrix, (W, X), structured=True),
    *each(argument_itself, (X,), (0.7,), (W,), structured=True),
    *each(view_of_the_argument, (W,), (S,), structured=True),
    *each(number, (X,), structured=True),
    *each(tuple_of_results, (X, Y), structured=True),
    *each(one_array_twice, (X,), structured=True),
    *each(nested_results, (X, Y), structured=True),
    *with_trips(list_of_results, X, structured=True),
    *each(named_tuple_result, (X, Y), structured=True),
    *each(dataclass_result, (X, Y), structured=True),
    *each(structure_of_the_argument, ({"w": W, "b": X},), structured=True),
    *with_sizes(written_array, structured=True),
    *each(argument_written, (X, Y), structured=True),
    *each(early_results, (X,), (-X,), structured=True),
    *each(helper_pair, (X,), (X5,), structured=True),
    *each(constant_in_the_result, (X,), structured=True),
]
