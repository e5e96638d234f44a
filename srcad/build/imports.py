"""An `import` in the body: the names that it binds mean what they mean at the top of a module."""

from __future__ import annotations

import importlib
import types
from typing import Any

import gast

from srcad import errors
from srcad.build.helpers import Helpers
from srcad.graph import Const, Operand


def build_import(walker: Helpers, node: gast.Import) -> None:
    """`import a`, `import a.b as c`."""
    for alias in node.names:
        walker.env[alias.asname or alias.name] = Const(imported(walker, node, alias.name))
    keep(walker, node)


def build_import_from(walker: Helpers, node: gast.ImportFrom) -> None:
    """`from a import b`: a module, a function, or data that are read live."""
    name = "." * (node.level or 0) + (node.module or "")
    module = imported(walker, node, name)
    for alias in node.names:
        walker.env[alias.asname or alias.name] = member(walker, node, module, alias.name)
    keep(walker, node)


def imported(walker: Helpers, node: Any, name: str) -> Any:
    """The module of a name."""
    package = walker.source.function.__globals__.get("__package__")
    try:
        return importlib.import_module(name, package)
    except ImportError as error:
        raise errors.UnboundName(f"the module {name} is not there", walker.span(node)) from error


def member(walker: Helpers, node: gast.ImportFrom, module: Any, name: str) -> Operand:
    """What is imported from a module."""
    if not hasattr(module, name):
        return Const(imported(walker, node, f"{module.__name__}.{name}"))
    found = getattr(module, name)
    if isinstance(found, types.ModuleType):
        return Const(found)
    return walker.module_attribute(node, module, name, found)


def keep(walker: Helpers, node: Any) -> None:
    """The statement stays where the text reads a name of it."""
    statement = walker.plain(node)
    for alias in node.names:
        name = alias.asname or alias.name
        statement.binds[name] = walker.env[name]


