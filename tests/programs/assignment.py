"""Unpacking, stars, chains, swaps, augmented assignment, del, annotations."""

import numpy as np

from tests.programs.inputs import X5, M, S, W, X, Y, each, with_trips


def unpack_a_tuple(x, y):
    """Two names from a display."""
    a, b = np.sin(x), y * x
    return np.sum(a * b)


def unpack_a_vector(x):
    """The elements of an array."""
    a, b, c = x
    return a * b + np.sin(c)


def unpack_rows(w):
    """The rows of a matrix."""
    first, second = w
    return np.sum(first * np.sin(second))


def unpack_nested(x, y):
    """Tuples within tuples."""
    (a, b), c = (x, y), x * y
    return np.sum(a * b + c * c)


def unpack_a_list(x):
    """Brackets on both sides."""
    [a, b] = [x[0] * x[1], np.sum(x)]
    return a * b


def unpack_the_shape(w):
    """Sizes take part as numbers."""
    m, n = w.shape
    return np.sum(w * w) / (m + n)


def star_at_the_end(x):
    """The rest is a list of scalars."""
    first, *rest = x
    return first * sum(rest) + len(rest)


def star_in_the_middle(x):
    """The ends, and what lies between."""
    first, *middle, last = x
    total = first * last
    for v in middle:
        total = total + v * v
    return total


def star_of_rows(w):
    """The rest is a list of rows."""
    first, *rest = w
    return np.sum(first * np.stack(rest))


def star_in_a_display(x, y):
    """A tuple from the items of another."""
    pair = (x, y)
    triple = (*pair, x * y)
    return np.sum(triple[0] * triple[2] + triple[1])


def chained(x):
    """Two names for one value."""
    a = b = np.sin(x)
    return np.sum(a * b)


def chained_and_written(x):
    """Writing one of the names writes the other."""
    a = b = np.sin(x)
    a *= x
    return np.sum(a + b * b)


def chained_scalars(x, n):
    """Numbers are values: the other name keeps its own."""
    a = b = np.sum(x)
    for i in range(n):
        a += x[i % 3]
    return a * b


def chained_with_item(x):
    """A name and an item at once."""
    y = np.zeros(3)
    y[1] = z = np.sum(x)
    return np.sum(y * x) * z


def swapped_names(x, y):
    """No copy is made."""
    x, y = y, x
    return np.sum(x * x - np.sin(y))


def swapped_items(x):
    """Elements change places."""
    y = x * 1.0
    y[0], y[2] = y[2], y[0]
    return np.sum(y * np.array([1.0, 2.0, 3.0]) * x)


def swapped_rows(w):
    """Rows change places, by a copy."""
    a = w * 1.0
    kept = a[0].copy()
    a[0] = a[1]
    a[1] = kept
    return np.sum(a * a * w)


def swapped_rows_by_fancy_index(w):
    """The right side is a copy."""
    a = w * 1.0
    a[[0, 1]] = a[[1, 0]]
    return np.sum(a * a * w)


def rotated_elements(x):
    """Three elements in a ring."""
    y = x * 1.0
    y[0], y[1], y[2] = y[1], y[2], y[0]
    return np.sum(y * x * np.array([1.0, 2.0, 3.0]))


def augmented_scalars(x, n):
    """A number is rebound."""
    s = 1.0
    for i in range(n):
        s *= np.cos(x[i % 3])
        s -= 0.1 * x[0]
        s /= 1.5
        s **= 2
    return s


def augmented_arrays(x, y):
    """An array is written."""
    a = np.sin(x)
    a += y
    a *= x
    a -= 0.5
    a /= 2.0 + y * y
    return np.sum(a * a)


def augmented_power(x):
    """**= in place."""
    a = 1.5 + np.sin(x)
    a **= 3
    return np.sum(a)


def augmented_matrix_product(s, x):
    """@= makes the product."""
    a = s * 1.0
    a @= s
    return np.sum(a @ x)


def augmented_items(x):
    """Each element in place."""
    y = x * x
    y[0] += x[1]
    y[1] *= x[2]
    y[2] -= y[0]
    return np.sum(y * y)


def augmented_slices(x):
    """A part in place."""
    y = x * x
    y[1:] *= x[:2]
    y[:2] += 0.5
    return np.sum(y * x)


def augmented_broadcast(w, x):
    """A row is added to each row."""
    a = w * 1.0
    a += x
    a *= a[0, 0]
    return np.sum(a * a)


def deleted_name(x):
    """A name that is not needed any more."""
    y = np.sin(x)
    z = y * x
    del y
    return np.sum(z)


def deleted_and_bound_again(x):
    """A name with two lives."""
    y = np.sin(x)
    z = np.sum(y)
    del y
    y = x * z
    return np.sum(y)


def annotated(x):
    """An annotation says nothing to the derivative."""
    y: np.ndarray = x * x
    total: float = 0.0
    total += np.sum(y)
    return total


def annotated_without_value(x):
    """A declaration alone."""
    y: np.ndarray
    y = np.sin(x)
    return np.sum(y)


def rebound_argument(x):
    """The argument's name gets another meaning."""
    x = np.sin(x)
    x = x * x
    return np.sum(x)


def rebound_by_another_shape(w):
    """One name for a matrix, a vector and a scalar."""
    w = w @ w.T
    w = w[0] * w[1]
    w = np.sum(w)
    return w * w


def underscore(w):
    """A name that is bound and ignored."""
    _, n = w.shape
    _ = np.sum(w)
    return np.sum(w * n)


CASES = [
    *each(unpack_a_tuple, (X, Y)),
    *each(unpack_a_vector, (X,), (Y,)),
    *each(unpack_rows, (W,)),
    *each(unpack_nested, (X, Y)),
    *each(unpack_a_list, (X,), (X5,)),
    *each(unpack_the_shape, (W,), (S,), (M,)),
    *each(star_at_the_end, (X,), (X5,)),
    *each(star_in_the_middle, (X,), (X5,), (X[:2],)),
    *each(star_of_rows, (W,), (S,)),
    *each(star_in_a_display, (X, Y)),
    *each(chained, (X,)),
    *each(chained_and_written, (X,), (W,)),
    *with_trips(chained_scalars, X),
    *each(chained_with_item, (X,)),
    *each(swapped_names, (X, Y), (W, X)),
    *each(swapped_items, (X,)),
    *each(swapped_rows, (W,), (M,)),
    *each(swapped_rows_by_fancy_index, (W,)),
    *each(rotated_elements, (X,)),
    *with_trips(augmented_scalars, X),
    *each(augmented_arrays, (X, Y), (W, X)),
    *each(augmented_power, (X,)),
    *each(augmented_matrix_product, (S, X)),
    *each(augmented_items, (X,)),
    *each(augmented_slices, (X,)),
    *each(augmented_broadcast, (W, X)),
    *each(deleted_name, (X,)),
    *each(deleted_and_bound_again, (X,)),
    *each(annotated, (X,)),
    *each(annotated_without_value, (X,)),
    *each(rebound_argument, (X,)),
    *each(rebound_by_another_shape, (W,)),
    *each(underscore, (W,)),
]
