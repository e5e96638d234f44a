"""The adjoint made lighter: passes over the backward graph until none finds anything.

The primal is never rewritten. The adjoint may gather constants and counts and drop what has no effect:
a few units in the last place, and never a change of shape, dtype, NaN or infinity. Each pass takes a
graph and returns it, the same object if there was nothing to do.
"""

from __future__ import annotations

from srcad.graph import Graph, Tables
from srcad.optimise.broadcasts import drop_broadcasts
from srcad.optimise.choices import join_choices
from srcad.optimise.common import share_common
from srcad.optimise.dead import drop_dead
from srcad.optimise.identities import apply_identities
from srcad.optimise.products import gather_products
from srcad.optimise.regions import simplify_regions
from srcad.optimise.shapes import choose_witnesses

PASSES = (
    drop_dead,
    simplify_regions,
    apply_identities,
    join_choices,
    share_common,
    drop_broadcasts,
    gather_products,
    choose_witnesses,
)
MOST_ROUNDS = 20


def optimise(graph: Graph, tables: Tables) -> Graph:
    """Run every pass, in order, until all return what they were given.

    >>> import numpy as np
    >>> from srcad import grad
    >>> squares = grad(lambda x: np.mean(x * x))
    >>> text = squares.specialize(np.ones(3), guard=False).source
    >>> [line.split("#")[0].strip() for line in text.splitlines()[-2:]]
    ['dx = 2.0 / x.size * x', 'return dx']
    """
    for _ in range(MOST_ROUNDS):
        before = graph
        for optimisation in PASSES:
            graph = optimisation(graph, tables)
        if graph is before:
            break
    return graph
