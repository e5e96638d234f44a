"""Gradient functions pickle as functions do, by reference: the importable primal and the options.

Where a pickler writes functions by value (cloudpickle, dill), the text of those that cannot be
imported goes with them: it is what the gradient is made from.
"""

from __future__ import annotations

import functools
import importlib
import linecache
import pickle
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

BY_VALUE = ("cloudpickle", "dill")

Text = tuple[types.FunctionType, str, tuple[str, ...]]  # a function, its file, the lines of that


def reduced(gradient: Any, make: Callable[..., Any], options: tuple[Any, ...]) -> Any:
    """What `__reduce__` returns for a gradient function; `make(primal, *options)` makes it again.

    Raises:
        PicklingError: pickle cannot find the primal by name.
    """
    primal = gradient.primal
    module, name = gradient.__module__, gradient.__qualname__
    plain: Any = primal.__func__ if isinstance(primal, types.MethodType) else primal
    found = importable(module, name)
    by_value = _by_value()
    if not (by_value and module == "__main__"):  # which is another module in another process
        if isinstance(found, type(gradient)) and found.primal is primal:
            return by_name, (module, name)
        if found is plain:
            return make, (primal, *options)
    if not by_value:
        raise pickle.PicklingError(
            f"{gradient.__name__} comes from a lambda or a local function, which pickle cannot "
            "find by name: define it at the top of a module, or pickle it with cloudpickle"
        )
    return made_from_text, (make, primal, options, list(_texts(plain, {})))


def importable(module: str | None, qualname: str) -> Any:
    """What the name of a function leads to, None if nowhere."""
    found: Any = sys.modules.get(module or "")
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def by_name(module: str, qualname: str) -> Any:
    """The object of that name, its module imported if need be."""
    return functools.reduce(getattr, qualname.split("."), importlib.import_module(module))


def made_from_text(
    make: Callable[..., Any], primal: Any, options: tuple[Any, ...], texts: list[Text]
) -> Any:
    """The gradient function again, the text of each function put where it will be found."""
    for function, filename, lines in texts:
        unique = f"<unpickled {filename}>"
        linecache.cache[unique] = (sum(map(len, lines)), None, list(lines), unique)
        function.__code__ = function.__code__.replace(co_filename=unique)
    return make(primal, *options)


def _by_value() -> bool:
    """Whether a pickler that writes functions by value is at work."""
    frame: types.FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__", "").split(".")[0] in BY_VALUE:
            return True
        frame = frame.f_back
    return False


def _texts(function: types.FunctionType, files: dict[str, tuple[str, ...]]) -> Iterator[Text]:
    """The text of a function, and of those that it reads, where they cannot be imported."""
    waiting, known = [function], {function}
    while waiting:
        function = waiting.pop()
        filename = function.__code__.co_filename
        if filename not in files:
            lines = linecache.getlines(filename, function.__globals__)
            files[filename] = tuple(lines)
        yield function, filename, files[filename]
        for thing in _read_by(function):
            if isinstance(thing, types.FunctionType) and thing not in known and _local(thing):
                known.add(thing)
                waiting.append(thing)


def _read_by(function: types.FunctionType) -> Iterator[Any]:
    """What the names of a function mean, where that is bound."""
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            continue
    for name in function.__code__.co_names:
        if name in function.__globals__:
            yield function.__globals__[name]
    yield from function.__defaults__ or ()


def _local(function: types.FunctionType) -> bool:
    module = function.__module__
    return module == "__main__" or importable(module, function.__qualname__) is not function
