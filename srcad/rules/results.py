"""What the `result=` functions of all families share: types in, types out, unknown for unknown."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from srcad.types import (
    UNKNOWN,
    Dim,
    Facts,
    Kind,
    Object,
    Sizes,
    Tensor,
    Type,
    array,
    fresh,
    promote,
    type_of,
)


def tensor(x: Any) -> Tensor:
    """The type of an argument that is a number or an array; unknown if it is neither."""
    found = x if isinstance(x, (Tensor, Object, Sizes)) else type_of(x)
    return found if isinstance(found, Tensor) else UNKNOWN


def tensors(items: Any) -> list[Tensor] | None:
    """The types of a list or tuple of arrays."""
    return [tensor(item) for item in items] if isinstance(items, (list, tuple)) else None


def static(*arguments: Any) -> bool:
    """Whether the arguments are known objects, and not types that stand for unknown ones."""
    return not any(
        static_not(a) if not isinstance(a, (tuple, list)) else not static(*a) for a in arguments
    )


def static_not(argument: Any) -> bool:
    """Whether an argument is a type, which stands for something unknown."""
    return isinstance(argument, (Tensor, Object, Sizes))


def axes_of(axis: Any, ndim: int) -> tuple[int, ...] | None:
    """The axes that `axis` names, counted from 0; None if they are not known."""
    if axis is None:
        return tuple(range(ndim))
    if not static(axis):
        return None
    try:
        return normalize_axis_tuple(axis, ndim)
    except (TypeError, ValueError):
        return None


def dtype_of(dtype: Any, default: np.dtype | None) -> np.dtype | None:
    """The dtype that a `dtype=` argument names."""
    if dtype is None:
        return default
    if not static(dtype):
        return None
    try:
        return np.dtype(dtype)
    except TypeError:
        return None


def size_of(size: Any) -> Dim | None:
    """The size that an integer argument holds, as a dimension."""
    if isinstance(size, Tensor):
        return size.value
    try:
        return operator.index(size)
    except TypeError:
        return None


def dim_of(size: Any) -> Dim:
    """The size that an integer argument holds; a new symbol if it is not known."""
    known = size_of(size)
    return fresh() if known is None else known


def dims_of(shape: Any) -> tuple[Dim, ...] | None:
    """The dimensions that a `shape` argument names; None where not even the rank is known."""
    if isinstance(shape, Sizes):
        return shape.dims
    if isinstance(shape, Tensor):
        return (dim_of(shape),) if shape.kind == "python" else None
    if isinstance(shape, (tuple, list)):
        return tuple(dim_of(s) for s in shape)
    size = size_of(shape)
    return None if size is None else (size,)


def summed_dtype(dtype: np.dtype | None) -> np.dtype | None:
    """The dtype of a sum: small integers and booleans are added up in NumPy's default integer."""
    if dtype is None or dtype.kind not in "biu":
        return dtype
    return np.add.reduce(np.zeros(0, dtype)).dtype


def mean_dtype(dtype: np.dtype | None) -> np.dtype | None:
    """The dtype of a mean: that of floats is kept, integers become float64."""
    return np.dtype(np.float64) if dtype is not None and dtype.kind in "biu" else dtype


def strong(types: Sequence[Tensor]) -> np.dtype | None:
    """The common dtype where Python numbers count like arrays, as in `np.stack([1.0, x])`."""
    return promote([as_array(t) for t in types])


def as_array(x: Tensor) -> Tensor:
    """The type of `x` once NumPy has made an array of it, which promotes."""
    return replace(x, kind="array" if x.dims else "scalar")


def viewed(x: Tensor, dims: Sequence[Dim] | None) -> Tensor:
    """Another view of `x`: of rank 0 it is again an array, or again a NumPy scalar."""
    if dims is None:
        return Tensor(x.dtype)
    kind: Kind | None = "array"
    if not len(dims) and x.kind not in ("array", "python"):
        kind = "scalar" if x.kind == "scalar" else None
    return Tensor(x.dtype, tuple(dims), kind)


def filled(dtype: np.dtype | None, dims: Sequence[Dim] | None) -> Tensor:
    """An ndarray, also where the rank is 0."""
    return Tensor(dtype, None if dims is None else tuple(dims), "array")


def same(facts: Facts, x: Any, *args: Any, **keywords: Any) -> Type:
    """The type of a NumPy function that keeps dtype and shape."""
    x = tensor(x)
    return array(x.dtype, x.dims)
