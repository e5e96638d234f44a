"""Writes whose source and target overlap, aliases that meet again, and what arrays were before."""

import numpy as np

from tests.programs.inputs import M, S, W, X, Y, each, with_trips


def tail_written_twice(x):
    """An element reached through a view and from the end."""
    a = x * 1.0
    v = a[-2:]
    v[-1] = a[0]
    a[-2] = v[-1] * 2.0
    return np.sum(a * a)


def added_to_itself(x):
    """The same array on both sides."""
    a = x * 1.0
    a += a
    a *= a
    a -= a[0]
    return np.sum(a * x)


def neighbours_multiplied(x):
    """Overlapping slices, read and written in turns."""
    a = x * 1.0
    a[1:] *= a[:-1]
    a[:-1] += a[1:]
    return np.sum(a * x)


def reversed_added(x):
    """An array is added to its own mirror image."""
    a = x * 1.0
    a += a[::-1]
    return np.sum(a * x * a)


def filled_from_an_element(x):
    """The element is a value, the slice of one a view."""
    a = x * 1.0
    a[:] = a[0]
    a[1:] = a[0:1] * x[1]
    return np.sum(a * x)


def rows_from_rows(w):
    """A row is spread over all rows."""
    a = w * 1.0
    a[:] = a[0] * a[1]
    a[1] += a[0]
    return np.sum(a * w)


def rows_and_columns(w):
    """A row from a column, and a column from a row."""
    a = w * 1.0
    a[0] = a[:, 0][0]
    a[:, 1] = a[0, :2]
    return np.sum(a * w)


def view_outside_of_the_loop(x, n):
    """Two names write one array in turns."""
    a = x * 1.0
    v = a[1:]
    for _ in range(n):
        v[0] = v[0] * a[0]
        a[0] = a[0] * v[1]
    return np.sum(a)


def view_of_the_former_array(x, n):
    """The base is rebound, the view stays with what it was taken from."""
    a = x * 1.0
    v = a[1:]
    for _ in range(n):
        v[0] = v[0] * a[0]
        a = a * 0.5
    return np.sum(a) + np.sum(v)


def views_swapped(x, n):
    """The names of two views of one array change places."""
    a = x * 1.0
    u, v = a[:1], a[1:2]
    for _ in range(n):
        u[0] = v[0] * a[2]
        u, v = v, u
    return np.sum(a * x)


def slices_swapped(x):
    """A tuple of slices holds views: the second store sees the first."""
    a = x * 1.0
    a[:1], a[1:2] = a[1:2], a[:1]
    return np.sum(a * x * a)


def stores_in_a_chain(x):
    """One value for an array, a slice and a name."""
    a, b = np.zeros(3), np.zeros(3)
    a[:] = b[1:] = c = x[0] * x[1]
    return np.sum(a * x) + np.sum(b * x) * c


def stores_in_a_tuple(x):
    """Items and names in one target."""
    a = x * 1.0
    (a[2], b), c = (a[0], a[1]), a[2]
    return np.sum(a * x) * b * c


def store_in_each_branch(x, y):
    """Other elements on other paths."""
    a = x * 1.0
    if y[0] > 0.0:
        a[0] = a[1] * y[0]
    else:
        a[1] *= 2.0
    a[2] += a[0]
    return np.sum(a * a)


def mask_of_the_old_values(x):
    """A mask is what it was when it was computed."""
    a = x * 1.0
    m = a > 0.0
    a[0] = -1.0
    a[m] *= 3.0
    return np.sum(a * x)


def mask_and_its_complement(x):
    """Two parts, the second from the first."""
    a = x * 1.0
    m = a > 0.0
    a[m] = a[m] * 2.0
    a[~m] = a[m][:1]
    return np.sum(a * x)


def index_array_changes(x):
    """The backward sweep needs the indices that they were."""
    a = x * 1.0
    i = np.array([0, 1])
    a[i] = a[i] * 2.0
    i[0] = 2
    a[i] += 1.5 * a[0]
    return np.sum(a * x)


def index_changes_in_the_loop(x, n):
    """The place of the store is carried."""
    a = x * 1.0
    k = 0
    for _ in range(n):
        a[k] = a[(k + 1) % 3] * 1.5
        k = (k + 2) % 3
    return np.sum(a * x) + k


def several_accumulators(x, n):
    """Items as variables."""
    a = np.zeros(2)
    for i in range(n):
        a[0] += x[i % 3]
        a[1] += a[0] * x[i % 3]
        a[i % 2] *= 0.9
    return a[0] * a[1]


def buffer_made_in_the_loop(x, n):
    """A new array in each iteration."""
    total = 0.0
    for i in range(n):
        a = np.zeros(3)
        a[i % 3] = x[i % 3] ** 2
        a[i % 3 - 1] = a[i % 3] * x[0]
        total = total + np.sum(a * x)
    return total


def buffer_kept_by_the_loop(x, n):
    """One array for all iterations."""
    a = np.zeros(3)
    total = 0.0
    for i in range(n):
        a[i % 3] = np.sin(x[i % 3] + total)
        total = total + np.sum(a * a)
    return total


def helper_gets_one_array_twice(x):
    """Both parameters are one array, and so is the result."""
    a = x * 1.0
    c = crossed(a, a)
    c[1] *= 2.0
    return np.sum(a * x)


def helper_gets_an_array_and_its_mirror(x):
    """The parameters are views of one array."""
    a = x * 1.0
    crossed(a, a[::-1])
    return np.sum(a * x)


def helper_gets_overlapping_slices(x):
    """The parameters overlap in part."""
    a = np.concatenate([x, x])
    crossed(a[:3], a[1:])
    return np.sum(a * a)


def crossed(a, b):
    a[0] = b[1]
    b[1] = a[2]
    return a


def helper_returns_a_view(x):
    """The result of a call is a part of its argument."""
    a = x * 1.0
    v = tail(a)
    v *= 2.0
    tail(v)[0] = a[0]
    return np.sum(a * x)


def tail(a):
    return a[1:]


def list_of_one_array_twice(x):
    """Two items, one array."""
    a = x * 1.0
    items = [a, a]
    items[0][0] = 2.0
    items[1][1] *= x[0]
    return np.sum(a * x)


def list_repeated(x):
    """`[a] * 2` holds one array twice."""
    a = x * 1.0
    items = [a] * 2
    items[0][0] = 2.0
    return np.sum(items[1] * x)


def list_item_replaced(x):
    """The item is another array afterwards."""
    a = x * 1.0
    items = [a]
    items[0] = items[0] * 2.0
    items[0][0] = 1.0
    return np.sum(a * items[0])


def dict_of_an_array_and_its_view(x):
    """A dict of aliases."""
    a = x * 1.0
    parts = {"all": a, "tail": a[1:]}
    parts["tail"][0] = 3.0
    parts["all"] *= x
    return np.sum(a * x) + np.sum(parts["tail"])


def view_outlives_its_base(x):
    """The base's name is deleted."""
    a = x * 1.0
    v = a[:2]
    del a
    v[0] = 2.0
    return np.sum(v * x[:2])


def stored_in_single_precision(x):
    """A store rounds."""
    a = np.zeros(3, dtype=np.float32)
    a[:] = x * 2.0
    b = np.zeros(3)
    b[1:] = x[:2]
    b += a
    return np.sum(b * a)


def empty_slices_written(x, n):
    """A store into nothing."""
    a = x * 1.0
    for i in range(n, n):
        a[i] = 0.0
    a[1:1] = 3.0
    a[5:] = a[5:]
    return np.sum(a * x)


def garbage_overwritten(x):
    """What np.empty held does not matter."""
    a = np.full(3, np.nan)
    a[:] = x
    b = np.empty(3)
    b[:] = a * 2.0
    return np.sum(b * a)


def transpose_stored(s, x):
    """A transpose of what was written is stored elsewhere."""
    a = s * 1.0
    a[0] = x
    c = np.zeros((3, 3))
    c[...] = np.sin(a.T)
    return np.sum(c)


def ravel_of_a_transpose(w):
    """A copy, as the layout decides: the base does not see the store."""
    a = (w * 1.0).T
    f = a.ravel()
    f[0] = 5.0
    return np.sum(a * a) + np.sum(f * f)


def store_of_a_conditional_expression(x):
    """The value is chosen."""
    a = x * 1.0
    a[0] = a[1] if a[2] > 0.0 else a[2] * 2.0
    return np.sum(a * a)


SINGLE = X.astype(np.float32)
CASES = [
    *each(tail_written_twice, (X,)),
    *each(added_to_itself, (X,), (W,)),
    *each(neighbours_multiplied, (X,)),
    *each(reversed_added, (X,)),
    *each(filled_from_an_element, (X,)),
    *each(rows_from_rows, (W,), (M,)),
    *each(rows_and_columns, (W,)),
    *with_trips(view_outside_of_the_loop, X),
    *with_trips(view_of_the_former_array, X),
    *with_trips(views_swapped, X),
    *each(slices_swapped, (X,)),
    *each(stores_in_a_chain, (X,)),
    *each(stores_in_a_tuple, (X,)),
    *each(store_in_each_branch, (X, Y), (X, -Y)),
    *each(mask_of_the_old_values, (X,), (Y,)),
    *each(mask_and_its_complement, (X,)),
    *each(index_array_changes, (X,)),
    *with_trips(index_changes_in_the_loop, X),
    *with_trips(several_accumulators, X),
    *with_trips(buffer_made_in_the_loop, X),
    *with_trips(buffer_kept_by_the_loop, X),
    *each(helper_gets_one_array_twice, (X,)),
    *each(helper_gets_an_array_and_its_mirror, (X,)),
    *each(helper_gets_overlapping_slices, (X,)),
    *each(helper_returns_a_view, (X,)),
    *each(list_of_one_array_twice, (X,)),
    *each(list_repeated, (X,)),
    *each(list_item_replaced, (X,)),
    *each(dict_of_an_array_and_its_view, (X,)),
    *each(view_outlives_its_base, (X,)),
    *each(stored_in_single_precision, (SINGLE,), smooth=False),
    *each(empty_slices_written, (X, 2)),
    *each(garbage_overwritten, (X,)),
    *each(transpose_stored, (S, X)),
    *each(ravel_of_a_transpose, (W,), may_refuse="UnsupportedWrite"),
    *each(store_of_a_conditional_expression, (X,), (-X,)),
]
