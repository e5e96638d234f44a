"""What a call tells the compiler, and the conditions that recognise a call of the same kind."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad
from srcad.signature import Static, conditions, constant, describe, described_argument
from srcad.types import Object, Tensor


def fits(like: Any, value: Any) -> bool:
    constants: dict[str, Any] = {}
    wanted = conditions(like, "value", constants)
    try:
        return bool(eval(" and ".join(wanted), {**constants, "value": value}))
    except Exception:  # a condition that cannot be asked does not hold
        return False


def function(x: Any) -> Any:
    return x


# Values of one kind stand in one row; no two rows are of one kind.
KINDS: list[list[Any]] = [
    [1.0, 2.0, float("nan")],
    [1, 2, 10**30],
    [1j, 2j],
    [True],
    [False],
    [None],
    [...],
    ["a", "".join("a")],
    ["b"],
    [b"a"],
    [np.float64(1.0), np.float64(2.0)],
    [np.float32(1.0)],
    [np.int64(1), np.int64(5)],
    [np.bool_(True), np.bool_(False)],
    [np.ones(3), np.ones(2)],
    [np.ones(1), np.zeros(1)],
    [np.ones(0)],
    [np.array(1.0), np.array(2.0)],
    [np.ones((2, 3)), np.ones((4, 5)), np.ones((5, 4)).T, np.ones((4, 6))[::2, ::2]],
    [np.ones((1, 3)), np.ones((1, 7))],
    [np.ones((3, 1)), np.ones((2, 1))],
    [np.ones((1, 1))],
    [np.ones((0, 3)), np.ones((0, 2))],
    [np.ones(3, np.float32)],
    [np.ones(3, ">f8"), np.ones(2, np.dtype(">f8"))],
    [np.ones(3, int), np.zeros(5, int)],
    [np.zeros(2, [("a", float)]), np.zeros(3, [("a", float)])],
    [np.zeros(2, [("b", float)])],
    [np.array(["a", "b"])],
    [function],
    [len],
    [np.sin],
    [np.sum],
    [float],
    [np.float64],
    [np.dtype("f4"), np.dtype(np.float32)],
    [np.dtype("f8")],
    [(1.0, 2.0), (3.0, 4.0)],
    [[1.0, 2.0], [3.0, 4.0]],
    [(1.0, 2)],
    [(1.0,)],
    [()],
    [[]],
    [{}],
    [{"a": 1.0}, {"a": 2.0}],
    [{"a": 1}],
    [{"b": 1.0}],
    [{"a": 1.0, "b": 1.0}],
    [{"b": 1.0, "a": 1.0}],
    [{"a": {"b": (np.ones(3), "x")}}, {"a": {"b": (np.ones(5), "x")}}],
    [{"a": {"b": (np.ones(3), "y")}}],
    [object(), object()],
    [{1.0}, {2.0}],
    [range(3), range(5)],
]


@pytest.mark.parametrize("row", KINDS, ids=lambda row: repr(row[0])[:30])
def test_one_kind(row: list[Any]) -> None:
    for one, other in itertools.product(row, row):
        assert fits(one, other)
    first = grad(lambda x, y: x * x)
    for value in row:
        first(1.0, value)
    assert len(first._made.cache.entries) == 1


def test_kinds_are_told_apart() -> None:
    for one, other in itertools.permutations(KINDS, 2):
        assert not any(fits(a, b) for a in one for b in other), (one[0], other[0])


def test_subclasses_are_no_plain_data() -> None:
    class Text(str):
        pass

    class Number(float):
        pass

    class Table(dict):
        pass

    for plain, other in [("a", Text("a")), (1.0, Number(1.0)), ({"a": 1.0}, Table(a=1.0))]:
        assert not fits(plain, other) and not fits(other, plain)
    assert isinstance(describe(Number(1.0)), Object) and isinstance(describe(Table()), Object)


def test_describe() -> None:
    found = describe(np.ones((1, 0, 3), np.float32))
    assert isinstance(found, Tensor) and found.dims is not None
    assert found.dtype == np.float32 and found.dims[:2] == (1, 0) and found.kind == "array"
    assert describe(1.0) == Tensor(np.dtype(float), (), "python")
    assert describe(np.float32(1.0)) == Tensor(np.dtype(np.float32), (), "scalar")
    assert isinstance(describe("a"), Static) and isinstance(describe(None), Static)
    nested = describe({"a": (1.0, [2])})
    assert isinstance(nested["a"], tuple) and isinstance(nested["a"][1], list)


def test_symbols_of_two_arguments_differ() -> None:
    one, other = describe(np.ones(3)), describe(np.ones(3))
    assert one.dims != other.dims


@pytest.mark.parametrize("value", [np.ma.ones(3), [np.ma.ones(3)], np.ones((2, 2)).view(np.matrix)])
def test_an_error_names_the_argument(value: Any) -> None:
    with pytest.raises(errors.UnsupportedArray, match=r"^weights: "):
        described_argument("weights", value)


def test_constants_are_shared() -> None:
    constants: dict[str, Any] = {}
    assert constant(len, constants) == constant(len, constants) != constant(abs, constants)
    assert constant(1, constants) != constant(1.0, constants)
