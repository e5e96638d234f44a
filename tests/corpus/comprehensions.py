"""Comprehensions over known containers, and sums over what only the run can count."""

# ruff: noqa: C408, PIE800, PIE804, PLC0206  (what is called, unpacked and looked up is the point)

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y, with_trips

MATRICES = [S, S.T, 0.5 * S]
NAMED = {"a": W, "b": X}


def list_of_products(ws: Any, x: Any) -> Any:
    """A list with one item for each matrix."""
    parts = [np.tanh(w @ x) for w in ws]
    return np.sum(parts[0] * parts[1]) + np.sum(parts[-1])


def summed_list(ws: Any, x: Any) -> Any:
    """The sum of a list."""
    return sum([np.sum(w * x) ** 2 for w in ws])


def summed_generator(ws: Any, x: Any) -> Any:
    """The sum of a generator, over pairs."""
    return sum(np.sum(w * x) * (i + 1) for i, w in enumerate(ws))


def stacked(ws: Any, x: Any) -> Any:
    """An array of what a comprehension gives."""
    return np.sum(np.stack([w @ x for w in ws]) ** 2) + np.max(np.array([np.sum(w) for w in ws]))


def dict_of_scaled(p: Any, a: float) -> Any:
    """A dict with the same keys."""
    q = {key: value * a for key, value in p.items()}
    return np.sum(q["a"]) * np.sum(q["b"] ** 2)


def chosen_by_key(p: Any) -> Any:
    """A condition that is known when the gradient is compiled."""
    return sum(np.sum(value * value) for key, value in p.items() if key != "a")


def chosen_by_length(ws: Any, x: Any) -> Any:
    """No item is taken."""
    return sum([np.sum(w) for k, w in enumerate(ws) if k > 5]) * x[0] + x[1]


def two_generators(ws: Any, vs: Any) -> Any:
    """The second one runs for each item of the first."""
    return sum(np.sum(w @ v) * np.sum(v) for w in ws for v in vs)


def nested_lists(ws: Any, x: Any) -> Any:
    """A comprehension in a comprehension, which has the same name for its own item."""
    rows = [[np.sum(w) * x[0] for w in (w[0], w[1])] for w in ws]
    return rows[0][0] * rows[1][1] + rows[2][0]


def scope_of_its_own(ws: Any, x: Any) -> Any:
    """The name outside is not the name inside."""
    w = x * 2.0
    total = sum(np.sum(w * w) for w in ws)
    return total * np.sum(w)


def made_before(x: Any) -> Any:
    """What is iterated has no name, and is evaluated once."""
    return sum([np.sum(v * v) for v in [x * 2.0, np.sin(x)]])


def elements_summed(x: Any) -> Any:
    """A sum over the elements of an array."""
    return sum(v * np.sin(v) for v in x) * x[0]


def range_summed(x: Any, n: int) -> Any:
    """A sum over a range."""
    return sum([x[i % 3] * x[0] for i in range(n)]) + sum(i * 1.0 for i in range(n)) * x[1]


def summed_from_a_start(x: Any, n: int) -> Any:
    """A sum that begins with something else than 0."""
    return sum([x[i % 3] ** 2 for i in range(n)], x[0])


def summed_where(x: Any, y: Any) -> Any:
    """A condition on the elements themselves, and pairs."""
    return sum(v * u for v, u in zip(x, y, strict=False) if v > 0.0) * y[0]


def summed_twice(w: Any) -> Any:
    """Two loops in one sum."""
    return sum(v * np.sum(row) for row in w for v in row)


def sums_in_a_loop(x: Any, n: int) -> Any:
    """The loop of a sum stands in another loop."""
    h = x
    for k in range(n):
        h = np.tanh(h) + 0.1 * sum(v * k for v in h)
    return np.sum(h * h)


def inner(ws: Any, x: Any) -> Any:
    return sum(np.sum(w) * v for w in ws for v in x) + sum([np.sum(w) for w in ws])


def helper_with_comprehensions(ws: Any, x: Any) -> Any:
    """A helper's variables are not the caller's."""
    w = x * 2.0
    v = x[0]
    return inner(ws, w) * inner([ws[0]], x) * v


def largest_of_several(ws: Any, x: Any) -> Any:
    """The largest of what is computed for each item."""
    return max(np.sum(w * x) for w in ws) * min([np.sum(w) for w in ws])


def tuple_of_items(ws: Any, x: Any) -> Any:
    """A tuple from a generator."""
    first, second, third = tuple(np.sum(w) for w in ws)
    return first * second * x[0] + third


def indices_from_a_comprehension(x: Any, n: int) -> Any:
    """What is not differentiated is left as it is."""
    order = [(2 * i + n) % 3 for i in range(n)]
    return np.sum(x[np.array(order, dtype=int)] ** 2)


def read_by_text(p: Any, names: Any) -> Any:
    """The entries that texts name."""
    return sum(np.sum(p[name] ** 2) for name in names)


def starred_names(x: Any, y: Any) -> Any:
    """The rest of a tuple is a list, wherever it stands."""
    first, *rest = x, y, x * y
    *start, last = rest
    a, *none, b = start[0], last
    return np.sum(first * a) + np.sum(b) * len(none) + np.sum(rest[-1] ** 2)


def starred_array(x: Any) -> Any:
    """An array of known length is unpacked item by item."""
    a, *rest = np.stack([x[0], x[1] * x[2], x[2]])
    return a * rest[0] + sum(rest)


def starred_in_a_loop(params: Any, x: Any) -> Any:
    """Starred targets of a loop, and a starred item in a list."""
    total = 0.0
    for w, *bs in params:
        total = total + np.sum(w @ x) * sum([*[np.sum(b) for b in [*bs, x]], 1.0])
    return total


def scaled(x: Any, w: Any, scale: Any = 2.0, shift: Any = 0.0) -> Any:
    return np.sum(w @ x) * scale + shift


def unpacked_arguments(pair: Any, options: Any) -> Any:
    """Arguments from a tuple and from a dict."""
    return scaled(*pair, **options) * scaled(*pair[::1], scale=options["scale"])


def unpacked_literals(x: Any, w: Any) -> Any:
    """What is unpacked is made on the spot."""
    return scaled(*(x * 2.0, w), **{"scale": np.sum(x), "shift": x[0]}) + np.sum(
        np.stack([*[x * 2.0, x]]) ** 2
    )


def zipped_rows(rows: Any) -> Any:
    """The columns of rows that are known one by one."""
    total = 0.0
    for a, b in zip(*rows, strict=True):
        total = total + a * b * b
    return total


def merged_dicts(p: Any, q: Any) -> Any:
    """Entries of one dict overwrite those of another."""
    r = {**p, "b": q["b"] * 2.0, **{"c": q["c"]}}
    total = 1.0
    for key in r:
        total = total * np.sum(r[key]) + (1.0 if "c" in p else 2.0)
    return total


def bound_in_an_expression(x: Any, n: int) -> Any:
    """A name for a part of an expression, in a test, an operand and a branch."""
    total = 0.0
    if (s := np.sum(x)) > 0.1:
        total = s * s
    for i in range(n):
        total = total + (t := x[i % 3] * 2.0) * t + (0.0 if i else (u := t) * u)
    return total * (s + (v := x[0])) * v


def lists_of_pairs(x: Any, y: Any) -> Any:
    """What zip and enumerate give, in a list, a tuple and a dict."""
    pairs = list(zip((x, y), (y, x * y), strict=True))
    numbered = tuple(enumerate([x[0], y[0]], 1))
    named = dict(zip(("a", "b"), (x, y), strict=True), c=x * 2.0)
    last, first = list(reversed([x[1], x[2]]))
    total = np.sum(pairs[1][1]) * numbered[1][0] * numbered[1][1] + np.sum(named["a"] * named["c"])
    return total * sum(dict(p=last, q=first).values()) + np.sum(dict(named)["b"])


def far_numbers(x: Any) -> Any:
    """A long range beside a short tuple, from its end and its start."""
    total = 0.0
    for v, k in zip((x[0], x[1]), reversed(range(400)), strict=False):
        total = total + v * v * k
    for v, k in zip((x[0], x[1]), range(3, 900, 3), strict=False):
        total = total * v + k
    return total


def chosen_elements(ws: Any, x: Any) -> Any:
    """A choice in each element, of a list, of a generator and of a sum that the run counts."""
    large = [np.sum(w) if np.sum(w) > 1.0 else np.sum(w * w) for w in ws]
    total = sum(v * v if v > 0.0 else (v * 3.0 if v < -0.5 else 1.0) for v in x)
    return large[0] * large[1] + total * max(v if v < 1.0 else 1.0 / v for v in large)


CASES = [
    Case(lists_of_pairs, (X, Y)),
    Case(far_numbers, (X,)),
    Case(chosen_elements, ([S, 3.0 * S], X)),
    Case(starred_names, (X, Y)),
    Case(starred_array, (X,)),
    Case(starred_in_a_loop, ([(S, X, Y), (S.T, X)], Y)),
    Case(unpacked_arguments, ((X, W), {"scale": 0.7, "shift": 0.3})),
    Case(unpacked_literals, (X, W)),
    Case(zipped_rows, ([(0.3, 0.4, 0.5), (1.3, 1.4, 1.5)],)),
    Case(zipped_rows, ([X, Y],), suffix="_of_arrays"),
    Case(merged_dicts, ({"a": X, "b": X}, {"b": Y, "c": W})),
    *with_trips(bound_in_an_expression, X),
    Case(list_of_products, (MATRICES, X)),
    Case(summed_list, (MATRICES, X)),
    Case(summed_list, ([S], X), suffix="_one"),
    Case(summed_generator, (MATRICES, X)),
    Case(stacked, (MATRICES, X)),
    Case(dict_of_scaled, (NAMED, 0.7)),
    Case(chosen_by_key, (NAMED,)),
    Case(chosen_by_length, (MATRICES, X), wrt=("x",)),
    Case(two_generators, ([S, S.T], [X, Y])),
    Case(nested_lists, (MATRICES, X)),
    Case(scope_of_its_own, (MATRICES, X)),
    Case(made_before, (X,)),
    Case(elements_summed, (X,)),
    Case(elements_summed, (X[:1],), suffix="_one"),
    *with_trips(range_summed, X),
    *with_trips(summed_from_a_start, X),
    Case(summed_where, (X, Y)),
    Case(summed_where, (X, Y[:2]), suffix="_shorter"),
    Case(summed_twice, (W,)),
    *with_trips(sums_in_a_loop, X),
    Case(helper_with_comprehensions, ([S, S.T], X)),
    Case(largest_of_several, (MATRICES, X)),
    Case(tuple_of_items, (MATRICES, X)),
    *with_trips(indices_from_a_comprehension, X),
    Case(read_by_text, (NAMED, ("b", "a", "b")), wrt=("p",)),
]
