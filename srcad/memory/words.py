"""What a value is called that the user has not named: after the operation that makes it."""

from __future__ import annotations

from srcad.primitive import Primitive


def operation_name(primitive: Primitive) -> str:
    """What the result of an operation is called: `exp`, `product`, `sum`."""
    known = {
        "+": "total",
        "-": "difference",
        "*": "product",
        "/": "quotient",
        "**": "power",
        "@": "product",
        "[]": "item",
        "set": "item",
        "scatter_add": "item",
        "sum": "total",
        "for": "items",
        "len": "count",
        "add": "total",
        "multiply": "product",
        "divide": "quotient",
        "subtract": "difference",
        "iadd": "total",
        "isub": "difference",
        "imul": "product",
        "itruediv": "quotient",
        "ipow": "power",
    }
    name = primitive.name.rpartition(".")[2] if primitive.name not in known else primitive.name
    return known.get(name, name if name.isidentifier() else "kept")
