"""Functions of one or two arrays, element by element."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from srcad.primitive import broadcast_type, elementwise, fresh, linear, rule, view
from srcad.rules.results import as_array, filled, same, tensor, viewed
from srcad.types import FLOAT, Facts, Tensor, Type, promote

LOG_2 = math.log(2.0)
LOG_10 = math.log(10.0)
PI = math.pi
PER_ROOT_PI = 2.0 / math.sqrt(math.pi)


def number(facts: Facts, *args: Any) -> Type:
    """A Python float, which is what the functions of `math` return."""
    return FLOAT


# --- roots and powers ---------------------------------------------------------------------------


@rule(math.sqrt, fresh, result=number)
@rule(np.sqrt, elementwise)
def sqrt(g, ans, x):
    """Infinite at 0."""
    return 0.5 * g / ans


@rule(np.cbrt, elementwise)
def cbrt(g, ans, x):
    """Infinite at 0."""
    return g / (3 * ans * ans)


@rule(np.square, elementwise)
def square(g, ans, x):
    """2 x."""
    return 2.0 * g * x


@rule(np.reciprocal, elementwise)
def reciprocal(g, ans, x):
    """-1 / x^2 = -ans^2."""
    return -g * ans * ans


# --- exponentials and logarithms ----------------------------------------------------------------


@rule(math.exp, fresh, result=number)
@rule(np.exp, elementwise)
def exp(g, ans, x):
    """The function itself."""
    return g * ans


@rule(np.exp2, elementwise)
def exp2(g, ans, x):
    """2^x = exp(x log 2)."""
    return LOG_2 * g * ans


@rule(math.expm1, fresh, result=number)
@rule(np.expm1, elementwise)
def expm1(g, ans, x):
    """exp(x) = ans + 1."""
    return g * (ans + 1)


@rule(math.log, fresh, result=number)
@rule(np.log, elementwise)
def log(g, ans, x):
    """1 / x."""
    return g / x


@rule(math.log2, fresh, result=number)
@rule(np.log2, elementwise)
def log2(g, ans, x):
    """log(x) / log(2)."""
    return g / (LOG_2 * x)


@rule(math.log10, fresh, result=number)
@rule(np.log10, elementwise)
def log10(g, ans, x):
    """log(x) / log(10)."""
    return g / (LOG_10 * x)


@rule(math.log1p, fresh, result=number)
@rule(np.log1p, elementwise)
def log1p(g, ans, x):
    """log(1 + x)."""
    return g / (1 + x)


@rule(np.logaddexp, elementwise)
def logaddexp(g, ans, x, y):
    """The two weights of the softmax of x and y."""
    return g * np.exp(x - ans), g * np.exp(y - ans)


@rule(np.logaddexp2, elementwise)
def logaddexp2(g, ans, x, y):
    """The same in base 2."""
    return g * np.exp2(x - ans), g * np.exp2(y - ans)


@rule(math.erf, fresh, result=number)
def erf(g, ans, x):
    """2 / sqrt(pi) exp(-x^2)."""
    return PER_ROOT_PI * g * np.exp(-x * x)


@rule(math.erfc, fresh, result=number)
def erfc(g, ans, x):
    """1 - erf(x)."""
    return -PER_ROOT_PI * g * np.exp(-x * x)


# --- trigonometry -------------------------------------------------------------------------------


@rule(math.sin, fresh, result=number)
@rule(np.sin, elementwise)
def sin(g, ans, x):
    """Cos x."""
    return g * np.cos(x)


@rule(math.cos, fresh, result=number)
@rule(np.cos, elementwise)
def cos(g, ans, x):
    """-sin x."""
    return -g * np.sin(x)


@rule(math.tan, fresh, result=number)
@rule(np.tan, elementwise)
def tan(g, ans, x):
    """1 + tan^2."""
    return g * (1 + ans * ans)


@rule(math.asin, fresh, result=number)
@rule(np.arcsin, elementwise)
def arcsin(g, ans, x):
    """Infinite at -1 and 1."""
    return g / np.sqrt(1 - x * x)


@rule(math.acos, fresh, result=number)
@rule(np.arccos, elementwise)
def arccos(g, ans, x):
    """Infinite at -1 and 1."""
    return -g / np.sqrt(1 - x * x)


@rule(math.atan, fresh, result=number)
@rule(np.arctan, elementwise)
def arctan(g, ans, x):
    """1 / (1 + x^2)."""
    return g / (1 + x * x)


@rule(math.atan2, fresh, result=number)
@rule(np.arctan2, elementwise)
def arctan2(g, ans, y, x):
    """The angle of the point (x, y)."""
    r2 = x * x + y * y
    return g * x / r2, -g * y / r2


@rule(math.hypot, fresh, result=number)
@rule(np.hypot, elementwise)
def hypot(g, ans, x, y):
    """A norm: its gradient at 0 is 0."""
    length = np.where(ans == 0, 1, ans)
    return g * x / length, g * y / length


@rule(math.radians, fresh, linear, result=number)
@rule(np.deg2rad, np.radians, elementwise, linear)
def deg2rad(g, ans, x):
    """The same scale."""
    return np.deg2rad(g)


@rule(math.degrees, fresh, linear, result=number)
@rule(np.rad2deg, np.degrees, elementwise, linear)
def rad2deg(g, ans, x):
    """The same scale."""
    return np.rad2deg(g)


# --- hyperbolic functions -----------------------------------------------------------------------


@rule(math.sinh, fresh, result=number)
@rule(np.sinh, elementwise)
def sinh(g, ans, x):
    """Cosh x."""
    return g * np.cosh(x)


@rule(math.cosh, fresh, result=number)
@rule(np.cosh, elementwise)
def cosh(g, ans, x):
    """Sinh x."""
    return g * np.sinh(x)


@rule(math.tanh, fresh, result=number)
@rule(np.tanh, elementwise)
def tanh(g, ans, x):
    """1 - tanh^2."""
    return g * (1 - ans * ans)


@rule(math.asinh, fresh, result=number)
@rule(np.arcsinh, elementwise)
def arcsinh(g, ans, x):
    """1 / sqrt(x^2 + 1)."""
    return g / np.sqrt(x * x + 1)


@rule(math.acosh, fresh, result=number)
@rule(np.arccosh, elementwise)
def arccosh(g, ans, x):
    """Infinite at 1."""
    return g / np.sqrt(x * x - 1)


@rule(math.atanh, fresh, result=number)
@rule(np.arctanh, elementwise)
def arctanh(g, ans, x):
    """Infinite at -1 and 1."""
    return g / (1 - x * x)


def of_sine(facts: Facts, x: Any) -> Type:
    """The type of np.sinc: that of pi x."""
    return broadcast_type(facts, [tensor(PI), tensor(x)], np.multiply)


@rule(np.sinc, elementwise, result=of_sine)
def sinc(g, ans, x):
    """sin(pi x) / (pi x); near 0, where the quotient cancels, its series."""
    z2 = (PI * x) ** 2
    near = np.abs(x) < 0.01
    series = -PI * PI * x * (1 / 3 - z2 * (1 / 30 - z2 / 840))
    return g * np.where(near, series, (np.cos(PI * x) - ans) / np.where(near, 1, x))


# --- choices ------------------------------------------------------------------------------------


def where_more(g, x, y):
    """The cotangent where `x` is more than `y`, and half of it where they tie."""
    return np.where(x > y, g, np.where(x == y, 0.5 * g, 0.0))


@rule(np.maximum, elementwise)
def maximum(g, ans, x, y):
    """The larger one gets the cotangent; a tie splits evenly."""
    return where_more(g, x, y), where_more(g, y, x)


def where_less(g, x, y):
    """The cotangent where `x` is less than `y`, and half of it where they tie."""
    return np.where(x < y, g, np.where(x == y, 0.5 * g, 0.0))


@rule(np.minimum, elementwise)
def minimum(g, ans, x, y):
    """The smaller one gets the cotangent; a tie splits evenly."""
    return where_less(g, x, y), where_less(g, y, x)


@rule(np.fmax, np.fmin, elementwise)
def fmax(g, ans, x, y):
    """The chosen one gets the cotangent, also beside NaN; a tie splits evenly."""
    shared = np.where(x == y, 0.5 * g, g)
    return np.where(x == ans, shared, 0.0), np.where(y == ans, shared, 0.0)


@rule(np.copysign, elementwise)
def copysign(g, ans, x, y):
    """1 where the sign is kept, -1 where it is turned, 0 at 0."""
    return g * np.sign(x) * np.copysign(1, y), 0


def chosen(facts: Facts, condition: Any, x: Any, y: Any) -> Type:
    """The type of np.where: always an ndarray, of the dtype of `x` and `y`."""
    operands = [tensor(condition), tensor(x), tensor(y)]
    dtype = promote(operands[1:])
    if any(t.dims is None for t in operands):
        return Tensor(dtype, None, "array")
    return filled(dtype, facts.broadcast([t.dims for t in operands if t.dims is not None]))


@rule(np.where, elementwise, result=chosen)
def where(g, ans, condition, x, y):
    """Each side gets the cotangent where it was chosen, and a plain 0 elsewhere."""
    return 0, np.where(condition, g, 0.0), np.where(condition, 0.0, g)


def clipped(facts: Facts, a: Any, a_min: Any = None, a_max: Any = None) -> Type:
    """The type of np.clip: `a` counts as an array; a bound that is None takes no part."""
    bounds = [tensor(bound) for bound in (a_min, a_max) if bound is not None]
    return broadcast_type(facts, [as_array(tensor(a)), *bounds], None)


@rule(np.clip, elementwise, result=clipped, methods=("clip",))
def clip(g, ans, a, a_min=None, a_max=None):
    """`a` gets the cotangent strictly inside; on a bound and beyond it the bound has it."""
    if a_min is None and a_max is None:
        return g, None, None
    if a_min is None:
        return np.where(a < a_max, g, 0.0), None, np.where(a < a_max, 0.0, g)
    if a_max is None:
        return np.where(a > a_min, g, 0.0), np.where(a > a_min, 0.0, g), None
    inside = (a > a_min) & (a < a_max)
    above = np.maximum(a, a_min) >= a_max
    return np.where(inside, g, 0.0), np.where(inside | above, 0.0, g), np.where(above, g, 0.0)


@rule(np.nan_to_num, elementwise, result=same, refuse=("copy",))
def nan_to_num(g, ans, x, copy=True, nan=0.0, posinf=None, neginf=None):
    """What is replaced gets none."""
    return np.where(np.isfinite(x), g, 0.0)


# --- of real input ------------------------------------------------------------------------------


def kept(facts: Facts, x: Any) -> Type:
    """The type of `x.conj()`: of real numbers it is `x` itself."""
    x = tensor(x)
    return viewed(x, x.dims)


@rule(
    np.ndarray.conj,
    np.ndarray.conjugate,
    view,
    linear,
    result=kept,
    methods=("conj", "conjugate"),
)
@rule(np.conjugate, elementwise, linear)
def conjugate(g, ans, x):
    """Of a real number it is the number."""
    return g


def real_part(facts: Facts, val: Any) -> Type:
    """The type of np.real: `val` itself where it is real."""
    val = tensor(val)
    if val.dtype is None or val.dtype.kind == "c":
        return Tensor(None, val.dims, None)
    return val if val.kind == "python" else viewed(val, val.dims)


@rule(np.real, view, linear, result=real_part)
def real(g, ans, val):
    """Of a real number it is the number."""
    return g


@rule(np.ldexp, elementwise, linear)
def ldexp(g, ans, x1, x2):
    """x1 * 2^x2, where x2 is an integer."""
    return np.ldexp(g, x2), 0
