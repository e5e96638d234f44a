"""Calls that write: what a refusal calls the array that is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad


def copied_onto(x: Any) -> Any:
    m = np.zeros((2, 2))
    for row in m:
        pass
    np.copyto(m, 1.0)
    return np.sum(row) * np.sum(x)


def computed_onto(x: Any) -> Any:
    m = np.zeros((2, 2))
    for row in m:
        pass
    np.multiply(m, 1.0, out=m)
    return np.sum(row) * np.sum(x)


def filled(x: Any) -> Any:
    m = np.zeros((2, 2))
    for row in m:
        pass
    m.fill(1.0)
    return np.sum(row) * np.sum(x)


@pytest.mark.parametrize("function", [copied_onto, computed_onto, filled])
def test_a_refusal_names_what_is_written(function: Callable[..., Any]) -> None:
    with pytest.raises(errors.UnsupportedWrite, match="m and row may be one array"):
        grad(function)(np.ones(3))
