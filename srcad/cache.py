"""Compiled gradients, each with a guard that recognises the calls that it is for.

A guard is a generated expression: the kinds of the arguments and which of their sizes agree, the
kinds of the data in globals and cells, and the identity of every function that was read, with its
code and its defaults. They are compared with `is`: code objects of two files may be equal.
"""

from __future__ import annotations

import builtins
import threading
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.agreement import agreements
from srcad.records import is_record, record_of
from srcad.signature import conditions, constant, describe
from srcad.source import Held, lookup
from srcad.types import Object

Dependency = tuple[Any, str, Any]  # (a function or a class, a name in it, what that meant)

MOST_ENTRIES = 256


@dataclass(slots=True, eq=False)
class Entry:
    """A compiled gradient function."""

    fits: Callable[[Sequence[Any]], bool]  # whether it is for these arguments
    kinds: Callable[[Sequence[Any]], bool]  # whether it would be, if their sizes agreed
    current: Callable[[], bool]  # whether all that it was made from is still as it was
    function: Callable[..., Any]
    compiled: Any
    guarded: Any = None  # the same with a check of its arguments, once it is asked for


class Cache:
    """The entries of one gradient function, the last one used first."""

    def __init__(self) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.lock = threading.RLock()

    def find(self, args: Sequence[Any]) -> Entry | None:
        """The entry for arguments of these kinds; it is the first from now on."""
        for entry in self.entries:
            if holds(entry.kinds, args):
                with self.lock:
                    others = tuple(e for e in self.entries if e is not entry)
                    self.entries = (entry, *others)
                return entry
        return None

    def add(self, entry: Entry) -> None:
        """Keep an entry, and forget those that were made from what has changed."""
        with self.lock:
            others = (e for e in self.entries if holds(e.current))
            self.entries = (entry, *others)[:MOST_ENTRIES]


def holds(condition: Callable[..., bool], *args: Any) -> bool:
    """Whether a condition holds; one that cannot be asked does not."""
    try:
        return condition(*args)
    except Exception:
        return False


def entry(compiled: Any, primal: types.FunctionType, args: Sequence[Any]) -> Entry:
    """The entry for a function that was compiled for these arguments."""
    constants: dict[str, Any] = {}
    made_from = _unchanged(primal, constants)
    for holder, name, thing in compiled.dependencies:
        made_from += _meaning(holder, name, thing, constants)
    wanted = [f"len(args) == {len(args)}"]
    for index, value in enumerate(args):
        wanted += conditions(value, f"args[{index}]", constants)
        for function in _functions(value):
            made_from += _unchanged(function, constants)
    for holder, name in dict.fromkeys(compiled.externals):
        wanted += _data(holder, name, constants)
    places = [f"args[{index}]" for index in range(len(args))]
    outside = [
        (lookup(holder, name), place, operand)
        for holder, name, operand in compiled.parameters
        if (place := _place(holder, name, constants)) is not None
    ]
    agreed = agreements(
        args, places, lambda key: constant(key, constants), compiled.primal, compiled.tables, outside
    )
    equal = [f"{one} == {other}" for one, other in agreed]
    kinds = _all([*wanted, *made_from], "args", constants)
    fits = _all([*wanted, *equal, *made_from], "args", constants)
    current = _all(made_from, "", constants)
    return Entry(fits, kinds, current, compiled.function, compiled)


def _all(tests: Sequence[str], parameters: str, constants: dict[str, Any]) -> Callable[..., bool]:
    names = {**constants, "__builtins__": builtins}
    found: Callable[..., bool] = eval(
        f"lambda {parameters}: {' and '.join(dict.fromkeys(tests))}", names
    )
    return found


def _functions(value: object) -> Iterator[types.FunctionType]:
    """The functions in an argument."""
    if isinstance(value, types.FunctionType):
        yield value
    elif isinstance(value, types.MethodType):
        yield from _functions(value.__func__)
    elif type(value) in (tuple, list):
        for item in value:  # type: ignore[attr-defined]
            yield from _functions(item)
    elif type(value) is dict:
        for item in value.values():
            yield from _functions(item)
    elif is_record(value):
        for item in record_of(value).fields.values():
            yield from _functions(item)


def _meaning(holder: Any, name: str, thing: Any, constants: dict[str, Any]) -> list[str]:
    """That a name means the same function as before, with the same code."""
    head, _, rest = name.partition(".")
    if rest and lookup(holder, head) is np:
        return _same(holder, head, np, constants)
    found = _same(holder, name, thing, constants)
    if isinstance(thing, types.MethodType):
        thing = thing.__func__
    if isinstance(thing, types.FunctionType):
        found += _unchanged(thing, constants)
    return found


def _unchanged(function: types.FunctionType, constants: dict[str, Any]) -> list[str]:
    """That a function still runs the code that was read, with the defaults that it had."""
    name = constant(function, constants)
    parts = ("__code__", "__defaults__", "__kwdefaults__")
    found = [f"{name}.{p} is {constant(getattr(function, p), constants)}" for p in parts]
    for index, value in enumerate(function.__defaults__ or ()):
        if type(value) in (tuple, list, dict) or is_record(value):
            found += conditions(value, f"{name}.__defaults__[{index}]", constants)
    for key, value in (function.__kwdefaults__ or {}).items():
        place = f"{name}.__kwdefaults__[{key!r}]"
        found.append(f"{place} is {constant(value, constants)}")
        if type(value) in (tuple, list, dict) or is_record(value):
            found += conditions(value, place, constants)
    return found


def _place(holder: Any, name: str, constants: dict[str, Any]) -> str | None:
    """The expression that looks a name up as a function does; None for a built-in."""
    head, dot, rest = name.partition(".")
    if isinstance(holder, Held):
        return f"{constant(holder.thing, constants)}{dot}{rest}"
    free = holder.__code__.co_freevars
    if head in free:
        cell = holder.__closure__[free.index(head)]
        return f"{constant(cell, constants)}.cell_contents{dot}{rest}"
    namespace = holder.__globals__
    if head not in namespace:
        return None
    return f"{constant(namespace, constants)}[{head!r}]{dot}{rest}"


def _same(holder: Any, name: str, thing: Any, constants: dict[str, Any]) -> list[str]:
    place = _place(holder, name, constants)
    if place is None:
        head = name.partition(".")[0]
        return [f"{head!r} not in {constant(holder.__globals__, constants)}"]
    if isinstance(thing, types.MethodType):  # made anew at each look-up
        return [f"{place} == {constant(thing, constants)}"]
    return [f"{place} is {constant(thing, constants)}"]


def _data(holder: Any, name: str, constants: dict[str, Any]) -> list[str]:
    """That data are of the same kind, and an object that is no data the same one."""
    place = _place(holder, name, constants)
    if place is None:
        return []
    value = lookup(holder, name)
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return _same(holder, name, value, constants)
    if isinstance(describe(value), Object):
        return _same(holder, name, value, constants)
    return conditions(value, place, constants)
