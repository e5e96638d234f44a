"""Helpers that are long, and called more than once: written beside the gradient instead of into it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from srcad import value_and_grad
from srcad.build import helpers as inlining
from tests.corpus import functions, helpers
from tests.corpus.case import Case
from tests.fuzz.judge import judge_call
from tests.fuzz.support import compiler_or_skip
from tests.numeric import central_differences
from tests.programs import define

X = np.array([0.3, 0.5, 0.9])
DEPTH = 12


def chain(depth: int) -> Any:
    """Each helper calls the one below twice: inlined, the text would double with each."""
    text = "def f0(x):\n    y = np.sin(x)\n    z = y * x\n    return z + y\n"
    for i in range(1, depth):
        text += f"def f{i}(x):\n    a = f{i - 1}(x) * 0.5\n    b = f{i - 1}(np.cos(x))\n"
        text += "    return np.tanh(a * b) + x\n"
    return define(f"{text}def loss(x):\n    return np.sum(f{depth - 1}(x))\n", "loss")


def test_the_text_grows_with_the_program() -> None:
    sizes = []
    for depth in (DEPTH, DEPTH + 4):
        function = chain(depth)
        gradient = value_and_grad(function)
        value, found = gradient(X)
        assert value == function(X)
        np.testing.assert_allclose(found, central_differences(function, X), rtol=1e-5, atol=1e-7)
        sizes.append(len(gradient.specialize(X).source.splitlines()))
    assert sizes[1] - sizes[0] < 4 * (sizes[0] / DEPTH) * 2
    assert sizes[0] < 1500


CASES = [
    pytest.param(case, id=f"{module.__name__.rpartition('.')[2]}-{case.function.__name__}")
    for module in (helpers, functions)
    for case in module.CASES
    if not case.may_refuse
]


@pytest.mark.parametrize("case", CASES)
def test_inlined_equals_split(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every helper that can stand beside the function does: still right."""
    monkeypatch.setattr(inlining, "MOST_REPEATED", -1)
    verdict = judge_call(case.function, case.make_args, case.names(), compiler_or_skip())
    assert verdict.kind == "right", verdict.detail
