"""Text -> function: compiled under a name at which pdb, tracebacks and `inspect` find the text."""

from __future__ import annotations

import ast
import io
import linecache
import threading
import weakref
from collections.abc import Iterator, Mapping
from types import CellType, CodeType, FunctionType
from typing import Any

Entry = tuple[int, None, list[str], str]  # as `linecache` has it; None for the time: never stale

_lock = threading.Lock()


def load(
    text: str,
    filename: str,
    namespace: dict[str, Any],
    cells: Mapping[str, CellType] | None = None,
    defaults: tuple[Any, ...] | None = None,
    keyword_defaults: dict[str, Any] | None = None,
) -> FunctionType:
    r"""The one function that `text` defines: `namespace` are its globals, `cells` its closure.

    The namespace is not changed. Defaults are given as objects, and those in the text are not
    evaluated. The text stands in `linecache` for as long as the function or its frames live: under
    `filename`, or under the same with a number in it while that is taken.

    >>> text = "def f(x):\n    return y * x\n"
    >>> f = load(text, "<srcad f from model.py:12>", {}, {"y": CellType(2)})
    >>> f(3), f.__code__.co_filename
    (6, '<srcad f from model.py:12>')
    """
    cells = cells or {}
    entry = _enter(text, filename)
    try:
        code = _code(text, entry[3], list(cells))
        closure = tuple(cells[name] for name in code.co_freevars)
    except BaseException:
        _leave(entry)
        raise
    function = FunctionType(code, namespace, code.co_name, defaults, closure)
    function.__kwdefaults__ = keyword_defaults
    function.__doc__ = ast.get_docstring(ast.parse(text).body[0])  # type: ignore[arg-type]
    _stay(entry, code)
    return function


def _code(text: str, filename: str, free: list[str]) -> CodeType:
    """The code of the function; compiled inside another, whose parameters are its free names."""
    module = ast.parse(text, filename)
    (function,) = module.body
    around = ast.parse("def around(): pass").body[0]
    assert isinstance(around, ast.FunctionDef) and isinstance(function, ast.FunctionDef)
    around.args.args = [ast.arg(name) for name in free]
    # Where the function's own name stands in the text it is a global name, or one of the cells.
    around.body = [function] if function.name in free else [ast.Global([function.name]), function]
    module.body = [ast.fix_missing_locations(around)]
    outer = _only(compile(module, filename, "exec", dont_inherit=True), "around")
    return _only(outer, function.name).replace(co_qualname=function.name)


def _only(code: CodeType, name: str) -> CodeType:
    return next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)


def _enter(text: str, filename: str) -> Entry:
    lines = io.StringIO(text).readlines()  # split at "\n" alone, as Python counts lines
    with _lock:
        unique, number = filename, 1
        while unique in linecache.cache:
            number += 1
            unique = f"{filename.removesuffix('>')} ({number})>"
        entry: Entry = (len(text), None, lines, unique)
        linecache.cache[unique] = entry
    return entry


def _stay(entry: Entry, code: CodeType) -> None:
    """Keep an entry until the last code object of the text is gone: a lambda's may be the last."""
    left = list(map(id, _codes(code)))

    def one_less() -> None:
        left.pop()
        if not left:
            _leave(entry)

    for part in _codes(code):
        weakref.finalize(part, one_less).atexit = False


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _leave(entry: Entry) -> None:
    """Take an entry out; the lock is left alone, for the garbage collector may be in any thread."""
    if linecache.cache.get(entry[3]) is entry:
        linecache.cache.pop(entry[3], None)
