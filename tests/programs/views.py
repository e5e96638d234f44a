"""Views that are written, aliases, and what is a value and what a view."""

import numpy as np

from tests.programs.inputs import X5, M, S, W, X, Y, each, with_rows, with_trips


def slice_written(x):
    """A store through a slice changes its base."""
    y = x * x
    v = y[1:]
    v[0] = np.sin(x[0])
    v *= 2.0
    return np.sum(y * x)


def base_written(x):
    """A store through the base changes the slice."""
    y = x * x
    v = y[1:]
    y[1] = x[0]
    y *= x
    return np.sum(v * v)


def row_written(w, x):
    """A row is a view."""
    a = np.sin(w)
    row = a[0]
    row *= x
    row[1] = 0.5 * x[0]
    return np.sum(a * w)


def column_written(w):
    """A column is a view."""
    a = np.sin(w)
    column = a[:, 1]
    column += w[:, 0]
    return np.sum(a * a)


def rows_written_in_a_loop(w):
    """Each row in turn."""
    a = w * 1.0
    for i in range(len(a)):
        row = a[i]
        row *= np.sum(row)
    return np.sum(a * w)


def rows_of_the_loop_written(w):
    """What the loop hands out are views."""
    a = w * 1.0
    for row in a:
        row += row[0] * row
    return np.sum(a * w)


def transpose_written(w, x):
    """A store through a transpose."""
    a = np.sin(w)
    t = a.T
    t[0] = x[:2]
    t *= 1.5
    return np.sum(a * w)


def transpose_assigned_whole(w):
    """x.T[...] = writes x."""
    a = np.zeros((3, 2))
    a.T[...] = w * w
    return np.sum(a * w.T)


def reshape_written(w, x):
    """A reshaped contiguous array is a view."""
    a = np.sin(w)
    flat = a.reshape(-1)
    flat[1:4] = x
    return np.sum(a * a)


def ravel_written(w, x):
    """So is a ravelled one."""
    a = np.sin(w)
    flat = a.ravel()
    flat[::2] *= x
    return np.sum(a * w)


def einsum_diagonal_written(s, x):
    """np.einsum('ii->i', a) is a view of the diagonal."""
    a = s * s
    np.einsum("ii->i", a)[...] = x
    return np.sum(a * s)


def einsum_diagonal_augmented(s):
    """The diagonal in place."""
    a = np.sin(s)
    d = np.einsum("ii->i", a)
    d *= 2.0
    return np.sum(a * s)


def flat_assigned(w):
    """A.flat counts through all elements."""
    a = w * w
    a.flat[2] = w[0, 0]
    return np.sum(a * w)


def flat_assigned_slice(w, x):
    """A slice of A.flat."""
    a = w * w
    a.flat[1:4] = x
    return np.sum(a * w)


def newaxis_written(x):
    """A view with one more dimension."""
    y = np.sin(x)
    column = y[:, None]
    column *= 2.0
    return np.sum(y * x)


def view_of_a_view_written(w):
    """A part of a part."""
    a = np.sin(w)
    part = a[:, 1:]
    row = part[0]
    row[:] = w[1, :2]
    return np.sum(a * w)


def two_views_written(x):
    """Views that overlap."""
    y = x * 1.0
    u, v = y[:2], y[1:]
    u *= 2.0
    v += u
    return np.sum(y * x)


def view_of_the_argument_written(x, y):
    """The argument is changed through its view."""
    v = x[:2]
    v *= y[1:]
    return np.sum(x * x)


def alias_written(x, y):
    """Two names, one array."""
    a = x * 1.0
    b = a
    b[0] = y[0]
    b *= y
    return np.sum(a * a)


def alias_of_the_argument_written(x):
    """The argument under another name."""
    a = x
    a[0] = a[1] * a[2]
    return np.sum(x * x)


def alias_in_a_list_written(x):
    """A list holds the array itself."""
    a = x * 1.0
    items = [a, x]
    items[0][1] = x[0] * x[2]
    return np.sum(a * a)


def alias_in_a_dict_written(x):
    """So does a dict."""
    a = np.sin(x)
    d = {"a": a}
    d["a"] *= 2.0
    return np.sum(a * x)


def copy_is_no_alias(x):
    """A copy keeps what it holds."""
    a = x * 1.0
    b = a.copy()
    a[0] = 5.0
    return np.sum(a * b)


def alias_of_one_branch(x, y):
    """The alias exists on one path."""
    a = x * 1.0
    b = a if y[0] > 0.0 else a.copy()
    b *= y
    return np.sum(a * b)


def ping_pong(x, n):
    """Two buffers change places in each step."""
    u, v = x * 1.0, np.zeros(3)
    for _ in range(n):
        v[:] = np.sin(u) + 0.5 * u[::-1]
        u, v = v, u
    return np.sum(u * u)


def ping_pong_by_elements(x, n):
    """The same, element by element."""
    u, v = x * 1.0, np.zeros(3)
    for _ in range(n):
        for i in range(3):
            v[i] = 0.5 * (u[i - 1] + np.sin(u[i]))
        u, v = v, u
    return np.sum(u * u) + v[0]


def same_array_for_two_arguments(x):
    """A helper gets one array twice."""
    a = x * 1.0
    add_into(a, a)
    return np.sum(a * x)


def add_into(target, source):
    target += source * source


def element_is_a_value(x):
    """t = y[0] survives a later y[0] = ."""
    y = x * 1.0
    t = y[0]
    y[0] = y[1]
    y[1] = t * t
    return np.sum(y * x)


def slice_is_a_view(x):
    """v = y[0:1] sees the later store."""
    y = x * 1.0
    v = y[0:1]
    y[0] = x[1] * x[2]
    return np.sum(v * v) + y[0]


def row_is_a_view(w):
    """r = a[0] sees the later store."""
    a = w * 1.0
    r = a[0]
    a[0, 1] = w[1, 0]
    return np.sum(r * r)


def fancy_index_is_a_copy(x):
    """Indexing by a list copies."""
    y = x * 1.0
    c = y[[0, 1]]
    y[0] = 3.0
    return np.sum(c * c) + np.sum(y * x)


def mask_is_a_copy(x):
    """Indexing by a mask copies."""
    y = x * 1.0
    c = y[y > 0.0]
    y *= x
    return np.sum(c * c) + np.sum(y)


def flatten_is_a_copy(w):
    """flatten copies, ravel does not."""
    a = w * 1.0
    f = a.flatten()
    a[0] = 2.0
    return np.sum(f * f) + np.sum(a * w)


def elements_rotated_in_a_loop(x, n):
    """A ring buffer of values."""
    y = x * 1.0
    for _ in range(n):
        first = y[0]
        y[0] = np.sin(y[1])
        y[1] = y[2]
        y[2] = first * 0.5
    return np.sum(y * y)


def swap_and_element_reads(x, y, n):
    """Names change places around reads and stores of elements."""
    u, v = x * 1.0, y * 1.0
    total = 0.0
    for _ in range(n):
        t = u[0]
        u[0] = v[1]
        v[1] = t * 0.5
        u, v = v, u
        total += u[0] * v[1]
    return total + np.sum(u * v)


def asks_what_it_has(x):
    """isinstance, type, dtype and ndim answer as ever."""
    assert isinstance(x, np.ndarray)
    assert type(x) is np.ndarray
    if x.dtype == np.float64 and np.ndim(x) == x.ndim:
        return np.sum(x * x)
    return np.sum(x)


def asks_in_a_helper(x, c):
    """A helper that takes arrays and numbers."""
    return squared(x) * squared(c)


def squared(v):
    if isinstance(v, np.ndarray):
        return np.sum(v * v)
    return v * v


CASES = [
    *each(slice_written, (X,), (X5,)),
    *each(base_written, (X,)),
    *each(row_written, (W, X)),
    *each(column_written, (W,), (S,)),
    *with_rows(rows_written_in_a_loop),
    *with_rows(rows_of_the_loop_written),
    *each(transpose_written, (W, X)),
    *each(transpose_assigned_whole, (W,)),
    *each(reshape_written, (W, X)),
    *each(ravel_written, (W, X)),
    *each(einsum_diagonal_written, (S, X)),
    *each(einsum_diagonal_augmented, (S,)),
    *each(flat_assigned, (W,)),
    *each(flat_assigned_slice, (W, X)),
    *each(newaxis_written, (X,)),
    *each(view_of_a_view_written, (W,), (S,)),
    *each(two_views_written, (X,)),
    *each(view_of_the_argument_written, (X, Y)),
    *each(alias_written, (X, Y)),
    *each(alias_of_the_argument_written, (X,)),
    *each(alias_in_a_list_written, (X,)),
    *each(alias_in_a_dict_written, (X,)),
    *each(copy_is_no_alias, (X,)),
    *each(alias_of_one_branch, (X, Y), (X, -Y), may_refuse="UnsupportedWrite"),
    *with_trips(ping_pong, X),
    *with_trips(ping_pong_by_elements, X),
    *each(same_array_for_two_arguments, (X,)),
    *each(element_is_a_value, (X,)),
    *each(slice_is_a_view, (X,)),
    *each(row_is_a_view, (W,), (M,)),
    *each(fancy_index_is_a_copy, (X,)),
    *each(mask_is_a_copy, (X,)),
    *each(flatten_is_a_copy, (W,)),
    *with_trips(elements_rotated_in_a_loop, X),
    *with_trips(swap_and_element_reads, X, Y),
    *each(asks_what_it_has, (X,), (W,)),
    *each(asks_in_a_helper, (X, 0.7), (0.7, W)),
]
