"""Early returns, `break`, `continue`, `while`, and the `else` of loops."""

# ruff: noqa: F821, F841 -- a trip reads what an earlier one has bound

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, X, Y, with_trips

# --- return ---------------------------------------------------------------------------------------


def return_in_a_branch(x: float, a: float) -> Any:
    """The rest of the function is the other branch."""
    if x > a:
        return x * x
    y = np.sin(x)
    return y * a


def return_in_a_chain(x: float, a: float) -> Any:
    """Some branches of a chain return, others go on."""
    if x > 2.0:
        return x * a
    elif x > 1.0:
        y = x * x
    elif x > 0.0:
        y = np.exp(x)
        return y * a * y
    else:
        y = a * a * x
    z = y * x
    if z > 0.1:
        return np.sin(z)
    return z * a


def return_on_one_side_of_a_side(x: float, c: float) -> Any:
    """A branch that leaves sometimes, and changes what is read later where it does not."""
    if x > 0.0:
        if c > 1.0:
            return x * x * c
        x = x * c
    y = np.exp(x)
    y = y * c
    return y * x


def return_arrays_first(x: Any, y: Any) -> Any:
    """A helper whose result has another expression on each path."""
    z = squares_or_exponentials(x)
    return np.sum(z * y) + np.sum(squares_or_exponentials(y))


def squares_or_exponentials(x: Any) -> Any:
    if x[0] > 0.4:
        return x * x
    return np.exp(x)


def return_decided_while_compiling(x: Any) -> Any:
    """Only the path that is taken is compiled."""
    return total(x) + np.sum(total(x, 0) ** 2)


def total(x: Any, axis: Any = None) -> Any:
    if axis is None:
        return np.sum(x)
    return np.sum(np.sin(x), axis)


def return_or_raise(x: float) -> Any:
    """A path that ends in an error returns nothing."""
    if x > 0.0:
        y = np.sin(x)
        return y * x
    elif x > -1.0:
        return x * 3.0
    else:
        raise ValueError("too small")


# --- break ----------------------------------------------------------------------------------------


def break_in_mid_body(x: float, a: float, n: int) -> Any:
    """What stands before the break is needed, and so is what stands after it."""
    for i in range(n):
        y = np.sin(x)
        if y > 0.9:
            break
        x = y * x + a
    return x * a


def break_at_the_end(x: Any, n: int) -> Any:
    """No flag: the last statement of the body is the exit."""
    for i in range(n):
        x = x * 1.2 + np.sin(x)
        if np.sum(x * x) > 4.0:
            break
    return np.sum(x)


def break_at_the_start(x: Any, n: int) -> Any:
    """The first trip may be the last, before it has done anything."""
    for i in range(n):
        if np.sum(x) > 1.0 + i:
            break
        x = x * x + 0.5
    return np.sum(x * x)


def break_in_the_first_trip(x: Any, n: int) -> Any:
    """A loop that always ends at once."""
    total = 0.0
    for i in range(n):
        total += np.sum(np.sin(x)) * (i + 1.0)
        break
    return total * np.sum(x)


def break_after_statements(x: float, n: int) -> Any:
    """The branch that leaves changes what is read after the loop."""
    y = x
    for i in range(n):
        if y > 1.0:
            y = y * x * 3.0
            x = x + 1.0
            break
        y = y + x * y
    return y * x


def break_on_both_sides(x: float, n: int) -> Any:
    """Two breaks, and statements between them."""
    y = x
    for i in range(n):
        if i == 4:
            y = y * 2.0
            break
        y = y * 1.3 + x
        if y > 2.5:
            y = y * y
            break
        x = np.sin(x)
    return y * x


def break_on_one_side_of_a_side(x: float, n: int) -> Any:
    """A break two branches deep, and statements after both."""
    for i in range(n):
        y = x * 0.5
        if i > 0:
            if x > 1.5:
                break
            y = y * x
        x = x + np.exp(-y)
    return x * x


def break_in_else(x: float, n: int) -> Any:
    """The side that goes on is the first one."""
    for i in range(n):
        if x < 1.5:
            x = x * 1.4
        else:
            break
        x = x + 0.1 * x * x
    return x


def bound_before_the_break(x: Any, n: int) -> Any:
    """A name of the body is read after the loop, as the trip that broke has left it."""
    y = x
    for i in range(n):
        y = np.sin(x) * (i + 1.0)
        if np.sum(y) > 0.8:
            break
        x = x * 1.5
    return np.sum(y * x)


def bound_after_the_break(x: Any, n: int) -> Any:
    """A name that the trip that broke has not bound again."""
    z = x * 2.0
    for i in range(n):
        if np.sum(x) > 1.5:
            break
        z = x * x
        x = x * 1.5 + 0.1
    return np.sum(z * x)


def bound_by_the_break(x: Any, n: int) -> Any:
    """A name that is bound only where the loop is left."""
    found = 0.0
    for i in range(n):
        if x[i % 3] > 0.7:
            found = x[i % 3] * np.sum(x)
            break
    return found * x[0]


def loop_variable_after_a_break(x: Any, n: int) -> Any:
    """The index of the trip that broke."""
    i = 0
    for i in range(n):
        if x[i % 3] < 0.0:
            break
    return np.sum(x * x) * i + x[i % 3]


def loop_variable_rebound(x: float, n: int) -> Any:
    """The body gives its index another value."""
    i = 1
    for i in range(n):
        x = x * 1.1 + 0.1
        i = i * 2
        if x > 1.0:
            break
    return x * x * i


def break_counts_down(x: float, n: int) -> Any:
    """A range with a negative step ends early."""
    y = x
    for i in range(n, 0, -2):
        y = np.sin(y) * i
        if i < 4:
            break
        y = y + x
    return y * x


def break_in_the_inner_loop(x: Any, n: int) -> Any:
    """The outer loop goes on; how many trips the inner one made differs."""
    total = 0.0
    for i in range(n):
        y = x[i % 3]
        for j in range(5):
            if y > 1.0:
                break
            y = y * y + 0.4 * (j + 1.0)
        total += y * x[(i + 1) % 3]
    return total


def break_in_both_loops(x: float, n: int) -> Any:
    """What the inner loop leaves decides on the outer."""
    for i in range(n):
        for j in range(n):
            if x * j > 3.0:
                break
            x = x * 1.1 + 0.1 * j
        if x > 2.0:
            break
        x = x + 0.2
    return x * x


def break_with_arrays_in_place(x: Any, n: int) -> Any:
    """An accumulator that is written in place until the loop is left."""
    total = np.zeros(3)
    for i in range(n):
        total += np.sin(x * i)
        if i == 2:
            break
        total += x * x
    return np.sum(total * x)


def break_in_a_helper(x: Any, n: int) -> Any:
    """A helper with a loop that is left, called in a loop."""
    total = 0.0
    for i in range(n):
        total += grown(x[i % 3], 3)
    return total


def grown(y: Any, n: int) -> Any:
    for k in range(n):
        y = y * y + 0.3
        if y > 0.8:
            return y * 2.0
    return y


# --- continue -------------------------------------------------------------------------------------


def continue_first(x: Any, n: int) -> Any:
    """Odd trips do nothing."""
    total = 0.0
    for i in range(n):
        if i % 2:
            continue
        total += x[i % 3] ** 2
    return total * x[0]


def continue_in_the_middle(x: Any, n: int) -> Any:
    """Statements before it run in each trip."""
    y = x
    for i in range(n):
        y = y * x
        if np.sum(y) < 0.1:
            continue
        y = np.sin(y)
    return np.sum(y)


def continue_after_statements(x: float, n: int) -> Any:
    """The branch that skips the rest does something before."""
    y = x
    for i in range(n):
        if i == 1:
            y = y * x
            continue
        elif i == 2:
            y = y + x * x
        y = y * 1.5
    return y


def continue_on_one_side_of_a_side(x: float, n: int) -> Any:
    """It skips what stands after two branches, sometimes."""
    y = x
    for i in range(n):
        if i > 0:
            if y > 0.5:
                continue
            y = y + x
        y = y * 0.9 + x * x
    return y


def continue_last(x: float, n: int) -> Any:
    """A continue at the end of the body says nothing."""
    for i in range(n):
        if i > 1:
            x = x * x
            continue
        x = np.sin(x)
        continue
    return x


def continue_and_break(x: Any, n: int) -> Any:
    """All of them in one body."""
    y = 0.0
    for i in range(n):
        if i == 1:
            continue
        y = y + x[i % 3] * x[0]
        if i == 4:
            break
        if y > 0.2:
            y = np.sin(y)
            continue
        y = y * y
    return y


# --- return in loops ------------------------------------------------------------------------------


def return_in_a_loop(x: float, n: int) -> Any:
    """The loop ends with a result, or what follows has one."""
    y = x
    for i in range(n):
        y = y * 1.4 + x
        if y > 2.0:
            return y * y * x
    return y - x


def return_in_the_inner_loop(x: float, n: int) -> Any:
    """Both loops end, and nothing after them runs."""
    y = x
    for i in range(n):
        for j in range(i):
            y = y + x * j
            if y > 2.0:
                return y * x * i
        y = np.sin(y) + 0.4
    y = y * y
    return y


def return_break_and_continue(x: float, n: int) -> Any:
    """Each way out of two loops."""
    for i in range(n):
        for j in range(i):
            if x > 3.0:
                return x * x * j
            if x * x < 0.2:
                break
            if j == 1:
                continue
            x = x * x + 0.1
        x = np.sin(x) * 2.0
        if x > 1.9:
            break
    return x * 2.0


def return_an_array_from_a_loop(x: Any, y: Any, n: int) -> Any:
    """A helper whose result is an array that may be bound in a loop."""
    return np.sum(y * first_large(x, n))


def first_large(x: Any, n: int) -> Any:
    for i in range(n):
        z = x * (i + 1.0)
        if np.sum(z) > 0.6:
            return z * z
        x = np.sin(x)
    return x + 1.0


def return_from_while_true(x: float) -> Any:
    """Nothing follows a loop without an end."""
    while True:
        x = x * x * 2.0
        if x > 5.0 or x < 0.01:
            return x * x


def return_before_a_loop(x: float, n: int) -> Any:
    """The loop is in the other branch."""
    if n < 1:
        return x
    for i in range(n):
        x = x * x + 0.1
    return x


# --- while ----------------------------------------------------------------------------------------


def newton(a: float, tolerance: float) -> Any:
    """A square root to a tolerance: the reverse runs through the steps that were made."""
    x = a
    while abs(x * x - a) > tolerance:
        x = x - (x * x - a) / (2.0 * x)
    return x


def newton_with_break(a: float, tolerance: float) -> Any:
    """The same, left from the middle of the body."""
    x = a
    while True:
        step = (x * x * x - a) / (3.0 * x * x)
        if abs(step) < tolerance:
            break
        x = x - step
    return x * a


def newton_with_a_most(a: Any, n: int) -> Any:
    """Arrays, until all of them are near or the trips are used up."""
    x = a + 1.0
    k = 0
    while np.max(np.abs(x * x - a)) > 1e-3 and k < n:
        x = 0.5 * (x + a / x)
        k += 1
    return np.sum(x) * k


def while_counts(x: float, n: int) -> Any:
    """The test has nothing to do with what is differentiated."""
    y = x
    k = 0
    while k < n:
        y = np.sin(y) * x + k
        k += 1
    return y


def while_halves(x: Any) -> Any:
    """An array is halved until it is small."""
    while np.sum(x * x) > 0.3:
        x = x * 0.5
    return np.sum(np.sin(x) * x)


def while_in_a_loop(x: Any, n: int) -> Any:
    """How many trips it makes is another number each time."""
    total = 0.0
    for i in range(n):
        y = x[i % 3] + 0.6
        while y < 2.0:
            y = y * 1.5 + 0.1 * y * y
        total += y
    return total


def while_in_while(x: float, n: int) -> Any:
    """Both tests read what the bodies change."""
    k = 0
    while k < n:
        y = x
        while y > 0.5:
            y = y * 0.6
            x = x + 0.1 * y
        k = k + 1
        x = x + y
    return x


def while_with_continue(x: float, n: int) -> Any:
    """The test is asked again."""
    k = 0
    while k < n:
        k += 1
        if k == 2:
            continue
        x = x * x + 0.2
    return x


def while_with_a_choice(x: float, d: float) -> Any:
    """The test needs a conditional expression, evaluated in each trip."""
    while (d if x > 0.5 else 1.0) > x:
        x = x * 2.0
        if x > 3.0:
            continue
        x = x + x * x
    return x * d


def while_asks_a_helper(x: float) -> Any:
    """The test calls a function."""
    while small(x):
        x = x * 1.7
    return x * x


def small(x: Any) -> Any:
    y = x * x
    return y < 2.0


def while_carries_a_temporary(x: Any, n: int) -> Any:
    """A name that the body binds first, read after the loop."""
    k, y = 0, x
    while k < n:
        y = np.sin(x)
        x = y * x
        k += 1
    return np.sum(x * y)


def never_entered(x: float) -> Any:
    """A while whose test is known to fail."""
    while False:
        x = x * x
    return x * 3.0


# --- else -----------------------------------------------------------------------------------------


def else_of_a_for(x: float, n: int) -> Any:
    """It runs where the loop was not left."""
    for i in range(n):
        if x > 1.0:
            break
        x = x * 2.0 + x * x
    else:
        x = 3.0 * x * x
    return x


def else_of_a_while(x: float, n: int) -> Any:
    """The same of a while."""
    k = 0
    while k < n:
        if x > 1.0:
            x = x * 1.5
            break
        x = x * 1.6
        k += 1
    else:
        x = np.sin(x)
    return x * x


def else_without_a_break(x: float, n: int) -> Any:
    """It always runs."""
    for i in range(n):
        x = x * 1.1
    else:
        x = x * x
    return x


def else_goes_on(x: Any, n: int) -> Any:
    """The way to leave two loops at once."""
    for i in range(n):
        for j in range(4):
            if x[j % 3] * i > 1.0:
                break
            x = x * 1.2
        else:
            continue
        x = x * x
        break
    return np.sum(x)


def else_returns(x: float, n: int) -> Any:
    """A return in the else of a loop, and one in its body."""
    for i in range(n):
        x = x * 1.5
        if x > 3.0:
            return x * x
        if x > 2.0:
            break
    else:
        return np.sin(x)
    return x * 5.0


# --- names that a trip finds bound by an earlier one ---------------------------------------------


def bound_in_the_first_trip(x: Any, n: int) -> Any:
    """Every later trip reads it."""
    for i in range(n):
        if i == 0:
            q = x * x
            continue
        if i == 4:
            break
        x = x + np.sin(q) * 0.3
    return np.sum(x)


def bound_in_the_first_trip_of_a_while(x: Any, n: int) -> Any:
    """It is read after the loop too, and a number beside it."""
    k = 0
    while True:
        k += 1
        if k == 1:
            q = x * x
            r = np.sum(x)
        else:
            x = x + q * 0.1 * r
        if k > n:
            return np.sum(x * q)


def bound_by_the_inner_loop(x: Any, n: int) -> Any:
    """The outer loop's next trip reads what an inner trip has bound."""
    for i in range(n):
        for j in range(2):
            if i > 0:
                x = x + q * r
            q = np.sin(x)
            if j == 0:
                r = np.sum(q)
    return np.sum(x * x)


def rebound_in_an_inner_trip(x: Any, n: int) -> Any:
    """A name that may not be bound, and changes within an inner loop."""
    for i in range(n):
        for j in range(3):
            if (i + j) % 2:
                if i + j > 1:
                    x = x + 0.1 * q * q
            else:
                q = np.sin(x) * (j + 1.0)
    return np.sum(x)


LOOPS: list[Any] = [
    bound_in_the_first_trip,
    bound_in_the_first_trip_of_a_while,
    bound_by_the_inner_loop,
    rebound_in_an_inner_trip,
    break_at_the_end,
    break_at_the_start,
    break_in_the_first_trip,
    bound_before_the_break,
    bound_after_the_break,
    bound_by_the_break,
    loop_variable_after_a_break,
    break_in_the_inner_loop,
    break_with_arrays_in_place,
    break_in_a_helper,
    continue_first,
    continue_in_the_middle,
    continue_and_break,
    while_in_a_loop,
    while_carries_a_temporary,
    else_goes_on,
]
SCALAR_LOOPS: list[Any] = [
    break_after_statements,
    break_on_both_sides,
    break_on_one_side_of_a_side,
    break_in_else,
    loop_variable_rebound,
    break_counts_down,
    break_in_both_loops,
    continue_after_statements,
    continue_on_one_side_of_a_side,
    continue_last,
    return_in_a_loop,
    return_in_the_inner_loop,
    return_break_and_continue,
    return_before_a_loop,
    while_counts,
    while_in_while,
    while_with_continue,
    else_of_a_for,
    else_of_a_while,
    else_without_a_break,
    else_returns,
]


CASES = [
    *(Case(return_in_a_branch, (x, 0.4), suffix=f"_{x}") for x in (0.3, 0.7)),
    *(Case(return_in_a_chain, (x, 0.4), suffix=f"_{x}") for x in (2.5, 1.5, 0.3, -0.2, 1.1)),
    *(
        Case(return_on_one_side_of_a_side, args, suffix=f"_{args}")
        for args in ((0.5, 0.5), (0.5, 2.0), (-0.5, 0.5))
    ),
    Case(return_arrays_first, (X, Y)),
    Case(return_decided_while_compiling, (np.array([X, Y]),)),
    *(Case(return_or_raise, (x,), suffix=f"_{x}") for x in (0.4, -0.4)),
    *(
        Case(function, (X, trips), suffix=f"_{trips}_trips")
        for function in LOOPS
        for trips in (0, 1, 5)
    ),
    *(
        Case(function, (0.57, trips), suffix=f"_{trips}_trips")
        for function in SCALAR_LOOPS
        for trips in (0, 2, 5)
    ),
    *with_trips(break_in_mid_body, 0.7, 0.4),
    *with_trips(newton_with_a_most, X * X + 0.5),
    *with_trips(return_an_array_from_a_loop, X, Y),
    *(Case(return_from_while_true, (x,), suffix=f"_{x}") for x in (0.7, 0.2, 2.0)),
    *(
        Case(function, (a, tolerance), ("a",), suffix=f"_{tolerance}")
        for function in (newton, newton_with_break)
        for a, tolerance in ((2.0, 1e-6), (2.0, 0.1), (1.0, 1.0))
    ),
    *(Case(while_halves, (x,), suffix=f"_{i}") for i, x in enumerate((X, 3.0 * X, 0.1 * X))),
    *(Case(while_with_a_choice, (x, 2.3), suffix=f"_{x}") for x in (0.3, 0.6, 5.0)),
    *(Case(while_asks_a_helper, (x,), suffix=f"_{x}") for x in (0.3, 0.9, 5.0)),
    Case(never_entered, (0.7,)),
]
