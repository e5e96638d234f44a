"""Text -> functions: compiled under a name at which pdb, tracebacks and `inspect` find the text."""

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

    >>> text = "def f(x):\n    return y * x\n"
    >>> f = load(text, "<srcad f from model.py:12>", {}, {"y": CellType(2)})
    >>> f(3), f.__code__.co_filename
    (6, '<srcad f from model.py:12>')
    """
    (function,) = load_all(text, filename, namespace, cells, defaults, keyword_defaults)
    return function


def load_all(
    text: str,
    filename: str,
    namespace: dict[str, Any],
    cells: Mapping[str, CellType] | None = None,
    defaults: tuple[Any, ...] | None = None,
    keyword_defaults: dict[str, Any] | None = None,
) -> list[FunctionType]:
    """The functions that `text` defines, in its order; the first one has the defaults.

    The namespace is not changed. Defaults are given as objects, and those in the text are not
    evaluated. The text stands in `linecache` for as long as the function or its frames live: under
    `filename`, or under the same with a number in it while that is taken.
    """
    cells = cells or {}
    entry = _enter(text, filename)
    try:
        codes = _codes_of(text, entry[3], list(cells))
        closures = [tuple(cells[name] for name in code.co_freevars) for code in codes]
    except BaseException:
        _leave(entry)
        raise
    functions = [
        FunctionType(code, namespace, code.co_name, None, closure)
        for code, closure in zip(codes, closures, strict=True)
    ]
    for function, node in zip(functions, ast.parse(text).body, strict=True):
        function.__doc__ = ast.get_docstring(node)  # type: ignore[arg-type]
    functions[0].__defaults__ = defaults
    functions[0].__kwdefaults__ = keyword_defaults
    _stay(entry, codes)
    return functions


def _codes_of(text: str, filename: str, free: list[str]) -> list[CodeType]:
    """The code of each function; compiled inside another, whose parameters are their free names."""
    module = ast.parse(text, filename)
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    if functions != module.body:
        raise ValueError("a text defines functions, and nothing else")
    around = ast.parse("def around(): pass").body[0]
    assert isinstance(around, ast.FunctionDef)
    around.args.args = [ast.arg(name) for name in free]
    # Where a function's own name stands in the text it is a global name, or one of the cells.
    own = [function.name for function in functions if function.name not in free]
    around.body = [*([ast.Global(own)] if own else []), *functions]
    module.body = [ast.fix_missing_locations(around)]
    outer = _only(compile(module, filename, "exec", dont_inherit=True), "around")
    names = [function.name for function in functions]
    return [_only(outer, name).replace(co_qualname=name) for name in names]


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


def _stay(entry: Entry, codes: list[CodeType]) -> None:
    """Keep an entry until the last code object of the text is gone: a lambda's may be the last."""
    parts = [part for code in codes for part in _codes(code)]
    left = list(map(id, parts))

    def one_less() -> None:
        left.pop()
        if not left:
            _leave(entry)

    for part in parts:
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
