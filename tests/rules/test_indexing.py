"""The type of `x[index]`, and whether it is a view, against what NumPy does."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import find
from srcad.rules.indexing import index_memory, indexed
from srcad.types import (
    INT,
    UNKNOWN,
    Facts,
    Object,
    Sizes,
    Symbol,
    Tensor,
    integer,
    plus,
    times,
    type_of,
)
from tests.rules.types_of_results import SIGHTS, assert_complete, assert_true_of, numbers, seen

X = np.arange(2.0 * 3 * 4 * 5).reshape(2, 3, 4, 5)
V = np.arange(7.0)
N = np.array([0, 1, 1])
J = np.array([[0], [1]])
ZERO_DIMENSIONAL = np.array(1)

INDICES: list[tuple[np.ndarray, Any]] = [
    *[
        (V, i)
        for i in [
            0,
            -1,
            np.int64(2),
            np.s_[:],
            np.s_[1:],
            np.s_[:-1],
            np.s_[1:-1],
            np.s_[2:5],
            np.s_[:3],
            np.s_[-3:],
            np.s_[:-3],
            np.s_[5:2],
            np.s_[0:0],
            np.s_[9:],
            np.s_[:9],
            np.s_[-9:],
            np.s_[:-9],
            np.s_[-5:-2],
            np.s_[-2:-5],
            np.s_[2:-9],
            np.s_[-3:6],
            np.s_[::2],
            np.s_[1::3],
            np.s_[:-1:2],
            np.s_[::-1],
            np.s_[::-2],
            np.s_[5:1:-1],
            np.s_[5::-1],
            np.s_[:2:-2],
            None,
            ...,
            (),
            (...,),
            (..., 0),
            (0, ...),
            (None, 0),
            (0, None),
            (None, slice(1, None), None),
            N,
            J,
            [0, 2],
            [0],
            [],
            [[0, 1], [2, 3]],
            (N,),
            (..., N),
            V > 2,
            [True, False] * 3 + [True],
            (V > 2, None),
            ZERO_DIMENSIONAL,
            (J, None),
            True,
            np.bool_(False),
            np.True_,
        ]
    ],
    *[
        (X, i)
        for i in [
            0,
            (0, 1),
            (0, 1, 2),
            (0, 1, 2, 3),
            (0, ..., 3),
            (..., 0),
            (slice(1, None), 0),
            (slice(None), 1, slice(None, -1)),
            (..., None, 0),
            (None, ..., None),
            (0, None, 1),
            np.s_[1:, ::2, 1:-1],
            np.s_[:, None, 1],
            np.s_[..., 1:],
            np.s_[0, ..., ::-1],
            N,
            (N, N),
            (N, J),
            (slice(None), N),
            (slice(None), N, J),
            (N, slice(None), N),
            (slice(None), N, slice(None), N),
            (N, ..., N),
            (0, N),
            (N, 0),
            (0, slice(None), N),
            (slice(None), 0, N),
            (slice(None), N, 0),
            (N, None, N),
            (None, N, N),
            (..., N, N),
            (slice(None), N, None, 1),
            ([0, 1], slice(1, None)),
            (..., [0, 1, 1]),
            X[..., 0] > 50,
            X > 30,
            (slice(None), X[0, :, :, 0] > 20),
            (X[:, :, 0, 0] > 30, N[:1], 0),
            (0, X[0, :, 0, 0] > -1),
            (ZERO_DIMENSIONAL, 0),
            (ZERO_DIMENSIONAL, slice(None), 0),
            (0, 1, 2, ZERO_DIMENSIONAL),
            (0, 1, 2, 3, ...),
            (True, 0),
            np.array([0, 1], np.uint8),
        ]
    ],
    (np.array(3.0), ()),
    (np.array(3.0), ...),
    (np.array(3.0), None),
    (np.zeros((0, 3)), np.s_[1:]),
    (np.zeros((0, 3)), np.s_[:, 1]),
    (np.zeros((1, 3)), 0),
    (np.zeros((1, 3)), np.s_[-1:]),
]
NAMES = [f"{array.ndim}-d {str(index)[:50]}" for array, index in INDICES]


@pytest.mark.parametrize(("array", "index"), INDICES, ids=NAMES)
def test_the_type_of_an_item(array: np.ndarray, index: Any) -> None:
    found = array[index]
    for sight in SIGHTS:
        facts, sizes = Facts(), {}
        base = sight(array, sizes)
        inferred = indexed(facts, base, seen(index, numbers, sizes))
        assert_true_of(inferred, found, facts, sizes)
        if base.dims is not None:
            assert_complete(inferred)


@pytest.mark.parametrize(("array", "index"), INDICES, ids=NAMES)
def test_whether_an_item_is_a_view(array: np.ndarray, index: Any) -> None:
    found = array[index]
    memory = index_memory(seen(index, numbers, {}))
    if not isinstance(found, np.ndarray) or found.size == 0:
        assert memory in ("view", "fresh")
        return
    assert memory == ("view" if np.shares_memory(found, array) else "fresh")


def test_elements_known_at_run_time() -> None:
    base = Tensor(np.dtype(np.float64), (Symbol("n"), Symbol("m")), "array")
    facts = Facts()
    assert indexed(facts, base, INT).dims == base.dims[1:]
    assert indexed(facts, base, (INT, INT)) == Tensor(base.dtype, (), "scalar")
    maybe = Tensor(np.dtype(np.int64), ())  # a Python int, or an array of rank 0
    assert indexed(facts, base, maybe).dims == base.dims[1:]
    assert index_memory(INT) == "view"
    assert index_memory((INT, slice(None, INT))) == "view"
    assert index_memory(Tensor(np.dtype(np.int64), (), "scalar")) == "view"
    assert index_memory(maybe) == "unknown"
    assert index_memory((maybe, [0, 1])) == "fresh"
    assert index_memory(UNKNOWN) == "unknown"
    assert index_memory(Object()) == "unknown"
    assert index_memory(Tensor(np.dtype(np.int64))) == "unknown"
    assert index_memory(Tensor(np.dtype(bool))) == "fresh"
    assert index_memory(Tensor(np.dtype(np.int64), (Symbol("n"),), "array")) == "fresh"
    assert index_memory(Sizes((2, 3))) == "view"


@pytest.mark.parametrize(
    "index",
    [
        UNKNOWN,
        Object(),
        Tensor(np.dtype(np.int64)),
        Tensor(np.dtype(bool)),
        (0, UNKNOWN),
        Sizes(None),
    ],
    ids=str,
)
def test_an_unknown_index_gives_unknown_dimensions(index: Any) -> None:
    base = type_of(np.ones((2, 3)))
    assert indexed(Facts(), base, index) == Tensor(base.dtype)


def test_symbolic_sizes_are_exact_where_they_can_be() -> None:
    n, m = Symbol("n", True), Symbol("m", True)
    base = Tensor(np.dtype(np.float64), (n,), "array")
    facts = Facts()

    def size(index: Any) -> Any:
        return indexed(facts, base, index).dims[0]

    assert size(slice(1, -1)) == size(slice(2, None)) == size(slice(None, -2))
    assert size(slice(None, None, -1)) is n
    assert size(slice(0, None)) is n
    assert size(slice(None, integer(n))) is n
    assert size(slice(integer(n), None)) == 0
    assert size(slice(None, 3)) == size(slice(0, 3))
    assert size(slice(None, None, 2)) == size(slice(None, None, -2))
    assert size(slice(None, integer(m))) == size(slice(0, integer(m)))
    assert size(slice(None, INT)) != size(slice(None, INT))
    assert size(slice(None, None, INT)) is not n


def test_what_a_concatenation_cuts_has_its_old_size() -> None:
    n, m, k = (Symbol(name, True) for name in "nmk")
    facts = Facts()
    whole = Tensor(np.dtype(np.float64), (plus([n, m, 2, k]),), "array")

    def size(start: Any, stop: Any) -> Any:
        item = slice(*(None if b is None else integer(b) for b in (start, stop)))
        return indexed(facts, whole, item).dims[0]

    assert size(None, n) is n
    assert size(n, plus([n, m])) is m
    assert size(plus([n, m]), plus([n, m, 2])) == 2
    assert size(plus([n, m, 2]), None) is k
    assert size(m, None) == plus([n, k, 2])
    assert indexed(facts, whole, slice(1, -1)).dims[0] == plus([n, m, k])
    for start, stop in [(n, m), (None, plus([n, n])), (plus([n, 3]), None), (n, INT)]:
        item = slice(*(None if b is None else b if b is INT else integer(b) for b in (start, stop)))
        assert indexed(facts, whole, item).dims[0] not in (n, m, k, 0, 1, 2)


def test_sums_and_products_of_sizes_are_known() -> None:
    n, m = Symbol("n"), Symbol("m")
    for function, found in [(operator.add, plus([n, m])), (operator.mul, times([n, m]))]:
        assert find(function).result(Facts(), integer(n), integer(m)).value == found
        assert find(function).result(Facts(), integer(n), INT).value is None
        assert find(function).result(Facts(), integer(n), -1).value is None
    assert find(operator.sub).result(Facts(), integer(n), 1).value is None


def test_sizes_at_run_time_against_numpy() -> None:
    """Each slice of a symbolic size, for all small sizes."""
    bounds = [None, -3, -2, -1, 0, 1, 2, 3]
    for size in range(6):
        array = np.zeros(size)
        for start in bounds:
            for stop in bounds:
                for step in (None, 1, 2, 3, -1, -2):
                    sizes: dict[Symbol, int] = {}
                    symbol = Symbol("n")
                    sizes[symbol] = size
                    base = Tensor(array.dtype, (symbol,), "array")
                    facts = Facts()
                    item = slice(start, stop, step)
                    assert_true_of(indexed(facts, base, item), array[item], facts, sizes)
