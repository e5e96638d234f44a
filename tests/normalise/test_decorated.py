"""Decorators of nested functions: what changes, and what does not."""

from __future__ import annotations

import ast
import doctest

import gast

from srcad.normalise import decorated as module
from srcad.normalise.decorated import call_decorators


def test_docstring() -> None:
    assert doctest.testmod(module).failed == 0


def test_a_function_without_decorated_ones_is_returned_itself() -> None:
    text = "@outer\ndef f(x):\n    def g(a):\n        return a\n    return g(x)"
    tree = gast.parse(text).body[0]
    assert call_decorators(tree) is tree


def test_decorators_at_any_depth() -> None:
    text = """
def f(x):
    if x:
        def g(a):
            @inner
            def h(b):
                return b
            return h
    return g
"""
    found = ast.unparse(gast.gast_to_ast(call_decorators(gast.parse(text).body[0])))
    assert "h = inner(h)" in found and "@" not in found
