"""The result of the function as the place where the sweep begins: of a gradient, a real scalar."""

from __future__ import annotations

from srcad import errors
from srcad.build import Primal
from srcad.graph import Const, Operand, Value, values
from srcad.options import Options
from srcad.records import Record
from srcad.source import Source
from srcad.types import Tensor


def differentiable_result(primal: Primal, source: Source, options: Options) -> Operand:
    """The operand that is differentiated: the result, or the first of the pair with `has_aux`."""
    result, span = primal.result, source.span(primal.returning)
    if options.with_aux:
        if not isinstance(result, tuple) or len(result) != 2:
            raise errors.NotScalar(
                "with has_aux the function returns a pair: the value, and anything else",
                span,
                "return value, aux",
            )
        result = result[0]
    if isinstance(result, Const) and type(result.value) is float:
        return result
    type_ = primal.tables.types.get(result) if isinstance(result, Value) else None
    if not isinstance(type_, Tensor) or not _may_be_scalar(type_):
        found = type_ if isinstance(type_, Tensor) else _described(result)
        raise errors.NotScalar(
            f"the gradient needs a real scalar, and the function returns {found}",
            span,
            "return a number, such as np.sum(...), on every path, or use vjp",
        )
    return result


def check_leaves(primal: Primal, source: Source) -> None:
    """Refuse a function that hands its derivative out in an object which cannot be looked into."""
    for value in values(primal.result):
        if value in primal.state.varied and not isinstance(primal.tables.types[value], Tensor):
            raise errors.Laundered(
                "the function returns an object that was made from a differentiated value",
                source.span(primal.returning),
                "return arrays and numbers, or tuples, lists and dicts of these",
            )


def _may_be_scalar(type_: Tensor) -> bool:
    return type_.dims in (None, ()) and (type_.dtype is None or type_.dtype.kind == "f")


def _described(result: Operand) -> str:
    if isinstance(result, Const):
        return "nothing" if result.value is None else type(result.value).__name__
    if isinstance(result, Record):
        return f"a {result.cls.__name__}"
    return type(result).__name__ if isinstance(result, (tuple, list, dict)) else "an object"
