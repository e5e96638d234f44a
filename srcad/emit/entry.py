"""What comes first in a gradient: arguments that the function writes are copied."""

from __future__ import annotations

import gast

from srcad.build import Primal
from srcad.emit.backward import assign, read
from srcad.emit.constants import constant
from srcad.emit.equations import call
from srcad.emit.vocabulary import Vocabulary
from srcad.graph import Operand, Tables, Value, values
from srcad.runtime import check_apart, own_copy
from srcad.types import Tensor


def copies(primal: Primal, vocabulary: Vocabulary) -> list[gast.stmt]:
    """`x = np.array(x)` for each argument that is written, if no other shares its memory."""
    names = primal.copied
    if not names:
        return []
    found: list[gast.stmt] = []
    others = [
        name
        for name, operand in primal.params.items()
        if name not in names and _holds_arrays(operand, primal.tables)
    ]
    several = sum(_holds_arrays(v, primal.tables) for n in names for v in values(primal.params[n]))
    if several > 1 or others:
        check = vocabulary.function(check_apart)
        found.append(gast.Expr(call(check, [_by_name(names), _by_name(others)])))
    for name in names:
        whole = isinstance(primal.params[name], Value)
        copy = vocabulary.numpy("array") if whole else vocabulary.function(own_copy)
        found.append(assign(name, call(copy, [read(name)])))
    return found


def _by_name(names: list[str]) -> gast.expr:
    return gast.Dict([constant(name) for name in names], [read(name) for name in names])


def _holds_arrays(operand: Operand, tables: Tables) -> bool:
    types = [tables.types[value] for value in values(operand)]
    return any(not (isinstance(t, Tensor) and t.immutable) for t in types)
