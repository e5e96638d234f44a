"""A heat equation on a line: 200 steps, each of which writes into the cells."""

import numpy as np
from numpy.typing import NDArray

WRT = "u0"


def function(u0, target):
    """u0, target: (n,) temperatures; the two ends keep theirs -> the squared distance at last."""
    u = u0.copy()
    for _ in range(200):
        u[1:-1] += 0.25 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    r = u - target
    return np.sum(r * r)


def line_by_line(u0, target) -> NDArray:
    """The loop run backward: it is linear, so no step is kept; u0, target: (n,) -> du: (n,)."""
    u = u0.copy()
    for _ in range(200):
        u[1:-1] += 0.25 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    # r = u - target, return np.sum(r * r)
    du = 2.0 * (u - target)
    for _ in range(200):
        # u[1:-1] += 0.25 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        d = 0.25 * du[1:-1]
        du[2:] += d
        du[1:-1] -= 2.0 * d
        du[:-2] += d
    return du


def expert(u0, target) -> NDArray:
    """Both sweeps with one scratch array, and the coefficient gathered; -> du: (n,)."""
    u = u0.copy()
    inner = u[1:-1]
    flow = np.empty_like(inner)
    for _ in range(200):
        np.add(u[2:], u[:-2], out=flow)
        flow *= 0.25
        inner *= 0.5
        inner += flow
    u -= target
    u *= 2.0
    for _ in range(200):
        np.multiply(inner, 0.25, out=flow)
        inner *= 0.5
        u[2:] += flow
        u[:-2] += flow
    return u


def make_inputs(cells: int, seed: int = 0) -> tuple[NDArray, NDArray]:
    """A first temperature and one to be reached, of `cells` numbers each."""
    random = np.random.default_rng(seed)
    return random.normal(size=cells), random.normal(size=cells)
