"""Where the user's text holds a value: a name that is never bound again, an argument, an inner node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import gast

from srcad.graph import Graph, Operand, Value, loop_parts
from srcad.statements import Branch, Context, Listing, Loop, Plain, Statement, leaf_paths

Path = tuple[tuple[Statement, int], ...]
Kind = Literal["entry", "head", "before", "bound", "inner", "after", "trips"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A point of the text at which a value can be had.

    entry: an argument. head: a name when an iteration of a loop begins. before: what a statement will
    write over. bound: a name that a statement binds. inner: a node in a statement. after: a name when a
    branch or a loop has ended. trips: how many trips a loop has made, when it has ended.
    """

    kind: Kind
    statement: Statement | None
    name: str | None
    position: int
    path: Path
    node: gast.expr | None = None


@dataclass(slots=True)
class Region:
    """A block of the primal graph and the statements that it stands for."""

    graph: Graph
    path: Path
    outer: Region | None
    loop: bool = False
    index: Value | None = None  # of the loop

    @property
    def repeated(self) -> bool:
        """Whether it may run more than once."""
        return self.loop or (self.outer is not None and self.outer.repeated)


@dataclass(slots=True)
class Text:
    """An index of a listing."""

    places: dict[Value, list[Place]] = field(default_factory=dict)
    bindings: dict[str, list[tuple[int, Path]]] = field(default_factory=dict)
    regions: dict[Graph, Region] = field(default_factory=dict)
    homes: dict[Value, Region] = field(default_factory=dict)  # where each value is defined
    order: dict[Value, int] = field(default_factory=dict)  # in which order they come to be
    names: set[str] = field(default_factory=set)
    starts: dict[Graph, int] = field(default_factory=dict)  # where the text of each block begins

    def lasting(self, place: Place, until: int | None = None, at: Path = ()) -> bool:
        """Whether the name at a place holds the value until some point, or until the function ends.

        `at` is the block at that point: what the other side of an `if` binds is not bound there.
        """
        if place.name is None:
            return False
        later = (p for p in self.bindings.get(place.name, ()) if p[0] > place.position)
        before = (path for point, path in later if until is None or point <= until)
        return all(exclusive(place.path, path) or part(place.path, at, path) for path in before)


def exclusive(a: Path, b: Path) -> bool:
    """Whether two places stand in different branches of one `if`."""
    for (one, side), (other, other_side) in zip(a, b, strict=False):
        if one is not other:
            return False
        if side != other_side:
            return isinstance(one, Branch)
    return False


def part(start: Path, a: Path, b: Path) -> bool:
    """Whether the ways from one block to two others part at an `if` that runs once on the way."""
    for index, ((one, side), (other, other_side)) in enumerate(zip(a, b, strict=False)):
        if one is not other or (index < len(start) and start[index] != (one, side)):
            return False
        if side != other_side:
            between = (statement for statement, _ in a[len(start) : index])
            return isinstance(one, Branch) and not any(isinstance(s, Loop) for s in between)
    return False


def index_text(graph: Graph, listing: Listing, arguments: dict[str, Operand]) -> Text:
    """Walk the graph and the listing once."""
    text = Text()
    indexer = _Indexer(text, listing)
    for name, operand in arguments.items():
        text.bindings.setdefault(name, []).append((0, ()))
        if isinstance(operand, Value):
            text.places.setdefault(operand, []).append(Place("entry", None, name, 0, ()))
    for value in _in_order(graph):
        text.order[value] = len(text.order)
    top = Region(graph, (), None)
    indexer.define(top)
    indexer.block(listing.statements, top)
    return text


def _in_order(graph: Graph) -> Iterator[Value]:
    """The values of a graph in the order in which they come to be."""
    yield from graph.params
    for equation in graph.equations:
        for block in equation.blocks:
            yield from _in_order(block)
        yield from equation.outs


class _Indexer:
    def __init__(self, text: Text, listing: Listing) -> None:
        self.text = text
        self.listing = listing
        self.position = 0

    def define(self, region: Region) -> None:
        text = self.text
        text.regions[region.graph] = region
        outs = [out for equation in region.graph.equations for out in equation.outs]
        for value in (*region.graph.params, *outs):
            text.homes[value] = region

    def block(self, statements: list[Statement], region: Region) -> None:
        self.text.starts[region.graph] = self.position
        self.listed(statements, region)

    def listed(self, statements: list[Statement], region: Region) -> None:
        for statement in statements:
            self.position += 1
            self.nodes(statement, region)
            if isinstance(statement, Plain):
                for node, value in statement.loads.items():
                    place = Place("before", statement, None, self.position, region.path, node)
                    self.text.places.setdefault(value, []).append(place)
                self.names("bound", statement, statement.binds, region, True)
            elif isinstance(statement, Branch):
                self.branch(statement, region)
            elif isinstance(statement, Context):
                self.names("bound", statement, statement.binds, region, True)
                self.listed(statement.body, region)
            else:
                self.loop(statement, region)

    def branch(self, statement: Branch, region: Region) -> None:
        for side, body in enumerate((statement.then, statement.orelse)):
            path = (*region.path, (statement, side))
            inner = Region(statement.equation.blocks[side], path, region)
            self.define(inner)
            self.block(body, inner)
        self.position += 1
        self.names("after", statement, statement.binds, region, False)

    def loop(self, statement: Loop, region: Region) -> None:
        path = (*region.path, (statement, 0))
        for length, node in statement.lengths.items():
            place = Place("inner", statement, None, self.position, region.path, node)
            self.text.places.setdefault(length, []).append(place)
        parts = loop_parts(statement.equation)
        inner = Region(parts.body, path, region, loop=True, index=parts.index)
        self.define(inner)
        targets = statement.targets
        heads = {name: o for name, o in statement.heads.items() if name not in targets}
        self.names("head", statement, heads, inner, False)
        self.position += 1
        self.names("head", statement, targets, inner, True)
        self.block(statement.body, inner)
        self.position += 1
        self.names("after", statement, statement.binds, region, False)
        if parts.trips is not None:
            place = Place("trips", statement, None, self.position, region.path)
            self.text.places[parts.trips] = [place]

    def names(
        self,
        kind: Kind,
        statement: Statement,
        binds: dict[str, Operand],
        region: Region,
        rebinds: bool,
    ) -> None:
        for name, operand in binds.items():
            self.text.names.add(name)
            if rebinds:
                self.text.bindings.setdefault(name, []).append((self.position, region.path))
            if isinstance(operand, Value):
                place = Place(kind, statement, name, self.position, region.path)
                self.text.places.setdefault(operand, []).append(place)
                continue
            for value, node in leaf_paths(operand, gast.Name(name, gast.Load(), None, None)):
                place = Place(kind, statement, None, self.position, region.path, node)
                self.text.places.setdefault(value, []).append(place)

    def nodes(self, statement: Statement, region: Region) -> None:
        for root in roots(statement):
            for node in walk_text(root, self.listing):
                value = self.listing.value_of.get(node)
                if value is None or node in self.listing.guarded:
                    continue
                if self.listing.node_of.get(value) is node:
                    place = Place("inner", statement, None, self.position, region.path, node)
                    self.text.places.setdefault(value, []).append(place)


def roots(statement: Statement) -> list[gast.AST]:
    """The expressions of a statement itself, without the statements inside it."""
    if isinstance(statement, Branch):
        return [statement.node.test]
    if isinstance(statement, Loop):  # before a `while` is no place to keep what its test computes
        return [statement.node.iter] if isinstance(statement.node, gast.For) else []
    if isinstance(statement, Context):
        return [item.context_expr for item in statement.node.items]
    return [statement.node]


def walk_text(node: gast.AST, listing: Listing) -> Iterator[gast.AST]:
    """The nodes that are printed for a node: an inlined call is its result."""
    if node in listing.replaced:
        yield from walk_text(listing.replaced[node], listing)
        return
    yield node
    for child in gast.iter_child_nodes(node):
        yield from walk_text(child, listing)
