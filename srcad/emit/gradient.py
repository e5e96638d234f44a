"""The primal and a settled backward graph -> the text of the gradient function."""

from __future__ import annotations

from types import FunctionType

import gast

from srcad.build import Primal
from srcad.emit.backward import read
from srcad.emit.constants import constant
from srcad.emit.equations import call
from srcad.emit.function import Emitted, Sweeps, gradients_of, named_results, names_of, structured
from srcad.emit.head import described, docstring, gradient_name, parameters
from srcad.emit.writer import comment, write
from srcad.graph import Operand, Value
from srcad.memory.saves import Saves
from srcad.optimise.rewrite import uses
from srcad.options import Options
from srcad.references import parameters_of
from srcad.runtime import check_array, check_scalar
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
    guard_name = None if guard is None else saves.names.fresh(guard.__name__)
    gradients = gradients_of(primal, saves, options.wrt)
    sweeps = Sweeps(saves, primal, source.filename, named_results(gradients))
    ends, value, aux = _ends(sweeps, primal, options, is_unsure(primal, result))
    kept = [*names_of(*ends), *names_of(value, aux)]
    backward = sweeps.backward(saves.reached, kept)
    what = "Value and gradient" if options.with_value else "Gradient"
    sentence = f"{what} of {described(source)} with respect to {', '.join(options.wrt)}."
    head = parameters(tree)
    body: list[gast.stmt] = [gast.Expr(gast.Constant(docstring(sentence, primal), None))]
    if guard_name is not None:
        arguments = [read(a.id) for a in parameters_of(head)]
        body.append(gast.Expr(call(read(guard_name), arguments)))
    for name in unsure_arrays(primal, options):
        check = sweeps.vocabulary.function(check_array)
        body.append(gast.Expr(call(check, [read(name), constant(name)])))
    forward = sweeps.forward(kept)
    if forward or ends:
        body += [comment("forward"), *forward, *ends]
    if backward.statements:
        body += [comment("backward"), *backward.statements]
    asked = gradients[options.wrt[0]] if options.bare else tuple(gradients.values())
    results = structured(asked, backward.results, sweeps.vocabulary)
    body.append(gast.Return(_returned(value, aux, results)))
    name = gradient_name(source, options)
    function = gast.FunctionDef(name, head, body, [], None, None, [])
    emitted = Emitted(name, write(function, backward.notes), sweeps.vocabulary.provided)
    if guard_name is not None:
        emitted.provided[guard_name] = guard
    return emitted


def _ends(
    sweeps: Sweeps, primal: Primal, options: Options, checked: bool
) -> tuple[list[gast.stmt], gast.expr | None, gast.expr | None]:
    """What the user's function returns, under names that last until the end: value and aux."""
    if not (options.with_value or options.with_aux or checked):
        return [], None, None
    result = sweeps.returned(primal.returning.value)
    found: list[gast.stmt] = []
    aux = None
    if options.with_aux:
        if isinstance(result, gast.Tuple) and len(result.elts) == 2:
            result, aux = result.elts
        else:
            pair = sweeps.named("result", result, found)
            result, aux = (
                gast.Subscript(pair, gast.Constant(i, None), gast.Load()) for i in (0, 1)
            )
        aux = sweeps.named("aux", aux, found)
    needed = options.with_value or checked
    value = sweeps.named("value", result, found) if needed else None
    if checked:
        found.append(gast.Expr(call(sweeps.vocabulary.function(check_scalar), [value])))
    return found, value if options.with_value else None, aux


def _returned(
    value: gast.expr | None, aux: gast.expr | None, gradients: gast.expr
) -> gast.expr:
    if aux is not None:
        if value is None:
            return gast.Tuple([gradients, aux], gast.Load())
        value = gast.Tuple([value, aux], gast.Load())
    return gradients if value is None else gast.Tuple([value, gradients], gast.Load())


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
