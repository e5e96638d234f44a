"""Linear regression by mini-batches: shuffle, take a few rows, step against their gradient, repeat.

The data are made from known weights and noise, so that the weights found can be held against them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from srcad import grad

TRUE_WEIGHTS = np.array([2.0, -3.0, 0.5])
TRUE_BIAS = 1.0


class Line(NamedTuple):
    """What is fitted: w: (d,) and b."""

    w: NDArray
    b: float


def loss(w, b, x, y):
    """w: (d,), b: a number, x: (n, d), y: (n,) -> half the mean squared error."""
    error = x @ w + b - y
    return 0.5 * np.mean(error**2)


def make_data(random: np.random.Generator, rows: int, noise: float) -> tuple[NDArray, NDArray]:
    """x: (rows, d) and y: (rows,), which is linear in x but for the noise."""
    x = random.normal(size=(rows, TRUE_WEIGHTS.size))
    return x, x @ TRUE_WEIGHTS + TRUE_BIAS + noise * random.normal(size=rows)


def fit(
    x: NDArray, y: NDArray, random: np.random.Generator, epochs: int, batch: int, rate: float
) -> Line:
    """Stochastic gradient descent from zero, every epoch in a new order."""
    gradient = grad(loss, wrt=("w", "b"))
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(x))
        for start in range(0, len(x), batch):
            rows = order[start : start + batch]
            dw, db = gradient(w, b, x[rows], y[rows])
            w, b = w - rate * dw, b - rate * db
        if epoch % 5 == 0:
            print(f"epoch {epoch:3}: loss {loss(w, b, x, y):.6f}")
    return Line(w, b)


def main(epochs: int = 20, noise: float = 0.1) -> Line:
    """Make data, fit them, print what was found beside what was put in."""
    random = np.random.default_rng(seed=0)
    x, y = make_data(random, rows=500, noise=noise)
    found = fit(x, y, random, epochs, batch=32, rate=0.1)
    print(f"\nweights found {np.round(found.w, 3)}, bias {found.b:.3f}")
    print(f"weights true  {TRUE_WEIGHTS}, bias {TRUE_BIAS:.3f}")
    return found


if __name__ == "__main__":
    main()
