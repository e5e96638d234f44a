"""Sizes of arguments that the function forces to agree.

The backward sweep relies on them, and the forward sweep leaves out what nothing reads: in the
gradient of `np.sum(x * y)` no product is left that would refuse an `x` and a `y` of different
sizes. So they are checked where the kinds of the arguments are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from srcad.graph import Graph, Operand, Tables
from srcad.graph import values as leaf_values
from srcad.records import is_record, record_of
from srcad.signature import is_static
from srcad.types import Dim, Shifted, Symbol, Tensor

Text = Callable[[Any], str]


def agreements(
    values: Sequence[Any],
    places: Sequence[str],
    key: Text,
    graph: Graph,
    tables: Tables,
    outside: Sequence[tuple[Any, str, Operand]] = (),
) -> list[tuple[str, str]]:
    """Pairs of expressions that are equal, for the graph that was built for these arguments.

    `places` are the expressions for the arguments, `key` writes a key of a dict; `outside` are data
    that the graph has as parameters too: value, expression, operand.
    """
    pairs = zip(values, places, strict=True)
    leaves = [leaf for value, place in pairs for leaf in _leaves(value, place, key)]
    parameters = list(graph.params[: len(leaves)])
    for value, place, operand in outside:
        leaves += _leaves(value, place, key)
        parameters += leaf_values(operand)
    sizes: list[tuple[str, Dim]] = []
    for (value, place), parameter in zip(leaves, parameters, strict=True):
        type_ = tables.types[parameter]
        if type(value) is np.ndarray and isinstance(type_, Tensor):
            sizes += [
                (f"{place}.shape[{axis}]", graph.facts.find(dim))
                for axis, dim in enumerate(type_.dims or ())
                if value.shape[axis] != 1
            ]
    return list(_equal(sizes))


def _leaves(value: Any, place: str, key: Text) -> Iterator[tuple[Any, str]]:
    """The leaves of an argument that are parameters of the graph, in their order."""
    if is_static(value):
        return
    if type(value) in (tuple, list, dict):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, item in items:
            yield from _leaves(item, f"{place}[{key(name)}]", key)
    elif is_record(value):
        for name, item in record_of(value).fields.items():
            yield from _leaves(item, f"{place}.{name}", key)
    else:
        yield value, place


def _equal(sizes: Sequence[tuple[str, Dim]]) -> Iterator[tuple[str, str]]:
    first: dict[Symbol, str] = {}
    for place, dim in sizes:
        if isinstance(dim, Symbol):
            first.setdefault(dim, place)
    for place, dim in sizes:
        if isinstance(dim, int):
            yield place, str(dim)
        elif isinstance(dim, Symbol) and first[dim] != place:
            yield place, first[dim]
        elif isinstance(dim, Shifted) and dim.base in first:
            yield place, f"max({first[dim.base]} - {dim.shift}, 0)"
