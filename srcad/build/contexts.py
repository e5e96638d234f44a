"""A `with` statement: its body is differentiated in place, and what manages it is opaque.

A manager that may swallow an exception is refused: what follows would run with half of the body done.

    with np.errstate(divide="ignore"):     passes through
        y = np.log(x)
    with contextlib.suppress(ValueError):  refused
        y = f(x)
"""

from __future__ import annotations

import contextlib
import inspect
import types
from collections.abc import Iterator
from typing import Any

import gast

from srcad import errors
from srcad.build import opaque
from srcad.build.helpers import Helpers
from srcad.frames import binds_names, reads_frames, writes_outside
from srcad.graph import Const, Operand
from srcad.source import read
from srcad.statements import Context, Environment
from srcad.types import UNKNOWN

QUIET = ("numpy", "warnings")
"""Modules whose managers may go where nothing is left in their body."""
LIBRARIES = (*QUIET, "builtins", "io", "_io", "_thread", "threading", "tempfile", "decimal", "logging")
"""Modules whose managers let every exception through."""

METHODS = ("__enter__", "__exit__")
REDIRECTING = (contextlib.redirect_stdout, contextlib.redirect_stderr)


def build_with(walker: Helpers, node: gast.With) -> None:
    """Walk the body of a `with` where it stands."""
    effect = False
    binds: Environment = {}
    for item in node.items:
        operand, quiet = manager(walker, item.context_expr)
        effect |= not quiet
        if item.optional_vars is None:
            continue
        if not isinstance(item.optional_vars, gast.Name):
            raise errors.UnsupportedSyntax(
                "with binds more than one name", walker.span(item.optional_vars), "bind one name"
            )
        name = item.optional_vars.id
        walker.env[name] = binds[name] = operand
    outer, walker.statements = walker.statements, []
    walker.block(node.body)
    body, walker.statements = walker.statements, outer
    walker.statements.append(Context(node, body, binds, effect))


def manager(walker: Helpers, node: gast.expr) -> tuple[Operand, bool]:
    """What a manager binds, which is opaque; and whether it does nothing but keep warnings quiet."""
    if not isinstance(node, gast.Call):
        found = walker.value(node)
        thing = found.value if isinstance(found, Const) else None
        kept = any(writes_outside(getattr(type(thing), n, None), thing) for n in METHODS)
        refuse(walker, node, thing is not None and not kept and propagates(type(thing)))
        return walker.unread([], UNKNOWN, node), False
    function = walker.value(node.func)
    args, keywords = walker.arguments(node)
    given = [*args, *keywords.values()]
    callee = function.value if isinstance(function, Const) else None
    if walker.varied(given):
        raise errors.UnknownCall(
            "a context is made from a differentiated value", walker.span(node), "make it from numbers"
        )
    refuse(walker, node, propagates(callee))
    if callee not in REDIRECTING:
        walker.refuse_arrays(node, given, "the context")
    if reads_frames(callee):
        raise opaque.reads_names("the context", walker.span(node))
    return walker.unread(given, UNKNOWN, node), _module(callee) in QUIET


def refuse(walker: Helpers, node: gast.expr, propagating: bool) -> None:
    """Refuse a manager that might swallow an exception."""
    if not propagating:
        raise errors.UnsupportedSyntax(
            "as far as srcad can tell, this context may swallow an exception or bind a global",
            walker.span(node),
            "put the with statement around the call of the gradient",
        )


def propagates(thing: Any) -> bool:
    """Whether a class, or a function that makes a manager, lets every exception through."""
    if isinstance(thing, types.FunctionType) and _module(thing) not in LIBRARIES:
        generator = getattr(thing, "__wrapped__", None)
        made = thing.__code__ is _manager_code() and inspect.isgeneratorfunction(generator)
        if not made or writes_outside(generator):
            return False
        return not any(isinstance(n, gast.Try) and n.handlers for n in _nodes(generator))
    if _module(thing) in LIBRARIES:
        return True
    leave = getattr(thing, "__exit__", None)
    if not isinstance(thing, type) or not isinstance(leave, types.FunctionType):
        return False
    binds = any(binds_names(getattr(thing, name, None)) for name in ("__init__", *METHODS))
    return not binds and all(map(_returns_nothing, _nodes(leave)))


def _manager_code() -> Any:
    """The code that all functions below `@contextlib.contextmanager` share."""

    @contextlib.contextmanager
    def example() -> Iterator[None]:
        yield

    return example.__code__


def _nodes(function: Any) -> Iterator[Any]:
    """The nodes of a function; one that cannot be read has a `try` and a `return` of something."""
    try:
        yield from gast.walk(read(function).tree)
    except errors.NoSource:
        yield from gast.walk(gast.parse("try:\n    return_\nexcept E:\n    pass"))
        yield gast.Return(gast.Constant(True, None))


def _returns_nothing(node: Any) -> bool:
    if not isinstance(node, gast.Return):
        return True
    value = node.value
    return value is None or (isinstance(value, gast.Constant) and value.value in (None, False))


def _module(thing: Any) -> str:
    """The top of the module that a thing comes from; `contextlib`'s own are told by their names."""
    module: str = getattr(thing, "__module__", None) or ""
    top = module.partition(".")[0]
    return "builtins" if thing in (contextlib.nullcontext, *REDIRECTING) else top


