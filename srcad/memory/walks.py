"""Walks over a primal graph: its equations, where a value is defined, what a branch gives."""

from __future__ import annotations

from collections.abc import Iterator

from srcad.graph import IF, Equation, Graph, Value, values
from srcad.memory.places import Region


def share_loop(one: Region, other: Region) -> bool:
    """Whether two blocks stand in one loop."""
    loops = set()
    region: Region | None = one
    while region is not None:
        if region.loop:
            loops.add(region.graph)
        region = region.outer
    region = other
    while region is not None:
        if region.graph in loops:
            return True
        region = region.outer
    return False


def equations(graph: Graph) -> Iterator[Equation]:
    """All equations of a graph and its blocks."""
    for equation in graph.equations:
        yield equation
        for block in equation.blocks:
            yield from equations(block)


def definitions(graph: Graph) -> Iterator[tuple[Value, Equation]]:
    """Each value with the equation that defines it."""
    for equation in equations(graph):
        for out in equation.outs:
            yield out, equation


def joins(graph: Graph) -> Iterator[tuple[Value, Value]]:
    """What a branch gives -> what stands for it after the `if`."""
    for equation in equations(graph):
        if equation.primitive is IF:
            for block in equation.blocks:
                own = {out for inner in block.equations for out in inner.outs}
                for result, out in zip(block.results, equation.outs, strict=True):
                    if result in own:
                        yield result, out


def all_values(equation: Equation) -> Iterator[Value]:
    """The values that an equation reads, those in its blocks among them."""
    yield from equation.ins
    for block in equation.blocks:
        yield from values(block.results)
        for inner in block.equations:
            yield from all_values(inner)
