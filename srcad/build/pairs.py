"""Helpers that call themselves: each becomes a forward and a backward function, once for a signature.

The type of what such a helper returns is a fixed point. It begins with the paths on which the helper
does not call itself; the whole is built for what these return, and again until that holds.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gast

from srcad import errors
from srcad.build.outside import Outside
from srcad.build.recursion import Recurs, base_case, recurring_calls
from srcad.build.state import carries
from srcad.errors import Span
from srcad.graph import CALL, Const, Graph, Operand, Tables, Value, values, walk
from srcad.references import assigned
from srcad.signature import Static, is_static
from srcad.source import Source
from srcad.statements import Plain, every
from srcad.types import Dim, Facts, Symbol, Tensor, Type, covers, fresh, join, least, type_of

MOST_ROUNDS = 8
DEEPEST = 6  # signatures of one helper that are built within each other

FRESH, ELSEWHERE = "fresh", "elsewhere"
"""Memory of a helper's result: of its own, or of data from outside; a parameter's is its position."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a helper's result."""

    type: Tensor
    varied: bool
    memory: frozenset[Any]


@dataclass(slots=True, eq=False)
class Pair:
    """A helper for one signature."""

    callee: Any
    source: Source
    tree: gast.FunctionDef  # in the names of the module that is written
    forward: str
    backward: str
    parameters: list[str]
    wrt: tuple[str, ...]
    outcome: Outcome | None = None  # None: no result yet
    primal: Any = None  # of the whole helper

    def function(self, *args: Any) -> Any:
        """What a call computes."""
        count = self.callee.__code__.co_argcount
        others = zip(self.parameters[count:], args[count:], strict=True)
        return self.callee(*args[:count], **dict(others))


Build = Callable[[Pair, gast.FunctionDef, dict[str, Any]], Any]
"""Builds a helper for a signature: a `Primal`."""


@dataclass(slots=True)
class Registry:
    """The pairs of a program, by callee and signature."""

    pairs: dict[Any, Pair] = field(default_factory=dict)
    names: dict[Any, tuple[str, str]] = field(default_factory=dict)
    settling: list[Any] = field(default_factory=list)  # keys whose results are not settled yet
    calls: dict[gast.Call, tuple[str, str]] = field(default_factory=dict)  # result, what is saved
    sizes: dict[Any, int] = field(default_factory=dict)  # statements of helpers that were inlined
    recursive: dict[Any, bool] = field(default_factory=dict)


# --- signatures -----------------------------------------------------------------------------------


@dataclass(slots=True)
class Signature:
    """What a helper is built for, and how its sizes are those of a call."""

    described: dict[str, Any]
    key: Any
    sizes: dict[Symbol, Dim]  # symbols of the helper -> sizes in the call


def signature_of(
    bound: dict[str, Operand], tables: Tables, facts: Facts, varied: Callable[[Operand], bool]
) -> Signature | None:
    """The signature of a call; None where an argument is a container or an object."""
    found = Signature({}, (), {})
    symbols: dict[Dim, Symbol] = {}
    keys: list[Any] = []
    for name, operand in bound.items():
        if isinstance(operand, Const) and is_static(operand.value):
            found.described[name] = Static(operand.value)
            keys.append(("static", type(operand.value), _identity(operand.value)))
            continue
        type_ = _leaf_type(operand, tables)
        if type_ is None:
            return None
        dims, shape = None, None
        if type_.dims is not None:
            sizes = [_symbol(facts.find(dim), symbols) for dim in type_.dims]
            dims = tuple(size for size, _ in sizes)
            shape = tuple(mark for _, mark in sizes)
        found.described[name] = replace(type_, dims=dims, value=None)
        keys.append((type_.dtype, type_.kind, shape, varied(operand)))
    found.key = tuple(keys)
    found.sizes = {symbol: dim for dim, symbol in symbols.items()}
    return found


def _leaf_type(operand: Operand, tables: Tables) -> Tensor | None:
    if isinstance(operand, Value):
        type_: Type = tables.types[operand]
    elif isinstance(operand, Const):
        type_ = type_of(operand.value)
    else:
        return None
    return type_ if isinstance(type_, Tensor) and operand not in tables.unbound else None


def _symbol(dim: Dim, symbols: dict[Dim, Symbol]) -> tuple[Dim, Any]:
    """The helper's own symbol for a size, and what the key says of it."""
    if dim in (0, 1):
        return dim, dim
    if dim not in symbols:
        symbols[dim] = Symbol("n", several=least(dim) >= 2)
    return symbols[dim], (list(symbols).index(dim), symbols[dim].several)


def _identity(value: Any) -> Any:
    plain = isinstance(value, (bool, str, bytes, type(None)))
    return value if plain else id(value)


# --- trees ----------------------------------------------------------------------------------------


def in_module_names(
    tree: gast.FunctionDef, own: set[str], free: Callable[[str], gast.expr]
) -> gast.FunctionDef:
    """A copy of a helper's text whose free names are those of the module that is written."""
    return _Renamer(own, free).visit(copy.deepcopy(tree))


class _Renamer(gast.NodeTransformer):
    def __init__(self, own: set[str], free: Callable[[str], gast.expr]) -> None:
        self.own = own
        self.free = free

    def visit_Name(self, node: gast.Name) -> gast.expr:
        if node.id in self.own or not isinstance(node.ctx, gast.Load):
            return node
        new = copy.deepcopy(self.free(node.id))
        for part in gast.walk(new):
            gast.copy_location(part, node)
        return new

    def visit_Lambda(self, node: gast.Lambda) -> gast.expr:
        outer, self.own = self.own, self.own | {a.id for a in names_of_parameters(node)}
        node.body = self.visit(node.body)
        self.own = outer
        return node


def names_of_parameters(tree: Any) -> list[gast.Name]:
    """The parameters of a function or a lambda."""
    return [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]


def own_names(tree: gast.FunctionDef) -> set[str]:
    """The names that a helper binds."""
    return {*assigned(tree.body), *(a.id for a in names_of_parameters(tree))}


# --- the fixed point ------------------------------------------------------------------------------


class Pairs:
    """Makes pairs, and settles what they return."""

    def __init__(self, registry: Registry, outside: Outside, build: Build) -> None:
        self.registry = registry
        self.outside = outside
        self.build = build

    def pair(
        self, callee: Any, source: Source, tree: gast.FunctionDef, signature: Signature,
        wrt: tuple[str, ...], span: Span,
    ) -> Pair:  # fmt: skip
        """The pair for a signature; one that is not settled has the outcome assumed so far."""
        key = (callee.__code__, callee, signature.key)
        known = self.registry.pairs.get(key)
        if known is not None:
            return known
        settling = self.registry.settling
        if sum(other[0] is callee.__code__ for other in settling) >= DEEPEST:
            raise refused("calls itself with ever new kinds of arguments", callee, span)
        own = own_names(tree)
        renamed = in_module_names(tree, own, lambda name: self.outside.free_name(callee, name))
        self.outside.names.used |= {n.id for n in gast.walk(renamed) if isinstance(n, gast.Name)}
        forward, backward = self.names(key, source.name)
        parameters = [a.id for a in names_of_parameters(tree)]
        pair = Pair(callee, source, renamed, forward, backward, parameters, wrt)
        self.registry.pairs[key] = pair
        settling.append(key)
        try:
            recurs = recurring_calls(callee, tree, own)
            base = base_case(tree, recurs)
            if base is None:
                place = next((n for n in gast.walk(tree) if _calls(n, recurs)), None)
                span = span if place is None else source.span(place)
                raise refused("calls itself on every path", callee, span)
            base = in_module_names(base, own, lambda name: self.outside.free_name(callee, name))
            self.settle(pair, key, base, signature.described, span)
        except BaseException:
            self.forget(key)
            del self.registry.pairs[key]
            raise
        finally:
            settling.remove(key)
        return pair

    def names(self, key: Any, name: str) -> tuple[str, str]:
        known, used = self.registry.names, self.outside.names
        if key not in known:
            root = self.outside.root.__name__
            ends = ("grad", "value_and_grad", "forward", "backward")
            used.used |= {f"{root}_{end}" for end in ends}
            known[key] = used.fresh(f"{name}_forward"), used.fresh(f"{name}_backward")
        return known[key]

    def settle(
        self, pair: Pair, key: Any, base: gast.FunctionDef, described: dict[str, Any], span: Span
    ) -> None:
        """Build a helper for what it is assumed to return, until it does."""
        assumed = pair.outcome = self.outcome(pair, self.build(pair, base, described), span)
        for _ in range(MOST_ROUNDS):
            self.forget(key)
            primal = self.build(pair, pair.tree, described)
            found = self.outcome(pair, primal, span)
            facts = primal.graph.facts
            loose = set(assumed.type.dims or ()) - sizes_in(described)
            if (
                covers(assumed.type, found.type, facts, loose)
                and assumed.varied >= found.varied
                and assumed.memory >= found.memory
            ):
                pair.primal = primal
                keep_everything(primal)
                return
            both = join(assumed.type, found.type, facts)
            assert isinstance(both, Tensor)
            memory = assumed.memory | found.memory
            assumed = pair.outcome = Outcome(both, assumed.varied or found.varied, memory)
        raise refused("returns values whose types do not settle", pair.callee, span)

    def forget(self, key: Any) -> None:
        """Forget the pairs that were made for what is assumed of this one."""
        pairs = self.registry.pairs
        later = list(pairs)[list(pairs).index(key) + 1 :]
        for other in later:
            if other not in self.registry.settling:
                del pairs[other]

    def outcome(self, pair: Pair, primal: Any, span: Span) -> Outcome:
        """What a helper returns, as far as its text tells."""
        params = [primal.params[name] for name in pair.parameters]
        given = {p: i for i, p in enumerate(params) if isinstance(p, Value)}
        foreign = [m for m in primal.state.written.values() if not m <= primal.state.made]
        if foreign or primal.copied:
            raise errors.UnsupportedWrite(
                f"{pair.source.name} calls itself and writes its argument", span
            )
        result = primal.result
        type_ = _leaf_type(result, primal.tables)
        if type_ is None:
            raise refused("returns something else than one number or array", pair.callee, span)
        memory = {
            given.get(origin, FRESH if origin in primal.state.made else ELSEWHERE)
            for origin in primal.state.origins_of(result)
        }
        varied = any(v in primal.state.varied for v in values(result))
        find = primal.graph.facts.find
        dims = None if type_.dims is None else tuple(find(dim) for dim in type_.dims)
        returned = Tensor(type_.dtype, dims, type_.kind)
        return Outcome(returned, varied, frozenset(memory))


def _calls(node: gast.AST, recurs: Recurs) -> bool:
    return isinstance(node, gast.Call) and recurs(node.func)


def sizes_in(described: dict[str, Any]) -> set[Dim]:
    """The sizes of a helper's arguments."""
    return {d for t in described.values() if isinstance(t, Tensor) for d in t.dims or ()}


def refused(why: str, callee: Any, span: Span) -> errors.UnsupportedRecursion:
    """The error for a helper that cannot be a pair."""
    return errors.UnsupportedRecursion(f"{callee.__name__} {why}", span)


def keep_everything(primal: Any) -> None:
    """Let each statement of a helper run: what they tell of sizes must be refused where it is not so."""
    for statement in every(primal.listing.statements):
        if isinstance(statement, Plain):
            statement.effect = True


def result_type(outcome: Outcome, sizes: dict[Symbol, Dim]) -> Tensor:
    """The type of a call's result, in the sizes of the call."""
    type_ = outcome.type
    if type_.dims is None:
        return type_
    return replace(type_, dims=tuple(in_call(dim, sizes) for dim in type_.dims))


def in_call(dim: Dim, sizes: dict[Symbol, Dim]) -> Dim:
    """A size of the helper's as the call has it; what is not a size of an argument is unknown."""
    if isinstance(dim, int):
        return dim
    return sizes[dim] if isinstance(dim, Symbol) and dim in sizes else fresh()


def carries_derivative(outcome: Outcome) -> bool:
    """Whether the result of a call may carry a derivative."""
    return outcome.varied and carries(outcome.type)


def pairs_in(graph: Graph) -> list[Pair]:
    """The pairs that a graph calls, and those that they call."""
    found: dict[Pair, None] = {}
    _collect(graph, found)
    return list(found)


def _collect(graph: Graph, found: dict[Pair, None]) -> None:
    for pair in _called(graph):
        if pair not in found:
            found[pair] = None
            _collect(pair.primal.graph, found)


def _called(graph: Graph) -> Iterator[Pair]:
    for equation in walk(graph):
        if equation.primitive is CALL:
            yield equation.args[0].value


