"""Branches that end in an exception: what changes, and what does not."""

from __future__ import annotations

import ast
import doctest

import gast
import pytest

from srcad.normalise import raises as module
from srcad.normalise.raises import raise_first


def rewritten(text: str) -> str:
    tree = gast.parse(text).body[0]
    return ast.unparse(gast.gast_to_ast(raise_first(tree)))


def test_docstring() -> None:
    assert doctest.testmod(module).failed == 0


UNCHANGED = {
    "no else": "def f(x):\n    if x:\n        raise E\n    return x",
    "no raise": "def f(x):\n    if x:\n        y = 1\n    else:\n        y = 2\n    return y",
    "not always": "def f(x):\n    if x:\n        if y:\n            raise E\n    else:\n        y = 2",
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_unchanged(name: str) -> None:
    tree = gast.parse(UNCHANGED[name]).body[0]
    assert raise_first(tree) is tree


def test_both_raise() -> None:
    text = "def f(x):\n    if x:\n        raise A\n    else:\n        raise B"
    assert rewritten(text) == "def f(x):\n    if x:\n        raise A\n    raise B"


def test_a_branch_whose_branches_raise() -> None:
    text = """
def f(x):
    if a:
        if b:
            raise A
        else:
            raise B
    else:
        y = x
    return y
"""
    wanted = """
def f(x):
    if a:
        if b:
            raise A
        raise B
    y = x
    return y
""".strip()
    assert rewritten(text) == wanted
