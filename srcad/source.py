"""A Python function -> its text, its tree at the positions of its file, and what its names mean.

The function's own code object says where to look: `inspect.getsource` would follow `__wrapped__`
and hand back another function. What is found is compiled and compared with the function that runs,
so a file that was edited since its import is refused and never misread.
"""

from __future__ import annotations
import __future__

import ast
import copy
import functools
import inspect
import keyword
import linecache
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gast

from srcad.errors import NoSource, Span

LAMBDA = "lambda_"
"""The name that a lambda's definition is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What is written of a function; nodes of `tree` stand at the lines and columns of the file."""

    function: types.FunctionType
    name: str
    filename: str
    line: int  # of `def` or `lambda`; a decorator stands above it
    lines: Sequence[str]  # of the whole file
    tree: Any  # gast.FunctionDef without its decorators; an `async def` is an AsyncFunctionDef

    def span(self, node: Any) -> Span:
        """The place of a node; of the whole function where a node has none."""
        if getattr(node, "lineno", None) is None:
            node = self.tree
        line, offset = node.lineno, node.col_offset
        end_line, end_offset = node.end_lineno, node.end_col_offset
        return Span(
            self.filename,
            line,
            _column(self._text(line), offset),
            end_line,
            _column(self._text(end_line), end_offset),
            self._text(line),
        )

    def _text(self, line: int) -> str:
        return self.lines[line - 1].rstrip("\r\n") if line <= len(self.lines) else ""


def _column(text: str, offset: int) -> int:
    """Count in characters what `ast` counts in bytes of UTF-8."""
    return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """A thing that a gradient is compiled with, as a place where names begin: `object.weight`."""

    thing: Any


def read(function: Any) -> Source:
    """Find what is written of a function.

    Raises:
        NoSource: there is no text, or it is not the text of this function any more.
    """
    function = _plain(function)
    code = function.__code__
    lines = _lines(function)
    for module in _modules(lines, function):
        found = _definition(module, code)
        if found is not None:
            tree = _as_function(found)
            own = function.__name__
            name = own if own.isidentifier() and not keyword.iskeyword(own) else tree.name
            return Source(function, name, code.co_filename, found.lineno, lines, tree)
    raise NoSource(
        f"{code.co_filename} does not hold {function.__name__} as it runs: the file changed since "
        "it was imported, or the code was rewritten",
        hint="import it again, or restart Python",
    )


# --- names --------------------------------------------------------------------------------------


def lookup(function: Any, name: str) -> object:
    """What a free name, or `module.function` that begins with one, means in a function now.

    Raises:
        NameError: nothing is bound to the name.
        AttributeError: an object on the way has no such attribute.
    """
    head, *attributes = name.split(".")
    found = function.thing if isinstance(function, Held) else _free(function, head)
    for attribute in attributes:
        found = getattr(found, attribute)
    return found


def _free(function: Any, name: str) -> object:
    captured = function.__code__.co_freevars
    if name in captured:
        try:
            return function.__closure__[captured.index(name)].cell_contents
        except ValueError:
            raise NameError(f"the name {name!r} is not bound yet") from None
    for names in (function.__globals__, function.__builtins__):
        if name in names:
            return names[name]
    raise NameError(f"the name {name!r} is not defined")


# --- what is no plain function ------------------------------------------------------------------


def _plain(function: Any) -> types.FunctionType:
    """The function under a method; what is no function is refused."""
    if isinstance(function, types.MethodType):
        return _plain(function.__func__)
    if isinstance(function, types.FunctionType):
        return function
    reason, hint = _not_a_function(function)
    raise NoSource(reason, hint=hint)


def _not_a_function(thing: Any) -> tuple[str, str]:
    """Why there is nothing to read, and what to pass instead."""
    kind = type(thing).__name__
    name = getattr(thing, "__name__", kind)
    if not callable(thing):
        return f"an object of the class {kind} is not a function", "pass a function"
    if isinstance(thing, type):
        return f"{name} is a class", f"pass a function that calls it: lambda x: {name}(x)"
    if isinstance(thing, functools.partial):
        return "a functools.partial has no text", "write the call out: lambda x: f(x, 2.0)"
    if isinstance(thing, (staticmethod, classmethod)):
        return f"a {kind} is not a function yet", f"put @{kind} above the decorator of srcad"
    if hasattr(thing, "__wrapped__"):
        return f"{name} is wrapped in an object", f"pass the function: {name}.__wrapped__"
    if inspect.isfunction(type(thing).__call__):
        return f"an object of the class {kind} is not a function", "pass its method: f.__call__"
    return f"{name} is compiled, and has no Python text", f"call it: lambda x: {name}(x)"


# --- the text -----------------------------------------------------------------------------------


def _lines(function: types.FunctionType) -> list[str]:
    """The lines of the file, notebook cell or doctest that a function stands in."""
    code = function.__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename, function.__globals__)
    typed: Callable[..., list[str] | None] | None = getattr(linecache, "_getlines_from_code", None)
    if not lines and typed is not None:  # Python 3.13 keeps what was typed at its prompt
        lines = typed(code) or []
    if lines:
        return lines
    if code.co_filename.startswith("<"):
        reason = f"{function.__name__} is made from text that was not kept ({code.co_filename})"
        hint = "put it in a file or a notebook cell, or register its text in linecache"
    else:
        reason = f"{code.co_filename}, where {function.__name__} is written, cannot be read"
        hint = "install the module with its .py files"
    raise NoSource(reason, hint=hint)


def _modules(lines: Sequence[str], function: types.FunctionType) -> Iterator[ast.Module]:
    """Where to look for a definition: around its line, and only then in the whole file."""
    module = _module_around(lines, function)
    if module is not None:
        yield module
    module = _parsed("".join(lines), function.__code__.co_filename)
    if module is not None:
        yield module


def _module_around(lines: Sequence[str], function: types.FunctionType) -> ast.Module | None:
    """The top-level statement that holds a function, in a module of its own: a guess from column 0.

    The guess is wrong in an `else:` branch, or where a string reaches column 0. Then it does not
    parse, or does not compile to the function, and the whole file is read.
    """
    line = function.__code__.co_firstlineno
    first = min(line, len(lines)) - 1
    while first > 0 and not _starts_statement(lines[first]):
        first -= 1
    last = first
    while last < len(lines) and lines[last].startswith("@"):
        last += 1  # decorators, of one line each
    last += 1
    while last < len(lines) and (last < line or not _starts_statement(lines[last])):
        last += 1
    text = "\n" * first + "".join(lines[first:last])
    module = _parsed(text, function.__code__.co_filename)
    if module is None:
        return None
    # Python compiles `np.sum(x)` in another way where the module has imported np
    imported = [name for name, value in function.__globals__.items() if inspect.ismodule(value)]
    imports = ast.parse("".join(f"import {name}\n" for name in imported if name.isidentifier()))
    return ast.Module([*imports.body, *module.body], [])


def _starts_statement(text: str) -> bool:
    return text[:1] not in " \t\f\r\n#)]}"


@functools.lru_cache(maxsize=8)
def _parsed(text: str, filename: str) -> ast.Module | None:
    try:
        return ast.parse(text, filename)
    except (SyntaxError, ValueError):
        return None


# --- the definition -----------------------------------------------------------------------------

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def _definition(module: ast.Module, code: types.CodeType) -> Definition | None:
    """The definition in a module that compiles to a code object, where it does."""
    line = code.co_firstlineno
    found = [d for d in _definitions_at(module, line) if _name(d) == code.co_name]
    several = len(found) > 1
    if several:
        found = _by_columns(found, code)
    if len(found) != 1:
        return None
    for other in _compiled(module, code):
        if _same(code, other) and (not several or code.co_linetable == other.co_linetable):
            return found[0]
    return None


def _definitions_at(node: ast.AST, line: int) -> Iterator[Definition]:
    """Definitions that begin at a line, outer ones first."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno") and not _first_line(child) <= line <= _last_line(child):
            continue
        if isinstance(child, Definition) and line in (child.lineno, _first_line(child)):
            yield child
        yield from _definitions_at(child, line)


def _name(node: Definition) -> str:
    return "<lambda>" if isinstance(node, ast.Lambda) else node.name


def _first_line(node: Any) -> int:
    """The line of the first decorator, where a code object begins too."""
    first: int = min([node.lineno, *[d.lineno for d in getattr(node, "decorator_list", ())]])
    return first


def _last_line(node: Any) -> int:
    last: int = node.end_lineno or node.lineno
    return last


def _by_columns(found: Sequence[Definition], code: types.CodeType) -> list[Definition]:
    """The innermost of the lambdas on one line that covers what its code says of its columns."""
    covering = []
    for node in found:
        body: Any = node.body if isinstance(node, ast.Lambda) else node
        begin, end = (body.lineno, body.col_offset), (body.end_lineno, body.end_col_offset)
        places = list(_places(code))
        if places and all(begin <= place[:2] and place[2:] <= end for place in places):
            covering.append(node)
    return covering[-1:]


def _places(code: types.CodeType) -> Iterator[tuple[int, int, int, int]]:
    """Where the instructions of a code object stand: line, column, and the end's."""
    for line, end_line, column, end_column in getattr(code, "co_positions", tuple)():
        place = (line, column, end_line, end_column)
        if None not in place and place[:2] != place[2:]:
            yield place


def _as_function(node: Definition) -> Any:
    """A definition in gast, without decorators; a lambda becomes a `def` with one `return`."""
    if not isinstance(node, ast.Lambda):
        bare = copy.copy(node)
        bare.decorator_list = []
        return gast.ast_to_gast(bare)
    tree = gast.ast_to_gast(node)
    body = gast.copy_location(gast.Return(tree.body), tree.body)
    return gast.copy_location(gast.FunctionDef(LAMBDA, tree.args, [body], [], None, None, []), tree)


# --- whether it is the function that runs -------------------------------------------------------


def _compiled(module: ast.Module, code: types.CodeType) -> Iterator[types.CodeType]:
    """The code objects in a module, compiled under the future statements of another one."""
    flags = code.co_flags & __future__.annotations.compiler_flag
    waiting = [_code(module, code.co_filename, flags)]
    while waiting:
        outer = waiting.pop()
        yield outer
        waiting += [c for c in outer.co_consts if isinstance(c, types.CodeType)]


@functools.lru_cache(maxsize=8)
def _code(module: ast.Module, filename: str, flags: int) -> types.CodeType:
    code: types.CodeType = compile(module, filename, "exec", flags, dont_inherit=True)
    return code


def _same(a: types.CodeType, b: types.CodeType) -> bool:
    """Whether two code objects do the same, from the same line on."""
    if (a.co_name, a.co_firstlineno) != (b.co_name, b.co_firstlineno):
        return False
    if any(name.startswith("@py") for name in (*a.co_names, *a.co_varnames)):
        # pytest has rewritten the assertions; the names of its variables are no identifiers
        return tuple(n for n in a.co_varnames if "@" not in n) == b.co_varnames
    return (
        a.co_code == b.co_code
        and a.co_names == b.co_names
        and a.co_varnames == b.co_varnames
        and a.co_freevars == b.co_freevars
        and _same_constants(a.co_consts, b.co_consts)
    )


def _same_constants(a: object, b: object) -> bool:
    """Equal in value and in class, 0.0 and -0.0 told apart."""
    if isinstance(a, types.CodeType) and isinstance(b, types.CodeType):
        return _same(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(map(_same_constants, a, b))
    if isinstance(a, frozenset):
        return a == b
    return type(a) is type(b) and repr(a) == repr(b)
