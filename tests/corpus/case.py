"""A small function with one idea, its arguments, and what may be asked of srcad about it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass, is_dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """The id is the function's name, the reason why it is here its docstring.

    Attributes:
        smooth: whether central differences can judge it at these arguments.
        may_refuse: whether a refusal is as good as the right gradient: True for now, or the names
            of the classes of errors for good, where the language's table allows it.
        oracle: whether dual numbers can follow it.
        structured: whether the result is no scalar, so that `vjp` has to differentiate it.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    wrt: tuple[Any, ...] = ()
    smooth: bool = True
    may_refuse: bool | str = False
    oracle: bool = True
    structured: bool = False
    suffix: str = ""

    @property
    def id(self) -> str:
        """A name that says why the case exists."""
        return self.function.__name__ + self.suffix

    def make_args(self) -> tuple[Any, ...]:
        """The arguments, newly made, in their own layout."""
        return tuple(copy_argument(arg) for arg in self.args)

    def names(self) -> tuple[Any, ...]:
        """`wrt`, by default every argument that can be differentiated."""
        if self.wrt:
            return self.wrt
        parameters = inspect.signature(self.function).parameters
        given = zip(parameters, self.args, strict=False)
        return tuple(name for name, arg in given if is_differentiable(arg))


def is_differentiable(value: Any) -> bool:
    """Whether a value holds a float or an array of floats, or may as an empty list."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind == "f"
    return isinstance(value, (float, np.floating, list, tuple, dict)) or is_dataclass(value)


def copy_argument(value: Any) -> Any:
    """A copy of arrays in containers; arrays keep the order of their axes."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    return copy.deepcopy(value)


def with_trips(function: Callable[..., Any], *args: Any, **options: Any) -> list[Case]:
    """A case for each trip count that loops are tried with: 0, 1, 2, 3, 10."""
    return [
        Case(function, (*args, trips), suffix=f"_{trips}_trips", **options)
        for trips in (0, 1, 2, 3, 10)
    ]


X = np.array([0.31, 0.72, -0.54])
Y = np.array([0.45, -0.28, 0.91])
W = np.array([[0.7, -0.3, 0.4], [0.2, 0.9, -0.6]])
S = np.array([[0.5, 0.3, 0.1], [0.4, -0.5, -0.2], [0.1, 0.6, 0.8]])
