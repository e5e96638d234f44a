"""Every stage called once, in order: a function and a signature in, the generated functions out."""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from dataclasses import dataclass
from types import CellType, FunctionType
from typing import Any, TypeVar

import gast

from srcad import errors
from srcad.adjoint.result import check_leaves, differentiable_result
from srcad.adjoint.sweep import sweep, sweep_cotangents
from srcad.analyses.activity import useful
from srcad.build import Primal, build
from srcad.build.pairs import pairs_in
from srcad.emit.function import Emitted
from srcad.emit.gradient import write_gradient
from srcad.emit.pair import Outline, helper_outline, pair_outline, write_pair
from srcad.graph import Graph, Operand, Tables, Value, values, verify
from srcad.load import load_all
from srcad.memory.finish import finish
from srcad.memory.lending import lent_by
from srcad.memory.saves import settle
from srcad.names import Names
from srcad.normalise import normalise
from srcad.optimise import optimise
from srcad.options import Options
from srcad.rulebook import contributions
from srcad.source import Source, read
from srcad.syntax import fence

Guard = FunctionType  # raises TypeError for arguments of another signature


@dataclass(slots=True, eq=False)
class Compiled:
    """A gradient function, and what it was made from."""

    function: FunctionType
    text: str
    primal: Graph
    backward: Graph
    tables: Tables
    dependencies: list[tuple[Any, str, Any]]  # (function, name, what it meant)
    externals: list[tuple[Any, str]]  # (function, name) of data that is read live
    parameters: list[tuple[Any, str, Operand]]  # those that are parameters of the primal graph
    provided: dict[str, Any]  # what the text reads beside the user's own namespace
    result: Operand  # what the primal returns
    inactive: bool  # the result does not depend on `wrt`


@dataclass(slots=True, eq=False)
class CompiledPair(Compiled):
    """A forward function, and beside it the backward function that reads what it has saved."""

    backward_function: FunctionType


def read_function(function: Any) -> tuple[Source, gast.FunctionDef]:
    """What is done once for a function, whatever it is called with."""
    # function -> text, and a tree whose nodes know their place in it
    source = read(function)
    # what is not in the language is refused
    fence(source)
    # tree -> the same in a smaller language
    return source, normalise(copy.deepcopy(source.tree))


def compile_gradient(
    source: Source,
    tree: gast.FunctionDef,
    signature: dict[str, Any],
    options: Options,
    guard: Guard | None = None,
) -> Compiled:
    """What is done for each signature of a gradient."""
    primal = build_primal(source, tree, signature, options.wrt)
    tables = primal.tables

    # the values between the arguments and the result
    result = differentiable_result(primal, source, options)
    varied = primal.state.varied
    wrt = [v for name in options.wrt for v in values(primal.params[name]) if v in varied]
    active = varied & useful(primal.graph, values(result))

    # the chain rule: primal graph -> backward graph, which refers to primal values freely
    backward = sweep(primal.graph, tables, active, result, wrt, contributions)
    backward = improve(backward, tables, wrt)

    # what the forward sweep keeps for the backward sweep
    saves = settle(backward, primal, Names(primal.outside.names.used))
    check(saves.graph, tables)

    # both sweeps as text, and beside them the helpers that call themselves
    emitted = write_gradient(source, tree, primal, result, saves, options, guard)
    emitted = with_helpers(emitted, primal)
    functions = load_text(emitted, source, primal)
    return made(Compiled, functions[:1], emitted, primal, backward, result not in active)


def compile_pair(
    source: Source, tree: gast.FunctionDef, signature: dict[str, Any], wrt: Sequence[str]
) -> CompiledPair:
    """What is done for each signature of a pullback: a forward and a backward function."""
    primal = build_primal(source, tree, signature, wrt)

    # the chain rule, from cotangents that the backward function is given; both functions as text
    emitted, backward = derive_pair(pair_outline(source, tree, wrt), source, primal)
    emitted = with_helpers(emitted, primal)
    functions = load_text(emitted, source, primal)
    inactive = primal.state.varied.isdisjoint(values(primal.result))
    return made(CompiledPair, functions[:2], emitted, primal, backward, inactive)


def derive_pair(outline: Outline, source: Source, primal: Primal) -> tuple[Emitted, Graph]:
    """A forward and a backward function as text, and the graph of the latter."""
    tables = primal.tables

    # the values between the arguments and the value
    check_leaves(primal, source)
    varied = primal.state.varied
    leaves = [v for name in outline.wrt for v in values(primal.params[name]) if v in varied]
    active = varied & useful(primal.graph, values(primal.result))

    # the chain rule
    backward = sweep_cotangents(primal.graph, tables, active, primal.result, leaves, contributions)
    backward = improve(backward, tables, leaves)

    # what the forward function hands to the backward function, and not in the caller's memory
    lent = lent_by(primal)
    saves = settle(backward, primal, Names(primal.outside.names.used), lent)
    check(saves.graph, tables)
    return write_pair(outline, source, primal, saves, lent), backward


def with_helpers(emitted: Emitted, primal: Primal) -> Emitted:
    """The text, and after it those of the helpers that it calls."""
    texts, provided, names = [emitted.text], dict(emitted.provided), []
    for pair in pairs_in(primal.graph):
        check(pair.primal.graph, pair.primal.tables)
        helper, _ = derive_pair(helper_outline(pair), pair.source, pair.primal)
        for name, thing in helper.provided.items():
            if provided.setdefault(name, thing) is not thing:
                raise errors.UnsupportedRecursion(f"{name} means two things in the helpers")
        texts.append(helper.text)
        names += [pair.forward, pair.backward]
    return Emitted(emitted.name, "\n\n".join(texts), provided, names)


def build_primal(
    source: Source, tree: gast.FunctionDef, signature: dict[str, Any], wrt: Sequence[str]
) -> Primal:
    """Tree, signature -> primal graph, and the listing of the user's statements."""
    primal = build(source, tree, read_function, signature, wrt)
    check(primal.graph, primal.tables)
    return primal


def improve(backward: Graph, tables: Tables, wrt: Sequence[Value]) -> Graph:
    """What the sweep has made, lighter, and with results that can be given away."""
    check(backward, tables)
    backward = optimise(backward, tables)
    check(backward, tables)

    # gradients in the class and dtype of their arguments, and in memory of their own
    backward = finish(backward, tables, wrt)
    check(backward, tables)
    return backward


def load_text(emitted: Emitted, source: Source, primal: Primal) -> list[FunctionType]:
    """Text -> functions."""
    cells = {name: CellType() for name in emitted.helpers}
    functions = load_all(
        emitted.text,
        f"<srcad {emitted.name} from {os.path.basename(source.filename)}:{source.line}>",
        source.function.__globals__,
        {**primal.outside.closure(emitted.provided), **cells},
        source.function.__defaults__,
        source.function.__kwdefaults__,
    )
    for function in functions:
        if function.__name__ in cells:
            cells[function.__name__].cell_contents = function
        function.__module__ = source.function.__module__
        function.source = emitted.text  # type: ignore[attr-defined]
    return functions


C = TypeVar("C", bound=Compiled)


def made(
    kind: type[C],
    functions: list[FunctionType],
    emitted: Emitted,
    primal: Primal,
    backward: Graph,
    inactive: bool,
) -> C:
    """What the stages have made, as the cache keeps it."""
    return kind(
        functions[0],
        emitted.text,
        primal.graph,
        backward,
        primal.tables,
        primal.outside.dependencies,
        primal.outside.data,
        primal.outside.parameters(),
        emitted.provided,
        primal.result,
        inactive,
        *functions[1:],
    )


def check(graph: Graph, tables: Tables) -> None:
    """Verify a graph between two stages, where SRCAD_VERIFY is set: in all tests, and on demand."""
    if os.environ.get("SRCAD_VERIFY"):
        verify(graph, tables)
