"""Helpers that call themselves: forward and backward functions beside the gradient."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad, value_and_grad, vjp
from tests.fuzz.judge import judge_call
from tests.fuzz.support import compiler_or_skip
from tests.golden_programs import tree_sum
from tests.numeric import assert_same, central_differences
from tests.programs import define

X = np.array([0.31, 0.72, -0.54, 1.1, 0.4])
W = np.array([[0.7, -0.3], [0.2, 0.9]])
WEIGHTS = np.array([0.5, 2.0, -1.0, 0.3, 1.5])
RATE = 0.7


# --- numbers --------------------------------------------------------------------------------------


def power(x, n):
    return 1.0 if n == 0 else x * power(x, n - 1)


def of_power(x, n):
    return np.sin(power(x, n)) + x


def by_squaring(x, n):
    if n == 0:
        r = 1.0
    else:
        if n % 2 == 0:
            h = by_squaring(x, n // 2)
            r = h * h
        else:
            r = x * by_squaring(x, n - 1)
    return r


def factorial_like(x):
    return 1.0 if x < 1.0 else x * factorial_like(x - 1.0)


def even(x, n):
    return x if n == 0 else odd(x, n - 1) * 2.0


def odd(x, n):
    return np.sin(x) if n == 0 else even(x * x, n - 1)


def continued(x, n, a=2.0):
    """A default, a keyword and a global."""
    return a if n == 0 else x / (RATE + continued(x, n=n - 1))


def fibonacci(x, n):
    return x if n < 2 else fibonacci(x, n - 1) + 0.5 * fibonacci(x, n - 2) * x


def two_arguments(x, y, n):
    return x * y if n == 0 else y + two_arguments(x * y, np.cos(x), n - 1)


def one_argument_twice(x, n):
    return x if n == 0 else two_of(x, x, n)


def two_of(x, y, n):
    return x * y if n == 0 else two_of(y, x + y, n - 1)


# --- arrays ---------------------------------------------------------------------------------------


def of_matrix(w, x, n):
    return np.sum(matrix_power(w, n) @ x)


def matrix_power(w, n):
    if n == 1:
        r = w
    else:
        r = w @ matrix_power(w, n - 1)
    return r


def iterated(x, n):
    return np.sum(applied(x, n))


def applied(x, n):
    return x if n == 0 else np.tanh(applied(x, n - 1) * WEIGHTS)


def written_afterwards(x, n):
    """The result may be the argument itself, and what is written is another array."""
    y = x * 2.0
    z = applied(y, n)
    z = z + 1.0
    y *= 3.0
    return np.sum(z * y)


def in_a_loop(x, n):
    total = 0.0
    h = x
    for i in range(n):
        h = np.tanh(applied(h, i) + x)
        total += np.sum(h) * power(total + 0.5, i)
    return total


def loops_inside(x, n):
    return np.sum(with_loop(x, n))


def with_loop(x, n):
    if n == 0:
        h = x
    else:
        h = with_loop(x, n - 1)
        for i in range(n):
            h = np.sin(h) * (i + x)
    return h


def with_writes(x, n):
    return np.sum(local_writes(x, n))


def local_writes(x, n):
    if n == 0:
        y = np.exp(x)
    else:
        y = local_writes(x, n - 1) * 1.0
        y *= x
        y += np.cos(x)
    return y


def inner_helper(x, n):
    return shifted(x) if n == 0 else np.mean(x) * inner_helper(shifted(x) * x, n - 1)


def shifted(x):
    return np.sum(np.sin(x + 1.0))


def mode(x, kind, n):
    if kind == "sine":
        r = np.sin(x)
    else:
        r = np.cos(x)
    return np.sum(r) if n == 0 else mode(r, "other", n - 1)


def rows(A, n):
    """Of another rank than its argument, with views."""
    if n == 0:
        r = A[0]
    else:
        r = np.sin(rows(A, n - 1)) * A[n] + A[:, 0][:2]
    return r


def of_rows(A):
    return np.sum(rows(A, 2) ** 2)


def of_powers(x, n):
    """A number on one path, and an array on the other."""
    return np.sum(power(x, n) * x)


def branching(x, n):
    """A loop of calls."""
    s = np.sum(x * x)
    for i in range(n):
        s = s + branching(x * 0.5, n - 1 - i) * np.sin(s)
    return s


def scaled(x, n, scale=WEIGHTS, *, shift=0.5):
    """A default that is an array, and a parameter that is given by name."""
    return x * scale + shift if n == 0 else np.cos(scaled(x, n - 1, shift=shift * 2.0)) * scale


def of_scaled(x, n):
    return np.sum(scaled(x, n, shift=x[0]))


def mean(x):
    """Named as a method that it calls: it does not call itself."""
    return x.mean() * 2.0


def of_mean(x):
    return mean(x * x)


def apply(function, x, n):
    return x if n == 0 else function(apply(function, x, n - 1))


def of_apply(x, n):
    return np.sum(apply(shifted_by_one, x, n) ** 2)


def shifted_by_one(x):
    return np.sin(x + 1.0)


def result_unused(x, n):
    applied(x, n)
    return np.sum(x * x)


def on_one_path(x, n):
    if n > 1:
        r = np.sum(applied(x, n))
    else:
        r = np.sum(x)
    return r * x[0]


A = np.random.default_rng(3).normal(size=(3, 2))
SINGLE = X.astype(np.float32)

CASES: list[tuple[Any, tuple[Any, ...], tuple[str, ...]]] = [
    *[(power, (1.3, n), ("x",)) for n in (0, 1, 2, 5)],
    *[(of_power, (0.4, n), ("x",)) for n in (0, 3)],
    *[(by_squaring, (1.3, n), ("x",)) for n in (0, 1, 2, 3, 10)],
    (factorial_like, (4.3,), ("x",)),
    (factorial_like, (0.3,), ("x",)),
    *[(even, (0.7, n), ("x",)) for n in (0, 1, 2, 5)],
    *[(continued, (0.7, n), ("x",)) for n in (0, 1, 4)],
    (continued, (0.7, 3, 0.5), ("x", "a")),
    *[(fibonacci, (0.7, n), ("x",)) for n in (1, 2, 6)],
    *[(two_arguments, (0.7, 0.2, n), ("x", "y")) for n in (0, 1, 3)],
    (two_arguments, (0.7, 0.2, 3), ("y",)),
    *[(one_argument_twice, (0.7, n), ("x",)) for n in (0, 1, 3)],
    *[(tree_sum, (X[:n],), ("x",)) for n in (1, 2, 3, 5)],
    *[(of_matrix, (W, np.array([0.3, 0.5]), n), ("w", "x")) for n in (1, 2, 4)],
    *[(iterated, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(written_afterwards, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(in_a_loop, (X, n), ("x",)) for n in (0, 1, 2, 4)],
    *[(loops_inside, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(with_writes, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(inner_helper, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(mode, (X, "sine", n), ("x",)) for n in (0, 1, 3)],
    (of_rows, (A,), ("A",)),
    *[(of_powers, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(branching, (X, n), ("x",)) for n in (0, 1, 3)],
    *[(of_scaled, (X, n), ("x",)) for n in (0, 1, 2)],
    (of_mean, (X,), ("x",)),
    *[(of_apply, (X, n), ("x",)) for n in (0, 2)],
    (result_unused, (X, 2), ("x",)),
    *[(on_one_path, (X, n), ("x",)) for n in (1, 3)],
    (iterated, (X.reshape(1, 5), 2), ("x",)),
]
READ_ARRAYS = (iterated, written_afterwards, in_a_loop, on_one_path, result_unused, of_scaled)
IDS = [f"{function.__name__}-{index}" for index, (function, _, _) in enumerate(CASES)]


@pytest.mark.parametrize(("function", "args", "wrt"), CASES, ids=IDS)
def test_gradient(function: Any, args: tuple[Any, ...], wrt: tuple[str, ...]) -> None:
    def copies() -> tuple[Any, ...]:
        return tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)

    verdict = judge_call(function, copies, wrt, compiler_or_skip())
    assert verdict.kind == "right", verdict.detail
    value, gradients = value_and_grad(function, wrt)(*args)
    assert value == function(*args)
    names = function.__code__.co_varnames
    for name, gradient in zip(wrt, gradients, strict=True):
        place = names.index(name)

        def along(new: Any, place: int = place) -> float:
            return float(function(*args[:place], new, *args[place + 1 :]))

        assert_same(np.asarray(gradient), central_differences(along, args[place]), 1e-5, 1e-6)


@pytest.mark.parametrize(("function", "args", "wrt"), CASES, ids=IDS)
def test_pullback(function: Any, args: tuple[Any, ...], wrt: tuple[str, ...]) -> None:
    """Called again, after the caller has written its arrays."""
    args = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
    wanted = grad(function, wrt)(*args)
    value, pullback = vjp(function, *args, wrt=wrt)
    assert value == function(*args)
    for array in args:
        if isinstance(array, np.ndarray):
            array[...] = 0.0
    for _ in range(2):
        for got, expected in zip(pullback(1.0), wanted, strict=True):
            np.testing.assert_allclose(got, expected, rtol=1e-12)
            assert type(got) is type(expected)


def test_pullback_of_an_array() -> None:
    value, pullback = vjp(applied, X, 2)
    assert_same(value, applied(X, 2))
    g = np.arange(5.0)
    expected = central_differences(lambda x: float(np.sum(applied(x, 2) * g)), X)
    dx, dn = pullback(g)
    assert_same(dx, expected, 1e-6, 1e-8)
    assert dn is None
    value[...] = 0.0
    assert_same(pullback(g)[0], dx)


def test_a_value_that_is_the_argument() -> None:
    x = X.copy()
    value, pullback = vjp(applied, x, 0)
    assert value is x
    assert_same(pullback(WEIGHTS)[0], WEIGHTS)


def test_single_precision() -> None:
    gradient = grad(iterated)(SINGLE, 0)
    assert gradient.dtype == np.float32
    assert grad(tree_sum)(SINGLE).dtype == np.float32


# --- what is generated ----------------------------------------------------------------------------


def test_golden(golden: Any) -> None:
    golden("tree_sum", value_and_grad(tree_sum).specialize(X, guard=False).source)


def test_source() -> None:
    text = grad(of_power).specialize(0.5, 3, guard=False).source
    assert text.count("def ") == 3
    assert "def power_forward(x, n):" in text and "def power_backward(saved, " in text


def test_one_pair_for_each_signature() -> None:
    def f(x, y):
        return power(x, 3) * power(x + y, 5) + power(y, 2)

    both = grad(f, ("x", "y")).specialize(0.5, 0.2, guard=False).source
    assert both.count("def power_forward") == both.count("def power_backward") == 1
    one = grad(f, "x").specialize(0.5, 0.2, guard=False).source
    assert one.count("def power_forward") == 2 and one.count("def power_backward") == 1


def test_a_new_length_compiles_nothing() -> None:
    gradient = grad(tree_sum)
    gradient(X)
    gradient(np.ones(8))
    assert len(gradient._made.cache.entries) == 1


def test_a_helper_that_is_defined_anew() -> None:
    text = "def f(x):\n    return h(x, 3)\n"
    helper = "def h(x, n):\n    return x if n == 0 else {} * h(x, n - 1)\n"
    function = define(text + helper.format(2.0))
    gradient = grad(function)
    assert gradient(1.0) == 8.0
    function.__globals__["h"] = define(helper.format(3.0), "h")
    assert gradient(1.0) == 27.0


def test_a_name_that_is_no_call_of_itself() -> None:
    assert "forward(" not in grad(of_mean).specialize(X).source


def test_saved(tmp_path: Path) -> None:
    for index, (function, args, wrt) in enumerate(CASES):
        path = tmp_path / f"case_{index}.py"
        gradient = grad(function, wrt)
        try:
            gradient.save(path, *args)
        except errors.NotSaved:
            assert function in READ_ARRAYS
            continue  # it reads a global array
        names: dict[str, Any] = {}
        exec(path.read_text(), names)
        found = names[f"{function.__name__}_grad"](*args)
        for got, wanted in zip(found, gradient(*args), strict=True):
            np.testing.assert_array_equal(got, wanted)


# --- what is refused ------------------------------------------------------------------------------


def without_end(x):
    return x * without_end(x - 1.0)


def returns_two(x, n):
    if n == 0:
        r = (x, x)
    else:
        a, b = returns_two(x, n - 1)
        r = (b * x, a)
    return r


def takes_a_list(xs, n):
    return xs[0] if n == 0 else takes_a_list([xs[0] * 2.0], n - 1)


def writes_its_argument(x, n):
    if n == 0:
        r = np.sum(x)
    else:
        x += 1.0
        r = writes_its_argument(x, n - 1)
    return r


def grows(x, n):
    return np.sum(x) if n == 0 else grows(x[None], n - 1)


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (lambda x: without_end(x), errors.UnsupportedRecursion),
        (lambda x: returns_two(x, 2)[0], errors.UnsupportedRecursion),
        (lambda x: takes_a_list([x], 2), errors.UnsupportedRecursion),
        (lambda x: writes_its_argument(x * np.ones(3), 2), errors.UnsupportedWrite),
        (lambda x: grows(x * np.ones(3), 2), errors.UnsupportedRecursion),
        (lambda x: print([x > 0.0 and power(x, 2)]) or x, errors.SrcadError),
    ],
    ids=["without end", "a tuple", "a list", "a write", "ever new ranks", "guarded"],
)
def test_refused(function: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        grad(function)(0.5)
    assert caught.value.span is not None
