"""Conditional expressions become statements: what changes, what does not, and what both compute."""

from __future__ import annotations

import ast
import doctest
import itertools
from typing import Any

import gast
import pytest

from srcad.normalise import conditional as module
from srcad.normalise import normalise
from srcad.normalise.conditional import expand_conditionals

CHANGED = {
    "whole right-hand side": (
        """
def f(a, b, c, d, e):
    y = a() if c() else b()
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y = a()
    else:
        y = b()
    return y
""",
    ),
    "annotated": (
        """
def f(a, b, c, d, e):
    y: int = a() if c() else b()
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y: int = a()
    else:
        y: int = b()
    return y
""",
    ),
    "returned": (
        """
def f(a, b, c, d, e):
    return a() if c() else b()
""",
        """
def f(a, b, c, d, e):
    if c():
        chosen = a()
    else:
        chosen = b()
    return chosen
""",
    ),
    "part of the right-hand side": (
        """
def f(a, b, c, d, e):
    y = 1 + (a() if c() else b())
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y_if = a()
    else:
        y_if = b()
    y = 1 + y_if
    return y
""",
    ),
    "two in one statement": (
        """
def f(a, b, c, d, e):
    y = (a() if c() else 2) * (3 if d() else b())
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y_if = a()
    else:
        y_if = 2
    if d():
        y_if_1 = 3
    else:
        y_if_1 = b()
    y = y_if * y_if_1
    return y
""",
    ),
    "in place": (
        """
def f(a, b, c, d, e):
    y = 1
    y += a() if c() else b()
    return y
""",
        """
def f(a, b, c, d, e):
    y = 1
    if c():
        y_if = a()
    else:
        y_if = b()
    y += y_if
    return y
""",
    ),
    "in the else of another": (
        """
def f(a, b, c, d, e):
    y = a() if c() else b() if d() else e()
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y = a()
    elif d():
        y = b()
    else:
        y = e()
    return y
""",
    ),
    "in a branch of another, in part": (
        """
def f(a, b, c, d, e):
    y = 1 + (a() if d() else b()) if c() else e()
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        if d():
            y_if = a()
        else:
            y_if = b()
        y = 1 + y_if
    else:
        y = e()
    return y
""",
    ),
    "in the test of another": (
        """
def f(a, b, c, d, e):
    y = a() if (c() if d() else e()) else b()
    return y
""",
        """
def f(a, b, c, d, e):
    if d():
        y_if = c()
    else:
        y_if = e()
    if y_if:
        y = a()
    else:
        y = b()
    return y
""",
    ),
    "several targets": (
        """
def f(a, b, c, d, e):
    y = z = a() if c() else b()
    p, q = (d() if c() else 3), y
    return y + z + p + q
""",
        """
def f(a, b, c, d, e):
    if c():
        chosen = a()
    else:
        chosen = b()
    y = z = chosen
    if c():
        chosen_1 = d()
    else:
        chosen_1 = 3
    (p, q) = (chosen_1, y)
    return y + z + p + q
""",
    ),
    "names that are taken": (
        """
def f(a, b, c, d, e, y_if=1, y_if_1=2):
    y = 1 + (a() if c() else b())
    return y + y_if
""",
        """
def f(a, b, c, d, e, y_if=1, y_if_1=2):
    if c():
        y_if_2 = a()
    else:
        y_if_2 = b()
    y = 1 + y_if_2
    return y + y_if
""",
    ),
    "test of an if": (
        """
def f(a, b, c, d, e):
    y = 1
    if a() if c() else b():
        y = 2
    elif d() if e() else c():
        y = 3
    return y
""",
        """
def f(a, b, c, d, e):
    y = 1
    if c():
        chosen = a()
    else:
        chosen = b()
    if chosen:
        y = 2
    else:
        if e():
            chosen_1 = d()
        else:
            chosen_1 = c()
        if chosen_1:
            y = 3
    return y
""",
    ),
    "range and body of a loop": (
        """
def f(a, b, c, d, e):
    y = 1
    for i in range(2 if c() else 3):
        y = y + i if d() else a()
    return y
""",
        """
def f(a, b, c, d, e):
    y = 1
    if c():
        chosen = 2
    else:
        chosen = 3
    for i in range(chosen):
        if d():
            y = y + i
        else:
            y = a()
    return y
""",
    ),
    "call, subscript, slice, keyword": (
        """
def f(a, b, c, d, e):
    y = [1, 2, 3][1 if c() else 2:]
    print(y, end='' if d() else a.end)
    return y
""",
        """
def f(a, b, c, d, e):
    if c():
        y_if = 1
    else:
        y_if = 2
    y = [1, 2, 3][y_if:]
    if d():
        chosen = ''
    else:
        chosen = a.end
    print(y, end=chosen)
    return y
""",
    ),
    "operands that are sure": (
        """
def f(a, b, c, d, e):
    y = (a() if c() else 0) and b()
    z = (a() if d() else 0) < (b() if e() else 1) < 3
    return (y, z)
""",
        """
def f(a, b, c, d, e):
    if c():
        y_if = a()
    else:
        y_if = 0
    y = y_if and b()
    if d():
        z_if = a()
    else:
        z_if = 0
    if e():
        z_if_1 = b()
    else:
        z_if_1 = 1
    z = z_if < z_if_1 < 3
    return (y, z)
""",
    ),
    "assertion and exception": (
        """
def f(a, b, c, d, e):
    assert a() if c() else 1, (b() if d() else 2)
    if 0:
        raise ValueError if c() else TypeError
    return 1
""",
        """
def f(a, b, c, d, e):
    if c():
        chosen = a()
    else:
        chosen = 1
    assert chosen, b() if d() else 2
    if 0:
        if c():
            chosen_1 = ValueError
        else:
            chosen_1 = TypeError
        raise chosen_1
    return 1
""",
    ),
}

UNCHANGED = {
    "nothing to do": "def f(a, b, c, d, e):\n    y = a()\n    return y",
    "later operand": "def f(a, b, c, d, e):\n    assert c() and (a() if d() else b())",
    "later comparison": "def f(a, b, c, d, e):\n    return 0 < c() < (a() if d() else b())",
    "lambda": "def f(a, b, c, d, e):\n    g = lambda v: v if c() else b()\n    return g(1)",
    "comprehension": "def f(a, b, c, d, e):\n    return [v if c() else b() for v in (1, 2)]",
    "f-string": "def f(a, b, c, d, e):\n    return f'{(a() if c() else b())}'",
    "message": "def f(a, b, c, d, e):\n    assert a(), b() if c() else 1\n    return 1",
}


def parse(text: str) -> Any:
    return gast.parse(text.strip("\n")).body[0]


def unparse(tree: Any) -> str:
    return ast.unparse(gast.gast_to_ast(tree))


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED.keys())
def test_what_changes(before: str, after: str) -> None:
    assert unparse(expand_conditionals(parse(before))) == unparse(parse(after))


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED.keys())
def test_what_does_not(text: str) -> None:
    tree = parse(text)
    assert expand_conditionals(tree) is tree
    assert normalise(tree) is tree


@pytest.mark.parametrize("before", [pair[0] for pair in CHANGED.values()], ids=CHANGED.keys())
def test_the_given_tree_stays_as_it_is(before: str) -> None:
    tree = parse(before)
    dumped = gast.dump(tree, include_attributes=True)
    assert normalise(tree) is not tree
    assert gast.dump(tree, include_attributes=True) == dumped


@pytest.mark.parametrize("before", [pair[0] for pair in CHANGED.values()], ids=CHANGED.keys())
def test_nothing_is_left_for_a_second_time(before: str) -> None:
    once = expand_conditionals(parse(before))
    assert expand_conditionals(once) is once


@pytest.mark.parametrize("before", [pair[0] for pair in CHANGED.values()], ids=CHANGED.keys())
def test_the_same_is_evaluated(before: str) -> None:
    """Every function of no argument is called as often as before, whatever the tests say."""
    after = unparse(expand_conditionals(parse(before)))
    for values in itertools.product((0, 1), repeat=5):
        assert outcome(before, values) == outcome(after, values)


def outcome(text: str, values: tuple[int, ...]) -> tuple[Any, list[str]]:
    """What a program returns or raises, and what it called on the way."""
    called: list[str] = []

    class Named:
        end = "\n"

        def __init__(self, name: str, value: int) -> None:
            self.name, self.value = name, value

        def __call__(self) -> int:
            called.append(self.name)
            return self.value

    namespace: dict[str, Any] = {"print": lambda *args, **keywords: None}
    exec(text, namespace)
    try:
        result = namespace["f"](*map(Named, "abcde", values))
    except AssertionError as error:
        result = repr(error)
    return result, sorted(called)


def test_new_nodes_stand_where_they_come_from() -> None:
    tree = expand_conditionals(
        parse("def f(a, c):\n    y = 1 + (\n        a if c\n        else 2)\n    return y")
    )
    branch, assign, _ = tree.body
    assert (branch.lineno, branch.col_offset) == (3, 8)
    assert (branch.body[0].lineno, branch.orelse[0].lineno) == (3, 4)
    assert (assign.lineno, assign.value.right.lineno) == (2, 3)
    for node in gast.walk(tree):
        if isinstance(node, (gast.expr, gast.stmt)):
            assert node.lineno and node.end_lineno


def test_every_node_stands_in_one_place() -> None:
    """A node that is shared between two branches would be changed twice by a later pass."""
    for before, _ in CHANGED.values():
        tree = expand_conditionals(parse(before))
        nodes = [n for n in gast.walk(tree) if isinstance(n, (gast.expr, gast.stmt))]
        assert len(nodes) == len({id(node) for node in nodes})


def test_the_example_runs() -> None:
    assert doctest.testmod(module).attempted
