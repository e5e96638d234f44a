"""A check of the names: the text is run in thought, and each read must find the value that it means."""

from __future__ import annotations

from collections.abc import Callable

from srcad.graph import FOR, IF, Equation, Graph, Operand, Value, values

Holds = dict[str, Value]
Name = Callable[[Value], str | None]


def verify_names(
    graph: Graph, name: Name, inline: dict[Value, Equation], fixed: dict[Value, str]
) -> None:
    """Raise AssertionError if some name is read when it holds another value.

    `fixed` are values of the forward sweep and the names that hold them when the backward sweep begins.
    """
    checker = _Checker(name, inline)
    held: Holds = {}
    for param in graph.params:
        checker.bind(param, held)
    checker.elsewhere = dict(fixed)
    checker.read(graph.results, checker.block(graph, held))


class _Checker:
    def __init__(self, name: Name, inline: dict[Value, Equation]) -> None:
        self.name = name
        self.inline = inline
        self.elsewhere: dict[Value, str] = {}

    def read(self, operand: Operand, held: Holds) -> None:
        for value in values(operand):
            inner = self.inline.get(value)
            if inner is not None:
                self.read((inner.args, dict(inner.keywords)), held)
                continue
            if value in self.elsewhere:  # nothing of the backward sweep may have taken its name
                name = self.elsewhere[value]
                right = held.get(name, value) is value
            else:
                name = self.name(value) or ""
                right = held.get(name) is value
            assert right, f"{name} holds another value where it is read"

    def bind(self, value: Value, held: Holds) -> None:
        held[self.name(value) or ""] = value

    def block(self, graph: Graph, held: Holds) -> Holds:
        for equation in graph.equations:
            if equation.outs and equation.outs[0] in self.inline:
                continue
            if equation.primitive is IF:
                held = self.branch(equation, held)
            elif equation.primitive is FOR:
                held = self.loop(equation, held)
            else:
                self.plain(equation, held)
        return held

    def plain(self, equation: Equation, held: Holds) -> None:
        if equation.primitive.writes:  # the base gets its new name first
            self.read(equation.args[0], held)
            self.bind(equation.outs[0], held)
            self.read(equation.args[1:], held)
            return
        self.read((equation.args, dict(equation.keywords)), held)
        for out in equation.outs:
            self.bind(out, held)

    def branch(self, equation: Equation, held: Holds) -> Holds:
        self.read(equation.args, held)
        ends = []
        for block in equation.blocks:
            end = self.block(block, dict(held))
            self.read(block.results, end)
            for out in equation.outs:
                self.bind(out, end)
            ends.append(end)
        return _both(*ends)

    def loop(self, equation: Equation, held: Holds) -> Holds:
        (body,) = equation.blocks
        self.read(equation.args[3:], held)
        for param in body.params[1:]:
            self.bind(param, held)
        self.read((equation.args[:3], dict(equation.keywords)), held)
        held = dict(held)
        for _ in range(2):  # the second time, with what the first has left behind
            inside = dict(held)
            self.bind(body.params[0], inside)
            inside = self.block(body, inside)
            self.read(body.results, inside)
            for param in body.params[1:]:
                self.bind(param, inside)
            held = _both(held, inside)
        for param in body.params[1:]:
            self.read(param, held)
        for out in equation.outs:
            self.bind(out, held)
        return held


def _both(a: Holds, b: Holds) -> Holds:
    """What names hold whichever way was taken; a name that was bound on one way holds nothing known."""
    return {name: a[name] if a.get(name) is b.get(name) else _NOTHING for name in {**a, **b}}


_NOTHING = Value()
