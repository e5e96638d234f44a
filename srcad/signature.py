"""What a call tells the compiler: the kinds of its arguments, and how they are recognised again.

An array is known by its dtype, its rank and which of its dimensions are 0 or 1; a number by its
class; a text, a bool, None and a function by value. Other sizes do not count: a new batch compiles
nothing.
"""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad import errors
from srcad.records import Record, complaint, has_fields, is_record, record_of
from srcad.types import ANYTHING, Dim, Object, Symbol, Tensor, type_of

Description = Any  # Type | Static | a tuple, list, dict or record of descriptions
NUMBERS = (int, float, complex)


@dataclass(frozen=True, slots=True, eq=False)
class Static:
    """An argument known by value."""

    value: Any


def is_static(value: object) -> bool:
    """Whether an argument belongs to the signature by value."""
    return isinstance(
        value,
        (
            bool,
            str,
            bytes,
            type(None),
            type,
            np.dtype,
            type(...),
            types.FunctionType,
            types.BuiltinFunctionType,
            types.MethodType,
            np.ufunc,
        ),
    ) or is_object(value)


def is_object(value: object) -> bool:
    """Whether an argument is known by identity: an object of a user's class, or a partial.

    Its attributes are read live, and its methods are read as functions are.
    """
    if isinstance(value, functools.partial):
        return type(value) is functools.partial
    kind = type(value)
    if isinstance(value, (type, types.ModuleType, *PLAIN_BASES)) or not is_users(kind):
        return False
    if is_record(value):
        return False
    return kind.__getattribute__ is object.__getattribute__ and not hasattr(kind, "__array__")


def is_users(kind: type) -> bool:
    """Whether a class is a user's own, and not Python's, NumPy's or srcad's."""
    top = kind.__module__.partition(".")[0]
    return top not in LIBRARIES and top not in sys.stdlib_module_names


LIBRARIES = {"numpy", "scipy", "srcad"}
PLAIN_BASES = (int, float, complex, str, bytes, tuple, list, dict, set, frozenset, BaseException)


def describe(value: Any, symbol: Callable[[], Dim] = lambda: Symbol("n", True)) -> Description:
    """The type of an argument, or of each leaf of a container.

    Raises:
        UnsupportedArray: for a subclass of ndarray, such as a masked array.
    """
    if type(value) is np.ndarray:
        dims = tuple(size if size < 2 else symbol() for size in value.shape)
        return Tensor(value.dtype, dims, "array")
    if isinstance(value, np.ndarray):
        raise errors.UnsupportedArray(
            f"an array of class {type(value).__name__} is not differentiated",
            hint="pass a plain array: np.asarray(x)",
        )
    if is_static(value):
        return Static(value)
    if type(value) in NUMBERS:
        found = type_of(value)
        assert isinstance(found, Tensor)
        return Tensor(found.dtype, (), "python")
    if isinstance(value, np.generic):
        return Tensor(value.dtype, (), "scalar")
    if type(value) in (tuple, list):
        return type(value)(describe(item, symbol) for item in value)
    if type(value) is dict:
        return {key: describe(item, symbol) for key, item in value.items()}
    if is_record(value):
        return record_of(value).mapped(lambda item: describe(item, symbol))
    return ANYTHING


def described_argument(name: str, value: object) -> Description:
    """The same; an error names the argument."""
    try:
        return describe(value)
    except errors.UnsupportedArray as error:
        raise errors.UnsupportedArray(f"{name}: {error.reason}", hint=error.hint) from None


def check_differentiable(name: str, described: Description, value: Any) -> None:
    """Refuse an argument that cannot be differentiated with respect to.

    Raises:
        NotDifferentiable: a number, a text or an object without a gradient.
        UnsupportedArray: an array of a dtype that has no derivative here.
    """
    if isinstance(described, (tuple, list, dict)):
        items = described.items() if isinstance(described, dict) else enumerate(described)
        for key, item in items:
            check_differentiable(f"{name}[{key!r}]", item, value[key])
        return
    if isinstance(described, Record) and not without_gradient(described):
        for key, item in described.fields.items():
            if not without_gradient(item):
                check_differentiable(f"{name}.{key}", item, getattr(value, key))
        return
    if isinstance(described, (Static, Object, Record)):
        why = complaint(type(value)) if has_fields(type(value)) else None
        because = f": {why}" if why is not None else ""
        raise errors.NotDifferentiable(
            f"{name} is {article(value)}, and has no gradient{because}",
            hint="pass floats or float arrays, or leave it out of wrt",
        )
    assert isinstance(described, Tensor) and described.dtype is not None
    if described.dtype.kind in "iub":
        raise errors.NotDifferentiable(
            f"{name} has dtype {described.dtype}, and has no gradient",
            hint="pass floats: 1.0 for 1, x.astype(float) for an array",
        )
    if described.dtype.kind in "SUT":
        raise errors.NotDifferentiable(
            f"{name} is made of text, and has no gradient", hint="pass floats"
        )
    if described.dtype.kind != "f" or described.dtype.itemsize > 8:
        raise errors.UnsupportedArray(
            f"{name} has dtype {described.dtype}, which is not differentiated",
            hint="use float64 or float32 arrays",
        )
    if not described.dtype.isnative:
        raise errors.UnsupportedArray(
            f"{name} is not in the byte order of this machine",
            hint="x.astype(x.dtype.newbyteorder('='))",
        )


def without_gradient(described: Description) -> bool:
    """Whether a field of a record has None for a gradient: an integer, a text, a function, None."""
    if isinstance(described, Record):
        return all(map(without_gradient, described.fields.values()))
    if isinstance(described, Tensor) and described.dtype is not None:
        return described.dtype.kind in "iubSUT"
    return isinstance(described, Static)


def article(value: object) -> str:
    """The class of an object, with an article."""
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def conditions(value: Any, name: str, constants: dict[str, Any]) -> list[str]:
    """Python conditions under which the expression `name` has the description of `value`.

    The constants that they read are put into `constants`.
    """
    kind = f"type({name}) is {constant(type(value), constants)}"
    if type(value) is np.ndarray:
        return [kind, *_array_conditions(value, name, constants)]
    if isinstance(value, (bool, type(None), type(...))):
        return [f"{name} is {constant(value, constants)}"]
    if is_static(value):
        same = "==" if isinstance(value, (str, bytes, np.dtype, types.MethodType)) else "is"
        return [kind, f"{name} {same} {constant(value, constants)}"]
    if type(value) in (tuple, list):
        found = [kind, f"len({name}) == {len(value)}"]
        for index, item in enumerate(value):
            found += conditions(item, f"{name}[{index}]", constants)
        return found
    if type(value) is dict:
        found = [kind, f"tuple({name}) == {constant(tuple(value), constants)}"]
        for key, item in value.items():
            found += conditions(item, f"{name}[{constant(key, constants)}]", constants)
        return found
    if is_record(value):
        found = [kind]
        for field, item in record_of(value).fields.items():
            found += conditions(item, f"{name}.{field}", constants)
        return found
    return [kind]


def _array_conditions(value: np.ndarray, name: str, constants: dict[str, Any]) -> list[str]:
    known = constant(value.dtype, constants)
    same = f"{name}.dtype is {known}"
    if np.dtype(value.dtype.char) is not value.dtype:  # there may be several objects of one dtype
        same = f"{name}.dtype == {known}"
    sizes = tuple(min(size, 2) for size in value.shape)
    if sizes and min(sizes) < 2:
        return [same, f"tuple(min(d, 2) for d in {name}.shape) == {sizes}"]
    return [same, f"{name}.ndim == {value.ndim}", *([f"min({name}.shape) > 1"] if sizes else [])]


def constant(thing: Any, constants: dict[str, Any]) -> str:
    """The name of an object among the constants; it is put there if it is new."""
    for name, known in constants.items():
        if known is thing:
            return name
    name = f"c{len(constants)}"
    constants[name] = thing
    return name
