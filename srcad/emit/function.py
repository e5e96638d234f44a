"""The whole gradient function: head, docstring, forward sweep, backward sweep, and what it returns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import gast

from srcad.build import Primal
from srcad.emit.backward import BackwardWriter, assign, comments, read
from srcad.emit.constants import constant
from srcad.emit.equations import call
from srcad.emit.folding import fold
from srcad.emit.forward import ForwardWriter
from srcad.emit.lifetimes import lifetimes
from srcad.emit.naming import name_values
from srcad.emit.verify import verify_names
from srcad.emit.vocabulary import Vocabulary
from srcad.emit.writer import comment, write
from srcad.graph import Equation, Graph, Operand, Value, map_leaves, values
from srcad.memory.ownership import own
from srcad.memory.saves import Saves
from srcad.names import Names
from srcad.references import assigned
from srcad.runtime import check_array, check_scalar

MOST_COLUMNS = 100
MOST_CALLS = 3


@dataclass(slots=True)
class Request:
    """What is to be written, besides the sweeps: the head, and what the function returns."""

    name: str
    head: gast.arguments
    docstring: str
    file: str  # of the user's function
    result: gast.expr  # the expression that the user's function returns
    with_value: bool
    with_aux: bool
    checked: bool  # whether it has to be checked that the result is a scalar
    gradients: Operand  # the structure of the result, its leaves values of the backward graph
    wrt: dict[Value, str]  # results of the backward graph -> the names of their arguments
    guard: str | None  # the name of a function that checks the arguments
    arrays: list[str]  # arguments that must be arrays, since the text indexes them


@dataclass(slots=True)
class Emitted:
    """Text, and what its free names mean beyond the user's own namespace."""

    name: str
    text: str
    provided: dict[str, Any]


class FunctionWriter:
    """Assembles the function from settled sweeps."""

    def __init__(
        self, request: Request, saves: Saves, primal: Primal, namespace: dict[str, Any]
    ) -> None:
        self.request = request
        self.saves = saves
        self.tables = primal.tables
        self.listing = primal.listing
        self.statements = primal.statements
        self.names = Names(saves.names.used)
        self.vocabulary = Vocabulary(self.names, namespace, primal.outside.local)

    def write(self) -> Emitted:
        ends, value, aux = self.ends()
        kept = [*ends_read(ends), *names_of(value), *names_of(aux)]
        backward, notes = self.backward(kept)
        results = self.results
        read_later = {root(node) for node in self.saves.reached.values()}
        read_later |= {save.name for save in self.saves.saves}
        forward, _ = self.forward_writer.block(self.listing.statements, read_later | set(kept))
        body: list[gast.stmt] = [gast.Expr(gast.Constant(self.request.docstring, None))]
        if self.request.guard is not None:
            arguments = [read(a.id) for a in self.parameters()]
            body.append(gast.Expr(call(read(self.request.guard), arguments)))
        for name in self.request.arrays:
            check = self.vocabulary.function(check_array)
            body.append(gast.Expr(call(check, [read(name), constant(name)])))
        entry = self.forward_writer.additions.entry
        if entry or forward or ends:
            body += [comment("forward"), *entry, *forward, *ends]
        if backward:
            body += [comment("backward"), *backward]
        body.append(gast.Return(self.returned(value, aux, results)))
        tree = gast.FunctionDef(self.request.name, self.request.head, body, [], None, None, [])
        return Emitted(self.request.name, write(tree, notes), self.vocabulary.provided)

    def parameters(self) -> list[gast.Name]:
        head = self.request.head
        return [*head.posonlyargs, *head.args, *head.kwonlyargs]

    # the end of the forward sweep

    def ends(self) -> tuple[list[gast.stmt], gast.expr | None, gast.expr | None]:
        """What the user's function returns, under names that last until the end."""
        self.forward_writer = ForwardWriter(
            self.listing, self.saves.saves, self.tables, self.vocabulary
        )
        returning = self.listing.statements[-1]
        before = self.forward_writer.additions.before.get(returning, ())
        for save in before:  # so that what they take out is read under its name
            self.forward_writer.taken_out(save)
        request = self.request
        if not (request.with_value or request.with_aux or request.checked):
            return [], None, None
        result = self.forward_writer.expression(request.result)
        found: list[gast.stmt] = []
        aux = None
        if request.with_aux:
            if isinstance(result, gast.Tuple) and len(result.elts) == 2:
                result, aux = result.elts
            else:
                pair = self.named("result", result, found)
                result, aux = (
                    gast.Subscript(pair, gast.Constant(i, None), gast.Load()) for i in (0, 1)
                )
            aux = self.named("aux", aux, found)
        needed = request.with_value or request.checked
        value = self.named("value", result, found) if needed else None
        if request.checked:
            found.append(gast.Expr(call(self.vocabulary.function(check_scalar), [value])))
        return found, value if request.with_value else None, aux

    def named(self, name: str, node: gast.expr, into: list[gast.stmt]) -> gast.expr:
        if isinstance(node, (gast.Name, gast.Constant)):
            return node
        name = self.names.fresh(name)
        into.append(assign(name, node))
        return read(name)

    # the backward sweep

    def backward(self, kept: list[str]) -> tuple[list[gast.stmt], dict[gast.stmt, str]]:
        """The statements and their comments; folded less until every line is short enough."""
        barred: set[Value] = set()
        while True:
            statements, notes, long = self.attempt(kept, barred)
            if not long - barred:
                return statements, notes
            barred |= long

    def attempt(
        self, kept: list[str], barred: set[Value]
    ) -> tuple[list[gast.stmt], dict[gast.stmt, str], set[Value]]:
        folded = fold(self.saves.graph, self.tables, self.statement_of, barred)
        owned = own(folded.graph, self.tables, self.saves.restored)
        graph = owned.graph
        fixed, last = self.fixed(graph, kept)
        lives = lifetimes(graph, folded.inline, last)
        names = Names(self.names.used)
        naming = name_values(
            graph,
            self.tables,
            lives,
            folded.inline,
            fixed,
            owned.in_place,
            self.request.wrt,
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
            self.saves.reached,
            self.saves.lists,
            owned.in_place,
        )
        statements = writer.block(graph)
        self.results = [writer.equations.operand(result) for result in graph.results]
        return statements, comments(writer.written, self.comment), too_long(writer, folded.inline)

    def statement_of(self, equation: Equation) -> object:
        answered = equation.answers
        return equation if answered is None else self.statements.get(answered, answered)

    def fixed(self, graph: Graph, kept: list[str]) -> tuple[dict[Value, str], list[Value]]:
        """Names that the forward sweep has bound and that are read afterwards."""
        found = {value: root(node) for value, node in self.saves.reached.items()}
        last = []
        for name in dict.fromkeys(kept):
            stands_for_it = Value()
            found[stands_for_it] = name
            last.append(stands_for_it)
        return found, last

    def targets(self, graph: Graph) -> dict[Equation, str]:
        """Equations of the backward graph -> the one name that their statement binds."""
        found = {}
        for equation in graph.equations:
            for block in equation.blocks:
                found.update(self.targets(block))
            statement = self.statements.get(equation.answers) if equation.answers else None
            bound = assigned(statement) if statement is not None else []
            if len(bound) == 1:
                found[equation] = bound[0]
        return found

    def comment(self, equation: Equation) -> tuple[str, str] | None:
        """The line of the user's that an equation answers."""
        answered = equation.answers
        span = answered.span if answered is not None and not answered.blocks else None
        if span is None:
            return None
        same = span.filename == self.request.file
        place = str(span.line) if same else f"{os.path.basename(span.filename)}:{span.line}"
        return place, span.text.strip()

    # the return

    def returned(
        self, value: gast.expr | None, aux: gast.expr | None, results: list[gast.expr]
    ) -> gast.expr:
        given = iter(results)
        gradients = _structure(map_leaves(self.request.gradients, lambda leaf: _Node(next(given))))
        if aux is not None:
            if value is None:
                return gast.Tuple([gradients, aux], gast.Load())
            value = gast.Tuple([value, aux], gast.Load())
        return gradients if value is None else gast.Tuple([value, gradients], gast.Load())


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    node: gast.expr


def _structure(tree: Any) -> gast.expr:
    """A tuple, list or dict of nodes as the literal that makes it."""
    if isinstance(tree, _Node):
        return tree.node
    if isinstance(tree, dict):
        return gast.Dict([constant(key) for key in tree], [_structure(v) for v in tree.values()])
    items = [_structure(item) for item in tree]
    return (gast.Tuple if isinstance(tree, tuple) else gast.List)(items, gast.Load())


def root(node: gast.expr) -> str:
    """The name that an expression such as `params["W1"]` begins with."""
    while not isinstance(node, gast.Name):
        node = node.value
    return node.id


def names_of(node: gast.AST | None) -> set[str]:
    """The names that stand in a node."""
    if node is None:
        return set()
    return {n.id for n in gast.walk(node) if isinstance(n, gast.Name)}


def ends_read(statements: list[gast.stmt]) -> set[str]:
    """The names that stand in statements."""
    return set().union(*(names_of(node) for node in statements)) if statements else set()


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

