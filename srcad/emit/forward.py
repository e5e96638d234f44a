"""The forward sweep: the user's own statements, in order, with what must be kept taken out of them."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

import gast

from srcad.emit.backward import assign, read, store
from srcad.emit.vocabulary import Vocabulary
from srcad.graph import Tables, Value
from srcad.memory.saves import Save
from srcad.references import assigned, read_by_try, read_names
from srcad.runtime import own_copy
from srcad.statements import Branch, Context, Listing, Loop, Plain, Statement, is_exit
from srcad.types import Tensor


@dataclass(slots=True)
class Additions:
    """What the saves add to the text: around statements, at the head of loops, in place of nodes."""

    entry: list[gast.stmt] = field(default_factory=list)
    before: dict[Statement, list[Save]] = field(default_factory=dict)
    loads: dict[Statement, list[Save]] = field(default_factory=dict)
    after: dict[Statement, list[gast.stmt]] = field(default_factory=dict)
    heads: dict[tuple[Statement, int], list[gast.stmt]] = field(default_factory=dict)  # of blocks
    lists: dict[Statement, list[str]] = field(default_factory=dict)
    replaced: dict[gast.expr, gast.expr] = field(default_factory=dict)
    counters: dict[Statement, str] = field(default_factory=dict)  # the names that count trips


class ForwardWriter:
    """Prints a listing; what nothing reads is left out, if leaving it out cannot be noticed."""

    def __init__(
        self, listing: Listing, saves: Iterable[Save], tables: Tables, vocabulary: Vocabulary
    ) -> None:
        self.listing = listing
        self.tables = tables
        self.vocabulary = vocabulary
        self.additions = Additions()
        self.names_of_copied: dict[str, str] = {}
        for save in saves:
            self.add(save)

    # what is kept

    def add(self, save: Save) -> None:
        place, statement = save.place, save.place.statement
        if save.pushed:
            outermost = next(s for s, _ in place.path if isinstance(s, Loop))
            self.additions.lists.setdefault(outermost, []).append(save.name)
        if place.kind == "before":
            assert statement is not None and place.node is not None
            self.additions.loads.setdefault(statement, []).append(save)
            return
        if place.kind == "inner":
            assert statement is not None and place.node is not None
            self.additions.before.setdefault(statement, []).append(save)
            return
        if place.kind == "trips":
            assert statement is not None
            self.count(statement, save)
            return
        home = read(place.name) if place.name is not None else copy.deepcopy(place.node)
        keep = self.keep(save, home)
        if statement is None:
            self.additions.entry.append(keep)
        elif place.kind == "head":
            self.additions.heads.setdefault(place.path[-1], []).append(keep)
        else:
            self.additions.after.setdefault(statement, []).append(keep)

    def count(self, statement: Statement, save: Save) -> None:
        """Have the trips of a loop counted; in a loop around it, the counts are pushed."""
        counter = self.vocabulary.names.fresh(save.base) if save.pushed else save.name
        self.additions.counters[statement] = counter
        if save.pushed:
            keep = self.keep(save, read(counter))
            self.additions.after.setdefault(statement, []).append(keep)

    def keep(self, save: Save, expression: gast.expr) -> gast.stmt:
        if save.copied:
            expression = self.copied(save.value, expression)
        if not save.pushed:
            return assign(save.name, expression)
        append = gast.Attribute(read(save.name), "append", gast.Load())
        return gast.Expr(gast.Call(append, [expression], []))

    def copied(self, value: Value, expression: gast.expr) -> gast.expr:
        """A copy of what an expression for a value gives."""
        if self.is_array(value):
            return gast.Call(gast.Attribute(expression, "copy", gast.Load()), [], [])
        return self.copied_if_any(expression)

    def copied_if_any(self, expression: gast.expr) -> gast.expr:
        """A copy of what may be an array, or contain arrays."""
        return gast.Call(self.vocabulary.function(own_copy), [expression], [])

    def is_array(self, value: Value) -> bool:
        """Whether a value surely is an array, and not a number or an object."""
        type_ = self.tables.types[value]
        return isinstance(type_, Tensor) and type_.kind == "array"

    def taken_out(self, save: Save) -> list[gast.stmt]:
        """The statements that keep an inner node, which from now on is read from there."""
        node = save.place.node
        assert node is not None
        self.additions.replaced.pop(node, None)  # a loop's body is written until its names settle
        if save.copied:  # through a view of it, what is kept would be written
            if save.name not in self.names_of_copied:
                self.names_of_copied[save.name] = self.vocabulary.names.fresh(save.name)
            own = self.names_of_copied[save.name]
            statements = [assign(own, self.expression(node)), self.keep(save, read(own))]
            self.additions.replaced[node] = read(own)
            return statements
        statement = self.keep(save, self.expression(node))
        kept: gast.expr = read(save.name)
        if save.pushed:
            last = gast.UnaryOp(gast.USub(), gast.Constant(1, None))
            kept = gast.Subscript(kept, last, gast.Load())
        self.additions.replaced[node] = kept
        return [statement]

    # text

    def expression(self, node: gast.AST) -> gast.expr:
        """A node of the user's as it is printed."""
        return _Printer(self.listing.replaced, self.additions.replaced).visit(node)

    def block(
        self, statements: list[Statement], live: set[str]
    ) -> tuple[list[gast.stmt], set[str]]:
        """The text of statements, and the names that it reads; `live` are the names read after it."""
        pieces: list[list[gast.stmt]] = []
        for statement in reversed(statements):
            piece, live = self.statement(statement, set(live))
            pieces.append(piece)
        return [node for piece in reversed(pieces) for node in piece], live

    def statement(self, statement: Statement, live: set[str]) -> tuple[list[gast.stmt], set[str]]:
        after = self.additions.after.get(statement, [])
        live |= names_read(after)
        saves = self.additions.before.get(statement, ())
        before = [node for save in saves for node in self.taken_out(save)]
        for save in self.additions.loads.get(statement, ()):
            assert save.place.node is not None
            before.append(self.keep(save, self.expression(save.place.node)))
        if isinstance(statement, Plain):
            kept, live = self.plain(statement, live)
        elif isinstance(statement, Branch):
            kept, live = self.branch(statement, live)
        elif isinstance(statement, Context):
            kept, live = self.context(statement, live, after)
            after = []
        else:
            kept, live = self.loop(statement, live)
        lists = self.additions.lists.get(statement, [])
        starts = [assign(name, gast.List([], gast.Load())) for name in lists]
        for node in reversed(before):
            live = (live - set(assigned(node))) | read_names(node)
        return [*starts, *before, *kept, *after], live - set(lists)

    def plain(self, statement: Plain, live: set[str]) -> tuple[list[gast.stmt], set[str]]:
        if isinstance(statement.node, gast.Return):
            return [], live
        bound = set(assigned(statement.node))
        if isinstance(statement.node, gast.Try):
            return [self.expression(statement.node)], live | read_by_try(statement.node)
        if not statement.effect and not (bound | statement.mutates) & live:
            return [], live
        node = self.expression(statement.node)
        return [node], (live - bound) | read_names(node)

    def context(
        self, statement: Context, live: set[str], first: list[gast.stmt]
    ) -> tuple[list[gast.stmt], set[str]]:
        """A `with`; what is kept of the names that it binds is kept first in its body."""
        body, before = self.block(statement.body, live)
        body, before = [*first, *body], (before - set(assigned(first))) | names_read(first)
        if not body and not statement.effect and not live & set(statement.binds):
            return [], live
        items = [self.expression(item) for item in statement.node.items]
        node = gast.With(items, body or [gast.Pass()], None)
        return [node], (before - set(statement.binds)).union(*(read_names(item) for item in items))

    def headed(
        self, side: tuple[Statement, int], statements: list[Statement], live: set[str]
    ) -> tuple[list[gast.stmt], set[str]]:
        """A block, after what is kept at its start."""
        heads = self.additions.heads.get(side, [])
        body, before = self.block(statements, live)
        return [*heads, *body], (before - set(assigned(heads))) | names_read(heads)

    def branch(self, statement: Branch, live: set[str]) -> tuple[list[gast.stmt], set[str]]:
        then, before_then = self.headed((statement, 0), statement.then, live)
        orelse, before_else = self.headed((statement, 1), statement.orelse, live)
        if not then and not orelse:
            return [], live
        test = self.expression(statement.node.test)
        if not then:
            test, then, orelse = gast.UnaryOp(gast.Not(), test), orelse, []
        node = gast.If(test, then, orelse)
        return [node], before_then | before_else | read_names(test)

    def loop(self, statement: Loop, live: set[str]) -> tuple[list[gast.stmt], set[str]]:
        """A loop; one that does nothing but come to its end is left out."""
        node, counter = statement.node, self.additions.counters.get(statement)
        bound = set(assigned(node.target)) if isinstance(node, gast.For) else set[str]()
        if counter is None and not bound & live and not statement.effect:
            found, _ = self.trip(statement, without_exit(statement.body), bound, live)
            if not found:
                return [], live
        if isinstance(node, gast.For):
            head = self.expression(node.iter)
            body, again = self.trip(statement, statement.body, bound, live)
            again |= read_names(head)
            loop = gast.For(node.target, head, body or [gast.Pass()], [], None)
        else:
            head = self.expression(node.test)
            body, again = self.trip(statement, statement.body, bound, live | read_names(head))
            loop = gast.While(head, body or [gast.Pass()], [])
        if counter is None:
            return [loop], again
        one = gast.AugAssign(store(counter), gast.Add(), gast.Constant(1, None))
        loop.body = [one, *body]
        return [assign(counter, gast.Constant(0, None)), loop], again - {counter}

    def trip(
        self, loop: Loop, statements: list[Statement], bound: set[str], live: set[str]
    ) -> tuple[list[gast.stmt], set[str]]:
        """The body of a loop, and the names read at its head or after the loop."""
        again = set(live)
        while True:
            body, before = self.headed((loop, 0), statements, again)
            before -= bound
            if before <= again:
                return body, again
            again |= before


def without_exit(body: list[Statement]) -> list[Statement]:
    """The statements of a loop's body without the `if flag: break` at its end."""
    last = body[-1:]
    ends = bool(last) and isinstance(last[0], Plain) and is_exit(last[0].node)
    return body[:-1] if ends else body


class _Printer(gast.NodeTransformer):
    """Copies a node; inlined calls and what was taken out are replaced."""

    def __init__(
        self, inlined: dict[gast.expr, gast.expr], kept: dict[gast.expr, gast.expr]
    ) -> None:
        self.inlined = inlined
        self.kept = kept

    def visit(self, node: gast.AST) -> gast.AST:
        if node in self.kept:
            return copy.deepcopy(self.kept[node])
        if node in self.inlined:
            return self.visit(self.inlined[node])
        fields = {}
        for name, field_value in gast.iter_fields(node):
            if isinstance(field_value, list):
                items = [self.visit(i) if isinstance(i, gast.AST) else i for i in field_value]
                fields[name] = items
            else:
                inner = isinstance(field_value, gast.AST)
                fields[name] = self.visit(field_value) if inner else field_value
        return gast.copy_location(type(node)(**fields), node)


def names_read(nodes: Iterable[gast.AST]) -> set[str]:
    """The names that statements read."""
    return set().union(*(read_names(node) for node in nodes))
