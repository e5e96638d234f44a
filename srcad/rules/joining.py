"""Arrays joined into one: the cotangent is cut where they were joined."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.primitive import folded, fresh, linear, rule
from srcad.rules.results import axes_of, filled, static, strong, tensor, tensors
from srcad.types import Dim, Facts, Tensor, Type, plus, times
from srcad.types import fresh as unknown_size

# --- types --------------------------------------------------------------------------------------


def joined(facts: Facts, arrays: Any, axis: Any = 0) -> Type:
    """The type of np.concatenate: the sizes along the axis add up, the others agree."""
    pieces = tensors(arrays)
    if not pieces:
        return Tensor(None, None, "array")
    return _joined(facts, strong(pieces), [p.dims for p in pieces], axis)


def _joined(
    facts: Facts, dtype: np.dtype | None, shapes: list[tuple[Dim, ...] | None], axis: Any
) -> Tensor:
    if axis is None:
        flat = [times(s) for s in shapes if s is not None]
        return filled(dtype, [plus(flat) if len(flat) == len(shapes) else unknown_size()])
    known = next((s for s in shapes if s is not None), None)
    if known is None:
        return Tensor(dtype, None, "array")
    axes = axes_of(axis, len(known))
    uneven = any(s is not None and len(s) != len(known) for s in shapes)
    if axes is None or len(axes) != 1 or uneven:
        return Tensor(dtype, None, "array")
    dims = list(known)
    for shape in shapes:
        for i, dim in enumerate(shape or ()):
            if i not in axes:
                facts.unify(dims[i], dim)
    along = [s[axes[0]] for s in shapes if s is not None]
    dims[axes[0]] = plus(along) if len(along) == len(shapes) else unknown_size()
    return filled(dtype, dims)


def stacked(facts: Facts, arrays: Any, axis: Any = 0) -> Type:
    """The type of np.stack: one new axis as long as the list."""
    pieces = tensors(arrays)
    if not pieces:
        return Tensor(None, None, "array")
    known = next((p.dims for p in pieces if p.dims is not None), None)
    if known is None or not static(axis):
        return Tensor(strong(pieces), None, "array")
    axes = axes_of(axis, len(known) + 1)
    if axes is None or len(axes) != 1:
        return Tensor(strong(pieces), None, "array")
    for piece in pieces:
        for mine, other in zip(known, piece.dims or known, strict=False):
            facts.unify(mine, other)
    return filled(strong(pieces), (*known[: axes[0]], len(pieces), *known[axes[0] :]))


def rows(facts: Facts, tup: Any) -> Type:
    """The type of np.vstack: a number or a vector is one row."""
    pieces = tensors(tup)
    if not pieces:
        return Tensor(None, None, "array")
    shapes = [None if p.dims is None else (1,) * (2 - len(p.dims)) + p.dims for p in pieces]
    return _joined(facts, strong(pieces), shapes, 0)


def columns(facts: Facts, tup: Any) -> Type:
    """The type of np.hstack: vectors are joined end to end, the others along their second axis."""
    pieces = tensors(tup)
    if not pieces or any(p.dims is None for p in pieces):
        return Tensor(strong(pieces) if pieces else None, None, "array")
    shapes = [p.dims or (1,) for p in pieces]
    return _joined(facts, strong(pieces), list(shapes), 0 if len(shapes[0]) == 1 else 1)


def vectors_as_columns(facts: Facts, tup: Any) -> Type:
    """The type of np.column_stack: a vector is a column."""
    pieces = tensors(tup)
    if not pieces or any(p.dims is None for p in pieces):
        return Tensor(strong(pieces) if pieces else None, None, "array")
    shapes = [p.dims if len(p.dims or ()) > 1 else ((*(p.dims or ()), 1, 1))[:2] for p in pieces]
    return _joined(facts, strong(pieces), list(shapes), 1)


# --- the cuts -----------------------------------------------------------------------------------


@folded
def before(axis: int) -> tuple[Any, ...]:
    """The index in front of that of an axis."""
    return (slice(None),) * axis if axis >= 0 else (...,)


@folded
def after(axis: int) -> tuple[Any, ...]:
    """The index behind that of an axis."""
    return () if axis >= 0 else (slice(None),) * (-axis - 1)


def cut(g, start, stop, axis):
    """The part of `g` from start to stop along an axis."""
    if axis == 0 and start is None:
        return g[:stop]
    if axis == 0:
        return g[start:] if stop is None else g[start:stop]
    return g[(*before(axis), slice(start, stop), *after(axis))]


def cuts(g, sizes, start, axis):
    """`g` cut into parts of these sizes along an axis, from `start` on; None is the beginning."""
    if len(sizes) == 1:
        return [g if start is None else cut(g, start, None, axis)]
    stop = sizes[0] if start is None else start + sizes[0]
    return [cut(g, start, stop, axis), *cuts(g, sizes[1:], stop, axis)]


def shaped(parts, arrays, ndim):
    """The parts in the shapes of the arrays that were given more dimensions to be joined."""
    return [
        parts[i] if np.ndim(arrays[i]) >= ndim else np.reshape(parts[i], np.shape(arrays[i]))
        for i in range(len(arrays))
    ]


@rule(np.concatenate, fresh, linear, result=joined)
def concatenate(g, ans, arrays, axis=0):
    """Each array gets its part."""
    if axis is None:
        parts = cuts(g, [np.size(a) for a in arrays], None, 0)
        return shaped(parts, arrays, np.inf)
    return cuts(g, [a.shape[axis] for a in arrays], None, axis)


@rule(np.stack, fresh, linear, result=stacked)
def stack(g, ans, arrays, axis=0):
    """Each array gets its slice."""
    if axis == 0:
        return [g[i] for i in range(len(arrays))]
    return [g[(*before(axis), i, *after(axis))] for i in range(len(arrays))]


@rule(np.vstack, fresh, linear, result=rows)
def vstack(g, ans, tup):
    """Each array gets its rows."""
    if min([np.ndim(a) for a in tup]) == 1 and max([np.ndim(a) for a in tup]) == 1:
        return [g[i] for i in range(len(tup))]
    sizes = [1 if np.ndim(a) < 2 else a.shape[0] for a in tup]
    return shaped(cuts(g, sizes, None, 0), tup, 2)


@rule(np.hstack, fresh, linear, result=columns)
def hstack(g, ans, tup):
    """Each array gets its part of the vector, or its columns."""
    if np.ndim(tup[0]) < 2:
        return shaped(cuts(g, [np.size(a) for a in tup], None, 0), tup, 1)
    return cuts(g, [a.shape[1] for a in tup], None, 1)


@rule(np.column_stack, fresh, linear, result=vectors_as_columns)
def column_stack(g, ans, tup):
    """Each array gets its columns."""
    if min([np.ndim(a) for a in tup]) == 1 and max([np.ndim(a) for a in tup]) == 1:
        return [g[:, i] for i in range(len(tup))]
    sizes = [1 if np.ndim(a) < 2 else a.shape[1] for a in tup]
    return shaped(cuts(g, sizes, None, 1), tup, 2)


# --- borders ------------------------------------------------------------------------------------


def padded(facts: Facts, array: Any, pad_width: Any, mode: Any = "constant") -> Type:
    """The type of np.pad."""
    x = tensor(array)
    if x.dims is None:
        return filled(x.dtype, None)
    if not static(pad_width):
        return filled(x.dtype, [unknown_size() for _ in x.dims])
    widths = np.broadcast_to(np.asarray(pad_width), (len(x.dims), 2)).tolist()
    return filled(x.dtype, [plus([d, *w]) for d, w in zip(x.dims, widths, strict=True)])


@folded
def inside(pad_width: Any, ndim: int) -> slice | tuple[slice, ...]:
    """The index of what was there before the borders were added."""
    widths = np.broadcast_to(np.asarray(pad_width), (ndim, 2)).tolist()
    slices = tuple(slice(a or None, -b if b else None) for a, b in widths)
    return slices[0] if ndim == 1 else slices


@rule(np.pad, fresh, linear, result=padded, refuse=("mode",))
def pad(g, ans, array, pad_width, mode="constant"):
    """What lies inside the borders."""
    return g[inside(pad_width, array.ndim)]
