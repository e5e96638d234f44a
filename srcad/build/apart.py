"""Which of the things that a loop carries may share memory at one point of an iteration.

Over all iterations `u, v = v, u` lets both names hold both arrays; at the head of any one iteration
they hold different ones. So each carried array has a token of its own, and two share another only if
they may overlap when the loop begins or when an iteration ends. What is reached from outside of the loop
too keeps the memory that it has there.

    u, v = v, u      apart, since they were at the head
    v = u            together
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from srcad.build.state import Memory, State
from srcad.graph import Operand, Value

Place = tuple[Any, int]
"""What is carried, and which of its leaves."""


@dataclass(slots=True)
class Apart:
    """What is assumed so far of the overlaps at a loop's head."""

    state: State
    own: dict[Place, object] = field(default_factory=dict)
    pairs: dict[frozenset[Place], object] = field(default_factory=dict)
    outside: dict[Place, set[object]] = field(default_factory=dict)

    def assume(self, place: Place, head: Value) -> None:
        """Give a head the tokens of what it may overlap."""
        if not self.state.origins.get(head):
            return  # a number
        own = self.own.setdefault(place, object())
        shared = {token for pair, token in self.pairs.items() if place in pair}
        self.state.near[head] = frozenset({own, *shared, *self.outside.get(place, ())})

    def learn(
        self,
        ends: Mapping[Any, Sequence[Operand]],
        starts: Mapping[Any, Sequence[Operand]],
        outside: Memory,
    ) -> bool:
        """Whether the starts, or the ends of an iteration, overlap where it was not assumed."""
        news = False
        for sides in (ends, starts):
            memory = {
                (key, i): self.state.near_of(leaf)
                for key, found in sides.items()
                for i, leaf in enumerate(found)
            }
            for one, other in combinations(memory, 2):
                pair = frozenset((one, other))
                if memory[one] & memory[other] and pair not in self.pairs:
                    self.pairs[pair] = object()
                    news = True
            for place, near in memory.items():
                found = (near & outside) - self.outside.setdefault(place, set())
                self.outside[place] |= found
                news |= bool(found)
        return news
