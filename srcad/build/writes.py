"""Writes: what a statement changes in place, and which of that is allowed.

x = 2.0; x += y          a number: the name is bound anew
r = np.zeros(3); r += y  r's own array: a new version of it
x[0] = y                 x an argument: it is copied when the function begins
v = r[1:]; v[0] = y; r   a write to r, which v refers to
w = r or s; r[0] = y; w  refused: w, which is still read, may be r
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

import gast
import numpy as np

from srcad import errors
from srcad.build.calls import Calls
from srcad.build.state import is_number
from srcad.build.storages import Path, Reference, is_selection, repeats
from srcad.graph import (
    FLAT,
    GETITEM,
    SCATTER_ADD,
    SET,
    SHAPE,
    Const,
    Operand,
    Tables,
    Value,
    values,
)
from srcad.operators import OPERATORS
from srcad.primitive import SYMBOLS, find
from srcad.references import Liveness
from srcad.rules.indexing import index_memory, indexed, parts_of
from srcad.rules.shaping import flat
from srcad.statements import UNBOUND, Environment, Plain
from srcad.types import ListOf, Object, Tensor

IN_PLACE: dict[Callable[..., Any], Callable[..., Any]] = {
    operator.add: operator.iadd,
    operator.sub: operator.isub,
    operator.mul: operator.imul,
    operator.truediv: operator.itruediv,
    operator.pow: operator.ipow,
}
ADDING = {operator.add, operator.sub}
NEW_ARRAY = "make a new array instead"


class Writes(Calls):
    """Statements and calls that write into arrays."""

    liveness: list[Liveness]
    live: list[frozenset[str]]
    argument_leaves: set[Value]  # the leaves of the function's own arguments
    arrays: list[str]
    written_now: dict[Value, None]  # the storages that the statement at hand has written so far
    tables: Tables
    log: list[Value]  # those that any statement has written
    iterated: frozenset[Value]  # those that the loops around run over, which see each write

    def plain(self, node: gast.stmt) -> Plain:
        """Append a simple statement: a subclass keeps them."""
        raise NotImplementedError

    # what may be seen of a write

    def read_later(self, node: gast.stmt) -> frozenset[str]:
        """The names that are read after a statement: in its function, or in one around it."""
        after = self.liveness[-1].after.get(node, frozenset())
        return after.union(self.captured, *self.live[:-1])

    def check_write(self, pointer: Value, what: str, node: gast.AST, hint: str) -> None:
        """Refuse a write that might be seen: by the caller, or through another name."""
        state, storages = self.emitter.state, self.emitter.storages
        root = storages.of(pointer).storage
        now = storages.now(root)
        self.own(state.origins_of(now) - state.made, pointer, what, node, hint)
        near = state.near_of(now)
        statement = self.emitter.site.statement
        live = self.read_later(statement) if statement is not None else frozenset()
        listed = isinstance(self.emitter.type(now), ListOf)
        known = listed or self.emitter.tensor(now).kind is not None
        for other, operand in self.env.items():
            if other not in live:
                continue
            for value in values(operand):
                storage = storages.of(value).storage
                same = storage is root
                if same and (known or other == what):
                    continue
                if same or state.near_of(storages.now(storage)) & near:
                    raise errors.UnsupportedWrite(
                        f"{what} and {other} may be one array", self.span(node), hint
                    )

    def own(
        self, foreign: frozenset[Any], pointer: Value, what: str, node: gast.AST, hint: str
    ) -> None:
        """Arguments that are written are copied when the function begins; nothing else may be."""
        for allocation in foreign:
            if allocation in self.argument_leaves:
                self.emitter.storages.copied[allocation] = None
                continue
            raise errors.UnsupportedWrite(
                f"{what} may be an array that this function did not make", self.span(node), hint
            )

    def check_stored(self, pointer: Value, value: Operand, node: gast.AST) -> None:
        """Refuse to store a differentiated value where it would lose its derivative."""
        if not self.varied(value):
            return
        if any(isinstance(self.emitter.type(v), Object) for v in values(value)):
            raise errors.Laundered(
                "an object that was made from a differentiated value is stored as a number",
                self.span(node),
            )
        if isinstance(value, (tuple, list, dict)):
            raise errors.UnsupportedWrite(
                "a list of differentiated values is stored",
                self.span(node),
                "make it an array first: np.stack([...]), or np.array([...]) of numbers",
            )
        dtype = self.emitter.tensor(pointer).dtype
        if dtype is None and not self.varied(pointer):
            raise errors.UndecidedKind(
                "the generic gradient hangs on the dtype of what is written",
                self.span(node),
                "specialize the gradient for your arguments, or call it",
            )
        if dtype is not None and dtype.kind != "f":
            raise errors.UnsupportedWrite(
                f"a differentiated value is stored in an array of dtype {dtype}",
                self.span(node),
                "make the array of dtype float",
            )

    # writing

    def store(
        self,
        pointer: Value,
        index: Operand,
        value: Operand,
        node: gast.AST,
        fits: bool = False,
    ) -> None:
        """`pointer[index] = value`; the value may be known to have the shape of what it replaces."""
        self.check_write(pointer, self.called(node), node, NEW_ARRAY)
        value = self.emitter.current(value)
        self.check_stored(pointer, value, node)
        self.learn(pointer, index, value)
        more: dict[str, Operand] = {"fits": Const(True)} if fits else {}

        def put(now: Value, path: Path) -> Value:
            return self.write(SET, (now, index, value), path, node, more)

        self.put(pointer, put, node)

    def learn(self, pointer: Value, index: Operand, value: Operand) -> None:
        """What is stored fits where it is stored: this tells of sizes that agree."""
        facts = self.emitter.facts
        place = indexed(facts, self.emitter.tensor(pointer), self.emitter.known(index))
        given = self.emitter.tensor(value)
        if isinstance(place, Tensor) and place.dims is not None and given.dims is not None:
            if len(given.dims) <= len(place.dims):
                facts.fill(given.dims, place.dims)

    def add_at(
        self,
        pointer: Value,
        index: Operand,
        value: Operand,
        node: gast.AST,
        subtract: bool = False,
    ) -> None:
        """`pointer[index] += value`, or `-=`, where repeated indices add up."""
        self.check_write(pointer, self.called(node), node, NEW_ARRAY)
        value = self.emitter.current(value)
        self.check_stored(pointer, value, node)
        self.learn(pointer, index, value)
        sign: dict[str, Operand] = {"subtract": Const(True)} if subtract else {}

        def add(now: Value, path: Path) -> Value:
            return self.write(SCATTER_ADD, (now, index, value), path, node, sign)

        self.put(pointer, add, node)

    def write(
        self,
        primitive: Any,
        args: tuple[Operand, ...],
        path: Path,
        node: gast.AST,
        more: dict[str, Operand] | None = None,
    ) -> Value:
        """The equation of a write."""
        keywords: dict[str, Operand] = {"path": path} if path else {}
        memory = self.emitter.state.origins_of(args[0])
        after = self.emitter.emit(primitive, args, keywords | (more or {}), self.span(node))
        self.emitter.state.written[self.emitter.graph.equations[-1]] = memory
        return after

    def put(self, pointer: Value, write: Callable[[Value, Path], Value], node: gast.AST) -> None:
        """Give a storage a new version; where its layout is another, in that layout and back."""
        storages, emitter = self.emitter.storages, self.emitter
        reference = storages.of(pointer)
        now = storages.now(reference.storage)
        laid_out = self.laid_out(reference.path, node)
        if not laid_out:
            self.renew(reference.storage, write(now, reference.path))
            return
        base = now
        for primitive, before, after, keywords in laid_out:
            base = emitter.emit(primitive.value, (*before, base, *after), keywords)
        written = write(base, reference.path[len(laid_out) :])
        shape = emitter.emit(SHAPE, (now,))
        reshape = find(np.reshape)
        assert reshape is not None
        self.renew(reference.storage, emitter.emit(reshape, (written, shape)))

    def laid_out(self, path: Path, node: gast.AST) -> Path:
        """The steps that a path begins with and that keep all elements, such as a reshape."""
        kept = [not is_selection(step[0].value) for step in path]
        last = max((i for i, keeps in enumerate(kept) if keeps), default=-1)
        if not all(kept[: last + 1]):
            raise errors.UnsupportedWrite(
                "a part of an array is written through another shape of it",
                self.span(node),
                "write into the array itself",
            )
        return path[: last + 1]

    def renew(self, storage: Value, version: Value) -> None:
        """Let a storage hold a new version, with the memory of the one before."""
        state, storages = self.emitter.state, self.emitter.storages
        before = storages.now(storage)
        state.origins.pop(version, None)
        state.near.pop(version, None)
        state.share(version, before)
        storages.renew(storage, version)
        self.written_now[storage] = None
        self.log.append(storage)

    def replace(self, pointer: Value, after: Value, node: gast.AST) -> None:
        """Record that `after`, which was just made, stands in the memory that a value refers to."""
        state, storages = self.emitter.state, self.emitter.storages
        reference = storages.of(pointer)
        if not reference.path:
            state.written[self.emitter.graph.equations[-1]] = state.origins_of(
                storages.now(reference.storage)
            )
            self.renew(reference.storage, after)
            return
        whole = Const(Ellipsis)
        self.put(pointer, lambda now, path: self.write(SET, (now, whole, after), path, node), node)
        storages.stand(pointer, after)
        state.share(after, storages.now(reference.storage))

    # statements

    def settle_writes(self, statement: Plain) -> None:
        """Note in a statement what it has written, and what the names that see it mean now."""
        if self.written_now:
            held = self.holders(self.written_now)
            statement.binds = {**statement.binds, **held}
            statement.mutates |= frozenset(held)
            statement.effect |= not self.iterated.isdisjoint(self.written_now)
            self.written_now = {}

    def holders(self, storages: Iterable[Value]) -> Environment:
        """The names through which storages are seen, and what each means at this point."""
        of, written = self.emitter.storages.of, set(storages)
        statement = self.emitter.site.statement
        live = self.read_later(statement) if statement is not None else frozenset()
        found: Environment = {}
        for name, operand in list(self.env.items()):
            if any(of(v).storage in written for v in values(operand)):
                whole = isinstance(operand, Value) and not of(operand).path
                seen = name in live or whole  # what nothing reads again is not read anew
                found[name] = self.emitter.current(operand) if seen else UNBOUND
        return found

    def called(self, node: gast.AST) -> str:
        """What a message calls the array that is written."""
        target: Any = node
        if isinstance(target, gast.Call):
            target = self.written_by(target)
        while isinstance(target, (gast.Subscript, gast.Attribute, gast.Call)):
            target = target.func if isinstance(target, gast.Call) else target.value
        return target.id if isinstance(target, gast.Name) else "this"

    def written_by(self, node: gast.Call) -> gast.expr:
        """The expression of what a call writes: `y` of np.exp(x, out=y), y.fill(0), np.put(y, i, v)."""
        out = [keyword.value for keyword in node.keywords if keyword.arg == "out"]
        base = node.func.value if isinstance(node.func, gast.Attribute) else node.func
        names = [part.id for part in gast.walk(base) if isinstance(part, gast.Name)]
        method = any(isinstance(self.env.get(name), Value) for name in names)
        if out or method or not node.args:
            return out[0] if out else base
        return node.args[0]

    def _AugAssign(self, node: gast.AugAssign) -> None:
        if isinstance(node.target, gast.Subscript):
            self.augment_item(node, node.target)
        else:
            self.augment_name(node, node.target.id)

    def augment_name(self, node: gast.AugAssign, name: str) -> None:
        """`name += value`: a write into an array, a new value of a number."""
        before = self.name(node.target)
        operand = self.value(node.value)
        written = self.is_memory(before)
        if written:
            after = self.augment_array(before, operand, name, node)
        else:
            after = self.operate(OPERATORS[type(node.op)], [before, operand], node)
        known = written and self.emitter.tensor(before).kind is not None
        statement = self.plain(node)
        if not known:
            self.env[name] = after
        statement.binds[name] = after
        if isinstance(after, Value):
            self.tables.names.setdefault(after, name)

    def augment_array(
        self, before: Value, operand: Operand, name: str, node: gast.AugAssign
    ) -> Operand:
        """`array += operand`: what the array holds afterwards."""
        function = OPERATORS[type(node.op)]
        hint = f"write {name} = {name} {SYMBOLS[function]} ..., which makes a new array"
        self.check_kind(before, name, node, hint)
        self.check_write(before, name, node, hint)
        function = in_place(function, name, self.span(node))
        after = self.operate(function, [before, operand], node)
        if isinstance(after, Value):
            self.check_stored(before, operand, node)
            self.replace(before, after, node)
        return after

    def check_kind(self, pointer: Operand, name: str, node: gast.AST, hint: str) -> None:
        """Refuse what binds a number anew and writes an array, if it is not known which it is."""
        state = self.emitter.state
        foreign = state.origins_of(pointer) - state.made
        if foreign and self.emitter.tensor(pointer).kind is None:
            raise errors.UndecidedKind(
                f"{name} may be an array that this function did not make", self.span(node), hint
            )

    def is_memory(self, operand: Operand) -> bool:
        """Whether an augmented assignment writes into what a name holds, rather than binds it anew."""
        if not isinstance(operand, Value):
            return False
        type_ = self.emitter.type(operand)
        return not (isinstance(type_, Tensor) and type_.immutable)

    def augment_item(self, node: gast.AugAssign, target: gast.Subscript) -> None:
        """`base[index] += value`."""
        base, index = self.to_write(target.value), self.value(target.slice)
        function = OPERATORS[type(node.op)]
        base = self.array_to_write(base, target)
        if function in ADDING and self.adds_once(base, index):
            operand = self.value(node.value)
            self.add_at(base, index, operand, node.target, subtract=function is operator.sub)
            self.plain(node)
            return
        before = self.item(base, index, target)
        operand = self.value(node.value)
        number = is_number(self.emitter.tensor(before))
        if not number:
            function = in_place(function, self.called(target), self.span(node))
        after = self.operate(function, [before, operand], node)
        self.store(base, index, after, node.target, fits=not number)
        statement = self.plain(node)
        if isinstance(before, Value):
            load = gast.copy_location(
                gast.Subscript(target.value, target.slice, gast.Load()), target
            )
            statement.loads[load] = before

    def adds_once(self, base: Value, index: Operand) -> bool:
        """Whether an index surely reaches no element twice, so that what is added is added there."""
        known = self.emitter.known(index)
        return index_memory(known) == "view" and all(p.role != "unknown" for p in parts_of(known))

    def store_item(self, target: gast.Subscript, operand: Operand, statement: Plain) -> None:
        """`base[index] = operand`."""
        base = self.to_write(target.value)
        index = self.value(target.slice)
        self.store(self.array_to_write(base, target), index, operand, target)
        self.settle_writes(statement)

    def _Subscript(self, node: gast.Subscript) -> Operand:
        """An item of `x.flat` is one of `np.ravel(x)`."""
        if not isinstance(node.value, gast.Attribute) or node.value.attr != "flat":
            return super()._Subscript(node)
        base = self.to_write(node.value)
        if not isinstance(base, Value):
            return super()._Subscript(node)
        reference = self.emitter.storages.of(base)
        if repeats(reference.path):
            return self.item(self.copied_flat(reference), self.value(node.slice), node)
        return self.emitter.emit(
            GETITEM,
            (self.emitter.storages.now(reference.storage), self.value(node.slice)),
            {"path": reference.path},
            self.span(node),
        )

    def copied_flat(self, reference: Reference) -> Value:
        """`np.ravel(x)` of what `x.flat` refers to."""
        found, ravel = self.emitter.storages.now(reference.storage), find(np.ravel)
        for primitive, before, after, keywords in reference.path[:-1]:
            found = self.emitter.emit(primitive.value, (*before, found, *after), keywords)
        assert ravel is not None
        return self.emitter.emit(ravel, (found,))

    def to_write(self, node: gast.expr) -> Operand:
        """What an item is assigned of: `x`, or `x.flat`."""
        if not isinstance(node, gast.Attribute) or node.attr != "flat":
            return self.value(node)
        base = self.value(node.value)
        array = isinstance(base, Value) and self.emitter.tensor(base).kind == "array"
        return self.flat(base) if array else self.value(node)

    def flat(self, array: Value) -> Value:
        """`array.flat`, to be written."""
        storages = self.emitter.storages
        reference = storages.of(array)
        pointer = self.emitter.define(flat(self.emitter.facts, self.emitter.type(array)))
        path = (*reference.path, (Const(FLAT), (), (), {}))
        storages.references[pointer] = Reference(reference.storage, path, reference.version)
        self.emitter.state.share(pointer, array)
        return pointer

    def array_to_write(self, base: Operand, target: gast.Subscript) -> Value:
        """The array of which an item is assigned; an argument of which nothing is known must be one."""
        type_ = self.emitter.type(base) if isinstance(base, Value) else None
        if not isinstance(base, Value) or not isinstance(type_, Tensor) or type_.immutable:
            raise errors.UnsupportedWrite(
                "an item of what is no array is assigned", self.span(target), NEW_ARRAY
            )
        home = self.listing.home_of.get(base)
        if type_.kind is None and isinstance(home, gast.Name) and home.id not in self.arrays:
            self.arrays.append(home.id)
        return base


def in_place(function: Callable[..., Any], name: str, span: Any) -> Callable[..., Any]:
    """The function that an operator is when it writes: `operator.iadd` for `operator.add`."""
    found = IN_PLACE.get(function, function)
    if find(found) is None:
        raise errors.UnsupportedWrite(
            "this operator is not differentiated in place",
            span,
            f"write {name} = {name} {SYMBOLS[function]} ...",
        )
    return found
