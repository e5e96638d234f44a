"""A specialised gradient refuses arguments of another signature, and names the argument."""



from __future__ import annotations

import ast
import enum
from typing import Any

import numpy as np
import pytest

from srcad import grad
from srcad.guards import guard_function
from tests.corpus.records import Layer, Named, Pair, Params
from tests.programs import define


class Thing:
    """An object that is no data."""


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


def helper(x: Any) -> Any:
    return x


THING = Thing()

ACCEPTED: list[tuple[Any, list[Any], list[Any]]] = [
    # an argument, others like it, others unlike it
    (np.ones(3), [np.zeros(2)], [np.ones(1), np.ones(0), np.ones((2, 2)), np.ones(3, "f4"), 1.0]),
    (np.ones(0), [np.zeros(0)], [np.ones(1), np.ones(2), np.ones((0, 2)), [], [1.0]]),
    (np.ones((1, 3)), [np.ones((1, 5))], [np.ones((2, 3)), np.ones((1, 1)), np.ones(3)]),
    (np.ones((1, 1)), [np.zeros((1, 1))], [np.ones((1, 2)), np.array(1.0)]),
    (np.array(1.0), [np.array(2.0)], [1.0, np.float64(1.0), np.ones(1)]),
    (np.ones(3, int), [np.ones(5, int)], [np.ones(3), np.ones(3, bool)]),
    (np.ones(3, ">f8"), [np.ones(5, ">f8")], [np.ones(3)]),
    (np.array(["a"] * 3), [np.array(["b"] * 2)], [np.ones(3)]),
    (np.zeros(2, [("a", float)]), [np.zeros(3, [("a", float)])], [np.zeros(2, [("b", float)])]),
    (1.0, [2.0, float("nan")], [1, np.float64(1.0), np.ones(3), None, "1"]),
    (1, [2, -5], [1.0, True, np.int64(1)]),
    (1j, [2j], [1.0]),
    (np.float32(1.0), [np.float32(2.0)], [1.0, np.float64(1.0), np.array(1.0, "f4")]),
    (np.longdouble(1.0), [np.longdouble(2.0)], [1.0]),
    (np.bool_(True), [np.bool_(False)], [True]),
    (True, [True], [False, 1, None]),
    (None, [None], [False, 0.0, ()]),
    ("up", ["u" + "p"], ["down", b"up", 1]),
    (b"up", [b"up"], ["up"]),
    (..., [...], [None]),
    (np.sin, [np.sin], [np.cos, helper]),
    (helper, [helper], [len, lambda x: x, np.sin]),
    (len, [len], [abs]),
    (float, [float], [int, np.float64]),
    (np.float32, [np.float32], [float]),
    (np.dtype("f4"), [np.dtype("f4")], [np.dtype("f8"), "f4", np.float32]),
    (THING, [THING], [Thing(), None, 1.0]),
    (Colour.RED, [Colour.RED], [1, Thing(), Colour.BLUE]),
    ((1.0, np.ones(2)), [(2.0, np.ones(3))], [[1.0, np.ones(2)], (1.0,), (1, np.ones(2)), 1.0]),
    ([1.0, "a"], [[5.0, "a"]], [[1.0, "b"], (1.0, "a")]),
    ({"a": 1.0, "b": {"c": np.ones(2)}}, [{"a": 3.0, "b": {"c": np.ones(5)}}],
     [{"a": 1.0}, {"b": {"c": np.ones(2)}, "a": 1.0}, {"a": 1.0, "b": {"c": np.ones((2, 2))}}]),
    ({Colour.RED: 1.0}, [{Colour.RED: 2.0}], [{Colour.BLUE: 1.0}]),
    ({(1, "a"): 1.0, -1: 2.0}, [{(1, "a"): 3.0, -1: 1.0}], [{(1, "a"): 3.0}]),
    ((), [()], [(1.0,), []]),
    (Pair(1.0, "a"), [Pair(2.0, "a")], [Pair(1.0, "b"), Pair(1, "a"), (1.0, "a"), Layer(1.0, "a")]),
    (Params(np.ones(2), [1.0]), [Params(np.ones(3), [2.0])],
     [Params(np.ones(2), (1.0,)), Params(1.0, [1.0]), Named(np.ones(2), [1.0]), None]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "same", "other"), ACCEPTED, ids=[repr(a)[:30] for a, *_ in ACCEPTED]
)
def test_guard(value: Any, same: list[Any], other: list[Any]) -> None:
    guard = guard_function(["first", "second"], [1.0, value])
    guard(2.0, value)
    for argument in same:
        guard(2.0, argument)
    for argument in other:
        with pytest.raises(TypeError, match=r"^second"):
            guard(2.0, argument)
    with pytest.raises(TypeError, match=r"^first"):
        guard(2, value)


@pytest.mark.parametrize(
    "value", [a for a, *_ in ACCEPTED], ids=[repr(a)[:30] for a, *_ in ACCEPTED]
)
def test_guard_is_written_well(value: Any) -> None:
    text = guard_function(["a_long_name_of_an_argument", "b"], [value, {"key of it": value}]).source
    assert all(len(line) <= 100 for line in text.splitlines()), text
    ast.parse(text)


def test_the_message_says_what_is_wanted_and_what_came() -> None:
    special = grad(lambda x, p: np.sum(x * p["w"])).specialize(np.ones((2, 1)), {"w": 1.0})
    with pytest.raises(TypeError) as caught:
        special(np.ones((2, 3), np.float32), {"w": 1.0})
    message = str(caught.value)
    assert "x" in message and "float64" in message and "float32" in message and "[2, 3]" in message
    with pytest.raises(TypeError, match=r"p\[.w.\].*float.*int"):
        special(np.ones((2, 1)), {"w": 1})


def test_a_name_of_the_user_s_own_that_is_the_guard_s() -> None:
    text = """
def check_signature(x):
    return 2.0 * x
def f(x):
    return np.sum(check_signature(x))
"""
    special = grad(define(text)).specialize(np.ones(3))
    np.testing.assert_array_equal(special(np.ones(2)), [2.0, 2.0])
    with pytest.raises(TypeError):
        special(1.0)
    text = "check_signature = 3.0\ndef f(x):\n    return np.sum(check_signature * x)"
    special = grad(define(text)).specialize(np.ones(3))
    np.testing.assert_array_equal(special(np.ones(2)), [3.0, 3.0])


def test_without_a_guard() -> None:
    special = grad(lambda x: np.sum(x * x)).specialize(np.ones(3), guard=False)
    np.testing.assert_array_equal(special(np.ones((2, 2))), np.full((2, 2), 2.0))
