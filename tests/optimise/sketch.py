"""Small backward graphs from expressions, and expressions from graphs: what a pass does in one line.

    x, y, z: f8[n, m]; row: f8[m]; column: f8[n, 1]; single: f4[n, m]; k: a Python float; i: an int
"""

from __future__ import annotations

from collections.abc import Callable

import gast
import numpy as np

from srcad.emit.equations import Equations
from srcad.emit.vocabulary import Vocabulary
from srcad.emit.writer import write_expression
from srcad.graph import Equation, Graph, Tables, Value, verify
from srcad.names import Names
from srcad.optimise.rewrite import definitions
from srcad.rulebook import RuleBody
from srcad.typed import Emitter
from srcad.types import FLOAT, INT, Symbol, Tensor, Type, array

Pass = Callable[[Graph, Tables], Graph]
N, M = Symbol("n", True), Symbol("m", True)
F8, F4 = np.dtype(np.float64), np.dtype(np.float32)
TYPES: dict[str, Type] = {
    "x": array(F8, (N, M)),
    "y": array(F8, (N, M)),
    "z": array(F8, (N, M)),
    "row": array(F8, (M,)),
    "column": array(F8, (N, 1)),
    "single": array(F4, (N, M)),
    "unknown": Tensor(),
    "k": FLOAT,
    "i": INT,
}


def compute(x: object) -> object:
    """Stands for a rule: its globals are NumPy and Python's own."""
    return np.tanh(x)


def sketch(*expressions: str) -> tuple[Graph, Tables]:
    """A graph whose results are the expressions; each is computed apart."""
    tables = Tables()
    graph = Graph(name="sketch")
    emitter = Emitter(tables, graph, "adjoint")
    env = {name: emitter.define(type_, name) for name, type_ in TYPES.items()}
    graph.params = tuple(env.values())
    body = RuleBody(emitter, compute, dict(env), None)
    trees = [gast.parse(text, mode="eval").body for text in expressions]
    graph.results = tuple(body.value(tree) for tree in trees)
    verify(graph, tables)
    return graph, tables


def expressions(graph: Graph, tables: Tables) -> list[str]:
    """Each result of a graph as one expression."""
    made = definitions(graph)
    vocabulary = Vocabulary(Names(), {"np": np}, set())

    def value(v: Value) -> object:
        equation: Equation | None = made.get(v)
        if equation is None:
            return gast.Name(tables.names[v], gast.Load(), None, None)
        return equations.expression(equation)

    equations = Equations(tables, vocabulary, value)
    return [write_expression(equations.operand(result)) for result in graph.results]


def changed(optimisation: Pass, *before: str) -> list[str]:
    """The expressions after a pass."""
    graph, tables = sketch(*before)
    after = optimisation(graph, tables)
    verify(after, tables)
    return expressions(after, tables)


def is_unchanged(optimisation: Pass, *before: str) -> bool:
    """Whether a pass returns the very graph that it is given."""
    graph, tables = sketch(*before)
    return optimisation(graph, tables) is graph


