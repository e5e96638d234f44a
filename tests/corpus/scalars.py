"""Python's own functions on numbers that are differentiated: what class goes in comes out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X, Y, with_trips


def sum_of_a_list(x: Any, a: float) -> Any:
    """A sum begins with the integer 0."""
    return sum([x[0] * a, a, 2.0]) * sum((a * a,))


def sum_from_a_start(x: Any, a: float) -> Any:
    """A start that is differentiated, and arrays as items."""
    return np.sum(sum([x * a, x], a) * x) + sum([], a) * a


def sum_of_an_array(x: Any, w: Any) -> Any:
    """The elements of a vector, and the rows of a matrix."""
    return sum(x * x) * np.sum(sum(w) * sum(w))


def sum_of_the_values(p: Any) -> Any:
    """The values of a dict."""
    return sum(p.values()) * max(p.values()) * min(list(p.values()))


def sum_of_a_part(x: Any) -> Any:
    """A part that is surely not empty."""
    return sum(x[1:]) * sum(x[:2])


def largest_and_smallest(x: Any, a: float) -> Any:
    """Of two, of three, of a list, and of an array."""
    return max(a, 0.0) + min(x[0], a) * 2 + max([x[0], x[1], a]) ** 2 + min(x) * max(x)


def clamped_in_a_loop(x: Any, n: int) -> Any:
    """A running maximum."""
    best = 0.1
    for i in range(n):
        best = max(best * x[i % 3], min(x[(i + 1) % 3], 1.0))
    return best * best


def larger_than_an_integer(a: float) -> Any:
    """The result may be an int or a float."""
    return max(a, 0) * a + min(1, a * a) * 2.0


def one_of_one(a: float) -> Any:
    """The only item is the largest."""
    return max([a * a]) * min((a,))


def powers(x: Any, a: float) -> Any:
    """Pow with two arguments, and abs."""
    return pow(a, 2) + pow(abs(x[2]), a)


def whole_numbers(x: Any, a: float) -> Any:
    """What is rounded carries no derivative."""
    return round(a) * a + int(3.7 * a) * x[0] + round(a, 1) * a + bool(a) * a + math.floor(a) * a


def casts(x: Any, a: float) -> Any:
    """Python's floats and NumPy's."""
    y = float(x[1]) * x[2:].item() + np.float64(a) * a
    return y * x.real[0] + np.sum(x.conj())


def single_precision(x: Any) -> Any:
    """A Python float does not promote; a NumPy one does."""
    return np.sum(x * float(x[0])) + np.sum(x * max(x[0], x[1])) + sum(x) * x[0]


def of_math(a: float, b: float) -> Any:
    """Functions of several numbers."""
    near = math.hypot(a, b) * math.dist((a, b), (b, 2.0)) + math.atan2(a, b)
    return near * math.prod([a, b, a]) + math.fsum([a, b * b]) + math.copysign(a, -b)


def of_math_on_arrays(x: Any, y: Any) -> Any:
    """The same functions on the elements of arrays."""
    return math.prod(x) * math.dist(x, y) + math.fsum(y)


def of_one_number(a: float) -> Any:
    """Functions of one."""
    total = math.exp2(a) + math.cbrt(a) + math.log1p(a) * math.expm1(a) + math.fabs(a)
    return total + math.sqrt(a) * math.erf(a) + math.degrees(a) * math.tanh(a)


CASES = [
    Case(sum_of_a_list, (X, 0.7)),
    Case(sum_from_a_start, (X, 0.7)),
    Case(sum_of_an_array, (X, W)),
    Case(sum_of_an_array, (X[:1], W[:1]), suffix="_one"),
    Case(sum_of_an_array, (X[:0], W), suffix="_none"),
    Case(sum_of_the_values, ({"a": 0.3, "b": 0.9},)),
    Case(sum_of_a_part, (X,)),
    Case(largest_and_smallest, (X, 0.7)),
    Case(largest_and_smallest, (X, np.float64(-0.2)), suffix="_scalar"),
    *with_trips(clamped_in_a_loop, X),
    Case(larger_than_an_integer, (0.4,)),
    Case(larger_than_an_integer, (-1.4,), suffix="_negative"),
    Case(one_of_one, (0.7,)),
    Case(powers, (X, 0.7)),
    Case(whole_numbers, (X, 0.7)),
    Case(casts, (Y, 0.7)),
    Case(single_precision, (X.astype(np.float32),), smooth=False),
    Case(of_math, (0.7, 0.4)),
    Case(of_math_on_arrays, (X, Y)),
    Case(of_math_on_arrays, (X * [1.0, 0.0, 1.0], Y), suffix="_zero"),
    Case(of_one_number, (0.7,)),
]
