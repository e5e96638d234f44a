"""Operands that are known when the program is compiled, and Python objects as operands."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.graph import Const, Operand, leaves, map_leaves
from srcad.records import Record
from srcad.types import Sizes, Tensor


def is_constant(operand: Operand) -> bool:
    """Whether all of an operand is known."""
    return all(isinstance(leaf, Const) for leaf in leaves(operand))


def constant(operand: Operand) -> Any:
    """The Python object that a known operand is."""
    return made(map_leaves(operand, lambda leaf: leaf.value))


def made(tree: Any) -> Any:
    """A structure of Python objects in which each record is an instance of its class."""
    if isinstance(tree, Record):
        return tree.cls(**{name: made(item) for name, item in tree.fields.items()})
    if type(tree) in (tuple, list):
        return type(tree)(map(made, tree))
    if type(tree) is dict:
        return {key: made(item) for key, item in tree.items()}
    return tree


def as_operand(value: Any) -> Operand:
    """A Python object as an operand: containers open, so that their items can be told apart."""
    if type(value) in (tuple, list):
        return type(value)(as_operand(item) for item in value)
    if type(value) is range:
        return [Const(item) for item in value]
    if type(value) is slice:
        parts = (value.start, value.stop, value.step)
        return slice(*(None if part is None else Const(part) for part in parts))
    return Const(value)


def example_of(type_: Any) -> Any:
    """Some object of a type, or None where the class is not known."""
    if isinstance(type_, Sizes):
        return ()
    if not isinstance(type_, Tensor) or type_.dtype is None:
        return None
    if type_.kind == "python":
        return {"f": 0.0, "i": 0, "b": False, "c": 0j}.get(type_.dtype.kind)
    if type_.kind == "scalar":
        return type_.dtype.type(0)
    if type_.kind == "array" and type_.dims is not None:
        return np.empty((0,) * len(type_.dims), type_.dtype)
    return None
