"""Every rule as plain Python, without the compiler, against numeric derivatives."""

from __future__ import annotations

import functools
import inspect
import warnings
from typing import Any

import numpy as np
import pytest

import srcad.rules  # noqa: F401
from srcad.primitive import Primitive, find
from srcad.runtime import unbroadcast
from tests.numeric import assert_same, central_differences, complex_step
from tests.rules.cases import CASES, Case

PAIRS = [(case, function) for case in CASES for function in case.primitives]
IDS = [f"{case.name}-{find(function)}" for case, function in PAIRS]


def is_math(function: Any) -> bool:
    return getattr(function, "__module__", "") == "math" or function is float


def call(case: Case, function: Any, arrays: list[Any], keywords: dict[str, Any]) -> Any:
    """The primitive of the arrays; what an in-place one writes is a copy."""
    if getattr(function, "__module__", "") == "_operator" and function.__name__[0] == "i":
        if function.__name__ not in ("inv", "invert"):
            arrays = [np.array(arrays[0]), *arrays[1:]]
    return function(*case.arguments(arrays), **keywords)


def contributions(
    case: Case, primitive: Primitive, arrays: list[Any], keywords: dict[str, Any], g: Any, ans: Any
) -> list[Any]:
    """What the rule contributes to each array."""
    rule = primitive.vjp
    assert rule is not None
    arguments = case.arguments(arrays)
    with np.errstate(all="ignore"):
        returned = rule(g, ans, *arguments, **keywords)
    parameters = list(inspect.signature(rule).parameters.values())[2:]
    bound = inspect.Signature(parameters).bind(*arguments, **keywords).arguments
    given = returned if isinstance(returned, tuple) else (returned,)
    found: list[Any] = [None] * len(arrays)
    for operand, part in zip(bound.values(), given, strict=False):
        collect(operand, part, arrays, found)
    return found


def collect(operand: Any, part: Any, arrays: list[Any], found: list[Any]) -> None:
    if isinstance(operand, (list, tuple)):
        for item, piece in zip(operand, part if part is not None else operand, strict=True):
            collect(item, piece, arrays, found)
        return
    for position, array in enumerate(arrays):
        if array is operand:
            found[position] = part


def trials(case: Case, function: Any, dtype: Any = np.float64) -> Any:
    for arrays, keywords in case.trials(dtype):
        if not is_math(function):
            yield arrays, keywords
        elif all(a.ndim == 0 for a in arrays):
            yield [a.item() for a in arrays], keywords


def weighted(
    case: Case,
    function: Any,
    weights: Any,
    arrays: list[Any],
    keywords: dict[str, Any],
    position: int,
    x: Any,
) -> Any:
    """The weighted sum of the result, with another array at a position."""
    point = [*arrays[:position], x, *arrays[position + 1 :]]
    if is_math(function):
        point = [float(p) for p in point]
    return np.sum(weights * call(case, function, point, keywords))


@pytest.mark.parametrize(("case", "function"), PAIRS, ids=IDS)
def test_rule_against_numeric_derivatives(case: Case, function: Any) -> None:
    primitive = find(function)
    for arrays, keywords in trials(case, function):
        ans = call(case, function, arrays, keywords)
        weights = np.random.default_rng(1).uniform(-1.0, 1.0, np.shape(ans))[()]
        found = contributions(case, primitive, arrays, keywords, weights, ans)
        for position in case.wrt:
            x = arrays[position]
            value = functools.partial(weighted, case, function, weights, arrays, keywords, position)
            fitted = unbroadcast(found[position], np.asarray(x))
            assert_same(fitted, central_differences(value, x), rtol=1e-7, atol=1e-8)
            if case.analytic and function in (case.primitives[0],) and not is_math(function):
                assert_same(fitted, complex_step(value, x), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("case", "function"), PAIRS, ids=IDS)
def test_rule_keeps_single_precision(case: Case, function: Any) -> None:
    """No contribution is promoted on its way, so that none has to be cast back."""
    if is_math(function) or function is np.float_power or case.name in PROMOTING:
        return
    primitive = find(function)
    doubles = case.trials(np.float64)
    for (arrays, keywords), (precise, _) in zip(case.trials(np.float32), doubles, strict=True):
        ans = call(case, function, arrays, keywords)
        assert ans.dtype == np.float32
        g = np.random.default_rng(1).uniform(-1.0, 1.0, ans.shape).astype(np.float32)[()]
        found = contributions(case, primitive, arrays, keywords, g, ans)
        exact = contributions(
            case,
            primitive,
            precise,
            keywords,
            g.astype(np.float64),
            call(case, function, precise, keywords),
        )
        for position in case.wrt:
            part = found[position]
            assert isinstance(part, (int, float)) or part.dtype == np.float32
            like = arrays[position]
            expected = unbroadcast(exact[position], precise[position]).astype(np.float32)
            if function in SENSITIVE:
                continue
            assert_same(unbroadcast(part, like), expected, rtol=1e-3, atol=1e-4)


PROMOTING = {"astype", "integer_power", "item", "double"}
SENSITIVE = {np.remainder, np.fmod}


@pytest.mark.parametrize(("case", "function"), PAIRS, ids=IDS)
def test_rule_takes_numbers_where_the_primitive_does(case: Case, function: Any) -> None:
    """A NumPy scalar, and a Python float where only arithmetic is done with it."""
    if any(isinstance(find(function).function, t) for t in (type(np.ndarray.copy),)):
        return
    for arrays, keywords in case.trials():
        if any(a.ndim for a in arrays):
            continue
        scalars = [a[()] for a in arrays]
        ans = call(case, function, scalars, keywords)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = contributions(
                case, find(function), scalars, keywords, np.asarray(ans) * 0 + 1, ans
            )
        for position in case.wrt:
            assert np.shape(unbroadcast(found[position], scalars[position])) == ()
