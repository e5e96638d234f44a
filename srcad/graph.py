"""The graph: structured SSA, printed, verified and evaluated.

    graph     ::= name(params) { equation* } -> results
    equation  ::= outs = primitive(operands, keywords) [blocks]     # with its origin and its role
    operand   ::= value | constant | a tuple, list, dict, slice or record of operands
    primitive ::= a NumPy function | an operator | if | for | while | opaque | ...
    value     ::= identity only: its type and its names stand in side tables

A block sees the values of the graphs around it. The blocks of an `if` have no parameters; the body of a
`for` has the index and the carried values, and results in the carried values of the next iteration.
A `while` has two blocks, the test and the body, each with parameters of its own for the carried values.

A body that may end its loop has one more result: whether this trip was the last. The equation of such a
loop, and of each `while`, has one more out: the number of trips made. A backward `for` may be told by
`trips=` how many there were. `loop_parts` takes a loop apart.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import numpy as np

from srcad.errors import Span
from srcad.primitive import Primitive, Trait
from srcad.records import Record
from srcad.runtime import last_stored, unbroadcast
from srcad.types import ANYTHING, Facts, Type

# --- the language -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What an equation or a parameter defines, once."""


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A Python object known when the graph is built."""

    value: Any


Operand = Any  # Value | Const | tuple | list | dict | slice | Record of operands
Role = Literal["primal", "adjoint"]


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """`outs = primitive(*args, **keywords)`."""

    outs: tuple[Value, ...]
    primitive: Primitive
    args: tuple[Operand, ...]
    keywords: tuple[tuple[str, Operand], ...] = ()
    blocks: tuple[Graph, ...] = ()
    span: Span | None = None
    role: Role = "primal"
    answers: Equation | None = (
        None  # of an adjoint: the primal equation whose chain rule it is part of
    )

    @property
    def ins(self) -> list[Value]:
        """The values among the operands, in order; those that blocks capture are not among them."""
        return [o for o in leaves((self.args, dict(self.keywords))) if isinstance(o, Value)]

    @property
    def out(self) -> Value:
        (out,) = self.outs
        return out


@dataclass(slots=True, eq=False)
class Graph:
    """A list of equations, in the order in which they run."""

    params: tuple[Value, ...] = ()
    equations: list[Equation] = field(default_factory=list)
    results: tuple[Operand, ...] = ()
    name: str = ""
    facts: Facts = field(default_factory=Facts)  # the sizes that agree wherever this block has run
    mirror: Graph | None = None  # of a backward block: the primal block that it reverses


@dataclass(slots=True)
class Tables:
    """What stands beside a graph: the types of its values, and their names."""

    types: dict[Value, Type] = field(default_factory=dict)
    names: dict[Value, str] = field(default_factory=dict)  # the user's name, or the name to prefer
    unbound: set[Value] = field(default_factory=set)  # what a name holds that may not be bound
    adjoint_of: dict[Value, Value] = field(default_factory=dict)  # cotangent -> its primal value

    def note_adjoint(self, cotangent: Operand, value: Value) -> None:
        """Remember whose cotangent a value is; of several, one that has a name."""
        if isinstance(cotangent, Value):
            known = self.adjoint_of.get(cotangent)
            if known is None or (known not in self.names and value in self.names):
                self.adjoint_of[cotangent] = value


# --- the primitives that are no functions -------------------------------------------------------


def structural(name: str, function: Callable[..., Any], *traits: Trait) -> Primitive:
    """A primitive that is no function of NumPy's; its type is inferred in `typed`."""
    return Primitive(name, function, frozenset(traits), lambda facts, *args, **keywords: ANYTHING)


def _needs_blocks(*args: Any) -> Any:
    raise TypeError("control flow is evaluated by `evaluate`")


def _short_circuit(operands: Sequence[Any], stop: bool) -> Any:
    found = operands[-1]
    for found in operands:
        if bool(found) is stop:
            break
    return found


def follow(base: Any, path: Sequence[Any]) -> Any:
    """The view of `base` that a path leads to, each step a call with it among the arguments."""
    for primitive, before, after, keywords in path:
        base = primitive.function(*before, base, *after, **keywords)
    return base


def load(base: Any, index: Any, path: Sequence[Any] = ()) -> Any:
    """`base[index]`, or the same of the view that a path leads to."""
    return follow(base, path)[index]


def store(
    base: Any, index: Any, value: Any, path: Sequence[Any] = (), fits: bool = False
) -> Any:
    """`base` with `value` at `index`, of the view that a path leads to.

    It is known if the value `fits`: that it has the shape of what it replaces, and is not spread.
    """
    out = np.array(base)
    follow(out, path)[index] = value
    return out


def scatter_add(
    base: Any, index: Any, update: Any, path: Sequence[Any] = (), subtract: bool = False
) -> Any:
    """`base` with `update` added at `index`, or subtracted; repeated indices add up."""
    out = np.array(base)
    (np.subtract if subtract else np.add).at(follow(out, path), index, update)
    return out


IF = structural("if", _needs_blocks)
FOR = structural("for", _needs_blocks)
WHILE = structural("while", _needs_blocks)
OPAQUE = structural("opaque", _needs_blocks)
SHAPE = structural("shape", np.shape, Trait.FRESH, Trait.ZERO)
SIZE = structural("size", np.size, Trait.FRESH, Trait.ZERO)
NDIM = structural("ndim", np.ndim, Trait.FRESH, Trait.ZERO)
LENGTH = structural("len", len, Trait.FRESH, Trait.ZERO)
AND = structural("and", lambda *xs: _short_circuit(xs, False), Trait.FRESH, Trait.ZERO)
OR = structural("or", lambda *xs: _short_circuit(xs, True), Trait.FRESH, Trait.ZERO)
IS = structural("is", operator.is_, Trait.FRESH, Trait.ZERO)
IS_NOT = structural("is not", operator.is_not, Trait.FRESH, Trait.ZERO)
DTYPE = structural("dtype", lambda x: x.dtype, Trait.FRESH, Trait.ZERO)
GETITEM = structural("[]", load, Trait.VIEW)
FLAT = structural("flat", lambda x: x.flat, Trait.VIEW)
SET = structural("set", store, Trait.FRESH, Trait.WRITES)
SCATTER_ADD = structural("scatter_add", scatter_add, Trait.FRESH, Trait.WRITES)
LAST_STORED = structural("last_stored", last_stored, Trait.FRESH)
ZEROS = structural("zeros_like", np.zeros_like, Trait.FRESH)
SPREAD = structural("full_like", lambda like, g: np.full_like(like, g), Trait.FRESH)
BROADCAST = structural(
    "broadcast_like", lambda g, like: np.broadcast_to(g, np.shape(like)), Trait.VIEW
)
CAST = structural("astype", lambda g, dtype: np.asarray(g).astype(dtype)[()], Trait.FRESH)
UNBROADCAST = structural("unbroadcast", unbroadcast, Trait.VIEW)
COPY = structural("copy", np.array, Trait.FRESH)
PUSHED = structural("pop", _needs_blocks)
"""The value that the mirrored forward region pushed: `pop` of the list of the saved value."""
CALL = structural("call", lambda helper, *args: (helper.function(*args), None))
"""A call of a helper that is a pair: `result, saved = call(helper, *arguments)`."""
CALL_BACKWARD = structural("call backward", _needs_blocks, Trait.FRESH)
"""The helper's backward function: `call backward(helper, saved, g)`, one cotangent or a tuple."""


# --- walking ------------------------------------------------------------------------------------


def leaves(operand: Operand) -> Iterator[Value | Const]:
    """The values and constants of an operand, in order."""
    if isinstance(operand, (tuple, list)):
        for item in operand:
            yield from leaves(item)
    elif isinstance(operand, dict):
        for item in operand.values():
            yield from leaves(item)
    elif isinstance(operand, Record):
        yield from leaves(operand.fields)
    elif isinstance(operand, slice):
        yield from leaves((operand.start, operand.stop, operand.step))
    elif isinstance(operand, (Value, Const)):
        yield operand


def values(operand: Operand) -> Iterator[Value]:
    """The values of an operand, in order."""
    return (leaf for leaf in leaves(operand) if isinstance(leaf, Value))


def map_leaves(operand: Operand, function: Callable[[Any], Any]) -> Any:
    """The operand with each value and constant replaced; the structure stays."""
    if isinstance(operand, (Value, Const)):
        return function(operand)
    if isinstance(operand, tuple):
        return tuple(map_leaves(item, function) for item in operand)
    if isinstance(operand, list):
        return [map_leaves(item, function) for item in operand]
    if isinstance(operand, dict):
        return {key: map_leaves(item, function) for key, item in operand.items()}
    if isinstance(operand, Record):
        return operand.mapped(lambda item: map_leaves(item, function))
    if isinstance(operand, slice):
        return slice(*map_leaves((operand.start, operand.stop, operand.step), function))
    return operand


def walk(graph: Graph) -> Iterator[Equation]:
    """Every equation of a graph and of its blocks, outer ones before their blocks'."""
    for equation in graph.equations:
        yield equation
        for block in equation.blocks:
            yield from walk(block)


def graphs(graph: Graph) -> Iterator[Graph]:
    """A graph and all blocks in it."""
    yield graph
    for equation in walk(graph):
        yield from equation.blocks


def captured(block: Graph) -> list[Value]:
    """The outer values that a block reads, in order of first use."""
    defined = set(block.params)
    found: dict[Value, None] = {}
    for equation in block.equations:
        reads = equation.ins + [v for inner in equation.blocks for v in captured(inner)]
        found.update((v, None) for v in reads if v not in defined)
        defined.update(equation.outs)
    found.update((v, None) for v in values(block.results) if v not in defined)
    return list(found)


def reads(equation: Equation) -> list[Value]:
    """All values that an equation needs: its operands, and what its blocks capture."""
    return equation.ins + [v for block in equation.blocks for v in captured(block)]


@dataclass(frozen=True, slots=True, eq=False)
class LoopParts:
    """What a `for` or a `while` consists of; of what it carries, item by item."""

    body: Graph
    heads: tuple[Value, ...]  # at the start of a trip
    results: tuple[Operand, ...]  # at its end
    inits: tuple[Operand, ...]  # before the loop
    outs: tuple[Value, ...]  # after it
    index: Value | None  # of a `for`
    stop: Operand | None  # whether a trip was the last, if the body may end the loop
    trips: Value | None  # how many there were, where the head of the loop does not tell


def loop_parts(equation: Equation) -> LoopParts:
    """A loop, taken apart."""
    body, counted = equation.blocks[-1], equation.primitive is FOR
    heads = body.params[1:] if counted else body.params
    size = len(heads)
    return LoopParts(
        body,
        heads,
        body.results[:size],
        equation.args[3:] if counted else equation.args,
        equation.outs[:size],
        body.params[0] if counted else None,
        body.results[size] if len(body.results) > size else None,
        equation.outs[size] if len(equation.outs) > size else None,
    )


# --- verify -------------------------------------------------------------------------------------


def verify(graph: Graph, tables: Tables | None = None) -> None:
    """Check that each value is defined once, before it is read, and has a type.

    A backward block sees the values of the primal block that it mirrors.
    """
    _verify(graph, set(), set(), tables)


def _verify(graph: Graph, scope: set[Value], ever: set[Value], tables: Tables | None) -> None:
    scope = set(scope)
    if graph.mirror is not None:
        scope.update(graph.mirror.params, *(e.outs for e in graph.mirror.equations))

    def define(value: Value) -> None:
        assert value not in ever, "a value is defined twice"
        assert tables is None or value in tables.types, "a value has no type"
        ever.add(value)
        scope.add(value)

    for value in graph.params:
        define(value)
    for equation in graph.equations:
        for value in equation.ins:
            assert value in scope, f"{equation.primitive} reads a value that is not yet defined"
        for block in equation.blocks:
            _verify(block, scope, ever, tables)
            if equation.primitive is IF:
                assert len(block.results) == len(equation.outs)
        if equation.primitive in (FOR, WHILE):
            _verify_loop(equation)
        for value in equation.outs:
            define(value)
    for value in values(graph.results):
        assert value in scope, "a result is not defined"


def _verify_loop(equation: Equation) -> None:
    parts = loop_parts(equation)
    assert len(parts.results) == len(parts.inits) == len(parts.outs) == len(parts.heads)
    ends = equation.primitive is WHILE or parts.stop is not None
    assert (parts.trips is not None) == ends, "a loop that may end early counts its trips"
    if equation.primitive is WHILE:
        assert len(equation.blocks[0].params) == len(parts.heads)
        assert len(equation.blocks[0].results) == 1


# --- evaluate -----------------------------------------------------------------------------------


def evaluate(graph: Graph, args: Sequence[Any]) -> tuple[Any, ...]:
    """The meaning of a graph: its results for these arguments. The oracle of the passes."""
    return _evaluate(graph, args, {})


def _evaluate(graph: Graph, args: Sequence[Any], outer: Mapping[Value, Any]) -> tuple[Any, ...]:
    scope = dict(outer)
    scope.update(zip(graph.params, args, strict=True))

    def read(operand: Operand) -> Any:
        return map_leaves(operand, lambda o: scope[o] if isinstance(o, Value) else o.value)

    for equation in graph.equations:
        arguments = read(equation.args)
        keywords = read(dict(equation.keywords))
        if equation.primitive is IF:
            block = equation.blocks[0 if arguments[0] else 1]
            outs = _evaluate(block, (), scope)
        elif equation.primitive in (FOR, WHILE):
            outs = _loop(equation, arguments, keywords, scope)
        else:
            found = equation.primitive.function(*arguments, **keywords)
            outs = found if equation.primitive is CALL else (found,)
        scope.update(zip(equation.outs, outs, strict=True))
    return tuple(read(graph.results))


def _loop(
    equation: Equation,
    arguments: Sequence[Any],
    keywords: Mapping[str, Any],
    scope: Mapping[Value, Any],
) -> tuple[Any, ...]:
    parts, trips = loop_parts(equation), 0
    carried = tuple(arguments[-len(parts.inits) :] if parts.inits else ())
    for index in _steps(equation, arguments, keywords):
        if parts.index is None and not _evaluate(equation.blocks[0], carried, scope)[0]:
            break
        own = () if parts.index is None else (index,)
        results = _evaluate(parts.body, (*own, *carried), scope)
        carried, stop = results[: len(carried)], results[len(carried) :]
        trips += 1
        if any(stop):
            break
    return carried if parts.trips is None else (*carried, trips)


def _steps(
    equation: Equation, arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Iterable[int]:
    """The indices of a loop's trips; those of a `while` have no end."""
    if equation.primitive is WHILE:
        return count()
    steps = range(*arguments[:3])[: keywords.get("trips")]
    return reversed(steps) if keywords.get("reversed") else steps


# --- print --------------------------------------------------------------------------------------


def to_text(graph: Graph, tables: Tables) -> str:
    """The graph as text: one equation a line, blocks indented."""
    return "\n".join(_lines(graph, Namer(tables), f"graph {graph.name}", ""))


class Namer:
    """Short distinct names for values: the user's where there is one."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.given: dict[Value, str] = {}
        self.taken: set[str] = set()

    def __call__(self, value: Value) -> str:
        if value not in self.given:
            base = self.tables.names.get(value, "v")
            name, number = base, 0
            while name in self.taken or (name == "v"):
                number += 1
                name = f"{base}{number}" if base == "v" else f"{base}_{number}"
            self.given[value] = name
            self.taken.add(name)
        return self.given[value]

    def operand(self, operand: Operand) -> str:
        if isinstance(operand, Value):
            return self(operand)
        if isinstance(operand, Const):
            return getattr(operand.value, "__name__", None) or repr(operand.value)
        if isinstance(operand, slice):
            parts = [operand.start, operand.stop, operand.step]
            return ":".join("" if p is None else self.operand(p) for p in parts).rstrip(":") or ":"
        if isinstance(operand, dict):
            return "{" + ", ".join(f"{k!r}: {self.operand(v)}" for k, v in operand.items()) + "}"
        if isinstance(operand, list):
            return "[" + ", ".join(map(self.operand, operand)) + "]"
        if isinstance(operand, Record):
            inner = ", ".join(f"{k}={self.operand(v)}" for k, v in operand.fields.items())
            return f"{operand.cls.__name__}({inner})"
        if isinstance(operand, tuple):
            inner = ", ".join(map(self.operand, operand))
            return f"({inner},)" if len(operand) == 1 else f"({inner})"
        return repr(operand)


def _lines(graph: Graph, name: Namer, head: str, indent: str) -> Iterator[str]:
    typed = ", ".join(f"{name(p)}: {name.tables.types.get(p, '?')}" for p in graph.params)
    yield f"{indent}{head}({typed}) {{"
    for equation in graph.equations:
        operands = [name.operand(a) for a in equation.args]
        operands += [f"{key}={name.operand(a)}" for key, a in equation.keywords]
        outs = ", ".join(f"{name(v)}: {name.tables.types.get(v, '?')}" for v in equation.outs)
        line = f"{indent}    {outs} = {equation.primitive} {', '.join(operands)}"
        yield f"{line}    # {equation.span.line}" if equation.span else line
        for block in equation.blocks:
            yield from _lines(block, name, "block ", indent + "    ")
    yield f"{indent}}} -> {', '.join(map(name.operand, graph.results))}"


def to_dot(graph: Graph, tables: Tables) -> str:
    """The graph for Graphviz: values are ellipses, primitives are boxes, blocks are clusters."""
    name = Namer(tables)
    lines = ["digraph {", "  rankdir=LR;"]
    counter = iter(range(10**9))
    _dot(graph, name, lines, counter, "  ")
    return "\n".join([*lines, "}"])


def _dot(graph: Graph, name: Namer, lines: list[str], counter: Iterator[int], pad: str) -> None:
    for value in graph.params:
        lines.append(f'{pad}"{name(value)}" [shape=ellipse];')
    for equation in graph.equations:
        box = f"e{next(counter)}"
        lines.append(f'{pad}{box} [shape=box, label="{equation.primitive}"];')
        lines += [f'{pad}"{name(v)}" -> {box};' for v in equation.ins]
        lines += [f'{pad}{box} -> "{name(v)}";' for v in equation.outs]
        for block in equation.blocks:
            lines.append(f"{pad}subgraph cluster_{next(counter)} {{")
            _dot(block, name, lines, counter, pad + "  ")
            lines.append(f"{pad}}}")
