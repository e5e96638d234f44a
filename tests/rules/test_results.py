"""Every inferred type against the actual result, over what may be known of the arguments."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import find
from srcad.types import UNKNOWN, Facts, Tensor, type_of
from tests.rules.case import real
from tests.rules.cases import CASES, Case
from tests.rules.test_derivatives import IDS, PAIRS, call, is_math, trials
from tests.rules.types_of_results import assert_type_of_call, symbols


@pytest.mark.parametrize(("case", "function"), PAIRS, ids=IDS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_type_of_a_call(case: Case, function: Any, dtype: Any) -> None:
    in_place = getattr(function, "__name__", "").startswith("i") and case.name.endswith("_in_place")
    for arrays, keywords in trials(case, function, dtype):
        args = case.arguments(arrays)
        if in_place:
            args = (args[0].copy(), *args[1:])
        assert_type_of_call(find(function), args, keywords)


@pytest.mark.parametrize(("case", "function"), PAIRS, ids=IDS)
def test_the_type_of_a_call_with_numbers(case: Case, function: Any) -> None:
    """NumPy scalars and Python numbers, which do not promote."""
    if isinstance(function, type(np.ndarray.copy)) or function is np.ldexp:
        return
    for arrays, keywords in case.trials():
        if any(a.ndim for a in arrays):
            continue
        for numbers in _kinds_of_numbers(arrays):
            args = case.arguments(numbers)
            one_of_two = function in (max, min)  # of two classes: which one is not known
            assert_type_of_call(find(function), args, keywords, strict=not one_of_two)


def _kinds_of_numbers(arrays: list[np.ndarray]) -> Any:
    yield [a.item() for a in arrays]
    yield [a[()] for a in arrays]
    yield [a.astype(np.float32)[()] if i else a.item() for i, a in enumerate(arrays)]
    yield [a.item() if i else a.astype(np.float32) for i, a in enumerate(arrays)]


INTEGERS = [np.array([[1, 2, 3], [4, 5, 6]], dtype=t) for t in (np.int64, np.int32, np.uint8, bool)]
OF_INTEGERS = [
    np.sum,
    np.prod,
    np.mean,
    np.max,
    np.min,
    np.var,
    np.std,
    np.cumsum,
    np.sqrt,
    np.exp,
    np.sinc,
    np.absolute,
    np.fabs,
    np.square,
    np.reshape,
    np.ravel,
    np.transpose,
    np.float_power,
    np.power,
    np.divide,
    np.add,
    np.arctan2,
    np.dot,
    np.outer,
    np.where,
    np.clip,
    np.stack,
]


@pytest.mark.parametrize("array", INTEGERS, ids=lambda a: a.dtype.name)
@pytest.mark.parametrize("function", OF_INTEGERS, ids=lambda f: f.__name__)
def test_the_type_of_a_call_on_integers(function: Any, array: np.ndarray) -> None:
    second: dict[Any, tuple[Any, ...]] = {
        np.reshape: (array, (3, 2)),
        np.float_power: (array, 2),
        np.power: (array, array),
        np.divide: (array, 2),
        np.add: (array, 1.5),
        np.arctan2: (array, array),
        np.dot: (array, array.T),
        np.outer: (array, array),
        np.where: (array > 1, array, 2.0),
        np.clip: (array, 1, 2),
        np.stack: ([array, array * 1.0],),
    }
    if array.dtype == bool and function in (np.square, np.clip):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_type_of_call(find(function), second.get(function, (array,)), {})


def test_a_list_where_an_array_is_meant_is_unknown() -> None:
    x = type_of(np.ones(3))
    for function in (np.sum, np.exp, np.reshape, np.transpose):
        args = ([x, x], (3, 2)) if function is np.reshape else ([x, x],)
        found = find(function).result(Facts(), *args)
        assert found.dtype is None


def test_an_axis_known_only_at_run_time_gives_the_rank() -> None:
    axis = Tensor(np.dtype(np.int64), (), "python")
    found = find(np.sum).result(Facts(), type_of(np.ones((2, 3))), axis)
    assert found.ndim == 1
    assert find(np.sum).result(Facts(), type_of(np.ones((2, 3))), UNKNOWN).dims is None


def test_sizes_that_must_agree_become_one() -> None:
    for function, shapes in [
        (np.matmul, ((2, 3), (3, 4))),
        (np.add, ((3,), (3,))),
        (np.concatenate, ((2, 3), (2, 3))),
    ]:
        facts, sizes = Facts(), {}
        rng = np.random.default_rng(0)
        types = [symbols(real(rng, s), sizes) for s in shapes]
        find(function).result(facts, *([types] if function is np.concatenate else types))
        assert facts.equal(types[0].dims[-1], types[1].dims[0 if function is np.matmul else -1])


__all__ = ["CASES", "call", "is_math"]
