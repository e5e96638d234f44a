"""Lists whose length only the run knows: those that a loop or a branch grows, or indexes as it counts.

A list of known items is taken apart when the gradient is compiled. Where that is not possible any more
it becomes one value, for all names that refer to it:

    xs = []                      known: no items
    for i in range(n):           here it becomes a value
        xs.append(x * i)         a new version of it
    np.sum(np.stack(xs))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build.changes import Grows, containers_in, undo
from srcad.build.containers import Containers
from srcad.graph import LENGTH, Const, Operand, Value, values
from srcad.operands import constant, is_constant
from srcad.primitive import Primitive
from srcad.records import Record
from srcad.sequences import APPEND, ARRAY_OF, ITEM, ITEMS, SET_ITEM, TOTAL, WITHOUT_LAST
from srcad.statements import Environment, Plain, Statement
from srcad.types import ListOf, Never, Tensor

KEPT = ("source", "result", "result_node", "effect", "guards", "stop")
STACKS = ("liveness", "live", "calling", "around")
"""What the builder has at hand besides, and what it has on stacks."""
MAKING = {np.array, np.asarray, np.stack}


class Lists(Containers):
    """Statements and calls on lists whose length only the run knows."""

    statements: list[Statement]
    around: list[list[Any]]  # the containers known where each region began that is walked

    def listed(self, container: list[Operand], node: gast.AST) -> Value:
        """Make a list one value, for all that refers to it.

        Raises:
            Grows: it is known outside of the region that is walked, and has to be made so there.
        """
        if any(each is container for known in self.around for each in known):
            raise Grows(container)
        self.check_change(container, node)
        if not all(self.is_item(item) for item in container):
            raise errors.UnsupportedSyntax(
                "a list of containers has a length, or is read at an index, that only the run knows",
                self.span(node),
                "use an array, or one list for each",
            )
        value = self.emitter.emit(ITEMS, tuple(container), span=self.span(node))
        seen: Environment = {}
        for name, operand in list(self.env.items()):
            if any(each is container for each in containers_in(operand)):
                self.env[name] = seen[name] = _replaced(operand, container, value)
        self.statements.append(Plain(gast.Pass(), seen))  # the text has nothing to say
        return value

    def settled(self, build: Callable[[], None], node: gast.AST) -> None:
        """Build a region; where it makes a list grow, make that one value before it, and build again."""
        while True:
            back = self.bookmark()
            try:
                build()
                return
            except Grows as grows:
                back()
                self.listed(grows.container, node)

    def bookmark(self) -> Callable[[], None]:
        """What takes everything back to where it is now."""
        emitter, storages = self.emitter, self.emitter.storages
        graph, site = emitter.graph, emitter.site
        length, facts, count = len(graph.equations), graph.facts.copy(), site.count
        state, versions = emitter.state.snapshot(), dict(storages.versions)
        statements, written = self.statements, len(self.statements)
        env, journal, log = dict(self.env), len(self.journal), len(self.log)
        fields = {name: getattr(self, name) for name in KEPT}
        stacks = {name: list(getattr(self, name)) for name in STACKS}

        def back() -> None:
            emitter.graph, emitter.site = graph, site
            del graph.equations[length:]
            graph.facts, site.count, storages.versions = facts, count, versions
            emitter.state.restore(state, emitter.state.of(()))
            self.statements = statements
            del statements[written:]
            changed = [change.container for change in self.journal[journal:]]
            undo(self.journal, journal, changed)
            del self.log[log:]
            self.env, self.written_now, self.changed_now = env, {}, []
            for name, value in fields.items():
                setattr(self, name, value)
            for name, stack in stacks.items():
                getattr(self, name)[:] = stack

        return back

    def is_list(self, operand: Operand) -> bool:
        return isinstance(operand, Value) and isinstance(self.emitter.type(operand), ListOf)

    def is_item(self, operand: Operand) -> bool:
        """Whether it may be an item of such a list: no container."""
        return isinstance(operand, (Value, Const)) and not self.is_list(operand)

    # reading

    def item(self, base: Value, index: Operand, node: gast.expr) -> Operand:
        return self.item_of(base, index, node) if self.is_list(base) else super().item(base, index, node)

    def _Subscript(self, node: gast.Subscript) -> Operand:
        if isinstance(node.value, gast.Attribute) and node.value.attr == "flat":
            return super()._Subscript(node)
        base = self.value(node.value)
        if isinstance(base, list) and not isinstance(node.slice, gast.Slice):
            index = self.value(node.slice)
            if isinstance(index, Value) and self.is_integer(index):
                return self.item_of(self.listed(base, node), index, node)
        if isinstance(base, Value) and self.is_list(base):
            return self.item_of(base, self.value(node.slice), node)
        return super()._Subscript(node)

    def is_integer(self, index: Value) -> bool:
        type_ = self.emitter.tensor(index)
        return type_.dims == () and type_.dtype is not None and type_.dtype.kind in "iu"

    def item_of(self, base: Value, index: Operand, node: gast.expr) -> Operand:
        self.check_index(index, node)
        return self.emitter.emit(ITEM, (base, index), span=self.span(node))

    def check_index(self, index: Operand, node: gast.AST) -> None:
        known = isinstance(index, Const) and type(index.value) is int
        if not known and not (isinstance(index, Value) and self.is_integer(index)):
            raise errors.UnsupportedSyntax(
                "a part is taken of a list whose length only the run knows",
                self.span(node),
                "stack it first: np.stack(items)[1:]",
            )

    def call(
        self, node: gast.Call, function: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if args and self.is_list(args[0]):
            if function is len and len(args) == 1:
                return self.emitter.emit(LENGTH, args, span=self.span(node))
            if function is sum and len(args) == 1:
                return self.emitter.emit(TOTAL, args, span=self.span(node))
        return super().call(node, function, args, keywords)

    def apply(
        self, primitive: Primitive, args: list[Operand], keywords: dict[str, Operand], node: Any
    ) -> Operand:
        if args and self.is_list(args[0]):
            axis = keywords.get("axis", Const(0))
            first = len(args) == 1 and isinstance(axis, Const) and axis.value == 0
            if primitive.function in MAKING and first and set(keywords) <= {"axis"}:
                return self.array_of(args[0], node)
        if any(self.is_list(o) for o in (*values(args), *values(keywords))):
            raise errors.NoRule(
                f"{primitive.name} of a list whose length only the run knows is not differentiated",
                self.span(node),
                "make it an array first: np.stack(items), or np.array(items) of numbers",
            )
        return super().apply(primitive, args, keywords, node)

    def array_of(self, items: Operand, node: gast.AST) -> Value:
        """The array that a list makes."""
        type_ = self.emitter.type(self.emitter.current(items))
        assert isinstance(type_, ListOf)
        if not isinstance(type_.item, (Tensor, Never)):
            raise errors.NoRule(
                "a list of objects is made an array", self.span(node), "make a list of numbers"
            )
        return self.emitter.emit(ARRAY_OF, (items,), span=self.span(node))

    # changing

    def method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if not isinstance(base, Value) or not self.is_list(base):
            return super().method(node, base, args, keywords)
        name = node.func.attr
        if name == "append" and len(args) == 1:
            self.renewed(base, node, (APPEND, args[0]))
            return Const(None)
        if name == "pop" and (not args or (is_constant(args[0]) and constant(args[0]) == -1)):
            last = self.emitter.emit(ITEM, (base, Const(-1)), span=self.span(node))
            self.renewed(base, node, (WITHOUT_LAST, last))
            return last
        raise errors.UnsupportedWrite(
            f"the method {name} of a list whose length only the run knows is not differentiated",
            self.span(node),
            "append to it, or pop its last item",
        )

    def renewed(self, base: Value, node: gast.AST, change: tuple[Any, ...]) -> None:
        """Give a list a new version."""
        if isinstance(node, gast.Call):
            self.require_statement(node)
        primitive, *rest = change
        items = [item for item in rest if item is not None]
        if not all(self.is_item(item) for item in items):
            raise errors.UnsupportedWrite(
                "a container is put into a list whose length only the run knows",
                self.span(node),
                "use one list for each of its items",
            )
        self.check_list(base, node)
        storage = self.emitter.storages.of(base).storage
        now = self.emitter.storages.now(storage)
        items = self.emitter.current(items)
        version = self.write(primitive, (now, *items), (), node)
        self.renew(storage, version)
        self.emitter.state.share(version, (now, *items))  # whoever writes an item changes the list

    def check_list(self, base: Value, node: gast.AST) -> None:
        """Refuse a change that might be seen through another name: of a list, not of its items."""
        state, storages = self.emitter.state, self.emitter.storages
        root = storages.of(base).storage
        near = state.near_of(storages.now(root))
        statement = self.emitter.site.statement
        live = self.read_later(statement) if statement is not None else frozenset()
        for name in live & self.env.keys():
            others = [storages.of(v).storage for v in values(self.env[name]) if self.is_list(v)]
            if any(o is not root and state.near_of(storages.now(o)) & near for o in others):
                raise errors.UnsupportedWrite(
                    f"{self.called(node)} and {name} may be one list, or hold one array",
                    self.span(node),
                    "make a new list instead",
                )

    def store_item(self, target: gast.Subscript, operand: Operand, statement: Plain) -> None:
        base = self.to_write(target.value)
        index = self.value(target.slice)
        if isinstance(base, list) and isinstance(index, Value) and self.is_integer(index):
            base = self.listed(base, target)
        if not isinstance(base, Value) or not self.is_list(base):
            super().store_item(target, operand, statement)
            return
        old = self.item_of(base, index, target)
        self.renewed(base, target, (SET_ITEM, index, operand, old))
        self.settle_writes(statement)

    def augment_name(self, node: gast.AugAssign, name: str) -> None:
        before = self.env.get(name)
        if not isinstance(before, Value) or not self.is_list(before):
            super().augment_name(node, name)
            return
        operand = self.value(node.value)
        if not isinstance(operand, (list, tuple)) or not isinstance(node.op, gast.Add):
            raise errors.UnsupportedWrite(
                "a list is extended by what is no known list", self.span(node), "append each item"
            )
        for item in operand:
            self.renewed(before, node, (APPEND, item))
        self.plain(node)

    def augment_item(self, node: gast.AugAssign, target: gast.Subscript) -> None:
        base = self.to_write(target.value)
        index = self.value(target.slice)
        if isinstance(base, list) and isinstance(index, Value) and self.is_integer(index):
            base = self.listed(base, target)
        if isinstance(base, Value) and self.is_list(base):
            raise errors.UnsupportedWrite(
                "an item of a list whose length only the run knows is changed in place",
                self.span(target),
                "write items[i] = items[i] + ...",
            )
        super().augment_item(node, target)


def _replaced(operand: Operand, container: list[Operand], value: Value) -> Operand:
    """An operand in which a list is one value; containers around it stay the same objects."""
    if operand is container:
        return value
    if isinstance(operand, dict):
        for key, item in operand.items():
            operand[key] = _replaced(item, container, value)
    elif isinstance(operand, list):
        operand[:] = [_replaced(item, container, value) for item in operand]
    elif isinstance(operand, tuple):
        return tuple(_replaced(item, container, value) for item in operand)
    elif isinstance(operand, Record):
        return operand.mapped(lambda item: _replaced(item, container, value))
    return operand

