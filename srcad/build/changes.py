"""Changes of containers: what is undone at the end of a branch or of a loop's body, and joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from srcad.graph import Const, Operand
from srcad.records import Record

Container = Any  # a list or a dict of operands


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A container, and what it holds, or held before."""

    container: Container
    before: Container


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A container as a key: by identity."""

    container: Container

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and self.container is other.container

    def __hash__(self) -> int:
        return id(self.container)

    def contents(self) -> Container:
        """What it holds now, with the containers in it as constants: each is an object of its own."""
        return closed(self.container)


class Grows(Exception):
    """A list of known items is changed in a way that only the run knows."""

    def __init__(self, container: Container) -> None:
        super().__init__()
        self.container = container


def copied(container: Container) -> Container:
    """A container of the same contents."""
    return dict(container) if isinstance(container, dict) else list(container)


def closed(contents: Container) -> Container:
    """Contents in which a container is a constant."""

    def item(operand: Operand) -> Operand:
        return Const(Held(operand)) if isinstance(operand, (list, dict)) else operand

    if isinstance(contents, dict):
        return {key: item(operand) for key, operand in contents.items()}
    return [item(operand) for operand in contents]


def _opened(operand: Operand) -> Operand:
    inside = isinstance(operand, Const) and isinstance(operand.value, Held)
    return operand.value.container if inside else operand


def refill(container: Container, contents: Container) -> None:
    """Put other contents into a container."""
    if isinstance(contents, dict):
        contents = {key: _opened(operand) for key, operand in contents.items()}
    else:
        contents = [_opened(operand) for operand in contents]
    container.clear()
    if isinstance(container, dict):
        container.update(contents)
    else:
        container.extend(contents)


def undo(journal: list[Change], start: int, known: Iterable[Container]) -> list[Change]:
    """Take back the changes since `start` of the containers that are known outside.

    Returns what each of them has held until now.
    """
    ours = {id(container) for container in known}
    since = [change for change in journal[start:] if id(change.container) in ours]
    found = [Change(c, copied(c)) for c in distinct(change.container for change in since)]
    for change in reversed(since):
        refill(change.container, change.before)
    del journal[start:]
    return found


def containers_in(operand: Operand) -> Iterator[Container]:
    """The lists and dicts in an operand, itself among them."""
    if isinstance(operand, (list, dict)):
        yield operand
    inner: Iterable[Operand] = ()
    if isinstance(operand, dict):
        inner = operand.values()
    elif isinstance(operand, (list, tuple)):
        inner = operand
    elif isinstance(operand, Record):
        inner = operand.fields.values()
    for item in inner:
        yield from containers_in(item)


def distinct(containers: Iterable[Container]) -> list[Container]:
    """Containers without repetitions, by identity."""
    found: dict[int, Container] = {}
    for container in containers:
        found.setdefault(id(container), container)
    return list(found.values())
