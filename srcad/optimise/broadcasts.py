"""A spread value read element by element need not be spread: NumPy broadcasts it."""

from __future__ import annotations

import numpy as np

from srcad.graph import (
    SPREAD,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    map_leaves,
)
from srcad.optimise.rewrite import definitions, rewrite, spread
from srcad.typed import Emitter
from srcad.types import Tensor, same_dims, type_of

RESHAPING = {
    np.expand_dims,
    np.reshape,
    np.transpose,
    np.squeeze,
    np.ravel,
    np.swapaxes,
    np.moveaxis,
}
"""Of an array full of one number these give an array full of it."""


def drop_broadcasts(graph: Graph, tables: Tables) -> Graph:
    """`np.broadcast_to(g, x.shape) * x -> g * x`, where the result's type stays what it was.

    Where all operands are spread, the result is.
    """
    made = definitions(graph)

    def small(leaf: Value | Const) -> Operand:
        while isinstance(leaf, Value) and leaf in made:
            inner = made[leaf]
            found = spread(inner)
            if found is None and inner.primitive.function in RESHAPING:
                found = number_spread(inner.args[0])
            if found is None:
                break
            leaf = found
        return leaf

    def number_spread(operand: Operand) -> Operand | None:
        """The number of which an operand is full, if it is that."""
        inner = made.get(operand) if isinstance(operand, Value) else None
        found = spread(inner) if inner is not None else None
        type_ = number_type(tables, found)
        return found if type_ is not None and type_.dims == () else None

    def visit(emitter: Emitter, equation: Equation) -> Operand | None:
        if not equation.primitive.elementwise:
            return None
        args = map_leaves(equation.args, small)
        changed = [old for old, new in zip(equation.args, args, strict=True) if old is not new]
        if not changed:
            return None
        result = emitter.emit(equation.primitive, args, dict(equation.keywords))
        have, want = emitter.tensor(result), emitter.tensor(equation.out)
        if have.dims is None or want.dims is None or same_dims(have, want, emitter.facts):
            return result
        if spread(made[changed[0]]) is None:
            return None
        return spread_again(emitter, made[changed[0]], result)

    return rewrite(graph, tables, visit)


def number_type(tables: Tables, operand: Operand | None) -> Tensor | None:
    """The type of an operand that is a number, else None."""
    type_ = tables.types[operand] if isinstance(operand, Value) else None
    if isinstance(operand, Const):
        type_ = type_of(operand.value)
    return type_ if isinstance(type_, Tensor) else None


def spread_again(emitter: Emitter, equation: Equation, g: Operand) -> Operand:
    """Another value spread as an equation spreads its own."""
    if equation.primitive is SPREAD:
        return emitter.emit(SPREAD, (equation.args[0], g))
    return emitter.emit(equation.primitive, (g, *equation.args[1:]), dict(equation.keywords))
