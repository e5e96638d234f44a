"""Every element-wise operation on every pair of shapes that broadcast, in every mix of dtypes."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from tests.fuzz.programs import Program
from tests.fuzz.scope import Shape

# Texts in x and y, on data where each is smooth.
OPERATIONS = {
    "add": "x + y",
    "subtract": "x - y",
    "multiply": "x * y",
    "divide": "x / y",
    "power": "x ** y",
    "remainder": "x % y",
    "maximum": "np.maximum(x, y)",
    "minimum": "np.minimum(x, y)",
    "fmax": "np.fmax(x, y)",
    "arctan2": "np.arctan2(x, y)",
    "hypot": "np.hypot(x, y)",
    "logaddexp": "np.logaddexp(x, y)",
    "fmod": "np.fmod(x, y)",
    "where_greater": "np.where(x > y, x, y)",
    "where_first": "np.where(x > 0.9, x * y, y)",
    "ufunc_divide": "np.divide(x, y)",
    "clip": "np.clip(x, 0.5, y + 0.5)",
    "copysign": "np.copysign(x, -y)",
    "subtract_twice": "(x - y) - x",
}
CHAINS = {
    "sum_times": "(x + y) * z",
    "products": "x * y * z",
    "quotients": "x / y / z",
    "where_three": "np.where(x > y, y, z)",
    "maximum_minus": "np.maximum(x, y) - z",
    "power_plus": "x ** y + z",
    "distribute": "x * z + y * z",
    "nested": "np.hypot(x - y, z) * y",
}
SIZES = ((3, 2), (2, 2), (1, 2), (2, 1), (1, 1), (3, 3))
DTYPES = ("float64", "float32")


def shapes(n: int, m: int) -> list[Shape]:
    """The six shapes that broadcast against one another."""
    return [(), (1,), (n,), (1, n), (m, 1), (m, n)]


def operand(shape: Shape, kind: str, start: int) -> str:
    """The text of an argument: a Python float, or an array of distinct positive numbers."""
    count = 1
    for size in shape:
        count *= size
    numbers = [f"{0.6 + (0.37 * (start + 2 * k)) % 1.3:.2f}" for k in range(count)]
    if kind == "float":
        return numbers[0]
    if shape == ():
        return f"np.array({numbers[0]}, dtype=np.{kind})"
    return f"np.array([{', '.join(numbers)}], dtype=np.{kind}).reshape({shape})"


def program_of(
    expression: str, names: str, each: tuple[Shape, ...], kinds: tuple[str, ...], label: str
) -> Program:
    """`sum(sin(expression))`: its cotangent differs in every element."""
    parameters = ", ".join(names)
    text = f"import numpy as np\n\n\ndef f({parameters}):\n"
    text += f"    return np.sum(np.sin({expression}))\n"
    arguments = tuple(
        operand(shape, kind, 3 * i + 1)
        for i, (shape, kind) in enumerate(zip(each, kinds, strict=True))
    )
    return Program(text, "f", arguments, tuple(names), f"{label} {each} {kinds}")


def kinds_of(shape: Shape) -> tuple[str, ...]:
    """What an argument of a shape may be."""
    return ("float", *DTYPES) if shape == () else DTYPES


def pairs(operation: str, sizes: tuple[int, int], mixed: bool) -> Iterator[Program]:
    """One operation on all 36 pairs of shapes, in float64 or in every mix of kinds."""
    for first, second in itertools.product(shapes(*sizes), repeat=2):
        choices = itertools.product(kinds_of(first), kinds_of(second))
        for kinds in choices if mixed else [("float64", "float64")]:
            yield program_of(OPERATIONS[operation], "xy", (first, second), kinds, operation)


def chains(count: int, seed: int = 0) -> Iterator[Program]:
    """Random triples of shapes and kinds for each expression in three operands."""
    source = random.Random(seed)
    for name, expression in CHAINS.items():
        for _ in range(count):
            choices = shapes(*source.choice(SIZES))
            each = tuple(source.choice(choices) for _ in "xyz")
            kinds = tuple(source.choice(kinds_of(shape)) for shape in each)
            yield program_of(expression, "xyz", each, kinds, name)


def all_programs() -> Iterator[Program]:
    """Everything: some twenty thousand programs."""
    for operation in OPERATIONS:
        for sizes in SIZES:
            yield from pairs(operation, sizes, mixed=True)
    yield from chains(200)


def some_programs(operation: str, count: int) -> list[Program]:
    """All pairs in float64 at one size, and a sample of the rest."""
    rest = [p for sizes in SIZES for p in pairs(operation, sizes, mixed=True)]
    sample = random.Random(operation).sample(rest, count)
    return [*pairs(operation, SIZES[0], mixed=False), *sample]
