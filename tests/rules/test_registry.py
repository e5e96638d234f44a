"""Whatever is registered is tested, and states what it is."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import bind, find, find_method, registered
from tests.rules.cases import CASES
from tests.rules.test_zero import CONSTANT_CALLS, ZERO_CALLS

COVERED = {function for case in CASES for function in case.primitives}
ZERO = {function for function, *_ in ZERO_CALLS}
CONSTANT = {function for function, *_ in CONSTANT_CALLS}


@pytest.mark.parametrize("primitive", list(registered()), ids=str)
def test_every_primitive_has_a_case(primitive):
    if primitive.vjp is not None:
        assert primitive.function in COVERED
    else:
        assert primitive.function in (ZERO if primitive.zero else CONSTANT)


@pytest.mark.parametrize("primitive", [p for p in registered() if p.vjp], ids=str)
def test_a_rule_begins_with_the_cotangent_and_the_result(primitive):
    names = list(inspect.signature(primitive.vjp).parameters)
    assert names[:2] == ["g", "ans"]
    assert set(primitive.refuse) <= set(names)
    assert primitive.vjp.__doc__


@pytest.mark.parametrize(
    "function",
    [f for f in vars(np).values() if isinstance(f, np.ufunc)],
    ids=lambda f: f.__name__,
)
def test_every_real_ufunc_is_known(function):
    if function in NOT_OF_ONE_REAL_RESULT:
        assert find(function) is None
    else:
        assert find(function) is not None


NOT_OF_ONE_REAL_RESULT = {
    np.divmod,
    np.modf,
    np.frexp,  # two results
    np.gcd,
    np.lcm,
    np.isnat,
    np.bitwise_count,  # of integers and dates
    np.nextafter,
    np.vecdot,
    np.matvec,
    np.vecmat,
}


def test_out_is_refused_also_by_position():
    x = np.ones(3)
    for function, args in [(np.add, (x, x, x)), (np.floor, (x, x)), (np.max, (x, 0, x))]:
        with pytest.raises(TypeError, match="out"):
            bind(find(function), args, {})
    for function in (np.exp, np.floor, np.sum, np.argmax, np.dot, np.clip):
        args = (x, x) if function is np.dot else (x,)
        with pytest.raises(TypeError, match="out="):
            bind(find(function), args, {"out": x})


@pytest.mark.parametrize(
    ("function", "keywords"),
    [
        (np.sum, {"dtype": np.float32}),
        (np.sum, {"where": True}),
        (np.sum, {"initial": 0.0}),
        (np.mean, {"where": True}),
        (np.var, {"mean": 0.0}),
        (np.var, {"correction": 1}),
        (np.max, {"initial": 0.0}),
        (np.add, {"where": True}),
        (np.reshape, {"shape": 3, "order": "F"}),
        (np.ravel, {"order": "F"}),
        (np.diff, {"prepend": 0.0}),
        (np.array, {"ndmin": 2}),
        (np.array, {"copy": False}),
        (np.nan_to_num, {"copy": False}),
        (np.pad, {"pad_width": 1, "mode": "edge"}),
        (np.concatenate, {"dtype": np.float32}),
        (np.ndarray.astype, {"dtype": float, "copy": False}),
    ],
    ids=str,
)
def test_what_changes_the_result_is_refused(function, keywords):
    with pytest.raises(TypeError):
        bind(find(function), (np.ones(3),), keywords)


def test_methods_are_found():
    for name in [
        "sum",
        "mean",
        "max",
        "min",
        "prod",
        "var",
        "std",
        "cumsum",
        "reshape",
        "ravel",
        "flatten",
        "transpose",
        "swapaxes",
        "squeeze",
        "copy",
        "astype",
        "clip",
        "dot",
        "conj",
        "round",
        "argmax",
        "argmin",
        "argsort",
        "any",
        "all",
        "searchsorted",
    ]:
        assert find_method(name) is not None, name
