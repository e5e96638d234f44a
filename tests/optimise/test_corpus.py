"""The passes on the backward sweeps of the corpus: the meaning stays, and what they give is a graph."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from srcad import errors, grad, pipeline
from srcad.graph import verify
from srcad.optimise import MOST_ROUNDS, PASSES
from tests.corpus.case import Case
from tests.fuzz.programs import program, quiet
from tests.oracles.numeric import assert_same
from tests.stages import swept
from tests.test_corpus import CASES


@pytest.mark.parametrize("case", CASES)
def test_each_pass_gives_a_graph_and_settles(case: Case) -> None:
    try:
        made = swept(case.function, case.make_args(), case.names())
    except errors.SrcadError:
        return
    graph, tables = made.backward, made.primal.tables
    for _ in range(MOST_ROUNDS):
        before = graph
        for optimisation in PASSES:
            graph = optimisation(graph, tables)
            verify(graph, tables)
        if graph is before:
            return
    raise AssertionError("the passes do not settle")


def gradients(function: Any, args: Any, wrt: tuple[str, ...]) -> Any:
    """The gradient by specialised code that is newly compiled, or None."""
    with quiet():
        try:
            return grad(function, wrt)(*args)
        except errors.SrcadError:
            return None


@pytest.mark.parametrize("case", CASES)
def test_optimised_is_unoptimised(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    found = gradients(case.function, case.make_args(), case.names())
    monkeypatch.setattr(pipeline, "optimise", lambda graph, tables: graph)
    plain = gradients(case.function, case.make_args(), case.names())
    single = any(isinstance(a, np.ndarray) and a.dtype == np.float32 for a in case.args)
    if plain is not None:
        assert_same(found, plain, 1e-5 if single else 1e-12, atol=1e-5 if single else 1e-12)


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_optimised_is_unoptimised_for_random_programs(
    start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(start, start + 25):
        made = program(seed)
        function = made.function()
        found = gradients(function, made.args, made.wrt)
        with monkeypatch.context() as patch:
            patch.setattr(pipeline, "optimise", lambda graph, tables: graph)
            plain = gradients(function, made.args, made.wrt)
        if plain is not None and "float32" not in made.listing():
            assert_same(found, plain, 1e-9, atol=1e-9)
