"""Graphs for people: as text, and for Graphviz."""

from __future__ import annotations

from dataclasses import dataclass

from srcad.graph import Graph, Tables, to_dot, to_text


@dataclass(frozen=True, slots=True, eq=False)
class GraphView:
    """A graph that prints."""

    graph: Graph
    tables: Tables

    def __str__(self) -> str:
        return to_text(self.graph, self.tables)

    __repr__ = __str__

    def to_dot(self) -> str:
        """The graph in the language of Graphviz."""
        return to_dot(self.graph, self.tables)
