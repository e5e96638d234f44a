"""Kepler's equation by Newton's method: `while`, until the step is small."""

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray, ...]

WRT = ("e", "M")


def function(e, M):
    """e, M: (n,), eccentricities and mean anomalies; E - e sin E = M for E -> the sum of squares."""
    E = M
    count = 0
    while count < 50:
        step = (E - e * np.sin(E) - M) / (1.0 - e * np.cos(E))
        E = E - step
        if np.max(np.abs(step)) < 1e-10:
            break
        count += 1
    return np.sum(E * E)


def line_by_line(e, M) -> Arrays:
    """Each iteration run backward, statement by statement; e, M: (n,) -> de, dM: (n,)."""
    E = M
    count = 0
    kept = []
    while count < 50:
        s, c = np.sin(E), np.cos(E)
        slope = 1.0 - e * c
        step = (E - e * s - M) / slope
        kept.append((s, c, slope, step))
        E = E - step
        if np.max(np.abs(step)) < 1e-10:
            break
        count += 1
    # return np.sum(E * E)
    dE = 2.0 * E
    de = np.zeros_like(e)
    dM = np.zeros_like(M)
    while kept:
        s, c, slope, step = kept.pop()
        # E = E - step, step = (E - e * np.sin(E) - M) / (1.0 - e * np.cos(E))
        dabove = -dE / slope
        dslope = -dabove * step
        de -= dabove * s + dslope * c
        dM -= dabove
        dE = dE + dabove - dabove * e * c + dslope * e * s
    # E = M
    return de, dM + dE


def expert(e, M) -> Arrays:
    """By the equation itself, dE = (sin E de + dM) / (1 - e cos E); e, M: (n,) -> de, dM: (n,)."""
    E = M.copy()
    for _ in range(50):
        slope = np.cos(E)
        slope *= e
        np.subtract(1.0, slope, out=slope)
        s = np.sin(E)
        step = s * e
        step += M
        step -= E
        step /= slope
        E += step
        if np.max(np.abs(step)) < 1e-10:
            break
    dM = 2.0 * E
    dM /= slope
    s *= dM
    return s, dM


def make_inputs(size: int, seed: int = 0) -> Arrays:
    """`size` orbits, none of them nearly a parabola."""
    random = np.random.default_rng(seed)
    return random.uniform(0.0, 0.7, size=size), random.uniform(-3.0, 3.0, size=size)
