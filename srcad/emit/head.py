"""The heads of generated functions: names, parameters and docstrings."""

from __future__ import annotations

import copy
import os
import textwrap
from typing import Any

import gast

from srcad.build import Primal
from srcad.graph import Const, Graph, Operand, Tables, Value
from srcad.options import Options
from srcad.records import Record
from srcad.references import parameters_of
from srcad.signature import is_object
from srcad.source import Source
from srcad.types import UNKNOWN, Tensor


def gradient_name(source: Source, options: Options) -> str:
    """`loss_grad` for `loss`."""
    return f"{source.name}_{'value_and_grad' if options.with_value else 'grad'}"


def parameters(tree: gast.FunctionDef) -> gast.arguments:
    """The parameters of the user's function, with their defaults and without annotations."""
    found = copy.deepcopy(tree.args)
    for parameter in parameters_of(found):
        parameter.annotation = None
    return found


def docstring(sentence: str, primal: Primal) -> str:
    """What a function is, and the signature that it is for."""
    first = textwrap.fill(sentence, 92)
    letters = _Letters(primal.graph)
    types = [f"{n}: {letters.describe(p, primal.tables)}" for n, p in primal.params.items()]
    if not types or all(": ?" in t for t in types):
        return first
    return f"{first}\n\n{textwrap.fill(', '.join(types), 96, break_long_words=False)}\n"


def described(source: Source) -> str:
    """`loss (model.py:4)`."""
    return f"{source.name} ({os.path.basename(source.filename)}:{source.line})"


class _Letters:
    """Short names for the sizes in a signature: equal sizes have one."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.given: dict[Any, str] = {}

    def describe(self, operand: Operand, tables: Tables) -> str:
        if isinstance(operand, Const) and is_object(operand.value):
            return f"this {type(operand.value).__name__}"
        if isinstance(operand, Const):
            return repr(operand.value) if not callable(operand.value) else "function"
        if isinstance(operand, Value):
            return self.type(tables.types[operand])
        if isinstance(operand, dict):
            inner = ", ".join(f"{k!r}: {self.describe(o, tables)}" for k, o in operand.items())
            return f"{{{inner}}}"
        if isinstance(operand, Record):
            inner = ", ".join(f"{k}: {self.describe(o, tables)}" for k, o in operand.fields.items())
            return f"{operand.cls.__name__}({inner})"
        inner = ", ".join(self.describe(o, tables) for o in operand)
        return f"({inner})" if isinstance(operand, tuple) else f"[{inner}]"

    def type(self, type_: Any) -> str:
        if not isinstance(type_, Tensor) or type_.kind != "array" or type_.dims is None:
            return str(type_) if type_ != UNKNOWN else "?"
        sizes = ", ".join(self.size(self.graph.facts.find(dim)) for dim in type_.dims)
        return f"{'?' if type_.dtype is None else type_.dtype.str[1:]}[{sizes}]"

    def size(self, dim: Any) -> str:
        if isinstance(dim, int):
            return str(dim)
        if dim not in self.given:
            self.given[dim] = "nmkpqrstuvwabcd"[len(self.given) % 15]
        return self.given[dim]
