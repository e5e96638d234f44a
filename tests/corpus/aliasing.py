"""Aliases and views that are written by augmented assignment: right, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y


def alias_written(x: Any, y: Any) -> Any:
    """b is a: writing one writes the other."""
    a = x * 1.0
    b = a
    b *= y
    return np.sum(a * a + b)


def two_names_at_once(x: Any) -> Any:
    """a = b = value: one array."""
    a = b = np.sin(x)
    a += x
    return np.sum(b * b)


def argument_written(x: Any, y: Any) -> Any:
    """The caller's array stays as it is."""
    x *= y
    x += 1.0
    return np.sum(x * x)


def argument_alias_written(x: Any) -> Any:
    """The argument is reached through another name."""
    a = x
    a *= 2.0
    return np.sum(a * x)


def swapped(x: Any, y: Any) -> Any:
    """u, v = v, u is a permutation."""
    u, v = np.sin(x), y
    u, v = v, u
    u, v = v, u * v
    return np.sum(u - 3.0 * v)


def swap_then_write(x: Any, y: Any) -> Any:
    """A write after a swap reaches the right array."""
    u, v = x * 1.0, y * 2.0
    u, v = v, u
    u *= x
    return np.sum(u) + np.sum(v * v)


def slice_written(x: Any, y: Any) -> Any:
    """A write through a slice changes its base."""
    a = x * x
    v = a[1:]
    v *= y[:2]
    return np.sum(a * a)


def row_written(w: Any, x: Any) -> Any:
    """`row *= x` on a matrix's row writes the matrix."""
    a = np.sin(w)
    row = a[0]
    row *= x
    return np.sum(a * a)


def element_rebound(x: Any) -> Any:
    """`t += 1` on a vector's element rebinds t only."""
    a = np.sin(x)
    t = a[0]
    t += 1.0
    return t * np.sum(a * a)


def transpose_written(w: Any) -> Any:
    """A transpose is a view, not a copy."""
    a = w * 1.0
    t = a.T
    t *= np.array([1.0, 2.0])
    return np.sum(a**3)


def reshape_written(w: Any) -> Any:
    """A reshape of a contiguous array is a view."""
    a = w * 1.0
    flat = a.reshape(-1)
    flat *= 2.0
    return np.sum(a * a * a)


def ravel_written(w: Any) -> Any:
    """So is ravel; of a transpose it is a copy."""
    a = w * 1.0
    shared, copied = a.ravel(), a.T.ravel()
    shared *= 2.0
    copied *= 3.0
    return np.sum(a * a) + np.sum(copied)


def read_before_the_write(x: Any) -> Any:
    """A value that was read before the write is the old one."""
    a = np.exp(x)
    before = a * x
    old = a[0]
    a *= 2.0
    return np.sum(before * a) + old * a[0]


def saved_then_written(x: Any, y: Any) -> Any:
    """The product's operand is written before the backward sweep needs it."""
    a = np.sin(x)
    b = a * y
    a += b
    return np.sum(a * b)


def overlapping_operand(x: Any) -> Any:
    """a += a[::-1]: NumPy buffers the overlap."""
    a = np.sin(x)
    a += a[::-1]
    return np.sum(a * x)


def added_to_itself(x: Any) -> Any:
    """a *= a and a += a."""
    a = np.sin(x)
    a *= a
    a += a
    return np.sum(a * x)


def chained_views(w: Any) -> Any:
    """A view of a view."""
    a = w * 2.0
    v = a.T[1:]
    u = v[:, 0]
    u += 1.0
    return np.sum(a * a)


def alias_chosen_by_branch(x: Any, y: Any) -> Any:
    """After the join, c may be a or b."""
    a, b = x * 1.0, y * 1.0
    c = a if np.sum(x) > 0.0 else b
    c *= 2.0
    return np.sum(a * a) + np.sum(b * b * b)


def alias_carried_by_loop(x: Any, n: int) -> Any:
    """b is the last iteration's a."""
    a = x * 1.0
    b = a
    for i in range(n):
        b = a
        a = np.sin(a) * (i + 1)
    b += 1.0
    return np.sum(a * b)


def gradient_used_twice(x: Any, y: Any) -> Any:
    """sum(x + y): the two gradients are two arrays."""
    return np.sum(x + y)


def sum_only(x: Any) -> Any:
    """The gradient of a sum is writable."""
    return np.sum(x)


def argument_itself_returned_part(x: Any, y: Any) -> Any:
    """The gradient by x is y: it is a copy."""
    return np.dot(x, y)


def view_of_the_gradient(w: Any, s: Any) -> Any:
    """Gradients through transposes and reshapes are fresh."""
    return np.sum(w.T.reshape(2, 3) * w) + np.sum(s.T * s)


def view_in_a_branch_then_base_written(x: Any, c: float) -> Any:
    """What a branch has read through a view is overwritten after the branch."""
    y = np.exp(x)
    s = 0.0
    if c > 0.0:
        v = y[1:]
        s = np.sum(v * v)
    y *= 2.0
    return s + np.sum(y * y)


def transpose_of_an_inner_value_written(x: Any, w: Any) -> Any:
    """A value without a name is overwritten through its transpose."""
    y = np.exp(w).T
    y *= 1.5
    return np.sum(y * y) + np.sum(x)


CASES = [
    Case(view_in_a_branch_then_base_written, (X, 0.5)),
    Case(transpose_of_an_inner_value_written, (X, W)),
    Case(alias_written, (X, Y), may_refuse=True),
    Case(two_names_at_once, (X,), may_refuse=True),
    Case(argument_written, (X, Y), may_refuse=True),
    Case(argument_alias_written, (X,), may_refuse=True),
    Case(swapped, (X, Y)),
    Case(swap_then_write, (X, Y), may_refuse=True),
    Case(slice_written, (X, Y), may_refuse=True),
    Case(row_written, (W, X), may_refuse=True),
    Case(element_rebound, (X,)),
    Case(transpose_written, (W,), may_refuse=True),
    Case(reshape_written, (W,), may_refuse=True),
    Case(ravel_written, (W,), may_refuse=True),
    Case(read_before_the_write, (X,)),
    Case(saved_then_written, (X, Y)),
    Case(overlapping_operand, (X,), may_refuse=True),
    Case(added_to_itself, (X,), may_refuse=True),
    Case(chained_views, (W,), may_refuse=True),
    Case(alias_chosen_by_branch, (X, Y), may_refuse=True),
    Case(alias_carried_by_loop, (X, 3), may_refuse=True),
    Case(gradient_used_twice, (X, Y)),
    Case(sum_only, (X,)),
    Case(sum_only, (W,), suffix="_matrix"),
    Case(argument_itself_returned_part, (X, Y)),
    Case(view_of_the_gradient, (W, S)),
]
