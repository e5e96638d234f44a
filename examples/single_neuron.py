"""One neuron: a = sigmoid(w * x + b), its squared error, and the chain rule factor by factor.

dL/dw = dL/da * da/dz * dz/dw = (a - y) * a * (1 - a) * x
dL/db = dL/da * da/dz * dz/db = (a - y) * a * (1 - a) * 1
"""

from typing import NamedTuple

import numpy as np

from srcad import grad


class Derivatives(NamedTuple):
    """dL/dw and dL/db."""

    dw: float
    db: float


def sigmoid(z):
    """The logistic function, from 0 to 1."""
    return 1.0 / (1.0 + np.exp(-z))


def loss(w, b, x, y):
    """Half the squared error of a neuron with one input."""
    a = sigmoid(w * x + b)
    return 0.5 * (a - y) ** 2


def by_hand(w: float, b: float, x: float, y: float) -> Derivatives:
    """The factors of the chain rule, printed, and their products."""
    a = sigmoid(w * x + b)
    dloss_da = a - y
    da_dz = a * (1.0 - a)
    print(f"dL/da = a - y       = {dloss_da: .6f}")
    print(f"da/dz = a * (1 - a) = {da_dz: .6f}")
    print(f"dz/dw = x           = {x: .6f}")
    print(f"dz/db = 1           = {1.0: .6f}\n")
    return Derivatives(dw=dloss_da * da_dz * x, db=dloss_da * da_dz)


def main() -> tuple[Derivatives, Derivatives]:
    """Print both -> the derivatives by srcad, and the products of the factors."""
    w, b, x, y = 0.6, -0.3, 1.5, 1.0
    by_srcad = Derivatives(*grad(loss, wrt=("w", "b"))(w, b, x, y))
    factors = by_hand(w, b, x, y)
    print("           by srcad   by hand")
    print(f"dL/dw    {by_srcad.dw: .6f} {factors.dw: .6f}")
    print(f"dL/db    {by_srcad.db: .6f} {factors.db: .6f}")
    return by_srcad, factors


if __name__ == "__main__":
    main()
