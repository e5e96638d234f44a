"""What an array value refers to: a storage, and a path into it; and what stands there at this point.

The graph is pure, but NumPy's arrays are not. So while the graph is built each array value is also a
reference: to the storage (the value that the memory first held) by a path of views. A write makes a
new version of the storage. An older value that is used afterwards is read anew:

    y = np.zeros(5)      y is a storage
    v = y[1:]            v refers to y by the path [1:]
    y[2] = x             y has a new version: set(y, 2, x)
    np.sum(v)            reads the new version's [1:]
    v[0] = x             a write to y, at [1:][0]

`versions` belongs to the flow of control, like the names' environment: a branch and a loop's body have
their own, which are joined.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from srcad.graph import FLAT, GETITEM, Const, Equation, Operand, Value
from srcad.primitive import Primitive

Step = tuple[Const, tuple[Operand, ...], tuple[Operand, ...], dict[str, Operand]]
Path = tuple[Step, ...]
"""Each step is a primitive that surely makes a view, with what stands before and after it."""

ALWAYS_VIEWS = {
    np.transpose,
    np.swapaxes,
    np.matrix_transpose,
    np.moveaxis,
    np.expand_dims,
    np.squeeze,
    np.broadcast_to,
    np.flip,
    np.flipud,
    np.fliplr,
}
"""Functions whose result is a view of an array, whatever its layout."""
VIEWS_IF_CONTIGUOUS = {np.reshape, np.ravel}


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Where an array value stands, and which version of the storage it was read from."""

    storage: Value
    path: Path
    version: Value


@dataclass(slots=True)
class Storages:
    """The references of all values, and the version of each storage that was written."""

    references: dict[Value, Reference] = field(default_factory=dict)
    versions: dict[Value, Value] = field(default_factory=dict)
    contiguous: set[Value] = field(default_factory=set)  # in C order without gaps, for sure
    log: list[Value] = field(default_factory=list)  # the storages that were written, in order
    unsure: dict[Value, int] = field(default_factory=dict)  # views that may be copies: since when
    copied: dict[Value, None] = field(default_factory=dict)  # arguments to be copied at entry

    def of(self, value: Value) -> Reference:
        """The reference that a value is; one that is no view is a storage of its own."""
        return self.references.get(value) or Reference(value, (), value)

    def now(self, storage: Value) -> Value:
        """The version of a storage at this point of the flow."""
        return self.versions.get(storage, storage)

    def stale(self, value: Value) -> bool:
        """Whether a value's storage was written since it was read."""
        reference = self.of(value)
        return self.now(reference.storage) is not reference.version

    def view(self, out: Value, base: Value, step: Path) -> None:
        """Record that `out` is a view of `base`."""
        found = self.of(base)
        self.references[out] = Reference(found.storage, (*found.path, *step), found.version)

    def renew(self, storage: Value, version: Value) -> None:
        """Let a storage hold a new version from here on."""
        self.references[version] = Reference(storage, (), version)
        self.versions[storage] = version
        self.log.append(storage)
        if storage in self.contiguous:
            self.contiguous.add(version)

    def stand(self, pointer: Value, value: Value) -> None:
        """Let a value be what a view holds from here on."""
        reference = self.of(pointer)
        now = self.now(reference.storage)
        self.references[value] = Reference(reference.storage, reference.path, now)
        self.versions[pointer] = value

    def cached(self, value: Value) -> Value | None:
        """The view that a value refers to, if it was read from the version of now before."""
        found = self.versions.get(value)
        return found if found is not None and not self.stale(found) else None


def step_of(equation: Equation) -> Path:
    """The path from the array among an equation's operands to its result."""
    keywords = dict(equation.keywords)
    path = keywords.pop("path", ()) if equation.primitive is GETITEM else ()
    position = equation.args.index(base_of(equation))
    before, after = equation.args[:position], equation.args[position + 1 :]
    return (*path, (Const(equation.primitive), before, after, keywords))


def base_of(equation: Equation) -> Operand:
    """The array of which an equation's result is a view."""
    return equation.args[1 if equation.primitive.function is np.einsum else 0]


def is_selection(primitive: Primitive) -> bool:
    """Whether a step takes a part of an array, or lays out all of it anew, whatever its layout."""
    plain = primitive in (GETITEM, FLAT) or primitive.function is np.einsum
    return plain or primitive.function in ALWAYS_VIEWS


def repeats(path: Path) -> bool:
    """Whether a path leads through a broadcast: it can be read there, but nothing added to it."""
    return any(step[0].value.function is np.broadcast_to for step in path)
