"""Names, attributes and calls in the user's code: what they mean, and which are refused."""

from __future__ import annotations

import types
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build import opaque
from srcad.build.inlining import Local
from srcad.build.outside import Outside, is_data
from srcad.build.parameters import Parameters
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.expressions import Expressions
from srcad.frames import is_reader, reads_frames
from srcad.graph import OPAQUE, Const, Equation, Operand, Value, values
from srcad.primitive import Primitive, bind, name_of
from srcad.references import read_names
from srcad.signature import describe
from srcad.source import Source, lookup
from srcad.statements import UNBOUND, Environment, Listing
from srcad.types import UNKNOWN, Object, Symbol, Tensor, Type

LISTED = {"arrays", "tup", "operands", "object", "a_tuple"}
"""Parameters of rules that take a list of arrays."""


class Calls(Expressions):
    """Expressions in the user's own code."""

    emitter: PrimalEmitter
    source: Source  # of the function whose statements are walked: the user's, or a helper's
    env: Environment
    listing: Listing
    outside: Outside
    parameters: Parameters
    effect = False  # whether the statement that is walked must run for what it does
    guards = 0  # in how many operands that may not be evaluated the walk is

    def inline(
        self, node: gast.Call, callee: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """A call of a Python function that is read: a subclass knows how statements are walked."""
        raise NotImplementedError

    # names

    def name(self, node: gast.Name) -> Operand:
        if node.id in self.env:
            operand = self.env[node.id]
            if operand is UNBOUND:
                raise self.unbound(node)
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
        """Whether an operand depends on the arguments that are differentiated."""
        return self.emitter.state.varied_of(operand)

    # what is not a primitive

    def other_node(self, node: gast.expr) -> Operand:
        if isinstance(node, gast.Lambda):
            return Const(Local(node))
        if isinstance(node, gast.JoinedStr):
            parts = [self.guarded(part) for part in node.values]
            return self.unread(parts, Object(self.varied(parts)), node)
        if isinstance(node, gast.FormattedValue):
            if node.format_spec is not None:
                self.guarded(node.format_spec)
            return self.value(node.value)
        read = [self.env[name] for name in read_names(node) if name in self.env]
        if self.varied(read):
            raise errors.UnsupportedSyntax(
                "this expression is not differentiated", self.span(node), "name its parts first"
            )
        return self.unread(read, UNKNOWN, node)

    def unread(self, read: Any, type_: Type, node: gast.expr) -> Value:
        """An equation that stands for Python that srcad does not read."""
        out = self.emitter.define(type_)
        self.emitter.append(Equation((out,), OPAQUE, tuple(read), span=self.span(node)))
        self.emitter.state.origins[out] = frozenset({out})
        if isinstance(type_, Object) and type_.carries:
            self.emitter.state.varied.add(out)
        return out

    def other_attribute(self, node: gast.Attribute, base: Operand) -> Operand:
        if isinstance(base, Const):
            return self.static_attribute(node, base)
        if self.varied(base):
            raise errors.NoRule(
                f"the attribute {node.attr} of a differentiated value has no rule", self.span(node)
            )
        return self.unread(list(values(base)), UNKNOWN, node)

    def static_attribute(self, node: gast.Attribute, base: Const) -> Operand:
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
        name, given = node.func.attr, [*args, *keywords.values()]
        opaque.refuse_method(name, self.varied([base, *given]), self.span(node))
        self.refuse_arrays(node, given, name)
        self.effect = True
        return self.unread([base, *given], UNKNOWN, node)

    def other_call(
        self, node: gast.Call, function: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        given = [*args, *keywords.values()]
        if not isinstance(function, Const):
            self.refuse_undecided(node.func, function)
            return self.unknown_call(node, None, given)
        callee = function.value
        if is_reader(callee):
            raise opaque.reads_names(name_of(callee), self.span(node))
        if isinstance(callee, Local) or opaque.is_user_function(callee):
            return self.inline(node, callee, args, keywords)
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
        self.effect = True
        return self.unread(given, UNKNOWN, node)

    def refuse_arrays(self, node: gast.Call, operands: list[Operand], name: str) -> None:
        """A call that srcad cannot read might write an array that the backward sweep reads."""
        for value in values(operands):
            type_ = self.emitter.type(value)
            if isinstance(type_, Tensor) and not type_.immutable:
                raise errors.UnknownCall(
                    f"{name} is called with an array, which it might write",
                    self.span(node),
                    "pass a number, or write it as a Python function of NumPy calls",
                )

    # primitives

    def apply(
        self, primitive: Primitive, args: list[Operand], keywords: dict[str, Operand], node: Any
    ) -> Operand:
        everything = [*args, *keywords.values()]
        span = self.span(node)
        if "out" in keywords and not (
            isinstance(keywords["out"], Const) and keywords["out"].value is None
        ):
            raise errors.UnsupportedWrite(
                "out= writes its argument", span, "assign the result instead"
            )
        active = self.varied(everything)
        try:
            bound = bind(primitive, tuple(args), keywords)
        except TypeError as error:
            if active:
                raise errors.UnsupportedKeyword(
                    f"{error} is not differentiated", span, "leave it out"
                ) from None
            return self.unread_call(node, primitive, everything)
        if active:
            self.check_active(primitive, bound, everything, span)
        return super().apply(primitive, args, keywords, node)

    def unread_call(self, node: Any, primitive: Primitive, everything: list[Operand]) -> Value:
        """An inactive call with arguments that no rule knows; one of them might be written."""
        if isinstance(primitive.function, np.ufunc) and len(everything) > primitive.function.nin:
            raise errors.UnsupportedWrite(
                "out= writes its argument", self.span(node), "assign the result instead"
            )
        self.effect = True
        return self.unread(everything, UNKNOWN, node)

    def check_active(
        self, primitive: Primitive, bound: dict[str, Operand], everything: list[Operand], span: Span
    ) -> None:
        for name, operand in bound.items():
            listed = isinstance(operand, (tuple, list, dict)) and self.varied(operand)
            taken = name in LISTED or primitive.function is np.asarray
            if listed and not taken and not primitive.zero:
                raise errors.NoRule(
                    f"{primitive.name} of a list is not differentiated",
                    span,
                    "make it an array first: np.stack([...]), or np.array([...]) of numbers",
                )
        if primitive.constant:
            raise errors.NoRule(
                f"{primitive.name} of a differentiated value has no rule", span, "use its value"
            )
        for value in values(everything):
            type_ = self.emitter.type(value)
            if (
                isinstance(type_, Object)
                and value in self.emitter.state.varied
                and not primitive.zero
            ):
                raise errors.Laundered(
                    "a text or an object that was made from a differentiated value is used as a number",
                    span,
                )


def _dotted(node: gast.expr) -> str | None:
    """`a.b.c` as it is written, or None for what is no such path."""
    if isinstance(node, gast.Name):
        return node.id
    if isinstance(node, gast.Attribute):
        head = _dotted(node.value)
        return None if head is None else f"{head}.{node.attr}"
    return None


def _named(thing: Any) -> str:
    return getattr(thing, "__name__", type(thing).__name__)
