"""Broadcasting in every binary operation: the first way to be silently wrong."""

from __future__ import annotations

import pytest

from tests.fuzz.broadcasting import CHAINS, OPERATIONS, chains, some_programs
from tests.fuzz.judge import judge
from tests.fuzz.programs import Program, runs
from tests.fuzz.support import compiler_or_skip


def failures(programs: list[Program]) -> list[str]:
    """The programs that are not right, with the reason."""
    compiler = compiler_or_skip()
    judged = [(program, judge(program, compiler)) for program in programs]
    return [
        f"{program.label}: {verdict.kind}: {verdict.detail}"
        for program, verdict in judged
        if verdict.kind != "right"
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_pair_of_shapes(operation: str) -> None:
    wrong = failures(some_programs(operation, 30))
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("chain", CHAINS)
def test_chains_of_three(chain: str) -> None:
    wrong = failures([program for program in chains(15) if program.label.startswith(chain)])
    assert not wrong, "\n".join(wrong[:5])


@pytest.mark.parametrize("operation", OPERATIONS)
def test_programs_run(operation: str) -> None:
    assert all(runs(program) for program in some_programs(operation, 30))
