"""Broadcasting is undone here, and nowhere else: an adjoint has its value's dtype and dimensions."""

from __future__ import annotations

import numpy as np

from srcad.graph import BROADCAST, CAST, SPREAD, UNBROADCAST, ZEROS, Const, Operand, Value
from srcad.primitive import find
from srcad.typed import Emitter
from srcad.types import Tensor, same_dtype


def fit(emitter: Emitter, g: Operand, value: Value) -> Operand:
    """`g`, summed over the axes that broadcasting added and in the dtype of `value`."""
    have, want = emitter.tensor(g), emitter.tensor(value)
    if isinstance(g, Const) and type(g.value) in (int, float) and g.value == 0 and want.dims:
        return emitter.emit(ZEROS, (value,))
    if have.dims is None or want.dims is None:
        return emitter.emit(UNBROADCAST, (g, value))
    fitted = _fit_dims(emitter, g, have, value, want)
    if fitted is None:
        return emitter.emit(UNBROADCAST, (g, value))
    return fit_dtype(emitter, fitted, value)


def _fit_dims(
    emitter: Emitter, g: Operand, have: Tensor, value: Value, want: Tensor
) -> Operand | None:
    """The sum, or the spread, that gives `g` the dimensions of `value`; None if not decided."""
    facts = emitter.facts
    assert have.dims is not None and want.dims is not None
    extra = max(len(have.dims) - len(want.dims), 0)
    missing = max(len(want.dims) - len(have.dims), 0)
    ones: list[int] = []
    spread = missing > 0
    for axis, dim in enumerate(want.dims[missing:]):
        own = facts.find(have.dims[extra + axis])
        if facts.equal(own, dim):
            continue
        if facts.find(dim) == 1:
            ones.append(axis)
        elif own == 1:
            spread = True
        else:
            return None
    if spread and (extra or ones):
        return None
    g = _summed(emitter, g, extra, ones, len(want.dims))
    if not spread:
        return g
    if have.dims == ():
        return emitter.emit(SPREAD, (value, g))
    return emitter.emit(BROADCAST, (g, value))


def _summed(emitter: Emitter, g: Operand, extra: int, ones: list[int], rank: int) -> Operand:
    add_up = find(np.sum)
    assert add_up is not None
    if extra:
        axes = tuple(Const(axis) for axis in range(extra))
        everything = rank == 0
        keywords = {} if everything else {"axis": axes[0] if extra == 1 else axes}
        g = emitter.emit(add_up, (g,), keywords)
    if ones:
        kept = tuple(Const(axis) for axis in ones)
        axis = kept[0] if len(kept) == 1 else kept
        g = emitter.emit(add_up, (g,), {"axis": axis, "keepdims": Const(True)})
    return g


def fit_dtype(emitter: Emitter, g: Operand, value: Value) -> Operand:
    """`g` in the dtype of `value`; Python numbers adapt by themselves."""
    have, want = emitter.tensor(g), emitter.tensor(value)
    if want.kind == "python" or have.kind == "python":
        return g
    if want.dtype is None:
        return emitter.emit(UNBROADCAST, (g, value))
    if same_dtype(have.dtype, want.dtype):
        return g
    return emitter.emit(CAST, (g, Const(want.dtype)))
