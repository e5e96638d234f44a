"""What nothing reads is not computed."""

from __future__ import annotations

from dataclasses import replace

from srcad.graph import Graph, Tables, Value, reads, values


def drop_dead(graph: Graph, tables: Tables) -> Graph:
    """`a = f(x); b = g(x) -> b` becomes `b = g(x) -> b`, in every block."""
    return _without_dead(graph)


def _without_dead(graph: Graph) -> Graph:
    needed: set[Value] = set(values(graph.results))
    kept = []
    for equation in reversed(graph.equations):
        if not needed.intersection(equation.outs):
            continue
        blocks = tuple(map(_without_dead, equation.blocks))
        if any(a is not b for a, b in zip(blocks, equation.blocks, strict=True)):
            equation = replace(equation, blocks=blocks)
        needed.update(reads(equation))
        kept.append(equation)
    kept.reverse()
    same = len(kept) == len(graph.equations) and all(
        a is b for a, b in zip(kept, graph.equations, strict=True)
    )
    return graph if same else replace(graph, equations=kept)
