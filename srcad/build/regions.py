"""An `if` of the user's text as an equation with blocks; and what loops share with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import gast

from srcad import errors
from srcad.build.changes import Change, Grows, closed, containers_in, distinct, undo
from srcad.build.joins import (
    Join,
    alike,
)
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.graph import (
    IF,
    Const,
    Equation,
    Graph,
    Operand,
    Value,
    map_leaves,
)
from srcad.references import Liveness, always_raises, assigned
from srcad.statements import UNBOUND, Branch, Environment, Listing, Plain, Statement
from srcad.types import Dim, Tensor, Type


class Walker(Protocol):
    """What a region needs of the builder, which walks the statements inside it."""

    emitter: PrimalEmitter
    env: Environment
    statements: list[Statement]
    listing: Listing
    liveness: list[Liveness]
    live: list[frozenset[str]]
    captured: set[str]
    stop: Operand | None
    journal: list[Change]
    around: list[list[Any]]
    log: list[Value]
    iterated: frozenset[Value]
    missed: list[errors.UnboundName] | None

    def value(self, node: Any) -> Operand: ...
    def holders(self, storages: Iterable[Value]) -> Environment: ...
    def holding(self, containers: Sequence[Any]) -> Environment: ...
    def change(self, container: Any, contents: Any) -> None: ...
    def fix(self, operand: Operand) -> None: ...
    def named(self, node: Any, operand: Operand, base: str) -> gast.Name: ...
    def bind(self, target: Any, operand: Operand, statement: Plain) -> None: ...
    def unroll(self, node: Any, items: list[gast.expr]) -> None: ...
    def block(self, statements: Sequence[Any]) -> None: ...
    def span(self, node: Any) -> Span: ...
    def generic(self) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A block: its graph, its statements, and what the names mean at its end."""

    graph: Graph
    statements: list[Statement]
    env: Environment
    versions: dict[Value, Value]  # what each storage holds at its end
    contents: list[Change]  # what each container that it changed holds at its end
    stop: Operand | None = None  # of a loop's body: whether it ends the loop

    def defined(self) -> set[Value]:
        """The values that nothing outside of the block sees."""
        return {*self.graph.params, *(out for e in self.graph.equations for out in e.outs)}


def build_block(
    walker: Walker,
    body: Sequence[Any],
    params: tuple[Value, ...],
    env: Environment,
    start: Callable[[], None] = lambda: None,
) -> Built:
    """Walk statements into a graph of their own, from what the names mean before them.

    `start` is called first, in that graph.
    """

    def walk() -> None:
        start()
        walker.block(body)

    return within(walker, params, env, walk)


def within(
    walker: Walker, params: tuple[Value, ...], env: Environment, walk: Callable[[], object]
) -> Built:
    """Do so with whatever is walked."""
    emitter = walker.emitter
    graph = Graph(params, facts=emitter.graph.facts.copy())
    storages = emitter.storages
    outer = emitter.graph, walker.statements, walker.env, walker.stop, storages.versions
    emitter.graph, walker.statements, walker.env, walker.stop = graph, [], dict(env), None
    storages.versions = dict(storages.versions)
    start = len(walker.journal)
    known = [each for operand in outer[2].values() for each in containers_in(operand)]
    walker.around.append(known)
    walk()
    walker.around.pop()
    contents = undo(walker.journal, start, known)
    built = Built(
        graph, walker.statements, walker.env, storages.versions, contents, walker.stop
    )
    emitter.graph, walker.statements, walker.env, walker.stop, storages.versions = outer
    return built


def at_end(walker: Walker, built: Built, operand: Operand) -> Operand:
    """What an operand holds at the end of a block."""
    emitter = walker.emitter
    outer = emitter.graph, emitter.storages.versions
    emitter.graph, emitter.storages.versions = built.graph, built.versions
    found = emitter.current(operand)
    emitter.graph, emitter.storages.versions = outer
    return found


def held(built: Built, container: Any) -> Any:
    """What a container holds at the end of a block."""
    found = [change.before for change in built.contents if change.container is container]
    return found[0] if found else container


def written_in(walker: Walker, built: Built) -> list[Value]:
    """The storages from outside of a block that it has written."""
    storages, inner = walker.emitter.storages, built.defined()
    return [
        storage
        for storage, version in built.versions.items()
        if storages.of(storage).storage is storage
        and storage not in inner
        and storages.now(storage) is not version
    ]


# --- if -------------------------------------------------------------------------------------------


def build_if(walker: Walker, node: gast.If, test: Operand) -> None:
    """An `if` whose test is not known: what the branches give is joined, name by name."""
    sides = [build_block(walker, body, (), walker.env) for body in (node.body, node.orelse)]
    if always_raises(node.body) and not node.orelse:
        sides[0] = replace(sides[0], env=walker.env)  # what follows has not seen this branch
    bound = assigned([node])
    live = walker.liveness[-1].after.get(node, frozenset())
    env = {name: operand for name, operand in walker.env.items() if name not in bound}
    join = Join(walker.emitter, walker.span(node))
    for name in bound:
        if name in live:
            one, other = (side.env.get(name, UNBOUND) for side in sides)
            if one is not other:
                one, other = (at_end(walker, side, side.env.get(name, UNBOUND)) for side in sides)
            env[name] = join.operand(name, one, other)
    written = dict.fromkeys(s for side in sides for s in written_in(walker, side))
    versions = {storage: join_storage(walker, join, sides, storage) for storage in written}
    contents = join_contents(walker, join, sides)
    for side, results in zip(sides, join.results, strict=True):
        side.graph.results = tuple(results)
    blocks = tuple(side.graph for side in sides)
    equation = Equation(tuple(join.outs), IF, (test,), (), blocks, walker.span(node.test))
    walker.emitter.append(equation)
    walker.env = env
    for storage, version in versions.items():
        walker.emitter.storages.renew(storage, version)
    for container, joined in contents:
        walker.change(container, joined)
    walker.fix(join.merged)
    seen = walker.holders(written) | walker.holding([container for container, _ in contents])
    after = seen | {name: env.get(name, UNBOUND) for name in bound}
    then, orelse = (side.statements for side in sides)
    walker.statements.append(Branch(node, equation, then, orelse, after))


def join_storage(walker: Walker, join: Join, sides: Sequence[Built], storage: Value) -> Value:
    """The value that stands for what a storage holds after either branch."""
    name = walker.emitter.tables.names.get(storage, "")
    one, other = (side.versions.get(storage, storage) for side in sides)
    joined = join.operand(name, one, other)
    assert isinstance(joined, Value)
    return joined


def join_contents(
    walker: Walker, join: Join, sides: Sequence[Built]
) -> list[tuple[Any, Operand]]:
    """The containers that either branch has changed, and what stands for their contents."""
    found: list[tuple[Any, Operand]] = []
    for container in distinct(c.container for side in sides for c in side.contents):
        one, other = (at_end(walker, side, closed(held(side, container))) for side in sides)
        if isinstance(container, list) and structure(one) != structure(other):
            raise Grows(container)
        found.append((container, join.operand("", one, other)))
    return found


def dims_of(type_: Type) -> tuple[Dim, ...]:
    """The sizes in a type, where they are known."""
    return (type_.dims or ()) if isinstance(type_, Tensor) else ()


def is_fixed(leaf: Value | Const) -> bool:
    """Whether a leaf of a container is a text, a function, None or an integer, known as it is."""
    return isinstance(leaf, Const) and not isinstance(leaf.value, (float, complex))


def same(a: Operand, b: Operand) -> bool:
    """Whether two leaves are the same known thing."""
    known = isinstance(a, Const) and isinstance(b, Const)
    return a is b or (known and alike(a.value, b.value))


def structure(tree: Operand) -> Any:
    """The containers of an operand, without what they hold."""
    return map_leaves(tree, lambda leaf: None)
