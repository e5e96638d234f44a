"""A two-layer network by hand and by srcad: forward, backward with its deltas, and the update.

forward     z1 = W1 x + b1     a1 = sigmoid(z1)     z2 = W2 a1 + b2     a2 = sigmoid(z2)
loss        L = sum((a2 - y)**2) / 2
backward    delta2 = (a2 - y) * sigmoid'(z2)        dL/dW2 = outer(delta2, a1)
            delta1 = (W2^T delta2) * sigmoid'(z1)   dL/dW1 = outer(delta1, x)
update      W <- W - alpha * dL/dW
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from srcad import grad

Weights = tuple[NDArray, NDArray, NDArray, NDArray]


class Result(NamedTuple):
    """Both gradients by W1, b1, W2, b2, and the loss before each step and after the last."""

    by_srcad: Weights
    by_hand: Weights
    losses: list[float]


def sigmoid(z):
    """The logistic function, element by element."""
    return 1.0 / (1.0 + np.exp(-z))


def loss(W1, b1, W2, b2, x, y):
    """W1: (h, d), b1: (h,), W2: (k, h), b2: (k,), x: (d,), y: (k,) -> half the squared error."""
    a1 = sigmoid(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    return 0.5 * np.sum((a2 - y) ** 2)


def by_hand(W1, b1, W2, b2, x, y) -> Weights:
    """The deltas of the two layers, and the gradients made of them."""
    a1 = sigmoid(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    delta2 = (a2 - y) * a2 * (1.0 - a2)
    delta1 = (W2.T @ delta2) * a1 * (1.0 - a1)
    return np.outer(delta1, x), delta1, np.outer(delta2, a1), delta2


def make_weights(random: np.random.Generator) -> Weights:
    """Three inputs, four hidden units, two outputs."""
    W1, W2 = random.normal(size=(4, 3)), random.normal(size=(2, 4))
    return W1, np.zeros(4), W2, np.zeros(2)


def main(steps: int = 5, alpha: float = 0.5) -> Result:
    """Compare the gradients, take a few steps downhill, and print both."""
    x, y = np.array([0.5, -1.0, 2.0]), np.array([1.0, 0.0])
    gradient = grad(loss, wrt=("W1", "b1", "W2", "b2"))
    weights = make_weights(np.random.default_rng(seed=0))

    by_srcad, deltas = gradient(*weights, x, y), by_hand(*weights, x, y)
    for name, one, other in zip(("W1", "b1", "W2", "b2"), by_srcad, deltas, strict=True):
        difference = np.max(np.abs(one - other))
        print(f"dL/d{name}: srcad and the deltas differ by at most {difference:.1e}")

    losses = [loss(*weights, x, y)]
    for step in range(1, steps + 1):
        slopes = gradient(*weights, x, y)
        weights = tuple(w - alpha * dw for w, dw in zip(weights, slopes, strict=True))
        losses.append(loss(*weights, x, y))
        print(f"step {step}: loss {losses[-2]:.4f} -> {losses[-1]:.4f}")
    return Result(by_srcad, deltas, losses)


if __name__ == "__main__":
    main()
