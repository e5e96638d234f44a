"""Lists whose length only the run knows: the primitives.

A list that a loop appends to is one value of the graph, as an array is: appending makes a new version.

    xs = []                      items()
    for i in range(n):
        xs.append(x * i)         append(xs, x * i)
    np.sum(np.stack(xs))         array_of(xs)

The adjoint of a list is a list of adjoints.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from srcad.graph import structural
from srcad.primitive import Trait


def _append(items: Sequence[Any], item: Any) -> list[Any]:
    return [*items, item]


def _without_last(items: Sequence[Any], last: Any) -> list[Any]:
    return list(items[:-1])


def _set_item(items: Sequence[Any], index: int, item: Any, old: Any = None) -> list[Any]:
    found = list(items)
    found[index] = item
    return found


def _add_item(items: Sequence[Any], index: int, item: Any) -> list[Any]:
    return _set_item(items, index, items[index] + item)


def _sums(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    return [x + y for x, y in zip(a, b, strict=True)]


ITEMS = structural("items", lambda *items: list(items), Trait.FRESH)
APPEND = structural("append", _append, Trait.FRESH, Trait.WRITES)
WITHOUT_LAST = structural("without_last", _without_last, Trait.FRESH, Trait.WRITES)
SET_ITEM = structural("set_item", _set_item, Trait.FRESH, Trait.WRITES)
ADD_ITEM = structural("add_item", _add_item, Trait.FRESH, Trait.WRITES)
ITEM = structural("item", operator.getitem, Trait.VIEW)
ARRAY_OF = structural("array_of", np.array, Trait.FRESH)
ROWS = structural("rows", list, Trait.VIEW)
"""The items of an array as a list: the reverse of `array_of`."""
ZERO_ITEMS = structural(
    "zero_items", lambda items: [np.zeros_like(item) for item in items], Trait.FRESH
)
SUMS = structural("sums", _sums, Trait.FRESH)
TOTAL = structural("sum", sum, Trait.FRESH)
EACH = structural("each", lambda g, items: [g] * len(items), Trait.VIEW)
"""One thing as often as a list has items: the reverse of `sum`."""
