"""Which of the arrays that a loop carries may share memory at one point."""

from __future__ import annotations

from srcad.build.apart import Apart
from srcad.build.state import State
from srcad.graph import Value

NONE = frozenset[object]()


class Loop:
    """A loop that carries arrays, each with its value at the head, at first from memory of its own."""

    def __init__(self, *names: str) -> None:
        self.state = State()
        self.apart = Apart(self.state)
        self.starts = {name: Value() for name in names}
        for start in self.starts.values():
            self.state.origins[start] = frozenset({object()})
        self.heads: dict[str, Value] = {}
        self.begin()

    def begin(self) -> None:
        everything = frozenset().union(*(self.state.origins[s] for s in self.starts.values()))
        for name in self.starts:
            self.heads[name] = Value()
            self.state.origins[self.heads[name]] = everything
            self.apart.assume((name, 0), self.heads[name])

    def end(self, outside: frozenset[object] = NONE, **ends: Value) -> bool:
        """Whether the end of an iteration overlaps where it was not assumed."""
        return self.apart.learn(
            {name: [ends.get(name, head)] for name, head in self.heads.items()},
            {name: [start] for name, start in self.starts.items()},
            outside,
        )

    def together(self, one: str, other: str) -> bool:
        near = self.state.near_of
        return bool(near(self.heads[one]) & near(self.heads[other]))


def test_carried_arrays_are_apart() -> None:
    loop = Loop("u", "v")
    assert not loop.together("u", "v") and not loop.end()


def test_swapped_buffers_stay_apart() -> None:
    loop = Loop("u", "v")
    assert not loop.end(u=loop.heads["v"], v=loop.heads["u"])


def test_what_becomes_one_array_is_together() -> None:
    loop = Loop("u", "v")
    assert loop.end(v=loop.heads["u"])
    loop.begin()
    assert loop.together("u", "v") and not loop.end(v=loop.heads["u"])


def test_what_begins_as_one_array_is_together() -> None:
    loop = Loop("u", "v")
    loop.state.origins[loop.starts["v"]] = loop.state.origins[loop.starts["u"]]
    assert loop.end()
    loop.begin()
    assert loop.together("u", "v")


def test_what_is_reached_from_outside_keeps_that_memory() -> None:
    loop = Loop("u", "v")
    outside = loop.state.origins[loop.starts["u"]]
    assert loop.end(outside)
    loop.begin()
    assert outside <= loop.state.near_of(loop.heads["u"])
    assert not outside & loop.state.near_of(loop.heads["v"])


def test_numbers_have_no_memory() -> None:
    loop = Loop("u")
    number = Value()
    loop.apart.assume(("n", 0), number)
    assert loop.state.near_of(number) == NONE
