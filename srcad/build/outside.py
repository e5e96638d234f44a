"""What the text reads from outside: globals, cells and defaults, its own and those of its helpers.

A module or a function is what it is when the gradient is compiled, and the gradient depends on it; data
become parameters of the graph, and are read anew by each call.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import CellType
from typing import Any

import gast
import numpy as np

from srcad.graph import Const, Operand
from srcad.names import Names
from srcad.records import is_record
from srcad.signature import is_object
from srcad.source import lookup

DATA = (int, float, complex, np.generic, np.ndarray, tuple, list, dict)
MISSING = object()


@dataclass(slots=True)
class Outside:
    """The names of the text that are not local, and what they lead to."""

    root: Any  # the user's function
    names: Names  # every name of the text, those that helpers bring in among them
    local: set[str]  # the names that the user's function binds
    renamed: dict[str, tuple[Any, str]] = field(default_factory=dict)  # -> (a function, its name)
    cells: dict[str, object] = field(default_factory=dict)  # names that the text needs beside these
    known: dict[str, Operand] = field(default_factory=dict)  # what names of data and modules mean
    holders: dict[tuple[str, str], Any] = field(
        default_factory=dict
    )  # (module, its name) -> reader
    values: dict[str, Operand] = field(default_factory=dict)  # data: the parameters that they are
    places: dict[str, tuple[Any, str]] = field(default_factory=dict)  # of those: (function, name)
    objects: dict[int, tuple[Any, gast.expr]] = field(
        default_factory=dict
    )  # by identity: an object, and how the text reads it
    dependencies: list[tuple[Any, str, Any]] = field(
        default_factory=list
    )  # (function, name, thing)
    data: list[tuple[Any, str]] = field(
        default_factory=list
    )  # (function, name) of what is read live

    def free_name(self, function: Any, name: str) -> gast.expr:
        """How the text reads a global or a free name of a helper."""
        if self.means_the_same(function, name):
            self.names.used.add(name)  # no helper's own name may be the same from now on
            return read(name)
        if name not in function.__code__.co_freevars and name in function.__globals__:
            found = function.__globals__[name]
            if not callable(found) and not isinstance(found, types.ModuleType):
                module = sys.modules.get(function.__globals__.get("__name__", ""))
                if module is not None and vars(module) is function.__globals__:
                    head = self.module_name(module)
                    self.holders[head, name] = function
                    return gast.Attribute(read(head), name, gast.Load())
                self.dependencies.append(
                    (function, name, found)
                )  # what is read is this very object
        for text, place in self.renamed.items():
            if place[0] is function and place[1] == name:
                return read(text)
        text = self.names.fresh(name)
        self.renamed[text] = (function, name)
        return read(text)

    def means_the_same(self, function: Any, name: str) -> bool:
        """Whether a helper's free name is the same one where the text stands."""
        root = self.root
        if name in {*self.local, *function.__code__.co_freevars, *root.__code__.co_freevars}:
            return False
        if function.__globals__ is root.__globals__:
            return True
        here = root.__globals__.get(name, MISSING)
        if here is not function.__globals__.get(name, MISSING):
            return False
        if isinstance(here, types.ModuleType):
            self.dependencies.append((root, name, here))
            return True
        return here is MISSING

    def module_name(self, module: types.ModuleType) -> str:
        """The name under which the text reads another module's data."""
        hidden = {*self.local, *self.root.__code__.co_freevars}
        for name, thing in self.root.__globals__.items():
            if thing is module and name not in hidden:
                self.dependencies.append((self.root, name, module))
                self.known[name] = Const(module)
                return name
        for name, thing in self.cells.items():
            if thing is module:
                return name
        name = self.cell(module.__name__.rpartition(".")[2], module)
        self.known[name] = Const(module)
        return name

    def object_text(self, thing: Any) -> gast.expr:
        """The expression by which the text reads an object."""
        if id(thing) not in self.objects:
            self.objects[id(thing)] = (thing, read(self.object_name(thing)))
        return self.objects[id(thing)][1]

    def object_name(self, thing: Any) -> str:
        """A name of the user's for an object, or one for the text alone."""
        root = self.root
        free = root.__code__.co_freevars
        for name in (*free, *root.__globals__):
            hidden = name in self.local or (name not in free and name in self.known)
            if not hidden and _meaning(root, name) is thing:
                self.dependencies.append((root, name, thing))
                self.known[name] = Const(thing)
                self.names.used.add(name)
                return name
        name = self.cell(type(thing).__name__.lower(), thing)
        self.known[name] = Const(thing)
        return name

    def key_of(self, thing: Any) -> str:
        """What tells the data of one object from those of another."""
        self.object_text(thing)
        return f"object {id(thing)}"

    def register(self, operand: Operand, home: gast.expr) -> None:
        """Record how the text reads the objects in what is read as `home`."""
        if isinstance(operand, (tuple, list, dict)):
            items = operand.items() if isinstance(operand, dict) else enumerate(operand)
            for key, item in items:
                self.register(item, gast.Subscript(home, gast.Constant(key, None), gast.Load()))
        elif isinstance(operand, Const) and is_object(operand.value):
            self.objects.setdefault(id(operand.value), (operand.value, home))

    def of_helper(self, local: set[str]) -> Outside:
        """The same module seen from a helper that is written beside the function.

        Data that it reads are parameters of its own graph.
        """
        known = {name: o for name, o in self.known.items() if isinstance(o, Const)}
        return replace(self, local=local, values={}, places={}, known=known)

    def parameters(self) -> list[tuple[Any, str, Operand]]:
        """Data that are parameters of the graph: (function, name, what it means)."""
        return [(*self.places[key], operand) for key, operand in self.values.items()]

    def cell(self, name: str, thing: object) -> str:
        """A name for what the text needs and the user's namespace lacks."""
        name = self.names.fresh(name)
        self.cells[name] = thing
        return name

    def closure(self, provided: Mapping[str, Any]) -> dict[str, CellType]:
        """The cells that the text reads: the user's own, which are read live, and what it lacks."""
        own = self.root.__closure__ or ()
        found = dict(zip(self.root.__code__.co_freevars, own, strict=True))
        for text, (holder, name) in self.renamed.items():
            free = holder.__code__.co_freevars
            if name in free:
                found[text] = holder.__closure__[free.index(name)]
            elif name in holder.__globals__ or name in holder.__builtins__:  # else it is in no text
                found[text] = CellType(lookup(holder, name))
        for text, value in (*self.cells.items(), *provided.items()):
            found[text] = CellType(value)
        return found


def is_data(thing: object) -> bool:
    """Whether a thing is read anew by each call, and may be computed with."""
    return (isinstance(thing, DATA) and not isinstance(thing, bool)) or is_record(thing)


def _meaning(function: Any, name: str) -> object:
    try:
        return lookup(function, name)
    except NameError:
        return MISSING


def read(name: str) -> gast.expr:
    """A name that is read."""
    return gast.Name(name, gast.Load(), None, None)
