"""Lists and dicts of known structure that are changed in place.

A list or a dict of operands is one object in the builder, as it is in the program: each name that refers
to it refers to the object, and a change is a change of the object. What a branch or a loop changes is
noted in a journal, undone at its end, and joined.

    d = {"a": x}; e = d      one object
    d["b"] = y               e has it too
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gast

from srcad import errors
from srcad.build.changes import Change, containers_in, copied, refill
from srcad.build.writers import Writers
from srcad.expressions import DictView
from srcad.graph import Const, Operand, Value
from srcad.operands import constant, is_constant
from srcad.operators import OPERATORS
from srcad.statements import UNBOUND, Environment, Plain

READING = {"copy", "get"}
"""Methods that change nothing."""
Container = Any  # a list or a dict of operands
FRESH_LIST = "make a new list or dict instead"


class Containers(Writers):
    """Statements and methods that change lists and dicts."""

    journal: list[Change]
    changed_now: list[Container]  # by the statement at hand
    owners: list[tuple[Container, str]]  # the containers of arguments
    refilled: set[str]  # arguments of which a container is changed
    fixed: list[Container]  # those that may be another one, or not the function's own

    # changing

    def change(self, container: Container, contents: Container) -> None:
        """Give a container other contents."""
        self.journal.append(Change(container, copied(container)))
        refill(container, contents)

    def changed(self, container: Container, contents: Container, node: gast.AST) -> None:
        """Do so in a statement, if it is allowed."""
        self.check_change(container, node)
        self.change(container, contents)
        self.changed_now.append(container)

    def check_change(self, container: Container, node: gast.AST) -> None:
        outside = [*self.outside.values.values(), *self.outside.known.values(), *self.fixed]
        if isinstance(container, DictView) or any(
            each is container for operand in outside for each in containers_in(operand)
        ):
            raise errors.UnsupportedWrite(
                "a container is changed that may be another's, or not this function's own",
                self.span(node),
                FRESH_LIST,
            )

        self.refilled |= {name for each, name in self.owners if each is container}

    def fix(self, operand: Operand) -> None:
        """Forbid changes of what is one container or another."""
        self.fixed += containers_in(operand)

    # statements

    def settle_writes(self, statement: Plain) -> None:
        super().settle_writes(statement)
        if self.changed_now:
            held = self.holding(self.changed_now)
            statement.binds = {**statement.binds, **held}
            statement.mutates |= frozenset(held)
            self.changed_now = []

    def holding(self, containers: Sequence[Container]) -> Environment:
        """The names that lead to a container, and what they mean now."""
        found: Environment = {}
        for name, operand in self.env.items():
            inside = list(containers_in(operand))
            if any(one is other for one in inside for other in containers):
                found[name] = self.emitter.current(operand)
        return found

    def store_item(self, target: gast.Subscript, operand: Operand, statement: Plain) -> None:
        base = self.to_write(target.value)
        if not isinstance(base, (list, dict)):
            super().store_item(target, operand, statement)
            return
        contents = copied(base)
        contents[self.key(base, target)] = operand
        self.changed(base, contents, target)
        self.settle_writes(statement)

    def key(self, base: Container, target: gast.Subscript, new: bool = True) -> Any:
        """The known index of an item."""
        index = self.value(target.slice)
        if not is_constant(index) or isinstance(index, slice):
            raise errors.UnsupportedWrite(
                "an item of a container is assigned at an index that only the run knows",
                self.span(target),
                "use an array",
            )
        key = constant(index)
        try:
            known = key in base if isinstance(base, dict) else -len(base) <= key < len(base)
            hash(key)
        except TypeError:
            known, new = False, False
        if not known and not (new and isinstance(base, dict)):
            raise errors.UnsupportedWrite("there is no such item", self.span(target))
        return key

    def augment_item(self, node: gast.AugAssign, target: gast.Subscript) -> None:
        base = self.to_write(target.value)
        if not isinstance(base, (list, dict)):
            super().augment_item(node, target)
            return
        key = self.key(base, target, new=False)
        before, function = base[key], OPERATORS[type(node.op)]
        operand = self.value(node.value)
        if isinstance(before, list):
            self.extended(before, operand, node)
        elif self.is_memory(before):
            self.augment_array(before, operand, self.called(target), node)
        else:
            contents = copied(base)
            contents[key] = self.operate(function, [before, operand], node)
            self.changed(base, contents, target)
        statement = self.plain(node)
        if isinstance(before, Value):
            load = gast.Subscript(target.value, target.slice, gast.Load())
            statement.loads[gast.copy_location(load, target)] = before

    def augment_name(self, node: gast.AugAssign, name: str) -> None:
        before = self.env.get(name)
        if not isinstance(before, list):
            super().augment_name(node, name)
            return
        self.extended(before, self.value(node.value), node)
        self.plain(node)

    def extended(self, before: list[Operand], operand: Operand, node: gast.AugAssign) -> None:
        """`items += more` changes the list."""
        if not isinstance(operand, (list, tuple)) or not isinstance(node.op, gast.Add):
            raise errors.UnsupportedWrite(
                "a list is extended by what is no known list", self.span(node), FRESH_LIST
            )
        self.changed(before, [*before, *operand], node)

    def _Delete(self, node: gast.Delete) -> None:
        """`del d[key]`; the text keeps names that are deleted: the backward sweep may read them."""
        for target in node.targets:
            if isinstance(target, gast.Name):
                self.name(target)
                del self.env[target.id]
                continue
            base = self.value(target.value)
            if not isinstance(base, (list, dict)) or len(node.targets) > 1:
                raise errors.UnsupportedWrite(
                    "an item of what is no known container is deleted, or several are at once",
                    self.span(target),
                    "delete the items of a list or a dict one by one",
                )
            contents = copied(base)
            del contents[self.key(base, target, new=False)]
            self.changed(base, contents, target)
            self.plain(node)

    # methods

    def method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        table = LIST_METHODS if isinstance(base, list) else DICT_METHODS
        known = type(base) in (list, dict) and not isinstance(base, DictView)
        handler = table.get(node.func.attr) if known else None
        if handler is None:
            return super().method(node, base, args, keywords)
        if node.func.attr not in READING:
            self.require_statement(node)
        contents = copied(base)
        try:
            result = handler(contents, *args, **keywords)
        except (TypeError, KeyError, IndexError, ValueError, Unknown) as error:
            raise errors.UnsupportedWrite(
                f"this call of {node.func.attr} is not known to succeed",
                self.span(node),
                FRESH_LIST,
            ) from error
        if node.func.attr not in READING:
            self.changed(base, contents, node)
        return result


class Unknown(Exception):
    """An argument that only the run knows."""


# --- what the methods do ------------------------------------------------------------------------


def _known(operand: Operand) -> Any:
    if not is_constant(operand):
        raise Unknown
    return constant(operand)


def _items(operand: Operand) -> Sequence[Operand]:
    if not isinstance(operand, (list, tuple)):
        raise Unknown
    return operand


def _append(items: list[Operand], item: Operand) -> Operand:
    items.append(item)
    return Const(None)


def _extend(items: list[Operand], more: Operand) -> Operand:
    items.extend(_items(more))
    return Const(None)


def _insert(items: list[Operand], index: Operand, item: Operand) -> Operand:
    items.insert(_known(index), item)
    return Const(None)


def _pop(items: list[Operand], *index: Operand) -> Operand:
    return items.pop(*map(_known, index))


def _clear(items: Container) -> Operand:
    items.clear()
    return Const(None)


def _reverse(items: list[Operand]) -> Operand:
    items.reverse()
    return Const(None)


def _list_copy(items: list[Operand]) -> Operand:
    return list(items)


def _dict_copy(entries: dict[Any, Operand]) -> Operand:
    return dict(entries)


def _dict_pop(entries: dict[Any, Operand], key: Operand, *default: Operand) -> Operand:
    return entries.pop(_known(key), *default)


def _dict_get(entries: dict[Any, Operand], key: Operand, *default: Operand) -> Operand:
    return entries.get(_known(key), *(default or [Const(None)]))


def _update(
    entries: dict[Any, Operand], more: Operand = UNBOUND, **named: Operand
) -> Operand:
    if more is not UNBOUND:
        if not isinstance(more, dict):
            raise Unknown
        entries.update(more)
    entries.update(named)
    return Const(None)


def _setdefault(entries: dict[Any, Operand], key: Operand, default: Operand) -> Operand:
    return entries.setdefault(_known(key), default)


Handler = Callable[..., Operand]
LIST_METHODS: dict[str, Handler] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "clear": _clear,
    "reverse": _reverse,
    "copy": _list_copy,
}
DICT_METHODS: dict[str, Handler] = {
    "pop": _dict_pop,
    "clear": _clear,
    "copy": _dict_copy,
    "get": _dict_get,
    "update": _update,
    "setdefault": _setdefault,
}
