"""The structure of a value, and cotangents of that structure: each leaf by its path, checked, fitted.

A leaf that carries no derivative (an int, a bool, a text, None, an object) takes anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad import errors
from srcad.graph import Operand, Value
from srcad.records import Record

Template = Any  # a Leaf, or a tuple, list, dict or record of templates


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a cotangent has to be: the class, shape and dtype of the value; None: anything."""

    kind: type | None
    shape: tuple[int, ...] = ()
    dtype: Any = None


def template(operand: Operand, value: Any) -> Template:
    """What cotangents of a value look like; the operand says how far the value is looked into."""
    if isinstance(operand, (tuple, list)):
        return type(operand)(template(o, v) for o, v in zip(operand, value, strict=True))
    if isinstance(operand, Record):
        return Record(
            operand.cls,
            {name: template(item, getattr(value, name)) for name, item in operand.fields.items()},
        )
    if isinstance(operand, dict):
        return {key: template(item, value[key]) for key, item in operand.items()}
    if not isinstance(operand, Value) and type(value) in (tuple, list):
        return type(value)(template(operand, item) for item in value)
    if not isinstance(operand, Value) and type(value) is dict:
        return {key: template(operand, item) for key, item in value.items()}
    if isinstance(value, (float, np.ndarray, np.floating)):
        dtype = np.result_type(value)
        carries = dtype.kind == "f"
        return Leaf(type(value) if carries else None, np.shape(value), dtype if carries else None)
    return Leaf(None)


def fitted(wanted: Template, given: Any, place: str = "") -> Any:
    """A cotangent in the classes and dtypes of the value.

    Raises:
        CotangentMismatch: its structure is another, or a leaf has another shape or is no number.
    """
    if isinstance(wanted, Leaf):
        return _leaf(wanted, given, place)
    if isinstance(wanted, Record):
        if type(given) is not wanted.cls:
            raise _mismatch(place, _class(given), f"a {wanted.cls.__name__}")
        items = wanted.fields.items()
        return wanted.cls(
            **{name: fitted(w, getattr(given, name), f"{place}.{name}") for name, w in items}
        )
    if type(given) is not type(wanted):
        raise _mismatch(place, _class(given), f"a {type(wanted).__name__}")
    if isinstance(wanted, dict):
        if given.keys() != wanted.keys():
            keys = ", ".join(map(repr, given)) or "no keys"
            raise _mismatch(place, f"a dict of {keys}", f"of {', '.join(map(repr, wanted))}")
        return {key: fitted(w, given[key], f"{place}[{key!r}]") for key, w in wanted.items()}
    if len(given) != len(wanted):
        raise _mismatch(place, f"a {type(given).__name__} of {len(given)}", f"of {len(wanted)}")
    pairs = enumerate(zip(wanted, given, strict=True))
    return type(wanted)(fitted(w, g, f"{place}[{index}]") for index, (w, g) in pairs)


def _leaf(wanted: Leaf, given: Any, place: str) -> Any:
    if wanted.kind is None:
        return np.zeros(wanted.shape)[()]
    number = isinstance(given, (bool, int, float, np.generic))
    if not number and type(given) is not np.ndarray:
        what = "a number" if wanted.shape == () else f"an array of shape {wanted.shape}"
        raise _mismatch(place, _class(given), what)
    if np.result_type(given).kind not in "fiub":
        raise _mismatch(place, f"of dtype {np.result_type(given)}", f"of {wanted.dtype}")
    if np.shape(given) != wanted.shape:
        raise _mismatch(place, f"of shape {np.shape(given)}", f"of {wanted.shape}")
    if wanted.kind is float:
        return float(given)
    return np.asarray(given, wanted.dtype)[()]


def _mismatch(place: str, found: str, wanted: str) -> errors.CotangentMismatch:
    where = f" at {place}" if place else ""
    return errors.CotangentMismatch(f"the cotangent{where} is {found}, and the value {wanted}")


def _class(given: Any) -> str:
    name = "array" if type(given) is np.ndarray else type(given).__name__
    return "None" if given is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _items(operand: Any) -> Iterator[tuple[Any, Operand]]:
    return iter(operand.items() if isinstance(operand, dict) else enumerate(operand))
