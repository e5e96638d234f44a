"""Calls that read or write the names of their caller: known by object, not by name."""

from __future__ import annotations

import builtins
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
