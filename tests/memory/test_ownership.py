"""Which additions are made in place, and that no gradient shares memory with anything."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from srcad import errors, value_and_grad
from srcad.memory.ownership import own
from tests.corpus.case import Case
from tests.fuzz.programs import program, quiet
from tests.optimise.sketch import sketch
from tests.oracles.numeric import leaves
from tests.test_corpus import CASES

# --- one addition -------------------------------------------------------------------------------


def in_place(text: str) -> int:
    """How many additions of an expression are made in place."""
    graph, tables = sketch(text)
    return len(own(graph, tables, set()).in_place)


def test_into_memory_of_its_own() -> None:
    assert in_place("np.exp(x) + y") == 1
    assert in_place("np.exp(x) + y - z") == 2


@pytest.mark.parametrize(
    "text",
    [
        "x + y",  # an argument
        "x.T.T + y",  # a view of one
        "np.exp(row) + y",  # which is larger
        "np.exp(single) + y",  # of another dtype
        "np.sum(x) + k",  # a number
        "np.broadcast_to(np.exp(row), x.shape) + y",  # elements that share memory
    ],
)
def test_not_into_other_memory(text: str) -> None:
    assert in_place(text) == 0


def test_not_where_it_is_still_read() -> None:
    graph, tables = sketch("np.exp(x) + y")
    (exponential, total) = (equation.out for equation in graph.equations)
    graph.results = (total, exponential)
    assert not own(graph, tables, set()).in_place


def test_not_where_a_view_of_it_is_still_read() -> None:
    graph, tables = sketch("np.exp(x) + y", "np.exp(z).T")
    exponential, total, _, view = graph.equations
    graph.equations[3] = replace(view, args=(exponential.out,))
    graph.equations[1], graph.equations[3] = graph.equations[3], total
    assert not own(graph, tables, set()).in_place
    graph.results = graph.results[:1]
    assert own(graph, tables, set()).in_place == {total}


# --- gradients ----------------------------------------------------------------------------------


def arrays(value: Any) -> list[np.ndarray]:
    return [leaf for _, leaf in leaves(value) if isinstance(leaf, np.ndarray)]


def assert_apart(function: Any, args: Any, wrt: tuple[str, ...]) -> bool:
    """Gradients are writable, and share memory with nothing; False if the program is refused."""
    with quiet():
        try:
            value, gradients = value_and_grad(function, wrt)(*args)
        except errors.SrcadError:
            return False
    found = arrays(gradients)
    assert all(a.flags.writeable for a in found)
    for a, b in combinations(found, 2):
        assert not np.shares_memory(a, b), "two gradients share memory"
    for a in found:
        for b in (*arrays(value), *arrays(list(args))):
            assert not np.shares_memory(a, b), "a gradient shares memory with the value or an argument"
    return True


@pytest.mark.parametrize("case", CASES)
def test_gradients_stand_apart(case: Case) -> None:
    assert_apart(case.function, case.make_args(), case.names())


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_gradients_of_random_programs_stand_apart(start: int) -> None:
    made = [program(seed) for seed in range(start, start + 25)]
    assert sum(assert_apart(p.function(), p.args, p.wrt) for p in made) >= 10
