"""The derivatives of NumPy's functions, one family a file; importing this registers them all."""

from srcad.rules import (
    arithmetic,
    creation,
    einsum,
    elementwise,
    indexing,
    joining,
    linalg,
    reductions,
    scalars,
    shaping,
    sorting,
    zero,
)

__all__ = [
    "arithmetic",
    "creation",
    "einsum",
    "elementwise",
    "indexing",
    "joining",
    "linalg",
    "reductions",
    "scalars",
    "shaping",
    "sorting",
    "zero",
]
