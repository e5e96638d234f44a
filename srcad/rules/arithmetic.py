"""The operators of Python, the ufuncs behind them, and their in-place forms."""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from srcad.primitive import broadcast_type, elementwise, fresh, linear, rule, surely
from srcad.rules.results import tensor
from srcad.types import FLOAT, Facts, Tensor, Type, same_dtype


def written(facts: Facts, x: Any, y: Any) -> Type:
    """The type of `x += y`: an array keeps its own; a number is bound anew, like `x + y`."""
    x, y = tensor(x), tensor(y)
    bound = broadcast_type(facts, [x, y], np.add)
    if x.kind == "array":
        return x
    dims = x.dims if x.dims is not None and x.dims == bound.dims else None
    return Tensor(
        x.dtype if same_dtype(x.dtype, bound.dtype) else None, dims, "array" if dims else None
    )


def number(facts: Facts, *args: Any) -> Type:
    """A Python float."""
    return FLOAT


@rule(operator.iadd, elementwise, linear, result=written)
@rule(operator.add, np.add, elementwise, linear)
def add(g, ans, x, y):
    """Both get the cotangent."""
    return g, g


@rule(operator.isub, elementwise, linear, result=written)
@rule(operator.sub, np.subtract, elementwise, linear)
def subtract(g, ans, x, y):
    """The second gets it with the other sign."""
    return g, -g


@rule(operator.imul, elementwise, result=written)
@rule(operator.mul, np.multiply, elementwise)
def multiply(g, ans, x, y):
    """Each gets it times the other."""
    return g * y, g * x


@rule(operator.itruediv, elementwise, result=written)
@rule(operator.truediv, np.divide, elementwise)
def divide(g, ans, x, y):
    """d(x / y)/dy = -x / y^2 = -ans / y."""
    return g / y, -g * ans / y


def lowered(g, x, y):
    """The cotangent times y x ** (y - 1).

    The exponent is lowered to 0 and not to -1 where it is 0, so that the product is 0 there.
    """
    if surely(y == 0):
        return 0.0
    if surely(y == 1):
        return g
    if surely(y != 0):
        return g * (1.0 * y) * x ** (y - 1)
    return g * y * x ** (y - (y != 0))


def logarithm(x):
    """Log x, and 0 where it is of no account since 0 ** y is flat."""
    return np.log(x) if surely(x != 0) else np.log(np.where(x == 0, 1, x))


@rule(operator.ipow, elementwise, result=written)
@rule(math.pow, fresh, result=number)
@rule(operator.pow, np.power, elementwise)
@rule(np.float_power, elementwise)
def power(g, ans, x, y):
    """d(x ** y)/dx = y x ** (y - 1), d(x ** y)/dy = x ** y log(x)."""
    return lowered(g, x, y), g * ans * logarithm(x)


@rule(operator.mod, np.remainder, elementwise)
def remainder(g, ans, x, y):
    """X - y * floor(x / y), where the quotient is constant between its steps."""
    return g, -g * np.floor_divide(x, y)


@rule(math.fmod, fresh, result=number)
@rule(np.fmod, elementwise)
def fmod(g, ans, x, y):
    """X - y * trunc(x / y), where the quotient is constant between its steps."""
    return g, -g * np.trunc(x / y)


@rule(operator.neg, np.negative, elementwise, linear)
def negative(g, ans, x):
    """The other sign."""
    return -g


@rule(operator.pos, np.positive, elementwise, linear)
def positive(g, ans, x):
    """A copy."""
    return g


@rule(math.fabs, fresh, result=number)
@rule(np.fabs, elementwise)
@rule(np.absolute, abs, elementwise)
def absolute(g, ans, x):
    """0 at 0."""
    return g * np.sign(x)


@rule(float, fresh, linear, result=number)
def to_float(g, ans, x):
    """A Python float of a number."""
    return g
