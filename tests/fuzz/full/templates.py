"""Helpers that are written by hand: their text, and how they are called.

In a call `{y}` stands for an expression of the wanted shape, `{s}` for a scalar, `{x}` for the name of
an array that may be written.
"""

from __future__ import annotations

from typing import NamedTuple


class Template(NamedTuple):
    """A helper's definition, and the ways to call it for a result of the shape of `{y}`."""

    text: str
    calls: tuple[str, ...]


APPLIED = "def applied(f, y, k=1.0):\n    return f(y) * k\n"
SCALED = "def scaled(y, k=0.5):\n    return k * np.tanh(y) + 0.1 * y\n"

VALUES: dict[str, Template] = {
    "star_args": Template(
        "def gathered(y, *factors):\n    for factor in factors:\n"
        "        y = y * np.cos(factor)\n    return y\n",
        ("gathered({y})", "gathered({y}, {s})", "gathered({y}, *({s}, {s}))"),
    ),
    "star_kwargs": Template(
        "def named(y, **parts):\n    for name, part in parts.items():\n"
        "        y = y + part if name == 'a' else y * np.cos(part)\n    return y\n",
        ("named({y}, a={s}, b={s})", "named({y}, b={s})", "named({y}, **{{'a': {s}}})"),
    ),
    "handed_on": Template(
        SCALED + "\n\ndef forwarded(*args, **kwargs):\n    return scaled(*args, **kwargs) * 0.5\n",
        ("forwarded({y})", "forwarded({y}, k={s})", "forwarded({y}, {s})"),
    ),
    "recursion": Template(
        "def powered(y, k):\n    if k <= 0:\n        return y\n"
        "    return np.sin(powered(y, k - 1)) + 0.5 * y\n",
        ("powered({y}, 0)", "powered({y}, 1)", "powered({y}, 2)"),
    ),
    "wrapped": Template(
        "def doubling(f):\n    @functools.wraps(f)\n    def wrapper(*args, **kwargs):\n"
        "        return 2.0 * f(*args, **kwargs)\n\n    return wrapper\n\n\n"
        "@doubling\ndef doubled(y, k=0.3):\n    return np.sin(k * y)\n",
        ("doubled({y})", "doubled({y}, k={s})"),
    ),
    "registered": Template(
        "def registered(f):\n    f.seen = True\n    return f\n\n\n"
        "@registered\ndef noted(y):\n    return np.sin(y) * 0.8\n",
        ("noted({y})",),
    ),
    "partial": Template(
        SCALED + "\n\nhalved = functools.partial(scaled, k=0.7)\n",
        ("halved({y})", "functools.partial(scaled, k={s})({y})"),
    ),
    "function_argument": Template(
        APPLIED, ("applied(np.tanh, {y})", "applied(np.sin, {y}, k={s})")
    ),
    "lambda_argument": Template(
        APPLIED,
        ("applied(lambda v: np.sin(v) * {s}, {y})", "applied(lambda v: v * 0.5, {y}, {s})"),
    ),
    "two_lambdas": Template(
        APPLIED, ("applied(lambda v: np.sin(v), {y}) + applied(lambda v: 0.5 * v, {y})",)
    ),
    "method": Template(
        "class Layer:\n    def __init__(self, rate):\n        self.rate = rate\n\n"
        "    def __call__(self, y):\n        return np.tanh(self.rate * y)\n\n"
        "    def shifted(self, y, k=0.2):\n        return self(y) + k\n\n\nLAYER = Layer(0.8)\n",
        ("LAYER.shifted({y})", "LAYER.shifted({y}, k={s})", "LAYER.rate * {y}"),
    ),
    "callable_object": Template(
        "class Gate:\n    def __init__(self, rate):\n        self.rate = rate\n\n"
        "    def __call__(self, y):\n        return np.sin(y) * self.rate\n\n\nGATE = Gate(0.6)\n",
        ("GATE({y})", "Gate(0.4)({y})"),
    ),
    "closure_made": Template(
        "def scaler(factor):\n    def times(y):\n        return np.sin(y) * factor\n\n"
        "    return times\n",
        ("scaler({s})({y})", "scaler(0.7)({y})"),
    ),
    "many_returns": Template(
        "def bounded(y):\n    s = np.sum(y)\n    if s > 1.0:\n        return y / s\n"
        "    for step in range(3):\n        s = s * 0.5 + 0.3\n        if s > 0.6:\n"
        "            return y * s\n    return np.sin(y)\n",
        ("bounded({y})",),
    ),
    "keyword_only": Template(
        "def shifted(y, /, *, by=0.3):\n    return np.sin(y + by)\n",
        ("shifted({y})", "shifted({y}, by={s})"),
    ),
    "asks": Template(
        "def asked(y):\n    if isinstance(y, np.ndarray) and y.dtype == np.float64:\n"
        "        return np.sin(y)\n    return y * 0.5\n",
        ("asked({y})",),
    ),
}

WRITES: dict[str, Template] = {
    "scales": Template(
        "def rescale(a, factor):\n    a *= factor\n    a[0] = a[0] * 0.5\n",
        ("rescale({x}, np.cos({s}))",),
    ),
    "shifts": Template(
        "def shift(a):\n    first = a[0]\n    a[:-1] = a[1:]\n    a[-1] = first * 0.5\n",
        ("shift({x})",),
    ),
    "loops": Template(
        "def smooth(a, weight=0.3):\n    for i in range(1, len(a)):\n"
        "        a[i] += weight * np.sin(a[i - 1])\n",
        ("smooth({x})", "smooth({x}, weight={s})"),
    ),
    "fills": Template(
        "def fill_from(a, value):\n    for i in range(len(a)):\n        a[i] = np.sin(value) * i\n",
        ("fill_from({x}, {s})",),
    ),
    "returns_early": Template(
        "def damp(a):\n    if a[0] > 0.5:\n        return\n    a *= 0.7\n    a += 0.1\n",
        ("damp({x})",),
    ),
}
