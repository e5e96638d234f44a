"""The function that checks the arguments of a specialised gradient, in plain NumPy."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from typing import Any

import gast
import numpy as np

from srcad.agreement import agreements
from srcad.emit.constants import constant
from srcad.emit.writer import write, write_expression
from srcad.graph import Graph, Tables
from srcad.load import load
from srcad.records import is_record, record_of
from srcad.runtime import kind_of
from srcad.signature import NUMBERS, is_object, is_static

NAME = "check_signature"
LONGEST_STRING = 72

Test = tuple[str, str, str]  # the expression that is tested, the test, what is wanted


def guard_function(
    names: Sequence[str], values: Sequence[Any], built: tuple[Graph, Tables] | None = None
) -> Any:
    """A function of these arguments that raises TypeError unless they are like these values.

    The graph that was built for them says which of their sizes have to agree.
    """
    guard = _Guard(names)
    text = guard.text(values, agreements(values, names, guard.object, *built) if built else ())
    function = load(text, "<srcad check_signature>", guard.namespace)
    function.source = text  # type: ignore[attr-defined]
    return function


class _Guard:
    """The text of that function, and the objects that it reads."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        self.namespace: dict[str, Any] = {"np": np, "kind_of": kind_of}

    def text(self, values: Sequence[Any], agreed: Sequence[tuple[str, str]]) -> str:
        lines = [
            f"def {NAME}({', '.join(self.names)}):",
            '    """Raise TypeError unless the arguments are those that the gradient is for."""',
        ]
        for name, value in zip(self.names, values, strict=True):
            for place, test, wanted in self.tests(name, value):
                lines.append(f"    if not ({test}):")
                lines.append(
                    f"        raise TypeError({_message(place, wanted)} + kind_of({place}))"
                )
        for one, other in agreed:
            lines.append(f"    if {one} != {other}:")
            lines.append(f"        raise TypeError({f'{one} is to be {other}'!r})")
        return write(gast.parse("\n".join(lines)).body[0])

    def tests(self, place: str, value: Any) -> Iterator[Test]:
        """The tests for an argument and its leaves."""
        if type(value) is np.ndarray:
            yield place, self.array_test(place, value), _array_words(value)
        elif isinstance(value, (bool, type(None), type(...))):
            yield place, f"{place} is {value!r}", repr(value)
        elif isinstance(value, (str, bytes, np.dtype)):
            same = f"type({place}) is {self.object(type(value))} and {place} == "
            yield place, same + self.object(value), repr(value)
        elif is_object(value):
            words = f"one object of class {type(value).__name__}"
            yield place, f"{place} is {self.object(value)}", words
        elif is_static(value):
            yield place, f"{place} is {self.object(value)}", getattr(value, "__name__", repr(value))
        elif type(value) in (tuple, list, dict):
            yield from self.container_tests(place, value)
        elif is_record(value):
            yield from self.record_tests(place, value)
        else:
            plain = type(value) in NUMBERS or isinstance(value, np.generic)
            words = type(value).__name__ if plain else f"an object of class {type(value).__name__}"
            yield place, f"type({place}) is {self.object(type(value))}", words

    def container_tests(self, place: str, value: Any) -> Iterator[Test]:
        name = type(value).__name__
        if isinstance(value, dict):
            keys = self.object(tuple(value))
            test, words = f"tuple({place}) == {keys}", f"a dict of {', '.join(map(str, value))}"
        else:
            test, words = f"len({place}) == {len(value)}", f"a {name} of {len(value)}"
        yield place, f"type({place}) is {name} and {test}", words
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from self.tests(f"{place}[{self.object(key)}]", item)

    def record_tests(self, place: str, value: Any) -> Iterator[Test]:
        fields = record_of(value).fields
        words = f"a {type(value).__name__} of {', '.join(fields)}"
        yield place, f"type({place}) is {self.object(type(value))}", words
        for name, item in fields.items():
            yield from self.tests(f"{place}.{name}", item)

    def array_test(self, place: str, value: np.ndarray) -> str:
        dtype = value.dtype
        plain = dtype.names is None and np.dtype(dtype.str) == dtype
        parts = [
            f"type({place}) is np.ndarray",
            f"{place}.dtype == {dtype.str!r}" if plain else f"{place}.dtype == {self.own(dtype)}",
            f"{place}.ndim == {value.ndim}",
        ]
        sizes = tuple(min(size, 2) for size in value.shape)
        if sizes and min(sizes) < 2:
            parts.append(f"tuple(min(n, 2) for n in {place}.shape) == {sizes}")
        elif sizes:
            parts.append(f"min({place}.shape) > 1")
        return " and ".join(parts)

    def object(self, thing: Any) -> str:
        """The expression for an object: a literal, a name of Python's or NumPy's, or its own."""
        name = getattr(thing, "__name__", "")
        if getattr(builtins, name, self) is thing and name not in self.names:
            return name
        if getattr(np, name, self) is thing:
            return f"np.{name}"
        try:
            return write_expression(constant(thing, "np"))
        except TypeError:
            return self.own(thing)

    def own(self, thing: Any) -> str:
        """A name of the guard's own for an object."""
        name = f"expected_{len(self.namespace)}"
        self.namespace[name] = thing
        return name


def _message(place: str, wanted: str) -> str:
    """What is said, as one string or as a sum of two."""
    first, second = f"{place}: this gradient is for ", f"{wanted}, not for "
    one_line = len(first + second) <= LONGEST_STRING
    return repr(first + second) if one_line else f"{first!r} + {second!r}"


def _array_words(value: np.ndarray) -> str:
    sizes = ", ".join(str(size) if size < 2 else "n" for size in value.shape)
    return f"{value.dtype}[{sizes}]" + (" with n > 1" if "n" in sizes else "")


__all__ = ["NAME", "guard_function"]
