"""What lies outside of the function, and calls that are not read: state, order, kinds."""

import json

import numpy as np

from tests.programs.inputs import S, W, X, Y, each, with_trips


class Counter:
    """An object whose methods change what its attributes are."""

    def __init__(self):
        self.count = 1.0
        self.table = np.ones(3)

    def reset(self):
        self.count = 1.0
        self.table[:] = 1.0

    def double(self):
        self.table *= 2.0

    def tick(self):
        self.count += 1.0
        return self.count

    @property
    def ticked(self):
        return self.tick()


class SetItem:
    """A call that changes a list of the module."""

    def __init__(self, change):
        self.change = change

    def __call__(self):
        NUMBERS[0] = self.change(NUMBERS[0])


COUNTER = Counter()
NUMBERS = [1.0, 2.0]
RESTART = SetItem(lambda old: 1.0)
RAISE = SetItem(lambda old: old + 1.0)


def attribute_changes_between_reads(x):
    """One attribute, two values."""
    COUNTER.reset()
    a = COUNTER.count
    COUNTER.tick()
    b = COUNTER.count
    return np.sum(x) * a + np.sum(x * x) * b


def attribute_changes_after_its_use(x):
    """The backward sweep needs the value that it had."""
    COUNTER.reset()
    y = np.sum(x * x) * COUNTER.count
    COUNTER.tick()
    return y * np.sum(x)


def attribute_changes_in_a_loop(x, n):
    """Another value in each iteration."""
    COUNTER.reset()
    y = x
    for _ in range(n):
        y = np.sin(0.3 * y * COUNTER.count)
        COUNTER.tick()
    return np.sum(y)


def array_changes_after_its_use(x):
    """An array of an object, changed in place by a method."""
    COUNTER.reset()
    y = np.sum(np.sin(x * COUNTER.table))
    COUNTER.double()
    return y * y


def branch_on_a_changing_attribute(x, n):
    """The branch taken is not asked for again."""
    COUNTER.reset()
    y = x
    for _ in range(n):
        if COUNTER.count > 1.5:
            y = np.sin(y)
        else:
            y = y * y
        COUNTER.tick()
    return np.sum(y)


def property_that_counts(x):
    """Reading an attribute can run code."""
    COUNTER.reset()
    a = COUNTER.ticked
    b = COUNTER.ticked
    return np.sum(x * x) * (b - a)


def item_changes_between_reads(x):
    """One item of a list, two values."""
    RESTART()
    a = NUMBERS[0]
    RAISE()
    b = NUMBERS[0]
    return np.sum(x) * a + np.sum(x * x) * b


def item_changes_after_its_use(x):
    """The backward sweep needs the item that it was."""
    RESTART()
    y = np.sum(np.sin(x * NUMBERS[0]))
    RAISE()
    return y * y


def item_changes_in_a_loop(x, n):
    """Another item in each iteration."""
    RESTART()
    y = x
    for _ in range(n):
        y = np.sin(0.3 * y * NUMBERS[0])
        RAISE()
    return np.sum(y)


def random_numbers_in_order(x):
    """Calls keep their order, also where values in between are kept."""
    np.random.seed(0)
    return np.sum(np.sin(x * np.random.rand()) * (np.random.rand() + np.cos(x) * np.random.rand(3)))


def random_numbers_in_a_loop(x, n):
    """Each number is drawn once."""
    generator = np.random.default_rng(0)
    y = x
    for _ in range(n):
        if generator.random() > 0.5:
            y = np.sin(y) * generator.random()
        else:
            y = y * y
    return np.sum(y)


def random_numbers_in_a_branch(x):
    """A conditional expression draws on one side only."""
    np.random.seed(0)
    y = np.sin(x) * np.random.rand() if np.random.rand() > 0.2 else x * np.random.rand()
    return np.sum(y * np.random.rand())


def reshaped_by_an_unknown_list(x):
    """The rank hangs on a value that is not read."""
    y = x.reshape(json.loads("[3, 1]"))
    return np.sum(y * y)


def reshaped_by_an_unknown_number(x):
    """A size that is not read."""
    y = x.reshape(json.loads("3"), 1)
    return np.sum(y * x)


def indexed_by_an_unknown_list(x):
    """A gather, or an element."""
    return np.sum(x[json.loads("[0, 2]")] * x[:2]) + x[json.loads("1")]


def summed_over_an_unknown_axis(w):
    """An axis that is not read."""
    return np.sum(np.sum(w, axis=json.loads("0")) * w)


def multiplied_by_an_unknown_array(x):
    """Broadcasting with a shape that is not read."""
    return np.sum(x * np.array(json.loads("[[1.0, 2.0, 3.0], [0.5, 0.1, 0.2]]")))


def number_times_an_unknown_array(x):
    """A float becomes an array; its gradient is a float."""
    y = x * np.array(json.loads("[1.0, 2.0, 3.0]"))
    return np.sum(y * x)


def number_times_a_whole_numpy_number(x):
    """The gradient of a float is a float."""
    return x * np.int64(3)


def number_times_a_single_numpy_number(x):
    """The gradient of a float is a float."""
    return x * np.float32(3.0)


def no_axes_times_a_numpy_number(x):
    """The gradient of a 0-d array is a 0-d array."""
    return x * np.float64(3.0)


def constant_array_written_by_a_helper(x):
    """An array of constants, changed by a call whose result is not used."""
    c = np.zeros(3)
    raised(c)
    return np.sum(x * c)


def raised(a):
    a += 1.0


def constant_array_changes_after_its_use(x, n):
    """The backward sweep needs the constants that they were."""
    c = np.ones(3)
    y = x
    for _ in range(n):
        y = np.sin(y * c)
        c *= 0.5
    return np.sum(y * c)


def constant_list_changes_after_its_use(x, n):
    """A list of numbers as a stack."""
    c = [1.0, 2.0, 3.0]
    y = x
    for _ in range(min(n, 3)):
        y = np.sin(y * c.pop())
    return np.sum(y)


def global_array_is_written(x):
    """A write to what others see."""
    y = TABLE
    y += x
    return np.sum(y * x)


TABLE = np.array([1.0, 2.0, 3.0])

ANY = "UnknownCall UnsupportedWrite UndecidedKind UnsupportedSyntax"
CASES = [
    *each(attribute_changes_between_reads, (X,), may_refuse=ANY),
    *each(attribute_changes_after_its_use, (X,), may_refuse=ANY),
    *with_trips(attribute_changes_in_a_loop, X, may_refuse=ANY),
    *each(array_changes_after_its_use, (X,), may_refuse=ANY),
    *with_trips(branch_on_a_changing_attribute, X, may_refuse=ANY),
    *each(property_that_counts, (X,), may_refuse=ANY),
    *each(item_changes_between_reads, (X,), may_refuse=ANY),
    *each(item_changes_after_its_use, (X,), may_refuse=ANY),
    *with_trips(item_changes_in_a_loop, X, may_refuse=ANY),
    *each(random_numbers_in_order, (X,)),
    *with_trips(random_numbers_in_a_loop, X),
    *each(random_numbers_in_a_branch, (X,)),
    *each(reshaped_by_an_unknown_list, (X,), may_refuse=ANY),
    *each(reshaped_by_an_unknown_number, (X,), may_refuse=ANY),
    *each(indexed_by_an_unknown_list, (X,), (Y,), may_refuse=ANY),
    *each(summed_over_an_unknown_axis, (W,), (S,), may_refuse=ANY),
    *each(multiplied_by_an_unknown_array, (X,)),
    *each(number_times_an_unknown_array, (0.7,)),
    *each(number_times_a_whole_numpy_number, (0.7,)),
    *each(number_times_a_single_numpy_number, (0.7,), smooth=False),
    *each(no_axes_times_a_numpy_number, (np.array(0.7),)),
    *each(constant_array_written_by_a_helper, (X,)),
    *with_trips(constant_array_changes_after_its_use, X),
    *with_trips(constant_list_changes_after_its_use, X),
    *each(global_array_is_written, (X,), oracle=False, may_refuse="UnsupportedWrite"),
]
