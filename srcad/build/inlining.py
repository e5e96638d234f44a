"""A helper's text as the caller's: arguments bound, names made distinct.

    def f(x):                    def f(x):
        y = x + 1.0                  y = x + 1.0
        return scaled(y, 2.0)        y_1 = y * 2.0          <- of `scaled`: `y = v * k`
                                     return np.sum(y_1)     <- its result stands for the call
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.errors import Span
from srcad.graph import Const, Operand
from srcad.names import Names
from srcad.references import assigned

Bound = dict[str, tuple[gast.expr | None, Operand]]
"""Parameter -> the caller's expression (None for a literal default), and what it means."""


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A lambda bound to a name inside the function: it sees the function's own names."""

    node: gast.Lambda


@dataclass(frozen=True, slots=True)
class Renamed:
    """A helper's text in the caller's names."""

    tree: gast.FunctionDef
    parameters: dict[str, str]  # those that are bound before it -> their new names


# --- arguments ------------------------------------------------------------------------------------


def bind_arguments(
    node: gast.Call,
    tree: gast.FunctionDef,
    args: list[Operand],
    keywords: dict[str, Operand],
    defaults: Bound,
    refuse: Callable[[str], Exception],
) -> Bound:
    """What each parameter of a helper means in a call."""
    given: Bound = {}
    names = [a.id for a in (*tree.args.posonlyargs, *tree.args.args)]
    if len(args) > len(names):
        raise refuse(f"takes {len(names)} positional arguments")
    for name, argument, operand in zip(names, node.args, args, strict=False):
        given[name] = (argument, operand)
    allowed = {a.id for a in (*tree.args.args, *tree.args.kwonlyargs)}
    for keyword in node.keywords:
        if keyword.arg not in allowed or keyword.arg in given:
            raise refuse(f"does not take {keyword.arg}= here")
        given[keyword.arg] = (keyword.value, keywords[keyword.arg])
    for name, default in defaults.items():
        given.setdefault(name, default)
    for parameter in parameters_of(tree):
        if parameter.id not in given:
            raise refuse(f"misses the argument {parameter.id}")
    return given


def mismatch(callee: Any, span: Span) -> Callable[[str], errors.ArgumentMismatch]:
    """The error that tells why the arguments of a call do not fit."""
    name = getattr(callee, "__name__", "the function")
    return lambda why: errors.ArgumentMismatch(f"{name} {why}", span)


def default_values(function: Any) -> dict[str, object]:
    """The defaults of a function, by parameter."""
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    found = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    return {**found, **(function.__kwdefaults__ or {})}


def default_nodes(tree: Any) -> dict[str, gast.expr]:
    """The defaults of a lambda, by parameter."""
    arguments = tree.args
    positional = [a.id for a in (*arguments.posonlyargs, *arguments.args)]
    last = positional[len(positional) - len(arguments.defaults) :]
    found = dict(zip(last, arguments.defaults, strict=True))
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {**found, **{a.id: node for a, node in only if node is not None}}


# --- names ----------------------------------------------------------------------------------------


def rename(
    tree: gast.FunctionDef,
    bound: Bound,
    names: Names,
    known: Callable[[str], bool],
    free: Callable[[str], gast.expr],
) -> Renamed:
    """A copy of a helper's text in which its own names are distinct from the caller's.

    A parameter that is not bound again is written as its argument, if that is a literal or a name that
    is `known`. `free` says how one is read that is not the helper's own.
    """
    table: dict[str, gast.expr] = {}
    parameters: dict[str, str] = {}
    written = assigned(tree.body)
    for name, (argument, operand) in bound.items():
        if name not in written and _substitutes(argument, operand, known):
            table[name] = argument if argument is not None else literal(operand)
            continue
        parameters[name] = names.fresh(name)
        table[name] = gast.Name(parameters[name], gast.Load(), None, None)
    for name in written:
        if name not in table:
            table[name] = gast.Name(names.fresh(name), gast.Load(), None, None)
    return Renamed(_Renamer(table, free).visit(copy.deepcopy(tree)), parameters)


def _substitutes(
    argument: gast.expr | None, operand: Operand, known: Callable[[str], bool]
) -> bool:
    """Whether the argument may be written in place of the parameter."""
    if argument is None or isinstance(argument, gast.Constant):
        return isinstance(operand, Const) and is_literal(operand.value)
    return isinstance(argument, gast.Name) and known(argument.id)


class _Renamer(gast.NodeTransformer):
    """Names of a helper replaced by the caller's: its own by the table, free ones by a function."""

    def __init__(self, names: dict[str, gast.expr], free: Callable[[str], gast.expr]) -> None:
        self.names = names
        self.free = free

    def visit_Name(self, node: gast.Name) -> gast.expr:
        new = self.names.get(node.id) or self.free(node.id)
        if isinstance(new, gast.Name):
            return gast.copy_location(gast.Name(new.id, node.ctx, None, None), node)
        new = copy.deepcopy(new)
        for part in gast.walk(new):
            gast.copy_location(part, node)
        return new

    def visit_Lambda(self, node: gast.Lambda) -> gast.expr:
        own = {a.id: gast.Name(a.id, gast.Load(), None, None) for a in parameters_of(node)}
        outer, self.names = self.names, {**self.names, **own}
        node.body = self.visit(node.body)
        self.names = outer
        return node


# --- trees ----------------------------------------------------------------------------------------


def lambda_as_function(node: gast.Lambda) -> gast.FunctionDef:
    """A lambda as a function whose body is one `return`."""
    body = gast.copy_location(gast.Return(node.body), node.body)
    return gast.copy_location(
        gast.FunctionDef("lambda_", node.args, [body], [], None, None, []), node
    )


def parameters_of(tree: Any) -> list[gast.Name]:
    """The parameters of a function or a lambda."""
    return [*tree.args.posonlyargs, *tree.args.args, *tree.args.kwonlyargs]


def all_names(tree: gast.AST) -> set[str]:
    """Every name that stands in a piece of code."""
    return {n.id for n in gast.walk(tree) if isinstance(n, gast.Name)}


def is_literal(value: Any) -> bool:
    """Whether a default may be written out where it is used."""
    if isinstance(value, float):
        return bool(np.isfinite(value)) and not (value == 0.0 and bool(np.signbit(value)))
    return isinstance(value, (bool, int, str, type(None)))


def literal(operand: Const) -> gast.expr:
    """A known number, text or None, written out."""
    value = operand.value
    if isinstance(value, (int, float)) and value < 0:
        return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
    return gast.Constant(value, None)
