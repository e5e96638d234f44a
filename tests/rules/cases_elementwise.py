"""Cases of arithmetic.py and elementwise.py."""

from __future__ import annotations

import math
import operator

import numpy as np

from tests.rules.case import (
    ONE,
    PAIRS,
    above_one,
    apart,
    booleans,
    case,
    inside,
    integers,
    positive,
    real,
)


@case(operator.add, np.add, shapes=PAIRS, analytic=True)
def add(x, y):
    return x + y


@case(operator.iadd, shapes=[((2, 3), (3,)), ((3,), ()), ((2, 3), (2, 1))])
def add_in_place(x, y):
    x = x * 1.0
    x += y
    return x


@case(operator.sub, np.subtract, shapes=PAIRS, analytic=True)
def subtract(x, y):
    return x - y


@case(operator.isub, shapes=[((2, 3), (3,)), ((3,), ()), ((2, 3), (2, 1))])
def subtract_in_place(x, y):
    x = x * 1.0
    x -= y
    return x


@case(operator.mul, np.multiply, shapes=PAIRS, analytic=True)
def multiply(x, y):
    return x * y


@case(operator.imul, shapes=[((2, 3), (3,)), ((3,), ()), ((2, 3), (2, 1))])
def multiply_in_place(x, y):
    x = x * 1.0
    x *= y
    return x


@case(operator.truediv, np.divide, shapes=PAIRS, analytic=True)
def divide(x, y):
    return x / y


@case(operator.itruediv, shapes=[((2, 3), (3,)), ((3,), ()), ((2, 3), (2, 1))])
def divide_in_place(x, y):
    x = x * 1.0
    x /= y
    return x


@case(
    operator.pow,
    np.power,
    np.float_power,
    math.pow,
    shapes=PAIRS,
    makers=(positive, real),
    analytic=True,
)
def power(x, y):
    return x**y


@case(operator.ipow, shapes=[((2, 3), (3,)), ((3,), ())], makers=(positive, real))
def power_in_place(x, y):
    x = x * 1.0
    x **= y
    return x


@case(
    operator.pow, np.power, shapes=[((3,), ()), ((2, 3), (3,))], makers=(real, integers), wrt=(0,)
)
def integer_power(x, y):
    return x**y


@case(operator.mod, np.remainder, shapes=PAIRS, makers=(apart, positive))
def remainder(x, y):
    return x % y


@case(np.fmod, math.fmod, shapes=PAIRS, makers=(apart, positive))
def fmod(x, y):
    return np.fmod(x, y)


@case(operator.neg, np.negative, shapes=ONE, analytic=True)
def negative(x):
    return -x


@case(operator.pos, np.positive, shapes=ONE, analytic=True)
def positive_sign(x):
    return +x


@case(np.absolute, abs, np.fabs, math.fabs, shapes=ONE)
def absolute(x):
    return np.abs(x)


@case(float, shapes=[()])
def to_float(x):
    return float(x)


@case(np.sqrt, math.sqrt, shapes=ONE, makers=(positive,), analytic=True)
def sqrt(x):
    return np.sqrt(x)


@case(np.cbrt, shapes=ONE)
def cbrt(x):
    return np.cbrt(x)


@case(np.square, shapes=ONE, analytic=True)
def square(x):
    return np.square(x)


@case(np.reciprocal, shapes=ONE, analytic=True)
def reciprocal(x):
    return np.reciprocal(x)


@case(np.exp, math.exp, shapes=ONE, analytic=True)
def exp(x):
    return np.exp(x)


@case(np.exp2, shapes=ONE, analytic=True)
def exp2(x):
    return np.exp2(x)


@case(np.expm1, math.expm1, shapes=ONE, analytic=True)
def expm1(x):
    return np.expm1(x)


@case(np.log, math.log, shapes=ONE, makers=(positive,), analytic=True)
def log(x):
    return np.log(x)


@case(np.log2, math.log2, shapes=ONE, makers=(positive,), analytic=True)
def log2(x):
    return np.log2(x)


@case(np.log10, math.log10, shapes=ONE, makers=(positive,), analytic=True)
def log10(x):
    return np.log10(x)


@case(np.log1p, math.log1p, shapes=ONE, makers=(positive,), analytic=True)
def log1p(x):
    return np.log1p(x)


@case(np.logaddexp, shapes=PAIRS)
def logaddexp(x, y):
    return np.logaddexp(x, y)


@case(np.logaddexp2, shapes=PAIRS)
def logaddexp2(x, y):
    return np.logaddexp2(x, y)


@case(math.erf, shapes=[()])
def erf(x):
    return math.erf(x)


@case(math.erfc, shapes=[()])
def erfc(x):
    return math.erfc(x)


@case(np.sin, math.sin, shapes=ONE, analytic=True)
def sin(x):
    return np.sin(x)


@case(np.cos, math.cos, shapes=ONE, analytic=True)
def cos(x):
    return np.cos(x)


@case(np.tan, math.tan, shapes=ONE, makers=(inside,), analytic=True)
def tan(x):
    return np.tan(x)


@case(np.arcsin, math.asin, shapes=ONE, makers=(inside,), analytic=True)
def arcsin(x):
    return np.arcsin(x)


@case(np.arccos, math.acos, shapes=ONE, makers=(inside,), analytic=True)
def arccos(x):
    return np.arccos(x)


@case(np.arctan, math.atan, shapes=ONE, analytic=True)
def arctan(x):
    return np.arctan(x)


@case(np.arctan2, math.atan2, shapes=PAIRS)
def arctan2(y, x):
    return np.arctan2(y, x)


@case(np.hypot, math.hypot, shapes=PAIRS)
def hypot(x, y):
    return np.hypot(x, y)


@case(np.deg2rad, np.radians, math.radians, shapes=ONE)
def deg2rad(x):
    return np.deg2rad(x)


@case(np.rad2deg, np.degrees, math.degrees, shapes=ONE)
def rad2deg(x):
    return np.rad2deg(x)


@case(np.sinh, math.sinh, shapes=ONE, analytic=True)
def sinh(x):
    return np.sinh(x)


@case(np.cosh, math.cosh, shapes=ONE, analytic=True)
def cosh(x):
    return np.cosh(x)


@case(np.tanh, math.tanh, shapes=ONE, analytic=True)
def tanh(x):
    return np.tanh(x)


@case(np.arcsinh, math.asinh, shapes=ONE, analytic=True)
def arcsinh(x):
    return np.arcsinh(x)


@case(np.arccosh, math.acosh, shapes=ONE, makers=(above_one,), analytic=True)
def arccosh(x):
    return np.arccosh(x)


@case(np.arctanh, math.atanh, shapes=ONE, makers=(inside,), analytic=True)
def arctanh(x):
    return np.arctanh(x)


@case(np.sinc, shapes=ONE)
def sinc(x):
    return np.sinc(x)


@case(np.maximum, np.fmax, shapes=PAIRS, makers=(apart, inside))
def maximum(x, y):
    return np.maximum(x, y)


@case(np.minimum, np.fmin, shapes=PAIRS, makers=(apart, inside))
def minimum(x, y):
    return np.minimum(x, y)


@case(np.copysign, shapes=PAIRS)
def copysign(x, y):
    return np.copysign(x, y)


@case(
    np.where,
    shapes=[
        ((), (), ()),
        ((3,), (3,), (3,)),
        ((2, 3), (3,), ()),
        ((3,), (2, 1), (2, 3)),
        ((0,), (), (0,)),
    ],
    makers=(booleans, real, real),
    wrt=(1, 2),
    analytic=True,
)
def where(condition, x, y):
    return np.where(condition, x, y)


@case(
    np.clip,
    shapes=[
        ((), (), ()),
        ((3,), (), ()),
        ((2, 3), (3,), (2, 1)),
        ((3,), (2, 3), ()),
        ((0, 3), (3,), ()),
    ],
    makers=(apart, lambda rng, s: -positive(rng, s), positive),
)
def clip(a, a_min, a_max):
    return np.clip(a, a_min, a_max)


@case(
    np.clip,
    shapes=[((), ()), ((2, 3), (3,)), ((3,), (2, 3))],
    makers=(apart, inside),
    call=lambda a, a_min: (a, a_min, None),
)
def clip_below(a, a_min):
    return np.clip(a, a_min, None)


@case(
    np.clip,
    shapes=[((), ()), ((2, 3), (3,)), ((3,), (2, 3))],
    makers=(apart, inside),
    call=lambda a, a_max: (a, None, a_max),
)
def clip_above(a, a_max):
    return np.clip(a, None, a_max)


@case(np.nan_to_num, shapes=ONE)
def nan_to_num(x):
    return np.nan_to_num(x)


@case(np.conjugate, np.ndarray.conj, np.ndarray.conjugate, shapes=ONE)
def conjugate(x):
    return np.conj(x)


@case(np.real, shapes=ONE)
def real_part(val):
    return np.real(val)


@case(np.ldexp, shapes=[((3,), (3,)), ((), ()), ((2, 3), (3,))], makers=(real, integers), wrt=(0,))
def ldexp(x1, x2):
    return np.ldexp(x1, x2)
