"""The user's tree -> the smaller language that the builder reads: an ordered list of rewrites.

A rewrite is a pure function: it returns a new tree, or the very tree that it was given where it has
nothing to do. Every new node stands at the place of the node that it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from srcad.normalise.conditional import expand_conditionals

REWRITES: tuple[Callable[[Any], Any], ...] = (
    expand_conditionals,  # y = a if c else b -> an if statement
)


def normalise(tree: Any) -> Any:
    """Apply every rewrite once, in order; the tree that is given stays as it is."""
    for rewrite in REWRITES:
        tree = rewrite(tree)
    return tree
