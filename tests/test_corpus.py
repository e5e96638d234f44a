"""The corpus: value and gradient against dual numbers and central differences."""

from __future__ import annotations

import threading
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.corpus import (
    aliasing,
    branches,
    broadcasting,
    callables,
    comprehensions,
    containers,
    edges,
    exits,
    functions,
    helpers,
    indexing,
    iteration,
    loops,
    records,
    reductions,
    run_time_lists,
    scalars,
    single_precision,
    statements,
    straight_line,
    views,
    writes_inside,
)
from tests.corpus.case import Case, X, Y
from tests.fuzz.judge import judge_call
from tests.fuzz.programs import quiet
from tests.fuzz.support import compiler_or_skip
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, assert_same, central_difference

THEMES: list[ModuleType] = [
    aliasing,
    branches,
    broadcasting,
    callables,
    comprehensions,
    containers,
    edges,
    exits,
    functions,
    helpers,
    indexing,
    iteration,
    loops,
    records,
    reductions,
    run_time_lists,
    scalars,
    single_precision,
    statements,
    straight_line,
    views,
    writes_inside,
]
CASES = [
    pytest.param(case, id=f"{theme.__name__.rsplit('.', 1)[-1]}-{case.id}")
    for theme in THEMES
    for case in theme.CASES
]


@pytest.mark.parametrize("case", CASES)
def test_oracle(case: Case) -> None:
    assert case.function.__doc__, "say why the case is here"
    with quiet():
        value, gradients = value_and_gradient(case.function, case.make_args(), case.names())
        assert_bitwise(value, case.function(*case.make_args()))
        if not case.smooth:
            return
        parameters = case.function.__code__.co_varnames
        for name, gradient in zip(case.names(), gradients, strict=True):
            wanted = central_difference(case.function, case.make_args(), parameters.index(name))
            assert_same(gradient, wanted, 1e-6, atol=1e-8, where=name)


@pytest.mark.parametrize("case", CASES)
def test_srcad(case: Case) -> None:
    verdict = judge_call(case.function, case.make_args, case.names(), compiler_or_skip())
    allowed = ("right", "refused") if case.may_refuse else ("right",)
    assert verdict.kind in allowed, f"{verdict.kind}\n{verdict.detail}"


# --- what is refused, and what happens between calls --------------------------------------------


def integer_argument(n: Any) -> Any:
    return n * 2.0


def vector_result(x: Any) -> Any:
    return x * 2.0


REFUSED = {
    "int": (integer_argument, (3,)),
    "bool": (integer_argument, (True,)),
    "integer_array": (lambda n: np.sum(n * 2.0), (np.array([1, 2]),)),
    "vector_result": (vector_result, (X,)),
    "one_element_result": (vector_result, (X[:1],)),
    "text": (lambda s: 1.0, ("text",)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_type_error(name: str) -> None:
    function, args = REFUSED[name]
    compiler = compiler_or_skip()
    with pytest.raises(TypeError) as caught:
        compiler.grad(function)(*args)
    assert isinstance(caught.value, compiler.refusal)


scale = 2.0


def scaled(x: Any) -> Any:
    return np.sum(x * scale) * inner_helper(x)


def inner_helper(x: Any) -> Any:
    return np.sum(x)


def test_globals_are_read_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = compiler_or_skip().grad(scaled)
    for value in (2.0, 3.0, np.array([1.0, 2.0, 3.0])):
        monkeypatch.setitem(globals(), "scale", value)
        assert_same(gradient(X), value_and_gradient(scaled, (X,))[1])


def test_a_helper_is_redefined(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = compiler_or_skip().grad(scaled)
    assert_same(gradient(X), value_and_gradient(scaled, (X,))[1])
    monkeypatch.setitem(globals(), "inner_helper", np.max)
    assert_same(gradient(X), value_and_gradient(scaled, (X,))[1])


def test_a_cell_is_rebound_between_calls() -> None:
    factor = 2.0

    def function(x: Any) -> Any:
        return np.sum(x * x) * factor

    gradient = compiler_or_skip().grad(function)
    for factor in (2.0, 5.0, np.float64(3.0)):
        assert_same(gradient(X), value_and_gradient(function, (X,))[1])


def test_one_gradient_function_takes_every_signature() -> None:
    gradient = compiler_or_skip().grad(edges.squares)
    for argument in (X, 0.5, X.astype(np.float32), X[:, None], np.array(0.5), X, X[:1], X[:0]):
        assert_same(gradient(argument), value_and_gradient(edges.squares, (argument,))[1], 1e-6)


def test_threads_do_not_disturb_one_another() -> None:
    gradient = compiler_or_skip().grad(loops.recurrence)
    wanted = {n: value_and_gradient(loops.recurrence, (X, loops.S, n))[1] for n in range(5)}
    found: dict[tuple[int, int], Any] = {}

    def work(n: int) -> None:
        for repeat in range(20):
            found[n, repeat] = gradient(X, loops.S, n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 100
    for (n, _), each in found.items():
        assert_same(each, wanted[n])


def raises_on_negative(x: Any) -> Any:
    if x[0] < 0.0:
        raise ValueError("negative")
    return np.sum(x * x)


def test_the_users_exception_comes_through() -> None:
    compiler = compiler_or_skip()
    try:
        gradient = compiler.grad(raises_on_negative)
        assert_same(gradient(X), 2.0 * X)
    except compiler.refusal:
        return
    with pytest.raises(ValueError, match="negative"):
        gradient(-X)
    assert_same(gradient(X), 2.0 * X)


def test_overlapping_arguments_are_two_arguments() -> None:
    def function(x: Any, y: Any) -> Any:
        return np.sum(x * y * y)

    gradient = compiler_or_skip().grad(function, wrt=("x", "y"))
    for first, second in ((X, X), (X, X[::-1]), (Y[:2], Y[1:])):
        found = gradient(first, second)
        assert_same(found, (second * second, 2.0 * first * second))
        assert not np.shares_memory(*found)
