"""The gradients as the caller gets them: of the argument's class and dtype, in memory of their own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from srcad.graph import CAST, COPY, Const, Graph, Operand, Tables, Value
from srcad.memory.ownership import FOREIGN, Owned, own
from srcad.primitive import Primitive, Trait
from srcad.runtime import as_argument
from srcad.typed import Emitter
from srcad.types import UNKNOWN, Tensor, same_dims, same_dtype

AS_ARGUMENT = Primitive(
    "as_argument", as_argument, frozenset({Trait.FRESH}), lambda facts, *args: UNKNOWN
)
FLOAT = Primitive("float", float, frozenset({Trait.FRESH}), lambda facts, x: UNKNOWN)
ARRAY = Primitive(
    "np.array", np.array, frozenset({Trait.FRESH}), lambda facts, *args, **keywords: UNKNOWN
)

def finish(graph: Graph, tables: Tables, wrt: Sequence[Value]) -> Graph:
    """Append to a backward graph what its results still lack to be gradients of `wrt`."""
    return _Finisher(graph, tables).run(wrt)


class _Finisher:
    def __init__(self, graph: Graph, tables: Tables) -> None:
        self.owned: Owned = own(graph, tables, set())
        self.graph = Graph(
            graph.params,
            list(graph.equations),
            graph.results,
            graph.name,
            graph.facts,
            graph.mirror,
        )
        self.emitter = Emitter(tables, self.graph, "adjoint")
        self.given: set[object] = set()

    def run(self, wrt: Sequence[Value]) -> Graph:
        pairs = zip(self.graph.results, wrt, strict=True)
        self.graph.results = tuple(self.result(found, value) for found, value in pairs)
        return self.graph

    def result(self, found: Operand, argument: Value) -> Operand:
        have, want = self.emitter.tensor(found), self.emitter.tensor(argument)
        if want.kind == "python":
            known = have.kind == "python" and have.dtype == np.float64
            return found if known else self.emitter.emit(FLOAT, (found,))
        if want.kind == "scalar" and want.dtype is not None:
            same = have.kind == "scalar" and have.dtype == want.dtype
            return (
                found if same else self.emitter.emit(CAST, (found, Const(want.dtype)), type_=want)
            )
        if want.kind != "array" or want.dims is None or not self.fits(have, want):
            return self.emitter.emit(AS_ARGUMENT, (found, argument))
        if want.dims == () and have.kind != "array":
            keywords = {} if self.known(have, want) else {"dtype": Const(want.dtype)}
            return self.emitter.emit(ARRAY, (found,), keywords)
        return self.own(found)

    def fits(self, have: Tensor, want: Tensor) -> bool:
        """Whether an adjoint has its value's type, as far as the types tell."""
        if want.dims == ():
            return have.dims == ()
        return same_dtype(have.dtype, want.dtype) and same_dims(have, want, self.graph.facts)

    def known(self, have: Tensor, want: Tensor) -> bool:
        """Whether `np.array` gives the dtype that is wanted."""
        if have.weak is not False:  # it may be Python's
            return have.dtype is not None and have.dtype == want.dtype == np.float64
        return same_dtype(have.dtype, want.dtype)

    def own(self, found: Operand) -> Operand:
        """An array in memory that no other result and no value of the forward sweep shares."""
        memory = self.owned.origins.get(found, frozenset({FOREIGN}))
        if FOREIGN in memory or memory & self.given or not memory:
            found = self.emitter.emit(COPY, (found,), type_=self.emitter.type(found))
            return found
        self.given |= memory
        return found
