"""Which helpers call themselves, directly or through others, and what of one does not."""

from __future__ import annotations

import copy
import dis
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import gast

from srcad.build.opaque import is_user_function
from srcad.source import lookup

Recurs = Callable[[gast.AST], bool]


def is_recursive(function: FunctionType) -> bool:
    """Whether a function may come to call itself, by the names that it and those it names read."""
    return any(reaches(named, function) for named in _named(function))


def reaches(function: FunctionType, target: FunctionType) -> bool:
    """Whether a function is the target, or names functions that lead to it."""
    seen, waiting = {function}, [function]
    while waiting:
        found = waiting.pop()
        if found is target:
            return True
        for named in _named(found):
            if named not in seen:
                seen.add(named)
                waiting.append(named)
    return False


def _named(function: FunctionType) -> Iterator[FunctionType]:
    for name in dict.fromkeys(_names(function.__code__)):
        found = _meaning(function, name)
        if isinstance(found, FunctionType) and is_user_function(found):
            yield found


def _names(code: CodeType) -> Iterator[str]:
    """The names, no attributes, that a code reads and does not bind."""
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLOSURE"):
            yield instruction.argval
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _meaning(function: FunctionType, name: str) -> Any:
    try:
        return lookup(function, name)
    except Exception:  # a name that is not bound, or an attribute's
        return None


def recurring_calls(function: FunctionType, tree: gast.FunctionDef, own: set[str]) -> Recurs:
    """Tells the nodes of a function's tree in which it comes to call itself; `own` are its names."""
    known: dict[str, bool] = {}

    def leads_back(name: str) -> bool:
        if name not in known:
            found = None if name in own else _meaning(function, name)
            known[name] = isinstance(found, FunctionType) and reaches(found, function)
        return known[name]

    def recurs(node: gast.AST) -> bool:
        names = (n.id for n in gast.walk(node) if isinstance(n, gast.Name))
        return any(leads_back(name) for name in names)

    return recurs


def base_case(tree: gast.FunctionDef, recurs: Recurs) -> gast.FunctionDef | None:
    """The function without the paths on which it calls itself; None if there is no other.

    A loop in which it does so has no trips.
    """
    body = _paths(tree.body, recurs)
    if body is None:
        return None
    found = copy.copy(tree)
    found.body = body
    return found


def _paths(statements: list[gast.stmt], recurs: Recurs) -> list[gast.stmt] | None:
    found: list[gast.stmt] = []
    for statement in statements:
        if not recurs(statement):
            found.append(statement)
        elif isinstance(statement, gast.If) and not recurs(statement.test):
            sides = [_paths(side, recurs) for side in (statement.body, statement.orelse)]
            open_sides = [side for side in sides if side is not None]
            if not open_sides:
                return None
            if len(open_sides) == 1:
                found += open_sides[0]
            else:
                found.append(_branch(statement, *open_sides))
        elif isinstance(statement, (gast.For, gast.While)) and not recurs(_head(statement)):
            continue  # a loop may have no trips
        else:
            return None
    return found


def _head(loop: gast.For | gast.While) -> gast.AST:
    return loop.iter if isinstance(loop, gast.For) else loop.test


def _branch(node: gast.If, body: list[gast.stmt], orelse: list[gast.stmt]) -> gast.stmt:
    body = body or [gast.copy_location(gast.Pass(), node)]
    return gast.copy_location(gast.If(node.test, body, orelse), node)
