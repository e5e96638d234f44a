"""Branches: on data, on counts, on kinds; names bound on one path."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, W, X, Y


def both_branches_bind(x: Any) -> Any:
    """A join of two values of one name."""
    if np.sum(x) > 0.0:
        y = x * x
    else:
        y = np.sin(x)
    return np.sum(y * x)


def branch_without_else(x: Any) -> Any:
    """The other operand of the join is the value from before."""
    y = x * 2.0
    if x[0] > 0.5:
        y = y * y
    return np.sum(y)


def elif_chain(x: float) -> Any:
    """Four ways."""
    if x < -1.0:
        y = x * x
    elif x < 0.0:
        y = np.exp(x)
    elif x < 1.0:
        y = np.sin(x)
    else:
        y = 3.0 * x
    return y * x


def one_side_reads(x: Any, y: Any) -> Any:
    """Only one branch contributes to y: the other owes a zero."""
    if np.sum(x) > 0.0:
        z = x * y
    else:
        z = x
    return np.sum(z)


def bound_on_one_path(x: Any, n: int) -> Any:
    """The name is bound where it is read, which the compiler must prove or refuse."""
    if n > 0:
        q = np.sin(x)
    total = np.sum(x)
    if n > 0:
        total = total + np.sum(q * q)
    return total


def bound_in_first_iteration(x: Any, n: int) -> Any:
    """Bound when i == 0, read in later iterations."""
    total = np.sum(x)
    for i in range(n):
        if i == 0:
            q = np.sin(x)
        total = total + np.sum(q) * total
    return total


def conditional_expression(x: Any, y: Any) -> Any:
    """Only the chosen side is evaluated, and differentiated."""
    return np.sum(x * x if np.sum(x) > np.sum(y) else x * y)


def nested_branches(x: Any, n: int) -> Any:
    """A join within a join."""
    y = x
    if n > 1:
        if x[0] > 0.0:
            y = np.exp(x)
        z = y * x
    else:
        z = y + 1.0
    return np.sum(y * z)


def predicate_variable(x: Any) -> Any:
    """The predicate is kept, since its operands change."""
    positive = np.sum(x) > 0.0
    x = -x
    if positive:
        x = x * x
    return np.sum(x)


def isinstance_of_array(x: Any) -> Any:
    """The array is the user's own: isinstance sees an ndarray."""
    if isinstance(x, np.ndarray):
        result = np.sum(x * x)
    else:
        result = x * 3.0
    return result


def branch_on_rank(x: Any) -> Any:
    """Shapes are known before the data."""
    if x.ndim == 2 and x.shape[1] == 3:
        result = np.sum(x[0] * x[1])
    else:
        result = np.sum(x)
    return result


def short_circuit(x: Any, n: int) -> Any:
    """`and` does not evaluate its second operand."""
    if n > 0 and x[n - 1] > 0.0:
        result = np.sum(x) * x[n - 1]
    else:
        result = np.sum(x * x)
    return result


def early_return(x: Any) -> Any:
    """A return out of a branch."""
    y = np.sin(x)
    if y[0] > 0.0:
        return np.sum(y)
    y = y * x
    return np.sum(y)


CASES = [
    Case(both_branches_bind, (X,)),
    Case(both_branches_bind, (-X,), suffix="_else"),
    Case(branch_without_else, (X,)),
    Case(branch_without_else, (X + 0.5,), suffix="_taken"),
    *(Case(elif_chain, (x,), suffix=f"_{i}") for i, x in enumerate((-1.5, -0.5, 0.5, 1.5))),
    Case(one_side_reads, (X, Y)),
    Case(one_side_reads, (-X, Y), suffix="_else"),
    Case(bound_on_one_path, (X, 1), may_refuse=True),
    Case(bound_on_one_path, (X, 0), suffix="_unbound", may_refuse=True),
    Case(bound_in_first_iteration, (X, 3), may_refuse=True),
    Case(bound_in_first_iteration, (X, 0), suffix="_unbound", may_refuse=True),
    Case(conditional_expression, (X, Y)),
    Case(conditional_expression, (Y, X), suffix="_else"),
    *(Case(nested_branches, (x, n), suffix=f"_{n}") for x, n in ((X, 0), (X, 2))),
    Case(nested_branches, (-X, 2), suffix="_inner_else"),
    Case(predicate_variable, (X,)),
    Case(isinstance_of_array, (X,)),
    Case(isinstance_of_array, (0.6,), suffix="_float"),
    Case(branch_on_rank, (W,)),
    Case(branch_on_rank, (X,), suffix="_vector"),
    Case(short_circuit, (X, 0)),
    Case(short_circuit, (X, 1), suffix="_evaluated"),
    Case(early_return, (X,), may_refuse=True),
    Case(early_return, (-X,), suffix="_else", may_refuse=True),
]
