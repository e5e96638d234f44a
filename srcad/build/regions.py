"""An `if` and a loop of the user's text as equations with blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import gast

from srcad import errors
from srcad.build.joins import Join, join_types, spread, stand_for
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.graph import FOR, IF, Const, Equation, Graph, Operand, Value, leaves, map_leaves, values
from srcad.references import Liveness, assigned
from srcad.statements import UNBOUND, Branch, Environment, Listing, Loop, Statement
from srcad.types import INT, Dim, Facts, Tensor, Type, covers, fresh

Bounds = tuple[Operand, Operand, Operand]
MOST_ROUNDS = 12


class Walker(Protocol):
    """What a region needs of the builder, which walks the statements inside it."""

    emitter: PrimalEmitter
    env: Environment
    statements: list[Statement]
    listing: Listing
    liveness: list[Liveness]

    def value(self, node: Any) -> Operand: ...
    def block(self, statements: Sequence[Any]) -> None: ...
    def span(self, node: Any) -> Span: ...


@dataclass(frozen=True, slots=True, eq=False)
class Built:
    """A block: its graph, its statements, and what the names mean at its end."""

    graph: Graph
    statements: list[Statement]
    env: Environment


def build_block(
    walker: Walker, body: Sequence[Any], params: tuple[Value, ...], env: Environment
) -> Built:
    """Walk statements into a graph of their own, from what the names mean before them."""
    emitter = walker.emitter
    graph = Graph(params, facts=emitter.graph.facts.copy())
    outer = emitter.graph, walker.statements, walker.env
    emitter.graph, walker.statements, walker.env = graph, [], dict(env)
    walker.block(body)
    built = Built(graph, walker.statements, walker.env)
    emitter.graph, walker.statements, walker.env = outer
    return built


# --- if -------------------------------------------------------------------------------------------


def build_if(walker: Walker, node: gast.If, test: Operand) -> None:
    """An `if` whose test is not known: what the branches give is joined, name by name."""
    sides = [build_block(walker, body, (), walker.env) for body in (node.body, node.orelse)]
    bound = assigned([node])
    live = walker.liveness[-1].after.get(node, frozenset())
    env = {name: operand for name, operand in walker.env.items() if name not in bound}
    join = Join(walker.emitter, walker.span(node))
    for name in bound:
        if name in live:
            one, other = (side.env.get(name, UNBOUND) for side in sides)
            env[name] = join.operand(name, one, other)
    for side, results in zip(sides, join.results, strict=True):
        side.graph.results = tuple(results)
    blocks = tuple(side.graph for side in sides)
    equation = Equation(tuple(join.outs), IF, (test,), (), blocks, walker.span(node.test))
    walker.emitter.append(equation)
    walker.env = env
    after = {name: env.get(name, UNBOUND) for name in bound}
    then, orelse = (side.statements for side in sides)
    walker.statements.append(Branch(node, equation, then, orelse, after))


# --- for ------------------------------------------------------------------------------------------


def build_for(walker: Walker, node: gast.For) -> None:
    """A loop over a range: its body is built until what it carries has types that hold."""
    bounds = range_of(walker, node.iter)
    loop = _Carried(walker, node)
    body = loop.settle()
    loop.close(body, bounds)


def range_of(walker: Walker, node: gast.expr) -> Bounds:
    """Start, stop and step of the range that a loop runs over."""
    function = walker.value(node.func) if isinstance(node, gast.Call) else None
    if not (isinstance(function, Const) and function.value is range) or node.keywords:
        raise errors.UnsupportedSyntax(
            "a loop runs over a range only", walker.span(node), "write for i in range(len(x))"
        )
    given = [walker.value(a) for a in node.args]
    if walker.emitter.state.varied_of(given):
        raise errors.Laundered(
            "a loop's bound depends on a differentiated value", walker.span(node)
        )
    if len(given) == 1:
        return Const(0), given[0], Const(1)
    return given[0], given[1], given[2] if len(given) == 3 else Const(1)


class _Carried:
    """The names that one iteration hands to the next, or to what follows the loop.

    At the head each is a value of the type, activity and memory assumed so far; what the body makes of
    it widens the assumption, until it holds.
    """

    def __init__(self, walker: Walker, node: gast.For) -> None:
        self.walker = walker
        self.emitter = walker.emitter
        self.node = node
        self.before = dict(walker.env)
        live = walker.liveness[-1].head[node]
        bound = dict.fromkeys([node.target.id, *assigned(node.body)])
        self.names = [name for name in bound if name in live]
        self.inits = {name: self.before.get(name, UNBOUND) for name in self.names}
        self.heads: Environment = {}
        self.loose: set[Dim] = set()  # sizes at the head that differ between iterations

    def settle(self) -> Built:
        """The body, built for assumptions that it keeps."""
        state = self.emitter.state
        start, known = state.snapshot(), state.of(())
        assumed = dict(self.inits)
        for _ in range(MOST_ROUNDS):
            state.restore(start, known)
            body = self.iteration(assumed)
            if all(self.holds(name, body) for name in self.names):
                return body
            assumed = {name: self.widened(name, body) for name in self.names}
            known = state.of(values(list(assumed.values())))
        raise errors.UnstableType(
            "the types in this loop do not settle", self.walker.span(self.node)
        )

    def iteration(self, assumed: Environment) -> Built:
        """The body for what is assumed of the carried names at its head."""
        target = self.node.target.id
        index = self.emitter.define(INT, target)
        self.heads = {name: self.head(name, assumed[name]) for name in self.names}
        for name in self.names:
            if self.inits[name] is UNBOUND:
                self.emitter.tables.unbound.update(values(self.heads[name]))
        params = (index, *values([self.heads[name] for name in self.names]))
        env = {**self.before, **self.heads, target: index}
        return build_block(self.walker, self.node.body, params, env)

    def head(self, name: str, assumed: Operand) -> Operand:
        """What a carried name is at the head: new values of the types assumed so far."""

        def new(leaf: Value | Const) -> Value:
            value = self.emitter.define(self.emitter.type(leaf), name)
            stand_for(self.emitter, value, (leaf,))
            return value

        return UNBOUND if assumed is UNBOUND else map_leaves(assumed, new)

    def end(self, body: Built, name: str) -> Operand:
        """What a carried name is at the end of the body."""
        return spread(body.env.get(name, UNBOUND), self.heads[name])

    def holds(self, name: str, body: Built) -> bool:
        """Whether what was assumed of a name at the head holds for the next iteration too.

        By the facts of the body: if it ran once, what it says of the sizes outside holds for good.
        """
        head, result = self.heads[name], self.end(body, name)
        if head is UNBOUND:
            return result is UNBOUND
        if structure(result) != structure(head):
            raise errors.UnstableType(
                f"{name} changes its structure from one iteration to the next",
                self.walker.span(self.node),
            )
        pairs = zip(leaves(head), leaves(result), strict=True)
        return all(self.leaf_holds(one, other, body.graph.facts) for one, other in pairs)

    def leaf_holds(self, head: Operand, result: Operand, facts: Facts) -> bool:
        if result is UNBOUND:
            return True
        state, emitter = self.emitter.state, self.emitter
        if state.varied_of(result) and not state.varied_of(head):
            return False
        if not state.origins_of(result) <= state.origins_of(head):
            return False
        return covers(emitter.type(head), emitter.type(result), facts, self.loose)

    def widened(self, name: str, body: Built) -> Operand:
        """A stand-in whose type, memory and activity cover the head and what the body makes of it."""
        head, result = self.heads[name], self.end(body, name)
        if head is UNBOUND:
            return result
        others = iter(list(leaves(result)))

        def both(leaf: Value) -> Value:
            other = next(others)
            type_ = join_types(self.emitter, leaf, other, body.graph.facts)
            self.loose |= {*dims_of(type_)} - {*dims_of(self.emitter.type(leaf))}
            value = self.emitter.define(type_)
            stand_for(self.emitter, value, (leaf, other))
            return value

        return map_leaves(head, both)

    def close(self, body: Built, bounds: Bounds) -> None:
        """Append the loop, and bind the carried names to what it leaves."""
        walker, node, emitter = self.walker, self.node, self.emitter
        bound = assigned([node])
        walker.env = {n: operand for n, operand in self.before.items() if n not in bound}
        names = [name for name in self.names if self.heads[name] is not UNBOUND]
        walker.env.update((name, self.after(name)) for name in names)
        outs = tuple(values([walker.env[name] for name in names]))
        inits = list(leaves([spread(self.inits[name], self.heads[name]) for name in names]))
        body.graph.results = tuple(leaves([self.end(body, name) for name in names]))
        for out, init, result in zip(outs, inits, body.graph.results, strict=True):
            stand_for(emitter, out, (init, result))
        equation = Equation(
            outs, FOR, (*bounds, *inits), (), (body.graph,), walker.span(node.iter)
        )
        emitter.append(equation)
        after = {name: walker.env.get(name, UNBOUND) for name in bound}
        walker.statements.append(Loop(node, equation, body.statements, self.heads, after))

    def after(self, name: str) -> Operand:
        """What a carried name is after the loop: of sizes of its own, where iterations differ."""

        def last(head: Value) -> Value:
            type_ = self.emitter.type(head)
            if isinstance(type_, Tensor) and self.loose.intersection(dims_of(type_)):
                dims = (fresh() if dim in self.loose else dim for dim in dims_of(type_))
                type_ = replace(type_, dims=tuple(dims))
            return self.emitter.define(type_, name)

        return map_leaves(self.heads[name], last)


def dims_of(type_: Type) -> tuple[Dim, ...]:
    """The sizes in a type, where they are known."""
    return (type_.dims or ()) if isinstance(type_, Tensor) else ()


def structure(tree: Operand) -> Any:
    """The containers of an operand, without what they hold."""
    return map_leaves(tree, lambda leaf: None)
