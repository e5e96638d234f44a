"""What a name is where two ways meet: after an `if`, and at the head of a loop.

Containers are joined leaf by leaf. A value that stands for two has the type, the activity and the memory
of both; one that stands for a name that may not be bound is marked so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from srcad import errors
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.graph import Const, Operand, Value, map_leaves
from srcad.statements import UNBOUND
from srcad.types import Facts, Type, join


@dataclass(slots=True)
class Join:
    """The values that stand for what two branches give, and what each of the two gives for them."""

    emitter: PrimalEmitter
    span: Span
    outs: list[Value] = field(default_factory=list)
    results: tuple[list[Operand], list[Operand]] = field(default_factory=lambda: ([], []))

    def operand(self, name: str, a: Operand, b: Operand) -> Operand:
        """What a name means that is `a` on one side and `b` on the other."""
        if a is b or (isinstance(a, Const) and isinstance(b, Const) and _same(a.value, b.value)):
            return a
        if isinstance(a, (Value, Const)) and isinstance(b, (Value, Const)):
            out = self.emitter.define(join_types(self.emitter, a, b, self.emitter.facts), name)
            self.outs.append(out)
            for results, operand in zip(self.results, (a, b), strict=True):
                results.append(operand)
            stand_for(self.emitter, out, (a, b))
            return out
        a, b = spread(a, b), spread(b, a)
        if type(a) is not type(b) or not isinstance(a, (dict, tuple, list)) or keys(a) != keys(b):
            raise errors.UnstableType(f"{name} has another structure on the other path", self.span)
        items = [self.operand(name, one, other) for one, other in _pairs(a, b)]
        return dict(zip(a, items, strict=True)) if isinstance(a, dict) else type(a)(items)


def stand_for(emitter: PrimalEmitter, out: Value, operands: Sequence[Operand]) -> None:
    """Record that `out` is one of the operands."""
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


def _same(a: Any, b: Any) -> bool:
    """Whether two known objects are the same one, 1 and 1.0 and True told apart."""
    if a is b:
        return True
    return type(a) is type(b) and isinstance(a, (int, str, bool, float)) and a == b and a != 0.0
