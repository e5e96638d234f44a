"""Which additions may be made in place, and where a copy is owed for that.

Each backward value has the allocations that its memory may come from. An adjoint is added to in place
only if all of these are the sweep's own and no other value that is still read shares one. An array
that a loop carries is a box: its own at entry, and its own, apart from every other, at each end.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from srcad.graph import (
    BROADCAST,
    COPY,
    FOR,
    GETITEM,
    IF,
    PUSHED,
    UNBROADCAST,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    captured,
    map_leaves,
    values,
)
from srcad.memory.liveness import Live, live_after
from srcad.primitive import find
from srcad.rules.indexing import index_memory
from srcad.types import Tensor, same_dims, same_dtype

Memory = frozenset[object]
NOTHING: Memory = frozenset()
FOREIGN = object()
"""The memory of the forward sweep, of arguments, and of what is not known."""
SPREADING = (GETITEM, BROADCAST, UNBROADCAST)
ADDITIONS = {find(operator.add), find(operator.sub)}


@dataclass(slots=True)
class Owned:
    """The graph with the copies that are owed, and which of its equations write in place."""

    graph: Graph
    in_place: set[Equation] = field(default_factory=set)
    inline: dict[Value, Equation] = field(default_factory=dict)  # views that only a copy reads
    origins: dict[Value, Memory] = field(default_factory=dict)


def own(graph: Graph, tables: Tables, restored: set[Value]) -> Owned:
    """Decide, block by block, what is written in place.

    `restored`: the primal values that loops carry backward.
    """
    apart: set[Value] = set()
    while True:
        owner = _Owner(graph, tables, restored, apart)
        found = owner.run()
        if owner.asked <= apart:
            return found
        apart |= owner.asked


class _Owner:
    """One walk. `apart` are views that are copied, since what they show is written while they live."""

    def __init__(
        self, graph: Graph, tables: Tables, restored: set[Value], apart: set[Value]
    ) -> None:
        self.apart = apart
        self.asked: set[Value] = set()
        self.viewing: set[Value] = set()
        self.graph = graph
        self.tables = tables
        self.restored = restored
        self.live = live_after(graph)
        self.found = Owned(graph)
        self.written: set[object] = set()
        self.facts = graph.facts

    def run(self) -> Owned:
        self.found.graph = self.block(self.graph)
        return self.found

    # origins

    def origins(self, operand: Operand) -> Memory:
        """The allocations that an operand's memory may come from; a primal value's are foreign."""
        known = self.found.origins
        return NOTHING.union(*(known.get(v, {FOREIGN}) for v in values(operand) if self.array(v)))

    def array(self, value: Value) -> bool:
        type_ = self.tables.types[value]
        return not (isinstance(type_, Tensor) and type_.immutable)

    def note(self, equation: Equation) -> None:
        """Where the memory of an equation's result comes from."""
        origins = self.found.origins
        for out in equation.outs:
            if not self.array(out):
                origins[out] = NOTHING
            elif equation.primitive is PUSHED:
                origins[out] = frozenset({FOREIGN})
            elif self.views(equation):
                first = equation.primitive in SPREADING
                sources = equation.args[0] if first else (equation.args, dict(equation.keywords))
                origins[out] = self.origins(sources)
                self.viewing.add(out)
                if self.spreads(equation):
                    origins[out] |= {FOREIGN}
            else:
                origins[out] = frozenset({out})

    def views(self, equation: Equation) -> bool:
        if equation.primitive is not GETITEM:
            return equation.primitive.shares(equation.args, dict(equation.keywords))

        def known(leaf: Value | Const) -> object:
            return leaf.value if isinstance(leaf, Const) else self.tables.types[leaf]

        return index_memory(map_leaves(equation.args[1], known)) != "fresh"

    def spreads(self, equation: Equation) -> bool:
        """Whether the result may be a read-only view in which elements share memory."""
        spreading = equation.primitive in (BROADCAST, UNBROADCAST)
        return spreading or equation.primitive.function is np.broadcast_to

    # deciding

    def block(self, graph: Graph) -> Graph:
        new = replace(graph, equations=[])
        outer, self.facts = self.facts, graph.facts
        for equation in graph.equations:
            self.equation(equation, new.equations)
        self.facts = outer
        return new

    def equation(self, equation: Equation, into: list[Equation]) -> None:
        if equation.primitive is IF:
            blocks = tuple(self.block(block) for block in equation.blocks)
            for index, out in enumerate(equation.outs):
                self.found.origins[out] = self.origins([b.results[index] for b in blocks])
            into.append(self.again(equation, replace(equation, blocks=blocks)))
        elif equation.primitive is FOR:
            self.loop(equation, into)
        elif equation.primitive.writes:
            self.scatter(equation, into)
        elif equation.outs[0] in self.apart:
            self.copied_view(equation, into)
        else:
            self.addition(equation)
            into.append(equation)

    def copied_view(self, equation: Equation, into: list[Equation]) -> None:
        """A view that is copied where it is taken."""
        view = Value()
        self.tables.types[view] = self.tables.types[equation.out]
        taken = replace(equation, outs=(view,))
        copy = Equation(
            equation.outs, COPY, (view,), span=equation.span, role="adjoint", answers=equation.answers
        )
        for each in (taken, copy):
            self.live[each] = self.live[equation]
            self.note(each)
            into.append(each)
        self.found.inline[view] = taken

    def again(self, old: Equation, new: Equation) -> Equation:
        self.live[new] = self.live[old]
        return new

    def exclusive(self, operand: Operand, live: Live, beside: Iterable[Operand] = ()) -> bool:
        """Whether the memory of an operand is the sweep's own, and nothing still read shares it."""
        if not isinstance(operand, Value):
            return False
        memory = self.origins(operand)
        if not memory or FOREIGN in memory or operand in live:
            return False
        others = [v for v in live if v is not operand] + list(values(list(beside)))
        return not any(self.origins(v) & memory for v in others)

    def addition(self, equation: Equation) -> None:
        self.note(equation)
        if equation.primitive not in ADDITIONS or equation.keywords:
            return
        first, out = equation.args[0], equation.out
        live = self.live[equation] - {out}
        if isinstance(first, Value) and self.array(out) and self.exclusive(first, live):
            if self.same_type(first, out):
                self.write(equation, self.origins(first))

    def same_type(self, first: Value, out: Value) -> bool:
        """Whether the sum fits into the memory of its first operand."""
        a, b = self.tables.types[first], self.tables.types[out]
        if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
            return False
        return a.kind == "array" and same_dtype(a.dtype, b.dtype) and same_dims(a, b, self.facts)

    def write(self, equation: Equation, memory: Memory) -> None:
        self.found.in_place.add(equation)
        self.found.origins[equation.out] = memory
        self.written |= memory

    def scatter(self, equation: Equation, into: list[Equation]) -> None:
        base = equation.args[0]
        self.ask(base, self.live[equation] - {equation.out})
        if not self.exclusive(base, self.live[equation] - {equation.out}, equation.args[1:]):
            base = self.copied(base, equation, into)
            equation = self.again(equation, replace(equation, args=(base, *equation.args[1:])))
        into.append(equation)
        self.write(equation, self.origins(base))

    def ask(self, base: Operand, live: Live) -> None:
        """Ask for copies of the views because of which an array could not be written in place."""
        memory = self.origins(base)
        if base in live or FOREIGN in memory:
            return
        sharing = {v for v in live if self.origins(v) & memory}
        if sharing <= self.viewing:
            self.asked |= sharing

    def copied(self, operand: Operand, reason: Equation, into: list[Equation]) -> Value:
        """A copy, made here."""
        new = Value()
        like = operand if isinstance(operand, Value) else reason.outs[0]
        self.tables.types[new] = self.tables.types[like]
        copy = Equation((new,), COPY, (operand,), role="adjoint", answers=reason.answers)
        self.live[copy] = self.live[reason] | {new}
        self.found.origins[new] = frozenset({new})
        into.append(copy)
        return new

    # loops

    def loop(self, equation: Equation, into: list[Equation]) -> None:
        (body,) = equation.blocks
        params, inits = body.params[1:], list(equation.args[3:])
        self.found.origins[body.params[0]] = NOTHING
        for param in params:
            own = FOREIGN if param in self.restored else param
            self.found.origins[param] = frozenset({own}) if self.array(param) else NOTHING
        new = self.block(body)
        boxes = self.boxes(params, new)
        for index in boxes:
            self.own_end(index, new, equation)
        for index in boxes:
            inits[index] = self.owned_start(index, inits, equation, into)
        entering = self.origins(inits)
        for index, out in enumerate(equation.outs):
            memory = frozenset({out}) if self.array(out) else NOTHING
            if index not in boxes and memory:
                memory |= (self.origins(new.results[index]) | entering) - set(params)
            self.found.origins[out] = memory
        again = replace(equation, args=(*equation.args[:3], *inits), blocks=(new,))
        into.append(self.again(equation, again))

    def boxes(self, params: Sequence[Value], body: Graph) -> list[int]:
        """What is written in place in the body, and whatever hands its memory on to such a one."""
        found = [index for index, param in enumerate(params) if param in self.written]
        for index in found:  # it grows
            memory = self.origins(body.results[index])
            found += [i for i, p in enumerate(params) if p in memory and i not in found]
        return sorted(found)

    def own_end(self, index: int, body: Graph, equation: Equation) -> None:
        """What a box is at the end of an iteration: copied if its memory is not its own."""
        results = list(body.results)
        memory = self.origins(results[index])
        others = values(results[:index] + results[index + 1 :])
        outside = self.live[equation].difference(equation.outs).union(captured(body))
        if FOREIGN in memory or any(self.origins(v) & memory for v in (*others, *outside)):
            results[index] = self.copied(results[index], equation, body.equations)
            body.results = tuple(results)

    def owned_start(
        self, index: int, inits: list[Operand], equation: Equation, into: list[Equation]
    ) -> Operand:
        """What a box starts from: the value itself if it is the sweep's own, else a copy."""
        beside = inits[:index] + inits[index + 1 :]
        live = self.live[equation].difference(equation.outs).union(captured(equation.blocks[0]))
        if self.exclusive(inits[index], live, beside):
            self.written |= self.origins(inits[index])
            return inits[index]
        return self.copied(inits[index], equation, into)
