"""Tuples, lists and dicts of arrays as arguments, locals and results of helpers."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X, Y

PARAMETERS = {"w": W, "b": np.array([0.1, -0.2]), "scale": 0.7}


def dict_of_parameters(p: Any, x: Any) -> Any:
    """The gradient is a dict with the same keys."""
    return np.sum(np.tanh(p["w"] @ x + p["b"])) * p["scale"]


def list_of_layers(layers: Any, x: Any) -> Any:
    """The gradient is a list."""
    return np.sum(layers[0] * x) + np.sum(layers[1] ** 2) * layers[-1][0]


def tuple_unpacked(pair: Any) -> Any:
    """The gradient is a tuple."""
    first, second = pair
    return np.sum(first * second)


def nested_container(p: Any) -> Any:
    """A list of tuples in a dict."""
    w, b = p["layers"][1]
    return np.sum(w @ p["x"]) * np.sum(b)


def entry_not_used(p: Any) -> Any:
    """An entry that nothing reads has a gradient of zeros."""
    return np.sum(p["w"] * p["w"])


def local_containers(x: Any, y: Any) -> Any:
    """Displays that are built and taken apart again."""
    pair = (x * y, np.sin(x))
    named = {"a": pair[0], "b": y}
    listed = [named["a"] * pair[1], named["b"]]
    return np.sum(listed[0]) + np.sum(listed[-1] * pair[1])


def starred_helper(x: Any, y: Any) -> Any:
    """Arguments spread from a tuple."""
    both = (x, y)
    return np.sum(np.multiply(*both))


def tuple_carried_by_loop(x: Any, n: int) -> Any:
    """A tuple is rebound in each iteration."""
    state = (x, x * x)
    for _ in range(n):
        state = (state[1], np.sin(state[0]))
    return np.sum(state[0] * state[1])


def printed(x: Any) -> Any:
    """Looking at a value changes nothing."""
    y = np.sin(x)
    print("y", y)
    message = f"{y[0]:.3f}"
    assert np.all(np.isfinite(y)), message
    return np.sum(y * x)


CASES = [
    Case(dict_of_parameters, (PARAMETERS, X)),
    Case(list_of_layers, ([X, Y, W[:, 0]], Y)),
    Case(tuple_unpacked, ((X, Y),)),
    Case(nested_container, ({"layers": [(W, X), (W * 2.0, Y)], "x": X},)),
    Case(entry_not_used, ({"w": W, "b": X},)),
    Case(local_containers, (X, Y)),
    Case(starred_helper, (X, Y), may_refuse=True),
    Case(tuple_carried_by_loop, (X, 3), may_refuse=True),
    Case(printed, (X,)),
]
