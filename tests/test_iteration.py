"""Loops that are refused, each at its place, and the text of those that are not."""

# ruff: noqa: E501  (a program in a table stands on one line)

from __future__ import annotations

from typing import Any

import gast
import numpy as np
import pytest

from srcad import errors, grad
from srcad.build.unrolling import MOST_COPIES, written_out
from tests.corpus.iteration import layers, zipped
from tests.programs import define, marked

X = np.array([1.0, 2.0, 3.0])
REFUSED: dict[str, tuple[type, Any, str]] = {
    "an iterator": (
        errors.UnknownCall,
        X,
        "def f(x):\n    t = 0.0\n    for v in $iter(x):\n        t = t + v\n    return t",
    ),
    "a set": (
        errors.UnsupportedSyntax,
        X,
        "s = {1, 2}\ndef f(x):\n    t = 0.0\n    for v in $s:\n        t = t + v * x[0]\n    return t",
    ),
    "a list that the run makes": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    t = 0.0\n    for k in $np.arange(3).tolist():\n        t = t + x[k]\n    return t",
    ),
    "a number": (
        errors.UnsupportedSyntax,
        2.0,
        "def f(x):\n    t = 0.0\n    for v in $x:\n        t = t + v\n    return t",
    ),
    "an item written by a helper, and read again": (
        errors.UnsupportedWrite,
        X,
        "def g(v):\n    v += 1.0\n    return np.sum(v)\ndef f(x):\n    return sum([$g(v) + np.sum(v) for v in [x * 2.0, x * 3.0]])",
    ),
    "too many items": (
        errors.UnsupportedSyntax,
        [1.0] * (MOST_COPIES + 1),
        "def f(x):\n    t = 0.0\n    for v in $x:\n        t = t + v\n    return t",
    ),
    "too many items of items": (
        errors.UnsupportedSyntax,
        [[1.0] * 40] * 40,
        "def f(x):\n    t = 0.0\n    for row in x:\n        for v in $row:\n            t = t + v\n    return t",
    ),

    "a count of a container from an unknown start": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    t = 0.0\n    for k, v in $enumerate((x, x), len(x)):\n        t = t + k * v\n    return np.sum(t)",
    ),
    "zipped strictly": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    t = x\n    for k, v in $zip((1, 2), (x,), strict=True):\n        t = t + k * v\n    return np.sum(t)",
    ),
    "a bound that is differentiated": (
        errors.Laundered,
        2.0,
        "def f(x):\n    t = 0.0\n    for i, v in $enumerate(np.ones(3), x):\n        t = t + i\n    return t",
    ),
    "a view of a dict under a name": (
        errors.UnsupportedSyntax,
        {"a": 1.0},
        "def f(x):\n    pairs = $x.items()\n    t = 0.0\n    for k, v in pairs:\n        t = t + v\n    return t",
    ),
    "a generator that is kept": (
        errors.UnsupportedSyntax,
        (1.0, 2.0),
        "def f(x):\n    y = $(v * v for v in x)\n    return sum(y)",
    ),
    "a lambda that sees the last item": (
        errors.UnsupportedSyntax,
        (1.0, 2.0),
        "def f(x):\n    g = [$lambda y: y * v for v in x]\n    return g[0](x[0])",
    ),
    "a comprehension of too many items": (
        errors.UnsupportedSyntax,
        [1.0] * (MOST_COPIES + 1),
        "def f(x):\n    return max($[v * v for v in x])",
    ),
    "items of another length": (
        errors.UnstableType,
        [(1.0, 2.0), (1.0, 2.0, 3.0)],
        "def f(x):\n    return max([a * b for $a, b in x])",
    ),
    "a matrix unpacked": (
        errors.UnstableType,
        np.ones((2, 3)),
        "def f(x):\n    $a, *b = x\n    return np.sum(a)",
    ),
    "an array unpacked into a list": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    y = [$*x, 1.0]\n    return y[0]",
    ),
    "an array unpacked into arguments": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    return np.add(*$x)",
    ),
    "too few to unpack": (
        errors.UnstableType,
        (1.0, 2.0),
        "def f(x):\n    $a, b, c, *d = x\n    return a",
    ),
    "an unknown dict unpacked": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    y = {'a': x, **$type(x).__dict__}\n    return y['a']",
    ),
    "unknown keywords": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    return np.sum(x, **$type(x).__dict__)",
    ),
    "an argument given twice": (
        errors.ArgumentMismatch,
        {"scale": 0.5},
        "def g(a, scale):\n    return a * scale\ndef f(x):\n    return $g(1.0, scale=2.0, **x)",
    ),
    "a starred name in a comprehension": (
        errors.UnsupportedSyntax,
        [(1.0, 2.0), (3.0, 4.0)],
        "def f(x):\n    return sum([a for $a, *b in x])",
    ),
    "a name bound where it may not be": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    if x[0] > 9.0 and ($s := x[1]) > 0.0:\n        x = x * s\n    return np.sum(x)",
    ),
    "a name bound after it is read": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    y = 2.0\n    return y * ($y := x[1]) * y",
    ),
    "a name bound in a comprehension": (
        errors.UnsupportedSyntax,
        X,
        "def f(x, n=3):\n    y = 1\n    z = $[y := i for i in range(n)]\n    return x[0] * y",
    ),
    "a sum that may not be evaluated": (
        errors.UnsupportedSyntax,
        X,
        "def f(x):\n    if x[0] > 9.0 and $sum(v for v in x) > 0.0:\n        x = x * 2.0\n    return np.sum(x)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "argument", "program"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(kind: type, argument: Any, program: str) -> None:
    text, line, _ = marked(program)
    with pytest.raises(kind) as caught:
        grad(define(text))(argument)
    error = caught.value
    assert isinstance(error, errors.SrcadError)
    assert error.span is not None
    assert error.span.line == line


def test_the_generic_source_hangs_on_what_is_iterated() -> None:
    with pytest.raises(errors.UndecidedKind):
        grad(zipped).source


def test_the_text_of_a_known_loop() -> None:
    source = grad(layers).specialize([(np.eye(3), X), (np.eye(3), X)], X).source
    assert "w, b = params[1]" in source
    assert "for w" not in source


def test_the_text_of_a_counted_loop() -> None:
    source = grad(zipped).specialize(X, X[:2]).source
    assert "for i, (a, b) in enumerate(zip(x, y, strict=False)):" in source
    assert "for i in reversed(range(min(len(x), len(y)))):" in source


def test_a_comprehension_has_its_own_names_in_a_helper() -> None:
    text = "w = 3.0\ndef g(x, n):\n    return sum(w * x for _ in range(n)) + sum([w for w in (x, x)])\ndef f(w):\n    return g(w, 2)"
    assert grad(define(text))(2.0) == 8.0


def test_a_sum_of_python_floats_is_more_precise_than_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "def f(x, n):\n    return sum(x * i for i in range(n))"
    assert grad(define(text))(2.0, 3) == 3.0
    monkeypatch.setattr("srcad.build.displays.COMPENSATED", True)
    assert grad(define(text))(np.float64(2.0), 3) == 3.0
    with pytest.raises(errors.UnsupportedSyntax):
        grad(define(text))(2.0, 3)


DIFFERING = {
    "zipped": "def f(x, y):\n    t = 0.0\n    for a, b in zip(x, y, strict=True):\n        t = t + a * b\n    return t",
    "unpacked": "def f(x, y):\n    a, b = y\n    return a * b * x[0]",
    "unpacked in a loop": "def f(x, y):\n    t = 0.0\n    for a, b in np.stack([x, x]):\n        t = t + a * b\n    return t",
}


@pytest.mark.parametrize("text", DIFFERING.values(), ids=DIFFERING.keys())
def test_what_the_function_refuses_the_gradient_refuses(text: str) -> None:
    function = define(text)
    gradient = grad(function)
    for args in [(X[:2], X[1:]), (X, X), (X, X[:2]), (X[:2], X)]:
        try:
            function(*args)
        except ValueError:
            with pytest.raises(ValueError, match=r"zip|unpack"):
                gradient(*args)
        else:
            gradient(*args)


def test_only_a_length_is_kept_of_an_array_that_is_added_to() -> None:
    text = "def f(x, n):\n    t, y = 0.0, x * 1.0\n    for _ in range(n):\n        for v in y:\n            t = t + v\n        y += 1.0\n    return t"
    source = grad(define(text)).specialize(X, 3).source
    assert "counts.append(len(y))" in source
    assert ".copy()" not in source


def test_what_follows_a_break_stands_in_its_else() -> None:
    loop = gast.parse("for v in xs:\n    a = v\n    if done:\n        break\n").body[0]
    items = [gast.parse(name, mode="eval").body for name in ("x", "y")]
    module = gast.Module(written_out(loop, items), [])
    assert gast.unparse(module) == (
        "v = x\na = v\nif done:\n    pass\nelse:\n    v = y\n    a = v\n    if done:\n        pass"
    )
