"""The two sides of a choice, each with zeros where the other was chosen, joined into one choice."""

from __future__ import annotations

import operator
from collections import Counter

import numpy as np

from srcad.graph import Const, Equation, Graph, Operand, Tables, Value
from srcad.optimise.rewrite import definitions, rewrite, uses
from srcad.primitive import find
from srcad.typed import Emitter


def join_choices(graph: Graph, tables: Tables) -> Graph:
    """`np.where(c, a, 0.0) + k * np.where(c, 0.0, b) -> np.where(c, a, k * b)`."""
    made, read = definitions(graph), uses(graph)

    def visit(emitter: Emitter, equation: Equation) -> Operand | None:
        if equation.primitive.function is operator.add:
            return _joined(emitter, equation, made)
        if equation.primitive.function in (operator.mul, operator.neg):
            return _scaled(emitter, equation, made, read)
        return None

    return rewrite(graph, tables, visit)


def _joined(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    first, second = (_choice(operand, made) for operand in equation.args)
    if first is None or second is None or first.args[0] is not second.args[0]:
        return None
    for one, other in ((first, second), (second, first)):
        if _zero(one.args[2]) and _zero(other.args[1]):
            return emitter.emit(one.primitive, (one.args[0], one.args[1], other.args[2]))
    return None


def _scaled(
    emitter: Emitter, equation: Equation, made: dict[Value, Equation], read: Counter[Value]
) -> Operand | None:
    """`k * np.where(c, 0.0, b) -> np.where(c, 0.0, k * b)` for a finite number k, which keeps the 0."""
    *factors, operand = equation.args
    choice = _choice(operand, made)
    numbers = all(_number(f) and np.isfinite(f.value) for f in factors)
    if choice is None or not numbers or read[operand] > 1:
        return None
    condition, *sides = choice.args
    if not any(map(_zero, sides)):
        return None
    scaled = [
        side if _zero(side) else _product(emitter, equation, factors, side) for side in sides
    ]
    return emitter.emit(choice.primitive, (condition, *scaled))


def _product(
    emitter: Emitter, equation: Equation, factors: list[Operand], side: Operand
) -> Operand:
    if _number(side):
        return Const(equation.primitive.function(*(f.value for f in factors), side.value))
    return emitter.emit(equation.primitive, (*factors, side))


def _choice(operand: Operand, made: dict[Value, Equation]) -> Equation | None:
    found = made.get(operand) if isinstance(operand, Value) else None
    chosen = found is not None and found.primitive is find(np.where) and not found.keywords
    return found if chosen and found is not None and len(found.args) == 3 else None


def _number(operand: Operand) -> bool:
    return isinstance(operand, Const) and type(operand.value) in (int, float)


def _zero(operand: Operand) -> bool:
    return _number(operand) and operand.value == 0
