"""Twenty element-wise operations, one after another."""

import numpy as np
from numpy.typing import NDArray

WRT = "x"


def function(x):
    """x: (n,) -> a number."""
    a = 0.5 * x
    b = np.sin(a)
    c = 1.0 + b * b
    d = np.sqrt(c)
    e = np.tanh(np.log(d) + x)
    f = np.exp(e) / c
    g = np.cos(f) - a
    h = np.arctan(g * e)
    s = 1.0 / (1.0 + np.exp(-3.0 * h))
    return np.sum(s * x + e)


def line_by_line(x: NDArray) -> NDArray:
    """Each statement's derivative in reverse order; x: (n,) -> dx: (n,)."""
    a = 0.5 * x
    b = np.sin(a)
    c = 1.0 + b * b
    d = np.sqrt(c)
    e = np.tanh(np.log(d) + x)
    f = np.exp(e) / c
    g = np.cos(f) - a
    p = g * e
    q = np.exp(-3.0 * np.arctan(p))
    s = 1.0 / (1.0 + q)
    # s = 1.0 / (1.0 + np.exp(-3.0 * h)), where ds is x
    dh = 3.0 * x * s * s * q
    # h = np.arctan(g * e)
    dp = dh / (1.0 + p * p)
    dg = dp * e
    de = dp * g + 1.0
    # g = np.cos(f) - a
    df = -dg * np.sin(f)
    # f = np.exp(e) / c
    dr = df * f
    de += dr
    dc = -dr / c
    # e = np.tanh(np.log(d) + x)
    dz = de * (1.0 - e * e)
    # d = np.sqrt(c), where dd is dz / d
    dc += 0.5 * dz / d / d
    # c = 1.0 + b * b
    db = 2.0 * dc * b
    # b = np.sin(a)
    da = db * np.cos(a) - dg
    # s * x, np.log(d) + x, a = 0.5 * x
    return s + dz + 0.5 * da


def expert(x: NDArray) -> NDArray:
    """With log(sqrt(c)) = log(c) / 2, dc/dx = sin(x) / 2 and ds/dv = s (1 - s), in place.

    x: (n,) -> dx: (n,).
    """
    c = np.sin(0.5 * x)
    c *= c
    c += 1.0
    e = np.log(c)
    e *= 0.5
    e += x
    np.tanh(e, out=e)
    f = np.exp(e)
    f /= c
    g = np.cos(f)
    g -= 0.5 * x
    p = g * e
    s = np.arctan(p)
    s *= -3.0
    np.exp(s, out=s)
    s += 1.0
    np.divide(1.0, s, out=s)
    # dp = 3 x s (1 - s) / (1 + p p), in the memory of p
    p *= p
    p += 1.0
    np.divide(x, p, out=p)
    p *= s
    p *= 3.0 - 3.0 * s
    dg = p * e
    # what flows through f into log(c), and with the other sign into e
    flow = np.sin(f)
    flow *= f
    flow *= dg
    # dz = (1 + g dp - flow) (1 - e e), in the memory of g
    g *= p
    g += 1.0
    g -= flow
    e *= e
    np.subtract(1.0, e, out=e)
    g *= e
    # dx: all that flows into log(c), times sin(x) / (2 c), less dg / 2, and the direct ways
    dx = flow
    dx += 0.5 * g
    dx /= c
    dx *= np.sin(x)
    dx -= dg
    dx *= 0.5
    dx += g
    dx += s
    return dx


def make_inputs(size: int, seed: int = 0) -> tuple[NDArray]:
    """One vector of `size` normal numbers, as `function` takes it."""
    return (np.random.default_rng(seed).normal(size=size),)
