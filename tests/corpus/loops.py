"""Loops over range, each with 0, 1, 2, 3 and 10 trips."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y, with_trips


def recurrence(x: Any, s: Any, n: int) -> Any:
    """The state is saved at each step."""
    h = x
    for _ in range(n):
        h = np.tanh(s @ h)
    return np.sum(h * x)


def accumulated_loss(x: Any, s: Any, n: int) -> Any:
    """A recurrence with a running total, and a branch on data."""
    h = x
    loss = 0.0
    for _ in range(n):
        z = s @ h
        if np.sum(z) > 0.0:
            h = np.tanh(z)
        else:
            h = 0.5 * z
        loss += np.sum(h * h)
    return loss + np.sum(h)


def scalar_recurrence(x: float, n: int) -> Any:
    """A nonlinear scalar recurrence: the logistic map."""
    y = x
    for _ in range(n):
        y = 2.5 * y * (1.0 - y)
    return y


def index_in_the_body(x: Any, n: int) -> Any:
    """The index counts in the backward sweep too."""
    total = 0.0
    for i in range(n):
        total = total + np.sin(x[i % 3] * i) * (i + 1)
    return total + x[0]


def temporary_reused(x: Any, n: int) -> Any:
    """A name of the body is rebound within one iteration."""
    y = x
    for _ in range(n):
        t = np.sin(y)
        y = y + t * t
        t = np.cos(y)
        y = y * t
    return np.sum(y)


def read_after_the_loop(x: Any, n: int) -> Any:
    """The last value of a name that the body binds."""
    last = x
    for i in range(n):
        last = 0.3 * x * (i + 1.0) * last
    return np.sum(np.sin(last))


def nested_loops(x: Any, s: Any, n: int) -> Any:
    """The inner trip count depends on the outer index."""
    y = x
    for i in range(n):
        for j in range(i):
            y = np.tanh(y + s[j % 3])
        y = y * 1.1
    return np.sum(y)


def negative_step(x: Any, n: int) -> Any:
    """A range that counts down."""
    y = x[0]
    for i in range(n, 0, -2):
        y = np.sin(y) + x[i % 3] * i
    return y


def bound_rebound_in_the_body(x: float, n: int) -> Any:
    """range was evaluated at entry."""
    y = x
    for _ in range(n):
        n = n - 1
        y = y * x + n
    return y


def swap_in_the_loop(x: Any, y: Any, n: int) -> Any:
    """Two carried names exchange their values."""
    for _ in range(n):
        x, y = y, x * y
    return np.sum(x - 2.0 * y)


def fibonacci_of_arrays(x: Any, n: int) -> Any:
    """Three carried names, each the next one's past."""
    a, b = x, x * x
    for _ in range(n):
        a, b = b, 0.5 * (a + b) * a
    return np.sum(a * b)


def carried_and_never_read(x: Any, n: int) -> Any:
    """A carried name that the body only overwrites."""
    y = x
    z = np.sin(x)
    for i in range(n):
        y = z * i
    return np.sum(y * z)


def captured_in_the_loop(x: Any, w: Any, n: int) -> Any:
    """A value from outside gets a contribution in each iteration, and one after."""
    scale = np.sum(w)
    total = 0.0
    for i in range(n):
        total = total + np.sum(x * scale) * i
    return total + scale * scale


def augmented_array_in_the_loop(x: Any, n: int) -> Any:
    """An accumulator that is written in place."""
    total = np.zeros(3)
    for i in range(n):
        total += np.sin(x * i)
    return np.sum(total * x)


def kind_changes_in_the_loop(x: Any, n: int) -> Any:
    """A float becomes an array in the first iteration."""
    total = 0.0
    for _ in range(n):
        total = total + np.sin(x)
    return np.sum(total)


def size_shrinks(x: Any) -> Any:
    """Each iteration makes a shorter array; the first one is read afterwards."""
    h = x
    for _ in range(2):
        h = h[1:] * np.sum(h)
    return np.sum(np.sin(h)) + np.sum(np.sin(x))


def size_grows(x: Any, n: int) -> Any:
    """Each iteration makes a longer array."""
    h = x
    for _ in range(n):
        h = np.concatenate([h, np.sin(h[:2])])
    return np.sum(np.sin(h) * h)


def element_becomes_the_array(x: Any) -> Any:
    """An array of one element takes the place of a longer one."""
    h = x
    for k in range(1):
        h = np.ones(1) * h[k]
    return np.sum(np.sin(h)) + np.sum(np.sin(x))


def sizes_swap(x: Any, n: int) -> Any:
    """Two arrays whose sizes are those of one another in the next iteration."""
    h, k = x[:2], x
    for _ in range(n):
        h, k = np.concatenate([k, h]), h * 2.0
    return np.sum(h * h) + np.sum(k * k)


def size_chosen_by_branch(x: Any, n: int) -> Any:
    """A size that is unknown before the loop changes in it; what had it is read afterwards."""
    if x[0] > 0:
        h = x[:2]
    else:
        h = x * 2.0
    y = h
    for _ in range(n):
        h = np.concatenate([np.sin(h), h[:1]])
    return np.sum(h) + np.sum(y * y)


def swapped_around_an_element(x: Any, y: Any, n: int) -> Any:
    """What is added to in place in one iteration is what another name held before."""
    w = x
    h = x * 2.0
    s = 0.0
    for _ in range(n):
        s += h[0] * 1.5
        w, h = h, w
    return s + np.sum(w * y) + np.sum(h * y)


def rotated_around_an_element(x: Any, y: Any, n: int) -> Any:
    """The same through three names."""
    a, b, c = x, y, x - y
    s = 0.0
    for _ in range(n):
        s += a[1] * a[2]
        a, b, c = b, c, a
    return s + np.sum(a * y) + np.sum(b * b) + np.sum(c * x)


def rows_of_a_matrix(w: Any, x: Any) -> Any:
    """A loop over the rows, by their number."""
    total = 0.0
    for i in range(w.shape[0]):
        total += np.tanh(w[i] @ x)
    return total


CASES = [
    *with_trips(recurrence, X, S),
    *with_trips(accumulated_loss, X, S),
    *with_trips(scalar_recurrence, 0.3),
    *with_trips(index_in_the_body, X),
    *with_trips(temporary_reused, X),
    *with_trips(read_after_the_loop, X),
    *with_trips(nested_loops, X, S),
    *with_trips(negative_step, X),
    *with_trips(bound_rebound_in_the_body, 0.8),
    *with_trips(swap_in_the_loop, X, X + 1.0),
    *with_trips(fibonacci_of_arrays, X),
    *with_trips(carried_and_never_read, X),
    *with_trips(captured_in_the_loop, X, W),
    *with_trips(augmented_array_in_the_loop, X),
    *with_trips(kind_changes_in_the_loop, X, may_refuse=True),
    Case(rows_of_a_matrix, (W, X)),
    *with_trips(swapped_around_an_element, X, Y),
    *with_trips(rotated_around_an_element, X, Y),
    Case(size_shrinks, (X,)),
    *with_trips(size_grows, X),
    Case(element_becomes_the_array, (X,)),
    *with_trips(sizes_swap, X),
    *with_trips(size_chosen_by_branch, X),
]
