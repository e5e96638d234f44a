"""Primitives that are applied to operands in the user's code, and which of these are refused."""

from __future__ import annotations

from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build.records import Records
from srcad.build.state import PrimalEmitter
from srcad.errors import Span
from srcad.graph import Const, Operand, Value, leaves, values
from srcad.primitive import Primitive, bind
from srcad.records import records_in
from srcad.signature import is_object
from srcad.types import UNKNOWN, Object, Type

LISTED = {"arrays", "tup", "operands", "others", "object", "a_tuple"}
"""Parameters of rules that take a list of arrays."""


class Applied(Records):
    """Calls of primitives."""

    emitter: PrimalEmitter
    effect = False  # whether the statement that is walked must run for what it does

    def varied(self, operand: Operand) -> bool:
        """Whether an operand depends on the arguments that are differentiated."""
        return self.emitter.state.varied_of(operand)

    def unread(self, read: Any, type_: Type, node: gast.expr) -> Value:
        """An equation that stands for Python that srcad does not read: a subclass makes it."""
        raise NotImplementedError

    def apply(
        self, primitive: Primitive, args: list[Operand], keywords: dict[str, Operand], node: Any
    ) -> Operand:
        everything = [*args, *keywords.values()]
        span = self.span(node)
        active = self.varied(everything)
        if any(records_in(everything)):
            self.refuse_records(primitive.name, everything, node)
            return self.unread_call(node, primitive, everything)
        if not active and has_objects(everything):
            return self.unread(everything, UNKNOWN, node)
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
        self.refuse_objects(primitive, bound, span)
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


    def refuse_objects(self, primitive: Primitive, bound: dict[str, Operand], span: Span) -> None:
        """Refuse arithmetic of an object, whose class may say what it means."""
        for leaf in leaves(list(bound.values())):
            if isinstance(leaf, Const) and is_object(leaf.value):
                raise errors.UnknownCall(
                    f"{primitive.name} of an object of class {type(leaf.value).__name__}",
                    span,
                    "call its methods by name",
                )


def has_objects(operand: Operand) -> bool:
    """Whether an operand holds an object of a user's class."""
    return any(isinstance(leaf, Const) and is_object(leaf.value) for leaf in leaves(operand))
