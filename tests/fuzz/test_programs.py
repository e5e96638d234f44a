"""Whole random programs: the generator by itself, the oracle on them, and srcad."""

from __future__ import annotations

import functools
import inspect
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.fuzz.judge import Verdict, has_float32, judge
from tests.fuzz.programs import Program, program, programs, quiet, read_program, runs
from tests.fuzz.records import Pair, Record
from tests.fuzz.support import compiler_or_skip
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, central_difference, leaves

KEPT = sorted((Path(__file__).parent / "kept").glob("*.py"))
SEEDS = 150
WIDE_SEEDS = 60
LEAST_RIGHT = 0.95
DRAWN = settings(
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
WANTED = (
    "for ",
    "if ",
    "elif ",
    "else:",
    " if ",
    "+=",
    "lambda",
    ".T",
    "[::-1]",
    "print(",
    "assert ",
    "np.where",
    "np.linalg.norm",
    "axis=",
    "range(n)",
    " @ ",
    "np.outer",
    "float32",
    "'w':",
    "k=",
    "not ",
    "[[",
    "table",
    "rate",
    "y=",
)
WIDE = ("    def inner", "k=0.5: ")


def assert_not_wrong(candidate: Program, verdict: Verdict | None = None) -> None:
    """Fails where srcad is wrong or crashes."""
    verdict = verdict or judge(candidate, compiler_or_skip())
    message = f"{verdict.kind}\n{candidate.listing()}\n{verdict.detail}"
    assert verdict.kind in ("right", "refused"), message


@functools.cache
def verdict_of(seed: int) -> Verdict:
    """The verdict on a program of the default grammar, worked out once for all tests."""
    return judge(program(seed), compiler_or_skip())


@pytest.mark.parametrize("seed", range(SEEDS))
def test_seed(seed: int) -> None:
    assert_not_wrong(program(seed), verdict_of(seed))


def test_most_are_right() -> None:
    refused = [
        f"{seed}: {v.group}" for seed in range(SEEDS) if (v := verdict_of(seed)).kind != "right"
    ]
    assert len(refused) <= (1.0 - LEAST_RIGHT) * SEEDS, "\n".join(refused)


@pytest.mark.parametrize("seed", range(WIDE_SEEDS))
def test_wide_seed(seed: int) -> None:
    assert_not_wrong(program(seed, wide=True))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_kept(path: Path) -> None:
    assert_not_wrong(read_program(path.read_text(), path.stem))


@settings(DRAWN, max_examples=25)
@given(programs())
def test_drawn(candidate: Program) -> None:
    assert_not_wrong(candidate)


def test_a_seed_always_gives_the_same_program() -> None:
    assert program(7) == program(7)
    assert program(7) != program(8)


def test_listing_is_read_back() -> None:
    made = program(11)
    again = read_program(made.listing(), made.label)
    assert again.argument_texts == made.argument_texts
    with quiet():
        assert again.function()(*again.args) == made.function()(*made.args)


def test_grammar_has_the_whole_language() -> None:
    texts = "\n".join(program(seed).listing() for seed in range(300))
    assert [part for part in WANTED if part not in texts] == []
    assert [part for part in WIDE if part in texts] == []


def test_wide_grammar_leaves_the_language() -> None:
    texts = "\n".join(program(seed, wide=True).listing() for seed in range(100))
    assert [part for part in WIDE if part not in texts] == []


@settings(DRAWN, max_examples=20)
@given(programs())
def test_drawn_programs_run(candidate: Program) -> None:
    assert runs(candidate)


def numeric_gradient(made: Program, name: str) -> list[np.ndarray]:
    """Central differences in double precision, leaf by leaf."""
    texts = (text.replace("float32", "float64") for text in made.argument_texts)
    args = tuple(eval(text, {"np": np, "Pair": Pair, "Record": Record}) for text in texts)
    position = list(inspect.signature(made.function()).parameters).index(name)
    found = central_difference(made.function(), args, position, 3e-5)
    return [np.asarray(leaf, dtype=np.float64) for _, leaf in leaves(found)]


@pytest.mark.parametrize("start", range(0, 300, 50))
def test_oracle_against_central_differences(start: int) -> None:
    for seed in range(start, start + 50):
        made = program(seed)
        with quiet():
            value, gradients = value_and_gradient(made.function(), made.args, made.wrt)
            assert_bitwise(value, made.function()(*made.args))
            tolerance = 1e-2 if has_float32(made.args) else 1e-6
            for name, gradient in zip(made.wrt, gradients, strict=True):
                for (_, leaf), wanted in zip(
                    leaves(gradient), numeric_gradient(made, name), strict=True
                ):
                    scale = tolerance * (1.0 + np.abs(wanted).max(initial=0.0))
                    np.testing.assert_allclose(
                        leaf, wanted, rtol=tolerance, atol=scale, err_msg=made.listing()
                    )
