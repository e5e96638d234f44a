"""Names bound inside expressions get statements of their own: what changes, and what must not."""

from __future__ import annotations

import doctest

import gast
import pytest

from srcad.normalise import named as module
from srcad.normalise import normalise
from srcad.normalise.named import bind_before


def rewritten(text: str) -> str:
    tree = gast.parse(text).body[0]
    return gast.unparse(bind_before(tree))


CHANGED = {
    "operand": ("return (y := g()) + y", "y = g()\n    return y + y"),
    "two": ("return (y := g()) + (z := y)", "y = g()\n    z = y\n    return y + z"),
    "nested": ("return (y := (z := g()))", "z = g()\n    y = z\n    return y"),
    "index": ("x = a[(i := 1)] * i", "i = 1\n    x = a[i] * i"),
    "first of a choice": ("x = (y := g()) and y", "y = g()\n    x = y and y"),
    "test": ("if (y := g()) > 1:\n        pass", "y = g()\n    if y > 1:\n        pass"),
    "test of a conditional": ("return 1 if (y := g()) else y", "y = g()\n    return 1 if y else y"),
    "in a branch": (
        "if a:\n        return (y := g())",
        "if a:\n        y = g()\n        return y",
    ),
    "iterated": ("for i in (y := g()):\n        pass", "y = g()\n    for i in y:\n        pass"),
}
UNCHANGED = {
    "nothing": "y = g()\n    return y",
    "second of a choice": "return a and (y := g())",
    "branch of a conditional": "return 1 if a else (y := g())",
    "read before": "return y + (y := g())",
    "read before in a lambda": "return h(lambda: y, (y := g()))",
    "added to": "y += (y := g())",
    "later comparison": "return a < b < (y := g())",
    "comprehension": "return [(y := i) for i in a]",
    "lambda": "return lambda: (y := g())",
    "while": "while (y := g()):\n        pass",
}


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_changed(before: str, after: str) -> None:
    assert rewritten(f"def f(a):\n    {before}") == f"def f(a):\n    {after}"


@pytest.mark.parametrize("body", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_unchanged(body: str) -> None:
    tree = gast.parse(f"def f(a):\n    {body}").body[0]
    assert bind_before(tree) is tree


def test_a_choice_that_reads_the_name_is_made_before() -> None:
    tree = gast.parse("def f(y, c):\n    return g(y if c else 3, (y := 2), y)").body[0]
    text = gast.unparse(normalise(tree))
    assert text.index("chosen = y") < text.index("y = 2") < text.index("g(chosen, y, y)")


def test_docstring() -> None:
    assert doctest.testmod(module).failed == 0
