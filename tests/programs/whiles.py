"""while, else of loops, and loops within loops."""

import numpy as np

from tests.programs.inputs import X, Y, each, with_rows, with_trips


def while_counts(x, n):
    """A while loop that counts."""
    total = np.sum(x)
    i = 0
    while i < n:
        total = np.sin(total) + x[i % 3]
        i += 1
    return total


def while_on_data(x):
    """As many halvings as the data ask for."""
    y = x * 8.0
    while np.sum(y * y) > 0.5:
        y = 0.5 * y * np.cos(y[0])
    return np.sum(y * x)


def while_true_break(x, n):
    """The test stands in the body."""
    y = np.sum(x)
    k = 0
    while True:
        if k >= n:
            break
        y = y * np.cos(y)
        k += 1
    return y


def newton(a):
    """An iteration that stops when it has converged."""
    x = 1.0 + 0.3 * a
    while abs(x * x - a) > 1e-13:
        x = 0.5 * (x + a / x)
    return x


def for_else(x, n):
    """The else runs, as nothing breaks."""
    total = np.sum(x)
    for i in range(n):
        total = total * np.cos(x[i % 3])
    else:
        total = total + x[0] * x[1]
    return total


def for_else_with_break(x, n):
    """The else runs only if no element is found."""
    y = x[0] * x[1]
    for i in range(n):
        if i == 2:
            y = y * x[2] + 1.0
            break
        y = y + np.sin(x[i])
    else:
        y = y * y
    return y


def while_else(x, n):
    """The else of a while."""
    y = np.sum(x)
    i = 0
    while i < n:
        y = np.sin(y) + x[0]
        i += 1
        if i == 3:
            break
    else:
        y = y * x[1]
    return y


def nested_with_inner_bound(x, n):
    """The inner loop is as long as the outer index."""
    total = np.sum(x)
    for i in range(n):
        for j in range(i):
            total = np.sin(total + x[j % 3]) + 0.1 * i
    return total


def nested_over_rows(w):
    """Rows, and their elements."""
    total = 0.0
    for row in w:
        part = 1.0
        for v in row:
            part = part * np.cos(v)
        total += part
    return total


def nested_while_in_for(x, n):
    """Another number of inner trips in each iteration."""
    y = np.sum(x)
    for i in range(n):
        k = i
        while k > 0:
            y = np.sin(y) + x[k % 3]
            k -= 2
        y = y * 1.1
    return y


CASES = [
    *with_rows(nested_over_rows),
    *with_trips(while_counts, X),
    *each(while_on_data, (X,), (0.01 * Y,), (5.0 * Y,)),
    *with_trips(while_true_break, X),
    *each(newton, (2.0,), (0.7,)),
    *with_trips(for_else, X),
    *with_trips(for_else_with_break, X),
    *with_trips(while_else, X),
    *with_trips(nested_with_inner_bound, X),
    *with_trips(nested_while_in_for, X),
]
