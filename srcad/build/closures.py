"""Functions that are made inside the function: lambdas and nested `def`.

What such a function reads of the names around it, it reads when it is called, as Python's cells do; so
its text stands for it, and is walked where it is called. Its defaults are evaluated where it is made:
each is bound to a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import gast

from srcad.graph import Const, Operand, leaves
from srcad.names import Names
from srcad.references import assigned, parameters_of
from srcad.source import Source

Function = gast.Lambda | gast.FunctionDef


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A function made inside the function: its text, in names that are unlike all others."""

    node: Any  # Function
    source: Source  # of the function that it is written in
    defaults: dict[str, gast.expr] = field(default_factory=dict)  # parameter -> a literal or a name

    @property
    def name(self) -> str:
        """How it is called in an error."""
        return "the lambda" if isinstance(self.node, gast.Lambda) else self.node.name


@dataclass(frozen=True, slots=True, eq=False)
class LocalPartial:
    """A `functools.partial` made inside the function: its arguments are kept under names."""

    function: Any  # what it calls
    args: list[gast.expr]
    keywords: dict[str, gast.expr]

    @property
    def name(self) -> str:
        """How it is called in an error."""
        return "the partial"


Made = Local | LocalPartial


def as_function(node: Any) -> gast.FunctionDef:
    """The text of a nested function; a lambda as one whose body is one `return`."""
    if isinstance(node, gast.FunctionDef):
        return node
    body = gast.copy_location(gast.Return(node.body), node.body)
    return gast.copy_location(
        gast.FunctionDef("lambda_", node.args, [body], [], None, None, []), node
    )


def default_nodes(tree: Any) -> dict[str, gast.expr]:
    """The defaults in a function's text, by parameter."""
    arguments = tree.args
    positional = [a.id for a in (*arguments.posonlyargs, *arguments.args)]
    last = positional[len(positional) - len(arguments.defaults) :]
    found = dict(zip(last, arguments.defaults, strict=True))
    only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {**found, **{a.id: node for a, node in only if node is not None}}


def own_names(node: Any) -> set[str]:
    """The names that belong to a nested function: its parameters, and what it binds."""
    bound = [] if isinstance(node, gast.Lambda) else assigned(node.body)
    return {*(a.id for a in parameters_of(node.args)), *bound}


def nested_functions(tree: Any) -> Iterator[Any]:
    """The functions that are made in a function's body, at any depth."""
    for statement in tree.body:
        for node in gast.walk(statement):
            if isinstance(node, Function):
                yield node


def names_in_closures(tree: Any) -> set[str]:
    """The names that stand in functions made in a function's body: they may outlive its call."""
    found: set[str] = set()
    for node in nested_functions(tree):
        body = [node.body] if isinstance(node, gast.Lambda) else node.body
        found |= {n.id for part in body for n in gast.walk(part) if isinstance(n, gast.Name)}
    return found


def reserve(tree: Any, names: Names) -> None:
    """Keep the names that belong to nested functions from being given to anything else."""
    for node in nested_functions(tree):
        names.used |= own_names(node)


def locals_in(operand: Operand) -> list[Made]:
    """The functions made inside the function that an operand holds."""
    constants = (leaf.value for leaf in leaves(operand) if isinstance(leaf, Const))
    return [value for value in constants if isinstance(value, Made)]
