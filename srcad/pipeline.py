"""Every stage called once, in order: a function and a signature in, a gradient function out."""

from __future__ import annotations

import copy
import os
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import gast

from srcad.adjoint.result import differentiable_result
from srcad.adjoint.sweep import sweep
from srcad.analyses.activity import useful
from srcad.build import build
from srcad.emit.gradient import write_gradient
from srcad.graph import Graph, Operand, Tables, values, verify
from srcad.load import load
from srcad.memory.finish import finish
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
    inactive: bool  # the result does not depend on `wrt`


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
    """What is done for each signature."""
    # tree, signature -> primal graph, and the listing of the user's statements
    primal = build(source, tree, read_function, signature, options.wrt)
    tables = primal.tables
    check(primal.graph, tables)

    # the values between the arguments and the result
    result = differentiable_result(primal, source, options)
    wrt = [value for name in options.wrt for value in values(primal.params[name])]
    active = primal.state.varied & useful(primal.graph, values(result))

    # the chain rule: primal graph -> backward graph, which refers to primal values freely
    backward = sweep(primal.graph, tables, active, result, wrt, contributions)
    check(backward, tables)

    # the same, lighter
    backward = optimise(backward, tables)
    check(backward, tables)

    # gradients in the class and dtype of their arguments, and in memory of their own
    backward = finish(backward, tables, wrt)
    check(backward, tables)

    # what the forward sweep keeps for the backward sweep
    saves = settle(backward, primal, Names(primal.outside.names.used))
    check(saves.graph, tables)

    # both sweeps as text
    emitted = write_gradient(source, tree, primal, result, saves, options, guard)

    # text -> function
    function = load(
        emitted.text,
        f"<srcad {emitted.name} from {os.path.basename(source.filename)}:{source.line}>",
        source.function.__globals__,
        primal.outside.closure(emitted.provided),
        source.function.__defaults__,
        source.function.__kwdefaults__,
    )
    function.__module__ = source.function.__module__
    function.source = emitted.text  # type: ignore[attr-defined]
    return Compiled(
        function,
        emitted.text,
        primal.graph,
        backward,
        tables,
        primal.outside.dependencies,
        primal.outside.data,
        primal.outside.parameters(),
        emitted.provided,
        result not in active,
    )


def check(graph: Graph, tables: Tables) -> None:
    """Verify a graph between two stages, where SRCAD_VERIFY is set: in all tests, and on demand."""
    if os.environ.get("SRCAD_VERIFY"):
        verify(graph, tables)
