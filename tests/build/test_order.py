"""A statement in parts, in the order in which Python evaluates it."""

from __future__ import annotations

import ast
import itertools
from typing import Any

import gast
import pytest

from srcad.build.order import in_parts, may_write

PARTS: dict[str, tuple[str, str | None]] = {
    "what is before, the call, and the rest": (
        "z = x[0] + w(y) * y[1]",
        "kept1 = x[0]\nw_result2 = w(y)\nz = kept1 + w_result2 * y[1]",
    ),
    "names and numbers stay": (
        "z = s * 2.0 + w(y)",
        "kept1 = s * 2.0\nw_result2 = w(y)\nz = kept1 + w_result2",
    ),
    "a method": (
        "t = t * 0.5 + s.pop()",
        "kept1 = t * 0.5\npop_result2 = s.pop()\nt = kept1 + pop_result2",
    ),
    "an argument": (
        "return f(x[0], w(y), k=y[0])",
        "kept1 = x[0]\nw_result2 = w(y)\nreturn f(kept1, w_result2, k=y[0])",
    ),
    "a keyword before it": (
        "f(k=y[0], m=w(y))",
        "kept1 = y[0]\nw_result2 = w(y)\nf(k=kept1, m=w_result2)",
    ),
    "deep": (
        "z = (x[0], [x[1], -w(y)])",
        "kept1 = x[0]\nkept2 = x[1]\nw_result3 = w(y)\nz = (kept1, [kept2, -w_result3])",
    ),
    "added to a name": (
        "s += y[0] * w(y)",
        "kept1 = y[0]\nw_result2 = w(y)\ns += kept1 * w_result2",
    ),
    "a test": (
        "if w(y) > y[0]:\n    pass",
        "w_result1 = w(y)\nif w_result1 > y[0]:\n    pass",
    ),
    "added to an item": ("s[0] += w(y)", None),
    "where it may not be evaluated": ("z = a and w(y)", None),
    "in a choice": ("z = 1 if a else w(y)", None),
    "the later operand of a chain": ("z = a < b < w(y)", None),
    "in a lambda": ("z = lambda: w(y)", None),
}


def call_of(statement: Any, name: tuple[str, ...] = ("w", "pop")) -> Any:
    """The call that writes."""
    for node in gast.walk(statement):
        if isinstance(node, gast.Call):
            if getattr(node.func, "id", getattr(node.func, "attr", "")) in name:
                return node
    raise AssertionError


@pytest.mark.parametrize("name", PARTS)
def test_parts(name: str) -> None:
    text, wanted = PARTS[name]
    function = gast.parse(f"def f():\n    {text.replace(chr(10), chr(10) + '    ')}").body[0]
    statement = function.body[0]
    before = gast.dump(statement)
    numbers = itertools.count(1)
    found = in_parts(statement, call_of(statement), lambda base: f"{base}{next(numbers)}")
    assert gast.dump(statement) == before
    assert (found is None) == (wanted is None)
    if found is not None:
        module = ast.Module([gast.gast_to_ast(part) for part in found], [])
        assert ast.unparse(ast.fix_missing_locations(module)) == wanted


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("w(y)", False),
        ("z = w(y)", False),
        ("z = 1.0 + w(y)", True),
        ("z = np.sin(np.cos(y))", False),
        ("z = np.sum(np.add(x, y, out=y))", True),
        ("z = np.sum(np.add(x, y, y))", True),
        ("z = t + s.pop()", True),
    ],
)
def test_statements_that_may_need_it(text: str, may: bool) -> None:
    assert may_write(gast.parse(text).body[0]) is may
