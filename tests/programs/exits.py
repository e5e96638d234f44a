"""break, continue, early and multiple return, anywhere, in nested loops."""

import numpy as np

from tests.programs.inputs import M, S, W, X, Y, each, with_sizes, with_trips


def break_at_the_top(x, n):
    """Before anything of the iteration has happened."""
    y = np.sum(x)
    for i in range(n):
        if i == 2:
            break
        y = np.sin(y) + x[i]
    return y * y


def break_in_the_middle(x, n):
    """Half of the last iteration counts."""
    y = np.sum(x)
    for i in range(n):
        y = y * x[i % 3]
        if i >= 1:
            break
        y = np.sin(y)
    return y + x[0]


def break_at_the_end(x, n):
    """After everything of the iteration."""
    y = np.sum(x)
    for i in range(n):
        y = np.sin(y) + x[i % 3]
        if i == 2:
            break
    return y


def break_on_data(x):
    """What ends the loop is computed from the argument."""
    total = 0.0
    for v in x:
        total += v * v
        if total > 0.6:
            break
    return total * x[0]


def continue_on_index(x, n):
    """Every other iteration is skipped."""
    y = np.sum(x)
    for i in range(n):
        if i % 2 == 0:
            continue
        y = y * np.cos(x[i % 3])
    return y


def continue_on_data(x):
    """Negative elements are skipped."""
    total = 0.0
    for v in x:
        if v < 0.0:
            continue
        total += np.sqrt(v + 0.1)
    return total


def continue_after_work(x, n):
    """What happened before the continue counts."""
    y = np.sum(x)
    for i in range(n):
        y = np.sin(y)
        if i == 1:
            y = y * x[0]
            continue
        y = y + x[1]
    return y


def break_and_continue(x, n):
    """Both in one loop."""
    y = x[0]
    for i in range(n):
        if i == 1:
            continue
        y = y * 1.1 + np.sin(x[i % 3])
        if i == 5:
            break
    return y


def break_of_the_inner_loop(x, n):
    """The outer loop goes on."""
    y = np.sum(x)
    for i in range(n):
        for j in range(5):
            if j > i:
                break
            y = np.sin(y + x[j % 3])
        y = y * 0.9
    return y


def break_of_both_loops(x, n):
    """A flag takes the break outside."""
    y = np.sum(x)
    done = False
    for i in range(n):
        for j in range(3):
            y = np.sin(y) + 0.3 * x[j]
            if i == 1 and j == 1:
                done = True
                break
        if done:
            break
        y = y * x[i % 3]
    return y


def continue_of_the_inner_loop(x, n):
    """Only the inner iteration is cut."""
    y = np.sum(x)
    for i in range(n):
        for j in range(3):
            if j == i:
                continue
            y = y + np.sin(x[j]) * (i + 1)
        y = 0.5 * y
    return y


def break_from_a_deep_branch(x, n):
    """Two ifs around the break."""
    y = np.sum(x)
    for i in range(n):
        if i > 0:
            y = y * x[0]
            if i > 1:
                y = y + x[1]
                break
            y = np.sin(y)
        else:
            y = np.cos(y)
        y = y + 0.2
    return y


def break_carries_a_value(x, n):
    """A name that only the iteration of the break binds."""
    found = x[2]
    for i in range(n):
        if i == 1:
            found = np.sin(x[i]) * x[0]
            break
    return found * found


def break_in_while(x, n):
    """A while with two ends."""
    y = np.sum(x)
    k = 0
    while k < n:
        k += 1
        y = np.cos(y) + x[k % 3]
        if k == 3:
            break
    return y * k


def continue_in_while(x, n):
    """The count comes before the continue."""
    y = np.sum(x)
    k = 0
    while k < n:
        k += 1
        if k % 3 == 1:
            continue
        y = y + x[k % 3] ** 2
    return y


def early_return(x):
    """A guard at the top."""
    if np.sum(x) < 0.0:
        return np.sum(x * x)
    return np.sum(np.sin(x))


def three_returns(x):
    """A return in each branch."""
    s = np.sum(x)
    if s > 1.0:
        return s * s
    elif s > 0.0:
        return np.sin(s)
    else:
        return -s * x[0]


def return_a_constant(x):
    """One way out does not depend on the argument."""
    if x[0] < 0.0:
        return 0.0
    return float(x[0] * x[1])


def return_from_a_loop(x):
    """The first element that is large enough decides."""
    for v in x:
        if v > 0.5:
            return v * v
    return np.sum(x)


def return_from_nested_loops(w, limit):
    """Out of both."""
    total = 0.0
    for row in w:
        for v in row:
            total += np.sin(v)
            if total > limit:
                return total * v
    return total * total


def return_in_the_middle_of_a_loop(x, n):
    """Half an iteration, then out, with work after the loop for the others."""
    y = np.sum(x)
    for i in range(n):
        y = np.sin(y) * 1.5
        if i == 2:
            return y * x[0]
        y = y + x[i % 3]
    y = y * y
    return y + x[1]


def return_from_while(x):
    """A loop that is only left by return."""
    y = x
    while True:
        y = 0.5 * y
        if np.sum(y * y) < 0.3:
            return np.sum(y * x)


def returns_of_two_kinds(x):
    """An element here, a sum there."""
    if x[0] > x[1]:
        return x[0] ** 2
    return np.sum(x**2)


def return_after_else(x, n):
    """A return within the else of a loop."""
    y = np.sum(x)
    for i in range(n):
        if i == 2:
            y = y * x[0]
            break
        y = np.sin(y)
    else:
        return y * y
    return y + x[1]


def helper_with_early_return(x, y):
    """The exits of a helper end the helper alone."""
    return np.sum(bounded(x[0]) * y) + bounded(y[0]) * bounded(x[1])


def bounded(v):
    if v > 0.4:
        return 0.4 + np.tanh(v - 0.4)
    if v < -0.4:
        return -0.4 + np.tanh(v + 0.4)
    return v


def helper_returns_from_a_loop(x, y):
    """A search in a helper, called in a loop."""
    total = 0.0
    for limit in (0.1, 0.6, 2.0):
        total += first_above(x, limit) * first_above(y, limit)
    return total


def first_above(values, limit):
    for v in values:
        if v > limit:
            return np.sin(v)
    return values[0] * values[-1]


def break_before_an_alias_is_made(x, n):
    """The join after the loop owes a copy on the way of the break too."""
    h = x * 1.0
    k = x * 2.0
    for i in range(n):
        if i == 1:
            break
        h, k = k, np.sin(h)
    h = h + k
    return np.sum(h * k)


CASES = [
    *with_trips(break_at_the_top, X),
    *with_trips(break_in_the_middle, X),
    *with_trips(break_at_the_end, X),
    *with_sizes(break_on_data, wrt=("x",))[1:],
    *with_trips(continue_on_index, X),
    *with_sizes(continue_on_data),
    *with_trips(continue_after_work, X),
    *with_trips(break_and_continue, X),
    *with_trips(break_of_the_inner_loop, X),
    *with_trips(break_of_both_loops, X),
    *with_trips(continue_of_the_inner_loop, X),
    *with_trips(break_from_a_deep_branch, X),
    *with_trips(break_carries_a_value, X),
    *with_trips(break_in_while, X),
    *with_trips(continue_in_while, X),
    *each(early_return, (X,), (-X,)),
    *each(three_returns, (X,), (Y,), (-X,)),
    *each(return_a_constant, (X,), (-X,)),
    *each(return_from_a_loop, (X,), (0.1 * X,), (Y,)),
    *each(return_from_nested_loops, (W, 0.8), (W, 90.0), (S, 0.1), (M, 0.5)),
    *with_trips(return_in_the_middle_of_a_loop, X),
    *each(return_from_while, (X,), (5.0 * Y,), (0.1 * X,)),
    *each(returns_of_two_kinds, (X,), (-X,)),
    *with_trips(return_after_else, X),
    *each(helper_with_early_return, (X, Y), (-X, 0.2 * Y)),
    *each(helper_returns_from_a_loop, (X, Y)),
    *with_trips(break_before_an_alias_is_made, X),
]
