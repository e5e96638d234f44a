"""Types: the arithmetic of dimensions, what is learnt of them, joins and promotion."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from srcad.types import (
    ANYTHING,
    BOOL,
    FLOAT,
    INT,
    OBJECT,
    UNKNOWN,
    Dim,
    Expression,
    Facts,
    Sizes,
    Symbol,
    Tensor,
    array,
    covers,
    fresh,
    integer,
    join,
    minus,
    plus,
    promote,
    same_dims,
    times,
    type_of,
)

n, m = Symbol("n", True), Symbol("m", True)
maybe_one = Symbol("k")
F8, F4, I8 = np.dtype(np.float64), np.dtype(np.float32), np.dtype(np.int64)


# --- dimensions ---------------------------------------------------------------------------------


def size(dim: Dim, known: dict[Symbol, int]) -> int:
    """What a dimension is where its symbols are known: the meaning of the arithmetic."""
    if isinstance(dim, int):
        return dim
    if isinstance(dim, Symbol):
        return known[dim]
    if isinstance(dim, Expression):
        parts = [size(d, known) for d in dim.operands]
        if dim.operator == "-":
            return max(parts[0] - parts[1], 0)
        return sum(parts) if dim.operator == "+" else int(np.prod(parts))
    return max(known[dim.base] - dim.shift, 0)


DIMS: list[Dim] = [0, 1, 3, n, m, minus(n, 1), minus(n, 2), plus((n, m)), plus((n, 2)), times((n, m))]
KNOWN = [{n: a, m: b} for a, b in product((2, 3, 7), (2, 5))]


@pytest.mark.parametrize("dim", DIMS, ids=str)
def test_arithmetic_means_what_it_says(dim: Dim) -> None:
    for known in KNOWN:
        here = size(dim, known)
        for shift in range(4):
            assert size(minus(dim, shift), known) == max(here - shift, 0)
        for other in DIMS:
            assert size(plus((dim, other)), known) == here + size(other, known)
            assert size(times((dim, other)), known) == here * size(other, known)


def test_slices_of_one_size_are_equal() -> None:
    assert minus(minus(n, 1), 1) == minus(n, 2)
    assert minus(n, 0) is n
    assert plus((minus(n, 1), 1)) == n
    assert plus(()) == 0 and times(()) == 1


# --- facts --------------------------------------------------------------------------------------


def test_what_is_unified_is_equal_from_then_on() -> None:
    facts = Facts()
    assert not facts.equal(n, m)
    facts.unify(n, m)
    assert facts.equal(n, m) and facts.equal(minus(n, 1), minus(m, 1))
    facts.unify(m, 3)
    assert facts.find(n) == 3 and facts.find(minus(n, 1)) == 2
    assert facts.find(times((n, m))) == 9


def test_a_block_does_not_tell_its_parent() -> None:
    facts = Facts()
    inner = facts.copy()
    inner.unify(n, m)
    assert inner.equal(n, m) and not facts.equal(n, m)


def test_unify_does_not_make_a_circle() -> None:
    facts = Facts()
    facts.unify(n, minus(n, 1))
    assert facts.find(n) is n


def test_the_symbol_that_is_known_to_be_several_stays() -> None:
    facts = Facts()
    facts.unify(maybe_one, n)
    assert facts.find(maybe_one) is n and facts.not_one(maybe_one)


SHAPES: list[tuple[list[tuple[Dim, ...]], tuple[Dim, ...]]] = [
    ([(n,), ()], (n,)),
    ([(n, 1), (m,)], (n, m)),
    ([(1,), (1,)], (1,)),
    ([(n, m), (1, m)], (n, m)),
    ([(maybe_one,), (n,)], (n,)),
    ([(0,), (1,)], (0,)),
]


@pytest.mark.parametrize(("shapes", "wanted"), SHAPES, ids=str)
def test_broadcast(shapes: list[tuple[Dim, ...]], wanted: tuple[Dim, ...]) -> None:
    assert Facts().broadcast(shapes) == wanted


def test_broadcast_learns_that_sizes_agree() -> None:
    facts = Facts()
    facts.broadcast([(n,), (m,)])
    assert facts.equal(n, m)


def test_broadcast_learns_nothing_where_one_may_be_1() -> None:
    facts, other = Facts(), Symbol("j")
    (found,) = facts.broadcast([(maybe_one,), (other,)])
    assert found not in (maybe_one, other) and not facts.equal(maybe_one, other)


# --- types --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (1.5, FLOAT),
        (True, BOOL),
        (7, integer(7)),
        (np.float32(1.0), Tensor(F4, (), "scalar")),
        (np.ones((2, 3)), Tensor(F8, (2, 3), "array")),
        (np.array(1.0), Tensor(F8, (), "array")),
        ("text", OBJECT),
        (None, OBJECT),
        (np.ma.ones(2), OBJECT),
    ],
    ids=repr,
)
def test_type_of(value: Any, wanted: Any) -> None:
    assert type_of(value) == wanted


def test_an_unknown_dtype_is_not_float64() -> None:
    assert Tensor(F8, (n,), "array") != Tensor(None, (n,), "array")
    assert Tensor(None, None, None) == UNKNOWN != Tensor(F8, None, None)
    assert join(Tensor(F8, (), "python"), Tensor(None, (), "python"), Facts()).dtype is None  # type: ignore[union-attr]


TYPES = [
    UNKNOWN,
    FLOAT,
    INT,
    BOOL,
    integer(3),
    integer(n),
    array(F8, (n,)),
    array(F8, (n, m)),
    array(F4, (n,)),
    array(F8, ()),
    Tensor(F8, (), "array"),
    Tensor(F8, (), "number"),
    Tensor(None, (n,), "array"),
    Sizes((n, m)),
    Sizes(None),
    OBJECT,
    ANYTHING,
]


@pytest.mark.parametrize("a", TYPES, ids=str)
def test_a_join_covers_both(a: Any) -> None:
    facts = Facts()
    assert join(a, a, facts) == a and covers(a, a, facts)
    for b in TYPES:
        found = join(a, b, facts)
        assert covers(found, a, facts) and covers(found, b, facts), str(b)


def test_what_does_not_cover() -> None:
    facts = Facts()
    assert not covers(array(F8, (n,)), array(F8, (m,)), facts)
    assert not covers(array(F8, (n,)), array(F4, (n,)), facts)
    assert not covers(array(F8, (n,)), array(None, (n,)), facts)
    assert not covers(array(F8, (n,)), array(F8, (n, 1)), facts)
    assert not covers(FLOAT, array(F8, ()), facts)
    assert not covers(OBJECT, FLOAT, facts)
    size = fresh()
    assert not covers(array(F8, (size,)), array(F8, (m,)), facts)
    assert covers(array(F8, (size,)), array(F8, (m,)), facts, {size})


def test_same_dims() -> None:
    facts = Facts()
    a, b = array(F8, (n,)), array(F8, (m,))
    assert same_dims(a, a, facts) and not same_dims(a, b, facts)
    assert not same_dims(UNKNOWN, UNKNOWN, facts)
    facts.unify(n, m)
    assert same_dims(a, b, facts)


# --- promotion ----------------------------------------------------------------------------------

SAMPLES = [1.5, 2, True, np.float32(1.5), np.float64(1.5), np.int8(2), np.ones(2), np.ones(2, F4),
           np.ones(2, np.int8), np.array(1.0, F4), np.ones(2, np.uint8), np.array([True])]  # fmt: skip
UFUNCS = [np.add, np.multiply, np.true_divide, np.power, np.maximum, np.arctan2, np.less]


@pytest.mark.parametrize("ufunc", UFUNCS, ids=lambda ufunc: ufunc.__name__)
def test_promotion_is_numpys(ufunc: np.ufunc) -> None:
    for a, b in product(SAMPLES, SAMPLES):
        found = promote([type_of(a), type_of(b)], ufunc)  # type: ignore[list-item]
        with np.errstate(all="ignore"):
            assert found == ufunc(a, b).dtype, (a, b)


def test_a_number_of_unknown_class_counts_where_both_answers_agree() -> None:
    number = Tensor(F8, (), "number")
    assert promote([number, array(F8, (n,))], np.add) == F8
    assert promote([number, array(F4, (n,))], np.add) is None
    assert promote([UNKNOWN, FLOAT], np.add) is None
