"""The chain rule: the derivative of a composition is the product of its parts' derivatives.

d/dx f(g(x))    = f'(g(x)) * g'(x)
d/dx f(g(h(x))) = f'(g(h(x))) * g'(h(x)) * h'(x)
"""

import numpy as np

from srcad import grad


def two_deep(x):
    """sin(x ** 2)."""
    return np.sin(x**2)


def three_deep(x):
    """exp(sin(x ** 2))."""
    h = x**2
    g = np.sin(h)
    return np.exp(g)


def two_deep_factors(x: float) -> list[float]:
    """sin'(x ** 2), and the square's derivative."""
    return [np.cos(x**2), 2.0 * x]


def three_deep_factors(x: float) -> list[float]:
    """exp'(sin(x ** 2)), and the factors of two_deep."""
    return [np.exp(np.sin(x**2)), *two_deep_factors(x)]


def main(x: float = 1.3) -> list[tuple[float, float]]:
    """Print both compositions -> for each, the derivative by srcad and the product of factors."""
    results = []
    for function, factors in ((two_deep, two_deep_factors), (three_deep, three_deep_factors)):
        derivative = grad(function)(x)
        parts = factors(x)
        product = np.prod(parts)
        print(f"d/dx {function.__doc__.rstrip('.')} at x = {x}")
        print(f"  by srcad: {derivative:.6f}")
        print(f"  by hand:  {product:.6f} = {' * '.join(f'({part:.6f})' for part in parts)}\n")
        results.append((derivative, product))
    return results


if __name__ == "__main__":
    main()
