"""Each known way to be silently wrong: the derivative is right or refused, never anything else.

Faults of memory, which another design once had, are in test_faults_of_memory.py.
"""

from __future__ import annotations

import itertools
import threading
from typing import Any

import numpy as np
import pytest

from tests.corpus.case import copy_argument
from tests.fuzz.judge import judge_call
from tests.fuzz.support import compiler_or_skip
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_same
from tests.programs.table import judged, programs

X = np.array([0.31, 0.72, -0.54])
Y = np.array([0.45, -0.28, 0.91])
W = np.array([[0.7, -0.3, 0.4], [0.2, 0.9, -0.6]])
PROGRAMS = programs()


def assert_never_wrong(function: Any, *args: Any, wrt: tuple[str, ...] = ("x",)) -> str:
    """Right or refused; the verdict says which."""
    verdict = judge_call(
        function, lambda: tuple(copy_argument(arg) for arg in args), wrt, compiler_or_skip()
    )
    assert verdict.kind in ("right", "refused"), f"{verdict.kind}\n{verdict.detail}"
    return verdict.kind


def assert_right(function: Any, *args: Any, wrt: tuple[str, ...] = ("x",)) -> None:
    assert assert_never_wrong(function, *args, wrt=wrt) == "right"


def assert_programs_never_wrong(*names: str) -> None:
    """Programs of tests/programs that show the fault; an area stands for all of its programs."""
    for name, cases in PROGRAMS.items():
        if name in names:
            verdict = judged(name, cases, compiler_or_skip())
            assert verdict.kind in ("right", "refused"), f"{name}\n{verdict.detail}"
    assert set(names) <= set(PROGRAMS)


# --- values and shapes --------------------------------------------------------------------------


def test_integer_inputs() -> None:
    compiler = compiler_or_skip()
    for argument in (3, True, np.array([1, 2]), np.int64(3)):
        with pytest.raises(TypeError) as caught:
            compiler.grad(lambda n: np.sum(n * 2.0))(argument)
        assert isinstance(caught.value, compiler.refusal)


SHAPES = ((), (1,), (3,), (1, 3), (2, 1), (2, 3))


def sums(x: Any, y: Any) -> Any:
    return np.sum((x + y) * (x - y)) + np.sum(x * y) + np.sum(x / (y * y + 1.0))


def picks(x: Any, y: Any) -> Any:
    return np.sum(np.maximum(x, y)) + np.sum(np.where(x > 0.0, x, y) ** 2) + np.sum(np.hypot(x, y))


@pytest.mark.parametrize(("one", "other"), [*itertools.product(SHAPES, SHAPES)])
def test_broadcasting_in_every_binary_operation(one: Any, other: Any) -> None:
    generator = np.random.default_rng(len(one) * 7 + len(other))
    x, y = generator.uniform(0.2, 1.5, one), generator.uniform(-1.5, -0.2, other)
    for function in (sums, picks):
        assert_right(function, np.array(x), np.array(y), wrt=("x", "y"))


def test_softmax_written_as_a_quotient() -> None:
    def function(x: Any, y: Any) -> Any:
        e = np.exp(x)
        p = e / np.sum(e)
        return np.sum(p * y)

    assert_right(function, X, Y, wrt=("x", "y"))


def test_active_value_stored_into_an_integer_array() -> None:
    def function(x: Any) -> Any:
        y = np.zeros(3, dtype=int)
        y[0] = x[0] * 10.0
        return np.sum(y * x)

    assert assert_never_wrong(function, X) == "refused"


def test_ties() -> None:
    tied = np.array([0.5, 0.5, 0.1])
    assert_right(lambda x: np.max(x), tied)
    assert_right(lambda x: np.sum(np.maximum(x, x) + np.minimum(x, 0.5)), tied)
    gradient = compiler_or_skip().grad(lambda x: max(x[0], x[1]))(tied)
    assert_same(gradient, np.array([0.5, 0.5, 0.0]))


def test_nan_through_where() -> None:
    def function(x: Any) -> Any:
        return np.sum(np.where(x > 0.0, np.sqrt(np.where(x > 0.0, x, 1.0)), 0.0))

    assert_right(function, X)
    assert_right(lambda x: np.sum(np.where(x > 0.0, np.sqrt(np.abs(x)), x)), X)


def test_norm_and_square_root_at_zero() -> None:
    gradient = compiler_or_skip().grad(lambda x: np.linalg.norm(x))(np.zeros(3))
    assert_same(gradient, np.zeros(3))
    with np.errstate(divide="ignore"):
        gradient = compiler_or_skip().grad(lambda x: np.sum(np.sqrt(x)))(np.zeros(2))
        assert np.all(np.isinf(gradient))


@pytest.mark.parametrize("argument", [np.array(0.7), np.zeros(0), np.array([0.7]), np.ones((1, 1))])
def test_arrays_of_one_element_none_and_no_axes(argument: Any) -> None:
    assert_right(lambda x: np.sum(np.sin(x) * x) + np.sum(x), argument)
    assert_right(lambda x: np.sum(x * np.array([1.0])), argument)


def test_single_precision_is_kept() -> None:
    single = X.astype(np.float32)
    assert_right(lambda x: np.mean(x * x), single)
    assert_right(lambda x: np.sum(x / x.size * 2.0), single)
    assert_right(lambda x: np.sum(x * np.float64(0.5)), single)
    assert_right(lambda x: np.sum(np.mean(np.outer(x, x), axis=0) * x), single)


def test_constant_folding_keeps_shape_and_nan() -> None:
    assert_right(lambda x: np.sum(x * 0.0 + np.zeros((2, 3))), X)
    assert_right(lambda x: np.sum((x - x) * np.ones((2, 1)) + x / x), X)
    function = lambda x, y: np.sum(x * 0.0 * y)  # noqa: E731
    with np.errstate(invalid="ignore"):
        value, found = compiler_or_skip().value_and_grad(function)(X, np.array([1.0, np.inf, 2.0]))
    assert np.isnan(value)
    np.testing.assert_array_equal(found, [0.0, np.nan, 0.0])


def test_perturbation_confusion_in_nested_derivatives() -> None:
    srcad = pytest.importorskip("srcad")

    def function(x: Any) -> Any:
        return x * srcad.grad(lambda y: x * y)(1.0)

    try:
        found = srcad.grad(function)(3.0)
    except compiler_or_skip().refusal:
        return
    assert_same(found, 6.0)


# --- names, aliases, views ----------------------------------------------------------------------


def test_assignment_aliases() -> None:
    assert_programs_never_wrong(
        "assignment.chained", "assignment.chained_and_written", "assignment.swapped_names"
    )
    assert_programs_never_wrong("views.alias_written", "views.alias_of_the_argument_written")


def test_an_element_read_before_a_store_to_it() -> None:
    assert_programs_never_wrong("views.element_is_a_value", "mutation.value_read_before_the_store")
    assert_programs_never_wrong("assignment.swapped_items", "assignment.rotated_elements")


def test_views_written_through() -> None:
    names = [f"views.{kind}_written" for kind in ("slice", "row", "reshape", "transpose", "ravel")]
    assert_programs_never_wrong(*names)


def test_a_name_bound_on_one_path_or_in_some_iterations_only() -> None:
    assert_programs_never_wrong("branches.bound_in_one_branch", "branches.bound_in_the_loop_only")
    assert_programs_never_wrong("branches.bound_in_the_first_iteration")
    assert_programs_never_wrong("branches.bound_in_some_iterations")


def test_overlapping_stores() -> None:
    names = ("shift_right", "shift_left", "reversed", "augmented")
    assert_programs_never_wrong(*(f"mutation.overlapping_{name}" for name in names))


def test_a_value_overwritten_after_it_was_needed() -> None:
    def function(x: Any) -> Any:
        y = np.sin(x)
        z = y * y
        y *= 0.5
        z = z * y
        y[0] = 0.0
        return np.sum(z * x)

    assert_never_wrong(function, X)


def test_a_helper_that_changes_its_argument() -> None:
    names = ("and_returns_nothing", "items", "into_a_result", "the_argument", "a_dict")
    assert_programs_never_wrong(*(f"helpers.writes_{name}" for name in names))


@pytest.mark.parametrize("trips", [0, 1, 2, 3, 10])
def test_a_variable_reused_in_a_loop(trips: int) -> None:
    def function(x: Any, n: int) -> Any:
        y = x
        for i in range(n):
            t = np.sin(y)
            for j in range(i % 3):
                t = t * x[j]
            y = y + t
            t = np.cos(y)
            if i == 7:
                break
            y = y * t
        return np.sum(y * y)

    assert_never_wrong(function, X, trips)


def test_a_loop_bound_rebound_in_the_body() -> None:
    def function(x: Any, n: int) -> Any:
        y = np.sum(x)
        for i in range(n):
            n = n - 1
            y = np.sin(y) + n * i
        return y * n

    for trips in (0, 1, 2, 3, 10):
        assert_right(function, X, trips)


def test_a_partial_store_leaves_the_rest_active() -> None:
    assert_programs_never_wrong(
        "mutation.store_of_a_constant_stops", "mutation.store_into_a_constant_array"
    )


def test_statements_whose_effect_is_in_out() -> None:
    assert_programs_never_wrong("mutation.out_of_a_ufunc", "mutation.out_in_a_loop")


def test_repeated_fancy_indices() -> None:
    assert_right(lambda x: np.sum(x[[0, 0, 2]] * np.array([1.0, 2.0, 3.0])), X)
    assert_programs_never_wrong(
        "mutation.fancy_assigned_repeated", "mutation.fancy_augmented_repeated", "mutation.add_at"
    )


# --- calls --------------------------------------------------------------------------------------


def stateful(x: Any, n: int) -> Any:
    h, total = x, 0.0
    for _ in range(n):
        h = np.tanh(h * x)
        total = total + np.sum(h)
    return total + h[0]


def test_adjoints_begin_at_zero_in_each_call() -> None:
    gradient = compiler_or_skip().grad(stateful)
    wanted = {n: value_and_gradient(stateful, (X, n))[1] for n in range(4)}
    for n in (3, 0, 3, 2, 1, 3, 0):
        assert_same(gradient(X, n), wanted[n])
    found: list[tuple[int, Any]] = []

    def work(n: int) -> None:
        found.extend((n, gradient(X, n)) for _ in range(10))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 40
    for n, each in found:
        assert_same(each, wanted[n])


factor = 2.0


def test_closures_and_globals_rebound_between_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = 3.0

    def function(x: Any) -> Any:
        return np.sum(x * factor) * cell

    gradient = compiler_or_skip().grad(function)
    for value in (2.0, 5.0):
        monkeypatch.setitem(globals(), "factor", value)
        for cell in (3.0, -1.0):
            assert_same(gradient(X), np.full(3, value * cell))


def test_two_helpers_of_one_name() -> None:
    def make(power: int) -> Any:
        def helper(v: Any) -> Any:
            return v**power

        return helper

    square, cube = make(2), make(3)
    assert_right(lambda x: np.sum(square(x) * cube(x)), X)


def helper_with_default(a: Any, b: Any = 2.0, *, c: Any = 0.5) -> Any:
    return a * b + c


def test_active_keyword_and_default_arguments() -> None:
    def function(x: Any, y: Any = 0.7) -> Any:
        return np.sum(helper_with_default(x, c=x) * helper_with_default(b=y, a=x))

    assert_right(function, X)
    assert_right(function, X, Y, wrt=("x", "y"))


def test_decorated_helpers() -> None:
    assert_programs_never_wrong(
        "functions.decorator_wraps", "functions.decorator_returns_the_function"
    )


def test_with_bodies() -> None:
    assert_programs_never_wrong(
        "statements.with_errstate", "statements.with_in_a_loop", "statements.return_from_with"
    )


def test_results_are_fresh_and_writable() -> None:
    compiler = compiler_or_skip()
    for function in (
        lambda x, y: np.sum(x + y),
        lambda x, y: x[0] * y[1],
        lambda x, y: np.sum(x) * np.sum(y),
        lambda x, y: np.sum(x.reshape(3, 1) + y),
    ):
        gradient = compiler.value_and_grad(function, wrt=("x", "y"))
        _, first = gradient(X, Y)
        _, second = gradient(X, Y)
        arrays = [*first, *second, X, Y]
        for i, one in enumerate(arrays):
            assert one.flags.writeable
            assert not any(np.shares_memory(one, other) for other in arrays[:i])


def test_randomness_is_not_run_twice() -> None:
    def function(x: Any) -> Any:
        noise = np.random.standard_normal(3)
        return np.sum(np.sin(x * noise) * noise)

    compiler = compiler_or_skip()
    np.random.seed(7)
    noise, following = np.random.standard_normal(3), np.random.standard_normal()
    try:
        np.random.seed(7)
        value, gradient = compiler.value_and_grad(function)(X)
    except compiler.refusal:
        return
    assert np.random.standard_normal() == following
    assert value == np.sum(np.sin(X * noise) * noise)
    assert_same(gradient, np.cos(X * noise) * noise * noise)


def test_exceptions_leave_nothing_behind() -> None:
    def function(x: Any) -> Any:
        y = np.sin(x)
        if x[0] < 0.0:
            raise ValueError("negative")
        return np.sum(y * y)

    compiler = compiler_or_skip()
    gradient = compiler.grad(function)
    wanted = value_and_gradient(function, (X,))[1]
    assert_same(gradient(X), wanted)
    with pytest.raises(ValueError, match="negative"):
        gradient(-X)
    assert_same(gradient(X), wanted)


def test_generators_are_not_half_consumed() -> None:
    assert_programs_never_wrong(
        "refused.generator_as_state", "refused.iterator_over_array", "refused.generator_function"
    )


def test_closures_carry_what_they_read_into_opaque_calls() -> None:
    closures = ("an_integral", "reduce", "map", "apply_along_axis", "fromfunction")
    assert_programs_never_wrong(*(f"refused.closure_in_{name}" for name in closures))


def test_nothing_is_wrapped() -> None:
    assert_programs_never_wrong("views.asks_what_it_has", "views.asks_in_a_helper")
