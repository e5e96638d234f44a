"""What a name is where two ways meet: after an `if`, and at the head of a loop.

Containers are joined leaf by leaf. A value that stands for two has the type, the activity and the memory
of both; one that stands for a name that may not be bound is marked so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from srcad import errors
from srcad.build.changes import Held
from srcad.build.closures import Made, locals_in
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.graph import Const, Operand, Value, map_leaves
from srcad.records import Record
from srcad.statements import UNBOUND
from srcad.types import Facts, Type, join


@dataclass(slots=True)
class Join:
    """The values that stand for what two branches give, and what each of the two gives for them."""

    emitter: PrimalEmitter
    span: Span
    outs: list[Value] = field(default_factory=list)
    results: tuple[list[Operand], list[Operand]] = field(default_factory=lambda: ([], []))
    merged: list[Operand] = field(default_factory=list)  # containers that may be one or another

    def operand(self, name: str, a: Operand, b: Operand) -> Operand:
        """What a name means that is `a` on one side and `b` on the other."""
        if a is b or (isinstance(a, Const) and isinstance(b, Const) and alike(a.value, b.value)):
            return a
        if UNBOUND in (a, b) and is_function(b if a is UNBOUND else a):
            return UNBOUND
        if isinstance(a, (Value, Const)) and isinstance(b, (Value, Const)):
            check_joins(a, b, self.span)
            out = self.emitter.define(join_types(self.emitter, a, b, self.emitter.facts), name)
            self.outs.append(out)
            for results, operand in zip(self.results, (a, b), strict=True):
                results.append(operand)
            stand_for(self.emitter, out, (a, b), self.span)
            return out
        a, b = spread(a, b), spread(b, a)
        if isinstance(a, Record) and isinstance(b, Record) and a.cls is b.cls:
            return Record(a.cls, self.operand(name, a.fields, b.fields))
        if type(a) is not type(b) or not isinstance(a, (dict, tuple, list)) or keys(a) != keys(b):
            raise errors.UnstableType(f"{name} has another structure on the other path", self.span)
        self.merged += [a, b]
        items = [self.operand(name, one, other) for one, other in _pairs(a, b)]
        joined = dict(zip(a, items, strict=True)) if isinstance(a, dict) else type(a)(items)
        self.merged.append(joined)
        return joined


def is_function(operand: Operand) -> bool:
    """Whether an operand is a function that is made inside the function."""
    return isinstance(operand, Const) and isinstance(operand.value, Made)


def stand_for(
    emitter: PrimalEmitter, out: Value, operands: Sequence[Operand], span: Span
) -> None:
    """Record that `out` is one of the operands."""
    for function in locals_in(operands):
        raise errors.UnstableType(
            f"{function.name} is not the same function on each path",
            span,
            "call the function on each path, and use its result",
        )
    emitter.state.join(out, operands)
    unbound = emitter.tables.unbound
    if any(o is UNBOUND or o in unbound for o in operands):
        unbound.add(out)


def join_types(emitter: PrimalEmitter, a: Operand, b: Operand, facts: Facts) -> Type:
    """The type of what is one operand or the other, where it is bound."""
    first, *rest = [emitter.type(o) for o in (a, b) if o is not UNBOUND]
    return join(first, rest[0], facts) if rest else first


def spread(tree: Operand, like: Operand) -> Operand:
    """The operand itself; a name that is not bound takes the structure of its other side."""
    return map_leaves(like, lambda leaf: UNBOUND) if tree is UNBOUND else tree


def keys(tree: Operand) -> list[Any]:
    """What tells the items of a container apart."""
    return list(tree) if isinstance(tree, dict) else list(range(len(tree)))


def _pairs(a: Operand, b: Operand) -> Iterator[tuple[Operand, Operand]]:
    return ((a[key], b[key]) for key in keys(a))


def alike(a: Any, b: Any) -> bool:
    """Whether two known objects are the same one, 1 and 1.0 and True told apart."""
    if a is b:
        return True
    if isinstance(a, Held):
        return a == b
    return type(a) is type(b) and isinstance(a, (int, str, bool, float)) and a == b and a != 0.0


def check_joins(a: Operand, b: Operand, span: Span) -> None:
    """Refuse to join a container that is an object of its own with anything else."""
    for leaf in (a, b):
        if isinstance(leaf, Const) and isinstance(leaf.value, Held):
            raise errors.UnstableType("an item is one container or another", span)
