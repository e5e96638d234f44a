"""Python's own functions of numbers: `sum`, `max`, `min`, `round`, casts, and what is left of `math`."""

from __future__ import annotations

import builtins
import math
import operator
from typing import Any

import numpy as np

from srcad.primitive import find, fresh, linear, rule, view, zero_derivative
from srcad.rules.results import tensor
from srcad.types import BOOL, FLOAT, INT, UNKNOWN, Facts, Tensor, Type, array, join


def number(facts: Facts, *args: Any) -> Type:
    """A Python float, which is what the functions of `math` return."""
    return FLOAT


# --- sums ---------------------------------------------------------------------------------------


def added(facts: Facts, operands: Any, start: Any = 0) -> Type:
    """The type of `start + a + b + ...`; of no items it is `start` itself."""
    add = find(operator.add)
    assert add is not None
    total = tensor(start)
    if isinstance(operands, (tuple, list)):
        for item in operands:
            total = tensor(add.result(facts, total, tensor(item)))
        return total
    whole = tensor(operands)
    if not whole.dims:
        return UNKNOWN
    found = tensor(add.result(facts, total, array(whole.dtype, whole.dims[1:])))
    if facts.not_empty(whole.dims[:1]):
        return found
    return UNKNOWN if found.dims else Tensor(None, (), "number")


@rule(builtins.sum, fresh, linear, result=added)
def add_up(g, ans, operands, start=0):
    """Each item gets the cotangent."""
    if isinstance(operands, (list, tuple)):
        return [g for _ in operands], g
    return np.broadcast_to(g, operands.shape), g


# --- choices ------------------------------------------------------------------------------------


def chosen(facts: Facts, *operands: Any) -> Type:
    """The type of `max(a, b, ...)`, which is one of them, or of an element of an array."""
    types = [tensor(operand) for operand in operands]
    if len(types) == 1:
        return Tensor(types[0].dtype, (), "scalar") if types[0].ndim == 1 else UNKNOWN
    found: Type = types[0]
    for other in types[1:]:
        found = join(found, other, facts)
    return found


def itself(*operands: Any) -> bool:
    """Whether the result may be an operand, which may be an array of rank 0."""
    return True


@rule(builtins.max, fresh, result=chosen, sharing=itself)
@rule(builtins.min, fresh, result=chosen, sharing=itself)
def extreme(g, ans, *operands):
    """What is equal to the result gets the cotangent; ties split it evenly."""
    if len(operands) == 1:
        best = operands[0] == ans
        return [np.where(best, g / np.maximum(np.sum(best, dtype=ans.dtype), 1), 0.0)]
    if len(operands) == 2:
        shared = np.where(operands[0] == operands[1], 0.5 * g, g)
        return [np.where(x == ans, shared, 0.0) for x in operands]
    one = np.ones_like(g)  # in its dtype
    ties = sum([np.where(x == ans, one, 0.0) for x in operands])
    return [np.where(x == ans, g / np.maximum(ties, 1.0), 0.0) for x in operands]


# --- numbers ------------------------------------------------------------------------------------


def as_number(facts: Facts, a: Any) -> Type:
    """The type of `x.item()`: a Python number."""
    dtype = tensor(a).dtype
    if dtype is None:
        return Tensor(None, (), "python")
    return {"f": FLOAT, "i": INT, "u": INT, "b": BOOL}.get(dtype.kind, UNKNOWN)


@rule(np.ndarray.item, fresh, linear, result=as_number, methods=("item",))
def item(g, ans, a):
    """The one element."""
    return g


def double(facts: Facts, x: Any = 0.0) -> Type:
    """The type of `np.float64(x)`."""
    dims = tensor(x).dims
    dtype = np.dtype(np.float64)
    return Tensor(dtype) if dims is None else array(dtype, dims)


@rule(np.float64, view, linear, result=double)
def to_double(g, ans, x):
    """The same number in another precision."""
    return g


def rounded(facts: Facts, number: Any, ndigits: Any = None) -> Type:
    """The type of `round(x)`: an integer, or of the class of x if digits are given."""
    if ndigits is None:
        return INT
    found = tensor(number)
    return found if found.immutable else UNKNOWN


zero_derivative(round, fresh, result=rounded)


# --- of several numbers ---------------------------------------------------------------------------


@rule(math.fsum, fresh, linear, result=number)
def fsum(g, ans, operands):
    """Each item gets the cotangent."""
    if isinstance(operands, (list, tuple)):
        return [g for _ in operands]
    return np.broadcast_to(g, operands.shape)


def multiplied(facts: Facts, operands: Any, *, start: Any = 1) -> Type:
    """The type of `start * a * b * ...`."""
    multiply = find(operator.mul)
    assert multiply is not None
    if not isinstance(operands, (tuple, list)):
        whole = tensor(operands)
        return Tensor(whole.dtype if whole.dims and facts.not_empty(whole.dims) else None, (), "number")
    product = tensor(start)
    for item in operands:
        product = tensor(multiply.result(facts, product, tensor(item)))
    return product


def without(operands, i):
    """All items but one."""
    return operands[:i] + operands[i + 1 :]


@rule(math.prod, fresh, result=multiplied)
def prod(g, ans, operands):
    """Each item gets the cotangent times the others; of an array as np.prod."""
    if not isinstance(operands, (list, tuple)):
        zero = operands == 0
        filled = np.where(zero, 1, operands)
        return np.where(np.sum(zero) == zero, g * np.prod(filled) / filled, 0.0)
    return [g * math.prod(without(operands, i)) for i in range(len(operands))]


@rule(math.dist, fresh, result=number)
def dist(g, ans, operands, others):
    """A norm: its gradient at 0 is 0."""
    scale = g / np.where(ans == 0, 1.0, ans)
    if not isinstance(operands, (list, tuple)):
        return scale * (operands - others), scale * (others - operands)
    away = [scale * (operands[i] - others[i]) for i in range(len(operands))]
    return away, [-part for part in away]


@rule(math.remainder, fresh, result=number)
def remainder(g, ans, x, y):
    """X - n y, where the whole number n is constant between its steps."""
    return g, -g * np.rint(x / y)


@rule(math.exp2, fresh, result=number)
def exp2(g, ans, x):
    """2^x = exp(x log 2)."""
    return math.log(2.0) * g * ans


@rule(math.cbrt, fresh, result=number)
def cbrt(g, ans, x):
    """Infinite at 0."""
    return g / np.multiply(3.0 * ans, ans)


@rule(math.copysign, fresh, result=number)
def copysign(g, ans, x, y):
    """1 where the sign is kept, -1 where it is turned, 0 at 0."""
    return g * np.sign(x) * np.copysign(1, y), 0
