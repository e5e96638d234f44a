"""User functions as syntax: finding a function's node, binding its arguments, its names."""

from __future__ import annotations

import ast
import functools
import linecache
import types
from dataclasses import dataclass, field
from typing import Any

from tests.oracles.values import OracleError

FunctionNode = ast.FunctionDef | ast.Lambda


@functools.lru_cache(maxsize=64)
def parse_file(text: str) -> ast.Module:
    """The syntax tree of a file's text."""
    return ast.parse(text)


def parameter_names(arguments: ast.arguments) -> list[str]:
    """Every parameter, in the order of `co_varnames`."""
    listed = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    names = [argument.arg for argument in listed]
    names += [extra.arg for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    return names


def surrounds(node: FunctionNode, code: types.CodeType) -> bool:
    """Whether the code's instructions lie within the node, to tell two lambdas on a line apart."""
    start = (node.lineno, node.col_offset)
    end = (node.end_lineno, node.end_col_offset)
    places = [
        (line, column, last)
        for line, _, column, last in code.co_positions()
        if line is not None and column is not None and last is not None and last > column
    ]
    return all(start <= (line, column) and (line, last) <= end for line, column, last in places)


def find_node(code: types.CodeType) -> FunctionNode:
    """The `def` or `lambda` that a code object was compiled from."""
    lines = linecache.getlines(code.co_filename)
    if not lines:
        raise OracleError(f"no source for {code.co_name} in {code.co_filename}")
    found = []
    for node in ast.walk(parse_file("".join(lines))):
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        elif isinstance(node, ast.Lambda) and code.co_name == "<lambda>":
            first = node.lineno
        else:
            continue
        if first == code.co_firstlineno:
            names = parameter_names(node.args)
            if tuple(names) == code.co_varnames[: len(names)]:
                found.append(node)
    if len(found) > 1:
        found = [node for node in found if surrounds(node, code)]
    if len(found) != 1:
        raise OracleError(f"{len(found)} functions for {code.co_name}")
    return found[0]


class LocalNames(ast.NodeVisitor):
    """The names that a function body binds, without those of nested functions."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.outer: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.bound.add(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound.add(node.id)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self.bound.add(node.name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.bound |= {(alias.asname or alias.name.split(".")[0]) for alias in node.names}

    visit_ImportFrom = visit_Import

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.outer |= set(node.names)

    visit_Global = visit_Nonlocal


@functools.lru_cache(maxsize=1024)
def local_names(node: FunctionNode) -> frozenset[str]:
    """Parameters and all names that the body assigns."""
    visitor = LocalNames()
    body = node.body if isinstance(node.body, list) else [node.body]
    for statement in body:
        visitor.visit(statement)
    return frozenset((visitor.bound - visitor.outer) | set(parameter_names(node.args)))


@dataclass(eq=False)
class Frame:
    """One activation: its local variables, and where the other names are found."""

    names: frozenset[str]
    parent: Frame | None
    outside: dict[str, Any]
    cells: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    def owner(self, name: str) -> Frame | None:
        """The innermost frame in which `name` is local."""
        frame: Frame | None = self
        while frame is not None and name not in frame.names:
            frame = frame.parent
        return frame

    def root(self) -> Frame:
        """The frame of the outermost function, which knows the cells."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame


@dataclass(eq=False)
class Function:
    """A function of the interpreted program."""

    node: FunctionNode
    defaults: list[Any]
    keyword_defaults: dict[str, Any]
    frame: Frame | None
    outside: dict[str, Any]
    cells: dict[str, Any]
    interpreter: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.interpreter.call_function(self, args, kwargs)


def bind_arguments(
    function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """Local variables at entry, by Python's own order of binding."""
    arguments = function.node.args
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    bound = dict(zip(names, args, strict=False))
    rest = args[len(names) :]
    if arguments.vararg is not None:
        bound[arguments.vararg.arg] = tuple(rest)
    elif rest:
        raise TypeError("too many positional arguments")
    keyword_names = names + [argument.arg for argument in arguments.kwonlyargs]
    extra = {}
    for name, value in kwargs.items():
        if name in bound:
            raise TypeError(f"{name} is given twice")
        (bound if name in keyword_names else extra)[name] = value
    if arguments.kwarg is not None:
        bound[arguments.kwarg.arg] = extra
    elif extra:
        raise TypeError(f"unknown keywords {sorted(extra)}")
    last = names[len(names) - len(function.defaults) :]
    defaults = dict(zip(last, function.defaults, strict=True)) | function.keyword_defaults
    for name in keyword_names:
        if name not in bound:
            if name not in defaults:
                raise TypeError(f"{name} is missing")
            bound[name] = defaults[name]
    return bound
