"""Constants folded, and what NumPy would compute without effect left out."""

from __future__ import annotations

import operator

import numpy as np

from srcad.graph import Const, Equation, Graph, Operand, Tables, Value
from srcad.optimise.rewrite import definitions, rewrite
from srcad.primitive import find
from srcad.typed import Emitter

NEGATIVES = {find(operator.neg), find(np.negative)}
OPERATORS = (
    operator.add, operator.sub, operator.mul, operator.truediv, operator.neg, operator.pow
)  # fmt: skip
FOLDED = {function: function for function in OPERATORS} | {np.divide: operator.truediv}


def apply_identities(graph: Graph, tables: Tables) -> Graph:
    """`1.0 * x -> x`, `x ** 1 -> x`, `-(-x) -> x`, `x + (-y) -> x - y`, `x + x -> 2.0 * x`.

    `x * 2.0 -> 2.0 * x`, so that numbers stand first.
    """
    made = definitions(graph)

    def visit(emitter: Emitter, equation: Equation) -> Operand | None:
        size = emitter.tensor(equation.outs[0]).value if len(equation.outs) == 1 else None
        if isinstance(size, int):
            return Const(size)
        if equation.primitive.function is np.sum:
            return _sum(emitter, equation, made)
        if equation.keywords or not equation.primitive.elementwise:
            return _reshaped(emitter, equation) or _transposed(equation, made)
        if all(isinstance(a, Const) for a in equation.args):
            return _folded(equation)
        rule = _RULES.get(equation.primitive.function)
        return rule(emitter, equation, made) if rule else None

    return rewrite(graph, tables, visit)


def _folded(equation: Equation) -> Operand | None:
    numbers = [a.value for a in equation.args]
    function = FOLDED.get(equation.primitive.function)
    if function is None or not all(type(n) in (int, float) for n in numbers):
        return None
    try:
        return Const(function(*numbers))
    except ArithmeticError:
        return None


def _reshaped(emitter: Emitter, equation: Equation) -> Operand | None:
    """`np.reshape(x, x.shape) -> x`: the rewriting sees to it that the sizes are the same."""
    if equation.primitive.function is not np.reshape:
        return None
    return equation.args[0] if emitter.tensor(equation.out).dims else None


def _transposed(equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    if (
        equation.primitive.function is not np.transpose
        or len(equation.args) > 1
        or equation.keywords
    ):
        return None
    inner = made.get(equation.args[0])
    if inner is None or inner.primitive is not equation.primitive:
        return None
    return inner.args[0] if len(inner.args) == 1 and not inner.keywords else None


def _sum(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    """`np.sum(-x) -> -np.sum(x)`."""
    negated = _negated(equation.args[0], made)
    if negated is None:
        return None
    args = (negated, *equation.args[1:])
    inner = emitter.emit(equation.primitive, args, dict(equation.keywords))
    return emitter.emit(_primitive(operator.neg), (inner,))


def _is(operand: Operand, number: float) -> bool:
    known = isinstance(operand, Const) and type(operand.value) in (int, float)
    return known and bool(operand.value == number)


def _negated(operand: Operand, made: dict[Value, Equation]) -> Operand | None:
    """What an operand is the negative of."""
    inner = made.get(operand) if isinstance(operand, Value) else None
    return inner.args[0] if inner is not None and inner.primitive in NEGATIVES else None


def _multiply(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    a, b = equation.args
    if _is(a, 1):
        return b
    if _is(b, 1):
        return a
    for one, other in ((a, b), (b, a)):
        if _is(one, -1):
            return emitter.emit(_primitive(operator.neg), (other,))
        negated = _negated(other, made)
        if negated is not None and isinstance(one, Const):
            return emitter.emit(equation.primitive, (Const(-one.value), negated))
        if negated is not None:
            return _outward(emitter, equation, other, negated)
    if isinstance(b, Const) and not isinstance(a, Const):
        return emitter.emit(equation.primitive, (b, a))
    return None


def _divide(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    if _is(equation.args[1], 1):
        return equation.args[0]
    negated = _negated(equation.args[0], made)
    return None if negated is None else _outward(emitter, equation, equation.args[0], negated)


def _outward(emitter: Emitter, equation: Equation, old: Operand, negated: Operand) -> Operand:
    """`(-x) * y -> -(x * y)`."""
    args = tuple(negated if a is old else a for a in equation.args)
    return emitter.emit(_primitive(operator.neg), (emitter.emit(equation.primitive, args),))


def _power(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    return equation.args[0] if _is(equation.args[1], 1) else None


def _negate(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    inner = made.get(equation.args[0]) if isinstance(equation.args[0], Value) else None
    if inner is not None and inner.primitive.function is operator.mul:
        first, second = inner.args
        if isinstance(first, Const) and type(first.value) in (int, float):
            return emitter.emit(inner.primitive, (Const(-first.value), second))
    return _negated(equation.args[0], made)


def _add(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    a, b = equation.args
    if a is b:
        return emitter.emit(_primitive(operator.mul), (Const(2.0), a))
    for one, other in ((a, b), (b, a)):
        negated = _negated(other, made)
        if negated is not None:
            return emitter.emit(_primitive(operator.sub), (one, negated))
    return None


def _subtract(emitter: Emitter, equation: Equation, made: dict[Value, Equation]) -> Operand | None:
    a, b = equation.args
    negated = _negated(b, made)
    return None if negated is None else emitter.emit(_primitive(operator.add), (a, negated))


def _primitive(function: object):  # type: ignore[no-untyped-def]
    found = find(function)
    assert found is not None
    return found


_RULES = {
    operator.mul: _multiply,
    np.multiply: _multiply,
    operator.truediv: _divide,
    np.divide: _divide,
    operator.pow: _power,
    np.power: _power,
    operator.neg: _negate,
    np.negative: _negate,
    operator.add: _add,
    operator.sub: _subtract,
}
