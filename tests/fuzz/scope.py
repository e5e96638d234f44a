"""What a generated program may read at a place: variables by shape, integers, helpers."""

from __future__ import annotations

from dataclasses import dataclass, field

Shape = tuple[int, ...]


@dataclass
class Helper:
    """A user function that may be called: the shapes that it takes, and that it returns."""

    name: str
    names: tuple[str, ...]
    parameters: tuple[Shape, ...]
    result: Shape | None  # None: the shape of its first argument, whatever that is
    option: str | None = None
    pair: bool = False  # returns a tuple of two such results


@dataclass
class Scope:
    """The names that may be read here."""

    floats: dict[str, Shape] = field(default_factory=dict)
    fixed: dict[str, Shape] = field(default_factory=dict)  # items of containers: read only
    integers: dict[str, int] = field(default_factory=dict)  # an upper bound of each
    helpers: list[Helper] = field(default_factory=list)

    def copy(self) -> Scope:
        """A scope for a nested block."""
        return Scope(dict(self.floats), dict(self.fixed), dict(self.integers), list(self.helpers))

    def with_shape(self, shape: Shape) -> list[str]:
        """The variables of one shape, the latest first."""
        everything = {**self.fixed, **self.floats}
        return [name for name, other in reversed(everything.items()) if other == shape]


def wrap(text: str) -> str:
    """Parentheses around an operation."""
    plain = all(character not in text for character in " -")
    return text if plain or (text.startswith(("np.", "(")) and closes(text)) else f"({text})"


def closes(text: str) -> bool:
    """Whether the first bracket of a text closes at its end."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        if depth == 0 and character in ")]}":
            return position == len(text) - 1
    return False
