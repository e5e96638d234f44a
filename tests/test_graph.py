"""The graph: its text, what `verify` catches, and its meaning on the corpus."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from srcad.errors import SrcadError
from srcad.graph import (
    FOR,
    IF,
    OPAQUE,
    WHILE,
    Const,
    Equation,
    Graph,
    Tables,
    Value,
    evaluate,
    to_dot,
    to_text,
    verify,
    walk,
)
from srcad.primitive import Primitive, find
from srcad.types import FLOAT
from tests.corpus.case import Case
from tests.fuzz.programs import program, quiet
from tests.oracles.numeric import assert_bitwise
from tests.stages import parameters_of, primal_of, structured
from tests.test_corpus import CASES


def primitive(function: Any) -> Primitive:
    found = find(function)
    assert found is not None
    return found


ADD = primitive(operator.add)
MULTIPLY = primitive(operator.mul)
GREATER = primitive(operator.gt)


# --- text ---------------------------------------------------------------------------------------


def looped(x: Any, n: int) -> Any:
    for i in range(n):
        x = x * i
    return x


def test_text() -> None:
    primal = primal_of(looped, (2.0, 3), ("x",))
    line = looped.__code__.co_firstlineno
    assert to_text(primal.graph, primal.tables).splitlines() == [
        "graph looped(x: float, n: int) {",
        f"    x_1: float = for 0, n, 1, x    # {line + 1}",
        "    block (i: int, x_2: float) {",
        f"        x_3: float = * x_2, i    # {line + 2}",
        "    } -> x_3",
        "} -> x_1",
    ]


def test_dot_has_a_cluster_for_each_block() -> None:
    primal = primal_of(looped, (2.0, 3), ("x",))
    text = to_dot(primal.graph, primal.tables)
    assert text.startswith("digraph {") and text.endswith("}")
    assert text.count("subgraph cluster_") == 1
    assert '"x_2" -> ' in text


# --- verify -------------------------------------------------------------------------------------


def add(out: Value, *args: Any) -> Equation:
    return Equation((out,), ADD, args)


def undefined(a: Value, b: Value) -> Graph:
    return Graph((a,), [add(Value(), a, b)])


def read_too_early(a: Value, b: Value) -> Graph:
    c = Value()
    return Graph((a,), [add(c, a, b), add(b, a, a)], (c,))


def defined_twice(a: Value, b: Value) -> Graph:
    return Graph((a,), [add(b, a, a), add(b, a, a)], (b,))


def parameter_defined_again(a: Value, b: Value) -> Graph:
    return Graph((a, b), [add(b, a, a)], (b,))


def result_undefined(a: Value, b: Value) -> Graph:
    return Graph((a,), [], (b,))


def result_of_another_block(a: Value, b: Value) -> Graph:
    inner = Graph((), [add(b, a, a)], (b,))
    return Graph((a,), [Equation((Value(),), IF, (a,), (), (inner, Graph((), [], (a,))))], (b,))


def branch_without_a_result(a: Value, b: Value) -> Graph:
    return Graph((a,), [Equation((b,), IF, (a,), (), (Graph((), [], (a,)), Graph()))], (b,))


def loop_carries_too_much(a: Value, b: Value) -> Graph:
    body = Graph((Value(), Value(), Value()), [], (a,))
    bounds = (Const(0), Const(3), Const(1))
    return Graph((a,), [Equation((b,), FOR, (*bounds, a), (), (body,))], (b,))


def loop_that_ends_early_without_trips(a: Value, b: Value) -> Graph:
    body = Graph((Value(), c := Value()), [], (c, Const(True)))
    bounds = (Const(0), Const(3), Const(1))
    return Graph((a,), [Equation((b,), FOR, (*bounds, a), (), (body,))], (b,))


def while_whose_test_does_not_see_what_is_carried(a: Value, b: Value) -> Graph:
    body = Graph((c := Value(),), [], (c,))
    test = Graph((), [], (Const(False),))
    return Graph((a,), [Equation((b, Value()), WHILE, (a,), (), (test, body))], (b,))


BAD = [
    undefined,
    read_too_early,
    defined_twice,
    parameter_defined_again,
    result_undefined,
    result_of_another_block,
    branch_without_a_result,
    loop_carries_too_much,
    loop_that_ends_early_without_trips,
    while_whose_test_does_not_see_what_is_carried,
]


def compared(out: Value, a: Value, b: float) -> Equation:
    return Equation((out,), GREATER, (a, Const(b)))


def test_a_loop_ends_with_the_trip_that_says_so() -> None:
    """`for i in range(5): a = a + a; if a > 3: break`, then the number of trips."""
    a, out, trips, index, head, end, stop = (Value() for _ in range(7))
    body = Graph((index, head), [add(end, head, head), compared(stop, end, 3.0)], (end, stop))
    bounds = (Const(0), Const(5), Const(1))
    graph = Graph((a,), [Equation((out, trips), FOR, (*bounds, a), (), (body,))], (out, trips))
    verify(graph)
    assert [evaluate(graph, (x,)) for x in (1.0, 2.0, 0.01)] == [(4.0, 2), (4.0, 1), (0.32, 5)]


def test_a_while_asks_before_each_trip() -> None:
    """`while a > 1: a = a + a - 3 a`, then the number of trips."""
    a, out, trips, asked, found, head, end = (Value() for _ in range(7))
    test = Graph((asked,), [compared(found, asked, 1.0)], (found,))
    halved = Equation((end,), MULTIPLY, (head, Const(0.5)))
    body = Graph((head,), [halved], (end,))
    graph = Graph((a,), [Equation((out, trips), WHILE, (a,), (), (test, body))], (out, trips))
    verify(graph)
    assert [evaluate(graph, (x,)) for x in (0.5, 3.0, 8.0)] == [(0.5, 0), (0.75, 2), (1.0, 3)]


def test_a_backward_loop_runs_over_the_trips_that_were_made() -> None:
    """`for i in reversed(range(5)[:2]): a = a + a + i`."""
    a, out, index, head, doubled, end = (Value() for _ in range(6))
    body = Graph((index, head), [add(doubled, head, head), add(end, doubled, index)], (end,))
    keywords = (("reversed", Const(True)), ("trips", Const(2)))
    args = (Const(0), Const(5), Const(1), a)
    graph = Graph((a,), [Equation((out,), FOR, args, keywords, (body,))], (out,))
    assert evaluate(graph, (1.0,)) == (6.0,)  # i = 1, then i = 0


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.__name__)
def test_violation_is_caught(bad: Callable[[Value, Value], Graph]) -> None:
    with pytest.raises(AssertionError):
        verify(bad(Value(), Value()))


def test_a_value_without_a_type_is_caught() -> None:
    a = Value()
    verify(Graph((a,), [], (a,)), Tables({a: FLOAT}))
    with pytest.raises(AssertionError, match="no type"):
        verify(Graph((a,), [], (a,)), Tables())


def test_a_backward_block_sees_the_block_that_it_mirrors() -> None:
    a, b, c = Value(), Value(), Value()
    primal = Graph((a,), [add(b, a, a)], (b,))
    verify(Graph((), [add(c, a, b)], (c,), mirror=primal))
    with pytest.raises(AssertionError):
        verify(Graph((), [add(c, a, b)], (c,)))


# --- evaluate -----------------------------------------------------------------------------------


def evaluated(function: Any, args: tuple[Any, ...], wrt: tuple[str, ...]) -> Any:
    """What the primal graph of a function means; None if part of it is not in the graph."""
    try:
        primal = primal_of(function, args, wrt)
    except SrcadError:
        return None
    verify(primal.graph, primal.tables)
    if any(equation.primitive is OPAQUE for equation in walk(primal.graph)):
        return None
    with quiet():
        results = evaluate(primal.graph, parameters_of(primal, function, args))
    return structured(primal.result, results)


@pytest.mark.parametrize("case", CASES)
def test_graph_means_the_function(case: Case) -> None:
    found = evaluated(case.function, case.make_args(), case.names())
    if found is None:
        pytest.skip("refused, or with statements that the graph does not hold")
    with quiet():
        assert_bitwise(found, case.function(*case.make_args()))


@pytest.mark.parametrize("start", range(0, 200, 50))
def test_graph_means_the_random_program(start: int) -> None:
    compared = 0
    for seed in range(start, start + 50):
        made = program(seed)
        function = made.function()
        found = evaluated(function, made.args, made.wrt)
        if found is not None:
            with quiet():
                assert_bitwise(found, function(*made.args), made.listing())
            compared += 1
    assert compared >= 10


def test_evaluate_short_circuits() -> None:
    def both(x: Any, n: int) -> Any:
        if n > 0 and n < 3:
            x = x * 2.0
        return x

    for n in (0, 1, 3):
        assert evaluated(both, (1.5, n), ("x",)) == both(1.5, n)


def test_evaluate_leaves_arguments_alone() -> None:
    def written(x: Any) -> Any:
        y = x * 1.0
        y += x
        return np.sum(y)

    x = np.ones(3)
    assert evaluated(written, (x,), ("x",)) == 6.0
    assert np.all(x == 1.0)
