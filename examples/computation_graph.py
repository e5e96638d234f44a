"""A function as a graph: z = (x + y) * w, one equation a node.

Backpropagation walks this graph from z to the inputs. A sum hands the incoming derivative to both
of its inputs unchanged; a product hands each input the derivative times the *other* input.
"""

from srcad import grad


def product(x, y, w):
    """Two nodes: the sum, and its product with w."""
    total = x + y
    return total * w


def main() -> tuple[float, float, float]:
    """Print the graph and its derivatives -> dz/dx, dz/dy, dz/dw."""
    gradient = grad(product, wrt=("x", "y", "w"))
    print("The graph of z = (x + y) * w:\n")
    print(gradient.graph)
    x, y, w = 2.0, 3.0, 4.0
    dx, dy, dw = gradient(x, y, w)
    print(f"\nAt x = {x}, y = {y}, w = {w}:")
    print(f"dz/dx = {dx}    (w: the sum passes it on unchanged)")
    print(f"dz/dy = {dy}    (w again)")
    print(f"dz/dw = {dw}    (x + y: the other factor)")
    return dx, dy, dw


if __name__ == "__main__":
    main()
