"""The parameters of the primal graph: one for each leaf of an argument, or of data from outside."""

from __future__ import annotations

from typing import Any

import gast

from srcad.build.state import PrimalEmitter
from srcad.graph import Const, Operand
from srcad.records import Record
from srcad.signature import Description, Static
from srcad.statements import Listing


class Parameters:
    """Adds parameters to the graph that the emitter has when this is made."""

    def __init__(self, emitter: PrimalEmitter, listing: Listing) -> None:
        self.emitter = emitter
        self.graph = emitter.graph
        self.listing = listing

    def add(self, described: Description, home: Any, name: str) -> Operand:
        """What an argument of this description means; each leaf knows the expression that reaches it."""
        if isinstance(described, Static):
            return Const(described.value)
        if isinstance(described, (tuple, list)):
            items = [
                self.add(item, _item(home, index), f"{name}_{index}")
                for index, item in enumerate(described)
            ]
            return tuple(items) if isinstance(described, tuple) else items
        if isinstance(described, dict):
            return {k: self.add(item, _item(home, k), str(k)) for k, item in described.items()}
        if isinstance(described, Record):
            fields = {
                name: self.add(item, gast.Attribute(home, name, gast.Load()), name)
                for name, item in described.fields.items()
            }
            return Record(described.cls, fields)
        value = self.emitter.define(described, name if name.isidentifier() else "entry")
        self.graph.params = (*self.graph.params, value)
        self.listing.home_of[value] = home
        self.emitter.state.origins[value] = frozenset({value})
        return value


def _item(home: gast.expr, key: Any) -> gast.expr:
    return gast.Subscript(home, gast.Constant(key, None), gast.Load())
