"""Objects from outside: their attributes, their methods, and calls of what is no plain function.

    model.weight        data, read live: the gradient is for this very object
    model.predict(x)    the method's text, with `self` written as `model`
    model(x)            the text of `__call__`
    scaled(x)           of `scaled = functools.partial(f, k=2.0)`: the text of `f`
"""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any

import gast

from srcad import errors
from srcad.build import opaque
from srcad.build.applied import has_objects
from srcad.build.arguments import Argument, Given
from srcad.build.closures import Local, LocalPartial, locals_in
from srcad.build.helpers import Helpers
from srcad.build.outside import MISSING, is_data
from srcad.graph import Const, Operand, Value
from srcad.primitive import find
from srcad.signature import is_object, is_users
from srcad.source import Held
from srcad.types import BOOL, UNKNOWN


class Callables(Helpers):
    """What is called that is neither a primitive nor a function that is read as it stands."""

    # what objects may answer differently at the next call

    def decided(
        self, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """As in rules; but a function made here is no object that Python could be asked about."""
        if locals_in([args, keywords]) and function not in (len, list, tuple):
            return None
        if has_objects([args, keywords]) and function not in (isinstance, type, list, tuple):
            return None  # its answer may change, as what it holds does
        return super().decided(function, args, keywords)

    def identity(self, positive: bool, pair: list[Operand], node: gast.Compare) -> Operand:
        if has_objects(pair) and any(isinstance(operand, Value) for operand in pair):
            return self.unread(pair, BOOL, node)
        return super().identity(positive, pair, node)

    def refuse_truth(self, operand: Operand, node: gast.expr) -> None:
        """Refuse to decide now whether an object is true, if its class says what that means."""
        kind = type(operand.value) if isinstance(operand, Const) else object
        if is_users(kind) and (hasattr(kind, "__bool__") or hasattr(kind, "__len__")):
            raise errors.UnsupportedSyntax(
                f"whether an object of class {kind.__name__} is true may change",
                self.span(node),
                "write what is meant: x is not None, or len(x) > 0",
            )

    # attributes

    def object_attribute(self, node: gast.Attribute, thing: Any) -> Operand:
        """An attribute of an object, or of a class, that the gradient is compiled with."""
        static = inspect.getattr_static(thing, node.attr, MISSING)
        if static is MISSING and not hasattr(type(thing), "__getattr__"):
            raise errors.UnboundName(
                f"{type(thing).__name__} has no attribute {node.attr}", self.span(node)
            )
        of_object = not isinstance(thing, type) and isinstance(static, property)
        if of_object and isinstance(static.fget, types.FunctionType):
            self.depend(type(thing), node.attr, static)
            return self.inline(node, static.fget, Given([self.owner(thing)]))
        if static is MISSING or _is_computed(static):
            return self.unread([], UNKNOWN, node)
        found = getattr(thing, node.attr)
        home = gast.Attribute(self.owner(thing)[0], node.attr, gast.Load())
        home = gast.copy_location(home, node)
        if callable(found) or not is_data(found):
            self.outside.objects.setdefault(id(found), (found, home))
        key = f"{self.outside.key_of(thing)}.{node.attr}"
        return self.external_object(home, found, Held(thing), f"object.{node.attr}", key)

    def module_attribute(self, node: Any, module: Any, name: str, found: Any) -> Operand:
        """An attribute of a module that is known under a local name."""
        if isinstance(found, types.ModuleType):
            return Const(found)
        holder, path = Held(module), f"module.{name}"
        head = gast.Name(self.outside.module_name(module), gast.Load(), None, None)
        home = gast.copy_location(gast.Attribute(head, name, gast.Load()), node)
        return self.external_object(home, found, holder, path, f"{head.id}.{name}")

    def depend(self, thing: Any, name: str, found: Any) -> None:
        """Record that the gradient is for what an attribute of a thing is now."""
        self.outside.dependencies.append((Held(thing), f"object.{name}", found))

    def owner(self, thing: Any) -> Argument:
        """How the text reads an object from outside, and what that means."""
        return self.outside.object_text(thing), Const(thing)

    # calls

    def call_object(
        self, node: gast.Call, callee: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand | None:
        """A call of an object that leads to a function; None if it leads to none."""
        if self.unfolded(callee, Given()) is None:
            return None
        given = self.given(node, args, keywords)
        while (step := self.unfolded(callee, given)) is not None:
            callee, given = step
        if callee is functools.update_wrapper and given.positional:
            self.listing.replaced[node] = given.positional[0][0]
            return given.positional[0][1]  # it changes names and texts alone
        if isinstance(callee, Local) or opaque.is_user_function(callee):
            return self.inline(node, callee, given)
        keywords = {name: operand for name, (_, operand) in given.keywords.items()}
        return self.call(node, callee, [operand for _, operand in given.positional], keywords)

    def unfolded(self, callee: Any, given: Given) -> tuple[Any, Given] | None:
        """One step from what is called to a function: (what that calls, with which arguments)."""
        if isinstance(callee, LocalPartial):
            first = [(n, self.value(n)) for n in callee.args]
            kept = {name: (n, self.value(n)) for name, n in callee.keywords.items()}
            return callee.function, _joined(first, kept, given)
        if type(callee) is functools.partial:
            return callee.func, self.partial_arguments(callee, given)
        if isinstance(callee, types.MethodType) and not opaque.is_logging(callee):
            owner = callee.__self__
            if not (is_object(owner) or isinstance(owner, type)):
                return None
            return callee.__func__, _joined([self.owner(owner)], {}, given)
        if is_object(callee) and isinstance(type(callee).__call__, types.FunctionType):
            function = type(callee).__call__
            self.depend(type(callee), "__call__", function)
            return function, _joined([self.owner(callee)], {}, given)
        return None

    def partial_arguments(self, callee: Any, given: Given) -> Given:
        """The arguments of a `functools.partial` from outside, before those of the call."""
        self.depend(callee, "func", callee.func)
        first, kept = (self.part(callee, name) for name in ("args", "keywords"))
        items = zip(callee.args, first[1], strict=True)
        positional = [(_item(first[0], i), o) for i, (_, o) in enumerate(items)]
        keywords = {k: (_item(kept[0], k), o) for k, o in kept[1].items()}
        return _joined(positional, keywords, given)

    def part(self, callee: Any, name: str) -> tuple[gast.expr, Any]:
        """`args` or `keywords` of a partial: how it is written, and what it means."""
        home = gast.Attribute(self.owner(callee)[0], name, gast.Load())
        key = f"{self.outside.key_of(callee)}.{name}"
        found = getattr(callee, name)
        return home, self.external_object(home, found, Held(callee), f"object.{name}", key)

    def make_partial(
        self, node: gast.Call, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """`functools.partial(f, x)` inside the function: its arguments are what they are now."""
        given = self.given(node, args, keywords)
        (_, function), *rest = given.positional
        if not isinstance(function, Const):
            return self.unknown_call(node, functools.partial, given.operands)
        kept = [self.keep(self.written(a), a[1], "argument") for a in rest]
        named = {k: self.keep(self.written(a), a[1], k) for k, a in given.keywords.items()}
        return Const(LocalPartial(function.value, kept, named))

    def written(self, argument: Argument) -> gast.expr:
        """The expression of an argument, which in a call always has one."""
        node, _ = argument
        assert node is not None
        return node


def _joined(first: list[Argument], kept: dict[str, Argument], given: Given) -> Given:
    """What an object adds to the arguments of its call."""
    return Given([*first, *given.positional], {**kept, **given.keywords})


def _item(home: gast.expr, key: Any) -> gast.expr:
    return gast.Subscript(home, gast.Constant(key, None), gast.Load())


def _is_computed(static: Any) -> bool:
    """Whether an attribute is computed anew at each look-up, by code that is not read."""
    plain = (types.FunctionType, staticmethod, classmethod, types.MemberDescriptorType)
    if isinstance(static, (*plain, type)) or find(static) is not None:
        return False
    return isinstance(static, property) or hasattr(type(static), "__set_name__") or (
        hasattr(type(static), "__get__") and not callable(static)
    )
