"""The dual numbers follow Python: references, views, writes, calls and scopes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.oracles.dual import value_and_gradient
from tests.oracles.support import assert_right

X = np.array([0.31, 0.72, 0.54])
Y = np.array([0.45, 0.28, 0.91])
W = np.array([[0.7, -0.3, 0.4], [0.2, 0.9, -0.6]])


def alias_then_write(x: Any, y: Any) -> Any:
    a = x
    a *= y
    return np.sum(x * x)


def view_then_write(x: Any, y: Any) -> Any:
    a = x * 1.0
    v = a[1:]
    v += y[:2]
    r = a.reshape(1, 3)
    r *= 2.0
    return np.sum(a**3)


def transpose_written(w: Any) -> Any:
    c = w * 1.0
    t = c.T
    t *= np.array([1.0, 2.0])
    return np.sum(c * c)


def reversed_overlap(x: Any) -> Any:
    a = x.copy()
    a += a[::-1]
    a[1:] = a[:-1]
    return np.sum(a * x)


def items_assigned(x: Any, y: Any) -> Any:
    a = np.zeros(3)
    for i in range(3):
        a[i] = x[i] * y[2 - i]
        a[i] += a[i - 1]
    a[[0, 0]] += x[:2]
    return np.sum(a * a)


def list_of_rows(x: Any, w: Any) -> Any:
    rows = []
    for row in w:
        rows.append(np.sin(row * x))
    return np.sum(np.stack(rows)) + rows[0][1] + rows[-1].max()


def scalar_rebinds(x: Any) -> Any:
    total = 0.0
    kept = total
    for i in range(len(x)):
        total += x[i] ** 2
        kept -= total
    return total * kept


def swaps(x: Any, y: Any) -> Any:
    for _ in range(3):
        x, y = y, x * y
    return np.sum(x - 2.0 * y)


def writes_argument(a: Any) -> Any:
    a += 1.0
    return a


def helper_writes(x: Any) -> Any:
    a = 2.0 * x
    b = writes_argument(a)
    return np.sum(a * b)


def defaults_and_keywords(x: Any, k: float) -> Any:
    def inner(a: Any, *, scale: float = 2.0, shift: Any = k) -> Any:
        return a * scale + shift

    double = lambda a, b=3.0: inner(a, scale=b)  # noqa: E731
    return np.sum(inner(x)) + np.sum(double(x, b=k)) + np.sum(double(x))


def nested_loops(x: Any, w: Any, n: int) -> Any:
    h = x
    for i in range(n):
        for j in range(i):
            h = np.tanh(h * w[j % 2]) + x
        if np.sum(h) > 1.0:
            h = 0.5 * h
        elif i == 0:
            h = h + w[0]
        else:
            break
    return np.sum(h)


def while_loop(x: float) -> Any:
    steps = 0
    while x < 10.0 and steps < 20:
        x = x * 1.5 + 0.1
        steps += 1
        if steps == 2:
            continue
    return x


def containers(x: Any, params: Any) -> Any:
    print("never shown", x)
    message = f"{x[0]:.3f} {params!r}"
    assert len(message) > 3, message
    first, *rest = [p * 2.0 for p in params["layers"]]
    pairs = dict(zip("ab", (first, rest[0]), strict=True))
    return np.sum(pairs["a"] * x) + np.sum(pairs["b"]) * params["scale"]


def output_argument(x: Any, y: Any) -> Any:
    a = np.zeros(3)
    np.multiply(x, y, out=a)
    np.add(a, x, out=a)
    np.add.at(a, [0, 0], x[:2])
    return np.sum(a * a)


def stores(x: Any, y: Any) -> Any:
    a = x * 1.0
    np.subtract.at(a, [0, 0], y[:2])
    b = np.zeros((2, 2))
    np.place(b, np.array([[True, False], [True, True]]), x)
    np.put_along_axis(b, np.array([[0], [1]]), y[:2, None], axis=1)
    np.putmask(a, np.array([False, True, False]), y)
    b.flat[1:3] = x[1:]
    c = np.zeros((2, 2))
    c.flat = b * 2.0
    return np.sum(a * a) + np.sum(b * b * c)


def sorted_by_columns(w: Any) -> Any:
    a = w * 1.0
    a.sort(axis=0)
    v = a[:, ::-1]
    v.sort()
    return np.sum(a * np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))


def deleted(x: Any, y: Any) -> Any:
    items = [x, y, x * y]
    table = {"a": x, "b": y}
    del items[0], table["a"]
    del x
    return np.sum(items[0] * items[1]) + sum(np.sum(v) for v in table.values())


class Box:
    def __init__(self, value: Any) -> None:
        self.value = value * 2.0

    def __call__(self, x: Any) -> Any:
        self.value += x
        return self.value * x


def objects(x: Any, y: Any) -> Any:
    box = Box(x)
    first = np.sum(box(y))
    box.value = box.value * y
    return first + np.sum(box.value)


def tries(x: Any, n: int) -> Any:
    total = np.sum(x)
    for i in range(3):
        try:
            if i == n:
                raise ValueError(i)
            total = total * x[i]
            if i == 2:
                continue
        except ValueError as error:
            total = total + x[0] * len(error.args)
        else:
            total = total + 1.0
        finally:
            total = total * 1.1
    return total


PARAMS = {"layers": [X, Y], "scale": 0.7}
SEMANTICS: list[tuple[Any, tuple[Any, ...]]] = [
    (alias_then_write, (X, Y)),
    (view_then_write, (X, Y)),
    (transpose_written, (W,)),
    (reversed_overlap, (X,)),
    (items_assigned, (X, Y)),
    (list_of_rows, (X, W)),
    (scalar_rebinds, (X,)),
    (swaps, (X, Y)),
    (helper_writes, (X,)),
    (defaults_and_keywords, (X, 0.4)),
    (nested_loops, (X, W, 0)),
    (nested_loops, (X, W, 1)),
    (nested_loops, (X, W, 3)),
    (while_loop, (0.3,)),
    (containers, (X, PARAMS)),
    (output_argument, (X, Y)),
    (stores, (X, Y)),
    (sorted_by_columns, (W,)),
    (deleted, (X, Y)),
    (objects, (X, Y)),
    (tries, (X, 1)),
    (tries, (X, 5)),
]


@pytest.mark.parametrize(("function", "args"), SEMANTICS)
def test_semantics(function: Any, args: tuple[Any, ...]) -> None:
    assert_right(function, *args)


LAYOUTS = {
    "fortran": np.asfortranarray(W),
    "strided": np.repeat(W, 2, axis=1)[:, ::2],
    "reversed": W[::-1, ::-1],
    "transposed": np.ascontiguousarray(W.T).T,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_keep_views_parallel(layout: str) -> None:
    def ravelled(w: Any) -> Any:
        flat = w.T.ravel()
        flat *= 2.0
        return np.sum(w * w) + np.sum(flat)

    assert_right(ravelled, LAYOUTS[layout])


def test_arguments_are_not_written() -> None:
    x = X.copy()
    value_and_gradient(alias_then_write, (x, Y))
    np.testing.assert_array_equal(x, X)
