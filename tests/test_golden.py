"""Generated sources, as files that a person has read, and what holds of all of them."""

from __future__ import annotations

import ast
from collections.abc import Callable

import numpy as np
import pytest

from srcad import grad, value_and_grad
from tests.fuzz.judge import judge_call, load_compiler
from tests.golden_programs import PROGRAMS, Golden

MOST_LINES = 2.5  # backward lines for each line of the primal, in the mean


def name_of(program: Golden) -> str:
    return program.options.get("name", program.function.__name__)


def source_of(program: Golden) -> str:
    made = (value_and_grad if program.value else grad)(program.function, program.wrt)
    if not program.args:
        return made.source
    return made.specialize(*program.args, guard=False).source


def backward_lines(text: str) -> list[str]:
    """The lines of the backward sweep, without comments and the return."""
    lines = [line.strip() for line in text.split("# backward\n")[1].splitlines()]
    return [line for line in lines if line and not line.startswith(("#", "return"))]


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_source(program: Golden, golden: Callable[[str, str], None]) -> None:
    golden(name_of(program), source_of(program))


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.args], ids=name_of)
def test_gradient(program: Golden) -> None:
    names = (program.wrt,) if isinstance(program.wrt, str) else program.wrt
    verdict = judge_call(program.function, lambda: program.args, names, load_compiler())
    assert verdict.kind == "right", verdict.detail


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_lines_are_short_and_say_something(program: Golden) -> None:
    text = source_of(program)
    for line in text.splitlines():
        assert len(line) <= 100, line
    for statement in ast.walk(ast.parse(text)):
        if isinstance(statement, ast.Assign):
            target = ast.unparse(statement.targets[0])
            assert target != ast.unparse(statement.value), "a line that does nothing"


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
def test_deterministic(program: Golden) -> None:
    assert source_of(program) == source_of(program)


def test_length() -> None:
    """In the mean at most 2.5 backward lines for each statement of the primal."""
    ratios = []
    for program in PROGRAMS:
        tree = ast.parse(__import__("inspect").getsource(program.function))
        primal = sum(isinstance(node, ast.stmt) for node in ast.walk(tree)) - 1
        ratios.append(len(backward_lines(source_of(program))) / primal)
    assert np.mean(ratios) <= MOST_LINES
