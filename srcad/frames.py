"""Calls that read or write the names of their caller: known by object, not by name."""

from __future__ import annotations

import builtins
import dis
import inspect
import sys
import types
from collections.abc import Iterator
from typing import Any

READERS: tuple[Any, ...] = (
    builtins.eval, builtins.exec, builtins.locals, builtins.vars, builtins.globals, builtins.dir,
    sys._getframe, sys._current_frames, sys.settrace, sys.setprofile,
    inspect.currentframe, inspect.stack, inspect.trace, inspect.getouterframes,
)  # fmt: skip

NAMED = {("numexpr.necompiler", "evaluate"), ("numexpr.necompiler", "re_evaluate")}
"""The same, in modules that may not be there."""

TELLING = {"f_back", "f_locals", "tb_frame", "_getframe", "currentframe"}
"""Names by which code goes to the frame of its caller, and from a frame to its names."""


def is_reader(function: object) -> bool:
    """Whether a function is made to read the names of its caller.

    >>> run = eval
    >>> is_reader(run), is_reader(len)
    (True, False)
    """
    if any(function is reader for reader in READERS):
        return True
    return (getattr(function, "__module__", None), getattr(function, "__name__", None)) in NAMED


def reads_frames(function: object) -> bool:
    """Whether a function may read the names of its caller, as far as its code tells."""
    if is_reader(function):
        return True
    if not isinstance(function, types.FunctionType) or _library(function):
        return False
    return any(
        name in TELLING or any(function.__globals__.get(name) is reader for reader in OF_CALLERS)
        for code in _codes(function.__code__)
        for name in code.co_names
    )


def writes_outside(function: object, owner: object = None) -> bool:
    """Whether a function may bind a global or captured name, or an attribute, as far as its code tells.

    The functions of its module and the methods of its owner that it names are looked at too.

    >>> def count():
    ...     global total
    ...     total = 1
    >>> writes_outside(count), writes_outside(writes_outside)
    (True, False)
    """
    waiting, seen = [function], set()
    while waiting:
        found = waiting.pop()
        found = getattr(found, "__func__", found)
        if not isinstance(found, types.FunctionType) or found in seen or _library(found):
            continue
        seen.add(found)
        if any(map(_writes, _codes(found.__code__))):
            return True
        names = {name for code in _codes(found.__code__) for name in code.co_names}
        waiting += [found.__globals__.get(name) for name in names]
        waiting += [inspect.getattr_static(owner, name, None) for name in names]
    return False


def binds_names(function: object) -> bool:
    """Whether a function itself binds a global name, or one of a function around it."""
    if not isinstance(function, types.FunctionType):
        return False
    return any(_writes(code, ()) for code in _codes(function.__code__))


ATTRIBUTES = ("STORE_ATTR", "DELETE_ATTR")


def _writes(code: types.CodeType, attributes: tuple[str, ...] = ATTRIBUTES) -> bool:
    """Whether a code object binds an attribute, or a name that is not its own."""
    return any(
        instruction.opname in ("STORE_GLOBAL", "DELETE_GLOBAL", *attributes)
        or (instruction.opname == "STORE_DEREF" and instruction.argval in code.co_freevars)
        for instruction in dis.get_instructions(code)
    )


OF_CALLERS = (sys._getframe, inspect.currentframe, inspect.stack)


def _library(function: types.FunctionType) -> bool:
    """Whether a function stands in a library that looks at frames for its own ends."""
    top = (function.__module__ or "").partition(".")[0]
    return top in ("numpy", "scipy", "logging", "warnings")


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)
