"""Faults that an earlier design had, all of them silent: one named test for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.test_silent_faults import W, X, Y, assert_never_wrong

S = np.array([[0.5, 0.3, 0.1], [0.4, -0.5, -0.2], [0.1, 0.6, 0.8]])
TRIPS = pytest.mark.parametrize("trips", [0, 1, 2, 3, 10])
BOTH = ("x", "y")


def test_two_live_values_in_one_name() -> None:
    """Lives were computed before expressions were folded into their readers."""

    def function(x: Any, y: Any) -> Any:
        a = np.sin(x) * y
        b = np.sin(y) * a
        a = np.cos(b) * x
        c = np.sin(a) * b
        b = np.exp(0.1 * a) * c
        return np.sum(a * b) + np.sum(c * x)

    assert_never_wrong(function, X, Y, wrt=BOTH)


@TRIPS
def test_contributions_after_rebinding(trips: int) -> None:
    """Contributions to initial values were added before the captured adjoints were rebound."""

    def function(x: Any, y: Any, n: int) -> Any:
        h = x
        for _ in range(n):
            h = np.sin(h * x) + y
        k = h * x
        for _ in range(n):
            k = np.cos(k) * x + h
        return np.sum(k * y) + np.sum(h)

    assert_never_wrong(function, X, Y, trips, wrt=BOTH)


def test_a_scalar_that_stands_for_an_array() -> None:
    """It was reduced with the wrong count."""

    def function(x: Any, y: Any) -> Any:
        total = np.sum(x + y)
        rows = np.sum(x[:, None] * np.ones((3, 4))) + np.sum(np.broadcast_to(y, (2, 3)))
        return total * rows + np.mean(np.ones((2, 3)) + x) + np.sum(np.sum(y[None, :], axis=0))

    assert_never_wrong(function, X, Y, wrt=BOTH)


def test_an_argument_reached_through_a_merged_storage_and_written() -> None:
    def function(x: Any, y: Any) -> Any:
        a = x * 2.0
        if y[0] > 0.0:
            a = x
        a[0] = 0.5
        a *= y
        return np.sum(a * x)

    for sign in (1.0, -1.0):
        assert_never_wrong(function, X, sign * Y, wrt=BOTH)


@TRIPS
def test_what_dead_code_dropped_was_still_overwritten(trips: int) -> None:
    """`Not overwritten later` was read off results that had been dropped as dead."""

    def function(x: Any, n: int) -> Any:
        h = x * 1.0
        z = h * h
        for _ in range(n):
            z = z + h * h
            h *= 0.5
            unread = h * 3.0
            unread *= 2.0
        h[:] = 0.0
        return np.sum(z)

    assert_never_wrong(function, X, trips)


@TRIPS
def test_a_value_popped_after_the_inner_loop_that_needed_it(trips: int) -> None:
    def function(x: Any, s: Any, n: int) -> Any:
        h = x
        for i in range(n):
            g = np.tanh(s @ h)
            for j in range(i % 3 + 1):
                h = np.sin(h * g) + s[j]
            h = h * g
        return np.sum(h)

    assert_never_wrong(function, X, S, trips, wrt=("x", "s"))


@TRIPS
def test_an_else_is_not_unnested_after_a_branch_that_does_not_always_exit(trips: int) -> None:
    def function(x: Any, n: int) -> Any:
        y = np.sum(x)
        for i in range(n):
            if i % 2 == 0:
                if i == 4:
                    break
                y = np.sin(y)
            else:
                y = y * x[0] + 1.0
            y = y + x[1]
        return y

    assert_never_wrong(function, X, trips)


@TRIPS
def test_an_alias_at_a_loop_head_counts_for_its_group(trips: int) -> None:
    def function(x: Any, y: Any, n: int) -> Any:
        u, v, w = x * 1.0, y * 1.0, x * y
        for i in range(n):
            u, v, w = v, w, u
            if i == 1:
                w = u
            u *= 0.5
            v[0] = w[1]
        return np.sum(u * v) + np.sum(w)

    assert_never_wrong(function, X, Y, trips, wrt=BOTH)


@TRIPS
def test_an_adjoint_is_not_appended_by_reference_and_then_added_to(trips: int) -> None:
    def function(x: Any, n: int) -> Any:
        items = [x]
        for i in range(n):
            items.append(items[i])
            items.append(items[-1] * x)
        total = items[0]
        for item in items:
            total = total + item
        return np.sum(total)

    def pairs(x: Any, n: int) -> Any:
        a, b = x, x
        for _ in range(n):
            a, b = a + b, a
        return np.sum(a) + np.sum(b * x)

    assert_never_wrong(function, X, trips)
    assert_never_wrong(pairs, X, trips)


@TRIPS
def test_a_break_does_not_jump_over_the_copies_of_a_join(trips: int) -> None:
    def function(x: Any, y: Any, n: int) -> Any:
        h, k = x * 1.0, y * 1.0
        for i in range(n):
            if i > 0:
                h = k
                if i == 2:
                    break
                k = k * y
            h = np.sin(h) + k
        return np.sum(h * k)

    assert_never_wrong(function, X, Y, trips, wrt=BOTH)


def test_a_write_through_a_transpose() -> None:
    def function(x: Any) -> Any:
        b = np.sin(x)
        c = b.T
        for i in range(3):
            c[i, 0] = b[0, i] * 2.0
        return np.sum(b * b)

    def augmented(x: Any) -> Any:
        b = np.sin(x)
        c = b.T
        c *= 2.0
        return np.sum(b * x)

    assert_never_wrong(function, W)
    assert_never_wrong(augmented, W)


@TRIPS
def test_the_zero_of_a_value_that_may_be_unbound(trips: int) -> None:
    """The adjoint's zero cannot ask a name for its shape that nothing has bound."""

    def function(x: Any, n: int) -> Any:
        total = np.sum(x)
        for i in range(n):
            if i == 0:
                q = np.sin(x)
            total = total * 0.5 + np.sum(q * x)
        return total

    assert_never_wrong(function, X, trips)


def test_two_arguments_that_are_one_array() -> None:
    """A write through one is seen by the other, or the call is refused."""
    from tests.fuzz.support import compiler_or_skip  # noqa: PLC0415
    from tests.oracles.numeric import assert_same, central_difference  # noqa: PLC0415

    def function(x: Any, y: Any) -> Any:
        x *= 2.0
        return np.sum(x * y * y)

    compiler = compiler_or_skip()
    both = X.copy()
    try:
        value, gradients = compiler.value_and_grad(function, wrt=BOTH)(both, both)
    except (compiler.refusal, TypeError):
        return
    assert_same(both, X)
    same = X.copy()
    assert value == function(same, same)

    def as_one(x: Any) -> Any:
        return function(x, x)

    assert_same(gradients[0] + gradients[1], central_difference(as_one, (X,), 0), 1e-6)


@pytest.mark.parametrize("trips", [1, 2, 3, 10])
def test_an_expression_statement_keeps_its_effect(trips: int) -> None:
    """A helper that writes and returns nothing was dropped, as if it did nothing."""

    def scale(a: Any) -> None:
        a *= 2.0

    def function(x: Any, n: int) -> Any:
        a = x * 1.0
        for _ in range(n):
            scale(a)
        return np.sum(a * x)

    assert_never_wrong(function, X, trips)
