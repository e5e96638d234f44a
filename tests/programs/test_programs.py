"""Each program: the oracle against central differences, and srcad against the oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.corpus.case import Case
from tests.fuzz.judge_pullback import assert_same_value, cotangent_of
from tests.fuzz.programs import quiet
from tests.fuzz.support import compiler_or_skip
from tests.oracles.dual import parameter_positions, value_and_gradient
from tests.oracles.numeric import assert_bitwise, assert_same, central_difference, leaves
from tests.programs.table import (
    AREAS,
    WRONG,
    error_class,
    judged,
    programs,
    read_pending,
    write_pending,
)

PROGRAMS = programs()
LEAST_PROGRAMS = 220


@pytest.mark.parametrize("name", PROGRAMS)
def test_oracle(name: str) -> None:
    for case in PROGRAMS[name]:
        if case.oracle:
            with quiet():
                assert_oracle_right(case)


def assert_oracle_right(case: Case) -> None:
    """Dual numbers: the value bitwise, the gradients by central differences."""
    function, plain = case.function, case.function(*case.make_args())
    cotangent = cotangent_of(plain) if case.structured else None
    value, gradients = value_and_gradient(function, case.make_args(), case.names(), cotangent)
    if case.structured:
        assert_same_value(value, plain)
        function = lambda *args: inner_product(case.function(*args), cotangent)  # noqa: E731
    else:
        assert_bitwise(value, plain, case.id)
    if not case.smooth:
        return
    positions = parameter_positions(case.function, len(case.args), case.names())
    for position, gradient in zip(positions, gradients, strict=True):
        wanted = central_difference(function, case.make_args(), position)
        assert_same(gradient, wanted, 1e-6, atol=1e-8, where=f"{case.id} argument {position}")


def inner_product(value: Any, cotangent: Any) -> float:
    """The sum of all leaves, weighted."""
    pairs = zip(leaves(value), leaves(cotangent), strict=True)
    return float(sum(np.sum(leaf * weight) for (_, leaf), (_, weight) in pairs))


@pytest.mark.parametrize("name", PROGRAMS)
def test_srcad(name: str, pytestconfig: pytest.Config) -> None:
    verdict = judged(name, PROGRAMS[name], compiler_or_skip())
    mark = read_pending().get(name)
    if mark == WRONG and verdict.kind in ("wrong", "crashed"):
        pytest.xfail(f"known to be {verdict.kind}\n{verdict.detail}")
    assert verdict.kind in ("right", "refused"), f"{verdict.kind}\n{verdict.detail}"
    if verdict.kind == "refused":
        assert mark is not None, f"refused by {error_class(verdict)}\n{verdict.detail}"
    elif mark is not None and not pytestconfig.getoption("--stale-pending"):
        pytest.fail(f"{name} is right: run python -m tests.programs --update-pending {name}")


def test_there_are_enough_programs() -> None:
    assert len(PROGRAMS) >= LEAST_PROGRAMS


def test_each_function_of_an_area_says_why_it_is_there() -> None:
    for name, cases in PROGRAMS.items():
        assert cases[0].function.__doc__, name
    assert len(PROGRAMS) == sum(len({case.function for case in area.CASES}) for area in AREAS)


def test_marks_are_of_programs() -> None:
    assert set(read_pending()) <= set(PROGRAMS)


def test_marks_are_written_and_read(tmp_path: Path) -> None:
    marks = {"loops.newton": "UnsupportedSyntax", "exits.early_return": "NoRule"}
    write_pending(marks, tmp_path / "pending.txt")
    assert read_pending(tmp_path / "pending.txt") == marks
