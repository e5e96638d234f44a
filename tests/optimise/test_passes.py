"""Each pass on one-line programs: what must change, and what must not."""

from __future__ import annotations

import pytest

from srcad.graph import Graph, reads, walk
from srcad.optimise import PASSES, optimise
from srcad.optimise.broadcasts import drop_broadcasts
from srcad.optimise.common import share_common
from srcad.optimise.dead import drop_dead
from srcad.optimise.identities import apply_identities
from srcad.optimise.products import gather_products
from srcad.optimise.rewrite import uses
from tests.optimise.sketch import Pass, changed, is_unchanged, sketch

CHANGED: dict[Pass, dict[str, str]] = {
    apply_identities: {
        "1.0 * x": "x",
        "x * 1.0": "x",
        "x / 1.0": "x",
        "x ** 1": "x",
        "-(-x)": "x",
        "x + x": "2.0 * x",
        "x * 2.0": "2.0 * x",
        "x * -1.0": "-x",
        "x + (-y)": "x - y",
        "(-x) + y": "y - x",
        "x - (-y)": "x + y",
        "x.T.T": "x",
        "np.sum(-x)": "-np.sum(x)",
    },
    gather_products: {
        "0.5 * (2.0 * x)": "x",
        "2.0 * x * 3.0": "6.0 * x",
        "-(x * -2.0)": "2.0 * x",
        "2.0 * (x / x.size)": "2.0 / x.size * x",
        "np.sum(x) * 2.0 * 0.5": "np.sum(x)",
    },
    drop_broadcasts: {
        "np.broadcast_to(k, x.shape) * x": "k * x",
        "np.broadcast_to(row, x.shape) + x": "row + x",
        "np.tanh(np.broadcast_to(row, x.shape))": "np.broadcast_to(np.tanh(row), x.shape)",
    },
}
UNCHANGED: dict[Pass, list[str]] = {
    apply_identities: [
        "0.0 * x",  # which is nan where x is
        "x / x",
        "x + 0.0",  # which is 0.0 where x is -0.0
        "0.0 - x",
        "x ** 2.0",
        "2.0 * x",
        "i * 1.0",  # which is a float
        "x.T",
        "np.sum(x)",
    ],
    gather_products: [
        "2.0 * x",
        "x * y * z",
        "x / y",
        "0.0 * x",
        "2.0 * np.tanh(3.0 * x)",
    ],
    drop_broadcasts: [
        "row * x",
        "np.broadcast_to(k, x.shape)",
        "np.sum(np.broadcast_to(row, x.shape))",
        "np.broadcast_to(row, x.shape) @ y.T",
    ],
    share_common: ["np.tanh(x) + np.tanh(y)", "x * y + y * x"],
    drop_dead: ["np.tanh(x) * y"],
}


@pytest.mark.parametrize(
    ("optimisation", "before"),
    [pytest.param(p, text, id=text) for p, texts in CHANGED.items() for text in texts],
)
def test_changed(optimisation: Pass, before: str) -> None:
    assert changed(optimisation, before) == [CHANGED[optimisation][before]]
    assert is_unchanged(optimisation, CHANGED[optimisation][before])


@pytest.mark.parametrize(
    ("optimisation", "before"),
    [pytest.param(p, text, id=text) for p, texts in UNCHANGED.items() for text in texts],
)
def test_unchanged(optimisation: Pass, before: str) -> None:
    assert is_unchanged(optimisation, before)


def count(graph: Graph) -> int:
    return len(list(walk(graph)))


def test_what_stands_twice_is_computed_once() -> None:
    graph, tables = sketch("np.tanh(x) * np.tanh(x)", "np.tanh(x)")
    assert count(graph) == 4
    assert count(drop_dead(share_common(graph, tables), tables)) == 2


def test_zeros_of_two_signs_are_two_constants() -> None:
    assert is_unchanged(share_common, "x * 0.0 + x * -0.0")


def test_what_nothing_reads_goes_with_what_it_alone_reads() -> None:
    graph, tables = sketch("np.tanh(x) * y", "x")
    graph.results = graph.results[1:]
    after = drop_dead(graph, tables)
    assert not after.equations and after.results == graph.results


def test_a_dtype_is_never_lost() -> None:
    """`single * 1.0` is single; a factor of double precision is not."""
    assert changed(apply_identities, "single * 1.0") == ["single"]
    for text in ("np.broadcast_to(k, x.shape) * single", "np.broadcast_to(row, x.shape) * single"):
        graph, tables = sketch(text)
        after = optimise(graph, tables)
        before_type, type_ = (tables.types[g.results[0]] for g in (graph, after))
        assert type_ == before_type, text


def test_nothing_is_assumed_of_what_is_unknown() -> None:
    for text in ("unknown * 1.0", "1.0 * unknown", "unknown ** 1", "-(-unknown)"):
        for optimisation in PASSES:
            graph, tables = sketch(text)
            after = optimisation(graph, tables)
            assert tables.types[after.results[0]] == tables.types[graph.results[0]], text


def test_the_passes_settle() -> None:
    graph, tables = sketch("np.broadcast_to(-(-k), x.shape) * (x * 2.0) * (3.0 / x.size)")
    after = optimise(graph, tables)
    assert optimise(after, tables) is after
    assert all(optimisation(after, tables) is after for optimisation in PASSES)
    read = uses(after)
    assert all(read[value] for equation in walk(after) for value in reads(equation))
