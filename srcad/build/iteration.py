"""What a `for` runs over -> the plan of the loop.

    for i in range(2, n)            counted: the index is the item
    for row in A                    counted: range(len(A)), the item is A[i]
    for i, (x, y) in enumerate(zip(xs, ys), 1)
                                    counted: range(min(len(xs), len(ys))), (i + 1, (xs[i], ys[i]))
    for W, b in layers              known: layers[0], layers[1], ..., and the body once for each

The text of a counted loop stays the user's own; only the backward sweep counts. A known loop is
written out, item by item.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import gast

from srcad import errors
from srcad.build.arguments import is_literal, literal
from srcad.build.counting import Bounds, Counted, Counting, Known, Plan
from srcad.build.state import PrimalEmitter
from srcad.build.unrolling import lasts, placed
from srcad.errors import Span
from srcad.graph import GETITEM, LENGTH, Const, Operand, Value
from srcad.primitive import Primitive
from srcad.sequences import ITEM, ITEMS
from srcad.statements import UNBOUND
from srcad.types import ListOf, Sizes, Tensor

MOST_ITEMS = 1000
"""How many numbers, or items of an array, are told apart beside a container."""
COUNT = "write for i in range(n), and index with i"


class Reader(Protocol):
    """What is needed of the builder, which knows what expressions mean."""

    emitter: PrimalEmitter

    def value(self, node: Any) -> Operand: ...
    def span(self, node: Any) -> Span: ...
    def generic(self) -> bool: ...
    def named(self, node: Any, operand: Operand, base: str) -> gast.Name:
        """A name for what an expression means, bound by a statement before the one at hand."""


def plan(reader: Reader, node: gast.expr, bound: Sequence[str] = ()) -> Plan:
    """The plan of what is iterated; `bound` are the names that an iteration may bind anew.

    Raises:
        UnsupportedSyntax: it is an iterator, a set, or an object of which nothing is known.
        UndecidedKind: it hangs on what an argument is.
    """
    return _Planner(reader, frozenset(bound)).plan(node)


class _Planner(Counting):
    def __init__(self, reader: Reader, bound: frozenset[str]) -> None:
        self.reader = reader
        self.emitter = reader.emitter
        self.bound = bound

    def plan(self, node: gast.expr) -> Plan:
        if isinstance(node, gast.Call) and isinstance(node.func, gast.Attribute):
            found = self.view(node)
            if found is not None:
                return found
        elif isinstance(node, gast.Call):
            function = self.reader.value(node.func)
            builtin = function.value if isinstance(function, Const) else None
            for known, method in PLANS.items():
                if builtin is known:
                    return method(self, node)
        return self.items(node, self.reader.value(node))

    # containers, and arrays

    def items(self, node: gast.expr, operand: Operand) -> Plan:
        """The items of what an expression means."""
        if isinstance(operand, Const) and operand is not UNBOUND:
            return self.constants(node, operand.value)
        if isinstance(operand, dict):
            return Known([self.literal(node, Const(key)) for key in operand])
        if isinstance(operand, (tuple, list)):
            return self.sequence(node, operand)
        type_ = self.emitter.type(operand)
        if isinstance(type_, Sizes) and type_.dims is not None:
            return Known(self.parts(node, operand, len(type_.dims)))
        if isinstance(type_, Tensor):
            return self.array(node, operand, type_)
        if isinstance(type_, ListOf):
            return self.counted(node, operand, self.emit(LENGTH, operand), ITEM)
        raise self.refused(node)

    def constants(self, node: gast.expr, value: Any) -> Plan:
        if not isinstance(value, (str, tuple, list, dict, range)):
            raise self.refused(node)
        return Known([self.literal(node, Const(item)) for item in value])

    def sequence(self, node: gast.expr, operand: Sequence[Operand]) -> Known:
        shown = node.elts if isinstance(node, (gast.Tuple, gast.List)) else ()
        if shown and all(self.stays(element) for element in shown):
            return Known(list(shown))
        if all(isinstance(o, Const) and is_literal(o.value) for o in operand):
            return Known([placed(literal(o), node) for o in operand])
        return Known(self.parts(node, operand, len(operand)))

    def parts(self, node: gast.expr, operand: Operand, count: int) -> list[gast.expr]:
        """`items[0]`, `items[1]`, ..."""
        if not count:
            return []
        home = node if self.lasts(node) else self.reader.named(node, operand, "items")
        return [self.part(home, index, node) for index in range(count)]

    def part(self, home: gast.expr, key: Any, node: gast.expr) -> gast.expr:
        index = self.literal(node, Const(key))
        return placed(gast.Subscript(copy.deepcopy(home), index, gast.Load()), node)

    def stays(self, node: gast.expr) -> bool:
        """Whether an element is the same object when it is read later: no item, which may be set."""
        items = any(isinstance(part, gast.Subscript) for part in gast.walk(node))
        return self.lasts(node) and not items

    def lasts(self, node: gast.expr) -> bool:
        return lasts(node, self.bound)

    def literal(self, node: gast.expr, operand: Const) -> gast.expr:
        """A known key or item, written out."""
        if isinstance(operand.value, tuple):
            items = [self.literal(node, Const(item)) for item in operand.value]
            return placed(gast.Tuple(items, gast.Load()), node)
        if not is_literal(operand.value):
            raise errors.UnsupportedSyntax(
                "an item of this loop cannot be written out",
                self.reader.span(node),
                "loop over numbers, texts, arrays, or containers of these",
            )
        return placed(literal(operand), node)

    def array(self, node: gast.expr, array: Value, type_: Tensor) -> Plan:
        """The rows of an array, or its elements."""
        if type_.ndim == 0:
            raise errors.UnsupportedSyntax(
                "a loop runs over a number", self.reader.span(node), COUNT
            )
        if type_.dims is None or type_.kind is None:
            if not self.reader.generic():
                raise self.refused(node)
            raise errors.UndecidedKind(
                "what this loop runs over may be an array or a container",
                self.reader.span(node),
                "specialize the gradient for your arguments, or call it",
            )
        size = self.emitter.facts.find(type_.dims[0])
        length = Const(size) if isinstance(size, int) else self.emit(LENGTH, array)

        return self.counted(node, array, length, GETITEM)

    def counted(
        self, node: gast.expr, array: Value, length: Operand, primitive: Primitive
    ) -> Counted:
        """A loop over the items of an array, or of a list whose length only the run knows."""
        size = length.value if isinstance(length, Const) else None

        def item(index: Operand) -> Operand:
            return self.emitter.emit(primitive, (array, index), span=self.reader.span(node))

        def written() -> Known | None:
            if not isinstance(size, int) or size > MOST_ITEMS:
                return None
            return Known(self.parts(node, array, size))

        lengths = {}
        if isinstance(length, Value) and self.lasts(node):
            name = gast.Name("len", gast.Load(), None, None)
            call = gast.Call(name, [copy.deepcopy(node)], [])
            lengths[length] = placed(call, node)
        return Counted((Const(0), length, Const(1)), item, (array,), written, lengths)

    def refused(self, node: gast.expr) -> errors.SrcadError:
        return errors.UnsupportedSyntax(
            "a loop runs over what is no range, array or known container",
            self.reader.span(node),
            "loop over range(n), an array, a list, a tuple or a dict",
        )

    def view(self, node: gast.Call) -> Known | None:
        """`d.items()`, `d.keys()` and `d.values()` of a known dict."""
        home, name = node.func.value, node.func.attr
        if name not in ("items", "keys", "values") or node.args or node.keywords:
            return None
        if not isinstance(home, (gast.Name, gast.Attribute, gast.Subscript)):
            return None
        base = self.reader.value(home)
        if not isinstance(base, dict):
            return None
        keys = [self.literal(node, Const(key)) for key in base]
        if name == "keys" or not base:
            return Known(keys)
        if not self.lasts(home):
            home = self.reader.named(home, base, "entries")
        found = [self.part(home, key, node) for key in base]
        if name == "values":
            return Known(found)
        pairs = zip(keys, found, strict=True)
        return Known([placed(gast.Tuple(list(pair), gast.Load()), node) for pair in pairs])

    # range, enumerate, zip, reversed

    def range(self, node: gast.Call) -> Plan:
        bounds = self.bounds(node)

        def written() -> Known | None:
            if not all(isinstance(b, Const) and type(b.value) is int for b in bounds):
                return None
            numbers = range(*(b.value for b in bounds))
            if len(numbers) > MOST_ITEMS:
                return None
            return Known([self.literal(node, Const(number)) for number in numbers])

        return Counted(bounds, lambda index: index, (), written)

    def bounds(self, node: gast.Call) -> Bounds:
        """Start, stop and step of a range."""
        given = [self.reader.value(argument) for argument in node.args]
        if node.keywords or not 1 <= len(given) <= 3:
            raise errors.UnsupportedSyntax(
                "range takes one to three numbers", self.reader.span(node), COUNT
            )
        if self.emitter.state.varied_of(given):
            raise errors.Laundered(
                "a loop's bound depends on a differentiated value", self.reader.span(node)
            )
        if len(given) == 1:
            return Const(0), given[0], Const(1)
        return given[0], given[1], given[2] if len(given) == 3 else Const(1)

    def enumerate(self, node: gast.Call) -> Plan:
        first = node.args[1] if len(node.args) == 2 else None
        for keyword in node.keywords:
            first = keyword.value if keyword.arg == "start" else first
        if not node.args or len(node.args) + len(node.keywords) > 2:
            raise self.refused(node)
        start = Const(0) if first is None else self.reader.value(first)
        if self.emitter.state.varied_of(start):
            raise errors.Laundered(
                "a loop's bound depends on a differentiated value", self.reader.span(node)
            )
        inner = self.plan(node.args[0])
        if isinstance(inner, Known):
            if not isinstance(start, Const):
                raise self.uncounted(node)
            return self.numbered(node, inner, start.value)
        count, item = self.from_zero(inner)

        def numbered() -> Known | None:
            known = inner.known() if isinstance(start, Const) else None
            return None if known is None else self.numbered(node, known, start.value)

        return Counted(
            (Const(0), count, Const(1)),
            lambda index: (self.sum(start, index), item(index)),
            inner.arrays,
            numbered,
            inner.lengths,
            inner.strict,
        )

    def numbered(self, node: gast.Call, inner: Known, start: int) -> Known:
        pairs = []
        for number, item in enumerate(inner.items, start):
            pair = [self.literal(node, Const(number)), item]
            pairs.append(placed(gast.Tuple(pair, gast.Load()), node))
        return Known(pairs)

    def zip(self, node: gast.Call) -> Plan:
        plans = [self.plan(argument) for argument in self.arguments(node)]
        strict = self.strict(node)
        if not plans:
            return Known([])
        found = [each if isinstance(each, Known) else each.known() for each in plans]
        if all(each is not None for each in found) and any(isinstance(p, Known) for p in plans):
            return self.zipped(node, [each for each in found if each is not None], strict)
        counted = [each if isinstance(each, Counted) else self.listed(node, each) for each in plans]
        each_from_zero = [self.from_zero(each) for each in counted]
        counts, items = zip(*each_from_zero, strict=True)

        def written() -> Known | None:
            known = [each.known() for each in counted]
            found = [each for each in known if each is not None]
            return self.zipped(node, found, strict) if len(found) == len(known) else None

        strict = strict and not all(self.same(counts[0], count) for count in counts)
        return Counted(
            (Const(0), self.least(counts), Const(1)),
            lambda index: tuple(item(index) for item in items),
            tuple(array for each in counted for array in each.arrays),
            written,
            {value: node for each in counted for value, node in each.lengths.items()},
            strict or any(each.strict for each in counted),
        )

    def listed(self, node: gast.Call, known: Known) -> Counted:
        """Known items as one list, beside what only the run can count."""
        items = [self.reader.value(item) for item in known.items]
        if not items or not all(isinstance(item, (Value, Const)) for item in items):
            raise self.uncounted(node)
        value = self.emitter.emit(ITEMS, tuple(items), span=self.reader.span(node))
        return self.counted(node, value, Const(len(items)), ITEM)

    def arguments(self, node: gast.Call) -> list[gast.expr]:
        """What is zipped; `*rows` is each of the rows."""
        found: list[gast.expr] = []
        for argument in node.args:
            if isinstance(argument, gast.Starred):
                found += self.known(argument, self.plan(argument.value)).items
            else:
                found.append(argument)
        return found

    def strict(self, node: gast.Call) -> bool:
        """Whether lengths that differ are an error."""
        given = [self.reader.value(k.value) for k in node.keywords]
        if len(given) > 1 or not all(isinstance(each, Const) for each in given):
            raise self.refused(node)
        return bool(given and given[0].value)

    def zipped(self, node: gast.Call, plans: list[Known], strict: bool) -> Known:
        lengths = {len(each.items) for each in plans}
        if strict and len(lengths) > 1:
            raise errors.UnsupportedSyntax(
                "what is zipped strictly differs in length",
                self.reader.span(node),
                "zip containers of one length",
            )
        rows = zip(*(each.items for each in plans), strict=False)
        return Known([placed(gast.Tuple(list(row), gast.Load()), node) for row in rows])

    def known(self, node: gast.expr, each: Plan) -> Known:
        """The plan itself, or that of a counted loop whose number of items is known."""
        found = each if isinstance(each, Known) else each.known()
        if found is None:
            raise self.uncounted(node)
        return found

    def uncounted(self, node: gast.expr) -> errors.SrcadError:
        return errors.UnsupportedSyntax(
            "a container is met together with what only the run can count",
            self.reader.span(node),
            "stack the container's items in one array: np.stack(items)",
        )

    def reversed(self, node: gast.Call) -> Plan:
        if len(node.args) != 1 or node.keywords:
            raise self.refused(node)
        inner = self.plan(node.args[0])
        if isinstance(inner, Known):
            return Known(inner.items[::-1])

        def written() -> Known | None:
            known = inner.known()
            return None if known is None else Known(known.items[::-1])

        if inner.arrays:
            (array,) = inner.arrays
            return Counted(
                inner.bounds,
                lambda index: self.from_end(node, array, index),
                (array,),
                written,
                inner.lengths,
            )
        start, stop, step = inner.bounds
        if isinstance(step, Const) and step.value == 1:
            last = self.apply(operator.sub, stop, Const(1))
            bounds = (last, self.apply(operator.sub, start, Const(1)), Const(-1))
        else:
            count = self.length(inner.bounds)
            steps = self.apply(operator.mul, self.apply(operator.sub, count, Const(1)), step)
            before = self.apply(operator.sub, start, step)
            bounds = (self.sum(start, steps), before, self.apply(operator.mul, Const(-1), step))
        return Counted(bounds, lambda index: index, (), written)

    def from_end(self, node: gast.expr, array: Value, index: Operand) -> Operand:
        """`array[-1 - index]`."""
        back = self.apply(operator.sub, Const(-1), index)
        return self.emitter.emit(GETITEM, (array, back), span=self.reader.span(node))

    def sorted(self, node: gast.Call) -> Plan:
        """The sorted keys of a known dict, or sorted constants."""
        operand = self.reader.value(node.args[0]) if len(node.args) == 1 else None
        if isinstance(operand, dict) and not node.keywords:
            return Known([self.literal(node, Const(key)) for key in sorted(operand)])
        return self.items(node, self.reader.value(node))


PLANS: dict[Any, Callable[[_Planner, Any], Plan]] = {
    range: _Planner.range,
    enumerate: _Planner.enumerate,
    zip: _Planner.zip,
    reversed: _Planner.reversed,
    sorted: _Planner.sorted,
}
