"""Lists and dicts that are built, changed, and stacked."""

import numpy as np

from tests.programs.inputs import W, X, Y, each, with_sizes, with_trips


def list_appended(x, n):
    """A list grows, and is stacked."""
    rows = [x]
    for i in range(n):
        rows.append(np.sin(rows[-1]) * (1.2 - 0.1 * i))
    return np.sum(np.stack(rows) ** 2)


def list_of_scalars(x):
    """A list of numbers becomes an array."""
    values = []
    for v in x:
        values.append(v * v)
    return np.sum(np.array(values) * np.cos(x))


def list_popped(x):
    """A stack of arrays."""
    stack = [x, np.sin(x), x * x]
    last = stack.pop()
    first = stack.pop(0)
    return np.sum(last * first) + np.sum(stack[0])


def list_inserted(x, y):
    """An item in the middle."""
    items = [x, y]
    items.insert(1, x * y)
    return np.sum(items[0] * items[1] - items[2])


def list_item_assigned(x, n):
    """A list as a table that is rewritten."""
    table = [x[0], x[1], x[2]]
    for i in range(n):
        table[i % 3] = np.sin(table[(i + 1) % 3]) + table[i % 3]
    return table[0] * table[1] + table[2]


def list_of_arrays_filled(x, n):
    """Each trip fills an array of its own, and appends it."""
    rows = [x]
    for i in range(n):
        row = np.zeros_like(x)
        row[0] = x[1] * rows[-1][2]
        row[1:] = np.sin(x[:2]) * i
        rows.append(row)
    return np.sum(np.stack(rows) ** 2)


def list_item_written(x, n):
    """An array is written after it was appended: the list sees it."""
    rows = []
    a = x * 1.0
    for i in range(n):
        rows.append(a)
        a[0] = 5.0 * i
    return np.sum(np.stack([x, *[x]])) + np.sum(sum(rows)) * x[1]


def list_repeated_as_often_as_called(x, n):
    """`[a] * n` holds one array n times."""
    a = np.sin(x)
    return np.sum(np.array([a] * n)) * np.sum(a)


def list_repeated_then_replaced(x, n):
    """A table that begins with one item everywhere."""
    a = np.sin(x)
    table = [a] * n
    for i in range(n):
        table[i] = table[i - 1] * x
    return np.sum(np.array(table)) if n > 0 else np.sum(a)


def list_concatenated(x, n):
    """Pieces of a long vector."""
    parts = []
    for i in range(n):
        parts.append(x * (i + 1.0))
    parts.append(np.cos(x))
    return np.sum(np.concatenate(parts) ** 2)


def dict_by_key(x):
    """A dict built key by key."""
    cache = {}
    cache["sine"] = np.sin(x)
    cache["product"] = cache["sine"] * x
    cache["sine"] = cache["sine"] + 1.0
    return np.sum(cache["product"] * cache["sine"])


def dict_in_a_loop(x):
    """A dict with integer keys."""
    states = {0: x}
    for i in range(3):
        states[i + 1] = np.cos(states[i]) * x
    return np.sum(states[3] * states[1])


CASES = [
    *with_sizes(list_of_scalars),
    *with_trips(list_appended, X),
    *each(list_popped, (X,), (W,)),
    *each(list_inserted, (X, Y)),
    *with_trips(list_item_assigned, X),
    *with_trips(list_concatenated, X),
    *with_trips(list_of_arrays_filled, X),
    *with_trips(list_item_written, X, may_refuse="UnsupportedWrite"),
    *with_trips(list_repeated_as_often_as_called, X),
    *with_trips(list_repeated_then_replaced, X),
    *each(dict_by_key, (X,), (W,)),
    *each(dict_in_a_loop, (X,)),
]
