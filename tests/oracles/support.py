"""The oracle's own examination: one function against central differences."""

from __future__ import annotations

from typing import Any

from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, assert_same, call_on_copies, central_difference


def assert_right(function: Any, *args: Any, rtol: float = 1e-7) -> None:
    """Value bitwise, gradients by every float argument against central differences."""
    wrt = tuple(i for i, arg in enumerate(args) if not isinstance(arg, int))
    value, gradients = value_and_gradient(function, args, wrt)
    assert_bitwise(value, call_on_copies(function, args))
    for i, gradient in zip(wrt, gradients, strict=True):
        wanted = central_difference(function, args, i)
        assert_same(gradient, wanted, rtol, atol=1e-8, where=f"argument {i}")
