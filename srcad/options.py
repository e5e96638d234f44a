"""What is asked of a gradient function."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked of the gradient function."""

    wrt: tuple[str, ...]  # the names of the arguments
    bare: bool = False  # one gradient, not a tuple of one
    with_value: bool = False
    with_aux: bool = False
