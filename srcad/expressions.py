"""An expression of the language -> the operand that it means, its equations appended on the way.

The user's code and the rules share it: they differ in what a name means, in what happens to a call that
is no primitive, and in how a branch that cannot be decided is met.
"""

from __future__ import annotations

import operator
from collections.abc import Container, Sequence
from typing import Any

import gast
import numpy as np

from srcad.errors import Span
from srcad.graph import (
    AND,
    DTYPE,
    GETITEM,
    IS,
    IS_NOT,
    LENGTH,
    NDIM,
    OR,
    SHAPE,
    SIZE,
    Const,
    Operand,
    Value,
    leaves,
)
from srcad.operands import as_operand, constant, example_of, is_constant
from srcad.operators import OPERATORS
from srcad.primitive import Primitive, find, find_method
from srcad.records import Record, opened, opened_throughout
from srcad.typed import Emitter
from srcad.types import BOOL, Object, Sizes, Tensor, fresh

PURE_BUILTINS = {abs, bool, int, isinstance, len, list, max, min, range, sorted, sum, tuple, type}
PLAIN = (bool, int, str, type(None), type, np.dtype, type(Ellipsis))
ASKING = {np.shape: SHAPE, np.size: SIZE, np.ndim: NDIM}
ATTRIBUTES = {"shape": SHAPE, "size": SIZE, "ndim": NDIM, "dtype": DTYPE}


class Undecided(Exception):
    """A rule branches on what is not known when it is compiled."""


class DictView(list[Operand]):
    """`d.values()`, `d.keys()` or `d.items()`: its items are known, but it has no index."""


class Expressions:
    """Evaluates expressions by appending equations through `self.emitter`."""

    emitter: Emitter

    # what a subclass says

    def name(self, node: gast.Name) -> Operand:
        raise NotImplementedError

    def span(self, node: gast.AST) -> Span | None:
        raise NotImplementedError

    def other_call(
        self, node: gast.Call, function: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """A call that is neither a primitive nor known when it is built."""
        raise NotImplementedError

    def other_method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        raise NotImplementedError

    def other_attribute(self, node: gast.Attribute, base: Operand) -> Operand:
        raise NotImplementedError

    def other_node(self, node: gast.expr) -> Operand:
        raise NotImplementedError

    def note(self, node: gast.expr, operand: Operand) -> None:
        """Called with each expression and what it means."""

    # expressions

    def value(self, node: gast.expr) -> Operand:
        """The operand that an expression means."""
        method = getattr(self, f"_{type(node).__name__}", self.other_node)
        operand = method(node)
        self.note(node, operand)
        return operand

    def _Constant(self, node: gast.Constant) -> Operand:
        return Const(node.value)

    def _Name(self, node: gast.Name) -> Operand:
        return self.name(node)

    def _Tuple(self, node: gast.Tuple) -> Operand:
        return tuple(self.items(node.elts))

    def _List(self, node: gast.List) -> Operand:
        return self.items(node.elts)

    def items(self, nodes: Sequence[gast.expr]) -> list[Operand]:
        """What stands in a tuple, a list or a call, where `*x` is a tuple or list opened."""
        found: list[Operand] = []
        for node in nodes:
            if not isinstance(node, gast.Starred):
                found.append(self.value(node))
                continue
            items = opened(self.value(node.value))
            found += items if isinstance(items, (tuple, list)) else [self.other_node(node)]
        return found

    def _Dict(self, node: gast.Dict) -> Operand:
        keys = [self.value(k) for k in node.keys]
        if not all(isinstance(k, Const) for k in keys):
            return self.other_node(node)
        return {k.value: self.value(v) for k, v in zip(keys, node.values, strict=True)}

    def _Slice(self, node: gast.Slice) -> Operand:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if p is None else self.value(p) for p in parts))

    def _BinOp(self, node: gast.BinOp) -> Operand:
        operands = [self.value(node.left), self.value(node.right)]
        return self.operate(OPERATORS[type(node.op)], operands, node)

    def _UnaryOp(self, node: gast.UnaryOp) -> Operand:
        operand = self.value(node.operand)
        if isinstance(operand, Const) and isinstance(operand.value, (int, float)):
            return Const(OPERATORS[type(node.op)](operand.value))
        return self.operate(OPERATORS[type(node.op)], [operand], node)

    def _Compare(self, node: gast.Compare) -> Operand:
        operands = [self.value(e) for e in (node.left, *node.comparators)]
        pairs = zip(node.ops, operands, operands[1:], strict=False)
        found = [self._compare_pair(op, pair, node) for op, *pair in pairs]
        if len(found) == 1:
            return found[0]
        return self._short_circuit(found, stop=False)

    def _compare_pair(self, op: gast.cmpop, pair: list[Operand], node: gast.Compare) -> Operand:
        if isinstance(op, (gast.Is, gast.IsNot)):
            return self.identity(isinstance(op, gast.Is), pair, node)
        if isinstance(op, (gast.In, gast.NotIn)):
            if all(is_constant(p) for p in pair):
                found = constant(pair[0]) in constant(pair[1])
                return Const(found is isinstance(op, gast.In))
            if isinstance(pair[1], dict) and isinstance(pair[0], Const):
                return Const((constant(pair[0]) in pair[1]) is isinstance(op, gast.In))
            return self.other_node(node)
        return self.operate(OPERATORS[type(op)], pair, node)

    def identity(self, positive: bool, pair: list[Operand], node: gast.Compare) -> Operand:
        if all(isinstance(p, Const) for p in pair):
            return Const((pair[0].value is pair[1].value) is positive)
        if any(isinstance(p, Const) and p.value is None for p in pair):
            other = pair[0] if isinstance(pair[1], Const) else pair[1]
            type_ = self.emitter.type(other) if isinstance(other, Value) else None
            if type_ is None or isinstance(type_, Sizes):
                return Const(not positive)
            if isinstance(type_, Tensor) and (type_.dtype is not None or type_.dims is not None):
                return Const(not positive)
        primitive = IS if positive else IS_NOT
        return self.emitter.emit(primitive, pair, span=self.span(node), type_=BOOL)

    def _BoolOp(self, node: gast.BoolOp) -> Operand:
        stop = isinstance(node.op, gast.Or)
        found: list[Operand] = []
        for index, operand in enumerate(node.values):
            value = self.guarded(operand) if index else self.value(operand)
            self.refuse_truth(value, operand)
            if is_constant(value):
                if bool(constant(value)) is stop:
                    found.append(value)
                    break
                if index + 1 < len(node.values):
                    continue
            found.append(value)
        if len(found) == 1:
            return found[0]
        self.refuse_choice(found, node)
        return self._short_circuit(found, stop)

    def refuse_choice(self, operands: list[Operand], node: gast.BoolOp) -> None:
        """Called with the operands of an `and` or `or`, which hands one of them on."""

    def refuse_truth(self, operand: Operand, node: gast.expr) -> None:
        """Called with what is tested, before it is decided whether it is true."""

    def guarded(self, node: gast.expr) -> Operand:
        """An operand that may not be evaluated at all."""
        return self.value(node)

    def _short_circuit(self, operands: list[Operand], stop: bool) -> Operand:
        if all(isinstance(o, Const) for o in operands):
            decisive = [o for o in operands if bool(o.value) is stop]
            return decisive[0] if decisive else operands[-1]
        types = [self.emitter.type(o) for o in operands]
        plain = all(isinstance(t, Tensor) and t.dtype == np.bool_ and t.dims == () for t in types)
        return self.emitter.emit(
            OR if stop else AND, operands, type_=BOOL if plain else Object(True)
        )

    def _IfExp(self, node: gast.IfExp) -> Operand:
        test = self.value(node.test)
        self.refuse_truth(test, node.test)
        if not is_constant(test):
            return self.other_node(node)
        return self.value(node.body if constant(test) else node.orelse)

    def _Subscript(self, node: gast.Subscript) -> Operand:
        base = self.value(node.value)
        index = self.value(node.slice)
        if isinstance(base, Record):
            base = opened(base) if base.named_tuple else {}
        if isinstance(base, Value):
            return self.item(base, index, node)
        if isinstance(base, Const):
            if is_constant(index) and isinstance(base.value, (tuple, list, dict, str)):
                return Const(base.value[constant(index)])
            return self.other_node(node)
        if not is_constant(index):
            return self.other_node(node)
        try:
            return base[constant(index)]
        except (KeyError, IndexError, TypeError):
            return self.other_node(node)

    def item(self, base: Value, index: Operand, node: gast.expr) -> Operand:
        return self.emitter.emit(GETITEM, (base, index), span=self.span(node))

    def _Attribute(self, node: gast.Attribute) -> Operand:
        base = self.value(node.value)
        if not isinstance(base, Value):
            return self.other_attribute(node, base)
        return self.attribute(base, node)

    def attribute(self, base: Value, node: gast.Attribute) -> Operand:
        """`x.T`, `x.shape`, `x.size`, `x.ndim`, `x.dtype` of an array."""
        type_ = self.emitter.type(base)
        if isinstance(type_, Tensor):
            if node.attr == "ndim" and type_.ndim is not None:
                return Const(type_.ndim)
            if node.attr == "dtype" and type_.dtype is not None and type_.kind != "python":
                return Const(type_.dtype)
            if node.attr in ATTRIBUTES:
                return self.emitter.emit(ATTRIBUTES[node.attr], (base,), span=self.span(node))
            if node.attr == "real" and type_.dtype is not None and type_.dtype.kind == "f":
                return self.emitter.emit(real(), (base,), span=self.span(node))
            if node.attr == "T":
                return self.emitter.emit(transpose(), (base,), span=self.span(node))
        return self.other_attribute(node, base)

    # calls

    def _Call(self, node: gast.Call) -> Operand:
        if isinstance(node.func, gast.Attribute):
            base = self.value(node.func.value)
            if not isinstance(base, Const):
                args, keywords = self.arguments(node)
                return self.method(node, base, args, keywords)
        function = self.value(node.func)
        args, keywords = self.arguments(node)
        if not isinstance(function, Const):
            return self.other_call(node, function, args, keywords)
        return self.call(node, function.value, args, keywords)

    def arguments(self, node: gast.Call) -> tuple[list[Operand], dict[str, Operand]]:
        return self.items(node.args), {k.arg: self.value(k.value) for k in node.keywords}

    def call(
        self, node: gast.Call, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """A call of a function that is known when it is built."""
        decided = self.decided(function, args, keywords)
        if decided is not None:
            return decided
        if function is len and len(args) == 1 and isinstance(args[0], Value):
            return self.emitter.emit(LENGTH, args, span=self.span(node))
        asked = asking(function) if len(args) == 1 and not keywords else None
        if asked is not None and not isinstance(args[0], (tuple, list, dict, Record)):
            return self._asked(asked, args[0], node)
        primitive = find(function)
        if primitive is None:
            return self.other_call(node, Const(function), args, keywords)
        return self.apply(primitive, opened_throughout(args), opened_throughout(keywords), node)

    def _asked(self, primitive: Primitive, x: Operand, node: gast.Call) -> Operand:
        """`np.ndim(x)`, `np.shape(x)`, `np.size(x)`: also of a Python number."""
        if isinstance(x, Const):
            return as_operand(primitive.function(x.value))
        rank = self.emitter.tensor(x).ndim
        if primitive is NDIM and rank is not None:
            return Const(rank)
        return self.emitter.emit(primitive, (x,), span=self.span(node))

    def decided(
        self, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """The result of a pure function of what is known: `len((n, m))`, `isinstance(axis, tuple)`."""
        if getattr(function, "folded", False) or _in(function, PURE_BUILTINS):
            if function is isinstance and len(args) == 2 and isinstance(args[1], (Const, tuple)):
                return self._isinstance(args[0], constant(args[1]))
            if function is type and len(args) == 1 and isinstance(args[0], Record):
                return Const(args[0].cls)
            args = list(map(opened, args))
            if any(isinstance(operand, Record) for operand in args):
                return None
            if function is len and isinstance(args[0], (tuple, list, dict)):
                return Const(len(args[0]))
            if is_constant(args) and is_constant(keywords):
                try:
                    return as_operand(function(*constant(args), **constant(keywords)))
                except (ArithmeticError, TypeError, ValueError):
                    return None  # it raises when it runs
            if function is list or function is tuple:
                return function(args[0]) if isinstance(args[0], (tuple, list)) else None
            if (
                function is sum
                and isinstance(args[0], (tuple, list))
                and self.emitter.role == "adjoint"
            ):
                return self._sum(args[0])
        return None

    def _sum(self, items: Sequence[Operand]) -> Operand:
        total: Operand = Const(0)
        for item in items:
            first = isinstance(total, Const) and total.value == 0
            total = item if first else self.operate(operator.add, [total, item], None)
        return total

    def _isinstance(self, operand: Operand, classes: Any) -> Operand | None:
        if isinstance(operand, (tuple, list, dict)):
            return Const(isinstance(operand, classes))
        if isinstance(operand, Record):
            return self._issubclass(operand.cls, classes)
        if isinstance(operand, Const):
            return Const(isinstance(operand.value, classes))
        example = example_of(self.emitter.type(operand))
        return None if example is None else Const(isinstance(example, classes))

    def _issubclass(self, cls: type, classes: Any) -> Operand | None:
        try:
            return Const(issubclass(cls, classes))
        except TypeError:  # a protocol that has to see the instance
            return None

    def method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """`x.sum(axis=1)`: the primitive with the array as its first argument."""
        name = node.func.attr
        primitive = find_method(name)
        if (
            isinstance(base, dict)
            and not args
            and not keywords
            and name in ("values", "keys", "items")
        ):
            return self._dict_method(base, name)
        if isinstance(base, Value) and primitive is not None and self.is_array(base):
            if name in ("reshape", "transpose") and args and not isinstance(args[0], (tuple, list)):
                single = len(args) == 1 and isinstance(self.type_or_none(args[0]), Sizes)
                none = len(args) == 1 and isinstance(args[0], Const) and args[0].value is None
                kind = self.type_or_none(args[0])
                unsure = len(args) == 1 and not (isinstance(kind, Tensor) and kind.dtype is not None)
                args = args if single or none or unsure else [tuple(args)]
            if name == "item" and self.finds_element(base, args):
                base, args = self.item(base, tuple(args), node), []
            return self.apply(primitive, [base, *args], keywords, node)
        return self.other_method(node, base, args, keywords)

    def finds_element(self, base: Value, args: list[Operand]) -> bool:
        """Whether `x.item(i, j)` surely is the element `x[i, j]`."""
        types = [self.type_or_none(arg) for arg in args]
        whole = all(isinstance(t, Tensor) and t.dims == () and t.dtype == int for t in types)
        return bool(args) and whole and self.emitter.tensor(base).ndim == len(args)

    def _dict_method(self, base: dict[Any, Operand], name: str) -> Operand:
        if name == "values":
            return DictView(base.values())
        keys = [as_operand(k) for k in base]
        return DictView(keys if name == "keys" else zip(keys, base.values(), strict=True))

    def type_or_none(self, operand: Operand) -> Any:
        return self.emitter.type(operand) if isinstance(operand, (Value, Const)) else None

    def is_array(self, base: Value) -> bool:
        """Whether a method call on it is an array's."""
        return isinstance(self.emitter.type(base), Tensor)

    def operate(self, function: Any, operands: list[Operand], node: gast.expr | None) -> Operand:
        """An operator: on what is known, on containers, on values."""
        if function is operator.add:
            operands = [opened(o) if isinstance(o, Record) and o.adds else o for o in operands]
        if any(isinstance(o, Record) for o in operands):
            return self.other_node(node)
        if is_constant(operands) and self._foldable(operands):
            try:
                return as_operand(function(*constant(operands)))
            except (ArithmeticError, TypeError, ValueError):
                pass
        if all(isinstance(o, (tuple, list)) for o in operands) and function is operator.add:
            return operands[0] + operands[1]
        if function in (operator.is_, operator.is_not):
            raise AssertionError("identity is met in identity")
        primitive = find(function)
        sizes = self._operate_on_sizes(function, operands)
        if sizes is not None and primitive is not None:
            return self.emitter.emit(primitive, operands, span=self.span(node), type_=sizes)
        if primitive is None or any(isinstance(o, (tuple, list, dict, slice)) for o in operands):
            return self.other_node(node)
        return self.apply(primitive, operands, {}, node)

    def _operate_on_sizes(self, function: Any, operands: list[Operand]) -> Any:
        """The type of `x.shape == (n, 3)` and `x.shape + (2,)`; None for what is no such thing."""
        sizes = [each for each in map(self._sizes, operands) if each is not None]
        if not operands or len(sizes) < len(operands):
            return None
        if function in (operator.eq, operator.ne):
            return BOOL
        if function is not operator.add:
            return None
        known = [each.dims for each in sizes if each.dims is not None]
        return Sizes(sum(known, ()) if len(known) == len(sizes) else None)

    def _sizes(self, operand: Operand) -> Sizes | None:
        """The type of a tuple of integers, or of an array's shape."""
        if isinstance(operand, tuple):
            types = [self.emitter.type(o) for o in operand if isinstance(o, (Value, Const))]
            integers = [t for t in types if isinstance(t, Tensor) and t.dtype == np.int64]
            if len(integers) == len(operand) and all(t.dims == () for t in integers):
                return Sizes(tuple(fresh() if t.value is None else t.value for t in integers))
        type_ = self.emitter.type(operand) if isinstance(operand, Value) else None
        return type_ if isinstance(type_, Sizes) else None

    def _foldable(self, operands: Sequence[Operand]) -> bool:
        """Known integers and their like; in an adjoint floats too, which the primal keeps as written."""
        types = (*PLAIN, float) if self.emitter.role == "adjoint" else PLAIN
        known = [leaf.value for leaf in leaves(operands) if isinstance(leaf, Const)]
        return all(isinstance(value, types) for value in known)

    def apply(
        self, primitive: Primitive, args: list[Operand], keywords: dict[str, Operand], node: Any
    ) -> Operand:
        return self.emitter.emit(primitive, args, keywords, self.span(node))


def transpose() -> Primitive:
    """The primitive of `x.T`."""
    found = find(np.transpose)
    assert found is not None
    return found


def real() -> Primitive:
    """The primitive of `x.real`."""
    found = find(np.real)
    assert found is not None
    return found


def asking(function: Any) -> Primitive | None:
    """The primitive that asks an array for its shape, its size or its rank."""
    return ASKING.get(function) if _in(function, ASKING) else None


def _in(function: Any, collection: Container[Any]) -> bool:
    try:
        return function in collection
    except TypeError:
        return False
