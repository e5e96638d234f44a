"""Partial derivatives of NumPy's element-wise functions: a tuple of (ans, *inputs) -> array."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special

Partials = tuple[Callable[..., Any], ...]
LOG_2 = math.log(2.0)
LOG_10 = math.log(10.0)


def power_by_base(ans: Any, x: Any, p: Any) -> Any:
    """d(x**p)/dx, which is 0 for p = 0, also at x = 0."""
    return np.where(p == 0, 0.0, p * x ** np.where(p == 0, 1.0, p - 1))


def power_by_exponent(ans: Any, x: Any, p: Any) -> Any:
    """d(x**p)/dp, which is 0 at x = 0 for p > 0."""
    return np.where((x == 0) & (p > 0), 0.0, ans * np.log(np.where(x == 0, 1.0, x)))


def larger(ans: Any, x: Any, y: Any) -> Any:
    """The share of x in maximum(x, y): a tie is split evenly."""
    return np.where(x == y, 0.5, x > y)


def smaller(ans: Any, x: Any, y: Any) -> Any:
    """The share of x in minimum(x, y): a tie is split evenly."""
    return np.where(x == y, 0.5, x < y)


def swapped(partial: Callable[..., Any]) -> Callable[..., Any]:
    """The partial derivative by the second argument of a symmetric function."""
    return lambda ans, x, y: partial(ans, y, x)


def sinc_slope(ans: Any, x: Any) -> Any:
    """d sinc(x) / dx, 0 at 0."""
    safe = np.where(x == 0, 1.0, x)
    return np.where(x == 0, 0.0, (np.cos(np.pi * safe) - np.sinc(safe)) / safe)


def one(ans: Any, *inputs: Any) -> Any:
    """The slope of a translation."""
    return 1.0


def zero(ans: Any, *inputs: Any) -> Any:
    """The slope of a step."""
    return 0.0


ELEMENTWISE: dict[Any, Partials] = {
    np.add: (one, one),
    np.subtract: (one, lambda ans, x, y: -1.0),
    np.multiply: (lambda ans, x, y: y, lambda ans, x, y: x),
    np.divide: (lambda ans, x, y: 1.0 / y, lambda ans, x, y: -x / (y * y)),
    np.power: (power_by_base, power_by_exponent),
    np.float_power: (power_by_base, power_by_exponent),
    np.remainder: (one, lambda ans, x, y: -np.floor(x / y)),
    np.fmod: (one, lambda ans, x, y: -np.trunc(x / y)),
    np.floor_divide: (zero, zero),
    np.maximum: (larger, swapped(larger)),
    np.minimum: (smaller, swapped(smaller)),
    np.fmax: (larger, swapped(larger)),
    np.fmin: (smaller, swapped(smaller)),
    np.arctan2: (
        lambda ans, y, x: x / (x * x + y * y),
        lambda ans, y, x: -y / (x * x + y * y),
    ),
    np.hypot: (lambda ans, x, y: x / ans, lambda ans, x, y: y / ans),
    np.logaddexp: (lambda ans, x, y: np.exp(x - ans), lambda ans, x, y: np.exp(y - ans)),
    np.logaddexp2: (lambda ans, x, y: np.exp2(x - ans), lambda ans, x, y: np.exp2(y - ans)),
    np.copysign: (
        lambda ans, x, y: np.where(np.signbit(x) == np.signbit(y), 1.0, -1.0),
        zero,
    ),
    np.heaviside: (zero, lambda ans, x, y: np.where(x == 0, 1.0, 0.0)),
    np.negative: (lambda ans, x: -1.0,),
    np.positive: (one,),
    np.absolute: (lambda ans, x: np.sign(x),),
    np.fabs: (lambda ans, x: np.sign(x),),
    np.sign: (zero,),
    np.floor: (zero,),
    np.ceil: (zero,),
    np.trunc: (zero,),
    np.rint: (zero,),
    np.exp: (lambda ans, x: ans,),
    np.exp2: (lambda ans, x: LOG_2 * ans,),
    np.expm1: (lambda ans, x: np.exp(x),),
    np.log: (lambda ans, x: 1.0 / x,),
    np.log2: (lambda ans, x: 1.0 / (x * LOG_2),),
    np.log10: (lambda ans, x: 1.0 / (x * LOG_10),),
    np.log1p: (lambda ans, x: 1.0 / (1.0 + x),),
    np.sqrt: (lambda ans, x: 0.5 / np.sqrt(x),),
    np.cbrt: (lambda ans, x: 1.0 / (3.0 * np.cbrt(x) ** 2),),
    np.square: (lambda ans, x: 2.0 * x,),
    np.reciprocal: (lambda ans, x: -1.0 / (x * x),),
    np.sin: (lambda ans, x: np.cos(x),),
    np.cos: (lambda ans, x: -np.sin(x),),
    np.tan: (lambda ans, x: 1.0 / np.cos(x) ** 2,),
    np.arcsin: (lambda ans, x: 1.0 / np.sqrt(1.0 - x * x),),
    np.arccos: (lambda ans, x: -1.0 / np.sqrt(1.0 - x * x),),
    np.arctan: (lambda ans, x: 1.0 / (1.0 + x * x),),
    np.sinh: (lambda ans, x: np.cosh(x),),
    np.cosh: (lambda ans, x: np.sinh(x),),
    np.tanh: (lambda ans, x: 1.0 / np.cosh(x) ** 2,),
    np.arcsinh: (lambda ans, x: 1.0 / np.sqrt(1.0 + x * x),),
    np.arccosh: (lambda ans, x: 1.0 / np.sqrt(x * x - 1.0),),
    np.arctanh: (lambda ans, x: 1.0 / (1.0 - x * x),),
    np.deg2rad: (lambda ans, x: np.pi / 180.0,),
    np.rad2deg: (lambda ans, x: 180.0 / np.pi,),
    np.sinc: (sinc_slope,),
    np.round: (zero,),
    np.around: (zero,),
    np.fix: (zero,),
    scipy.special.expit: (lambda ans, x: scipy.special.expit(x) * scipy.special.expit(-x),),
    scipy.special.erf: (lambda ans, x: 2.0 / np.sqrt(np.pi) * np.exp(-x * x),),
    scipy.special.gammaln: (lambda ans, x: scipy.special.digamma(x),),
}
ELEMENTWISE[np.radians] = ELEMENTWISE[np.deg2rad]
ELEMENTWISE[np.degrees] = ELEMENTWISE[np.rad2deg]

# Python's own functions, and the NumPy function that each has the derivative of.
ALIASES: dict[Any, Any] = {
    abs: np.absolute,
    pow: np.power,
    math.pow: np.power,
    math.fabs: np.absolute,
    math.atan2: np.arctan2,
    math.asin: np.arcsin,
    math.acos: np.arccos,
    math.atan: np.arctan,
    math.asinh: np.arcsinh,
    math.acosh: np.arccosh,
    math.atanh: np.arctanh,
    math.erf: scipy.special.erf,
    math.lgamma: scipy.special.gammaln,
}
SAME_NAME = (
    "sqrt exp exp2 cbrt expm1 log log2 log10 log1p sin cos tan sinh cosh tanh hypot copysign fmod "
    "degrees radians"
)
for name in SAME_NAME.split():
    ALIASES[getattr(math, name)] = getattr(np, name)
