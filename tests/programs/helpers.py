"""Helpers that change their arguments in place, and recursion."""

import numpy as np

from tests.programs.inputs import X5, S, W, X, Y, each, with_sizes, with_trips


def writes_and_returns_nothing(x, y):
    """A helper changes its argument in place."""
    a = x * 1.0
    scale_in_place(a, y)
    return np.sum(a * x)


def scale_in_place(a, factor):
    a *= factor
    a[0] = a[0] + 1.0


def writes_items(x):
    """A helper stores elements."""
    a = np.sin(x)
    rotate(a)
    rotate(a)
    return np.sum(a * x)


def rotate(a):
    first = a[0]
    a[:-1] = a[1:]
    a[-1] = first * 0.5


def writes_a_row(w):
    """A helper gets a row of the caller's matrix."""
    a = w * 1.0
    for i in range(len(a)):
        normalise(a[i])
    return np.sum(a * w)


def normalise(row):
    row /= np.sqrt(np.sum(row * row) + 0.1)


def writes_in_a_loop(x, n):
    """One step of a time loop is a helper."""
    u = x * 1.0
    for _ in range(n):
        step(u, 0.1)
    return np.sum(u * u)


def step(u, dt):
    u[1:-1] += dt * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    u[0] = u[1] * u[1]


def writes_into_a_result(x, y):
    """A helper fills the array that it is given."""
    out = np.zeros(3)
    multiply_into(x, y, out)
    return np.sum(out * out)


def multiply_into(a, b, out):
    for i in range(len(a)):
        out[i] = a[i] * np.sin(b[i])


def writes_the_argument(x):
    """A helper writes the function's own argument."""
    scale_in_place(x, 2.0)
    return np.sum(x * x)


def writes_a_local_only(x):
    """A helper rebinds its parameter: nobody sees it."""
    pure = rebinds(x)
    return np.sum(pure * x)


def rebinds(a):
    a = a * 2.0
    a += 1.0
    return a


def writes_a_list(x):
    """A helper appends to the caller's list."""
    items = [x]
    push(items, np.sin(x))
    push(items, x * x)
    return np.sum(np.stack(items) ** 2)


def push(items, a):
    items.append(a * 0.5)


def writes_a_dict(x):
    """A helper sets a key of the caller's dict."""
    cache = {"h": x}
    remember(cache, np.sin(x))
    return np.sum(cache["h"] * cache["new"])


def remember(cache, a):
    cache["new"] = a
    cache["h"] = cache["h"] * 2.0


def recursion(x, n):
    """A function that calls itself once."""
    return np.sum(power(x, n))


def power(x, n):
    if n <= 0:
        return np.ones_like(x)
    return x * power(x, n - 1)


def recursion_on_halves(x):
    """A function that calls itself twice: pairwise summation."""
    return pairwise(np.sin(x)) * 2.0


def pairwise(x):
    if len(x) < 2:
        return np.sum(x * x)
    half = len(x) // 2
    return pairwise(x[:half]) * 1.5 + pairwise(x[half:])


def recursion_of_itself(x, n):
    """The differentiated function calls itself."""
    if n == 0:
        return np.sum(x)
    return recursion_of_itself(np.sin(x), n - 1) + np.sum(x * x)


def mutual_recursion(x, n):
    """Two functions that call one another."""
    return even_step(x, n)


def even_step(x, n):
    return np.sum(x) if n == 0 else odd_step(np.sin(x), n - 1)


def odd_step(x, n):
    return np.sum(x * x) if n == 0 else even_step(np.cos(x), n - 1)


def recursion_through_a_tree(x, tree):
    """A nested tuple is walked."""
    return walked(tree, x)


def walked(tree, x):
    if isinstance(tree, tuple):
        return walked(tree[0], x) * walked(tree[1], x) + np.sum(x)
    return np.sum(np.sin(tree * x))


CASES = [
    *with_sizes(recursion_on_halves),
    *each(writes_and_returns_nothing, (X, Y), (W, X)),
    *each(writes_items, (X,), (X5,)),
    *each(writes_a_row, (W,), (S,)),
    *with_trips(writes_in_a_loop, X5),
    *each(writes_into_a_result, (X, Y)),
    *each(writes_the_argument, (X,)),
    *each(writes_a_local_only, (X,)),
    *each(writes_a_list, (X,)),
    *each(writes_a_dict, (X,)),
    *with_trips(recursion, X),
    *with_trips(recursion_of_itself, X),
    *with_trips(mutual_recursion, X),
    *each(recursion_through_a_tree, (X, ((0.5, 1.5), -0.7)), (X, 2.0)),
]
