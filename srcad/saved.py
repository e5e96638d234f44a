"""A gradient as a module: its text, its imports, and the definitions that it needs beside NumPy."""

from __future__ import annotations

import builtins
import dis
import math
import sys
import types
from collections.abc import Iterator
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.emit.constants import constant
from srcad.emit.writer import write
from srcad.source import lookup, read


def module_text(text: str, function: types.FunctionType, primal: str) -> str:
    """The module that defines a gradient function and runs where srcad is not installed.

    Other functions in the text are helpers, which it leads to.

    Raises:
        NotSaved: the function reads an object that cannot be written, such as a global array.
    """
    module = _Module()
    trees = gast.parse(text).body
    parts = _functions(function, {tree.name for tree in trees})
    module.known.update(parts)
    for tree in trees:
        part = parts.get(tree.name)
        for name in free_names(_lines_of(text, tree)):
            if part is not None and name not in parts:
                module.need(name, lookup(part, name))
    if _write_defaults(module, trees[0], function):
        text = _with_head(text, trees[0])
    head = f'"""The gradient of {primal}, written by srcad."""'
    blocks = ["\n".join(part for part in (head, module.preamble()) if part)]
    return "\n\n\n".join([*blocks, *module.definitions, text.rstrip("\n")]) + "\n"


def _functions(function: types.FunctionType, names: set[str]) -> dict[str, types.FunctionType]:
    """A function, and those of these names that it and they call."""
    found, waiting = {function.__name__: function}, [function]
    while waiting:
        part = waiting.pop()
        for name in names.difference(found).intersection(part.__code__.co_freevars):
            other = lookup(part, name)
            assert isinstance(other, types.FunctionType)
            found[name] = other
            waiting.append(other)
    return found


def _lines_of(text: str, tree: Any) -> str:
    return "\n".join(text.split("\n")[tree.lineno - 1 : tree.end_lineno]) + "\n"


class _Module:
    """What stands above the function."""

    def __init__(self) -> None:
        self.imports: set[str] = set()
        self.constants: list[str] = []
        self.definitions: list[str] = []
        self.known: dict[str, Any] = {}

    def preamble(self) -> str:
        parts = [sorted(self.imports), self.constants]
        return "\n".join("\n" + "\n".join(part) for part in parts if part)

    def need(self, name: str, thing: Any) -> None:
        """Import or define what a name means."""
        if name not in self.known and getattr(builtins, name, self) is thing:
            return
        if name in self.known:
            if self.known[name] is not thing:
                raise errors.NotSaved(f"{name} means two things in the text that would be written")
            return
        self.known[name] = thing
        origin = _origin(thing)
        if isinstance(thing, types.ModuleType):
            self.imports.add(_import(thing.__name__, name))
        elif origin is not None:
            self.imports.add(_import(*origin, name))
        elif isinstance(thing, types.FunctionType):
            self.define(name, thing)
        else:
            self.constants.append(write(_assign(name, self.literal(name, thing))).rstrip("\n"))

    def literal(self, name: str, thing: Any) -> gast.expr:
        """The expression that makes a constant."""
        try:
            return constant(thing, "np" if self.has_numpy(thing) else None)
        except TypeError:
            raise errors.NotSaved(
                f"{name} is an object of the class {type(thing).__name__}, which is not written "
                "into a module",
                hint="pass it as an argument",
            ) from None

    def has_numpy(self, thing: Any) -> bool:
        """Whether a constant is made of NumPy's classes; then the module has NumPy as `np`."""
        if isinstance(thing, (tuple, list)):
            return any(self.has_numpy(item) for item in thing)
        if isinstance(thing, dict):
            return any(self.has_numpy(item) for item in thing.values())
        if isinstance(thing, (np.generic, np.dtype)):
            self.need("np", np)
            return True
        return False

    def define(self, name: str, function: types.FunctionType) -> None:
        """Write a helper into the module, under a name, and what that needs before it."""
        made = getattr(function, "source", None)
        tree = gast.parse(made).body[0] if made is not None else read(function).tree
        tree.name, tree.returns = name, None
        if (function.__module__ or "").partition(".")[0] == "srcad":
            _shorten(tree)
        for argument in gast.walk(tree.args):
            if isinstance(argument, gast.Name) and isinstance(argument.ctx, gast.Param):
                argument.annotation = None
        _write_defaults(self, tree, function)
        text = write(tree)
        for free in free_names(text):
            self.need(free, lookup(function, free))
        self.definitions.append(text.rstrip("\n"))


def _shorten(tree: Any) -> None:
    """Leave the first sentence of a docstring."""
    docstring = tree.body[0].value
    docstring.value = docstring.value.partition("\n")[0]


def _import(module: str, *names: str) -> str:
    """The statement that gives a module, or a name in it, the last of the names."""
    if module == "__main__":
        raise errors.NotSaved(
            f"{names[-1]} stands in the program that runs, and cannot be imported",
            hint="put it into a module of its own",
        )
    if len(names) == 1:
        return f"import {module}" if names[0] == module else f"import {module} as {names[0]}"
    name, own = names
    return (
        f"from {module} import {name}" if name == own else f"from {module} import {name} as {own}"
    )


def _origin(thing: Any) -> tuple[str, str] | None:
    """The module and the name from which a class, or a function of no user's, is imported."""
    if isinstance(thing, types.FunctionType) and not _library(thing.__module__):
        return None
    name = getattr(thing, "__name__", None)
    if not callable(thing) or name is None:
        return None
    for module in (np, np.linalg, np.fft, math, sys.modules.get(thing.__module__ or "")):
        if module is not None and getattr(module, name, None) is thing:
            return module.__name__, name
    return None


def _library(module: str | None) -> bool:
    """Whether a module is one that the user's code imports and did not write."""
    top = (module or "").partition(".")[0]
    return top in ("numpy", "scipy") or (top in sys.stdlib_module_names and top != "__main__")


def _assign(name: str, value: gast.expr) -> gast.stmt:
    return gast.Assign([gast.Name(name, gast.Store(), None, None)], value, None)


# --- defaults -------------------------------------------------------------------------------------


def _write_defaults(module: _Module, tree: Any, function: types.FunctionType) -> bool:
    """Put the defaults that a function has into its head; whether there are any.

    What the user wrote there may be a name that means something else by now.
    """
    positional = [a.id for a in (*tree.args.posonlyargs, *tree.args.args)]
    defaults = function.__defaults__ or ()
    names = positional[len(positional) - len(defaults) :]
    tree.args.defaults = [_default(module, n, v) for n, v in zip(names, defaults, strict=True)]
    keywords = function.__kwdefaults__ or {}
    tree.args.kw_defaults = [
        _default(module, a.id, keywords[a.id]) if a.id in keywords else None
        for a in tree.args.kwonlyargs
    ]
    return bool(defaults or keywords)


def _default(module: _Module, name: str, value: Any) -> gast.expr:
    own = getattr(value, "__name__", "")
    if getattr(builtins, own, module) is value:
        return gast.Name(own, gast.Load(), None, None)
    if getattr(np, own, module) is value:
        module.need("np", np)
        return gast.Attribute(gast.Name("np", gast.Load(), None, None), own, gast.Load())
    return module.literal(f"the default of {name}", value)


def _with_head(text: str, tree: Any) -> str:
    """The text with another head: its first lines, up to the docstring."""
    head = gast.FunctionDef(tree.name, tree.args, [gast.Pass()], [], None, None, [])
    written = write(head).rstrip("\n").removesuffix("pass").rstrip()
    lines = text.split("\n")
    first = tree.body[0].lineno - 1
    return "\n".join([written, *lines[first:]])


# --- names ----------------------------------------------------------------------------------------


def free_names(text: str) -> Iterator[str]:
    """The names that the one function of a text reads and does not bind, in order of appearance."""
    code = compile(text, "<text>", "exec")
    (function,) = (c for c in code.co_consts if isinstance(c, types.CodeType))
    names = dict.fromkeys(_global_names(function))
    (tree,) = gast.parse(text).body
    for statement in tree.body:
        for node in gast.walk(statement):
            if isinstance(node, gast.Name) and node.id in names:
                names.pop(node.id)
                yield node.id


def _global_names(code: types.CodeType) -> Iterator[str]:
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield instruction.argval
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _global_names(inner)
