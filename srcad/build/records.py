"""Named tuples and dataclasses in the user's code: made, read, replaced, and their methods inlined."""

from __future__ import annotations

import copy
import dataclasses
import inspect
from types import FunctionType, MethodType
from typing import Any

import gast

from srcad import errors
from srcad.build import opaque
from srcad.build.arguments import Given, is_literal
from srcad.build.outside import Outside
from srcad.errors import Span
from srcad.expressions import Expressions
from srcad.graph import Const, Operand, Value, values
from srcad.records import (
    ITEM_METHODS,
    Record,
    complaint,
    field_names,
    generated,
    has_fields,
    keeps,
    opened,
    plain,
    records_in,
)
from srcad.signature import is_static
from srcad.source import Held
from srcad.statements import Listing
from srcad.types import UNKNOWN, Type

COPYING = {dataclasses.replace, getattr(copy, "replace", dataclasses.replace)}


class Records(Expressions):
    """Expressions with records in them."""

    outside: Outside
    listing: Listing
    method_calls: dict[gast.Call, gast.Call]  # `p.f(x)` -> `p.f(p, x)`, whose text is inlined

    def span(self, node: gast.AST) -> Span:
        raise NotImplementedError

    def varied(self, operand: Operand) -> bool:
        raise NotImplementedError

    def inline(self, node: gast.Call, callee: Any, given: Given) -> Operand:
        """A call of a Python function that is read: a subclass knows how statements are walked."""
        raise NotImplementedError

    def given(self, node: gast.Call, args: list[Operand], keywords: dict[str, Operand]) -> Given:
        """The arguments of a call, each with the expression that reaches it."""
        raise NotImplementedError

    def unread(self, read: Any, type_: Type, node: gast.expr) -> Value:
        raise NotImplementedError

    def unknown_call(self, node: gast.Call, callee: Any, given: list[Operand]) -> Operand:
        raise NotImplementedError

    # reading

    def record_attribute(self, node: gast.Attribute, base: Record) -> Operand:
        """`p.w`, `p._fields`, `p.__class__`."""
        if node.attr in base.fields:
            return base.fields[node.attr]
        if node.attr == "_fields" and base.named_tuple:
            return tuple(map(Const, base.fields))
        if node.attr == "__class__":
            return Const(base.cls)
        if not self.varied(base) and hasattr(base.cls, node.attr):
            return self.unread(list(values(base)), UNKNOWN, node)
        raise errors.UnsupportedSyntax(
            f"{node.attr} is no field of {base.cls.__name__}",
            self.span(node),
            f"read one of {', '.join(base.fields)}, or compute it in a function",
        )

    # making

    def record_call(
        self, node: gast.Call, callee: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """`Params(w, b)`, `Params._make([w, b])`, `replace(p, w=w)`; None for any other call."""
        if has_fields(callee):
            why = complaint(callee)
            if why is None:
                return self.made(node, callee, args, keywords)
            if self.varied([*args, *keywords.values()]):
                raise errors.UnknownCall(
                    f"{callee.__name__} holds a differentiated value, and {why}",
                    self.span(node),
                    "keep the values in a plain dataclass, a named tuple or a dict",
                )
            return None
        if opaque.member(callee, COPYING) and args and isinstance(args[0], Record):
            return self.replaced(node, args[0], args[1:], keywords)
        owner = callee.__self__ if isinstance(callee, MethodType) else None
        if plain(owner) and keeps(owner, callee.__name__):
            items = opened(args[0]) if len(args) == 1 and not keywords else None
            if callee.__name__ == "_make" and isinstance(items, (tuple, list)):
                return self.made(node, owner, list(items), {})
        if opaque.module_of(callee) == "dataclasses":
            self.refuse_records(callee.__name__, args, node)
        return None

    def made(
        self, node: gast.Call, cls: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Record:
        """An instance: its fields are the arguments, and the defaults where these are numbers."""
        try:
            bound = inspect.signature(cls).bind(*args, **keywords)
        except TypeError as error:
            raise errors.ArgumentMismatch(f"{cls.__name__}: {error}", self.span(node)) from None
        given = dict(bound.arguments)
        for name, parameter in inspect.signature(cls).parameters.items():
            if name not in given:
                given[name] = self.default_field(node, cls, name, parameter.default)
        return Record(cls, {name: given[name] for name in field_names(cls)})

    def default_field(self, node: gast.Call, cls: Any, name: str, default: object) -> Operand:
        """A field that the call leaves out: a literal, or a function that stands in the class."""
        if is_literal(default):
            return Const(default)
        if is_static(default) and inspect.getattr_static(cls, name) is default:
            self.outside.dependencies.append((Held(cls), f"object.{name}", default))
            return Const(default)
        raise errors.UnsupportedSyntax(
            f"the default of {name} in {cls.__name__} is not read",
            self.span(node),
            f"pass {name}= in the call",
        )

    def replaced(
        self, node: gast.Call, base: Record, args: list[Operand], keywords: dict[str, Operand]
    ) -> Record:
        unknown = [name for name in keywords if name not in base.fields]
        if args or unknown:
            found = f"has no field {unknown[0]}" if unknown else "takes the new fields by keyword"
            raise errors.ArgumentMismatch(f"{base.cls.__name__} {found}", self.span(node))
        return base.replaced(**keywords)

    # methods

    def record_method(
        self, node: gast.Call, base: Record, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """`p.predict(x)`, `p.activation(x)`, `p._replace(w=w)`, `p.__class__(w, b)`."""
        name = node.func.attr
        if name == "__class__":
            return self.made(node, base.cls, args, keywords)
        if name in base.fields:
            return self.field_call(node, base.fields[name], args, keywords)
        if base.named_tuple and keeps(base.cls, name):
            if name == "_replace":
                return self.replaced(node, base, args, keywords)
            if name == "_asdict" and not args and not keywords:
                return dict(base.fields)
        return self.method_call(node, node.func.value, base, name, args, keywords)

    def method_call(
        self,
        node: gast.Call,
        own: gast.expr,
        base: Record,
        name: str,
        args: list[Operand],
        keywords: dict[str, Operand],
    ) -> Operand:
        """The method's text stands for the call, as a helper's does; `own` is its first argument."""
        method = inspect.getattr_static(base.cls, name, None)
        if not isinstance(method, FunctionType) or generated(method) or name in ITEM_METHODS:
            if base.fixed and not self.varied([base, *args, *keywords.values()]):
                return self.unknown_call(node, method, [base, *args, *keywords.values()])
            raise errors.UnknownCall(
                f"{base.cls.__name__}.{name} is not read",
                self.span(node),
                "write it as a function of the fields",
            )
        self.outside.dependencies.append((Held(base.cls), f"object.{name}", method))
        if node not in self.method_calls:
            called = gast.Call(node.func, [own, *node.args], node.keywords)
            self.method_calls[node] = gast.copy_location(called, node)
        called = self.method_calls[node]
        result = self.inline(called, method, self.given(called, [base, *args], keywords))
        if called in self.listing.replaced:
            self.listing.replaced[node] = called
        return result

    def field_call(
        self, node: gast.Call, function: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """A call of a function that a field holds: `p.activation(x)`."""
        if isinstance(function, Const):
            return self.call(node, function.value, args, keywords)
        return self.other_call(node, function, args, keywords)

    # what is refused

    def operate(self, function: Any, operands: list[Operand], node: gast.expr | None) -> Operand:
        written = [o for o in operands if isinstance(o, Record) and not o.named_tuple]
        writes = isinstance(node, gast.AugAssign) or self.varied(operands)
        if written and writes and not isinstance(node, gast.Compare):
            raise errors.UnsupportedSyntax(
                f"an operator of {written[0].cls.__name__} is not read",
                None if node is None else self.span(node),
                "combine the fields, and make a new instance",
            )
        return super().operate(function, operands, node)

    def refuse_records(self, name: str, operands: list[Operand], node: gast.expr) -> None:
        """Refuse a call that is given a record, which it might write or hand back in disguise."""
        for found in records_in(operands):
            if found.fixed and not self.varied(found):
                continue
            raise errors.UnknownCall(
                f"{name} is called with a {found.cls.__name__}, and srcad cannot read it",
                self.span(node),
                "pass the fields",
            )
