"""Loops over arrays and containers, and over enumerate, zip and reversed of these."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y, with_trips

LAYERS = [(S, X), (0.5 * S.T, Y)]
NAMED = {"a": W, "b": X}
NONE = np.zeros((0, 3))


def rows(w: Any, x: Any) -> Any:
    """The items of a matrix are its rows."""
    total = 0.0
    for row in w:
        total += np.tanh(row @ x)
    return total


def elements(x: Any) -> Any:
    """The items of a vector are NumPy's scalars."""
    total = 0.0
    for v in x:
        total = total + v * v * np.sin(v)
    return total


def elements_of_a_temporary(x: Any) -> Any:
    """What is iterated has no name."""
    total = 1.0
    for v in np.exp(x):
        total = total * v + v
    return total


def rows_unpacked(w: Any) -> Any:
    """A row is unpacked into the targets."""
    total = 1.0
    for a, b, c in w:
        total = total * a + b * c
    return total


def enumerated(x: Any) -> Any:
    """The count begins where it is told."""
    total = 0.0
    for k, v in enumerate(x, 2):
        total = total + v**k
    return total


def enumerated_from_an_argument(x: Any, n: int) -> Any:
    """The same where it is known at run time only."""
    total = 0.0
    for k, v in enumerate(x, start=n):
        total = total + v * v * k
    return total


def zipped(x: Any, y: Any) -> Any:
    """Two arrays of which the shorter one ends the loop."""
    total = 0.1
    for i, (a, b) in enumerate(zip(x, y, strict=False)):
        total = total * a + b * i + total * total
    return total


def zipped_with_a_range(x: Any, n: int) -> Any:
    """A range beside an array, either of which may be the longer."""
    total = 0.0
    for i, v in zip(range(1, n, 2), x, strict=False):
        total = total + v * v * i
    return total


def pair_as_one_name(x: Any, y: Any) -> Any:
    """The items of zip under one name."""
    total = 0.0
    for pair in zip(x, y, strict=False):
        total = total + pair[0] * pair[1] * pair[1]
    return total


def backwards(x: Any) -> Any:
    """A reversed array."""
    total = 1.0
    for v in reversed(x):
        total = total * v + total
    return total


def backwards_beside_forwards(x: Any, y: Any) -> Any:
    """A reversed array ends with its first element, however long the other is."""
    total = 1.0
    for v, u in zip(reversed(x), y, strict=False):
        total = total * v + u
    return total


def reversed_range(x: Any, n: int) -> Any:
    """A range that is run backwards."""
    total = 1.0
    for i in reversed(range(n)):
        total = total * x[i % 3] + i
    return total


def reversed_range_with_a_step(x: Any, n: int) -> Any:
    """The last number of a range with a step comes first."""
    total = 1.0
    for i in reversed(range(1, n, 3)):
        total = total * x[i % 3] + i
    for i in reversed(range(n, 0, -2)):
        total = total * x[i % 3] + i
    return total


def nested(w: Any) -> Any:
    """A loop over the elements of each row."""
    total = 1.0
    for row in w:
        for v in row:
            total = total * v + v
    return total


def made_in_the_loop(x: Any, n: int) -> Any:
    """An inner loop runs over what the outer one has made."""
    h = x
    for _ in range(n):
        h = np.tanh(h) * 1.5
        product = 1.0
        for v in h:
            product = product * v
        h = h * product
    return np.sum(h)


def name_rebound_in_the_body(x: Any) -> Any:
    """The array is the one of the start, whatever the name means later."""
    total = 0.0
    for v in x:
        x = x * 0.5 * v
        total = total + v * v
    return total + np.sum(x)


def target_read_afterwards(x: Any) -> Any:
    """The last item outlives the loop."""
    v = x[0] * 2.0
    for v in x * x:
        pass
    return v * v


def target_rebound_in_the_body(w: Any) -> Any:
    """The target is a name like any other."""
    total = 0.0
    for row in w:
        row = np.sin(row) * row
        total = total + np.sum(row * row)
    return total


def accumulated_rows(w: Any) -> Any:
    """An array that is written in place, and is not what is iterated."""
    total = np.zeros(3)
    for row in w:
        total += row * row
    return np.sum(total * total)


def layers(params: Any, x: Any) -> Any:
    """A list of pairs is written out."""
    for w, b in params:
        x = np.tanh(w @ x + b)
    return np.sum(x)


def layers_counted(params: Any, x: Any) -> Any:
    """The number of a layer is known when it is written out."""
    for k, (w, b) in enumerate(params):
        x = w @ x + b
        if k < len(params) - 1:
            x = np.tanh(x)
    return np.sum(x * x)


def layers_backwards(params: Any, x: Any) -> Any:
    """The last layer first."""
    for w, b in reversed(params):
        x = np.tanh(w @ x + b)
    return np.sum(x)


def layers_in_a_loop(params: Any, x: Any, n: int) -> Any:
    """A loop that is written out inside of one that counts."""
    for _ in range(n):
        for w, b in params:
            x = np.tanh(w @ x + b)
    return np.sum(x)


def two_lists(ws: Any, bs: Any, x: Any) -> Any:
    """Lists side by side."""
    for w, b in zip(ws, bs, strict=True):
        x = np.sin(w @ x + b)
    return np.sum(x)


def entries_of_a_dict(p: Any, x: Any) -> Any:
    """Keys, values and both."""
    total = 1.0
    for key, value in p.items():
        if key == "a":
            total = total * np.sum(value @ x)
        else:
            total = total + np.sum(value * x)
    for value in p.values():
        total = total + np.sum(value * value) * total
    for key in sorted(p):
        total = total * np.sum(p[key])
    for key in p:
        total = total + np.sum(p[key])
    return total


def functions_and_signs(x: Any) -> Any:
    """Literal tuples, one of functions."""
    total = 0.0
    for function in (np.sin, np.cos):
        for sign in (1.0, -2.0):
            total = total + np.sum(function(sign * x))
    return total


def made_before_it_is_iterated(x: Any) -> Any:
    """The items of a literal list are what they were before the first iteration."""
    total = 0.0
    for v in [x * 2.0, np.sin(x)]:
        total = total + np.sum(v * x)
        x = v * x
    return total * np.sum(x)


def names_in_a_literal(x: Any, y: Any) -> Any:
    """The same for names that the body binds anew."""
    total = 0.0
    for v in (x, y):
        total = total + np.sum(v * v)
        x, y = y * v, x
    return total + np.sum(x)


def container_and_array(x: Any) -> Any:
    """A container beside an array whose length is known."""
    total = 0.0
    for power, v in zip((1, 2, 3), np.stack([x[0], x[1], x[2]]), strict=True):
        total = total + v**power
    return total


def sizes(x: Any, w: Any) -> Any:
    """The sizes of an array are a tuple of known length."""
    total = np.sum(w)
    for n in w.shape:
        total = total * n + x[0]
    return total


def branch_in_a_copy(params: Any, x: Any) -> Any:
    """A branch in a body that is written out."""
    for w, b in params:
        z = w @ x
        if z[0] > 0.0:
            x = np.tanh(z + b)
        else:
            x = z * b
    return np.sum(x)


def scale_each(ws: Any, x: Any) -> Any:
    total = 0.0
    for w in ws:
        total = total + np.sum(w) * x
    return total


def helper_with_a_loop(params: Any, x: Any) -> Any:
    """A helper iterates over what it is given."""
    return scale_each(params[0], x[0]) * scale_each([params[1][1], x], x[1])


def by_text(p: Any, names: Any) -> Any:
    """Known texts, and what they name."""
    total = 1.0
    for name in names:
        for letter in name:
            total = total * np.sum(p[letter]) + 1.0
    return total


def items_found_by_number(ws: Any, bs: Any, x: Any) -> Any:
    """A range over the number of items, which finds them in several lists."""
    for i in range(len(ws)):
        j = len(ws) - 1 - i
        x = np.tanh(ws[i] @ x + bs[j])
    return np.sum(x)


def entries_found_by_number(p: Any, x: Any) -> Any:
    """Keys are numbers, or texts that are put together from them."""
    total = 0.0
    for i in range(1, 3):
        name = "w" + str(i)
        for v in x:
            total = total + np.sum(p[i]) * v * p[name] + p[f"w{i}"]
    return total


CASES = [
    Case(items_found_by_number, ([S, S.T], [X, Y], X)),
    Case(entries_found_by_number, ({1: X, 2: W, "w1": 0.3, "w2": 0.4}, X)),
    Case(rows, (W, X)),
    Case(rows, (W[:1], X), suffix="_one"),
    Case(rows, (NONE, X), suffix="_none"),
    Case(elements, (X,)),
    Case(elements, (X[:1],), suffix="_one"),
    Case(elements, (X[:0],), suffix="_none"),
    Case(elements, (X.astype(np.float32),), suffix="_single", smooth=False),
    Case(elements_of_a_temporary, (X,)),
    Case(rows_unpacked, (W,)),
    Case(enumerated, (X,)),
    *with_trips(enumerated_from_an_argument, X),
    Case(zipped, (X, Y)),
    Case(zipped, (X, Y[:2]), suffix="_shorter"),
    Case(zipped, (X[:2], Y), suffix="_longer"),
    Case(zipped, (X, Y[:0]), suffix="_none"),
    *with_trips(zipped_with_a_range, X),
    Case(pair_as_one_name, (X, Y)),
    Case(backwards, (X,)),
    Case(backwards_beside_forwards, (X, Y[:2])),
    Case(backwards_beside_forwards, (X[:2], Y), suffix="_longer"),
    *with_trips(reversed_range, X),
    *with_trips(reversed_range_with_a_step, X),
    Case(nested, (W,)),
    *with_trips(made_in_the_loop, X),
    Case(name_rebound_in_the_body, (X,)),
    Case(target_read_afterwards, (X,)),
    Case(target_read_afterwards, (X[:1],), suffix="_one"),
    Case(target_rebound_in_the_body, (W,)),
    Case(accumulated_rows, (W,)),
    Case(layers, (LAYERS, X)),
    Case(layers, ([], X), wrt=("x",), suffix="_none"),
    Case(layers_counted, (LAYERS, X)),
    Case(layers_backwards, (tuple(LAYERS), X)),
    *with_trips(layers_in_a_loop, LAYERS, X),
    Case(two_lists, ([S, S.T], [X, Y], X)),
    Case(entries_of_a_dict, (NAMED, X)),
    Case(functions_and_signs, (X,)),
    Case(made_before_it_is_iterated, (X,)),
    Case(names_in_a_literal, (X, Y)),
    Case(container_and_array, (X,)),
    Case(sizes, (X, W)),
    Case(branch_in_a_copy, (LAYERS, X)),
    Case(helper_with_a_loop, (LAYERS, X)),
    Case(by_text, (NAMED, ("ab", "b")), wrt=("p",)),
]
