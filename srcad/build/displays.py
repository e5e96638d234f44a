"""Comprehensions in the user's code: the list or the dict that each makes, or a loop that adds it up."""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Sequence
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build import opaque
from srcad.build.calls import Calls
from srcad.build.comprehensions import Expander
from srcad.build.unrolling import MOST_COPIES, lasts, placed
from srcad.expressions import PURE_BUILTINS
from srcad.graph import Const, Operand, Value
from srcad.operands import as_operand, is_constant
from srcad.primitive import find
from srcad.references import Liveness, assigned, live_before, read_names
from srcad.sequences import ROWS
from srcad.types import BOOL, FLOAT, UNKNOWN, Sizes, Tensor, same_dtype

COMPREHENSIONS = (gast.ListComp, gast.GeneratorExp)
ITERATORS = {zip, enumerate, reversed}
CONSUMING = {sum, max, min, any, all, tuple, list, dict, math.fsum, math.prod}
"""Calls that take each item of a generator once, in order."""
COMPENSATED = sys.version_info >= (3, 12)
"""Whether `sum` keeps track of what it rounds off, of Python floats."""
PURE = PURE_BUILTINS | {str, float, enumerate, zip, reversed, round}


class Displays(Calls):
    """Expressions that make containers."""

    expander: Expander
    liveness: list[Liveness]
    live: list[frozenset[str]]

    def block(self, statements: Sequence[gast.stmt]) -> None:
        """Walk statements: the subclass knows how."""
        raise NotImplementedError

    def _ListComp(self, node: gast.ListComp) -> Operand:
        return self.comprehended(node, self.expander.elements(node, [node.elt]))

    def _BinOp(self, node: gast.BinOp) -> Operand:
        """`[x] * n` holds x as often as `[x for _ in range(n)]` does."""
        repeats = isinstance(node.op, gast.Mult) and isinstance(node.left, gast.List)
        if not repeats or len(node.left.elts) != 1 or not lasts(node.left.elts[0]):
            return super()._BinOp(node)
        count = self.value(node.right)
        if not isinstance(count, Value) or not self.is_index(count):
            return super()._BinOp(node)
        function = placed(gast.Name("range", gast.Load(), None, None), node)
        found = self.value(function)
        if not isinstance(found, Const) or found.value is not range:
            return super()._BinOp(node)
        numbers = gast.Call(function, [node.right], [])
        unused = gast.Name("_", gast.Store(), None, None)
        each = gast.comprehension(unused, numbers, [], 0)
        made = placed(gast.ListComp(node.left.elts[0], [each]), node)
        return self.looped(node, *self.expander.collected(self.expander.once(node, made)))

    def operate(self, function: Any, operands: list[Operand], node: gast.expr | None) -> Operand:
        """`[a, b] * 2` is a list of the same things twice."""
        if function is operator.mul and len(operands) == 2 and not is_constant(operands):
            for items, count in (operands, operands[::-1]):
                known = isinstance(count, Const) and type(count.value) is int
                if type(items) in (list, tuple) and known and count.value * len(items) <= MOST_COPIES:
                    return items * count.value
        return super().operate(function, operands, node)

    def is_index(self, count: Value) -> bool:
        """Whether it is an `int` of Python for sure: NumPy's multiply the items."""
        type_ = self.emitter.tensor(count)
        return type_.kind == "python" and type_.dtype == np.int64 and type_.dims == ()

    def _DictComp(self, node: gast.DictComp) -> Operand:
        return self.comprehended(node, self.expander.elements(node, [node.key, node.value]))

    def comprehended(self, node: Any, elements: list[list[gast.expr]] | None) -> Operand:
        """The list or the dict that a comprehension makes stands for it in the text."""
        if elements is None:
            return self.uncounted(node)
        if isinstance(node, gast.DictComp):
            keys, entries = [key for key, _ in elements], [entry for _, entry in elements]
            made: gast.expr = gast.Dict(keys, entries)
        else:
            made = gast.List([self.decided_element(element) for (element,) in elements], gast.Load())
        self.listing.replaced[node] = gast.copy_location(made, node)
        return self.value(made)

    def decided_element(self, element: gast.expr) -> gast.expr:
        """An element as it is written, what it chooses between bound before the statement."""
        found, statements = self.expander.chosen(element)
        if statements and not self.guards:
            self.before(statements)
        return found if not self.guards else element

    def before(self, statements: list[gast.stmt]) -> None:
        """Walk statements that stand before the one at hand, which reads what they bind."""
        self.live[-1] |= frozenset(assigned(statements))
        live_before(statements, self.live[-1], self.liveness[-1])
        self.block(statements)

    def uncounted(self, node: Any) -> Operand:
        """A comprehension over what only the run can count: read only, if nothing is differentiated."""
        read = [self.env[name] for name in read_names(node) if name in self.env]
        if not self.varied(read) and self.harmless(node):
            return self.unread(read, UNKNOWN, node)
        if isinstance(node, gast.DictComp):
            raise errors.UnsupportedSyntax(
                "a dict whose keys only the run knows is not differentiated",
                self.span(node),
                "write a list, or an array",
            )
        return self.looped(node, *self.expander.collected(node))

    def looped(self, node: gast.expr, name: str, statements: list[gast.stmt]) -> Operand:
        """What a loop makes that stands before the statement, in place of an expression."""
        if self.guards:
            raise errors.UnsupportedSyntax(
                "a loop stands where it may not be evaluated",
                self.span(node),
                "give it a name in a statement of its own",
            )
        self.before(statements)
        made = gast.copy_location(gast.Name(name, gast.Load(), None, None), node)
        self.listing.replaced[node] = made
        return self.value(made)

    def harmless(self, node: Any) -> bool:
        """Whether all that a comprehension calls is known to do nothing but compute."""
        if any(isinstance(inner, gast.NamedExpr) for inner in gast.walk(node)):
            return False
        own = {name for generator in node.generators for name in assigned(generator.target)}
        functions = [call.func for call in gast.walk(node) if isinstance(call, gast.Call)]
        return all(self.computes(function, own) for function in functions)

    def computes(self, function: gast.expr, own: set[str]) -> bool:
        path = isinstance(function, gast.Name) or is_attribute(function)
        if not path or read_names(function) & own:
            return False
        found = self.value(function)
        if not isinstance(found, Const):
            return False
        return opaque.member(found.value, PURE) or find(found.value) is not None

    def _GeneratorExp(self, node: gast.GeneratorExp) -> Operand:
        raise errors.UnsupportedSyntax(
            "a generator expression is no value", self.span(node), "write a list comprehension"
        )

    def _NamedExpr(self, node: gast.NamedExpr) -> Operand:
        raise errors.UnsupportedSyntax(
            "a name is bound where it may not be, or is read before in the same statement",
            self.span(node),
            "bind it in a statement of its own, before this one",
        )

    # what is unpacked

    def is_vector(self, operand: Operand) -> bool:
        """Whether an operand is an array of float64 with one axis, whose items are numbers."""
        type_ = self.emitter.tensor(operand)
        plain = type_.kind == "array" and type_.ndim == 1
        return isinstance(operand, Value) and plain and same_dtype(type_.dtype, FLOAT.dtype)

    def parted(self, vector: Value, target: gast.expr, starred: int) -> list[Operand]:
        """`first, *rest, last = vector`, of which only the run knows the length: `rest` is a list."""
        after = len(target.elts) - starred - 1
        end = Const(-after) if after else None
        before = [self.item(vector, Const(index), target) for index in range(starred)]
        ends = [self.item(vector, Const(index), target) for index in range(-after, 0)]
        middle = self.item(vector, slice(Const(starred), end, None), target)
        rest = self.emitter.emit(ROWS, (middle,), span=self.span(target))
        return [*before, rest, *ends]

    def unpacked(self, operand: Operand, target: gast.expr) -> list[Operand]:
        """What each target means in `a, b = ...`, and in `a, *rest = ...`."""
        count = len(target.elts)
        starred = [i for i, t in enumerate(target.elts) if isinstance(t, gast.Starred)]
        if isinstance(operand, Value) and not starred:
            return [self.item(operand, Const(index), target) for index in range(count)]
        items = self.opened(operand, target)
        if items is None and starred and self.is_vector(operand):
            return self.parted(operand, target, starred[0])
        if items is None:
            raise errors.UnstableType(
                "how many items are unpacked here is known only when it runs",
                self.span(target),
                "index it: first, rest = x[0], x[1:]",
            )
        if starred and len(items) >= count - 1:
            (first,) = starred
            last = len(items) - (count - 1 - first)
            return [*items[:first], items[first:last], *items[last:]]
        if len(items) != count:
            raise errors.UnstableType(
                f"{len(items)} items are unpacked into {count} names", self.span(target)
            )
        return items

    def has_length(self, operand: Operand, count: int) -> bool:
        """Whether as many items are unpacked as there are names; else the statement says if not."""
        if not isinstance(operand, Value):
            return True
        dims = self.emitter.tensor(operand).dims
        return dims is not None and len(dims) > 0 and self.emitter.facts.find(dims[0]) == count

    def opened(self, operand: Operand, node: gast.expr) -> list[Operand] | None:
        """The items of a container, or of an array of known length; None if they are not known."""
        if isinstance(operand, (tuple, list)):
            return list(operand)
        if isinstance(operand, dict):
            return [as_operand(key) for key in operand]
        if isinstance(operand, Const) and isinstance(operand.value, (tuple, list, str)):
            return [as_operand(item) for item in operand.value]
        type_ = self.emitter.type(operand) if isinstance(operand, Value) else None
        dims = type_.dims if isinstance(type_, (Tensor, Sizes)) else None
        count = len(dims or ()) if isinstance(type_, Sizes) else (dims or (None,))[0]
        if dims is None or not isinstance(count, int):
            return None
        return [self.item(operand, Const(index), node) for index in range(count)]

    def items(self, nodes: Sequence[gast.expr]) -> list[Operand]:
        found: list[Operand] = []
        for node in nodes:
            if not isinstance(node, gast.Starred):
                found.append(self.value(node))
                continue
            opened = self.opened(self.value(node.value), node)
            if opened is None:
                raise self.unopened(node)
            found += opened
        return found

    def unopened(self, node: gast.AST) -> errors.UnsupportedSyntax:
        return errors.UnsupportedSyntax(
            "what is unpacked here is not known item by item",
            self.span(node),
            "write the items one by one",
        )

    def _Dict(self, node: gast.Dict) -> Operand:
        if all(key is not None for key in node.keys):
            return super()._Dict(node)
        found: dict[Any, Operand] = {}
        for key, entry in zip(node.keys, node.values, strict=True):
            one = self.value(entry) if key is None else super()._Dict(gast.Dict([key], [entry]))
            if not isinstance(one, dict):
                raise self.unopened(entry)
            found.update(one)
        return found

    def unpacked_call(self, node: gast.Call) -> Operand:
        """`f(*pair, **options)` as `f(pair[0], pair[1], scale=options["scale"])`."""
        args: list[gast.expr] = []
        for argument in node.args:
            starred = isinstance(argument, gast.Starred)
            args += self.expander.known(argument.value) if starred else [argument]
        keywords = []
        for keyword in node.keywords:
            keywords += [keyword] if keyword.arg is not None else self.entries(keyword)
        names = [keyword.arg for keyword in keywords]
        if len(set(names)) < len(names):
            raise errors.ArgumentMismatch("an argument is given twice", self.span(node))
        made = self.expander.once(node, gast.Call(node.func, args, keywords))
        self.listing.replaced[node] = made
        return self.value(made)

    def entries(self, keyword: gast.keyword) -> list[gast.keyword]:
        operand = self.value(keyword.value)
        if not isinstance(operand, dict) or not all(isinstance(key, str) for key in operand):
            raise self.unopened(keyword.value)
        home = self.expander.home(keyword.value, operand)
        return [gast.keyword(key, self.expander.part(home, key)) for key in operand]

    # calls that take a comprehension item by item

    def _Call(self, node: gast.Call) -> Operand:
        starred = any(isinstance(argument, gast.Starred) for argument in node.args)
        if starred or any(keyword.arg is None for keyword in node.keywords):
            return self.unpacked_call(node)
        if node.args and (isinstance(node.args[0], COMPREHENSIONS) or self.iterates(node.args[0])):
            path = isinstance(node.func, gast.Name) or is_attribute(node.func)
            function = self.value(node.func) if path else None
            if isinstance(function, Const) and opaque.member(function.value, CONSUMING):
                if not node.keywords or function.value is dict:
                    return self.consumed(node, function.value)
        return super()._Call(node)

    def iterates(self, node: gast.expr) -> bool:
        """Whether it is a call of `zip`, `enumerate` or `reversed`."""
        if not isinstance(node, gast.Call) or not isinstance(node.func, gast.Name):
            return False
        function = self.value(node.func)
        return isinstance(function, Const) and opaque.member(function.value, ITERATORS)

    def call(
        self, node: gast.Call, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if function is dict and len(args) < 2:
            entries = entries_of(args[0]) if args else {}
            if entries is not None:
                return {**entries, **keywords}
        return super().call(node, function, args, keywords)

    def consumed(self, node: gast.Call, function: Any) -> Operand:
        """`sum(f(v) for v in x)`."""
        comprehension, *rest = node.args
        if not isinstance(comprehension, COMPREHENSIONS):
            known = self.expander.known(comprehension)
            elements: list[list[gast.expr]] | None = [[item] for item in known]
        else:
            elements = self.expander.elements(comprehension, [comprehension.elt])
        if elements is None and function is sum and len(rest) < 2:
            return self.summed(node, comprehension, rest[0] if rest else None)
        if elements is None and function in (any, all):
            return self.asked(node, function, comprehension)
        items = self.comprehended(comprehension, elements)
        keywords = {keyword.arg: self.value(keyword.value) for keyword in node.keywords}
        return self.call(node, function, [items, *self.items(rest)], keywords)

    def asked(self, node: gast.Call, function: Any, comprehension: Any) -> Operand:
        """`any` and `all` of what only the run can count: a truth has no derivative."""
        if not self.harmless(comprehension):
            raise errors.UnsupportedSyntax(
                f"{function.__name__} of what may do more than compute is not read",
                self.span(node),
                "write a for loop that sets a flag",
            )
        read = [self.env[name] for name in read_names(node) if name in self.env]
        return self.unread(read, BOOL, node)

    def refuse_compensated(self, node: gast.Call, loop: gast.stmt) -> None:
        """Newer Pythons add up Python floats more precisely than a loop does, and NumPy's not."""
        value = self.listing.value_of.get(addition(loop))
        type_ = self.emitter.tensor(value)
        whole = type_.dtype is not None and type_.dtype.kind in "iub"
        if COMPENSATED and value is not None and not whole and type_.kind not in ("scalar", "array"):
            raise errors.UnsupportedSyntax(
                "sum adds up Python floats more precisely than a loop",
                self.span(node),
                "write the for loop",
            )

    def summed(self, node: gast.Call, comprehension: Any, start: gast.expr | None) -> Operand:
        """A sum over what only the run can count."""
        name, statements = self.expander.summed(comprehension, start)
        total = self.looped(node, name, statements)
        self.refuse_compensated(node, statements[-1])
        return total


def entries_of(operand: Operand) -> dict[Any, Operand] | None:
    """The entries of a dict, or of a list of pairs with known keys."""
    if isinstance(operand, dict):
        return dict(operand)
    if not isinstance(operand, (tuple, list)):
        return None
    pairs = [item for item in operand if isinstance(item, (tuple, list)) and len(item) == 2]
    if len(pairs) < len(operand) or not all(isinstance(key, Const) for key, _ in pairs):
        return None
    return {key.value: item for key, item in pairs}


def addition(loop: gast.stmt) -> gast.expr:
    """The `total + item` that a loop for a sum ends in."""
    while not isinstance(loop, gast.Assign):
        loop = loop.body[-1]
    return loop.value


def is_attribute(node: gast.expr) -> bool:
    """Whether it is written `module.function`."""
    return isinstance(node, gast.Attribute) and isinstance(node.value, gast.Name)
