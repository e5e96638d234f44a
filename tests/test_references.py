"""Names: which a piece of code binds and reads, and which are still read afterwards."""

from __future__ import annotations

import textwrap

import gast
import pytest

from srcad.references import assigned, liveness, read_names


def function(body: str) -> gast.FunctionDef:
    text = "def f(x, y, n):\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return gast.parse(text).body[0]


BINDS = {
    "assignment": ("a = b", ["a"]),
    "several": ("a = (b, c) = d", ["a", "b", "c"]),
    "augmented": ("a += b", ["a"]),
    "loop": ("for i in range(n):\n    a = i", ["i", "a"]),
    "branches": ("if b:\n    a = 1\nelse:\n    c = 2", ["a", "c"]),
    "once": ("a = 1\na = 2", ["a"]),
    "item": ("a[0] = b", []),
    "lambda": ("a = lambda b: b", ["a"]),
}


@pytest.mark.parametrize("name", BINDS)
def test_assigned(name: str) -> None:
    text, wanted = BINDS[name]
    assert assigned(function(text).body) == wanted


READS = {
    "assignment": ("a = b + c", {"b", "c"}),
    "augmented": ("a += b", {"a", "b"}),
    "item": ("a[i] = b", {"a", "i", "b"}),
    "call": ("a = f(b, k=c)", {"f", "b", "c"}),
    "lambda": ("a = lambda b: b + c", {"b", "c"}),
}


@pytest.mark.parametrize("name", READS)
def test_read_names(name: str) -> None:
    text, wanted = READS[name]
    assert read_names(function(text).body[0]) == wanted


def live_after(body: str) -> list[set[str]]:
    """The names live after each statement of a body, in order, inner ones after theirs."""
    tree = function(body)
    found = liveness(tree)
    statements = [node for node in gast.walk(tree) if isinstance(node, gast.stmt)][1:]
    ordered = sorted(statements, key=lambda node: node.lineno)
    return [set(found.after[node]) for node in ordered]


def test_straight_line() -> None:
    assert live_after(
        """
        a = x + y
        b = a * n
        return b
        """
    ) == [{"a", "n"}, {"b"}, set()]


def test_a_name_is_dead_before_it_is_bound_again() -> None:
    assert live_after(
        """
        a = x
        a = y
        return a
        """
    ) == [{"y"}, {"a"}, set()]


def test_an_augmented_assignment_reads_its_target() -> None:
    first, *_ = live_after(
        """
        a = x
        a += y
        return a
        """
    )
    assert first == {"a", "y"}


def test_branches_are_joined() -> None:
    first, test, then, orelse, _ = live_after(
        """
        a = x
        if n:
            b = a
        else:
            b = y
        return b
        """
    )
    assert first == {"a", "y", "n"}
    assert test == then == orelse == {"b"}


def test_a_loop_hands_on_what_it_reads_again() -> None:
    tree = function(
        """
        h = x
        for i in range(n):
            row = h * y
            h = row + i
        return h
        """
    )
    found = liveness(tree)
    _, loop, _ = tree.body
    assert found.head[loop] == {"h", "y"}  # `row` is bound before it is read, so no trip hands it on
    row, last = loop.body
    assert found.after[row] == {"row", "y", "i"} and found.after[last] == {"h", "y"}
    assert found.after[loop] == {"h"}


def test_the_test_of_a_while_is_read_before_each_trip() -> None:
    tree = function(
        """
        h = x
        while h > y:
            k = h * n
            h = k
        return x
        """
    )
    found = liveness(tree)
    loop = tree.body[1]
    first, last = loop.body
    assert found.head[loop] == {"h", "y", "n", "x"}
    assert found.after[first] == {"k", "y", "n", "x"}
    assert found.after[last] == {"h", "y", "n", "x"}


def test_what_an_inner_loop_reads_is_live_around_the_outer_one() -> None:
    tree = function(
        """
        a = x
        for i in range(n):
            b = a
            for j in range(n):
                a = a + b
        return a
        """
    )
    found = liveness(tree)
    outer = tree.body[1]
    inner = outer.body[1]
    assert found.head[outer] == {"a", "n", "range"}
    assert found.head[inner] == {"a", "b", "n", "range"}


def test_what_a_lambda_reads_is_live_until_the_end() -> None:
    """It is read when the lambda is called, wherever that is."""
    first, made, bound_again, called = live_after(
        """
        k = x
        g = lambda v: v * k
        k = y
        return g(n)
        """
    )
    assert all("k" in live for live in (first, made, bound_again, called))
