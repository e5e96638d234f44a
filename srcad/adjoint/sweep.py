"""The chain rule in one file: equations in reverse, one dict of adjoints by value.

The first contribution to an adjoint binds it, later ones add. A branch works on a copy of the dict; a
loop carries the adjoints of what it carries, and of what it captures. The sweep refers to primal
values freely, as if all were still there; `memory` settles later how each is reached.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import numpy as np

from srcad import errors
from srcad.adjoint import regions
from srcad.adjoint.calls import reverse_helper
from srcad.adjoint.fit import fit
from srcad.adjoint.sequences import REVERSES, reverse_sequence
from srcad.graph import (
    CALL,
    FOR,
    GETITEM,
    IF,
    LAST_STORED,
    OPAQUE,
    SCATTER_ADD,
    SET,
    WHILE,
    ZEROS,
    Const,
    Equation,
    Graph,
    Operand,
    Tables,
    Value,
    values,
)
from srcad.primitive import Primitive, find
from srcad.rules.einsum import takes_diagonal
from srcad.rules.indexing import is_whole, repeats
from srcad.sequences import SUMS, ZERO_ITEMS
from srcad.typed import Emitter
from srcad.types import ListOf, Tensor, same_dtype

Adjoints = dict[Value, Operand]
Seed = tuple[Value, Operand]  # a value, and the cotangent that the sweep begins with
Rule = Callable[
    [Emitter, Equation, Operand, Callable[[Operand], bool]], list[tuple[Operand, Operand]]
]


def sweep(
    primal: Graph,
    tables: Tables,
    active: set[Value],
    result: Operand,
    wrt: Iterable[Value],
    rule: Rule,
) -> Graph:
    """The graph whose results are the derivatives of `result` with respect to `wrt`.

    `active` are the values between the two; `rule` gives what a primitive contributes to its operands.
    """
    seeds: list[Seed] = [(result, Const(1.0))] if isinstance(result, Value) else []
    return Sweep(tables, primal, active, rule).run(seeds, wrt)


def sweep_cotangents(
    primal: Graph,
    tables: Tables,
    active: set[Value],
    result: Operand,
    wrt: Iterable[Value],
    rule: Rule,
) -> Graph:
    """The same from cotangents, which are the graph's parameters: one for each leaf of `result`.

    A leaf that is not active has none.
    """
    sweep = Sweep(tables, primal, active, rule)
    seeds: list[Seed] = []
    for value in values(result):
        if value in active:
            cotangent = regions.adjoint_of(sweep, value)
            seeds.append((value, cotangent))
    sweep.graph.params = tuple(cotangent for _, cotangent in seeds)
    return sweep.run(seeds, wrt)


class Sweep:
    """One walk over a primal graph."""

    def __init__(self, tables: Tables, primal: Graph, active: set[Value], rule: Rule) -> None:
        self.tables = tables
        self.primal = primal
        self.active = active
        self.rule = rule
        self.graph = Graph(name=f"{primal.name} backward", facts=primal.facts, mirror=primal)
        self.emitter = Emitter(tables, self.graph, "adjoint")
        self.adjoints: Adjoints = {}

    def run(self, seeds: Iterable[Seed], wrt: Iterable[Value]) -> Graph:
        """Sweep back from the seeds to the cotangents of `wrt`, which become the graph's results."""
        for value, seed in seeds:
            self.add(value, seed)
        self.block(self.primal)
        self.graph.results = tuple(self.cotangent(value) for value in wrt)
        return self.graph

    def cotangent(self, value: Value) -> Operand:
        """The adjoint of a value, or the zero of its type."""
        found = self.adjoints.get(value)
        return self.zero(value) if found is None else found

    def zero(self, value: Value) -> Operand:
        type_ = self.tables.types[value]
        if isinstance(type_, Tensor) and type_.immutable:
            return Const(0.0)
        if (
            value in self.tables.unbound
        ):  # it may have no shape; `fit` spreads this where it has one
            return Const(0.0)
        return self.full_zero(value)

    def full_zero(self, value: Value) -> Operand:
        """Zeros in the shape of a value that is bound here."""
        listed = isinstance(self.tables.types[value], ListOf)
        zero = self.emitter.emit(ZERO_ITEMS if listed else ZEROS, (value,))
        self.tables.note_adjoint(zero, value)
        return zero

    def block(self, block: Graph) -> None:
        for equation in reversed(block.equations):
            self.reverse(equation)

    def reverse(self, equation: Equation) -> None:
        """Hand the adjoints of an equation's results on to its operands."""
        if equation.primitive is OPAQUE or equation.primitive.zero:
            return
        if not any(out in self.adjoints for out in equation.outs):
            return
        outer, self.emitter.answers = self.emitter.answers, equation
        if equation.primitive is IF:
            regions.reverse_if(self, equation)
        elif equation.primitive in (FOR, WHILE):
            regions.reverse_loop(self, equation)
        elif equation.primitive in REVERSES:
            reverse_sequence(self, equation)
        elif equation.primitive is GETITEM:
            self.reverse_item(equation)
        elif equation.primitive is CALL:
            reverse_helper(self, equation)
        elif equation.primitive.writes:
            self.reverse_write(equation)
        elif equation.primitive.function is np.einsum and is_diagonal(equation):
            self.reverse_diagonal(equation)
        else:
            self.reverse_call(equation)
        self.emitter.answers = outer

    def wanted(self, operand: Operand) -> bool:
        return any(value in self.active for value in values(operand))

    def reverse_call(self, equation: Equation) -> None:
        g = self.adjoints.pop(equation.out)
        if equation.primitive.vjp is None:
            raise errors.NoRule(f"{equation.primitive} has no derivative rule", equation.span)
        pairs = self.rule(self.emitter, equation, g, self.wanted)
        covered = {v for operand, _ in pairs for v in values(operand)}
        left = [v for v in equation.ins if v in self.active and v not in covered]
        if left:
            raise errors.NoRule(
                f"{equation.primitive} has no derivative with respect to this argument",
                equation.span,
            )
        self.hand_out(pairs, equation)

    def hand_out(self, pairs: list[tuple[Operand, Operand]], equation: Equation) -> None:
        """Add what an equation contributes to the adjoints of its operands."""
        found: Adjoints = {}
        for operand, contribution in pairs:
            self.contribute(operand, contribution, equation, found)
        for value, contribution in found.items():
            self.add(value, contribution)

    def contribute(
        self, operand: Operand, contribution: Operand, equation: Equation, found: Adjoints
    ) -> None:
        """Add up what an equation contributes to each value, since one may stand in it twice."""
        if isinstance(operand, (tuple, list)):
            if isinstance(contribution, Value):  # of a rule that is called when the ranks are there
                emit, span = self.emitter.emit, equation.span
                indices = range(len(operand))
                contribution = [emit(GETITEM, (contribution, Const(i)), span=span) for i in indices]
            for item, part in zip(operand, contribution, strict=True):
                self.contribute(item, part, equation, found)
        elif isinstance(operand, Value) and operand in self.active:
            if isinstance(contribution, Const) and contribution.value is None:
                raise errors.NoRule(
                    f"{equation.primitive} has no derivative with respect to this argument",
                    equation.span,
                )
            fitted = fit(self.emitter, contribution, operand)
            found[operand] = self.sum(found.get(operand), fitted, operand)

    def add(self, value: Value, contribution: Operand) -> None:
        """The first contribution binds, later ones add."""
        self.bind(value, self.sum(self.adjoints.get(value), contribution, value))

    def sum(self, before: Operand | None, contribution: Operand, value: Value) -> Operand:
        if before is None or (isinstance(before, Const) and before.value == 0.0):
            return contribution
        plus = find(operator.add)
        assert plus is not None
        type_ = self.tables.types[value]
        if isinstance(type_, ListOf):
            return self.emitter.emit(SUMS, (before, contribution))
        number = isinstance(type_, Tensor) and (type_.immutable or type_.dims == ())
        number = number or value in self.tables.unbound
        known = None if number else type_
        return self.emitter.emit(plus, (before, contribution), type_=known)

    def hand_on(self, source: Value, adjoint: Operand, value: Value) -> None:
        """Add the adjoint of a join to that of the value which it was on this path."""
        have, want = self.emitter.tensor(adjoint), self.emitter.tensor(value)
        unbound = source in self.tables.unbound and value not in self.tables.unbound
        number = isinstance(adjoint, Const)
        if unbound or (not same_dtype(have.dtype, want.dtype) and not number):
            adjoint = fit(self.emitter, adjoint, value)
        self.add(value, adjoint)

    def bind(self, value: Value, adjoint: Operand) -> None:
        self.adjoints[value] = adjoint
        self.tables.note_adjoint(adjoint, value)

    def reverse_item(self, equation: Equation) -> None:
        """`x[i]` reversed adds the cotangent at `i`: constant work for an element."""
        base, index = equation.args
        g = self.adjoints.pop(equation.out)
        if base in self.active:
            self.add_at(base, index, g, dict(equation.keywords))

    def reverse_diagonal(self, equation: Equation) -> None:
        """A diagonal reversed is an addition to the diagonal of the adjoint."""
        formula, base = equation.args
        step: Operand = (Const(equation.primitive), (formula,), (), {})
        self.add_at(base, Const(Ellipsis), self.adjoints.pop(equation.out), {"path": (step,)})

    def add_at(
        self, base: Value, index: Operand, g: Operand, path: dict[str, Operand]
    ) -> None:
        """Add to the adjoint of an array at an index, of the view that a path leads to."""
        before = self.adjoints.get(base)
        if before is None or isinstance(before, Const):
            before = self.full_zero(base)
        elif base in self.tables.unbound:
            before = fit(self.emitter, before, base)
        self.bind(base, self.emitter.emit(SCATTER_ADD, (before, index, g), path))

    def reverse_write(self, equation: Equation) -> None:
        """A store hands on the cotangent at its place and leaves zero there; an addition leaves it."""
        base, index, value = equation.args
        after, keywords = self.adjoints.pop(equation.out), dict(equation.keywords)
        if isinstance(after, Const):
            return  # it is 0
        if equation.out in self.tables.unbound:
            after = fit(self.emitter, after, equation.out)
        storing = equation.primitive is SET
        subtracts = keywords.pop("subtract", None) is not None
        type_ = self.tables.types[value] if keywords.pop("fits", None) is not None else None
        if self.wanted(value):
            whole = is_whole(index) and not keywords
            g: Operand = after
            if not whole:
                g = self.emitter.emit(GETITEM, (after, index), keywords, equation.span, type_)
            if storing and repeats(self.emitter.known(index)):
                g = self.emitter.emit(LAST_STORED, (g, index, after), keywords)
            if subtracts:
                g = self.emitter.emit(negation(), (g,), span=equation.span)
            self.hand_out([(value, g)], equation)
        if base not in self.active:
            return
        if not storing:
            self.add(base, after)
        elif keywords or not is_whole(index):
            self.add(base, self.emitter.emit(SET, (after, index, Const(0.0)), keywords))

    @contextmanager
    def inside(self, graph: Graph, adjoints: Adjoints) -> Iterator[Graph]:
        """Emit into a block, with adjoints of its own."""
        outer = self.emitter.graph, self.adjoints
        self.emitter.graph, self.adjoints = graph, adjoints
        yield graph
        self.emitter.graph, self.adjoints = outer


def negation() -> Primitive:
    """The primitive of `-x`."""
    found = find(operator.neg)
    assert found is not None
    return found


def is_diagonal(equation: Equation) -> bool:
    """Whether an einsum takes a diagonal, as `ii->i` does."""
    formula = equation.args[0]
    plain = len(equation.args) == 2 and not equation.keywords and isinstance(formula, Const)
    return plain and takes_diagonal(formula.value)
