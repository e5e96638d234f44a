"""Loops over all that Python loops over, with 0, 1, 2, 3 and 10 trips."""

import numpy as np

from tests.programs.inputs import S, W, X, Y, each, with_rows, with_sizes, with_trips

PAIR = {"low": 0.5, "high": 1.5}


def over_range(x, n):
    """The plainest loop."""
    total = 0.0
    for i in range(n):
        total += np.sin(x[i % 3]) * (i + 1.0)
    return total + np.sum(x)


def over_range_from(x, n):
    """A range with a start."""
    total = np.sum(x)
    for i in range(1, n + 1):
        total = total * 0.5 + np.cos(x[i % 3])
    return total


def over_range_with_step(x, n):
    """A range whose last step is not whole."""
    total = np.sum(x)
    for i in range(0, n, 2):
        total = total + x[i % 3] ** 2 * i
    return total


def over_elements(x):
    """Each element is a scalar."""
    total = 0.0
    for v in x:
        total += np.sin(v) * v
    return total


def over_rows(w):
    """Each row is an array."""
    total = 0.0
    for row in w:
        total += np.sum(row) ** 2
    return total


def over_rows_carried(w):
    """A state that meets one row after the other."""
    h = np.zeros(3)
    for row in w:
        h = np.tanh(0.5 * h + row)
    return np.sum(h * h)


def over_columns(w):
    """The rows of a transpose are the columns."""
    total = 0.0
    for column in w.T:
        total = total * 0.5 + np.sum(column * column)
    return total


def over_list_of_arrays(x, y):
    """A list that is written in place."""
    total = 0.0
    for a in [x, y, x * y]:
        total = total * 0.5 + np.sum(np.sin(a))
    return total


def over_list_argument(parts):
    """A list that is passed in."""
    total = 0.0
    for part in parts:
        total += np.sum(part * part) * 0.5
    return total


def over_tuple_of_numbers(x):
    """The items are constants."""
    total = 0.0
    for c in (0.5, 1.5, -2.0):
        total += np.sum(np.sin(c * x))
    return total


def over_layers(x, layers):
    """Pairs are unpacked by the loop's target."""
    h = x
    for w, b in layers:
        h = np.tanh(w @ h + b)
    return np.sum(h * h)


def over_dict_items(x, params):
    """Keys choose what happens, values take part."""
    total = 0.0
    for name, value in params.items():
        if name == "scale":
            total += np.sum(x * value)
        else:
            total += np.sum(np.sin(x + value))
    return total


def over_dict_values(params):
    """The values of a dict of arrays: the sum of squares of a regulariser."""
    penalty = 0.0
    for p in params.values():
        penalty += np.sum(p * p)
    return penalty


def over_dict_keys(x, params):
    """A dict is iterated by its keys."""
    total = 0.0
    for key in params:
        total += np.sum(x) * params[key] ** 2
    return total


def over_global_dict(x):
    """A dict of constants outside of the function."""
    total = 0.0
    for name, factor in PAIR.items():
        total += np.sum(np.sin(factor * x)) * len(name)
    return total


def over_enumerate(x):
    """The count is an integer, the item a scalar."""
    total = 0.0
    for i, v in enumerate(x):
        total += v**2 * (i + 1)
    return total


def over_enumerate_from(w):
    """A count that starts at one, and rows."""
    total = 0.0
    for k, row in enumerate(w, 1):
        total += np.sum(row * row) / k
    return total


def over_zip(x, y):
    """Two arrays side by side, as long as the shorter one."""
    total = 0.0
    for a, b in zip(x, y):
        total += a * np.sin(b)
    return total


def over_zip_of_three(x, y, w):
    """An array, another, and rows."""
    total = 0.0
    for a, b, row in zip(x, y, w):
        total = total + a * b * np.sum(np.sin(row))
    return total


def over_enumerate_of_zip(x, y):
    """A nested target."""
    total = 0.0
    for i, (a, b) in enumerate(zip(x, y)):
        total += a * b**2 * (i + 0.5)
    return total


def over_zip_with_constants(x):
    """One of the two is a list of numbers."""
    total = 0.0
    for v, weight in zip(x, [1.0, 2.0, 3.0]):
        total += weight * np.cos(v)
    return total


def over_reversed_array(x):
    """The order counts."""
    total = 0.0
    for v in reversed(x):
        total = np.sin(total * 0.5 + v)
    return total


def over_reversed_range(x, n):
    """Downwards."""
    total = np.sum(x)
    for i in reversed(range(n)):
        total = np.sin(total) + x[i % 3] * i
    return total


def over_reversed_list(x, layers):
    """The layers from last to first."""
    h = x
    for w in reversed(layers):
        h = np.sin(w @ h)
    return np.sum(h)


def over_reversed_slice(x):
    """A negative step."""
    total = 0.0
    for v in x[::-1]:
        total = total * v + v
    return total


def triangular_matrix_loop(s):
    """Two indices below one another."""
    total = 0.0
    for i in range(len(s)):
        for j in range(i + 1):
            total += s[i, j] * np.sin(s[j, i])
    return total


def index_read_after(x, n):
    """The index keeps its last value."""
    i = 0
    total = np.sum(x)
    for i in range(n):
        total = total + x[i % 3] * i
    return total * x[i % 3] + i


def element_read_after(x):
    """The last element of the loop, read below it."""
    v = 0.0
    total = 0.0
    for v in x:
        total += v * v
    return total * np.sin(v)


def row_read_after(w):
    """The last row, read below the loop."""
    row = np.ones(3)
    for row in w:
        pass
    return np.sum(row * row)


def index_reused(x, n):
    """One name for the indices of two loops."""
    total = np.sum(x)
    for i in range(n):
        total = np.sin(total) + i * x[0]
    for i in range(n):
        total = np.cos(total) + i * x[1]
    return total * (x[2] + n)


def index_rebound_in_the_body(x, n):
    """Python's loop does not care."""
    total = np.sum(x)
    for i in range(n):
        total = total + x[i % 3] * i
        i = i * 2 + 1
        total = total + x[i % 3] ** 2
    return total


def loop_over_a_rebound_array(x, n):
    """The loop keeps the array that it began with."""
    total = 0.0
    y = x
    for v in y:
        y = y * 0.5
        total += v * y[0]
    return total + np.sum(y) * n


def wild_sizes(x, n):
    """A range over a size that is computed."""
    total = 0.0
    for i in range(min(n, len(x))):
        total += x[i] * x[-1 - i]
    return total + np.sum(x)


def running_maximum(x):
    """max of what came before."""
    best = x[0]
    for v in x:
        best = max(best, v)
    return best * best


LAYERS = [(S, X), (S.T.copy(), Y), (0.5 * S, X)]
PARAMS = {"scale": np.float64(0.7) * Y, "shift": X * 0.3}


CASES = [
    *with_trips(over_range, X),
    *with_trips(over_range_from, X),
    *with_trips(over_range_with_step, X),
    *with_sizes(over_elements),
    *with_rows(over_rows),
    *with_rows(over_rows_carried),
    *each(over_columns, (W,), (S,)),
    *each(over_list_of_arrays, (X, Y)),
    *each(over_list_argument, ([X, Y],), ([X],), ([X, W, S],), ([],)),
    *each(over_tuple_of_numbers, (X,), (W,)),
    *each(over_layers, (X, LAYERS), (X, LAYERS[:1]), (Y, [])),
    *each(over_dict_items, (X, PARAMS)),
    *each(over_dict_values, (PARAMS,), ({"w": W},)),
    *each(over_dict_keys, (X, {"a": 0.4, "b": -1.2})),
    *each(over_global_dict, (X,)),
    *with_sizes(over_enumerate),
    *with_rows(over_enumerate_from),
    *with_sizes(over_zip, Y),
    *each(over_zip_of_three, (X, Y, S)),
    *with_sizes(over_enumerate_of_zip, Y),
    *with_sizes(over_zip_with_constants),
    *with_sizes(over_reversed_array),
    *with_trips(over_reversed_range, X),
    *each(over_reversed_list, (X, [S, S.T.copy()]), (X, [S])),
    *with_sizes(over_reversed_slice),
    *each(triangular_matrix_loop, (S,)),
    *with_trips(index_read_after, X),
    *with_sizes(element_read_after),
    *with_rows(row_read_after),
    *with_trips(index_reused, X),
    *with_trips(index_rebound_in_the_body, X),
    *each(loop_over_a_rebound_array, (X, 2)),
    *with_trips(wild_sizes, X),
    *each(running_maximum, (X,), (Y,)),
]
