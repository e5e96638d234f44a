"""How often a loop runs, and arithmetic on such numbers: done at once where they are known."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.build.state import PrimalEmitter
from srcad.graph import Const, Operand, Value
from srcad.primitive import Primitive, find

Bounds = tuple[Operand, Operand, Operand]


@dataclass(frozen=True, slots=True)
class Counted:
    """A loop over a number of items that is known when it runs."""

    bounds: Bounds  # of the range of its index
    item: Callable[[Operand], Operand]
    arrays: tuple[Value, ...] = ()  # whose items they are
    known: Callable[[], Known | None] = lambda: None  # the same, if the number is known
    lengths: dict[Value, gast.expr] = field(default_factory=dict)  # how those are written
    strict: bool = False  # whether the text refuses lengths that differ


@dataclass(frozen=True, slots=True)
class Known:
    """A loop over items that are known one by one, as they are written."""

    items: list[gast.expr]


Plan = Counted | Known


class Counting:
    """Whole numbers that are known when a gradient is compiled, or when it runs."""

    emitter: PrimalEmitter

    def from_zero(self, counted: Counted) -> tuple[Operand, Callable[[Operand], Operand]]:
        """The number of items, and the item of an index that begins at 0 and has step 1."""
        start, stop, step = counted.bounds
        if all(isinstance(b, Const) for b in (start, step)) and (start.value, step.value) == (0, 1):
            return stop, counted.item
        count = self.length(counted.bounds)

        def item(index: Operand) -> Operand:
            return counted.item(self.sum(start, self.apply(operator.mul, index, step)))

        return count, item

    def length(self, bounds: Bounds) -> Operand:
        """How many numbers a range has, or less than 0 if none: -((start - stop) // step)."""
        start, stop, step = bounds
        back = self.apply(operator.floordiv, self.apply(operator.sub, start, stop), step)
        return self.apply(operator.mul, Const(-1), back)

    def least(self, counts: Sequence[Operand]) -> Operand:
        """The smallest of several lengths; those that are known to be one count once."""
        distinct: list[Operand] = []
        for count in counts:
            if not any(self.same(count, other) for other in distinct):
                distinct.append(count)
        if len(distinct) == 1:
            return distinct[0]
        if all(isinstance(count, Const) for count in distinct):
            return Const(min(count.value for count in distinct))
        smallest = find(min)
        assert smallest is not None
        return self.emitter.emit(smallest, tuple(distinct))

    def same(self, a: Operand, b: Operand) -> bool:
        if a is b:
            return True
        one, other = (self.emitter.tensor(each).value for each in (a, b))
        return one is not None and other is not None and self.emitter.facts.equal(one, other)

    def sum(self, a: Operand, b: Operand) -> Operand:
        if isinstance(a, Const) and a.value == 0:
            return b
        return self.apply(operator.add, a, b)

    def apply(self, function: Callable[..., Any], a: Operand, b: Operand) -> Operand:
        """Arithmetic on whole numbers, done now where they are known."""
        if isinstance(a, Const) and isinstance(b, Const):
            return Const(function(a.value, b.value))
        if function is operator.mul:
            for one, other in ((a, b), (b, a)):
                if isinstance(one, Const) and one.value == 1:
                    return other
        primitive = find(function)
        assert primitive is not None
        return self.emitter.emit(primitive, (a, b))

    def emit(self, primitive: Primitive, *args: Operand) -> Value:
        return self.emitter.emit(primitive, args)
