"""The judge itself: an imitation of srcad, right or spoilt, gets the verdict that it earns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.fuzz.judge import Compiler, judge
from tests.fuzz.programs import Program, program
from tests.fuzz.shrink import shrink
from tests.oracles.dual import value_and_gradient

Spoil = Callable[[Any, Any, tuple[Any, ...]], Any]
TEXT = """import numpy as np


def f(x, y):
    y = np.sin(y)
    if np.sum(x) > 0.0:
        y = y * 2.0
    return np.sum(x * y)
"""
ARGUMENTS = ("np.array([1.0, 2.0])", "np.array([0.5, 0.3])")
PROGRAM = Program(TEXT, "f", ARGUMENTS, ("x", "y"), "x times sine")


class Refusal(Exception):
    """An imitated refusal."""


class Imitation:
    """A gradient function made from the oracle, with a fault."""

    def __init__(self, function: Any, wrt: Any, spoil: Spoil, with_value: bool) -> None:
        self.function, self.wrt, self.spoil = function, wrt, spoil
        self.with_value = with_value

    def __call__(self, *args: Any) -> Any:
        value, gradients = value_and_gradient(self.function, args, self.wrt)
        value, gradients = self.spoil(value, gradients, args)
        return (value, gradients) if self.with_value else gradients

    def specialize(self, *args: Any) -> Imitation:
        return self


def imitation(spoil: Spoil) -> Compiler:
    """An imitated compiler whose results are spoilt."""
    return Compiler(
        lambda function, wrt: Imitation(function, wrt, spoil, False),
        lambda function, wrt: Imitation(function, wrt, spoil, True),
        Refusal,
    )


def refuse(value: Any, gradients: Any, args: tuple[Any, ...]) -> Any:
    raise Refusal("no")


def crash(value: Any, gradients: Any, args: tuple[Any, ...]) -> Any:
    raise IndexError("pop from empty list")


def write_input(value: Any, gradients: Any, args: tuple[Any, ...]) -> Any:
    args[0][0] += 1.0
    return value, gradients


FAULTS: dict[str, tuple[Spoil, str]] = {
    "right": (lambda value, g, args: (value, g), "right"),
    "refuses": (refuse, "refused"),
    "crashes": (crash, "crashed"),
    "zero": (lambda value, g, args: (value, (g[0], 0.0 * g[1])), "wrong"),
    "sum_kept": (lambda value, g, args: (value, (g[0][:, None], g[1])), "wrong"),
    "single": (lambda value, g, args: (value, (g[0].astype(np.float32), g[1])), "wrong"),
    "last_bit": (lambda value, g, args: (np.nextafter(value, 9.0), g), "wrong"),
    "value_kind": (lambda value, g, args: (float(value), g), "wrong"),
    "list": (lambda value, g, args: (value, list(g)), "wrong"),
    "shared": (lambda value, g, args: (value, (g[0], g[0])), "wrong"),
    "read_only": (lambda value, g, args: (value, (np.broadcast_to(g[0], 2), g[1])), "wrong"),
    "writes_input": (write_input, "wrong"),
    "nan": (lambda value, g, args: (value, (g[0] * np.nan, g[1])), "wrong"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_verdict(fault: str) -> None:
    spoil, wanted = FAULTS[fault]
    assert judge(PROGRAM, imitation(spoil)).kind == wanted


def test_alias_of_an_argument_is_wrong() -> None:
    linear = Program(
        "import numpy as np\n\n\ndef f(x, y):\n    return np.sum(x * y)\n",
        "f",
        ARGUMENTS,
        ("x", "y"),
    )
    alias = imitation(lambda value, g, args: (value, (args[1], args[0])))
    assert "shares" in judge(linear, alias).detail


@pytest.mark.parametrize("seed", range(20))
def test_oracle_is_right_by_itself(seed: int) -> None:
    assert judge(program(seed), imitation(FAULTS["right"][0])).kind == "right"


def test_shrinks_to_what_matters() -> None:
    zero = imitation(FAULTS["zero"][0])
    small = shrink(PROGRAM, lambda candidate: judge(candidate, zero).kind == "wrong")
    assert small.text.count("\n") <= 6
