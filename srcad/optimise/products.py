"""Constants, counts and signs of a product gathered into one factor.

`r * (2.0 * (0.5 / r.size)) -> r / r.size`. Only Python numbers move: they are the program's constants
and sizes, so nothing overflows that did not before, and what changes is a unit in the last place.
"""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from srcad.graph import Const, Equation, Graph, Operand, Tables, Value
from srcad.optimise.rewrite import definitions, rewrite, spread, uses
from srcad.primitive import Primitive, find
from srcad.typed import Emitter
from srcad.types import Tensor


@dataclass(slots=True)
class Product:
    """`coefficient * factors / counts`, and what it costs as it stands."""

    coefficient: float = 1.0
    counts: list[Value] = field(default_factory=list)
    factors: list[tuple[Operand, bool]] = field(default_factory=list)  # True: divides
    cost: int = 0


def gather_products(graph: Graph, tables: Tables) -> Graph:
    """Rewrite each product of an array that takes fewer operations with its numbers gathered."""
    made, read = definitions(graph), uses(graph)

    def visit(emitter: Emitter, equation: Equation) -> Operand | None:
        if _kind(equation.primitive) is None:
            return None
        product = Product()
        _collect(emitter, equation, False, product, made, read)
        start = len(emitter.graph.equations)
        found = _written(emitter, product)
        spent = sum(_cost(emitter, new) for new in emitter.graph.equations[start:])
        return found if spent < product.cost else None

    return rewrite(graph, tables, visit)


def _moves(number: float) -> bool:
    """Whether a factor is a number of the program's that may be gathered."""
    return type(number) in (int, float) and number != 0 and bool(np.isfinite(number))


def _kind(primitive: Primitive) -> str | None:
    return _KINDS.get(primitive.function)


_KINDS = {
    operator.mul: "*",
    np.multiply: "*",
    operator.truediv: "/",
    np.divide: "/",
    operator.neg: "-",
    np.negative: "-",
}


def _collect(
    emitter: Emitter,
    equation: Equation,
    divides: bool,
    product: Product,
    made: dict[Value, Equation],
    read: Counter[Value],
) -> None:
    kind = _kind(equation.primitive)
    product.cost += _cost(emitter, equation)
    if kind == "-":
        product.coefficient = -product.coefficient
    for position, operand in enumerate(equation.args):
        below = divides ^ (kind == "/" and position == 1)
        operand = _small(operand, made, read)
        inner = made.get(operand) if isinstance(operand, Value) else None
        number = operand.value if isinstance(operand, Const) else None
        if isinstance(number, (int, float)) and _moves(number):
            product.coefficient *= 1 / number if below else number
        elif _is_count(emitter, operand) and below:
            product.counts.append(operand)
        elif inner is not None and _kind(inner.primitive) and read[operand] == 1:
            _collect(emitter, inner, below, product, made, read)
        else:
            product.factors.append((operand, below))


def _small(operand: Operand, made: dict[Value, Equation], read: Counter[Value]) -> Operand:
    """What an operand spreads; the product's type shows whether that is all the same."""
    while isinstance(operand, Value) and operand in made:
        inner = spread(made[operand])
        if inner is None:
            break
        operand = inner
    return operand


def _is_count(emitter: Emitter, operand: Operand) -> bool:
    """A size, which is a Python integer; it only ever divides."""
    type_ = emitter.type(operand)
    return isinstance(type_, Tensor) and type_.kind == "python" and type_.value is not None


def _cost(emitter: Emitter, equation: Equation) -> int:
    """An operation on an array, or on what may be one, outweighs those on numbers."""
    return 1 if emitter.tensor(equation.out).dims == () else 100


def _written(emitter: Emitter, product: Product) -> Operand | None:
    above = [f for f, divides in product.factors if not divides]
    below = [f for f, divides in product.factors if divides]
    times, over = find(operator.mul), find(operator.truediv)
    negative, minus = product.coefficient < 0, find(operator.neg)
    assert times is not None and over is not None and minus is not None
    size = abs(product.coefficient)
    if not above:
        return None
    result: Operand = above[0]
    if product.counts and size != 1.0:
        scale: Operand = Const(size)
        for count in product.counts:
            scale = emitter.emit(over, (scale, count))
        result = emitter.emit(times, (scale, result))
    elif size != 1.0:
        result = emitter.emit(times, (Const(size), result))
    for factor in above[1:]:
        result = emitter.emit(times, (result, factor))
    for factor in (*below, *(product.counts if size == 1.0 else ())):
        result = emitter.emit(over, (result, factor))
    return emitter.emit(minus, (result,)) if negative else result
