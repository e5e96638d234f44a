"""Programs of the whole language: the generator, the oracle on them, and a few by srcad."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings

from tests.fuzz.full.constructs import CONSTRUCTS, constructs_of, coverage
from tests.fuzz.full.templates import VALUES, WRITES
from tests.fuzz.full.writer import BLOCKS, PLAIN, WEIGHTS, full_program, full_programs
from tests.fuzz.programs import Program, quiet, read_program, runs
from tests.fuzz.test_programs import DRAWN, assert_not_wrong, numeric_gradient
from tests.oracles.dual import value_and_gradient
from tests.oracles.numeric import assert_bitwise, leaves

PROGRAMS = 600
JUDGED = 40
LEAST_SHARE = 0.02
LEAST_ACTIVE = 0.5


@functools.cache
def made(seed: int) -> Program:
    """The program of a seed, made once for all tests."""
    return full_program(seed)


def test_each_construct_occurs_and_is_active() -> None:
    occurs, active = coverage(made(seed).text for seed in range(PROGRAMS))
    rare = [name for name in CONSTRUCTS if occurs[name] < LEAST_SHARE * PROGRAMS]
    idle = [name for name in CONSTRUCTS if active[name] < LEAST_ACTIVE * occurs[name]]
    assert (rare, idle) == ([], [])


def test_each_template_is_called() -> None:
    text = "\n".join(made(seed).text for seed in range(PROGRAMS))
    for name, template in {**VALUES, **WRITES}.items():
        assert template.text.splitlines()[0] in text, name


def test_constructs_are_found() -> None:
    text = "def program(x, n):\n    for i in range(n):\n        x[1:] *= 2.0\n    return x[0]\n"
    found = constructs_of(text)
    assert found == {"for over range": True, "slice augmented": True}
    idle = constructs_of("def program(x, n):\n    for i in range(n):\n        pass\n")
    assert idle == {"for over range": False}


@pytest.mark.parametrize("name", [*WEIGHTS, *BLOCKS])
def test_each_production_writes_programs_that_run(name: str) -> None:
    assert runs(full_program(0, frozenset({name})))


def test_a_run_is_restricted_to_some_productions() -> None:
    assert {*WEIGHTS, *BLOCKS} >= PLAIN
    texts = [full_program(seed, frozenset({"store_slice"})).text for seed in range(40)]
    held = {name for text in texts for name in constructs_of(text)}
    assert "slice assigned" in held
    assert not held & {"while", "break", "nested def", "list append", "walrus", "out="}
    with pytest.raises(ValueError, match="store_slices"):
        full_program(0, frozenset({"store_slices"}))


def test_a_seed_always_gives_the_same_program() -> None:
    assert full_program(7) == made(7) != made(8)
    assert read_program(made(7).listing(), made(7).label).argument_texts == made(7).argument_texts
    assert runs(made(7))


@pytest.mark.parametrize("start", range(0, 150, 50))
def test_oracle_against_central_differences(start: int) -> None:
    for seed in range(start, start + 50):
        assert_oracle_right(made(seed))


def assert_oracle_right(candidate: Program) -> None:
    with quiet():
        value, gradients = value_and_gradient(candidate.function(), candidate.args, candidate.wrt)
        assert_bitwise(value, candidate.function()(*candidate.args))
        for name, gradient in zip(candidate.wrt, gradients, strict=True):
            both = zip(leaves(gradient), numeric_gradient(candidate, name), strict=True)
            for (_, leaf), wanted in both:
                scale = 1e-5 * (1.0 + np.abs(wanted).max(initial=0.0))
                np.testing.assert_allclose(
                    leaf, wanted, rtol=1e-5, atol=scale, err_msg=candidate.listing()
                )


@settings(DRAWN, max_examples=10)
@given(full_programs())
def test_drawn(candidate: Program) -> None:
    assert_not_wrong(candidate)


@pytest.mark.parametrize("seed", range(JUDGED))
def test_seed(seed: int) -> None:
    assert_not_wrong(made(seed))
