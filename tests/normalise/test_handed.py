"""`and` and `or` that hand on an operand become conditional expressions; tests stay."""

from __future__ import annotations

import ast
import doctest

import gast
import pytest

from srcad.normalise import handed as module
from srcad.normalise import named
from srcad.normalise.handed import choose_operands


def rewritten(body: str) -> str:
    tree = gast.parse(f"def f(x, y, z):\n    {body}").body[0]
    text: str = ast.unparse(gast.gast_to_ast(choose_operands(tree)))
    return text.partition("\n    ")[2]


CHANGED = {
    "names": ("v = x or y", "v = x if x else y"),
    "a call is made once": ("v = g(x) and y", "v = y if (v_and := g(x)) else v_and"),
    "three operands": ("return x or y or z", "return x if x else y if y else z"),
    "in a call": ("g(x and y)", "g(y if x else x)"),
    "in an operand that is chosen": ("v = x or (y and z)", "v = x if x else z if y else y"),
}
UNCHANGED = {
    "a test": "if x or y:\n        v = 1",
    "an assertion": "assert x and y",
    "truth values": "v = x > 0 and (not y or z < 1)",
    "a negation": "v = not (x or y)",
    "a lambda": "v = lambda a: a or x",
    "a later operand of a test": "assert x and g(y or z)",
}


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_changed(before: str, after: str) -> None:
    assert rewritten(before) == after


@pytest.mark.parametrize("body", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_unchanged(body: str) -> None:
    tree = gast.parse(f"def f(x, y, z):\n    {body}").body[0]
    assert choose_operands(tree) is tree


def test_docstring() -> None:
    assert doctest.testmod(module).failed == 0


def test_a_test_that_binds_is_made_in_the_body() -> None:
    tree = gast.parse("def f(x):\n    while (y := x) > 0:\n        x = y - 1").body[0]
    text = ast.unparse(gast.gast_to_ast(named.bind_in_bodies(tree)))
    assert text.split("\n    ")[1:] == [
        "while True:", "    y = x", "    if not y > 0:", "        break", "    x = y - 1",
    ]  # fmt: skip


def test_a_test_with_an_else_stays() -> None:
    text = "def f(x):\n    while (y := x) > 0:\n        x = y - 1\n    else:\n        x = 0"
    tree = gast.parse(text).body[0]
    assert named.bind_in_bodies(tree) is tree
