"""The pipeline up to a stage, for tests of what the stages hand on."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from srcad.adjoint.result import differentiable_result
from srcad.adjoint.sweep import sweep
from srcad.analyses.activity import useful
from srcad.build import Primal, build
from srcad.emit.writer import write_expression
from srcad.graph import Graph, Operand, Value, map_leaves, values
from srcad.memory.finish import finish
from srcad.memory.saves import Saves, settle
from srcad.names import Names
from srcad.optimise import optimise
from srcad.options import Options
from srcad.pipeline import read_function
from srcad.rulebook import contributions
from srcad.signature import describe


@dataclass(frozen=True)
class Swept:
    """A primal graph and the backward graph that the sweep makes of it."""

    primal: Primal
    backward: Graph
    wrt: list[Value]


def primal_of(function: Any, args: Sequence[Any], wrt: Sequence[str]) -> Primal:
    """The primal graph of a function for arguments like these."""
    source, tree = read_function(function)
    parameters = inspect.signature(function).bind(*args)
    parameters.apply_defaults()
    signature = {name: describe(value) for name, value in parameters.arguments.items()}
    return build(source, tree, read_function, signature, tuple(wrt))


def swept(function: Any, args: Sequence[Any], wrt: Sequence[str]) -> Swept:
    """The backward graph as the sweep leaves it."""
    source, _ = read_function(function)
    primal = primal_of(function, args, wrt)
    result = differentiable_result(primal, source, Options(tuple(wrt)))
    varied = primal.state.varied
    leaves = [v for name in wrt for v in values(primal.params[name]) if v in varied]
    active = varied & useful(primal.graph, values(result))
    backward = sweep(primal.graph, primal.tables, active, result, leaves, contributions)
    return Swept(primal, backward, leaves)


def saves_of(function: Any, *args: Any, wrt: Sequence[str] = ("x",)) -> Saves:
    """What the forward sweep keeps."""
    made = swept(function, args, wrt)
    primal, tables = made.primal, made.primal.tables
    backward = finish(optimise(made.backward, tables), tables, made.wrt)
    return settle(backward, primal, Names(primal.outside.names.used))


def parameters_of(primal: Primal, function: Any, args: Sequence[Any]) -> list[Any]:
    """What the parameters of a primal graph are in a call: arguments, globals, cells, defaults."""
    bound = inspect.signature(function).bind(*args)
    bound.apply_defaults()
    cells = {name: cell.cell_contents for name, cell in primal.outside.closure({}).items()}
    names = {**function.__globals__, **cells, **bound.arguments}
    homes = [primal.listing.home_of[value] for value in primal.graph.params]
    return [eval(write_expression(home), names) for home in homes]


def structured(operand: Operand, leaves: Sequence[Any]) -> Any:
    """The results of a graph in the structure of the operand that they are the leaves of."""
    rest = iter(leaves)
    return map_leaves(operand, lambda _: next(rest))
