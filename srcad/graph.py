"""The graph: structured SSA, printed, verified and evaluated.

    graph     ::= name(params) { equation* } -> results
    equation  ::= outs = primitive(operands, keywords) [blocks]     # with its origin and its role
    operand   ::= value | constant | a tuple, list, dict or slice of operands
    primitive ::= a NumPy function | an operator | if | for | opaque | ...
    value     ::= identity only: its type and its names stand in side tables

A block sees the values of the graphs around it. The blocks of an `if` have no parameters; the body of a
`for` has the index and the carried values, and results in the carried values of the next iteration.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from srcad.errors import Span
from srcad.primitive import Primitive, Trait
from srcad.runtime import unbroadcast
from srcad.types import ANYTHING, Facts, Type

# --- the language -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What an equation or a parameter defines, once."""


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A Python object known when the graph is built."""

    value: Any


Operand = Any  # Value | Const | tuple | list | dict | slice of operands
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


def _structural(name: str, function: Callable[..., Any], *traits: Trait) -> Primitive:
    return Primitive(name, function, frozenset(traits), lambda facts, *args, **keywords: ANYTHING)


def _needs_blocks(*args: Any) -> Any:
    raise TypeError("control flow is evaluated by `evaluate`")


def _short_circuit(operands: Sequence[Any], stop: bool) -> Any:
    found = operands[-1]
    for found in operands:
        if bool(found) is stop:
            break
    return found


def scatter_add(base: Any, index: Any, update: Any) -> Any:
    """`base` with `update` added at `index`; repeated indices add up."""
    out = np.array(base)
    np.add.at(out, index, update)
    return out


IF = _structural("if", _needs_blocks)
FOR = _structural("for", _needs_blocks)
OPAQUE = _structural("opaque", _needs_blocks)
SHAPE = _structural("shape", np.shape, Trait.FRESH, Trait.ZERO)
SIZE = _structural("size", np.size, Trait.FRESH, Trait.ZERO)
NDIM = _structural("ndim", np.ndim, Trait.FRESH, Trait.ZERO)
LENGTH = _structural("len", len, Trait.FRESH, Trait.ZERO)
AND = _structural("and", lambda *xs: _short_circuit(xs, False), Trait.FRESH, Trait.ZERO)
OR = _structural("or", lambda *xs: _short_circuit(xs, True), Trait.FRESH, Trait.ZERO)
IS = _structural("is", operator.is_, Trait.FRESH, Trait.ZERO)
IS_NOT = _structural("is not", operator.is_not, Trait.FRESH, Trait.ZERO)
DTYPE = _structural("dtype", lambda x: x.dtype, Trait.FRESH, Trait.ZERO)
GETITEM = _structural("[]", operator.getitem, Trait.VIEW)
SCATTER_ADD = _structural("scatter_add", scatter_add, Trait.FRESH)
ZEROS = _structural("zeros_like", np.zeros_like, Trait.FRESH)
SPREAD = _structural("full_like", lambda like, g: np.full_like(like, g), Trait.FRESH)
BROADCAST = _structural(
    "broadcast_like", lambda g, like: np.broadcast_to(g, np.shape(like)), Trait.VIEW
)
CAST = _structural("astype", lambda g, dtype: np.asarray(g).astype(dtype)[()], Trait.FRESH)
UNBROADCAST = _structural("unbroadcast", unbroadcast, Trait.VIEW)
COPY = _structural("copy", np.array, Trait.FRESH)
PUSHED = _structural("pop", _needs_blocks)
"""The value that the mirrored forward region pushed: `pop` of the list of the saved value."""


# --- walking ------------------------------------------------------------------------------------


def leaves(operand: Operand) -> Iterator[Value | Const]:
    """The values and constants of an operand, in order."""
    if isinstance(operand, (tuple, list)):
        for item in operand:
            yield from leaves(item)
    elif isinstance(operand, dict):
        for item in operand.values():
            yield from leaves(item)
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
            if equation.primitive is FOR:
                assert len(block.results) == len(equation.outs) == len(block.params) - 1
        for value in equation.outs:
            define(value)
    for value in values(graph.results):
        assert value in scope, "a result is not defined"


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
        elif equation.primitive is FOR:
            outs = _loop(equation.blocks[0], arguments, keywords, scope)
        else:
            outs = (equation.primitive.function(*arguments, **keywords),)
        scope.update(zip(equation.outs, outs, strict=True))
    return tuple(read(graph.results))


def _loop(
    body: Graph, arguments: Sequence[Any], keywords: Mapping[str, Any], scope: Mapping[Value, Any]
) -> tuple[Any, ...]:
    steps: Any = range(*arguments[:3])
    carried = tuple(arguments[3:])
    for index in reversed(steps) if keywords.get("reversed") else steps:
        carried = _evaluate(body, (index, *carried), scope)
    return carried


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
