"""What the right-hand column of the language's table lets srcad refuse: right, or that error."""

import functools

import numpy as np
import scipy.integrate

from tests.programs.inputs import W, X, Y, each

STATE = [0.5]
COUNT = 0


def generator_as_state(x):
    """An iterator that is half consumed."""
    items = iter([x[0], x[1], x[2]])
    first = next(items)
    return first * sum(items)


def generator_function(x):
    """A helper that yields."""
    total = 0.0
    for v in halves(x):
        total += v * v
    return total


def halves(x):
    for v in x:
        yield 0.5 * v


def match_statement(x, kind):
    """match chooses."""
    match kind:
        case "sine":
            y = np.sin(x)
        case _:
            y = x * x
    return np.sum(y)


def global_write(x):
    """A module's variable is rebound."""
    global COUNT
    COUNT = COUNT + 1
    return np.sum(x * x)


def nonlocal_write(x):
    """A variable of the enclosing function is rebound."""
    total = 0.0

    def add(v):
        nonlocal total
        total = total + v * v

    add(x[0])
    add(x[1])
    return total


class Counter:
    def __init__(self):
        self.value = 0.0


def attribute_write(x):
    """An attribute is assigned."""
    counter = Counter()
    counter.value = np.sum(x)
    return counter.value**2


def set_of_active_values(x):
    """A set has no order."""
    return max({x[0], x[1], x[2]}) * x[0]


def try_around_active_code(x):
    """An exception may fall anywhere."""
    try:
        y = np.sum(x) / x[0]
    except ZeroDivisionError:
        y = np.sum(x)
    return y * y


def write_through_an_undecided_alias(x, y):
    """The array that is written is one of two."""
    a, b = x * 1.0, y * 1.0
    c = a if x[0] > y[0] else b
    c[0] = 2.0
    c *= x
    return np.sum(a * b)


def write_through_an_undecided_list(x, n):
    """An item of a list, known at run time only."""
    items = [x * 1.0, x * 2.0]
    k = int(np.sum(x) > n)
    items[k] *= x
    return np.sum(items[0] * items[1])


def write_of_a_global(x):
    """An array outside of the function would keep the change."""
    STATE.append(0.0)
    STATE.pop()
    return np.sum(x * STATE[0])


def eval_of_a_text(x):
    """A text as a program."""
    return eval("np.sum(x * x)")


def laundered_through_text(x):
    """A number that comes back from its digits."""
    return float(str(x[0])) * x[1]


def iterator_over_array(x):
    """next on an array's iterator."""
    items = iter(x)
    return next(items) * next(items)


def write_to_a_filtered_copy(x):
    """A store into what indexing copied is lost, as in Python."""
    y = x * 1.0
    y[[0, 1]][0] = 5.0
    return np.sum(y * x)


def cached_helper(x):
    """A decorator that changes what the helper does."""
    return np.sum(x * slope(2.0))


@functools.lru_cache
def slope(k):
    return k * k


def class_in_the_body(x):
    """A class within the function."""

    class Pair:
        scale = 2.0

    return np.sum(x) * Pair.scale


def closure_in_an_integral(x):
    """A closure over an active value goes to a call that cannot be read."""
    return x * scipy.integrate.quad(lambda s: x * s * s, 0.0, 1.0)[0]


def closure_in_reduce(x):
    """functools.reduce calls a closure."""
    return functools.reduce(lambda a, b: a * x + b, [1.0, 2.0]) * x


def closure_in_map(x):
    """map calls a closure."""
    return sum(map(lambda a: a * x, [1.0, 2.0])) * x


def closure_as_key(x):
    """A key function decides what max returns."""
    return max([1.0, 2.0], key=lambda a: -a * x) * x


def closure_in_apply_along_axis(x):
    """NumPy calls a closure."""
    return np.sum(np.apply_along_axis(lambda row: row * x, 0, np.ones((2, 2)))) * x


def closure_in_fromfunction(x):
    """NumPy calls a closure once."""
    return np.sum(np.fromfunction(lambda i: i * x, (3,))) * x


def closure_in_a_container(x):
    """The closure hides in a list that is handed on."""
    return called([lambda a: a * x]) * x


def called(functions):
    return functions[0](2.0)


CASES = [
    *each(generator_as_state, (X,), may_refuse="UnsupportedSyntax UnknownCall"),
    *each(generator_function, (X,), oracle=False, may_refuse="UnsupportedSyntax"),
    *each(match_statement, (X, "sine"), (X, "other"), oracle=False, may_refuse="UnsupportedSyntax"),
    *each(global_write, (X,), oracle=False, may_refuse="UnsupportedSyntax"),
    *each(nonlocal_write, (X,), may_refuse="UnsupportedSyntax"),
    *each(attribute_write, (X,), may_refuse="UnsupportedSyntax"),
    *each(set_of_active_values, (X,), may_refuse="UnsupportedSyntax"),
    *each(try_around_active_code, (X,), may_refuse="UnsupportedSyntax"),
    *each(write_through_an_undecided_alias, (X, Y), (Y, X), may_refuse="UnsupportedWrite"),
    *each(
        write_through_an_undecided_list,
        (X, 0),
        (X, 2),
        may_refuse="UnsupportedWrite UnsupportedSyntax UnknownCall",
    ),
    *each(write_of_a_global, (X,), may_refuse="UnsupportedWrite UnknownCall UnsupportedSyntax"),
    *each(eval_of_a_text, (X,), oracle=False, may_refuse="UnsupportedSyntax UnknownCall"),
    *each(laundered_through_text, (X,), oracle=False, may_refuse="Laundered UnknownCall"),
    *each(iterator_over_array, (X,), may_refuse="UnsupportedSyntax UnknownCall"),
    *each(write_to_a_filtered_copy, (X,), may_refuse="UnsupportedWrite UnsupportedSyntax"),
    *each(cached_helper, (X,), (W,), may_refuse="UnknownCall NoSource UnsupportedSyntax"),
    *each(closure_in_an_integral, (3.0,), oracle=False, may_refuse="UnknownCall Laundered"),
    *each(closure_in_reduce, (3.0,), may_refuse="UnknownCall Laundered"),
    *each(closure_in_map, (3.0,), may_refuse="UnknownCall Laundered"),
    *each(closure_as_key, (3.0,), may_refuse="UnknownCall Laundered"),
    *each(
        closure_in_apply_along_axis, (3.0,), oracle=False, may_refuse="UnknownCall Laundered NoRule"
    ),
    *each(closure_in_fromfunction, (3.0,), oracle=False, may_refuse="UnknownCall Laundered NoRule"),
    *each(closure_in_a_container, (3.0,)),
    *each(class_in_the_body, (X,), oracle=False, may_refuse="UnsupportedSyntax"),
]
