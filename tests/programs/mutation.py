"""Stores into arrays that the function made: items, slices, masks, out=, lists, dicts."""

import numpy as np

from tests.programs.inputs import X5, M, S, W, X, Y, each, with_rows, with_sizes, with_trips


def item_assigned(x):
    """One element."""
    y = x * x
    y[1] = np.sin(x[0])
    return np.sum(y * x)


def item_of_a_matrix(w):
    """One element of two dimensions."""
    a = w * w
    a[1, 0] = w[0, 1] * 2.0
    a[0, -1] = 0.0
    return np.sum(a * w)


def row_assigned(w, x):
    """A whole row."""
    a = np.sin(w)
    a[0] = x * x
    return np.sum(a * w)


def column_assigned(w, x):
    """A whole column."""
    a = np.sin(w)
    a[:, 1] = x[:2]
    return np.sum(a * a)


def slice_assigned(x):
    """Several elements, from as many."""
    y = x * x
    y[1:] = np.sin(x[:-1])
    return np.sum(y * x)


def slice_assigned_a_scalar(x):
    """One number for many places."""
    y = x * x
    y[:2] = x[2]
    return np.sum(y * y)


def row_broadcast_into_rows(w, x):
    """What is stored is broadcast."""
    a = np.zeros((4, 3))
    a[1:3] = x
    a[::3] = np.sum(w)
    return np.sum(a * a)


def whole_array_assigned(x):
    """y[:] = and y[...] = keep the array."""
    y = x * 1.0
    y[:] = np.sin(x)
    z = y
    y[...] = y * x
    return np.sum(z * z)


def stepped_slice_assigned(x):
    """Every other element."""
    y = np.zeros(5)
    y[::2] = x[::2] * 2.0
    y[1::2] = x[:2] * x[3:]
    return np.sum(y * y)


def reversed_slice_assigned(x):
    """From the end."""
    y = x * 1.0
    y[::-1] = np.sin(x)
    return np.sum(y * x)


def mask_assigned(x):
    """A constant where a condition holds."""
    y = x * x
    y[x < 0.0] = 0.0
    return np.sum(y * x)


def mask_assigned_values(x):
    """Values where a condition holds."""
    y = np.zeros(len(x))
    y[x > 0.0] = np.sqrt(x[x > 0.0])
    return np.sum(y)


def mask_augmented(x):
    """A part is scaled."""
    y = np.sin(x)
    y[y < 0.0] *= 0.1
    return np.sum(y * y)


def mask_of_rows(w):
    """A mask over the first axis."""
    a = w * w
    a[w[:, 0] > 0.3] = 1.0
    return np.sum(a * w)


def fancy_assigned(x):
    """Places listed by number."""
    y = np.zeros(4)
    y[[3, 0, 1]] = x * x
    return np.sum(y * y)


def fancy_assigned_repeated(x):
    """The last of repeated places wins."""
    y = x * x
    y[[0, 1, 0]] = np.sin(x)
    return np.sum(y * x)


def fancy_augmented_repeated(x):
    """The last of repeated places wins, and is added once."""
    y = x * x
    y[[0, 1, 0]] += np.sin(x)
    return np.sum(y * y)


def fancy_pairs_assigned(s, x):
    """Rows and columns in pairs."""
    a = s * 1.0
    a[[0, 1, 2], [1, 2, 0]] = x
    return np.sum(a * a)


def add_at(x):
    """Repeated places add up."""
    y = np.zeros(2)
    np.add.at(y, [0, 1, 0], x * x)
    return np.sum(y * y)


def add_at_rows(w, x):
    """A histogram of rows."""
    a = np.zeros((2, 3))
    np.add.at(a, [1, 1], w)
    np.add.at(a, 0, x)
    return np.sum(a * a)


def out_of_a_ufunc(x, y):
    """The result goes into an array that is there."""
    z = np.empty(3)
    np.multiply(x, y, out=z)
    np.sin(z, out=z)
    return np.sum(z * x)


def out_in_a_loop(x, n):
    """A buffer that each iteration fills."""
    h = x * 1.0
    t = np.empty_like(x)
    for i in range(n):
        np.cos(h, out=t)
        np.multiply(t, x, out=h)
    return np.sum(h)


def out_of_a_reduction(w):
    """A sum into a row."""
    row = np.zeros(w.shape[1])
    np.sum(w * w, axis=0, out=row)
    return np.sum(row * row)


def out_of_matmul(s, x):
    """A product into a vector."""
    y = np.empty(3)
    np.matmul(s, x, out=y)
    return np.sum(y * y)


def filled(x):
    """All elements become one."""
    y = x * x
    total = np.sum(y)
    y.fill(x[0])
    return np.sum(y * y) * total


def copied_into(x, y):
    """np.copyto."""
    a = np.empty(3)
    np.copyto(a, x * y)
    b = x * 1.0
    np.copyto(b, a[0])
    return np.sum(a * a) + np.sum(b * y)


def diagonal_filled(s, x):
    """np.fill_diagonal."""
    a = s * s
    np.fill_diagonal(a, x)
    return np.sum(a * a)


def put(x):
    """np.put counts through all elements."""
    a = np.zeros((2, 2))
    np.put(a, [0, 3], x[:2])
    return np.sum(a * a) * x[2]


def sorted_in_place(x):
    """x.sort() permutes."""
    y = x * 2.0
    y.sort()
    return np.sum(y * np.array([1.0, 2.0, 4.0]))


def overlapping_shift_right(x):
    """The source and the target overlap."""
    y = x * x
    y[1:] = y[:-1]
    return np.sum(y * x)


def overlapping_shift_left(x):
    """The other way."""
    y = x * x
    y[:-1] = y[1:] * 0.5
    return np.sum(y * x)


def overlapping_reversed(x):
    """An array is turned around."""
    y = np.sin(x)
    y[:] = y[::-1]
    return np.sum(y * x)


def overlapping_augmented(x):
    """Each element gets its neighbour as it was."""
    y = x * x
    y[1:] += y[:-1]
    return np.sum(y * y)


def zeros_filled_in_a_loop(x):
    """An array built element by element."""
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = np.sin(x[i]) * i
    return np.sum(y * y) + np.sum(x)


def prefix_sums(x):
    """Each element reads the one before."""
    y = np.zeros(len(x) + 1)
    for i in range(len(x)):
        y[i + 1] = 0.5 * y[i] + x[i] * x[i]
    return y[-1] + np.sum(y * y)


def recurrence_in_place(x, n):
    """One array, swept again and again."""
    y = x * 1.0
    for _ in range(n):
        for i in range(1, len(y)):
            y[i] = np.sin(y[i - 1]) + y[i] * 0.5
    return np.sum(y * y)


def rows_filled(w):
    """A matrix built row by row."""
    a = np.zeros(w.shape)
    for i in range(len(w)):
        a[i] = np.cumsum(w[i]) * (i + 1.0)
    return np.sum(a * a)


def outer_by_elements(x, y):
    """A matrix built element by element."""
    a = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            a[i, j] = x[i] * np.sin(y[j])
    return np.sum(a * a)


def heat_equation(u, n):
    """A stencil in place."""
    u = u * 1.0
    for _ in range(n):
        u[1:-1] += 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def nonlinear_stencil(u, n):
    """A stencil in place that reads what it overwrites."""
    u = u * 1.0
    for _ in range(n):
        u[1:-1] -= 0.2 * u[1:-1] * (u[2:] - u[:-2])
        u[0] = u[-1]
    return np.sum(u**3)


def tridiagonal_solve(d, b):
    """Thomas' algorithm: a forward and a backward sweep."""
    n = len(d)
    c = d + 4.0
    y = b * 1.0
    for i in range(1, n):
        m = 1.0 / c[i - 1]
        c[i] -= m
        y[i] -= m * y[i - 1]
    y[n - 1] /= c[n - 1]
    for i in range(n - 2, -1, -1):
        y[i] = (y[i] - y[i + 1]) / c[i]
    return np.sum(y * y)


def argument_written(x, y):
    """The function's own argument: the caller's stays as it is."""
    x[0] = y[1]
    x[1:] *= y[:2]
    return np.sum(x * x)


def argument_written_in_a_loop(x, n):
    """A cumulative sum in the argument."""
    for i in range(1, min(n, len(x))):
        x[i] += x[i - 1]
    return np.sum(x * x)


def value_read_before_the_store(x):
    """What was computed from the old elements stays."""
    y = x * 1.0
    z = y * y
    y[:] = 0.5
    return np.sum(z * x) + np.sum(y)


def store_of_a_constant_stops(x):
    """A store of a constant cuts the one element off, the others not."""
    y = np.sin(x)
    y[0] = 1.0
    return np.sum(y)


def store_into_a_constant_array(x, n):
    """The array is constant until the first store."""
    y = np.ones(3)
    for i in range(n):
        y[i % 3] = y[i % 3] * x[i % 3]
    return np.sum(y)


CASES = [
    *each(item_assigned, (X,)),
    *each(item_of_a_matrix, (W,), (S,)),
    *each(row_assigned, (W, X)),
    *each(column_assigned, (W, X)),
    *each(slice_assigned, (X,), (X5,)),
    *each(slice_assigned_a_scalar, (X,), (X5,)),
    *each(row_broadcast_into_rows, (W, X)),
    *each(whole_array_assigned, (X,), (W,)),
    *each(stepped_slice_assigned, (X5,)),
    *each(reversed_slice_assigned, (X,), (X5,)),
    *each(mask_assigned, (X,), (W,), (np.abs(X),)),
    *each(mask_assigned_values, (X,), (Y,), (-np.abs(X),)),
    *each(mask_augmented, (X,), (W,)),
    *each(mask_of_rows, (W,), (S,)),
    *each(fancy_assigned, (X,)),
    *each(fancy_assigned_repeated, (X,)),
    *each(fancy_augmented_repeated, (X,)),
    *each(fancy_pairs_assigned, (S, X)),
    *each(add_at, (X,)),
    *each(add_at_rows, (W, X)),
    *each(out_of_a_ufunc, (X, Y)),
    *with_trips(out_in_a_loop, X),
    *each(out_of_a_reduction, (W,), (M,)),
    *each(out_of_matmul, (S, X)),
    *each(filled, (X,)),
    *each(copied_into, (X, Y)),
    *each(diagonal_filled, (S, X)),
    *each(put, (X,)),
    *each(sorted_in_place, (X,), (Y,)),
    *each(overlapping_shift_right, (X,), (X5,)),
    *each(overlapping_shift_left, (X,), (X5,)),
    *each(overlapping_reversed, (X,), (X5,)),
    *each(overlapping_augmented, (X,), (X5,)),
    *with_sizes(zeros_filled_in_a_loop),
    *with_sizes(prefix_sums),
    *with_trips(recurrence_in_place, X),
    *with_rows(rows_filled),
    *with_sizes(outer_by_elements, Y),
    *with_trips(heat_equation, X5),
    *with_trips(nonlinear_stencil, X5),
    *each(tridiagonal_solve, (X, Y), (X5, X5 * 0.5), (X[:1], Y[:1])),
    *each(argument_written, (X, Y)),
    *with_trips(argument_written_in_a_loop, X5),
    *each(value_read_before_the_store, (X,)),
    *each(store_of_a_constant_stops, (X,)),
    *with_trips(store_into_a_constant_array, X),
]
