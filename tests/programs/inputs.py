"""The arrays that the programs are tried on, and ways to list the inputs of a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.corpus.case import Case, S, W, X, Y, with_trips

__all__ = ["X5", "M", "S", "W", "X", "Y", "each", "with_rows", "with_sizes", "with_trips"]

X5 = np.array([0.44, -0.83, 0.27, 0.65, -0.38])
M = np.array([[0.4, -0.7], [0.8, 0.3], [-0.5, 0.6]])
_LONG = np.array([0.31, -0.72, 0.54, 0.88, -0.25, 0.67, -0.91, 0.43, 0.12, -0.36])
_ROWS = np.outer(_LONG, [0.9, -0.5, 0.7]) + np.array([0.1, 0.3, -0.2])


def each(function: Callable[..., Any], *inputs: tuple[Any, ...], **options: Any) -> list[Case]:
    """A case for each tuple of arguments."""
    return [
        Case(function, args, suffix=f"_{i}" if i else "", **options)
        for i, args in enumerate(inputs)
    ]


def with_sizes(function: Callable[..., Any], *rest: Any, **options: Any) -> list[Case]:
    """A case for each size of the first argument, a vector that is looped over."""
    return [
        Case(function, (_LONG[:size].copy(), *rest), suffix=f"_{size}_items", **options)
        for size in (0, 1, 2, 3, 10)
    ]


def with_rows(function: Callable[..., Any], *rest: Any, **options: Any) -> list[Case]:
    """A case for each number of rows of the first argument, which has three columns."""
    return [
        Case(function, (_ROWS[:rows].copy(), *rest), suffix=f"_{rows}_rows", **options)
        for rows in (0, 1, 2, 3, 10)
    ]
