"""A call of a helper that is a pair: a statement of its own, whose result stands for the call.

    return x * power(x, n - 1)        power_1, saved = power_forward(x, n - 1)
                                      return x * power_1
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, Protocol

import gast

from srcad.build.arguments import literal
from srcad.build.outside import Outside
from srcad.build.pairs import (
    ELSEWHERE,
    FRESH,
    Pair,
    Pairs,
    Registry,
    carries_derivative,
    refused,
    result_type,
    signature_of,
)
from srcad.build.recursion import is_recursive
from srcad.build.state import NOTHING, Memory, PrimalEmitter
from srcad.errors import Span
from srcad.graph import CALL, Const, Equation, Operand, Tables, Value
from srcad.source import Source
from srcad.statements import Listing, Plain, Statement
from srcad.types import OBJECT


class Caller(Protocol):
    """What a call needs of the builder."""

    emitter: PrimalEmitter
    tables: Tables
    outside: Outside
    registry: Registry
    statements: list[Statement]
    listing: Listing

    def varied(self, operand: Operand) -> bool: ...
    def span(self, node: gast.AST) -> Span: ...
    def build_helper(self, pair: Pair, tree: gast.FunctionDef, described: Any) -> Any: ...


def recursive(caller: Caller, callee: Any) -> bool:
    """Whether a helper comes to call itself, so that it cannot be inlined."""
    known = caller.registry.recursive
    if callee not in known:
        known[callee] = isinstance(callee, FunctionType) and is_recursive(callee)
    return known[callee]


def call_pair(
    caller: Caller,
    node: gast.Call,
    callee: Any,
    helper: tuple[Source, gast.FunctionDef],
    bound: dict[str, tuple[gast.expr | None, Operand]],
) -> Operand:
    """The result of a call of a helper that calls itself."""
    span = caller.span(node)
    operands = {name: caller.emitter.current(operand) for name, (_, operand) in bound.items()}
    facts = caller.emitter.graph.facts
    signature = signature_of(operands, caller.tables, facts, caller.varied)
    if signature is None:
        raise refused("calls itself, and is given a container or an object", callee, span)
    wrt = tuple(name for name, operand in operands.items() if caller.varied(operand))
    pairs = Pairs(caller.registry, caller.outside, caller.build_helper)
    pair = pairs.pair(callee, *helper, signature, wrt, span)
    outcome = pair.outcome
    if outcome is None:
        raise refused("calls itself on every path", callee, span)
    result = caller.emitter.define(result_type(outcome, signature.sizes))
    saved = caller.emitter.define(OBJECT)
    args = tuple(operands[name] for name in pair.parameters)
    equation = Equation((result, saved), CALL, (Const(pair), *args), span=span)
    caller.emitter.append(equation)
    state = caller.emitter.state
    if carries_derivative(outcome):
        state.varied.add(result)
    state.origins[saved] = NOTHING  # what is saved is a copy wherever others may write it
    own = {FRESH: caller.emitter.allocation(), ELSEWHERE: result}
    state.origins[result] = memory_of(pair, args, own, state.origins_of)
    near = memory_of(pair, args, own, state.near_of)
    if near != state.origins[result]:
        state.near[result] = near
    note_statement(caller, node, pair, bound, (result, saved))
    return result


def memory_of(
    pair: Pair,
    args: tuple[Operand, ...],
    own: dict[Any, Any],
    memory: Callable[[Operand], Memory],
) -> Memory:
    """Which allocations the memory of a call's result may come from; `memory` tells an argument's."""
    assert pair.outcome is not None
    found: Memory = NOTHING
    if pair.outcome.type.immutable:
        return found
    for origin in pair.outcome.memory:
        found |= {own[origin]} if origin in own else memory(args[origin])
    return found


def note_statement(
    caller: Caller,
    node: gast.Call,
    pair: Pair,
    bound: dict[str, tuple[gast.expr | None, Operand]],
    outs: tuple[Value, Value],
) -> None:
    """`result, saved = helper_forward(arguments)`, before the statement that the call stands in."""
    calls, names = caller.registry.calls, caller.outside.names
    if node not in calls:
        name = pair.source.name
        calls[node] = names.fresh(name), names.fresh(f"{name}_saved")
    targets = [gast.Name(name, gast.Store(), None, None) for name in calls[node]]
    arguments = [written(caller, *bound[name]) for name in pair.parameters]
    function = gast.Name(pair.forward, gast.Load(), None, None)
    call = gast.Call(function, arguments, [])
    assign = gast.Assign([gast.Tuple(targets, gast.Store())], call, None)
    binds: dict[str, Operand] = dict(zip(calls[node], outs, strict=True))
    caller.statements.append(Plain(gast.copy_location(assign, node), binds, effect=True))
    caller.listing.replaced[node] = gast.Name(calls[node][0], gast.Load(), None, None)


def written(caller: Caller, argument: gast.expr | None, operand: Operand) -> gast.expr:
    """How an argument is written; a default is read where it is kept."""
    if argument is not None:
        return argument
    if isinstance(operand, Value):
        return caller.listing.home_of[operand]
    assert isinstance(operand, Const)
    return literal(operand)


