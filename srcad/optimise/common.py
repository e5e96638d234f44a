"""An expression that stands twice is computed once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from srcad.graph import Const, Equation, Graph, Operand, Tables, Value
from srcad.optimise.rewrite import rewrite
from srcad.records import Record
from srcad.typed import Emitter


def share_common(graph: Graph, tables: Tables) -> Graph:
    """`a = f(x); b = f(x); a + b -> a = f(x); a + a`: nothing here is written in place yet."""
    found: dict[Hashable, Value] = {}

    def visit(emitter: Emitter, equation: Equation) -> Operand | None:
        if equation.blocks or len(equation.outs) != 1:
            return None
        key = (
            emitter.graph,
            equation.primitive,
            _key(equation.args),
            _key(dict(equation.keywords)),
        )
        known = found.setdefault(key, equation.out)
        return None if known is equation.out else known

    return rewrite(graph, tables, visit)


def _key(operand: Operand) -> Hashable:
    if isinstance(operand, Value):
        return operand
    if isinstance(operand, Const):
        return (type(operand.value), _hashable(operand.value))
    if isinstance(operand, (tuple, list)):
        return (type(operand), *map(_key, operand))
    if isinstance(operand, dict):
        return tuple((name, _key(item)) for name, item in operand.items())
    if isinstance(operand, Record):
        return (operand.cls, _key(operand.fields))
    if isinstance(operand, slice):
        return (slice, _key(operand.start), _key(operand.stop), _key(operand.step))
    return operand


def _hashable(value: Any) -> Hashable:
    """Floats by their text, so that 0.0 and -0.0 stay two."""
    if isinstance(value, float):
        return repr(value)
    try:
        hash(value)
    except TypeError:
        return id(value)
    return value
