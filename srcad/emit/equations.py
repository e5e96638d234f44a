"""An equation -> the expression that computes it, as a person would write it."""

from __future__ import annotations

import operator
import types
from collections.abc import Callable
from typing import Any, TypeAlias

import gast
import numpy as np

from srcad.emit.constants import constant
from srcad.emit.vocabulary import Vocabulary
from srcad.graph import (
    AND,
    BROADCAST,
    CALL_BACKWARD,
    CAST,
    COPY,
    DTYPE,
    FLAT,
    GETITEM,
    IS,
    IS_NOT,
    LAST_STORED,
    LENGTH,
    NDIM,
    OR,
    SHAPE,
    SIZE,
    SPREAD,
    UNBROADCAST,
    ZEROS,
    Const,
    Equation,
    Operand,
    Tables,
    Value,
)
from srcad.operators import OPERATORS
from srcad.records import Record
from srcad.runtime import last_stored, unbroadcast
from srcad.sequences import ARRAY_OF, EACH, ITEM, ITEMS, ROWS, SUMS, ZERO_ITEMS
from srcad.types import ListOf, Tensor, type_of

Expression: TypeAlias = Any  # gast has no types: a node that is an expression
NODES = {function: node for node, function in OPERATORS.items()}
ASKED = {SHAPE: "shape", SIZE: "size", NDIM: "ndim"}


class Equations:
    """Writes equations, given how a value is written."""

    def __init__(
        self, tables: Tables, vocabulary: Vocabulary, value: Callable[[Value], Expression]
    ) -> None:
        self.tables = tables
        self.vocabulary = vocabulary
        self.value = value

    # operands

    def operand(self, operand: Operand) -> Expression:
        """A value, a constant, or a container of these."""
        if isinstance(operand, Value):
            return self.value(operand)
        if isinstance(operand, Const):
            return self.constant(operand.value)
        if isinstance(operand, tuple):
            return gast.Tuple([self.operand(o) for o in operand], gast.Load())
        if isinstance(operand, list):
            return gast.List([self.operand(o) for o in operand], gast.Load())
        if isinstance(operand, dict):
            keys = [constant(key) for key in operand]
            return gast.Dict(keys, [self.operand(o) for o in operand.values()])
        if isinstance(operand, Record):
            made = {name: self.operand(o) for name, o in operand.fields.items()}
            return self.vocabulary.record(operand.cls, made)
        if isinstance(operand, slice):
            parts = (operand.start, operand.stop, operand.step)
            return gast.Slice(*(None if p is None else self.operand(p) for p in parts))
        return constant(operand)

    def constant(self, value: Any) -> Expression:
        if isinstance(value, np.dtype):
            return self.vocabulary.numpy(value.name)
        if isinstance(value, (tuple, list, dict)):
            wrapped = type(value)(map(Const, value)) if not isinstance(value, dict) else value
            return self.operand(wrapped)
        if isinstance(value, np.generic):
            return call(self.vocabulary.numpy(value.dtype.name), [constant(value.item())])
        if isinstance(value, type) or callable(value):
            return self.vocabulary.function(value)
        return constant(value)

    # equations

    def expression(self, equation: Equation) -> Expression:
        """The expression that an equation's right-hand side is."""
        primitive, args = equation.primitive, equation.args
        if primitive in _STRUCTURAL:
            return _STRUCTURAL[primitive](self, *args, **dict(equation.keywords))
        operands = [self.operand(a) for a in args]
        if primitive in (AND, OR):
            return gast.BoolOp(gast.And() if primitive is AND else gast.Or(), operands)
        if primitive.function in NODES:
            return self.operation(NODES[primitive.function], operands)
        keywords = [gast.keyword(key, self.operand(o)) for key, o in equation.keywords]
        function = primitive.function
        if (
            function is np.transpose
            and len(args) == 1
            and not keywords
            and self.has_methods(args[0])
        ):
            return gast.Attribute(operands[0], "T", gast.Load())
        if function is np.expand_dims and len(args) == 2:
            index = self.new_axis(args[0], args[1])
            if index is not None:
                return gast.Subscript(operands[0], index, gast.Load())
        if isinstance(function, types.MethodDescriptorType):
            method = gast.Attribute(operands[0], function.__name__, gast.Load())
            return gast.Call(method, operands[1:], keywords)
        return gast.Call(self.vocabulary.function(function), operands, keywords)

    def new_axis(self, x: Operand, axis: Operand) -> Expression | None:
        """The index `[:, None]` that adds an axis, which NumPy does faster than `expand_dims`."""
        type_ = self.tables.types.get(x) if isinstance(x, Value) else None
        ndim = type_.ndim if isinstance(type_, Tensor) and type_.kind == "array" else None
        at = axis.value if isinstance(axis, Const) else None
        if ndim is None or type(at) is not int:
            return None
        whole = [gast.Slice(None, None, None) for _ in range(at % (ndim + 1))]
        items = [*whole, constant(None)]
        return gast.Tuple(items, gast.Load()) if whole else items[0]

    def operation(self, node: type, operands: list[Expression]) -> Expression:
        if issubclass(node, gast.cmpop):
            return gast.Compare(operands[0], [node()], operands[1:])
        if len(operands) == 1:
            return gast.UnaryOp(node(), operands[0])
        return gast.BinOp(operands[0], node(), operands[1])

    def has_methods(self, operand: Operand) -> bool:
        """Whether it is surely NumPy's, and so has `.T`, `.shape`, `.size`."""
        type_ = self.tables.types.get(operand) if isinstance(operand, Value) else None
        return isinstance(type_, Tensor) and type_.kind in ("array", "scalar")

    def asked(self, name: str, x: Operand) -> Expression:
        if self.has_methods(x):
            return gast.Attribute(self.operand(x), name, gast.Load())
        return call(self.vocabulary.numpy(name), [self.operand(x)])

    def item(self, base: Operand, index: Operand, path: Any = ()) -> Expression:
        """`base[index]`; a tuple of slices stands without parentheses."""
        whole = self.along(self.operand(base), path)
        return gast.Subscript(whole, self.operand(index), gast.Load())

    def along(self, base: Expression, path: Any) -> Expression:
        """The view of an array that a path leads to: `base[1:].T`."""
        for primitive, before, after, keywords in path:
            base = self.step(primitive.value, before, base, after, keywords)
        return base

    def step(
        self, primitive: Any, before: Any, base: Expression, after: Any, keywords: Any
    ) -> Expression:
        if primitive is GETITEM:
            return gast.Subscript(base, self.operand(after[0]), gast.Load())
        if primitive is FLAT:
            return gast.Attribute(base, "flat", gast.Load())
        if primitive.function is np.transpose and not (before or after or keywords):
            return gast.Attribute(base, "T", gast.Load())
        operands = [*map(self.operand, before), base, *map(self.operand, after)]
        named = [gast.keyword(key, self.operand(o)) for key, o in keywords.items()]
        return gast.Call(self.vocabulary.function(primitive.function), operands, named)

    def last_stored(self, g: Operand, index: Operand, like: Operand, path: Any = ()) -> Expression:
        whole = self.along(self.operand(like), path)
        helper = self.vocabulary.function(last_stored)
        return call(helper, [self.operand(g), self.index(index), whole])

    def index(self, index: Operand) -> Expression:
        """An index as an argument, where `1:3` is written `slice(1, 3)`."""
        if isinstance(index, tuple):
            return gast.Tuple([self.index(item) for item in index], gast.Load())
        if not isinstance(index, slice):
            return self.operand(index)
        parts = [index.start, index.stop, index.step]
        while len(parts) > 2 and parts[-1] is None:
            parts.pop()
        if parts[0] is None and len(parts) == 2:
            parts = parts[1:]
        return call(
            self.vocabulary.function(slice), [self.operand(p or Const(None)) for p in parts]
        )

    def cast(self, g: Operand, dtype: Operand) -> Expression:
        type_: Any = self.tables.types.get(g) if isinstance(g, Value) else type_of(g.value)
        wanted = self.operand(dtype)
        if isinstance(type_, Tensor) and (type_.immutable or type_.dims == ()):
            return call(
                wanted, [self.operand(g)]
            )  # also of an array of rank 0 it is a NumPy scalar
        if isinstance(type_, Tensor) and type_.kind == "array" and type_.dims:
            return call(gast.Attribute(self.operand(g), "astype", gast.Load()), [wanted])
        array = call(self.vocabulary.numpy("asarray"), [self.operand(g), wanted])
        return gast.Subscript(array, gast.Tuple([], gast.Load()), gast.Load())

    def helper(self, pair: Const, saved: Operand, g: Operand) -> Expression:
        """The backward function of a helper."""
        return call(read_name(pair.value.backward), [self.operand(saved), self.operand(g)])

    def copy(self, x: Operand) -> Expression:
        type_ = self.tables.types.get(x) if isinstance(x, Value) else None
        listed = isinstance(type_, ListOf)
        if listed or (isinstance(type_, Tensor) and type_.kind == "array"):
            return call(gast.Attribute(self.operand(x), "copy", gast.Load()), [])
        return call(self.vocabulary.numpy("array"), [self.operand(x)])

    def zero_items(self, items: Operand) -> Expression:
        """A list of zeros as long as another."""
        type_ = self.tables.types[items]
        assert isinstance(type_, ListOf)
        if isinstance(type_.item, Tensor) and type_.item.immutable:
            return self.repeated(Const(0.0), items)
        item = gast.Name("item", gast.Load(), None, None)
        zero = call(self.vocabulary.numpy("zeros_like"), [item])
        return self.each(zero, item, self.operand(items))

    def repeated(self, item: Operand, items: Operand) -> Expression:
        """`[item] * len(items)`."""
        length = call(gast.Name("len", gast.Load(), None, None), [self.operand(items)])
        return gast.BinOp(gast.List([self.operand(item)], gast.Load()), gast.Mult(), length)

    def sums(self, a: Operand, b: Operand) -> Expression:
        """The items of two lists, added one by one."""
        one, other = (gast.Name(name, gast.Load(), None, None) for name in ("item", "other"))
        pairs = call(gast.Name("zip", gast.Load(), None, None), [self.operand(a), self.operand(b)])
        target = gast.Tuple([one, other], gast.Store())
        return self.each(gast.BinOp(one, gast.Add(), other), target, pairs)

    def each(self, element: Expression, target: Expression, items: Expression) -> Expression:
        """`[element for target in items]`."""
        return gast.ListComp(element, [gast.comprehension(target, items, [], 0)])

    def numpy(self, name: str, *args: Operand) -> Expression:
        return call(self.vocabulary.numpy(name), [self.operand(a) for a in args])

    def spread(self, like: Operand, g: Operand) -> Expression:
        """`np.full_like(like, g)`, or its name for 0 and 1."""
        number = g.value if isinstance(g, Const) else None
        if type(number) in (int, float) and number in (0, 1):
            return self.numpy("ones_like" if number else "zeros_like", like)
        return self.numpy("full_like", like, g)

    def broadcast(self, g: Operand, like: Operand) -> Expression:
        shape = self.asked("shape", like)
        return call(self.vocabulary.numpy("broadcast_to"), [self.operand(g), shape])

    def unbroadcast(self, g: Operand, like: Operand) -> Expression:
        helper = self.vocabulary.function(unbroadcast)
        return call(helper, [self.operand(g), self.operand(like)])

    def adds_once(self, index: Operand) -> bool:
        """Whether no element can stand twice in an index, so that `x[index] += g` adds all of g."""
        items = index if isinstance(index, tuple) else (index,)
        return all(self._basic(item) for item in items)

    def _basic(self, item: Operand) -> bool:
        if isinstance(item, slice):
            return True
        if isinstance(item, Const):
            return item.value is None or item.value is Ellipsis or type(item.value) is int
        type_ = self.tables.types.get(item) if isinstance(item, Value) else None
        if not isinstance(type_, Tensor) or type_.dtype is None:
            return False
        if type_.dtype == np.bool_:
            return type_.dims is not None
        return type_.immutable


def read_name(name: str) -> Expression:
    """A name that is read."""
    return gast.Name(name, gast.Load(), None, None)


def call(function: Expression, args: list[Expression]) -> Expression:
    """`function(*args)`."""
    return gast.Call(function, args, [])


def compare(node: type) -> Callable[..., Expression]:
    """Writes a comparison with one operator."""

    def write(self: Equations, a: Operand, b: Operand) -> Expression:
        return gast.Compare(self.operand(a), [node()], [self.operand(b)])

    return write


_STRUCTURAL: dict[Any, Callable[..., Expression]] = {
    SHAPE: lambda self, x: self.asked("shape", x),
    SIZE: lambda self, x: self.asked("size", x),
    NDIM: lambda self, x: self.asked("ndim", x),
    LENGTH: lambda self, x: call(gast.Name("len", gast.Load(), None, None), [self.operand(x)]),
    DTYPE: lambda self, x: gast.Attribute(self.operand(x), "dtype", gast.Load()),
    GETITEM: Equations.item,
    LAST_STORED: Equations.last_stored,
    ITEMS: lambda self, *items: gast.List([self.operand(i) for i in items], gast.Load()),
    ITEM: Equations.item,
    ARRAY_OF: lambda self, items: self.numpy("array", items),
    ROWS: lambda self, x: call(gast.Name("list", gast.Load(), None, None), [self.operand(x)]),
    ZERO_ITEMS: Equations.zero_items,
    SUMS: Equations.sums,
    EACH: Equations.repeated,
    ZEROS: lambda self, x: self.numpy("zeros_like", x),
    SPREAD: Equations.spread,
    BROADCAST: Equations.broadcast,
    UNBROADCAST: Equations.unbroadcast,
    CAST: Equations.cast,
    COPY: Equations.copy,
    CALL_BACKWARD: Equations.helper,
    IS: compare(gast.Is),
    IS_NOT: compare(gast.IsNot),
}

IN_PLACE = {operator.add: gast.Add, operator.sub: gast.Sub}
