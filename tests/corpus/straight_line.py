"""Straight-line code: arithmetic, elementary functions, names used again."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y


def scalar_polynomial(x: float) -> Any:
    """Python floats only: the gradient is a float."""
    return 3.0 * x**3 - x / 2.0 + 1.0


def value_used_twice(x: Any) -> Any:
    """Two contributions to one adjoint."""
    a = np.sin(x)
    return np.sum(a * a + a)


def name_rebound(x: Any) -> Any:
    """One name stands for three values; each has its own adjoint."""
    x = np.tanh(x)
    x = x * x
    x = np.exp(x)
    return np.sum(x)


def overwritten_after_needed(x: Any, y: Any) -> Any:
    """The product needs the a that is gone at its end."""
    a = np.sin(x)
    b = a * y
    a = np.cos(b)
    return np.sum(a * b)


def chain_of_results(x: Any) -> Any:
    """Rules that read their own result."""
    return np.sum(np.sqrt(np.exp(np.tanh(x)) + 1.0))


def independent_argument(x: Any, y: Any) -> Any:
    """The gradient by y is zeros of y's shape."""
    return np.sum(x * x)


def constant_result(x: Any) -> Any:
    """Nothing depends on x."""
    return 2.5


def identity(x: float) -> Any:
    """The result is the argument."""
    return x


def dead_code(x: Any) -> Any:
    """A value that nothing reads."""
    unused = np.log(np.abs(x)) * 3.0
    kept = x * 2.0
    unused = kept + unused
    return np.sum(kept)


def mean_squared_error(W1: Any, b1: Any, W2: Any, b2: Any, X: Any, Y: Any) -> Any:
    """The README's network."""
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - Y
    return 0.5 * np.mean(r * r)


def softmax_by_hand(x: Any, y: Any) -> Any:
    """e / np.sum(e): the sum is broadcast back."""
    e = np.exp(x)
    p = e / np.sum(e)
    return np.sum(p * y)


def log_sum_exp(x: Any) -> Any:
    """The shift contributes nothing."""
    shift = np.max(x)
    return shift + np.log(np.sum(np.exp(x - shift)))


def cross_entropy(w: Any) -> Any:
    """Row-wise softmax with keepdims."""
    z = w - np.max(w, axis=1, keepdims=True)
    p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(p[:, 0])


def constant_exponents(x: Any) -> Any:
    """x ** 0, 1, 2 and a negative base: no logarithm."""
    return np.sum(x**0 + x**1 + x**2 + x**3 + (x * x) ** -1.5)


def active_exponent(x: Any, p: float) -> Any:
    """The derivative by the exponent."""
    return np.sum(np.abs(x) ** p + 2.0**x)


def augmented_scalars(x: float, y: float) -> Any:
    """Augmented assignment rebinds a float."""
    kept = x
    x += y
    x *= kept
    x -= y * y
    x /= 3.0
    x **= 2
    return x * kept


def unary_and_mixed_constants(x: Any) -> Any:
    """Integers and floats as operands, on both sides."""
    return np.sum(1 - x + 2 * -x + x / 2 + 3 / (2 + x * x) + +x)


def matrix_chain(w: Any, s: Any, x: Any) -> Any:
    """Matrix times matrix times vector, transposed and not."""
    return np.sum(np.sin(w @ s @ x)) + x @ s.T @ x + np.sum(s @ s.T * s)


def vector_products(x: Any, y: Any) -> Any:
    """dot, @, outer and inner of vectors."""
    return np.dot(x, y) * (x @ x) + np.sum(np.outer(x, y) ** 2) + np.inner(y, y)


def statistics(x: Any, w: Any) -> Any:
    """Methods of arrays."""
    return x.mean() * w.sum() + w.max() - x.min() + w.var() + x.prod() + w.mean(axis=0) @ x


def shape_arithmetic(w: Any) -> Any:
    """Counts are constants."""
    n, m = w.shape
    return np.sum(w) / n + np.sum(w * w) / (w.size * m) + w.ndim + len(w)


CASES = [
    Case(scalar_polynomial, (0.7,)),
    Case(value_used_twice, (X,)),
    Case(name_rebound, (X,)),
    Case(overwritten_after_needed, (X, Y)),
    Case(chain_of_results, (X,)),
    Case(independent_argument, (X, W)),
    Case(constant_result, (X,)),
    Case(identity, (1.5,)),
    Case(dead_code, (X,)),
    Case(mean_squared_error, (W.T, X[:2], S[:2, :1], X[:1], S, Y[:, None])),
    Case(softmax_by_hand, (X, Y)),
    Case(log_sum_exp, (X,)),
    Case(cross_entropy, (W,)),
    Case(constant_exponents, (X,)),
    Case(active_exponent, (X, 1.3)),
    Case(augmented_scalars, (0.4, 1.2)),
    Case(unary_and_mixed_constants, (X,)),
    Case(matrix_chain, (W, S, X)),
    Case(vector_products, (X, Y)),
    Case(statistics, (X, W)),
    Case(shape_arithmetic, (W,)),
]
