"""Exits as values: what must change, and what must not; and that the program stays the same."""

from __future__ import annotations

import ast
import copy
import textwrap
from typing import Any

import gast
import numpy as np
import pytest

from srcad.normalise.exits import nest_exits


def tree_of(text: str) -> Any:
    return gast.parse(textwrap.dedent(text).strip() + "\n").body[0]


def text_of(tree: Any) -> str:
    return ast.unparse(gast.gast_to_ast(tree))


UNCHANGED = {
    "one return at the end": """
        def f(x):
            y = x * x
            return y
        """,
    "no return": """
        def f(x):
            print(x)
        """,
    "a loop that runs to its end": """
        def f(x, n):
            for i in range(n):
                x = x * i
            return x
        """,
    "a while with a plain test": """
        def f(x):
            while x > 1.0:
                x = x / 2.0
            return x
        """,
    "a lambda": """
        def f(x):
            g = lambda y: y if y else 0.0
            return g(x)
        """,
    "a raise": """
        def f(x):
            if x < 0.0:
                raise ValueError
            return x
        """,
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_unchanged(name: str) -> None:
    tree = tree_of(UNCHANGED[name])
    assert nest_exits(tree) is tree


CHANGED = {
    "a return in a branch": (
        """
        def f(x):
            if x > 0.0:
                return x
            return -x
        """,
        """
        def f(x):
            if x > 0.0:
                result = x
            else:
                result = -x
            return result
        """,
    ),
    "a chain of branches": (
        """
        def f(x):
            if x > 2.0:
                return x
            elif x > 1.0:
                y = x * x
            else:
                return 0.0
            z = y + 1.0
            return z
        """,
        """
        def f(x):
            if x > 2.0:
                result = x
            elif x > 1.0:
                y = x * x
                z = y + 1.0
                result = z
            else:
                result = 0.0
            return result
        """,
    ),
    "a path that falls off the end": (
        """
        def f(x):
            if x > 0.0:
                return x
        """,
        """
        def f(x):
            if x > 0.0:
                result = x
            else:
                result = None
            return result
        """,
    ),
    "a side that leaves sometimes": (
        """
        def f(x, result):
            if x > 0.0:
                if x > 1.0:
                    return x
                x = x + 1.0
            y = x * x
            return y
        """,
        """
        def f(x, result):
            returned = False
            if x > 0.0:
                if x > 1.0:
                    result_1 = x
                    returned = True
                else:
                    x = x + 1.0
            if not returned:
                y = x * x
                result_1 = y
            return result_1
        """,
    ),
    "a short end is written twice": (
        """
        def f(x):
            if x > 0.0:
                if x > 1.0:
                    return x
                x = x + 1.0
            return x * x
        """,
        """
        def f(x):
            if x > 0.0:
                if x > 1.0:
                    result = x
                else:
                    x = x + 1.0
                    result = x * x
            else:
                result = x * x
            return result
        """,
    ),
    "a break in the middle": (
        """
        def f(x, n):
            for i in range(n):
                y = x * 1.5
                if y > 2.0:
                    break
                x = y + i
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                y = x * 1.5
                broke = y > 2.0
                if not broke:
                    x = y + i
                if broke:
                    break
            return x
        """,
    ),
    "a break at the end, with a continue before it": (
        """
        def f(x, n):
            for i in range(n):
                x = x * 1.5
                if i == 1:
                    continue
                if x > 3.0:
                    break
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                broke = False
                x = x * 1.5
                if i == 1:
                    pass
                elif x > 3.0:
                    broke = True
                if broke:
                    break
            return x
        """,
    ),
    "a break that changes something": (
        """
        def f(x, n):
            for i in range(n):
                if x > 2.0:
                    x = x - 1.0
                    break
                x = x * 2.0
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                broke = False
                if x > 2.0:
                    x = x - 1.0
                    broke = True
                else:
                    x = x * 2.0
                if broke:
                    break
            return x
        """,
    ),
    "a continue": (
        """
        def f(x, n):
            for i in range(n):
                if i == 1:
                    continue
                x = x * 2.0
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                if i == 1:
                    pass
                else:
                    x = x * 2.0
            return x
        """,
    ),
    "a continue on one side of a side": (
        """
        def f(x, n):
            for i in range(n):
                if i > 0:
                    if x > 1.0:
                        continue
                    x = x + 1.0
                x = x * 2.0
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                skipped = False
                if i > 0:
                    if x > 1.0:
                        skipped = True
                    else:
                        x = x + 1.0
                if not skipped:
                    x = x * 2.0
            return x
        """,
    ),
    "the else of a for": (
        """
        def f(x, n):
            for i in range(n):
                if x > 2.0:
                    break
                x = x * 2.0
            else:
                x = -x
            return x
        """,
        """
        def f(x, n):
            broke = False
            for i in range(n):
                broke = x > 2.0
                if not broke:
                    x = x * 2.0
                if broke:
                    break
            if not broke:
                x = -x
            return x
        """,
    ),
    "an else without a break": (
        """
        def f(x, n):
            while n > 0:
                n = n - 1
            else:
                x = -x
            return x
        """,
        """
        def f(x, n):
            while n > 0:
                n = n - 1
            x = -x
            return x
        """,
    ),
    "two loops left at once": (
        """
        def f(x, n):
            for i in range(n):
                for j in range(3):
                    x = x * 1.1
                    if x > 2.0:
                        break
                else:
                    continue
                break
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                broke = False
                broke_1 = False
                for j in range(3):
                    x = x * 1.1
                    broke_1 = x > 2.0
                    if broke_1:
                        break
                if broke_1:
                    broke = True
                if broke:
                    break
            return x
        """,
    ),
    "two returns in a loop": (
        """
        def f(x, n):
            for i in range(n):
                if x > 3.0:
                    return x
                x = x * 1.5
                if x > 2.0:
                    return -x
            x = x + 1.0
            return x
        """,
        """
        def f(x, n):
            returned = False
            for i in range(n):
                if x > 3.0:
                    result = x
                    returned = True
                else:
                    x = x * 1.5
                    if x > 2.0:
                        result = -x
                        returned = True
                if returned:
                    break
            if not returned:
                x = x + 1.0
                result = x
            return result
        """,
    ),
    "a return and a break in nested loops": (
        """
        def f(x, n):
            for i in range(n):
                for j in range(i):
                    if x > 3.0:
                        return x
                    if x > 2.0:
                        break
                    x = x * 1.5
                x = x + 1.0
            return -x
        """,
        """
        def f(x, n):
            returned = False
            for i in range(n):
                for j in range(i):
                    broke_1 = False
                    if x > 3.0:
                        result = x
                        returned = True
                    elif x > 2.0:
                        broke_1 = True
                    else:
                        x = x * 1.5
                    if broke_1 or returned:
                        break
                if not returned:
                    x = x + 1.0
                if returned:
                    break
            if not returned:
                result = -x
            return result
        """,
    ),
    "a while whose test needs a branch": (
        """
        def f(x, n):
            while (2.0 if n > 1 else 3.0) > abs(x):
                x = abs(x) * 1.5 + 0.3
                if x > 1.0:
                    break
                x = x + 0.1
            else:
                return -x
            return x
        """,
        """
        def f(x, n):
            broke = False
            while True:
                done = not (2.0 if n > 1 else 3.0) > abs(x)
                if not done:
                    x = abs(x) * 1.5 + 0.3
                    if x > 1.0:
                        broke = True
                    else:
                        x = x + 0.1
                if done or broke:
                    break
            if not broke:
                result = -x
            else:
                result = x
            return result
        """,
    ),
    "what is never reached": (
        """
        def f(x):
            return x
            print(x)
        """,
        """
        def f(x):
            result = x
            return result
        """,
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_changed(name: str) -> None:
    before, after = CHANGED[name]
    tree = tree_of(before)
    kept = copy.deepcopy(tree)
    assert text_of(nest_exits(tree)) == text_of(tree_of(after))
    assert text_of(tree) == text_of(kept), "the tree that was given is not the same any more"


@pytest.mark.parametrize("name", CHANGED)
def test_every_node_has_a_place(name: str) -> None:
    for node in gast.walk(nest_exits(tree_of(CHANGED[name][0]))):
        if isinstance(node, (gast.stmt, gast.expr)) and not isinstance(node, gast.FunctionDef):
            assert node.lineno is not None, text_of(node)


def test_what_is_defined_inside_is_left_alone() -> None:
    """Its jumps are its own."""
    tree = tree_of(
        """
        def f(x):
            def g(y):
                while y > 1.0:
                    if y > 2.0:
                        return y
                    break
                return -y
            return g(x)
        """
    )
    assert nest_exits(tree) is tree


def value_of(tree: Any, *args: Any) -> Any:
    namespace: dict[str, Any] = {"np": np}
    exec(compile(f"{text_of(tree)}\n", "<test>", "exec"), namespace)
    try:
        return namespace["f"](*args)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize("name", CHANGED)
def test_the_program_stays_the_same(name: str) -> None:
    tree = tree_of(CHANGED[name][0])
    for x in (-1.0, 0.0, 0.5, 1.0, 1.5, 2.5, 7.0):
        for n in (0, 1, 2, 5):
            args = [x, n][: len(tree.args.args)]
            assert value_of(nest_exits(tree), *args) == value_of(tree, *args)
