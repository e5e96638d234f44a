"""Memory that is not the forward function's alone: a pullback must not see what becomes of it later.

Arguments, data from outside and the returned value are the caller's, who may write them between the
forward and the backward function. What is kept of these is copied; where only a shape is asked, a view
of its own is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from srcad.build import Primal
from srcad.graph import (
    BROADCAST,
    DTYPE,
    LENGTH,
    NDIM,
    SHAPE,
    SIZE,
    SPREAD,
    UNBROADCAST,
    ZEROS,
    Equation,
    Graph,
    Operand,
    Value,
    values,
    walk,
)
from srcad.memory.finish import AS_ARGUMENT
from srcad.types import Tensor

LIKE = {
    SHAPE: 0,
    SIZE: 0,
    NDIM: 0,
    LENGTH: 0,
    DTYPE: 0,
    ZEROS: 0,
    SPREAD: 0,
    BROADCAST: 1,
    UNBROADCAST: 1,
    AS_ARGUMENT: 1,
}
"""Primitives that read no entry of one of their operands, and which one that is."""


def lent_by(primal: Primal) -> Callable[[Value], bool]:
    """Whether the memory of a primal value may be the caller's too."""
    state, types = primal.state, primal.tables.types
    returned = state.origins_of(primal.result)

    def lent(value: Value) -> bool:
        type_ = types[value]
        if isinstance(type_, Tensor) and type_.immutable:
            return False
        memory = state.origins.get(value)
        return memory is None or not memory <= state.made or bool(memory & returned)

    return lent


def read_entries(graph: Graph) -> set[Value]:
    """The values of whose entries a backward graph reads, and not of their shape alone."""
    found: set[Value] = set(values(graph.results))
    for equation in walk(graph):
        found.update(values(list(_entries(equation))))
        for block in equation.blocks:
            found.update(values(block.results))
    return found


def _entries(equation: Equation) -> Iterator[Operand]:
    like = LIKE.get(equation.primitive)
    for index, operand in enumerate(equation.args):
        if index != like:
            yield operand
    yield dict(equation.keywords)
