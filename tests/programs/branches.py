"""if on data, short circuits, chained comparisons, conditional expressions, walrus, one path only."""

import numpy as np

from tests.programs.inputs import X5, W, X, Y, each, with_trips


def if_on_data(x):
    """One branch changes a name, the other does not."""
    y = x * x
    if np.sum(x) > 0.3:
        y = np.sin(y) * x
    return np.sum(y)


def if_elif_else(x):
    """Three ways."""
    s = np.sum(x)
    if s > 1.0:
        y = s * x
    elif s > 0.0:
        y = np.sin(x) * s
    else:
        y = -x
    return np.sum(y * y)


def nested_if(x, y):
    """A branch in a branch."""
    z = x + y
    if x[0] > 0.0:
        if y[0] > 0.0:
            z = z * x
        else:
            z = z * y
        z = np.sin(z)
    return np.sum(z)


def and_short_circuits(x):
    """The second operand would raise where the first is false."""
    if len(x) > 3 and x[4] < 0.0:
        return np.sum(x) * x[4]
    return np.sum(x * x)


def or_short_circuits(x):
    """The second operand is not evaluated where the first is true."""
    if len(x) < 4 or x[4] > 0.0:
        return np.sum(np.sin(x))
    return np.sum(x) * x[4]


def not_in_a_test(x):
    """not, and parentheses."""
    if not (x[0] > 0.0 and x[1] > 0.0):
        return np.sum(x)
    return np.prod(x)


def or_gives_a_value(x, y):
    """`or` returns one of its operands."""
    z = x[0] * 0.0 or y[0] * x[1]
    return z * z


def and_gives_a_value(x, y):
    """`and` returns one of its operands."""
    z = x[0] and y[0] * x[1]
    return z * np.sin(z)


def chained_comparison(x):
    """Between two bounds."""
    s = np.sum(x)
    if -1.0 < s <= 0.6:
        return s * s * x[0]
    return np.sin(s)


def conditional_expression(x):
    """A value of two."""
    y = x * x if x[0] > 0.0 else np.sin(x)
    return np.sum(y * x)


def nested_conditional_expression(x):
    """A value of three, in an argument."""
    return np.sum(x * (x[0] if x[0] > 0.5 else x[1] if x[1] > 0.5 else x[2]))


def walrus_in_a_test(x):
    """A name bound by the test."""
    if (s := np.sum(x)) > 0.3:
        return s * s
    return s * x[0]


def walrus_in_while(x):
    """A test that computes the next value."""
    y = np.sum(x * x) * 5.0
    while (y := y * 0.5 * np.cos(0.1 * y)) > 0.2:
        y = y - 0.01
    return y


def walrus_in_an_expression(x):
    """Bound in the middle of a sum, and read after it."""
    return np.sum((y := np.sin(x)) * x) + np.sum(y * y)


def bound_in_one_branch(x):
    """Bound and read under the same condition."""
    if x[0] > 0.0:
        q = np.sin(x)
    y = np.sum(x)
    if x[0] > 0.0:
        y = y + np.sum(q * q)
    return y


def bound_in_the_first_iteration(x, n):
    """Bound in one iteration, read in the later ones."""
    total = np.sum(x)
    for i in range(n):
        if i == 0:
            q = np.sin(x)
        total = total + np.sum(q) * i
    return total


def bound_in_some_iterations(x, n):
    """The last binding counts."""
    total = 0.0
    q = x
    for i in range(n):
        if i % 2 == 0:
            q = q * np.cos(x)
        total = total + np.sum(q)
    return total + q[0]


def bound_in_the_loop_only(x, n):
    """Read after the loop, if it ran."""
    for i in range(n):
        y = x * (i + 1.0)
    if n == 0:
        return np.sum(x)
    return np.sum(y * y)


def branch_on_a_flag(x, square):
    """The test is static."""
    if square:
        return np.sum(x * x)
    return np.sum(x)


def branch_on_a_text(x, kind):
    """A string chooses."""
    if kind == "sine":
        y = np.sin(x)
    elif kind in ("cosine", "cos"):
        y = np.cos(x)
    else:
        y = x
    return np.sum(y * x)


def branch_on_none(x, bias):
    """None stands for an argument that is left out."""
    y = x * x
    if bias is not None:
        y = y + bias
    return np.sum(np.sin(y))


def branch_with_any(x):
    """A reduction of a comparison."""
    if np.any(x > 0.8) or np.all(x < 0.0):
        return np.sum(x)
    return np.sum(x * x)


def count_of_bools(x):
    """Counting what is positive."""
    return np.sum(x * x) * np.sum(x > 0.0) + np.count_nonzero(x < 0.0) * x[0]


def branch_in_a_loop(x, n):
    """The branch taken differs from one iteration to the next."""
    y = x
    for i in range(n):
        if np.sum(y) > 0.5:
            y = 0.5 * y
        else:
            y = y + np.cos(x) * 0.4
    return np.sum(y * y)


def branch_swaps(x, y):
    """The names change places on one path."""
    if x[0] < y[0]:
        x, y = y, x
    return np.sum(x * x * y)


def branch_makes_an_alias(x, y):
    """One name or the other."""
    if x[0] > 0.0:
        z = x
    else:
        z = y
    return np.sum(z * x) + np.sum(z * y)


def max_of_branches(x):
    """The larger of two functions of the argument."""
    a, b = np.sum(np.sin(x)), np.sum(x * x)
    return a * b if a > b else a - b * b


def piecewise_elements(x):
    """A branch for each element."""
    total = 0.0
    for i in range(len(x)):
        v = x[i]
        if v > 0.5:
            total += v
        elif v > 0.0:
            total += v * v
        else:
            total -= np.sin(v)
    return total


def where_guards(x):
    """np.where takes both, the gradient one."""
    return np.sum(np.where(x > 0.0, np.sqrt(np.where(x > 0.0, x, 1.0)), x * x))


CASES = [
    *each(if_on_data, (X,), (-X,)),
    *each(if_elif_else, (X,), (Y,), (-X,)),
    *each(nested_if, (X, Y), (X, -Y), (-X, Y)),
    *each(and_short_circuits, (X,), (X5,), (-X5,)),
    *each(or_short_circuits, (X,), (X5,), (-X5,)),
    *each(not_in_a_test, (X,), (Y,), (-X,)),
    *each(or_gives_a_value, (X, Y)),
    *each(and_gives_a_value, (X, Y)),
    *each(chained_comparison, (X,), (Y,), (-4.0 * X,)),
    *each(conditional_expression, (X,), (-X,)),
    *each(nested_conditional_expression, (X,), (Y * 2.0,), (-X,)),
    *each(walrus_in_a_test, (X,), (-X,)),
    *each(walrus_in_while, (X,), (Y,)),
    *each(walrus_in_an_expression, (X,), (W,)),
    *each(bound_in_one_branch, (X,), (-X,)),
    *with_trips(bound_in_the_first_iteration, X),
    *with_trips(bound_in_some_iterations, X),
    *with_trips(bound_in_the_loop_only, X),
    *each(branch_on_a_flag, (X, True), (X, False)),
    *each(branch_on_a_text, (X, "sine"), (X, "cos"), (X, "none")),
    *each(branch_on_none, (X, Y), (X, None), (X, 0.3)),
    *each(branch_with_any, (X,), (Y,), (-np.abs(X),)),
    *each(count_of_bools, (X,), (Y,)),
    *with_trips(branch_in_a_loop, X),
    *each(branch_swaps, (X, Y), (Y, X)),
    *each(branch_makes_an_alias, (X, Y), (-X, Y)),
    *each(max_of_branches, (X,), (Y,), (3.0 * X,)),
    *each(piecewise_elements, (X,), (Y,)),
    *each(where_guards, (X,), (Y,)),
]
