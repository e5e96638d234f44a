"""The user's statements as the builder met them: the text that the forward sweep prints.

Helpers stand inlined, and of an `if` whose test is known only the branch taken is left. The graph says
what is computed; this says how the user wrote it, which node of it computes which value, and which
name holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import gast

from srcad.graph import Const, Equation, Operand, Value
from srcad.records import Record

Environment = dict[str, Operand]


class _Unbound:
    def __repr__(self) -> str:
        return "unbound"


UNBOUND = Const(_Unbound())
"""What a name holds that is not bound on this path."""


@dataclass(slots=True, eq=False)
class Plain:
    """A simple statement: kept or dropped as a whole."""

    node: gast.stmt
    binds: Environment = field(default_factory=dict)  # what each name that it binds means then
    effect: bool = False  # it must run even if nothing reads what it binds
    mutates: frozenset[str] = frozenset()  # names through which what it writes is seen
    loads: dict[gast.expr, Value] = field(default_factory=dict)  # what it reads before it writes


@dataclass(slots=True, eq=False)
class Branch:
    """An `if` whose test is not known before it runs."""

    node: gast.If
    equation: Equation
    then: list[Statement]
    orelse: list[Statement]
    binds: Environment  # what the names mean afterwards, whichever branch was taken


@dataclass(slots=True, eq=False)
class Loop:
    """A `for` that counts, or a `while`; the last statement of its body may be `if flag: break`."""

    node: gast.For | gast.While
    equation: Equation
    body: list[Statement]
    heads: Environment  # what the names mean when an iteration begins
    binds: Environment  # and after the last one
    targets: Environment = field(default_factory=dict)  # what an iteration binds at its start
    lengths: dict[Value, gast.expr] = field(default_factory=dict)  # `len(x)` of what it runs over
    effect: bool = False  # it must stand, since it refuses what does not fit


@dataclass(slots=True, eq=False)
class Context:
    """A `with`: its body runs where it stands, and belongs to the block around it."""

    node: gast.With
    body: list[Statement]
    binds: Environment  # the names after `as`, when the body begins
    effect: bool  # it must run even if nothing is left in its body


Statement = Plain | Branch | Loop | Context


def is_exit(node: gast.stmt) -> bool:
    """Whether a statement is the `if flag: break` at the end of a loop's body."""
    return isinstance(node, gast.If) and isinstance(node.body[0], gast.Break)


@dataclass(slots=True)
class Listing:
    """The statements, and the ways from text to values and back."""

    statements: list[Statement] = field(default_factory=list)
    node_of: dict[Value, gast.expr] = field(default_factory=dict)  # the node that computes it
    value_of: dict[gast.expr, Value] = field(default_factory=dict)
    replaced: dict[gast.expr, gast.expr] = field(
        default_factory=dict
    )  # an inlined call -> its result
    home_of: dict[Value, gast.expr] = field(default_factory=dict)  # of a parameter: `params["W1"]`
    guarded: set[gast.expr] = field(default_factory=set)  # nodes that may not be evaluated at all


def blocks_of(statement: Statement) -> list[list[Statement]]:
    """The statements that stand inside a statement."""
    if isinstance(statement, Branch):
        return [statement.then, statement.orelse]
    return [statement.body] if isinstance(statement, (Loop, Context)) else []


def every(statements: list[Statement]) -> Iterator[Statement]:
    """All statements, a region before what stands in it."""
    for statement in statements:
        yield statement
        for block in blocks_of(statement):
            yield from every(block)


def leaf_paths(operand: Operand, base: gast.expr) -> Iterator[tuple[Value, gast.expr]]:
    """The values in an operand, each with the expression that reaches it in `base`."""
    if isinstance(operand, Value):
        yield operand, base
    elif isinstance(operand, Record):
        for name, item in operand.fields.items():
            yield from leaf_paths(item, gast.Attribute(base, name, gast.Load()))
    elif isinstance(operand, (tuple, list, dict)):
        keys = operand if isinstance(operand, dict) else range(len(operand))
        for key in keys:
            node = gast.Subscript(base, gast.Constant(key, None), gast.Load())
            yield from leaf_paths(operand[key], node)
