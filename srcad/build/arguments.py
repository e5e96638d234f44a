"""A call's arguments -> what each parameter of a helper means: `*args` a tuple, `**kwargs` a dict.

def scaled(x, *rest, k=2.0, **more): ...

scaled(a, b, c, s=d)   ->   x = a, rest = (b, c), k = 2.0, more = {"s": d}
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.errors import Span
from srcad.graph import Const, Operand

Argument = tuple[gast.expr | None, Operand]
"""How an argument is written (None for a literal default), and what it means."""
Bound = dict[str, Argument]


@dataclass(slots=True)
class Given:
    """The arguments of a call, those that are unpacked one by one."""

    positional: list[Argument] = field(default_factory=list)
    keywords: dict[str, Argument] = field(default_factory=dict)

    @property
    def operands(self) -> list[Operand]:
        """What all of them mean."""
        return [operand for _, operand in (*self.positional, *self.keywords.values())]


def bind_arguments(
    tree: gast.FunctionDef, given: Given, defaults: Bound, refuse: Callable[[str], Exception]
) -> Bound:
    """What each parameter of a helper means in a call."""
    arguments = tree.args
    names = [a.id for a in (*arguments.posonlyargs, *arguments.args)]
    bound: Bound = dict(zip(names, given.positional, strict=False))
    extra = given.positional[len(names) :]
    if arguments.vararg is not None:
        bound[arguments.vararg.id] = gathered_tuple(extra)
    elif extra:
        raise refuse(f"takes {len(names)} positional arguments")
    allowed = {a.id for a in (*arguments.args, *arguments.kwonlyargs)}
    more: Bound = {}
    for name, argument in given.keywords.items():
        if name in allowed and name not in bound:
            bound[name] = argument
        elif name in allowed or arguments.kwarg is None:
            raise refuse(f"does not take {name}= here")
        else:
            more[name] = argument
    if arguments.kwarg is not None:
        bound[arguments.kwarg.id] = gathered_dict(more)
    for name in (*names, *(a.id for a in arguments.kwonlyargs)):
        if name not in bound and name not in defaults:
            raise refuse(f"misses the argument {name}")
    left_out = {name: default for name, default in defaults.items() if name not in bound}
    return {**bound, **left_out}


def gathered_tuple(arguments: list[Argument]) -> Argument:
    """What `*args` means."""
    items = [written(argument) for argument in arguments]
    return gast.Tuple(items, gast.Load()), tuple(operand for _, operand in arguments)


def gathered_dict(arguments: Bound) -> Argument:
    """What `**kwargs` means."""
    keys = [gast.Constant(name, None) for name in arguments]
    items = [written(argument) for argument in arguments.values()]
    return gast.Dict(keys, items), {name: operand for name, (_, operand) in arguments.items()}


def written(argument: Argument) -> gast.expr:
    """How an argument is written."""
    node, operand = argument
    return literal(operand) if node is None else node


def mismatch(callee: Any, span: Span) -> Callable[[str], errors.ArgumentMismatch]:
    """The error that tells why the arguments of a call do not fit."""
    name = getattr(callee, "__name__", None) or getattr(callee, "name", "the function")
    return lambda why: errors.ArgumentMismatch(f"{name} {why}", span)


def default_values(function: Any) -> dict[str, object]:
    """The defaults of a function, by parameter."""
    code, defaults = function.__code__, function.__defaults__ or ()
    positional = code.co_varnames[: code.co_argcount]
    found = dict(zip(positional[len(positional) - len(defaults) :], defaults, strict=True))
    return {**found, **(function.__kwdefaults__ or {})}


def is_literal(value: Any) -> bool:
    """Whether a known value may be written out where it is used."""
    if isinstance(value, float):
        return bool(np.isfinite(value)) and not (value == 0.0 and bool(np.signbit(value)))
    return isinstance(value, (bool, int, str, type(None)))


def literal(operand: Const) -> gast.expr:
    """A known number, text or None, written out."""
    value = operand.value
    if isinstance(value, (int, float)) and value < 0:
        return gast.UnaryOp(gast.USub(), gast.Constant(-value, None))
    return gast.Constant(value, None)
