"""A loop of the user's text as an equation: what it carries, and what its body is built for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import gast

from srcad import errors
from srcad.build.apart import Apart
from srcad.build.changes import Grows, Held, closed, containers_in, distinct, undo
from srcad.build.counting import Counted, Known
from srcad.build.iteration import plan
from srcad.build.joins import check_joins, is_function, join_types, spread, stand_for
from srcad.build.regions import (
    Built,
    Walker,
    at_end,
    dims_of,
    held,
    is_fixed,
    same,
    structure,
    within,
    written_in,
)
from srcad.build.state import Site
from srcad.build.unrolling import MOST_COPIES, too_many
from srcad.errors import Span
from srcad.graph import (
    FOR,
    WHILE,
    Const,
    Equation,
    Graph,
    Operand,
    Value,
    leaves,
    map_leaves,
    values,
)
from srcad.operands import constant, is_constant
from srcad.references import assigned, read_names
from srcad.statements import UNBOUND, Environment, Loop, Plain
from srcad.types import INT, Dim, Facts, Tensor, covers, fresh

MOST_ROUNDS = 12


def build_for(walker: Walker, node: gast.For) -> None:
    """A loop: over known items it is written out; else its body is built until its types hold."""
    found = plan(walker, node.iter, assigned([node]))
    if isinstance(found, Counted) and finds_items(walker, node):
        known = found.known()
        found = known if known is not None and len(known.items) <= MOST_COPIES else found
    if isinstance(found, Known):
        unroll(walker, node, found.items)
        return
    written, before, of = len(walker.log), walker.iterated, walker.emitter.storages.of
    loop = _Carried(walker, node, found)
    walker.iterated = before | {of(array).storage for array in found.arrays}
    body = loop.settle()
    walker.iterated = before
    check_unwritten(walker, node, found, walker.log[written:])
    loop.close(body, found.bounds)


def build_while(walker: Walker, node: gast.While) -> None:
    """A loop with a test: its body and its test are built for the same assumptions."""
    loop = _Tested(walker, node)
    body = loop.settle()
    test = loop.test.results[0]
    if not is_constant(test) or constant(test):  # else no trip is made
        loop.close(body, ())


def finds_items(walker: Walker, node: gast.For) -> bool:
    """Whether a body finds items of a container by what an iteration binds: `weights[i]`."""
    bound = frozenset(assigned([node]))
    for part in (inner for statement in node.body for inner in gast.walk(statement)):
        if isinstance(part, gast.Subscript) and isinstance(part.value, gast.Name):
            container = walker.env.get(part.value.id)
            opened = isinstance(container, (tuple, list, dict))
            if opened and read_names(part.slice) & bound and list(values(container)):
                return True
    return False


def check_unwritten(
    walker: Walker, node: gast.For, counted: Counted, written: Sequence[Value]
) -> None:
    """Refuse a body that may write what it iterates over through another name."""
    state, storages = walker.emitter.state, walker.emitter.storages
    for array in counted.arrays:
        storage = storages.of(array).storage
        near = state.near_of(storages.now(storage))
        for other in written:
            if other is not storage and state.near_of(storages.now(other)) & near:
                raise errors.UnsupportedWrite(
                    "a loop may write the array that it runs over",
                    walker.span(node),
                    "loop over range(len(x)), or over a copy, x.copy()",
                )


def unroll(walker: Walker, node: gast.For, items: list[gast.expr]) -> None:
    """Write a loop out, if its body leaves the container alone."""
    if len(items) > MOST_COPIES:
        raise too_many(len(items), walker.span(node.iter))
    names = read_names(node.iter)
    known = [o for name, operand in walker.env.items() if name in names for o in containers_in(operand)]
    start = len(walker.journal)
    walker.unroll(node, items)
    changed = [change.container for change in walker.journal[start:]]
    if any(one is other for one in known for other in changed):
        raise errors.UnsupportedWrite(
            "a loop changes the container that it runs over",
            walker.span(node.iter),
            "loop over a copy: list(items)",
        )


Key = str | Value | Held
"""A name, a storage that the body writes, or a container that it changes."""


class _Carried:
    """What one iteration hands to the next, or to what follows the loop: names, and storages.

    At the head each is a value of the type, activity and memory assumed so far; what the body makes of
    it widens the assumption, until it holds.
    """

    primitive = FOR

    def __init__(
        self, walker: Walker, node: gast.For | gast.While, counted: Counted | None = None
    ) -> None:
        self.walker = walker
        self.counted = counted
        self.emitter = walker.emitter
        self.node = node
        self.before = dict(walker.env)
        live = walker.liveness[-1].head[node]
        target = assigned(node.target) if isinstance(node, gast.For) else []
        bound = dict.fromkeys([*target, *assigned(node.body)])
        self.bound = bound
        self.keys: list[Key] = [name for name in bound if name in live]
        self.inits: dict[Key, Operand] = {}
        for name in filter(live.__contains__, bound):
            self.inits[name] = self.emitter.current(self.before.get(name, UNBOUND))
        self.heads: dict[Key, Operand] = {}
        self.targets: Environment = {}
        self.effect = False
        self.loose: set[Dim] = set()  # sizes at the head that differ between iterations
        self.apart = Apart(self.emitter.state)

    def settle(self) -> Built:
        """The body, built for assumptions that it keeps."""
        state = self.emitter.state
        start, known = state.snapshot(), state.of(())
        assumed = dict(self.inits)
        for _ in range(MOST_ROUNDS):
            state.restore(start, known)
            body, missed = self.tried(assumed)
            if missed and (bound := self.bound_by(body, assumed)):
                assumed = {**assumed, **bound}
                known = state.of(values(list(assumed.values())))
                continue
            self.pass_on(missed)
            written = [s for s in written_in(self.walker, body) if s not in self.keys]
            for storage in written:
                self.keys.append(storage)
                self.inits[storage] = assumed[storage] = self.emitter.storages.now(storage)
            changed = self.newly_changed(body)
            for container in changed:
                self.keys.append(container)
                contents = self.emitter.current(container.contents())
                self.inits[container] = assumed[container] = contents
            if written or changed:
                continue
            ends = {key: self.end(body, key) for key in self.keys}
            asked = [self.holds(key, ends[key], body) for key in self.keys]  # of each, not to the first
            if not self.overlaps(ends) and all(asked):
                return body
            assumed = {key: self.widened(key, ends[key], body) for key in self.keys}
            known = state.of(values(list(assumed.values())))
        raise errors.UnstableType(
            "the types in this loop do not settle", self.walker.span(self.node)
        )

    def tried(self, assumed: dict[Key, Operand]) -> tuple[Built, list[errors.UnboundName]]:
        """An iteration, and the reads in it of names that are not bound."""
        outer, missed = self.walker.missed, list[errors.UnboundName]()
        self.walker.missed = missed
        body = self.iteration(assumed)
        self.walker.missed = outer
        return body, missed

    def bound_by(self, body: Built, assumed: dict[Key, Operand]) -> dict[Key, Operand]:
        """What an iteration binds of the names that are not bound when the loop begins."""
        unbound = [key for key in self.keys if assumed[key] is UNBOUND and isinstance(key, str)]
        found = {n: at_end(self.walker, body, body.env.get(n, UNBOUND)) for n in unbound}
        return {name: operand for name, operand in found.items() if operand is not UNBOUND}

    def pass_on(self, missed: list[errors.UnboundName]) -> None:
        """What this loop does not bind, one around it may."""
        if missed and self.walker.missed is None:
            raise missed[0]
        if self.walker.missed is not None:
            self.walker.missed += missed

    def iteration(self, assumed: dict[Key, Operand]) -> Built:
        """The body for what is assumed of the carried names at its head."""
        index = self.emitter.define(INT)
        self.heads = self.begun(assumed)
        params = (index, *values([self.heads[key] for key in self.keys]))

        def walk() -> None:
            assert self.counted is not None
            bound = Plain(self.node)
            self.walker.bind(self.node.target, self.counted.item(index), bound)
            self.targets, self.effect = bound.binds, bound.effect
            self.emitter.tables.names.setdefault(index, "i")
            self.walker.block(self.node.body)

        return self.headed(self.heads, params, walk)

    def headed(
        self, heads: dict[Key, Operand], params: tuple[Value, ...], walk: Callable[[], object]
    ) -> Built:
        """A block that runs with each trip, from what is carried as it is at its head."""
        storages = self.emitter.storages
        outer, storages.versions = storages.versions, dict(storages.versions)

        def begin() -> None:
            self.renew(heads)
            walk()

        built = within(self.walker, params, {**self.before, **self.named(heads)}, begin)
        storages.versions = outer
        return built

    def newly_changed(self, body: Built) -> list[Held]:
        known = [key.container for key in self.keys if isinstance(key, Held)]
        found = distinct(change.container for change in body.contents)
        return [Held(c) for c in found if not any(c is one for one in known)]

    def begun(self, assumed: dict[Key, Operand]) -> dict[Key, Operand]:
        """What is carried as it is at the head of a block that runs with each trip."""
        heads = {key: self.head(key, assumed[key]) for key in self.keys}
        for key in self.keys:
            if self.inits[key] is UNBOUND:
                self.emitter.tables.unbound.update(values(heads[key]))
        self.fix(heads)
        return heads

    def fix(self, operands: dict[Key, Operand]) -> None:
        """What a carried name refers to is one container or another: it stays as it is."""
        self.walker.fix(list(self.named(operands).values()))

    def named_for(self, key: Key) -> str | None:
        if isinstance(key, Held):
            return None
        return key if isinstance(key, str) else self.emitter.tables.names.get(key)

    def named(self, operands: dict[Key, Operand]) -> Environment:
        return {key: operand for key, operand in operands.items() if isinstance(key, str)}

    def renew(self, operands: dict[Key, Operand]) -> None:
        """Let the storages among the keys hold what stands for them."""
        for key, operand in operands.items():
            if isinstance(key, Value) and isinstance(operand, Value):
                self.emitter.storages.renew(key, operand)
            elif isinstance(key, Held):
                self.walker.change(key.container, operand)

    def head(self, key: Key, assumed: Operand) -> Operand:
        """What a carried name is at the head: new values of the types assumed so far.

        A function that each iteration makes anew is unbound until it does.
        """
        name = self.named_for(key)
        count = iter(range(10**9))

        def new(leaf: Value | Const) -> Operand:
            place = (key, next(count))
            if leaf is not assumed and self.inits[key] is not UNBOUND and is_fixed(leaf):
                return leaf
            value = self.emitter.define(self.emitter.type(leaf), name)
            stand_for(self.emitter, value, (leaf,), self.walker.span(self.node))
            self.apart.assume(place, value)
            return value

        unbound = assumed is UNBOUND or is_function(assumed)
        return UNBOUND if unbound else map_leaves(assumed, new)

    def end(self, body: Built, key: Key) -> Operand:
        """What a carried name is at the end of the body."""
        if isinstance(key, Value):
            return body.versions.get(key, self.heads[key])
        if isinstance(key, Held):
            return at_end(self.walker, body, closed(held(body, key.container)))
        found = at_end(self.walker, body, body.env.get(key, UNBOUND))
        return spread(found, self.heads[key])

    def overlaps(self, ends: dict[Key, Operand]) -> bool:
        """Whether what is carried may share memory in a way that was not assumed."""
        live = self.walker.liveness[-1].head[self.node], *self.walker.live[:-1]
        read = self.walker.captured.union(*live)
        names = [name for name in self.before if name in read and name not in self.bound]
        outside = [self.before[name] for name in names]
        outside += self.counted.arrays if self.counted is not None else ()
        return self.apart.learn(
            {key: list(leaves(operand)) for key, operand in ends.items()},
            {key: list(leaves(spread(self.inits[key], self.heads[key]))) for key in self.keys},
            self.emitter.state.near_of([self.emitter.current(o) for o in outside]),
        )

    def holds(self, key: Key, result: Operand, body: Built) -> bool:
        """Whether what was assumed of a name at the head holds for the next iteration too.

        By the facts of the body: if it ran once, what it says of the sizes outside holds for good.
        """
        head = self.heads[key]
        if head is UNBOUND:
            return result is UNBOUND or is_function(result)
        if structure(result) != structure(head):
            if isinstance(key, Held) and isinstance(key.container, list):
                raise Grows(key.container)
            raise errors.UnstableType(
                f"{self.named_for(key)} changes its structure from one iteration to the next",
                self.walker.span(self.node),
            )
        pairs = zip(leaves(head), leaves(result), strict=True)
        return all(self.leaf_holds(one, other, body.graph.facts) for one, other in pairs)

    def leaf_holds(self, head: Operand, result: Operand, facts: Facts) -> bool:
        if result is UNBOUND:
            return True
        if isinstance(head, Const):
            return same(head, result)
        state, emitter = self.emitter.state, self.emitter
        if state.varied_of(result) and not state.varied_of(head):
            return False
        if not state.origins_of(result) <= state.origins_of(head):
            return False
        return covers(emitter.type(head), emitter.type(result), facts, self.loose)

    def widened(self, key: Key, result: Operand, body: Built) -> Operand:
        """A stand-in whose type, memory and activity cover the head and what the body makes of it."""
        head = self.heads[key]
        if head is UNBOUND:
            return result
        others = iter(list(leaves(result)))

        def both(leaf: Value | Const) -> Operand:
            other = next(others)
            if same(leaf, other):
                return leaf
            check_joins(leaf, other, self.walker.span(self.node))
            type_ = join_types(self.emitter, leaf, other, body.graph.facts)
            self.loose |= {*dims_of(type_)} - {*dims_of(self.emitter.type(leaf))}
            value = self.emitter.define(type_)
            stand_for(self.emitter, value, (leaf, other), self.walker.span(self.node))
            return value

        return map_leaves(head, both)

    def close(self, body: Built, bounds: Sequence[Operand]) -> None:
        """Append the loop, and bind the carried names to what it leaves."""
        walker, node, emitter = self.walker, self.node, self.emitter
        keys = [key for key in self.keys if self.heads[key] is not UNBOUND]
        after = {key: self.after(key) for key in keys}
        self.fix(after)
        self.fix(self.inits)
        self.fix({key: self.end(body, key) for key in keys})
        outs = tuple(values(list(after.values())))
        heads = list(leaves([self.heads[key] for key in keys]))
        starts = leaves([spread(self.inits[key], self.heads[key]) for key in keys])
        ends = leaves([self.end(body, key) for key in keys])
        carried = [
            (head, start, end)
            for head, start, end in zip(heads, starts, ends, strict=True)
            if isinstance(head, Value)
        ]
        inits = [start for _, start, _ in carried]
        body.graph.results = tuple(end for _, _, end in carried)
        for out, (head, init, result) in zip(outs, carried, strict=True):
            stand_for(emitter, out, (init, result), walker.span(node))
            emitter.state.near[out] = emitter.state.near_of(head)
        if body.stop is not None:
            body.graph.results += (body.stop,)
        if body.stop is not None or self.primitive is WHILE:
            outs += (emitter.define(INT, "trips"),)
        equation = Equation(
            outs, self.primitive, (*bounds, *inits), (), self.blocks(body), self.span()
        )
        emitter.append(equation)
        names = {n: operand for n, operand in self.before.items() if n not in self.bound}
        walker.env = {**names, **self.named(after)}
        written = [key for key in keys if isinstance(key, Value)]
        heads_of = self.heads_by_name(written) | self.heads_in_containers()
        self.renew(after)
        binds = {name: walker.env.get(name, UNBOUND) for name in self.bound}
        containers = [key.container for key in keys if isinstance(key, Held)]
        binds = walker.holders(written) | walker.holding(containers) | binds
        heads_of |= self.named(self.heads)
        loop = Loop(node, equation, body.statements, heads_of, binds, self.targets)
        if self.counted is not None:
            loop.lengths = self.counted.lengths
            loop.effect = self.counted.strict or self.effect
        walker.statements.append(loop)

    def heads_by_name(self, written: Sequence[Value]) -> Environment:
        """The names that hold a whole storage, and what they mean when an iteration begins."""
        of = self.emitter.storages.of
        found: Environment = {}
        for name, operand in self.before.items():
            if isinstance(operand, Value) and name not in self.bound:
                reference = of(operand)
                if reference.storage in written and not reference.path:
                    found[name] = self.heads[reference.storage]
        return found

    def heads_in_containers(self) -> Environment:
        """The names that lead to a changed container, and what they mean when an iteration begins."""
        start = len(self.walker.journal)
        for key, head in self.heads.items():
            if isinstance(key, Held):
                self.walker.change(key.container, head)
        containers = [key.container for key in self.keys if isinstance(key, Held)]
        found = self.walker.holding(containers)
        found = {name: map_leaves(operand, lambda leaf: leaf) for name, operand in found.items()}
        undo(self.walker.journal, start, containers)
        return {name: operand for name, operand in found.items() if name not in self.bound}

    def blocks(self, body: Built) -> tuple[Graph, ...]:
        return (body.graph,)

    def span(self) -> Span:
        """The place of what says how often the loop runs."""
        return self.walker.span(self.node.iter)

    def after(self, key: Key) -> Operand:
        """What a carried name is after the loop: of sizes of its own, where iterations differ."""
        name = self.named_for(key)

        def last(head: Value | Const) -> Operand:
            if isinstance(head, Const):
                return head
            type_ = self.emitter.type(head)
            if isinstance(type_, Tensor) and self.loose.intersection(dims_of(type_)):
                dims = (fresh() if dim in self.loose else dim for dim in dims_of(type_))
                type_ = replace(type_, dims=tuple(dims))
            return self.emitter.define(type_, name)

        return map_leaves(self.heads[key], last)


class _Tested(_Carried):
    """The same of a `while`, whose test is a block of its own."""

    primitive = WHILE

    def iteration(self, assumed: dict[Key, Operand]) -> Built:
        self.test = self.tested(self.begun(assumed))
        self.heads = self.begun(assumed)
        params = tuple(self.params(self.heads))
        return self.headed(self.heads, params, lambda: self.walker.block(self.node.body))

    def params(self, heads: dict[Key, Operand]) -> Iterator[Value]:
        return values([heads[key] for key in self.keys])

    def tested(self, heads: dict[Key, Operand]) -> Graph:
        """The test, for what is carried when it is evaluated."""
        test, results = self.node.test, []
        site, self.emitter.site = self.emitter.site, Site(self.node)

        def walk() -> None:
            results.append(self.emitter.current(self.walker.value(test)))

        built = self.headed(heads, tuple(self.params(heads)), walk)
        self.emitter.site = site
        if built.statements:
            raise errors.UnsupportedSyntax(
                "a function is called in the test of a while",
                self.walker.span(test),
                "write while True, and in its body if not ...: break",
            )
        built.graph.results = tuple(results)
        return built.graph

    def blocks(self, body: Built) -> tuple[Graph, ...]:
        return (self.test, body.graph)

    def span(self) -> Span:
        return self.walker.span(self.node.test)
