"""The backward sweep as statements: equations in order, each group tied to the line it answers."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import gast

from srcad.emit.equations import IN_PLACE, Equations, call
from srcad.emit.naming import Naming
from srcad.emit.vocabulary import Vocabulary
from srcad.graph import (
    FOR,
    IF,
    PUSHED,
    SET,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
)
from srcad.sequences import ADD_ITEM, APPEND, SET_ITEM, WITHOUT_LAST

LIST_METHODS = {APPEND: "append", WITHOUT_LAST: "pop"}
Expression: TypeAlias = Any  # gast has no types: a node that is an expression


@dataclass(slots=True)
class Written:
    """Statements, and which equation each of them writes."""

    statements: list[gast.stmt] = field(default_factory=list)
    wrote: dict[gast.stmt, Equation] = field(default_factory=dict)


class BackwardWriter:
    """Writes a backward graph whose values have names."""

    def __init__(
        self,
        tables: Tables,
        vocabulary: Vocabulary,
        naming: Naming,
        inline: dict[Value, Equation],
        reached: dict[Value, Expression],
        lists: dict[Value, str],
        in_place: set[Equation],
    ) -> None:
        self.naming = naming
        self.inline = inline
        self.reached = reached
        self.lists = lists
        self.in_place = in_place
        self.equations = Equations(tables, vocabulary, self.value)
        self.written = Written()

    def value(self, value: Value) -> Expression:
        """How a value is read: its name, its own expression, or what the forward sweep has kept."""
        if value in self.reached:
            return self.reached[value]
        if value in self.inline:
            return self.expression(self.inline[value])
        name = self.naming(value)
        assert name is not None, "a value of the backward sweep has no name"
        return read(name)

    def block(self, graph: Graph) -> list[gast.stmt]:
        """The statements of a block, without those that hand out its results."""
        found: list[gast.stmt] = []
        for equation in graph.equations:
            if not (equation.outs and equation.outs[0] in self.inline):
                for statement in self.equation(equation):
                    self.written.wrote[statement] = equation
                    found.append(statement)
        return found

    def equation(self, equation: Equation) -> list[gast.stmt]:
        if equation.primitive is IF:
            return self.branch(equation)
        if equation.primitive is FOR:
            return self.loop(equation)
        if equation.primitive.writes:
            return self.write(equation)
        if equation in self.in_place:
            return self.addition(equation)
        return [assign(self.name(equation.out), self.expression(equation))]

    def expression(self, equation: Equation) -> Expression:
        if equation.primitive is PUSHED:
            return call(gast.Attribute(read(self.lists[equation.out]), "pop", gast.Load()), [])
        return self.equations.expression(equation)

    def name(self, value: Value) -> str:
        name = self.naming(value)
        assert name is not None
        return name

    def addition(self, equation: Equation) -> list[gast.stmt]:
        first, second = equation.args
        name = self.name(equation.out)
        if self.naming(first) != name or first in self.reached:
            return [assign(name, self.equations.expression(equation))]
        operator = IN_PLACE[equation.primitive.function]()
        return [gast.AugAssign(store(name), operator, self.equations.operand(second))]

    def write(self, equation: Equation) -> list[gast.stmt]:
        """`name[index] = value`, or `+=`, after the name holds the base."""
        name = self.name(equation.out)
        found = self.moves([(name, equation.args[0])])
        if equation.primitive in LIST_METHODS:
            return [*found, self.list_method(name, equation)]
        if equation.primitive is ADD_ITEM:
            index, item = map(self.equations.operand, equation.args[1:])
            total = gast.BinOp(
                gast.Subscript(read(name), copy.deepcopy(index), gast.Load()), gast.Add(), item
            )
            return [*found, gast.Assign([gast.Subscript(read(name), index, gast.Store())], total, None)]
        return [*found, self.array_write(name, equation)]

    def list_method(self, name: str, equation: Equation) -> gast.stmt:
        """`name.append(item)`, `name.pop()`."""
        method = gast.Attribute(read(name), LIST_METHODS[equation.primitive], gast.Load())
        given = equation.args[1:] if equation.primitive is APPEND else ()
        return gast.Expr(call(method, [self.equations.operand(item) for item in given]))

    def array_write(self, name: str, equation: Equation) -> gast.stmt:
        _, index, operand = equation.args
        g = self.equations.operand(operand)
        target = self.equations.along(read(name), dict(equation.keywords).get("path", ()))
        storing = equation.primitive in (SET, SET_ITEM)
        if storing or self.equations.adds_once(index):
            place = gast.Subscript(target, self.equations.operand(index), gast.Store())
            stored = gast.Assign([place], g, None)
            return stored if storing else gast.AugAssign(place, gast.Add(), g)
        at = self.equations.vocabulary.numpy("add.at")
        return gast.Expr(call(at, [target, self.equations.index(index), g]))

    def branch(self, equation: Equation) -> list[gast.stmt]:
        bodies = []
        for block in equation.blocks:
            ends = [(self.name(o), r) for o, r in zip(equation.outs, block.results, strict=True)]
            bodies.append([*self.block(block), *self.moves(ends)])
        test = self.equations.operand(equation.args[0])
        if not bodies[0]:
            return [gast.If(gast.UnaryOp(gast.Not(), test), bodies[1], [])] if bodies[1] else []
        return [gast.If(test, bodies[0], bodies[1])]

    def loop(self, equation: Equation) -> list[gast.stmt]:
        (body,) = equation.blocks
        heads = [self.name(param) for param in body.params[1:]]
        starts = self.moves(zip(heads, equation.args[3:], strict=True))
        inner = self.block(body)
        inner += self.moves(zip(heads, body.results, strict=True))
        steps = call(read("range"), self.bounds(equation.args[:3]))
        keywords = dict(equation.keywords)
        if "trips" in keywords:
            made = gast.Slice(None, self.equations.operand(keywords["trips"]), None)
            steps = gast.Subscript(steps, made, gast.Load())
        if "reversed" in keywords:
            steps = call(read("reversed"), [steps])
        target = store(self.name(body.params[0]))
        ends = self.moves(
            (self.name(o), p) for o, p in zip(equation.outs, body.params[1:], strict=True)
        )
        return [*starts, gast.For(target, steps, inner or [gast.Pass()], [], None), *ends]

    def bounds(self, args: Sequence[Operand]) -> list[Expression]:
        start, stop, step = args
        if isinstance(step, Const) and step.value == 1:
            if isinstance(start, Const) and start.value == 0:
                return [self.equations.operand(stop)]
            return [self.equations.operand(start), self.equations.operand(stop)]
        return [self.equations.operand(a) for a in args]

    def moves(self, pairs: object) -> list[gast.stmt]:
        """`name = operand` for all at once, without those that say nothing."""
        found = []
        for name, operand in pairs:  # type: ignore[attr-defined]
            expression = self.equations.operand(operand)
            if not (isinstance(expression, gast.Name) and expression.id == name):
                found.append((name, expression))
        if len(found) < 2:
            return [assign(name, expression) for name, expression in found]
        bound = {name for name, _ in found}
        if any(bound & names_in(expression) for _, expression in found):
            targets = gast.Tuple([store(name) for name, _ in found], gast.Store())
            together = gast.Tuple([expression for _, expression in found], gast.Load())
            return [gast.Assign([targets], together, None)]
        return [assign(name, expression) for name, expression in found]


def names_in(expression: Expression) -> set[str]:
    """The names that stand in an expression."""
    return {node.id for node in gast.walk(expression) if isinstance(node, gast.Name)}


def read(name: str) -> Expression:
    """A name that is read."""
    return gast.Name(name, gast.Load(), None, None)


def store(name: str) -> Expression:
    """A name that is bound."""
    return gast.Name(name, gast.Store(), None, None)


def assign(name: str, expression: Expression) -> gast.stmt:
    """`name = expression`."""
    return gast.Assign([store(name)], expression, None)


Comment = Callable[[Equation], "tuple[str, str] | None"]


def comments(written: Written, comment: Comment) -> dict[gast.stmt, str]:
    """The comment at the first line of each group of statements that answer one line of the user's."""
    found: dict[gast.stmt, str] = {}
    last: object = None
    for statement, equation in written.wrote.items():
        if equation.blocks:
            last = None
            continue
        about = comment(equation)
        if about is not None and about != last:
            found[statement] = f"{about[0]}: {about[1]}"
            last = about
    return found
