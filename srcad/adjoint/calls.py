"""The chain rule of a helper that is a pair: its backward function gives the cotangents."""

from __future__ import annotations

from srcad.adjoint.fit import fit
from srcad.adjoint.regions import Sweeper
from srcad.graph import CALL_BACKWARD, GETITEM, Const, Equation, Value
from srcad.typed import adjoint_type
from srcad.types import OBJECT, Tensor


def reverse_helper(sweep: Sweeper, equation: Equation) -> None:
    """Hand the cotangent of the result on to the arguments that the helper is differentiated by."""
    helper, *args = equation.args
    result, saved = equation.outs
    g = sweep.adjoints.pop(result)
    if isinstance(g, Const) and _is_array(sweep, result):
        g = fit(sweep.emitter, g, result)
    parameters = dict(zip(helper.value.parameters, args, strict=True))
    wanted = [parameters[name] for name in helper.value.wrt]
    types = [adjoint_type(sweep.tables.types[value]) for value in wanted]
    type_ = types[0] if len(wanted) == 1 else OBJECT
    emit, span = sweep.emitter.emit, equation.span
    found = emit(CALL_BACKWARD, (helper, saved, g), span=span, type_=type_)
    for index, (value, own) in enumerate(zip(wanted, types, strict=True)):
        part = found
        if len(wanted) > 1:
            part = emit(GETITEM, (found, Const(index)), span=span, type_=own)
        if value in sweep.active:
            sweep.add(value, part)


def _is_array(sweep: Sweeper, value: Value) -> bool:
    type_ = sweep.tables.types[value]
    return isinstance(type_, Tensor) and not type_.immutable
