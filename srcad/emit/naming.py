"""Names for the values of a backward graph: one name for values that never live at one point.

What a loop carries has one name if it can: the value before it, at its head and at its end. So have the
two sides of an `if`, and an adjoint that is added to in place. Else the text says `name = other`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from srcad.emit.lifetimes import Lifetimes
from srcad.graph import FOR, GETITEM, IF, Equation, Graph, Operand, Tables, Value
from srcad.memory.words import operation_name
from srcad.names import Names, reserved
from srcad.types import Tensor

STYLES = ("d{}", "{}_bar", "{}_adjoint")


@dataclass(slots=True, eq=False)
class Class:
    """Values that share one name."""

    members: list[Value]
    lives: set[int]
    name: str | None = None


@dataclass(slots=True)
class Naming:
    """The name of each value."""

    classes: dict[Value, Class] = field(default_factory=dict)

    def __call__(self, value: Value) -> str | None:
        found = self.classes.get(value)
        return found.name if found else None


def name_values(
    graph: Graph,
    tables: Tables,
    lives: Lifetimes,
    inline: dict[Value, Equation],
    fixed: dict[Value, str],
    in_place: set[Equation],
    wrt: dict[Value, str],
    targets: dict[Equation, str],
    names: Names,
    bound: set[str],
) -> Naming:
    """Name every value of a backward graph that is not written inline.

    fixed: primal values that are read under a name; wrt: results -> the names of their arguments;
    targets: equation -> the name that its statement of the user's binds; bound: all names that the
    user's text binds, of which a value that is restored takes its own again.
    """
    namer = _Namer(tables, lives, inline, in_place, wrt, targets, names, bound)
    for value, name in fixed.items():
        namer.add(value, name)
    namer.block(graph)
    namer.join(graph)
    namer.assign()
    return namer.naming


class _Namer:
    def __init__(
        self,
        tables: Tables,
        lives: Lifetimes,
        inline: dict[Value, Equation],
        in_place: set[Equation],
        wrt: dict[Value, str],
        targets: dict[Equation, str],
        names: Names,
        bound: set[str],
    ) -> None:
        self.tables = tables
        self.lives = lives
        self.inline = inline
        self.in_place = in_place
        self.wrt = wrt
        self.targets = targets
        self.names = names
        self.naming = Naming()
        self.bound = bound
        self.made: dict[Value, Equation] = {}
        self.style = self.free_style()

    def free_style(self) -> str:
        """`dx`, unless some such name is the user's: then `x_bar`, or `x_adjoint`, throughout."""
        known = set(self.tables.names.values())
        for style in STYLES:
            if not any(style.format(name) in self.names.used for name in known):
                return style
        return STYLES[-1]

    # classes

    def add(self, value: Value, name: str | None = None) -> None:
        lives = set(self.lives.lives.get(value, ()))
        self.naming.classes[value] = Class([value], lives, name)

    def block(self, graph: Graph) -> None:
        for value in graph.params:
            self.add(value)
        for equation in graph.equations:
            for block in equation.blocks:
                self.block(block)
            for out in equation.outs:
                self.made[out] = equation
                if out not in self.inline:
                    self.add(out)

    def join(self, graph: Graph) -> None:
        """Give one class to values that hand on to one another, inner regions first."""
        for equation in graph.equations:
            for block in equation.blocks:
                self.join(block)
            if equation.primitive is IF:
                for out, *results in zip(
                    equation.outs, *(b.results for b in equation.blocks), strict=True
                ):
                    for result in results:
                        self.unite(out, result)
            elif equation.primitive is FOR:
                (body,) = equation.blocks
                for index, out in enumerate(equation.outs):
                    head = body.params[index + 1]
                    self.unite(out, head)
                    self.unite(head, body.results[index])
                    self.unite(head, equation.args[3 + index])
            elif equation in self.in_place:
                self.unite(equation.out, equation.args[0])

    def unite(self, a: Operand, b: Operand) -> None:
        """Make one class of two, if they never live at one point."""
        one, other = self.naming.classes.get(a), self.naming.classes.get(b)
        if one is None or other is None or one is other or one.lives & other.lives:
            return
        for known, joining in ((one, other), (other, one)):
            if known.name and any(v in self.tables.adjoint_of for v in joining.members):
                return
            if known.name and not self.joins_name(joining, known):
                return
        one.members += other.members
        one.lives |= other.lives
        one.name = one.name or other.name
        for value in other.members:
            self.naming.classes[value] = one

    def joins_name(self, joining: Class, known: Class) -> bool:
        """Whether a class may take the name that another has, beside all others of that name."""
        if joining.name is not None:
            return joining.name == known.name
        others = {id(c): c for c in self.naming.classes.values() if c.name == known.name}
        return all(c is known or not c.lives & joining.lives for c in others.values())

    # names

    def assign(self) -> None:
        """Name the classes in the order in which they begin."""
        classes = list(dict.fromkeys(self.naming.classes.values()))
        taken: dict[str, list[set[int]]] = {}
        for known in classes:
            if known.name is not None:
                taken.setdefault(known.name, []).append(known.lives)
        for unnamed in sorted(classes, key=lambda c: min(c.lives, default=0)):
            if unnamed.name is None:
                unnamed.name = self.choose(unnamed, taken)
                taken.setdefault(unnamed.name, []).append(unnamed.lives)

    def choose(self, unnamed: Class, taken: dict[str, list[set[int]]]) -> str:
        for name, own in self.candidates(unnamed):
            if reserved(name) and not own:
                continue
            known = taken.get(name)
            if known is None and not own and name in self.names.used:
                continue
            if all(not lives & unnamed.lives for lives in known or ()):
                self.names.used.add(name)
                return name
        base, _ = next(self.candidates(unnamed))
        return self.names.fresh(base)

    def candidates(self, unnamed: Class) -> Iterator[tuple[str, bool]]:
        """Names in order of preference; True: the user's own name for the same thing."""
        members = sorted(unnamed.members, key=lambda v: min(self.lives.lives.get(v, {0})))
        restored = [
            v for v in members if v in self.tables.names and v not in self.tables.adjoint_of
        ]
        for value in restored:
            name = self.tables.names[value]
            yield name, name in self.bound
        if len(restored) == len(members):
            return
        for value in members:
            if value in self.wrt:
                yield self.style.format(self.wrt[value]), False
            primal = self.tables.adjoint_of.get(value)
            if primal is not None and primal in self.tables.names:
                yield self.style.format(self.tables.names[primal]), False
        for value in members:
            if value in self.made and self.made[value] in self.targets:
                yield self.style.format(self.targets[self.made[value]]), False
        again = [self.made.get(v) for v in members if v not in self.tables.adjoint_of]
        if len(again) == len(members) and all(e is not None and e.answers is None for e in again):
            for equation in again:  # a primal value that is computed once more
                if equation is not None and equation.primitive is GETITEM:
                    yield operation_name(equation.primitive), False
        kinds = {self.kind(value) for value in members}
        if kinds <= {"b", "i", "u"}:
            yield "mask" if kinds == {"b"} else "count", False
        yield self.style.format(self.operation(members)), False

    def kind(self, value: Value) -> str:
        """The kind of a value's dtype; of one that is not known, as of a cotangent."""
        type_ = self.tables.types.get(value)
        dtype = type_.dtype if isinstance(type_, Tensor) else None
        return "f" if dtype is None else dtype.kind

    def operation(self, members: Iterable[Value]) -> str:
        """What an inner cotangent is named for: the operation that it flows back through."""
        for value in members:
            equation = self.made.get(value)
            answered = equation.answers if equation is not None else None
            if answered is not None and not answered.blocks:
                return operation_name(answered.primitive)
        return "value"
