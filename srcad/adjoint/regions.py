"""The chain rule of control flow: the reverse of an `if` is an `if`, that of a loop is a loop."""

from __future__ import annotations

from typing import Any, Protocol

from srcad.graph import (
    FOR,
    IF,
    Const,
    Equation,
    Graph,
    LoopParts,
    Operand,
    Tables,
    Value,
    captured,
    loop_parts,
    values,
)
from srcad.typed import Emitter, adjoint_type
from srcad.types import INT, Tensor, same_dtype

Adjoints = dict[Value, Operand]


class Sweeper(Protocol):
    """What a region needs of the sweep."""

    tables: Tables
    active: set[Value]
    adjoints: Adjoints
    emitter: Emitter

    def add(self, value: Value, contribution: Operand) -> None: ...
    def hand_on(self, source: Value, adjoint: Operand, value: Value) -> None: ...
    def block(self, block: Graph) -> None: ...
    def cotangent(self, value: Value) -> Operand: ...
    def inside(self, graph: Graph, adjoints: Adjoints) -> Any: ...


def reverse_if(sweep: Sweeper, equation: Equation) -> None:
    """Each branch works on a copy of the adjoints; what either has changed comes out of the `if`."""
    seeds = {o: sweep.adjoints.pop(o) for o in equation.outs if o in sweep.adjoints}
    before = sweep.adjoints
    swept: list[tuple[Graph, Adjoints]] = []
    for block in equation.blocks:
        adjoints = dict(before)
        with sweep.inside(Graph(facts=block.facts, mirror=block), adjoints) as graph:
            for out, result in zip(equation.outs, block.results, strict=True):
                if out in seeds and result in sweep.active:
                    sweep.hand_on(out, seeds[out], result)
            sweep.block(block)
        swept.append((graph, adjoints))
    inner = {v for block in equation.blocks for e in block.equations for v in e.outs}
    touched = dict.fromkeys(v for _, adjoints in swept for v in adjoints if v not in inner)
    changed = [v for v in touched if any(a.get(v) is not before.get(v) for _, a in swept)]
    for graph, adjoints in swept:
        with sweep.inside(graph, adjoints):
            graph.results = tuple(sweep.cotangent(value) for value in changed)
    if changed:
        outs = tuple(adjoint_of(sweep, value) for value in changed)
        blocks = tuple(graph for graph, _ in swept)
        sweep.emitter.append(
            Equation(outs, IF, equation.args, (), blocks, equation.span, "adjoint", equation)
        )
        sweep.adjoints.update(zip(changed, outs, strict=True))


def reverse_loop(sweep: Sweeper, equation: Equation) -> None:
    """The loop runs backward, carrying the adjoints of what it carried and of what it captured."""
    parts = loop_parts(equation)
    carried = [
        index
        for index, (out, head) in enumerate(zip(parts.outs, parts.heads, strict=True))
        if out in sweep.active or head in sweep.active
    ]
    outer = [v for v in captured(parts.body) if v in sweep.active]
    starts = [sweep.cotangent(parts.outs[index]) for index in carried]
    for index in carried:
        sweep.adjoints.pop(parts.outs[index], None)
    starts += [sweep.cotangent(value) for value in outer]
    graph = Graph(facts=parts.body.facts, mirror=parts.body)
    # At an iteration's start what is carried is the adjoint of the body's result.
    heads = [adjoint_of(sweep, end_of(sweep, parts, index)) for index in carried]
    shared = [adjoint_of(sweep, value) for value in outer]
    bounds, keywords, index_value = trips_back(sweep, equation, parts)
    graph.params = (index_value, *heads, *shared)
    adjoints: Adjoints = dict(zip(outer, shared, strict=True))
    with sweep.inside(graph, adjoints):
        for head, index in zip(heads, carried, strict=True):
            if parts.results[index] in sweep.active:
                sweep.hand_on(parts.outs[index], head, parts.results[index])
        sweep.block(parts.body)
        found = [sweep.cotangent(parts.heads[index]) for index in carried]
        graph.results = (*found, *(sweep.cotangent(value) for value in outer))
    # What comes out is the adjoint of what the loop began with, and has that one's type.
    outs = [adjoint_of(sweep, begin_of(sweep, parts, index)) for index in carried]
    rebound = [adjoint_of(sweep, value) for value in outer]
    sweep.emitter.append(
        Equation(
            (*outs, *rebound),
            FOR,
            (*bounds, *starts),
            keywords,
            (graph,),
            equation.span,
            "adjoint",
            equation,
        )
    )
    # What was captured first: a loop's start may be one of them.
    sweep.adjoints.update(zip(outer, rebound, strict=True))
    for index, out in zip(carried, outs, strict=True):
        for init in values(parts.inits[index]):
            if init in sweep.active:
                sweep.hand_on(parts.outs[index], out, init)


def trips_back(
    sweep: Sweeper, equation: Equation, parts: LoopParts
) -> tuple[tuple[Operand, ...], tuple[tuple[str, Operand], ...], Value]:
    """The range of the trips made, the last one first, and the index; a `while` just counts them."""
    types, names = sweep.tables.types, sweep.tables.names
    if parts.index is None:
        return (Const(0), parts.trips, Const(1)), (), sweep.emitter.define(INT, "_")
    keywords: tuple[tuple[str, Operand], ...] = (("reversed", Const(True)),)
    if parts.trips is not None:
        keywords += (("trips", parts.trips),)
    index = sweep.emitter.define(types[parts.index], names.get(parts.index))
    return equation.args[:3], keywords, index


def begin_of(sweep: Sweeper, parts: LoopParts, index: int) -> Value:
    """The primal value whose type the adjoint has when all iterations are undone: what came first.

    If the loop changes the dtype, or may leave the name unbound, what came first is still to be fitted.
    """
    head, init = parts.heads[index], parts.inits[index]
    types = sweep.tables.types
    unbound = sweep.tables.unbound.intersection((head, parts.outs[index]))
    if unbound:
        return unbound.pop()
    start, end = types.get(init) if isinstance(init, Value) else None, types[head]
    if not isinstance(start, Tensor) or not isinstance(end, Tensor):
        return head
    return init if same_dtype(start.dtype, end.dtype) else head


def end_of(sweep: Sweeper, parts: LoopParts, index: int) -> Value:
    """The primal value of whose adjoint a backward iteration is handed: a result of the body."""
    result, out = parts.results[index], parts.outs[index]
    return result if isinstance(result, Value) and out not in sweep.tables.unbound else out


def adjoint_of(sweep: Sweeper, value: Value) -> Value:
    """A new value of a value's type, which is what an adjoint has."""
    type_ = adjoint_type(sweep.tables.types[value])
    unbound = value in sweep.tables.unbound
    if unbound and isinstance(type_, Tensor) and not type_.immutable:
        # it may be the number 0.0 instead of an array
        type_ = Tensor(type_.dtype, () if type_.dims == () else None)
    adjoint = sweep.emitter.define(type_)
    sweep.tables.note_adjoint(adjoint, value)
    return adjoint
