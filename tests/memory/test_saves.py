"""What the forward sweep keeps: as little as it can, and what a later statement overwrites as a copy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from srcad.errors import SrcadError
from srcad.graph import PUSHED, Value, captured, graphs, walk
from srcad.memory.saves import Saves
from tests.corpus.case import Case
from tests.stages import saves_of
from tests.test_corpus import CASES

X = np.array([0.3, -0.4, 0.5])
A = np.ones((3, 3))


def kept(saves: Saves) -> list[str]:
    """What is kept: a list `name[]`, or a name; `*` for a copy."""
    return [
        save.name + ("[]" if save.pushed else "") + ("*" if save.copied else "")
        for save in saves.saves
    ]


def test_straight_line_keeps_nothing_that_has_a_name() -> None:
    def f(x: Any) -> Any:
        h = np.tanh(x)
        return np.sum(h * h)

    assert kept(saves_of(f, X)) == []


def test_an_inner_value_is_given_a_name_where_it_is_read() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.tanh(np.exp(x)))

    assert kept(saves_of(f, X)) == ["exp", "tanh"]


def test_a_rule_that_reads_its_result_does_not_keep_its_argument() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.tanh(2.0 * x))

    assert kept(saves_of(f, X)) == ["tanh"]


def test_the_recurrence_keeps_its_state_alone() -> None:
    def f(x: Any, a: Any, n: int) -> Any:
        h = x
        for _ in range(n):
            h = np.tanh(a @ h)
        return np.sum(h)

    assert kept(saves_of(f, X, A, 3, wrt=("x", "a"))) == ["hs[]"]


def test_a_linear_stencil_in_place_keeps_nothing() -> None:
    def f(x: Any, a: Any, n: int) -> Any:
        u = x * 1.0
        for _ in range(n):
            u += 0.1 * (a @ u)
            u -= 0.2 * u.T
        return np.sum(u)

    assert kept(saves_of(f, X, A, 3)) == []


def test_an_addition_in_place_keeps_nothing() -> None:
    def f(x: Any, n: int) -> Any:
        u = x * 2.0
        for i in range(n):
            u += x * i
        return np.sum(u)

    assert kept(saves_of(f, X, 3)) == []


def test_items_of_an_argument_are_loaded_again() -> None:
    def f(x: Any) -> Any:
        total = 0.0
        for i in range(len(x) - 1):
            total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
        return total

    assert kept(saves_of(f, X)) == []


def test_what_is_overwritten_is_copied() -> None:
    def f(x: Any) -> Any:
        u = x * 2.0
        total = np.sum(u * u)
        u += x
        return total + np.sum(u)

    (save,) = saves_of(f, X).saves
    assert save.copied and not save.pushed


def test_the_side_that_was_taken_is_kept_in_a_loop() -> None:
    def f(x: Any, n: int) -> Any:
        for _ in range(n):
            if x > 1.0:
                x = x * 0.5
            else:
                x = x + 0.25
        return x

    saves = saves_of(f, 0.3, 3)
    assert [save.pushed for save in saves.saves] == [True]


def test_shapes_are_asked_and_not_kept() -> None:
    def f(x: Any) -> Any:
        return np.mean(x) * np.sum(x[1:])

    assert not any("shape" in name or "size" in name for name in kept(saves_of(f, X)))


@pytest.mark.parametrize("case", CASES)
def test_every_reference_is_settled(case: Case) -> None:
    """What the settled graph reads from outside has a name, and each list is popped in one place."""
    try:
        saves = saves_of(case.function, *case.make_args(), wrt=case.names())
    except SrcadError:
        return
    assert set(captured(saves.graph)) <= set(saves.reached)
    popped: dict[str, list[Value]] = {}
    for graph in graphs(saves.graph):
        for equation in graph.equations:
            if equation.primitive is PUSHED:
                popped.setdefault(saves.lists[equation.out], []).append(equation.out)
    pushed = {save.name for save in saves.saves if save.pushed}
    assert set(popped) == pushed
    assert all(len(values) == 1 for values in popped.values())
    assert len(list(walk(saves.graph))) >= len(popped)
