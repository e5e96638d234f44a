"""Which augmented assignments write into an array, and which of those are allowed.

    x = 2.0; x += y          a number: the name is bound anew
    r = np.zeros(3); r += y  r's own array: written
    x += y                   x an argument: refused, the caller's array would change
    v = r[1:]; r += y; v     refused: v, which is still read, would change with it
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from srcad import errors
from srcad.build.state import Memory, PrimalEmitter
from srcad.errors import Span
from srcad.graph import Operand, Value, values
from srcad.operators import OPERATORS
from srcad.primitive import SYMBOLS, find
from srcad.statements import Environment
from srcad.types import Tensor

IN_PLACE: dict[Callable[..., Any], Callable[..., Any]] = {
    operator.add: operator.iadd,
    operator.sub: operator.isub,
    operator.mul: operator.imul,
    operator.truediv: operator.itruediv,
    operator.pow: operator.ipow,
}


def writes(emitter: PrimalEmitter, before: Operand) -> bool:
    """Whether an augmented assignment writes into what a name holds, rather than binding it anew."""
    if not isinstance(before, Value):
        return False
    type_ = emitter.type(before)
    return not (isinstance(type_, Tensor) and type_.immutable)


def in_place(function: Callable[..., Any], name: str, span: Span) -> Callable[..., Any]:
    """The function that an operator is when it writes: `operator.iadd` for `operator.add`."""
    found = IN_PLACE.get(function, function)
    if find(found) is None:
        raise errors.UnsupportedWrite(
            "this operator is not differentiated in place",
            span,
            f"write {name} = {name} {SYMBOLS[function]} ...",
        )
    return found


def check_write(
    emitter: PrimalEmitter,
    name: str,
    node_operator: type,
    others: Environment,
    before: Value,
    span: Span,
) -> None:
    """Refuse a write into `before` that might be seen: by the caller, or through another name.

    `others` are the other names that are still read.
    """
    state = emitter.state
    symbol = SYMBOLS[OPERATORS[node_operator]]
    hint = f"write {name} = {name} {symbol} ..., which makes a new array"
    memory: Memory = state.origins.get(before, frozenset())
    if memory - state.made:
        unsure = emitter.tensor(before).kind is None
        kind = errors.UndecidedKind if unsure else errors.UnsupportedWrite
        raise kind(f"{name} may be an array that this function did not make", span, hint)
    for other, operand in others.items():
        if any(state.origins.get(v, frozenset()) & memory for v in values(operand)):
            raise errors.UnsupportedWrite(f"{name} and {other} may be one array", span, hint)


def overwrite(emitter: PrimalEmitter, before: Value, after: Value) -> None:
    """Record that `after`, which was just made, stands in the memory of `before`."""
    state = emitter.state
    state.written[emitter.graph.equations[-1]] = state.origins[before]
    state.origins[after] = state.origins[before]
