"""Both sweeps as statements: a gradient function, or a pair of functions, is put together of them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.build import Primal
from srcad.emit.backward import BackwardWriter, assign, comments, read
from srcad.emit.constants import constant
from srcad.emit.entry import copies
from srcad.emit.folding import fold
from srcad.emit.forward import ForwardWriter
from srcad.emit.lifetimes import lifetimes
from srcad.emit.naming import name_values
from srcad.emit.verify import verify_names
from srcad.emit.vocabulary import Vocabulary
from srcad.emit.writer import write
from srcad.graph import Const, Equation, Graph, Operand, Value, map_leaves, values
from srcad.memory.ownership import own
from srcad.memory.saves import Saves
from srcad.names import Names
from srcad.records import Record, has_fields
from srcad.references import assigned

WITHOUT = Const(None)
"""The gradient of a field that has none."""
MOST_COLUMNS = 100
MOST_CALLS = 3


@dataclass(slots=True)
class Emitted:
    """Text, and what its free names mean beyond the user's own namespace."""

    name: str
    text: str
    provided: dict[str, Any]
    helpers: list[str] = field(default_factory=list)  # functions of the text that others in it call


@dataclass(slots=True)
class Backward:
    """The backward sweep: its statements, their comments, and what it reads and gives."""

    statements: list[gast.stmt] = field(default_factory=list)
    notes: dict[gast.stmt, str] = field(default_factory=dict)
    results: list[gast.expr] = field(default_factory=list)
    params: dict[Value, str] = field(default_factory=dict)  # the graph's parameters and their names


class Sweeps:
    """Writes the two sweeps of a function.

    file: where the user's function stands; wrt: the results of the backward graph and the names of
    their arguments.
    """

    def __init__(self, saves: Saves, primal: Primal, file: str, wrt: dict[Value, str]) -> None:
        self.saves = saves
        self.primal = primal
        self.file = file
        self.wrt = wrt
        self.tables = primal.tables
        self.listing = primal.listing
        self.statements = primal.statements
        self.names = Names(saves.names.used)
        namespace = primal.outside.root.__globals__
        self.vocabulary = Vocabulary(self.names, namespace, primal.outside.local)
        for holder, name, thing in primal.outside.dependencies:
            if has_fields(thing) and holder is primal.outside.root and name.isidentifier():
                self.vocabulary.known.setdefault(id(thing), name)  # the text reads it
        self.writer = ForwardWriter(self.listing, saves.saves, self.tables, self.vocabulary)
        for returning in self.listing.statements[-1:]:
            for save in self.writer.additions.before.get(returning, ()):
                self.writer.taken_out(save)  # so that what is taken out is read under its name

    # the forward sweep

    def returned(self, node: gast.expr) -> gast.expr:
        """An expression of the user's that stands in the return statement."""
        return self.writer.expression(node)

    def forward(self, kept: Iterable[str]) -> list[gast.stmt]:
        """The statements; the backward sweep will read what is saved, and others the names in `kept`."""
        read_later = {root(node) for node in self.saves.reached.values()}
        read_later |= {save.name for save in self.saves.saves}
        forward, _ = self.writer.block(self.listing.statements, read_later | set(kept))
        return [*copies(self.primal, self.vocabulary), *self.writer.additions.entry, *forward]

    def named(self, name: str, node: gast.expr, into: list[gast.stmt]) -> gast.expr:
        """A node under a name that lasts, bound by a statement if it has none."""
        if isinstance(node, (gast.Name, gast.Constant)):
            return node
        name = self.names.fresh(name)
        into.append(assign(name, node))
        return read(name)

    # the backward sweep

    def backward(self, reached: dict[Value, gast.expr], kept: Iterable[str] = ()) -> Backward:
        """The backward sweep, folded less until every line is short enough.

        reached: how it reads the primal values that it reads under a name; kept: names that must
        hold what they hold.
        """
        barred: set[Value] = set()
        while True:
            found, long = self.attempt(reached, list(kept), barred)
            if not long - barred:
                return found
            barred |= long

    def attempt(
        self, reached: dict[Value, gast.expr], kept: list[str], barred: set[Value]
    ) -> tuple[Backward, set[Value]]:
        folded = fold(self.saves.graph, self.tables, self.statement_of, barred)
        owned = own(folded.graph, self.tables, self.saves.restored)
        graph = owned.graph
        folded.inline.update(owned.inline)
        fixed, last = fixed_names(reached, kept)
        lives = lifetimes(graph, folded.inline, last)
        names = Names(self.names.used)
        naming = name_values(
            graph,
            self.tables,
            lives,
            folded.inline,
            fixed,
            owned.in_place,
            self.wrt,
            self.targets(graph),
            names,
            self.saves.bound,
        )
        verify_names(graph, naming, folded.inline, fixed)
        self.vocabulary.reserved = names.used
        writer = BackwardWriter(
            self.tables,
            self.vocabulary,
            naming,
            folded.inline,
            reached,
            self.saves.lists,
            owned.in_place,
        )
        statements = writer.block(graph)
        results = [writer.equations.operand(result) for result in graph.results]
        notes = comments(writer.written, self.comment)
        params = {param: naming(param) or "" for param in graph.params}
        chosen = {value: e for value, e in folded.inline.items() if value not in owned.inline}
        long = {folded.copies.get(value, value) for value in too_long(writer, chosen)}
        return Backward(statements, notes, results, params), long

    def statement_of(self, equation: Equation) -> object:
        answered = equation.answers
        return equation if answered is None else self.statements.get(answered, answered)

    def targets(self, graph: Graph) -> dict[Equation, str]:
        """Equations of the backward graph -> the one name that their statement binds."""
        found = {}
        for equation in graph.equations:
            for block in equation.blocks:
                found.update(self.targets(block))
            statement = self.statements.get(equation.answers) if equation.answers else None
            plain = isinstance(statement, (gast.Assign, gast.AugAssign, gast.AnnAssign))
            bound = assigned(statement) if plain else []
            if len(bound) == 1:
                found[equation] = bound[0]
        return found

    def comment(self, equation: Equation) -> tuple[str, str] | None:
        """The line of the user's that an equation answers."""
        answered = equation.answers
        span = answered.span if answered is not None and not answered.blocks else None
        if span is None:
            return None
        same = span.filename == self.file
        place = str(span.line) if same else f"{os.path.basename(span.filename)}:{span.line}"
        return place, span.text.strip()


def gradients_of(primal: Primal, saves: Saves, wrt: Iterable[str]) -> dict[str, Operand]:
    """The results of the backward graph in the structure of the arguments that they belong to."""
    results = iter(saves.graph.results)

    def gradient(leaf: Value | Const) -> Operand:
        return next(results) if leaf in primal.state.varied else WITHOUT

    return {name: map_leaves(primal.params[name], gradient) for name in wrt}


def named_results(gradients: dict[str, Operand]) -> dict[Value, str]:
    """The results, each with the name of its argument."""
    return {v: name for name in reversed(gradients) for v in values(gradients[name])}


def fixed_names(
    reached: dict[Value, gast.expr], kept: list[str]
) -> tuple[dict[Value, str], list[Value]]:
    """Names that are bound before the backward sweep begins, and those that are read after it."""
    found = {value: root(node) for value, node in reached.items()}
    last = []
    for name in dict.fromkeys(kept):
        stands_for_it = Value()
        found[stands_for_it] = name
        last.append(stands_for_it)
    return found, last


def structured(
    operand: Operand, nodes: Iterable[gast.expr], vocabulary: Vocabulary
) -> gast.expr:
    """Nodes in the structure of the operand whose leaves they stand for."""
    given = iter(nodes)

    def node(leaf: Value | Const) -> _Node:
        return _Node(constant(None) if leaf is WITHOUT else next(given))

    return _structure(map_leaves(operand, node), vocabulary)


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    node: gast.expr


def _structure(tree: Any, vocabulary: Vocabulary) -> gast.expr:
    """A tuple, list, dict or record of nodes as the expression that makes it."""
    if isinstance(tree, _Node):
        return tree.node
    if isinstance(tree, dict):
        values = [_structure(item, vocabulary) for item in tree.values()]
        return gast.Dict([constant(key) for key in tree], values)
    if isinstance(tree, Record):
        fields = {name: _structure(item, vocabulary) for name, item in tree.fields.items()}
        return vocabulary.record(tree.cls, fields)
    items = [_structure(item, vocabulary) for item in tree]
    return (gast.Tuple if isinstance(tree, tuple) else gast.List)(items, gast.Load())


def root(node: gast.expr) -> str:
    """The name that an expression such as `params["W1"]` begins with."""
    while not isinstance(node, gast.Name):
        node = node.value
    return node.id


def names_of(*nodes: gast.AST | None) -> set[str]:
    """The names that stand in nodes."""
    inner = [n for node in nodes if node is not None for n in gast.walk(node)]
    return {n.id for n in inner if isinstance(n, gast.Name)}


def too_long(writer: BackwardWriter, inline: dict[Value, Equation]) -> set[Value]:
    """Values to take out of lines that are too long, or that call NumPy too often."""
    found: set[Value] = set()
    for statement, equation in writer.written.wrote.items():
        if equation.blocks:
            continue
        calls = sum(isinstance(node, gast.Call) for node in gast.walk(statement))
        width = len(write(statement).rstrip("\n")) + 8
        if width > MOST_COLUMNS or calls > MOST_CALLS:
            folded = [v for v in values((equation.args, dict(equation.keywords))) if v in inline]
            found |= {max(folded, key=lambda v: size_of(writer.value(v)))} if folded else set()
    return found


def size_of(node: gast.AST) -> int:
    """How many nodes an expression has."""
    return sum(1 for _ in gast.walk(node))
