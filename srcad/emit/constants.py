"""A Python value -> the expression that evaluates to it."""

from __future__ import annotations

import math
from typing import Any

import gast
import numpy as np


def constant(value: Any, numpy: str | None = None) -> gast.expr:
    """The expression that evaluates to a number, string, dtype, slice, or a container of such.

    `numpy` is the name that NumPy has where the expression will stand.

    >>> from srcad.emit.writer import write_expression
    >>> write_expression(constant([-1.5, (2,), float("inf")]))
    '[-1.5, (2,), float("inf")]'
    >>> write_expression(constant(-np.inf, numpy="np"))
    '-np.inf'
    """
    if isinstance(value, (np.generic, np.dtype)):
        return _of_numpy(value, numpy)
    if type(value) in (tuple, list):
        kind = gast.Tuple if type(value) is tuple else gast.List
        return kind(elts=[constant(item, numpy) for item in value], ctx=gast.Load())
    if type(value) is dict:
        return gast.Dict(
            keys=[constant(key, numpy) for key in value],
            values=[constant(item, numpy) for item in value.values()],
        )
    if type(value) is slice:
        bounds = (value.start, value.stop, value.step)
        return _call("slice", *(constant(bound, numpy) for bound in bounds))
    if type(value) is complex:
        return _complex(value, numpy)
    if type(value) is float and not math.isfinite(value):
        return _not_finite(value, numpy)
    if type(value) in (int, float) and math.copysign(1.0, value) < 0:
        return gast.UnaryOp(op=gast.USub(), operand=constant(-value))
    if value is None or value is Ellipsis or type(value) in (bool, int, float, str, bytes):
        return gast.Constant(value=value, kind=None)
    raise TypeError(f"{value!r} cannot be written as an expression")


def _name(identifier: str) -> gast.expr:
    return gast.Name(id=identifier, ctx=gast.Load(), annotation=None, type_comment=None)


def _attribute(base: str, attribute: str) -> gast.expr:
    return gast.Attribute(value=_name(base), attr=attribute, ctx=gast.Load())


def _call(function: str | gast.expr, *args: gast.expr) -> gast.expr:
    function = _name(function) if isinstance(function, str) else function
    return gast.Call(func=function, args=list(args), keywords=[])


def _of_numpy(value: Any, numpy: str | None) -> gast.expr:
    """`np.float32(0.5)` or, for a dtype, `np.float32`."""
    if numpy is None or not isinstance(value, (np.bool, np.number, np.dtype)):
        raise TypeError(f"{value!r} cannot be written as an expression")
    if isinstance(value, np.dtype):
        if value.isbuiltin != 1 or value.kind not in "biufc" or not value.isnative:
            return _call(_attribute(numpy, "dtype"), constant(value.str))
        return _attribute(numpy, value.name)
    return _call(_attribute(numpy, value.dtype.name), constant(value.item(), numpy))


def _not_finite(value: float, numpy: str | None) -> gast.expr:
    if value < 0:
        return gast.UnaryOp(op=gast.USub(), operand=_not_finite(-value, numpy))
    word = "nan" if math.isnan(value) else "inf"
    return _attribute(numpy, word) if numpy else _call("float", constant(word))


def _complex(value: complex, numpy: str | None) -> gast.expr:
    """`2j`, `1.0 - 2j`; by `complex(..., ...)` where a sum would lose a signed zero."""
    parts = (value.real, value.imag)
    if any(not math.isfinite(p) or (p == 0 and math.copysign(1.0, p) < 0) for p in parts):
        return _call("complex", *(constant(part, numpy) for part in parts))
    imaginary = gast.Constant(value=complex(0.0, abs(value.imag)), kind=None)
    if value.real == 0 and value.imag >= 0:
        return imaginary
    sign = gast.Sub() if value.imag < 0 else gast.Add()
    return gast.BinOp(left=constant(value.real), op=sign, right=imaginary)
