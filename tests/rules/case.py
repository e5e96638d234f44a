"""What a case of the table is: a plain function, and where it is to be tried.

The functions are meant to be read by srcad too, so each is a real `def` of one call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Maker = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
Shapes = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Case:
    """A function of arrays, the primitives that it stands for, and the arguments to try."""

    function: Callable[..., Any]
    primitives: tuple[Callable[..., Any], ...]
    shapes: tuple[Shapes, ...]  # one tuple of shapes per trial
    makers: tuple[Maker, ...]  # one per argument
    keywords: tuple[dict[str, Any], ...] = ({},)
    wrt: tuple[int, ...] = (0,)
    analytic: bool = False  # whether NumPy computes it on complex numbers too
    listed: bool = False  # the primitive takes one list of the arguments
    call: Callable[..., tuple[Any, ...]] | None = None  # the arrays -> the primitive's arguments

    @property
    def name(self) -> str:
        return self.function.__name__

    def arguments(self, arrays: Sequence[Any]) -> tuple[Any, ...]:
        """What the primitive is called with."""
        if self.call is not None:
            return self.call(*arrays)
        return (list(arrays),) if self.listed else tuple(arrays)

    def trials(self, dtype: Any = np.float64) -> Iterator[tuple[list[Any], dict[str, Any]]]:
        """Arguments and keywords, the same ones each time."""
        for number, shapes in enumerate(self.shapes):
            rng = np.random.default_rng(number)
            makers = self.makers * len(shapes) if self.listed else self.makers
            arrays = [make(rng, shape) for make, shape in zip(makers, shapes, strict=True)]
            arrays = [a.astype(dtype) if a.dtype.kind == "f" else a for a in arrays]
            for keywords in self.keywords:
                rank = arrays[0].ndim + (self.name in ("stack", "expand_dims"))
                if fits(keywords, rank):
                    yield arrays, keywords


def fits(keywords: dict[str, Any], ndim: int) -> bool:
    """Whether an array of this rank has the axes that the keywords name."""
    for name in ("axis", "axis1", "axis2", "source", "destination"):
        axes = keywords.get(name)
        axes = axes if isinstance(axes, tuple) else () if axes is None else (axes,)
        if any(not -ndim <= axis < ndim for axis in axes):
            return False
        if len({axis % ndim for axis in axes}) < len(axes):
            return False
    return True


CASES: list[Case] = []


def case(
    *primitives: Callable[..., Any],
    shapes: Sequence[Any],
    makers: Sequence[Maker] | None = None,
    keywords: Sequence[dict[str, Any]] = ({},),
    wrt: Sequence[int] | None = None,
    analytic: bool = False,
    listed: bool = False,
    call: Callable[..., tuple[Any, ...]] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the decorated function to the table."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        trials = tuple(s if s and isinstance(s[0], tuple) else (s,) for s in shapes)
        given = tuple(makers or (real,) * (1 if listed else len(trials[0])))
        CASES.append(
            Case(
                function,
                primitives,
                trials,
                given,
                tuple(keywords),
                tuple(range(len(trials[0])) if wrt is None else wrt),
                analytic,
                listed,
                call,
            )
        )
        return function

    return add


# --- arguments ----------------------------------------------------------------------------------


def real(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Of both signs, away from 0."""
    return np.asarray(rng.choice([-1.0, 1.0], shape) * rng.uniform(0.3, 2.0, shape))


def positive(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(rng.uniform(0.3, 2.0, shape))


def inside(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Strictly between -1 and 1."""
    return np.asarray(rng.uniform(-0.9, 0.9, shape))


def above_one(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(rng.uniform(1.2, 3.0, shape))


def apart(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """All different, so that there are no ties nearby."""
    size = int(np.prod(shape))
    return rng.permutation(np.linspace(-2.0, 2.2, max(size, 1)))[:size].reshape(shape)


def integers(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(rng.integers(0, 4, shape))


def booleans(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return np.asarray(rng.integers(0, 2, shape)) > 0


# --- shapes -------------------------------------------------------------------------------------

ONE = [(), (3,), (1, 3), (2, 3), (0, 3)]
FILLED = [(), (3,), (1, 3), (2, 3), (2, 3, 4)]
PAIRS = [
    ((), ()),
    ((3,), (3,)),
    ((), (3,)),
    ((3,), ()),
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((2, 3), (2, 1)),
    ((1,), (1, 1)),
    ((0, 3), (3,)),
    ((0, 3), (1, 3)),
]
AXES = [
    {},
    {"axis": 0},
    {"axis": -1},
    {"axis": 1},
    {"axis": (0, 1)},
    {"axis": (-1, 0)},
    {"axis": (1,)},
    {"keepdims": True},
    {"axis": 0, "keepdims": True},
    {"axis": (0, 2), "keepdims": True},
    {"axis": (0, 2)},
]
