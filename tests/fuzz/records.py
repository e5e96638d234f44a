"""The named tuple and the dataclass that generated programs hold arrays in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


class Pair(NamedTuple):
    """Two values by name and by position."""

    first: Any
    second: Any


@dataclass
class Record:
    """Two values by attribute."""

    weight: Any
    bias: Any

    def scaled(self, factor: Any) -> Any:
        """The weight, times a factor."""
        return self.weight * factor
