"""Names, attributes and calls in the user's code: what they mean, and which are refused."""

from __future__ import annotations

import functools
import math
import operator
import types
from collections.abc import Sequence
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build import opaque
from srcad.build.applied import Applied, has_objects
from srcad.build.closures import Local, Made, locals_in, own_names
from srcad.build.outside import Outside, is_data
from srcad.build.parameters import Parameters
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.frames import is_reader, reads_frames
from srcad.graph import OPAQUE, Const, Equation, Operand, Value, values
from srcad.operands import is_constant
from srcad.primitive import find, name_of
from srcad.records import Record
from srcad.references import NONE, read_names
from srcad.signature import describe, is_object, is_users
from srcad.source import Source, lookup
from srcad.statements import UNBOUND, Environment, Listing
from srcad.types import UNKNOWN, Object, Symbol, Tensor, Type


class Calls(Applied):
    """Expressions in the user's own code."""

    emitter: PrimalEmitter
    source: Source  # of the function whose statements are walked: the user's, or a helper's
    env: Environment
    listing: Listing
    outside: Outside
    parameters: Parameters
    effect = False  # whether the statement that is walked must run for what it does
    missed: list[errors.UnboundName] | None = None  # in a loop, reads of what it has yet to bind
    guards = 0  # in how many operands that may not be evaluated the walk is
    captured: set[str]  # names that functions made here may read when they are called
    unread_memory: dict[gast.AST, object]  # what an unread expression gives may share

    def module_attribute(self, node: Any, module: Any, name: str, found: Any) -> Operand:
        """An attribute of a module that is known under a local name."""
        raise NotImplementedError

    def make_partial(
        self, node: gast.Call, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """A call of `functools.partial`."""
        raise NotImplementedError

    def call_object(
        self, node: gast.Call, callee: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """A call of an object that leads to a function; None if it leads to none."""
        raise NotImplementedError

    def object_attribute(self, node: gast.Attribute, thing: Any) -> Operand:
        """An attribute of a user's object or class."""
        raise NotImplementedError

    def local_function(self, node: Any) -> Operand:
        """A lambda or a nested `def`."""
        raise NotImplementedError

    # names

    def name(self, node: gast.Name) -> Operand:
        if node.id in self.env:
            operand = self.env[node.id]
            if operand is UNBOUND:
                return self.not_yet_bound(node)
            return operand
        if node.id in self.outside.renamed:
            return self.external(node, *self.outside.renamed[node.id])
        if node.id in self.outside.known:
            return self.outside.known[node.id]
        if node.id in self.outside.local:
            raise self.unbound(node)
        return self.external(node, self.source.function, node.id)

    def unbound(self, node: gast.Name) -> errors.UnboundName:
        return errors.UnboundName(
            f"{node.id} may not be bound here", self.span(node), f"bind {node.id} on every path"
        )

    def not_yet_bound(self, node: gast.Name) -> Value:
        """In a loop, a name may be read that an earlier trip has bound: it may be anything so far."""
        if self.missed is None:
            raise self.unbound(node)
        self.missed.append(self.unbound(node))
        return self.emitter.define(UNKNOWN)

    def external(self, node: gast.Name, holder: Any, name: str) -> Operand:
        """What a global, a closure variable or a built-in means."""
        try:
            found = lookup(holder, name)
        except (NameError, KeyError, AttributeError) as error:
            raise errors.UnboundName(f"{name} is not defined", self.span(node)) from error
        return self.external_object(node, found, holder, name, node.id)

    def external_object(
        self, node: gast.expr, found: Any, holder: Any, path: str, key: str
    ) -> Operand:
        """A thing from outside, found as `path` in a function, and called `key` in the text."""
        if isinstance(found, types.ModuleType):
            return Const(found)
        if callable(found):
            self.outside.dependencies.append((holder, path, found))
            return Const(found)
        known = self.outside.values
        if isinstance(found, (set, bytearray)):  # they change
            self.outside.data.append((holder, path))
            return self.unread([], Object(), node)
        if not is_data(found):
            self.outside.data.append((holder, path))
            return Const(found)
        if key not in known:
            self.outside.data.append((holder, path))
            self.outside.places[key] = (holder, path)
            try:
                described = describe(found, lambda: Symbol("n", True))
            except errors.UnsupportedArray as error:
                raise errors.UnsupportedArray(error.reason, self.span(node), error.hint) from None
            known[key] = self.parameters.add(described, node, key.rsplit(".", maxsplit=1)[-1])
            self.outside.register(known[key], node)
        return known[key]

    # what the base class asks

    def span(self, node: gast.AST) -> Span:
        return self.source.span(node)

    def note(self, node: gast.expr, operand: Operand) -> None:
        if isinstance(operand, Value) and not isinstance(node, gast.Name):
            self.listing.node_of.setdefault(operand, node)
            self.listing.value_of[node] = operand
            if self.guards:
                self.listing.guarded.add(node)

    def guarded(self, node: gast.expr) -> Operand:
        """An operand that may not be evaluated: what it would tell of sizes is not learnt."""
        graph = self.emitter.graph
        facts, graph.facts = graph.facts, graph.facts.copy()
        self.guards += 1
        operand = self.value(node)
        self.guards -= 1
        graph.facts = facts
        return operand

    def varied(self, operand: Operand) -> bool:
        """Whether an operand depends, at this point, on the arguments that are differentiated."""
        state, storages = self.emitter.state, self.emitter.storages
        held = [storages.now(storages.of(value).storage) for value in values(operand)]
        return state.varied_of([operand, *held])

    # Python's own functions of numbers

    def call(
        self, node: gast.Call, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if function is str and len(args) == 1 and not keywords:
            if isinstance(args[0], Const) and type(args[0].value) in (str, int):
                return Const(str(args[0].value))
        if opaque.member(function, (math.prod, math.fsum, math.dist)):
            self.check_vectors(node, function, args)
        if function is pow and len(args) == 2 and not keywords:
            return self.operate(operator.pow, args, node)
        if (function is max or function is min) and not keywords:
            opened = args[0] if len(args) == 1 else args
            if isinstance(opened, Value):
                return self.extreme(node, function, [opened], rank=1)
            if isinstance(opened, (tuple, list)) and opened and not is_constant(opened):
                return self.extreme(node, function, opened, rank=0)
        return super().call(node, function, args, keywords)

    def check_vectors(self, node: gast.Call, function: Any, args: list[Operand]) -> None:
        """`math.prod` and the like: of lists of numbers, or of arrays of rank 1."""
        arrays = [arg for arg in args if isinstance(arg, Value)]
        flat = all(self.emitter.tensor(array).ndim == 1 for array in arrays)
        if self.varied(args) and arrays and not (flat and len(arrays) == len(args)):
            raise errors.NoRule(
                f"{name_of(function)} is differentiated of lists, or of arrays of rank 1",
                self.span(node),
                "write it with NumPy functions of the whole array",
            )

    def extreme(
        self, node: gast.Call, function: Any, items: Sequence[Operand], rank: int
    ) -> Operand:
        """`max(a, b)` of numbers, `max([a, b])`, or `max(x)` of the elements of an array."""
        if len(items) == 1 and rank == 0:
            return items[0]
        if any(self.emitter.tensor(item).ndim not in (None, rank) for item in items):
            raise errors.NoRule(
                f"{function.__name__} compares whole arrays",
                self.span(node),
                f"write np.{function.__name__}imum(a, b), or np.{function.__name__}(x) of an array",
            )
        primitive = find(function)
        assert primitive is not None
        return self.apply(primitive, list(items), {}, node)

    # what is not a primitive

    def other_node(self, node: gast.expr) -> Operand:
        if isinstance(node, gast.Lambda):
            return self.local_function(node)
        if isinstance(node, gast.JoinedStr):
            parts = [self.guarded(part) for part in node.values]
            if all(plain_text(*pair) for pair in zip(node.values, parts, strict=True)):
                return Const("".join(str(part.value) for part in parts))
            return self.unread(parts, Object(self.varied(parts)), node)
        if isinstance(node, gast.FormattedValue):
            if node.format_spec is not None:
                self.guarded(node.format_spec)
            return self.value(node.value)
        if any(isinstance(inner, gast.NamedExpr) for inner in gast.walk(node)):
            raise errors.UnsupportedSyntax(
                "a name is bound inside an expression",
                self.span(node),
                "bind it in a statement of its own, before this one",
            )
        read = [self.env[name] for name in read_names(node) if name in self.env]
        if self.varied(read):
            raise errors.UnsupportedSyntax(
                "this expression is not differentiated", self.span(node), "name its parts first"
            )
        return self.unread(read, UNKNOWN, node)

    def unread(self, read: Any, type_: Type, node: gast.expr) -> Value:
        """An equation that stands for Python that srcad does not read."""
        for function in locals_in(read):
            self.check_unread_function(function, node)
        out = self.emitter.define(type_)
        self.emitter.append(Equation((out,), OPAQUE, tuple(read), span=self.span(node)))
        memory = self.unread_memory.setdefault(node, object())  # the same whenever a loop is walked
        self.emitter.state.origins[out] = frozenset({memory})
        if isinstance(type_, Object) and type_.carries:
            self.emitter.state.varied.add(out)
        return out

    def check_unread_function(self, function: Made, node: gast.expr) -> None:
        """Refuse to hand a function made here to Python that is not read, if it reads local names."""
        free: frozenset[str] = NONE
        plain = isinstance(function, Local) and isinstance(function.node, gast.Lambda)
        if isinstance(function, Local):
            free = read_names(function.node) - own_names(function.node)
        if not plain or free & {*self.env, *self.outside.local}:
            raise errors.UnknownCall(
                f"{function.name}, which is made in this function, is handed to what srcad cannot read",
                self.span(node),
                "call it here, or write a for loop",
            )

    def decided(
        self, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """As in rules; but a function made here is no object that Python could be asked about."""
        if locals_in([args, keywords]) and function not in (len, list, tuple):
            return None
        return super().decided(function, args, keywords)

    def other_attribute(self, node: gast.Attribute, base: Operand) -> Operand:
        if isinstance(base, Const):
            return self.static_attribute(node, base)
        if isinstance(base, Record):
            return self.record_attribute(node, base)
        unknown = isinstance(base, Value) and self.emitter.type(base) == UNKNOWN
        if unknown and base in self.listing.home_of:  # a name that a context bound is no argument
            self.refuse_undecided(node.value, base)
        if self.varied(base):
            raise errors.NoRule(
                f"the attribute {node.attr} of a differentiated value has no rule", self.span(node)
            )
        return self.unread(list(values(base)), UNKNOWN, node)

    def static_attribute(self, node: gast.Attribute, base: Const) -> Operand:
        if isinstance(base.value, Made):
            raise errors.UnsupportedSyntax(
                "an attribute of a function that is made here is not known",
                self.span(node),
                "bind it to a name of its own",
            )
        if is_object(base.value) or _is_user_class(base.value):
            return self.object_attribute(node, base.value)
        try:
            found = getattr(base.value, node.attr)
        except AttributeError as error:
            raise errors.UnboundName(
                f"{_named(base.value)} has no attribute {node.attr}", self.span(node)
            ) from error
        module = base.value.__name__ if isinstance(base.value, types.ModuleType) else ""
        if module.split(".")[0] in ("numpy", "math") and isinstance(found, (float, int)):
            return Const(found)  # np.pi
        path = _dotted(node)
        if path is None:
            return Const(found) if callable(found) else self.unread([], UNKNOWN, node)
        head, _, rest = path.partition(".")
        if head in self.env and isinstance(base.value, types.ModuleType):
            return self.module_attribute(node, base.value, node.attr, found)
        if head in self.env and callable(found):
            return self.local_method(node, found, base.value)
        holder = self.outside.holders.get((head, rest.partition(".")[0]))
        if holder is not None:
            return self.external_object(node, found, holder, rest, path)
        holder, name = self.outside.renamed.get(head, (self.source.function, head))
        return self.external_object(node, found, holder, f"{name}.{rest}", path)

    def local_method(self, node: gast.Attribute, found: Any, owner: object) -> Operand:
        """A method of a local text or the like; what could be changed is found by a global name."""
        library = isinstance(owner, types.ModuleType) and owner.__name__ in ("numpy", "math")
        if not library and not isinstance(owner, (str, int, float, np.generic, np.dtype)):
            raise errors.UnknownCall(
                f"{node.attr} is found through a local name",
                self.span(node),
                "write the global name instead",
            )
        return Const(found)

    def other_method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if isinstance(base, Record):
            return self.record_method(node, base, args, keywords)
        name, given = node.func.attr, [*args, *keywords.values()]
        opaque.refuse_method(name, self.varied([base, *given]), self.span(node))
        self.refuse_arrays(node, given, name)
        self.effect = True
        return self.unread([base, *given], UNKNOWN, node)

    def other_call(
        self, node: gast.Call, function: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        given = [*args, *keywords.values()]
        if isinstance(function, Record):
            return self.method_call(node, node.func, function, "__call__", args, keywords)
        if not isinstance(function, Const):
            self.refuse_undecided(node.func, function)
            return self.unknown_call(node, None, given)
        callee = function.value
        if is_reader(callee):
            raise opaque.reads_names(name_of(callee), self.span(node))
        made = self.record_call(node, callee, args, keywords)
        if made is not None:
            return made
        if isinstance(callee, Local) or opaque.is_user_function(callee):
            return self.inline(node, callee, self.given(node, args, keywords))
        if callee is operator.getitem and len(args) == 2 and isinstance(args[0], Value):
            return self.item(args[0], args[1], node)
        if callee is functools.partial and args:
            return self.make_partial(node, args, keywords)
        found = self.call_object(node, callee, args, keywords)
        if found is not None:
            return found
        type_ = opaque.looks(callee, len(args), self.varied(given))
        if type_ is None:
            return self.unknown_call(node, callee, given)
        self.effect |= opaque.has_effect(callee)
        return self.unread(given, type_, node)

    def refuse_choice(self, operands: list[Operand], node: gast.BoolOp) -> None:
        if self.varied(operands):
            raise errors.UnsupportedSyntax(
                "and, or hand on one of their operands, and one of these is differentiated",
                self.span(node),
                "compare it first, as in x != 0.0, or write an if",
            )

    def refuse_undecided(self, node: gast.expr, function: Operand) -> None:
        """Refuse to call an argument of which nothing is known."""
        known = isinstance(function, Value) and self.emitter.type(function) != UNKNOWN
        if isinstance(node, gast.Name) and not known and node.id in self.outside.local:
            if self.missed:
                raise self.missed[0]
            raise errors.UndecidedKind(
                f"the generic gradient hangs on what {node.id} is",
                self.span(node),
                "specialize the gradient for your arguments, or call it",
            )

    def unknown_call(self, node: gast.Call, callee: Any, given: list[Operand]) -> Operand:
        """A call of what srcad cannot read, if it may stay in the text as it is."""
        name = "an object" if callee is None else name_of(callee)
        if reads_frames(callee):
            raise opaque.reads_names(name, self.span(node))
        opaque.refuse_call(callee, name, self.varied(given), self.span(node))
        if opaque.may_write(callee):
            self.refuse_arrays(node, given, name)
        if has_objects(given) and not opaque.member(callee, opaque.ASKING):
            raise errors.UnknownCall(
                f"{name} is called with an object, which it might write",
                self.span(node),
                "pass the attributes that it needs",
            )
        self.effect = True
        return self.unread(given, UNKNOWN, node)

    def refuse_arrays(self, node: gast.Call, operands: list[Operand], name: str) -> None:
        """A call that srcad cannot read might write an array that the backward sweep reads."""
        self.refuse_records(name, operands, node)
        for value in values(operands):
            type_ = self.emitter.type(value)
            if isinstance(type_, Tensor) and not type_.immutable:
                raise errors.UnknownCall(
                    f"{name} is called with an array, which it might write",
                    self.span(node),
                    "pass a number, or write it as a Python function of NumPy calls",
                )


def plain_text(node: gast.expr, part: Operand) -> bool:
    """Whether a part of an f-string is known, and written as `str` does."""
    if isinstance(node, gast.FormattedValue) and (node.conversion != -1 or node.format_spec):
        return False
    return isinstance(part, Const) and type(part.value) in (str, int)


def _dotted(node: gast.expr) -> str | None:
    """`a.b.c` as it is written, or None for what is no such path."""
    if isinstance(node, gast.Name):
        return node.id
    if isinstance(node, gast.Attribute):
        head = _dotted(node.value)
        return None if head is None else f"{head}.{node.attr}"
    return None


def _is_user_class(thing: Any) -> bool:
    return isinstance(thing, type) and is_users(thing)


def _named(thing: Any) -> str:
    return getattr(thing, "__name__", type(thing).__name__)
