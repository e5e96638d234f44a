"""Every program by its name, and which of them srcad still refuses."""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.corpus.case import Case
from tests.fuzz.judge import Compiler, Verdict, judge_call
from tests.fuzz.judge_pullback import judge_pullback
from tests.programs import (
    assignment,
    branches,
    containers,
    exits,
    functions,
    helpers,
    lists,
    loops,
    mutation,
    outside,
    overlaps,
    refused,
    results,
    statements,
    views,
    whiles,
)

AREAS: list[ModuleType] = [
    loops,
    whiles,
    exits,
    branches,
    assignment,
    mutation,
    outside,
    overlaps,
    lists,
    views,
    functions,
    helpers,
    containers,
    statements,
    results,
    refused,
]
PENDING = Path(__file__).parent / "pending.txt"
WRONG = "WRONG"
HEADING = f"""\
# Programs of the language that are refused so far, and by which error.
# `python -m tests.programs --update-pending` writes this file; no other place has such marks.
# {WRONG} marks a known fault, by hand: it is to be mended before anything else.
"""


def programs() -> dict[str, list[Case]]:
    """The cases of each program, under `area.function`."""
    found: dict[str, list[Case]] = {}
    for area in AREAS:
        for case in area.CASES:
            name = f"{area.__name__.rsplit('.', 1)[-1]}.{case.function.__name__}"
            found.setdefault(name, []).append(case)
    return found


def read_pending(path: Path = PENDING) -> dict[str, str]:
    """The class of the error by which each marked program is refused."""
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    return {line[0]: line[1] for line in lines if not line[0].startswith("#")}


def write_pending(marks: dict[str, str], path: Path = PENDING) -> None:
    """Write the marks, one a line, sorted."""
    lines = [f"{name} {error}\n" for name, error in sorted(marks.items())]
    path.write_text(HEADING + "".join(lines))


def shared(compiler: Compiler) -> Compiler:
    """The same compiler, with one gradient function for all inputs of a program."""
    return dataclasses.replace(
        compiler,
        grad=functools.cache(compiler.grad),
        value_and_grad=functools.cache(compiler.value_and_grad),
        generic=functools.cache(compiler.generic) if compiler.generic is not None else None,
    )


def judge_cases(cases: list[Case], compiler: Compiler) -> Verdict:
    """The first verdict that is neither right nor an allowed refusal; else right.

    A refusal of one input counts before what is wrong with another never: wrong comes first.
    """
    compiler = shared(compiler)
    refused: list[Verdict] = []
    for case in cases:
        verdict = judge_case(case, compiler)
        if verdict.kind in ("wrong", "crashed"):
            return dataclasses.replace(verdict, detail=f"{case.id}\n{verdict.detail}")
        if verdict.kind == "refused" and not is_allowed(case, error_class(verdict)):
            refused.append(verdict)
    return refused[0] if refused else Verdict("right")


def judge_case(case: Case, compiler: Compiler) -> Verdict:
    """The verdict on one input, by `grad` or by `vjp`."""
    if case.structured:
        return judge_pullback(case.function, case.make_args, case.names(), compiler)
    return judge_call(case.function, case.make_args, case.names(), compiler, oracle=case.oracle)


def error_class(verdict: Verdict) -> str:
    """The class of the error of a refusal."""
    return verdict.group.partition(":")[0]


def is_allowed(case: Case, error: str) -> bool:
    """Whether the table's right-hand column lets this error stand."""
    return isinstance(case.may_refuse, str) and error in case.may_refuse.split()


def judged(name: str, cases: list[Case], compiler: Any) -> Verdict:
    """The verdict on a program, wherever the judge itself stumbles."""
    try:
        return judge_cases(cases, compiler)
    except Exception as error:
        raise AssertionError(f"the judge cannot judge {name}") from error
