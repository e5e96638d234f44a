"""Containers as arguments, comprehensions, and Python's functions of many values."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tests.programs.inputs import X5, S, W, X, Y, each, with_rows, with_sizes, with_trips


class Parameters(NamedTuple):
    weight: Any
    bias: Any


@dataclass
class Model:
    weight: Any
    bias: Any
    scale: float = 1.0

    def predict(self, x):
        return np.tanh(self.weight @ x + self.bias) * self.scale


@dataclass(frozen=True)
class Network:
    first: Model
    second: Parameters


def tuple_argument(pair):
    """The gradient is a tuple."""
    a, b = pair
    return np.sum(a * np.sin(b))


def list_argument(items):
    """The gradient is a list."""
    return np.sum(items[0] * items[-1]) * len(items)


def dict_argument(params):
    """The gradient is a dict."""
    return np.sum(params["w"] @ params["b"]) ** 2


def nested_argument(tree):
    """A dict of lists of tuples."""
    total = 0.0
    for w, b in tree["layers"]:
        total += np.sum(np.sin(w)) * np.sum(b)
    return total * tree["scale"]


def namedtuple_argument(params, x):
    """Fields by name."""
    return np.sum(np.tanh(params.weight @ x + params.bias))


def namedtuple_unpacked(params, x):
    """Fields by position."""
    w, b = params
    return np.sum(np.sin(w @ x) * b)


def dataclass_argument(model, x):
    """Fields by attribute."""
    return np.sum(np.tanh(model.weight @ x + model.bias) * model.scale)


def dataclass_method(model, x):
    """A method of the argument."""
    return np.sum(model.predict(x) * x)


def nested_dataclass(network, x):
    """A dataclass of a dataclass and a namedtuple."""
    h = network.first.predict(x)
    return np.sum(network.second.weight @ h + network.second.bias)


def namedtuple_made(x, y):
    """A namedtuple of the function's own."""
    p = Parameters(weight=np.sin(x), bias=y)
    q = p._replace(bias=p.bias * x)
    return np.sum(p.weight * q.bias)


def dataclass_made(s, x):
    """A dataclass of the function's own."""
    model = Model(s, x, scale=0.5)
    return np.sum(model.predict(x))


def array_in_two_places(x):
    """A list that holds one array twice."""
    items = [x, x * x, x]
    return np.sum(items[0] * items[1] * items[2])


def list_comprehension(x):
    """One array for each number."""
    powers = [x**k for k in range(1, 4)]
    return np.sum(powers[0] * powers[2] + powers[1])


def list_comprehension_over_elements(x):
    """The elements of an array, stacked again."""
    return np.sum(np.array([np.sin(v) * v for v in x]))


def list_comprehension_over_rows(w):
    """The rows of a matrix."""
    return np.sum(np.array([np.sum(row * row) for row in w]) ** 2)


def comprehension_with_condition(x):
    """Some elements only."""
    return sum([v * v for v in x if v > 0.0])


def comprehension_of_two_loops(x, y):
    """Every pair."""
    return sum([a * np.sin(b) for a in x for b in y])


def comprehension_with_zip(x, y):
    """Pairs side by side."""
    return sum([a * b**2 for a, b in zip(x, y)])


def comprehension_of_comprehensions(w):
    """A matrix as nested lists."""
    return np.sum(np.array([[np.sin(v) for v in row] for row in w]))


def comprehension_scope(x):
    """The name within is not the name without."""
    v = np.sum(x)
    squares = [v * v for v in x]
    return sum(squares) * v


def dict_comprehension(params):
    """A dict from a dict."""
    halved = {name: 0.5 * value for name, value in params.items()}
    return np.sum(halved["w"] @ halved["b"])


def dict_merged(params):
    """A dict from another and a new key."""
    more = {**params, "c": np.sin(params["b"])}
    return np.sum(more["w"] @ more["c"] * np.sum(more["b"]))


def dict_get_and_in(x, params):
    """Questions about keys."""
    y = x * params["scale"]
    if "shift" in params:
        y = y + params["shift"]
    return np.sum(y) * params.get("factor", 2.0)


def generator_in_sum(x):
    """sum over a generator expression, which is consumed at once."""
    return sum(v * v for v in x)


def sum_of_a_list(x, y):
    """sum starts at 0."""
    return sum([x[0] * y[0], x[1], np.sin(y[2])])


def sum_of_nothing(x):
    """An empty sum is the start."""
    return sum([v * v for v in x if v > 5.0], 0.5) + sum([v for v in x], 0.0)


def sum_with_a_start(x, y):
    """sum of arrays from a start."""
    return np.sum(sum([x * y, np.sin(x)], y))


def max_of_two(x):
    """max picks one."""
    return max(x[0] * x[1], np.sin(x[2])) * x[0]


def max_of_a_list(x):
    """max of computed values."""
    return max([np.sum(x), np.sum(x * x), x[0]]) ** 2


def min_of_several(x):
    """min picks one."""
    return min(x[0], x[1], x[2] * 2.0) * np.sum(x)


def min_and_max_of_an_array(x):
    """An array is iterated."""
    return max(x) * min(x)


def abs_of_values(x):
    """abs of a scalar, and of an array."""
    return abs(x[0]) * np.sum(abs(x)) + abs(-2.0)


def len_of_containers(x, items):
    """len is a number."""
    return np.sum(x) * len(x) + np.sum(items[0]) * len(items)


def sorted_scalars(x):
    """sorted is a permutation."""
    low, middle, high = sorted([x[0], x[1], x[2]])
    return low * 2.0 + middle * high


def list_slices(x, n):
    """Slices and repetitions of lists."""
    items = [x * k for k in range(5)]
    return np.sum(np.stack(items[1:4])) + np.sum(sum(items[:2] + items[-1:], x)) * n


def tuple_of_results(x):
    """A tuple grows."""
    results = ()
    for i in range(3):
        results = (*results, np.sum(x**i))
    return results[1] * results[2]


def enumerate_in_comprehension(x):
    """A count within."""
    return sum([v * i for i, v in enumerate(x)])


def any_and_all(x):
    """Python's any and all of comparisons."""
    if any([v > 0.5 for v in x]) and not all([v > 0.0 for v in x]):
        return np.sum(x * x)
    return np.sum(x)


def comprehension_over_a_range(x, n):
    """As many items as the call says, unpacked by a loop."""
    total = x[0]
    for row in [x**k for k in range(n) if x[k % 3] > 0.0]:
        total = total + np.sum(row)
    return total


def comprehension_that_chooses(x):
    """Whether an item is taken is known when it runs."""
    return np.sum(np.array([x[0], *[x[i] ** 2 for i in range(0)]])) + len(
        [v for v in x if v > 0.0]
    ) * np.sum(x)


PARAMS = {"w": S, "b": X}
MODEL = Model(S, Y, 0.7)
LAYERS = {"layers": [(W, X), (S, Y)], "scale": 0.5}

CASES = [
    *each(tuple_argument, ((X, Y),)),
    *each(list_argument, ([X, Y],), ([X, W, Y],), ([X],)),
    *each(dict_argument, (PARAMS,)),
    *each(nested_argument, (LAYERS,)),
    *each(namedtuple_argument, (Parameters(S, Y), X)),
    *each(namedtuple_unpacked, (Parameters(S, Y), X)),
    *each(dataclass_argument, (MODEL, X)),
    *each(dataclass_method, (MODEL, X)),
    *each(nested_dataclass, (Network(MODEL, Parameters(S, X)), Y)),
    *each(namedtuple_made, (X, Y)),
    *each(dataclass_made, (S, X)),
    *each(array_in_two_places, (X,), (W,)),
    *each(list_comprehension, (X,), (W,)),
    *with_sizes(list_comprehension_over_elements),
    *with_rows(list_comprehension_over_rows),
    *with_sizes(comprehension_with_condition)[1:],
    *with_sizes(comprehension_of_two_loops, Y)[1:],
    *with_sizes(comprehension_with_zip, Y)[1:],
    *each(comprehension_of_comprehensions, (W,), (S,)),
    *with_sizes(comprehension_scope),
    *each(dict_comprehension, (PARAMS,)),
    *each(dict_merged, (PARAMS,)),
    *each(dict_get_and_in, (X, {"scale": 0.4}), (X, {"scale": 0.4, "shift": Y, "factor": 0.7})),
    *with_sizes(generator_in_sum, may_refuse="UnsupportedSyntax")[1:],
    *each(sum_of_a_list, (X, Y)),
    *with_sizes(sum_of_nothing),
    *each(sum_with_a_start, (X, Y)),
    *each(max_of_two, (X,), (-X,)),
    *each(max_of_a_list, (X,), (Y,), (-X,)),
    *each(min_of_several, (X,), (Y,)),
    *each(min_and_max_of_an_array, (X,), (X5,)),
    *each(abs_of_values, (X,), (-X,)),
    *each(len_of_containers, (X, [Y, X])),
    *each(sorted_scalars, (X,), (Y,)),
    *with_trips(list_slices, X),
    *each(tuple_of_results, (X,)),
    *with_sizes(enumerate_in_comprehension)[1:],
    *with_trips(comprehension_over_a_range, X),
    *with_sizes(comprehension_that_chooses)[1:],
    *each(any_and_all, (X,), (Y,), (np.abs(X),)),
]
