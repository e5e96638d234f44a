"""The chain rule of lists: the adjoint of a list is the list of its items' adjoints."""

from __future__ import annotations

from typing import Any, Protocol

from srcad.graph import Const, Equation, Operand, Value
from srcad.sequences import (
    ADD_ITEM,
    APPEND,
    ARRAY_OF,
    EACH,
    ITEM,
    ITEMS,
    ROWS,
    SET_ITEM,
    TOTAL,
    WITHOUT_LAST,
)
from srcad.typed import Emitter

LAST = Const(-1)


class Sweeper(Protocol):
    """What is needed of the sweep."""

    emitter: Emitter
    active: set[Value]
    adjoints: dict[Value, Operand]

    def add(self, value: Value, contribution: Operand) -> None: ...
    def zero(self, value: Value) -> Operand: ...
    def full_zero(self, value: Value) -> Operand: ...
    def hand_out(self, pairs: list[tuple[Operand, Operand]], equation: Equation) -> None: ...


def reverse_sequence(sweep: Sweeper, equation: Equation) -> None:
    """Hand the adjoint of a list, or of an item, on."""
    REVERSES[equation.primitive](sweep, equation, sweep.adjoints.pop(equation.out))


def _items(sweep: Sweeper, equation: Equation, after: Operand) -> None:
    for index, item in enumerate(equation.args):
        if item in sweep.active:
            g = sweep.emitter.emit(ITEM, (after, Const(index)), span=equation.span)
            sweep.hand_out([(item, g)], equation)


def _append(sweep: Sweeper, equation: Equation, after: Operand) -> None:
    base, item = equation.args
    if item in sweep.active:
        g = sweep.emitter.emit(ITEM, (after, LAST), span=equation.span)
        sweep.hand_out([(item, g)], equation)
    if base in sweep.active:
        sweep.add(base, sweep.emitter.emit(WITHOUT_LAST, (after, LAST)))


def _without_last(sweep: Sweeper, equation: Equation, after: Operand) -> None:
    base, last = equation.args
    sweep.add(base, sweep.emitter.emit(APPEND, (after, sweep.zero(last))))


def _set_item(sweep: Sweeper, equation: Equation, after: Operand) -> None:
    base, index, item, old = equation.args
    if item in sweep.active:
        g = sweep.emitter.emit(ITEM, (after, index), span=equation.span)
        sweep.hand_out([(item, g)], equation)
    if base in sweep.active:
        sweep.add(base, sweep.emitter.emit(SET_ITEM, (after, index, sweep.zero(old))))


def _item(sweep: Sweeper, equation: Equation, g: Operand) -> None:
    base, index = equation.args
    before = sweep.adjoints.get(base)
    if before is None:
        before = sweep.full_zero(base)
    sweep.adjoints[base] = sweep.emitter.emit(ADD_ITEM, (before, index, g))


def _array_of(sweep: Sweeper, equation: Equation, g: Operand) -> None:
    sweep.add(equation.args[0], sweep.emitter.emit(ROWS, (g,)))


def _rows(sweep: Sweeper, equation: Equation, after: Operand) -> None:
    (base,) = equation.args
    type_ = sweep.emitter.type(base)
    sweep.add(base, sweep.emitter.emit(ARRAY_OF, (after,), type_=type_))


def _total(sweep: Sweeper, equation: Equation, g: Operand) -> None:
    (base,) = equation.args
    sweep.add(base, sweep.emitter.emit(EACH, (g, base)))


REVERSES: dict[Any, Any] = {
    ITEMS: _items,
    APPEND: _append,
    WITHOUT_LAST: _without_last,
    SET_ITEM: _set_item,
    ITEM: _item,
    ARRAY_OF: _array_of,
    ROWS: _rows,
    TOTAL: _total,
}
