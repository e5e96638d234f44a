"""Functions and methods that write into an array: what each stores, and where.

    np.add.at(y, i, v)       y[i] += v, where repeated indices add up
    y.fill(v)                y[...] = v
    np.copyto(y, v)          y[...] = v
    np.put(y, i, v)          y.flat[i] = v
    np.fill_diagonal(y, v)   np.einsum("ii->i", y)[...] = v
    y.sort()                 y[...] = np.sort(y)
    np.exp(x, out=y)         y[...] = np.exp(x)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build.opaque import member
from srcad.build.order import Writes
from srcad.build.writes import Writes as WritingStatements
from srcad.graph import Const, Operand, Value
from srcad.primitive import Primitive, find
from srcad.rules.indexing import indexed
from srcad.types import Tensor, fresh, same_dims, same_dtype

Handler = Callable[["Writers", gast.Call, Sequence[Operand]], None]
WHOLE = Const(Ellipsis)
ROW = Tensor(np.dtype(np.float64), (fresh(),), "array")


class Writers(WritingStatements):
    """Calls that write."""

    def call(
        self, node: gast.Call, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        handler = FUNCTIONS[function] if member(function, FUNCTIONS) else None
        if handler is None:
            return super().call(node, function, args, keywords)
        return self.writing(node, handler, args, keywords)

    def method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        handler = METHODS.get(node.func.attr)
        array = isinstance(base, Value) and isinstance(self.emitter.type(base), Tensor)
        if handler is None or not array:
            return super().method(node, base, args, keywords)
        return self.writing(node, handler, [base, *args], keywords)

    def writing(
        self,
        node: gast.Call,
        handler: Handler,
        args: Sequence[Operand],
        keywords: dict[str, Operand],
    ) -> Operand:
        self.require_statement(node)
        axis = keywords.pop("axis", None) if handler is _sort else None
        args = args if axis is None else [*args, axis]
        if keywords:
            raise errors.UnsupportedKeyword(
                f"{next(iter(keywords))}= of a function that writes is not differentiated",
                self.span(node),
                "leave it out",
            )
        if not self.is_written(args[0] if args else None):
            raise errors.UnsupportedWrite(
                "what is written is not known to be an array", self.span(node)
            )
        handler(self, node, args)
        return Const(None)

    def is_written(self, operand: Operand) -> bool:
        type_ = self.emitter.type(operand) if isinstance(operand, Value) else None
        return isinstance(type_, Tensor) and not type_.immutable

    def require_statement(self, node: gast.Call) -> None:
        """A write in the midst of a statement is taken out: the statement may read what is written.

        Raises:
            Writes: the statement is walked again, in parts.
        """
        statement = self.emitter.site.statement
        if getattr(statement, "value", None) is not node:
            error = errors.UnsupportedWrite(
                "an array is written inside another expression",
                self.span(node),
                "write it in a statement of its own",
            )
            raise Writes(node, error)

    def apply(
        self, primitive: Primitive, args: list[Operand], keywords: dict[str, Operand], node: Any
    ) -> Operand:
        given = keywords.get("out", Const(None))
        out = given[0] if isinstance(given, tuple) and len(given) == 1 else given
        rest = {name: operand for name, operand in keywords.items() if name != "out"}
        if isinstance(primitive.function, np.ufunc) and len(args) == primitive.function.nin + 1:
            args, out = args[:-1], args[-1]
        if isinstance(out, Const) and out.value is None:
            return super().apply(primitive, args, rest, node)
        if not isinstance(out, Value) or not self.is_written(out):
            raise errors.UnsupportedWrite("what out= names is no array", self.span(node))
        self.require_statement(node)
        self.check_write(out, self.called(node), node, "assign the result instead")
        found = super().apply(primitive, args, rest, node)
        self.check_stored(out, found, node)
        if isinstance(found, Value) and self.fits(found, out):
            self.replace(out, found, node)
        else:
            self.store(out, WHOLE, found, node)
        return out

    def fits(self, found: Value, out: Value) -> bool:
        """Whether what is written has the type of the array that it is written into."""
        a, b = self.emitter.tensor(found), self.emitter.tensor(out)
        known = a.dims is not None and b.dims is not None and a.kind == b.kind == "array"
        return known and same_dtype(a.dtype, b.dtype) and same_dims(a, b, self.emitter.facts)


def _add_at(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    x, index, value = args
    walker.add_at(x, index, value, node)


def _subtract_at(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    x, index, value = args
    walker.add_at(x, index, value, node, subtract=True)


def _fill(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    x, value = args
    walker.store(x, WHOLE, value, node)


def _put(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    x, index, value = args
    if walker.emitter.tensor(value).dims != () and not isinstance(value, Const):
        places = indexed(walker.emitter.facts, ROW, walker.emitter.known(index))
        given = walker.emitter.tensor(value)
        if not isinstance(places, Tensor) or not same_dims(places, given, walker.emitter.facts):
            raise errors.UnsupportedWrite(
                "np.put repeats its values if there are fewer than places",
                walker.span(node),
                "write x.flat[places] = values",
            )
    walker.store(walker.flat(x), index, value, node)


def _fill_diagonal(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    x, value = args
    dims = walker.emitter.tensor(x).dims
    square = dims is not None and len(dims) == 2 and walker.emitter.facts.equal(*dims)
    if not square or walker.emitter.tensor(value).dims != ():
        raise errors.UnsupportedWrite(
            "the diagonal of what is not known to be square is filled, or not by a number",
            walker.span(node),
            "write x[i, i] = value in a loop",
        )
    einsum = find(np.einsum)
    assert einsum is not None
    walker.store(walker.emitter.emit(einsum, (Const("ii->i"), x)), WHOLE, value, node)


def _sort(walker: Writers, node: gast.Call, args: Sequence[Operand]) -> None:
    (x, *axis) = args
    sort = find(np.sort)
    assert sort is not None
    walker.check_write(x, walker.called(node), node, "write x = np.sort(x)")
    found = walker.apply(sort, [x, *axis], {}, node)
    walker.replace(x, found, node)


FUNCTIONS: dict[Any, Handler] = {
    np.add.at: _add_at,
    np.subtract.at: _subtract_at,
    np.copyto: _fill,
    np.put: _put,
    np.fill_diagonal: _fill_diagonal,
}
METHODS: dict[str, Handler] = {"fill": _fill, "put": _put, "sort": _sort}
