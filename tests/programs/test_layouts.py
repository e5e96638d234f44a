"""Programs on arrays of every layout: where memory lies decides bits, and what is a view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.corpus.case import Case
from tests.fuzz.judge import judge_call
from tests.fuzz.support import compiler_or_skip
from tests.oracles.values import map_leaves
from tests.programs.table import WRONG, programs, read_pending, shared

AREAS = ("assignment.", "overlaps.", "mutation.", "views.", "helpers.")
WRONG_TODAY = {name for name, mark in read_pending().items() if mark == WRONG}
PROGRAMS = {
    name: cases[0]
    for name, cases in programs().items()
    if name.startswith(AREAS)
    and name not in WRONG_TODAY
    and any(isinstance(arg, np.ndarray) for arg in cases[0].args)
}


def strided(array: np.ndarray) -> np.ndarray:
    """Every other element of a longer array."""
    return np.repeat(array, 2, axis=-1)[..., ::2] if array.ndim else array.copy()


def backward(array: np.ndarray) -> np.ndarray:
    """Negative steps along each axis."""
    turned = tuple(slice(None, None, -1) for _ in array.shape)
    return array[turned].copy()[turned]


def read_only(array: np.ndarray) -> np.ndarray:
    """An array that must not be written, as memory maps and broadcasts are."""
    copy = array.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fortran": lambda array: np.asfortranarray(array.copy()),
    "strided": strided,
    "backward": backward,
}


def arguments(case: Case, layout: Callable[[np.ndarray], np.ndarray]) -> tuple[Any, ...]:
    """The arguments of a case, newly made, laid out in memory in some way."""
    return map_leaves(
        lambda leaf: layout(leaf) if isinstance(leaf, np.ndarray) else leaf, case.args
    )


@pytest.mark.parametrize("name", PROGRAMS)
def test_layouts(name: str) -> None:
    case, compiler = PROGRAMS[name], shared(compiler_or_skip())
    for layout in LAYOUTS.values():
        verdict = judge_call(case.function, lambda: arguments(case, layout), case.names(), compiler)
        assert verdict.kind in ("right", "refused"), f"{verdict.kind}\n{verdict.detail}"


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name.startswith("helpers.")])
def test_read_only_arguments(name: str) -> None:
    """What the undecorated function cannot do to an array is an error here too, or is refused."""
    case, compiler = PROGRAMS[name], compiler_or_skip()
    try:
        wanted = case.function(*arguments(case, read_only))
    except ValueError:
        return
    try:
        value, _ = compiler.value_and_grad(case.function, wrt=case.names())(
            *arguments(case, read_only)
        )
    except compiler.refusal:
        return
    assert value == wanted
