"""Functions whose derivative is zero wherever it exists, in plain lists."""

from __future__ import annotations

import math
import operator
from dataclasses import replace
from typing import Any

import numpy as np

from srcad.primitive import broadcast_type, elementwise, fresh, zero_derivative
from srcad.rules.results import axes_of, static, tensor, viewed
from srcad.types import (
    ANYTHING,
    BOOL,
    INT,
    Facts,
    Sizes,
    Tensor,
    Type,
    array,
    integer,
    times,
)
from srcad.types import fresh as unknown_size

BOOLEAN = np.dtype(np.bool_)
INDEX = np.dtype(np.intp)


# --- element by element -------------------------------------------------------------------------

for symbol, ufunc in (
    (operator.lt, np.less),
    (operator.le, np.less_equal),
    (operator.gt, np.greater),
    (operator.ge, np.greater_equal),
    (operator.eq, np.equal),
    (operator.ne, np.not_equal),
    (operator.floordiv, np.floor_divide),
    (operator.and_, np.bitwise_and),
    (operator.or_, np.bitwise_or),
    (operator.xor, np.bitwise_xor),
    (operator.invert, np.invert),
    (operator.lshift, np.left_shift),
    (operator.rshift, np.right_shift),
):
    zero_derivative(symbol, ufunc, elementwise)

for function in (
    np.floor,
    np.ceil,
    np.rint,
    np.trunc,
    np.sign,
    np.heaviside,
    np.spacing,
    np.isnan,
    np.isinf,
    np.isfinite,
    np.signbit,
    np.logical_and,
    np.logical_or,
    np.logical_xor,
    np.logical_not,
):
    zero_derivative(function, elementwise)


def boolean(facts: Facts, a: Any, b: Any, rtol: Any = 0, atol: Any = 0, equal_nan: Any = 0) -> Type:
    """The type of a comparison within a tolerance."""
    return replace(broadcast_type(facts, [tensor(a), tensor(b)], np.equal), dtype=BOOLEAN)


def rounded(facts: Facts, a: Any, decimals: Any = 0) -> Type:
    """The type of np.round: that of its argument; booleans are rounded to a half float."""
    a = tensor(a)
    return array(None if a.dtype == BOOLEAN else a.dtype, a.dims)


def truncated(facts: Facts, x: Any) -> Type:
    """The type of np.fix, which is np.trunc."""
    return broadcast_type(facts, [tensor(x)], np.trunc)


def imaginary(facts: Facts, val: Any) -> Type:
    """The type of np.imag of real numbers."""
    val = tensor(val)
    if val.dtype is None or val.dtype.kind == "c" or val.kind == "python":
        return Tensor()
    return viewed(val, val.dims)


zero_derivative(np.isclose, elementwise, result=boolean)
zero_derivative(np.round, np.around, elementwise, result=rounded, methods=("round",))
zero_derivative(np.fix, elementwise, result=truncated)
zero_derivative(np.imag, fresh, result=imaginary)


# --- positions and counts -----------------------------------------------------------------------


def position(facts: Facts, a: Any, axis: Any = None, *, keepdims: Any = False) -> Type:
    """The type of np.argmax: integers, one axis less."""
    return counted(INDEX, tensor(a), axis, keepdims)


def counts(facts: Facts, a: Any, axis: Any = None, *, keepdims: Any = False) -> Type:
    """The type of np.count_nonzero."""
    return counted(INDEX, tensor(a), axis, keepdims)


def truth(facts: Facts, a: Any, axis: Any = None, out: None = None, keepdims: Any = False) -> Type:
    """The type of np.any and np.all."""
    return counted(BOOLEAN, tensor(a), axis, keepdims)


def counted(dtype: np.dtype, a: Tensor, axis: Any, keepdims: Any) -> Type:
    """The type of a reduction to a dtype of its own."""
    if axis is None and keepdims is False:
        return Tensor(dtype, (), "scalar")
    if a.dims is None or not static(keepdims):
        return Tensor(dtype)
    axes = axes_of(axis, len(a.dims))
    if axes is None:
        return Tensor(dtype)
    if keepdims:
        return array(dtype, [1 if i in axes else d for i, d in enumerate(a.dims)])
    return array(dtype, [d for i, d in enumerate(a.dims) if i not in axes])


def order(facts: Facts, a: Any, axis: Any = -1, kind: Any = None, *, stable: Any = None) -> Type:
    """The type of np.argsort."""
    a = tensor(a)
    if axis is None:
        return array(INDEX, [unknown_size() if a.dims is None else times(a.dims)])
    return array(INDEX, a.dims or None)


def places(facts: Facts, a: Any, v: Any, side: Any = "left", sorter: Any = None) -> Type:
    """The type of np.searchsorted."""
    return array(INDEX, tensor(v).dims)


def bins_of(facts: Facts, x: Any, bins: Any, right: Any = False) -> Type:
    """The type of np.digitize."""
    return array(INDEX, tensor(x).dims)


def flat_places(facts: Facts, a: Any) -> Type:
    """The type of np.flatnonzero."""
    return array(INDEX, [unknown_size()])


def rows_of_places(facts: Facts, a: Any) -> Type:
    """The type of np.argwhere."""
    rank = tensor(a).ndim
    return array(INDEX, [unknown_size(), unknown_size() if rank is None else rank])


def some_object(facts: Facts, *args: Any, **keywords: Any) -> Type:
    """A tuple of arrays of integers."""
    return ANYTHING


zero_derivative(np.argmax, fresh, result=position, methods=("argmax",))
zero_derivative(np.argmin, fresh, result=position, methods=("argmin",))
zero_derivative(np.count_nonzero, fresh, result=counts)
zero_derivative(np.any, fresh, result=truth, methods=("any",))
zero_derivative(np.all, fresh, result=truth, methods=("all",))
zero_derivative(np.argsort, fresh, result=order, methods=("argsort",))
zero_derivative(np.searchsorted, fresh, result=places, methods=("searchsorted",))
zero_derivative(np.digitize, fresh, result=bins_of)
zero_derivative(np.flatnonzero, fresh, result=flat_places)
zero_derivative(np.argwhere, fresh, result=rows_of_places)


# --- Python objects -----------------------------------------------------------------------------


def always(found: Type) -> Any:
    """A result that is the same for all arguments."""

    def result(facts: Facts, *args: Any) -> Type:
        return found

    return result


def size(facts: Facts, a: Any, axis: Any = None) -> Type:
    """The type of np.size: the size itself, if it is known."""
    dims = tensor(a).dims
    if dims is None:
        return INT
    if axis is None:
        return integer(times(dims))
    axes = axes_of(axis, len(dims))
    return INT if axes is None else integer(times(dims[i] for i in axes))


def shape(facts: Facts, a: Any) -> Type:
    """The type of np.shape."""
    return Sizes(tensor(a).dims)


def boolean_object(facts: Facts, a: Any, b: Any, *args: Any, **keywords: Any) -> Type:
    """A Python boolean."""
    return BOOL


zero_derivative(np.size, fresh, result=size)
zero_derivative(np.shape, fresh, result=shape)
zero_derivative(np.ndim, fresh, result=always(INT))
zero_derivative(operator.not_, fresh, result=always(BOOL))
zero_derivative(np.allclose, np.array_equal, np.array_equiv, fresh, result=boolean_object)
zero_derivative(np.isscalar, np.iscomplexobj, np.isrealobj, fresh, result=always(BOOL))
zero_derivative(math.isnan, math.isinf, math.isfinite, fresh, result=always(BOOL))
zero_derivative(math.floor, math.ceil, math.trunc, fresh, result=always(INT))
