"""The primal and a settled backward graph -> the text of the gradient function."""

from __future__ import annotations

from types import FunctionType

import gast

from srcad.build import Primal
from srcad.emit.function import Emitted, FunctionWriter, Request
from srcad.emit.head import docstring, gradient_name, parameters
from srcad.graph import Operand, Value, map_leaves, values
from srcad.memory.saves import Saves
from srcad.optimise.rewrite import uses
from srcad.options import Options
from srcad.source import Source
from srcad.types import UNKNOWN, Tensor


def write_gradient(
    source: Source,
    tree: gast.FunctionDef,
    primal: Primal,
    result: Operand,
    saves: Saves,
    options: Options,
    guard: FunctionType | None,
) -> Emitted:
    """The text, and what its free names mean; with a guard, its first line checks the arguments."""
    gradients = gradients_of(primal, saves, options)
    guard_name = None if guard is None else saves.names.fresh(guard.__name__)
    request = Request(
        name=gradient_name(source, options),
        head=parameters(tree),
        docstring=docstring(source, primal, options),
        file=source.filename,
        result=primal.returning.value,
        with_value=options.with_value,
        with_aux=options.with_aux,
        checked=is_unsure(primal, result),
        gradients=gradients[options.wrt[0]] if options.bare else tuple(gradients.values()),
        wrt={v: name for name in reversed(gradients) for v in values(gradients[name])},
        guard=guard_name,
        arrays=unsure_arrays(primal, options),
    )
    emitted = FunctionWriter(request, saves, primal, source.function.__globals__).write()
    if guard_name is not None:
        emitted.provided[guard_name] = guard
    return emitted


def gradients_of(primal: Primal, saves: Saves, options: Options) -> dict[str, Operand]:
    """The results of the backward graph in the structure of the arguments that they belong to."""
    results = iter(saves.graph.results)
    return {name: map_leaves(primal.params[name], lambda _: next(results)) for name in options.wrt}


def unsure_arrays(primal: Primal, options: Options) -> list[str]:
    """Arguments that the generic text takes for arrays: it indexes them, or gives them zeros."""
    whole = [n for n in options.wrt if isinstance(primal.params[n], Value)]
    unknown = [n for n in whole if primal.tables.types[primal.params[n]] == UNKNOWN]
    read = uses(primal.graph)
    return [n for n in unknown if n in primal.arrays or not read[primal.params[n]]]


def is_unsure(primal: Primal, result: Operand) -> bool:
    """Whether only the call itself can tell that the result is a real scalar."""
    type_ = primal.tables.types.get(result) if isinstance(result, Value) else None
    return isinstance(type_, Tensor) and (type_.dims is None or type_.dtype is None)
