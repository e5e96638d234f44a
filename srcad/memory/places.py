"""Where the user's text holds a value: a name that is never bound again, an argument, an inner node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import gast

from srcad.graph import Graph, Operand, Value
from srcad.statements import Branch, Listing, Loop, Plain, Statement

Path = tuple[tuple[Statement, int], ...]
Kind = Literal["entry", "head", "bound", "inner", "after"]


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A point of the text at which a value can be had.

    entry: an argument. head: a name when an iteration of a loop begins. bound: a name that a statement
    binds. inner: a node in a statement. after: a name when a branch or a loop has ended.
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

    def lasting(self, place: Place, until: int | None = None) -> bool:
        """Whether the name at a place holds the value until some point, or until the function ends."""
        if place.name is None:
            return False
        later = (p for p in self.bindings.get(place.name, ()) if p[0] > place.position)
        before = (path for point, path in later if until is None or point <= until)
        return all(exclusive(place.path, path) for path in before)


def exclusive(a: Path, b: Path) -> bool:
    """Whether two places stand in different branches of one `if`."""
    for (one, side), (other, other_side) in zip(a, b, strict=False):
        if one is not other:
            return False
        if side != other_side:
            return isinstance(one, Branch)
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
        for statement in statements:
            self.position += 1
            self.nodes(statement, region)
            if isinstance(statement, Plain):
                self.names("bound", statement, statement.binds, region, True)
            elif isinstance(statement, Branch):
                self.branch(statement, region)
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
        inner = Region(statement.equation.blocks[0], path, region, loop=True)
        self.define(inner)
        target = statement.node.target.id
        heads = {name: o for name, o in statement.heads.items() if name != target}
        self.names("head", statement, heads, inner, False)
        self.position += 1
        index = inner.graph.params[0]
        self.names("head", statement, {target: index}, inner, True)
        self.block(statement.body, inner)
        self.position += 1
        self.names("after", statement, statement.binds, region, False)

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
    if isinstance(statement, Loop):
        return [statement.node.iter]
    return [statement.node]


def walk_text(node: gast.AST, listing: Listing) -> Iterator[gast.AST]:
    """The nodes that are printed for a node: an inlined call is its result."""
    if node in listing.replaced:
        yield from walk_text(listing.replaced[node], listing)
        return
    yield node
    for child in gast.iter_child_nodes(node):
        yield from walk_text(child, listing)
