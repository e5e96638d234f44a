"""A layer's weight gradient is an outer product: dL/dw1 = outer(delta, x).

    forward     z1 = w1 x + b1     a1 = sigmoid(z1)     L = sum((a1 - 1)**2) / 2
    backward    delta = (a1 - 1) * sigmoid'(z1) = (a1 - 1) * a1 * (1 - a1)

Row i, column j of the gradient is the error of unit i times the input j. The input may be of
integers: it is not differentiated.
"""

import numpy as np
from numpy.typing import NDArray

from srcad import grad


def sigmoid(z):
    """The logistic function, element by element."""
    return 1.0 / (1.0 + np.exp(-z))


def loss(w1, b1, x):
    """w1: (h, d), b1: (h,), x: (d,) -> half the squared distance of the layer's output from 1."""
    a1 = sigmoid(w1 @ x + b1)
    return 0.5 * np.sum((a1 - 1) ** 2)


def by_hand(w1: NDArray, b1: NDArray, x: NDArray) -> NDArray:
    """The outer product of the layer's delta and its input."""
    a1 = sigmoid(w1 @ x + b1)
    delta = (a1 - 1) * a1 * (1 - a1)
    return np.outer(delta, x)


def main() -> tuple[NDArray, NDArray]:
    """Print both -> dL/dw1 by srcad, and the outer product."""
    x = np.array([1, 2])
    w1 = np.array([[0.1, 0.2], [0.3, 0.4]])
    b1 = np.array([0.5, 0.5])

    gradient = grad(loss, wrt="w1")
    dw1, outer = gradient(w1, b1, x), by_hand(w1, b1, x)
    print(f"dL/dw1 by srcad:\n{dw1}\n\nouter(delta, x):\n{outer}\n")
    print(gradient.specialize(w1, b1, x).source)
    return dw1, outer


if __name__ == "__main__":
    main()
