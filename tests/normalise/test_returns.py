"""A return in a loop as a break: where it is done, and where not."""

from __future__ import annotations

from typing import Any

import pytest

from srcad.normalise.returns import break_for_returns
from tests.normalise.test_exits import text_of, tree_of, value_of

UNCHANGED = {
    "no loop": """
        def f(x):
            if x > 0.0:
                return x
            return -x
        """,
    "a loop without a return": """
        def f(x, n):
            for i in range(n):
                if x > 1.0:
                    break
                x = x + 1.0
            return x
        """,
    "two returns": """
        def f(x, n):
            for i in range(n):
                x = x + 1.0
                if x > 5.0:
                    return x
                if x > 3.0:
                    return -x
            return 0.0
        """,
    "a break beside the return": """
        def f(x, n):
            for i in range(n):
                x = x + 1.0
                if x > 5.0:
                    return x
                if x > 3.0:
                    break
            return 0.0
        """,
    "what follows is outside of the branch": """
        def f(x, n):
            if x > 0.0:
                for i in range(n):
                    x = x + 1.0
                    if x > 3.0:
                        return x
            x = x * x
            return x
        """,
}


@pytest.mark.parametrize("name", UNCHANGED)
def test_unchanged(name: str) -> None:
    tree = tree_of(UNCHANGED[name])
    assert text_of(break_for_returns(tree)) == text_of(tree)


CHANGED = {
    "a loop without an end": (
        """
        def f(x):
            while True:
                x = x + 1.0
                if x > 3.0:
                    return x
        """,
        """
        def f(x):
            while True:
                x = x + 1.0
                if x > 3.0:
                    break
            return x
        """,
    ),
    "what follows is the else": (
        """
        def f(x, n):
            for i in range(n):
                x = x + 1.0
                if x > 3.0:
                    return x * i
            x = x * x
            return x
        """,
        """
        def f(x, n):
            for i in range(n):
                x = x + 1.0
                if x > 3.0:
                    break
            else:
                x = x * x
                return x
            return x * i
        """,
    ),
    "out of two loops": (
        """
        def f(x, n):
            for i in range(n):
                for j in range(i):
                    x = x + 1.0
                    if x > 3.0:
                        return x * i
                x = x * 1.5
            return -x
        """,
        """
        def f(x, n):
            for i in range(n):
                for j in range(i):
                    x = x + 1.0
                    if x > 3.0:
                        break
                else:
                    x = x * 1.5
                    continue
                break
            else:
                return -x
            return x * i
        """,
    ),
    "a function that falls off its end": (
        """
        def f(x, n):
            while x < n:
                x = x + 1.0
                if x > 3.0:
                    return x
        """,
        """
        def f(x, n):
            while x < n:
                x = x + 1.0
                if x > 3.0:
                    break
            else:
                return
            return x
        """,
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_changed(name: str) -> None:
    before, after = CHANGED[name]
    tree = tree_of(before)
    assert text_of(break_for_returns(tree)) == text_of(tree_of(after))
    assert text_of(tree) == text_of(tree_of(before)), "the given tree is not the same any more"


@pytest.mark.parametrize("name", CHANGED)
@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_the_program_stays_the_same(name: str, n: int) -> None:
    tree: Any = tree_of(CHANGED[name][0])
    for x in (0.0, 1.5, 2.5, 7.0):
        args = [x, n][: len(tree.args.args)]
        assert value_of(break_for_returns(tree), *args) == value_of(tree, *args)
