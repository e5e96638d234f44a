"""The programs whose generated sources stand in tests/golden, to be read by a person.

Each is a function, the arguments that it is specialised for, and what is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Golden:
    """A program, and the call that its golden source is for; no arguments: the generic source."""

    function: Any
    args: tuple[Any, ...]
    wrt: tuple[str, ...] | str
    value: bool = False
    options: dict[str, Any] = field(default_factory=dict)


def two_layers(W1, b1, W2, b2, X, Y):
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - Y
    return 0.5 * np.mean(r * r)


def recurrence(w, x, n):
    h = x
    loss = 0.0
    for t in range(n):
        z = w @ h
        if np.sum(z) > 0.0:
            h = np.tanh(z)
        else:
            h = 0.5 * z
        loss += np.sum(h * h)
    return loss


def softmax_cross_entropy(W, X, Y):
    z = X @ W
    z = z - np.max(z, axis=1, keepdims=True)
    e = np.exp(z)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.sum(Y * np.log(p), axis=1))


def logistic(w, b, X, y):
    margin = y * (X @ w + b)
    return np.mean(np.log1p(np.exp(-margin))) + 0.5 * np.sum(w**2)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def neuron(w, b, x, t):
    a = sigmoid(np.dot(w, x) + b)
    return 0.5 * (a - t) ** 2


def rosenbrock(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def scalar_branch(x, a):
    if x > a:
        y = x * x
    elif x > 0.0:
        y = np.sin(x)
    else:
        y = a * x
    return y * a


def bias_of_every_shape(x, row, column, number):
    return np.sum(np.tanh(x + row + column) * number)


def parameters(params, x):
    h = np.maximum(params["W"] @ x + params["b"], 0.0)
    return np.sum(h) * params["scale"]


def decay(x, rate=0.9):
    y = np.exp(x)
    y *= rate
    y -= x
    return np.sum(y * y)


def heat(u, k, steps):
    for _ in range(steps):
        inner = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u = np.concatenate([u[:1], inner, u[-1:]])
    return np.sum(u**2)


def nested_loops(w, n):
    total = 0.0
    for i in range(n):
        s = w
        for j in range(i):
            s = np.sin(s) * w
        total = total + np.sum(s)
    return total


def gather(table, rows, weights):
    return np.sum(table[rows] * weights[:, None])


def standardise(x):
    centred = x - np.mean(x, axis=0)
    return np.sum((centred / np.std(x, axis=0)) ** 3)


def newton(a, tolerance):
    x = a
    while np.max(np.abs(x * x - a)) > tolerance:
        x = x - (x * x - a) / (2.0 * x)
    return np.sum(x)


def relax(w, x, most):
    for _ in range(most):
        new = np.tanh(w @ x)
        if np.max(np.abs(new - x)) < 1e-6:
            break
        x = 0.5 * (x + new)
    return np.sum(x * x)


def first_passage(x, rate, n):
    for day in range(n):
        x = x * rate
        if x < 1.0:
            return x * day
        for hour in range(3):
            if x > 9.0:
                continue
            x = x + np.sin(x)
    return -x


def _normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape)


MATRIX, VECTOR = _normal(4, 3), _normal(3)
LAYERS = (_normal(3, 4), _normal(4), _normal(4, 2), _normal(2), _normal(5, 3), _normal(5, 2))

PROGRAMS = [
    Golden(two_layers, LAYERS, ("W1", "b1", "W2", "b2")),
    Golden(two_layers, (), ("W1", "b1", "W2", "b2"), options={"name": "two_layers_generic"}),
    Golden(recurrence, (_normal(3, 3), VECTOR, 4), ("w", "x"), value=True),
    Golden(softmax_cross_entropy, (_normal(3, 2), MATRIX, _normal(4, 2)), "W"),
    Golden(logistic, (VECTOR, 0.1, MATRIX, _normal(4)), ("w", "b"), value=True),
    Golden(neuron, (VECTOR, 0.1, VECTOR, 1.0), ("w", "b")),
    Golden(rosenbrock, (VECTOR,), "x"),
    Golden(scalar_branch, (0.3, 0.5), ("x", "a")),
    Golden(
        bias_of_every_shape,
        (MATRIX, _normal(1, 3), _normal(4, 1), 0.5),
        ("x", "row", "column", "number"),
    ),
    Golden(
        parameters, ({"W": MATRIX, "b": _normal(4), "scale": 0.5}, VECTOR), "params", value=True
    ),
    Golden(decay, (VECTOR,), "x"),
    Golden(newton, (VECTOR**2 + 1.0, 1e-6), "a"),
    Golden(relax, (_normal(3, 3), VECTOR, 20), ("w", "x"), value=True),
    Golden(first_passage, (4.0, 0.7, 9), ("x", "rate"), value=True),
    Golden(heat, (_normal(8), 0.1, 3), ("u", "k")),
    Golden(nested_loops, (VECTOR, 3), "w"),
    Golden(gather, (MATRIX, np.array([0, 2, 2]), VECTOR), ("table", "weights")),
    Golden(standardise, (MATRIX,), "x"),
]


def unrolled(params, x, n):
    h = x
    energy = 0.0
    for t in range(n):
        h = np.tanh(params["W"] @ h + params["b"])
        energy += np.sum(h * h)
    return {"h": h, "energy": energy}


PAIR = Golden(unrolled, ({"W": _normal(3, 3), "b": VECTOR}, VECTOR, 4), ("params", "x"))


def tree_sum(x):
    n = len(x)
    if n < 2:
        r = np.sum(x * x)
    else:
        r = tree_sum(x[: n // 2]) * 1.5 + np.sin(tree_sum(x[n // 2 :]))
    return r
