"""A comprehension over known items as the list or the dict that it makes, and others as a loop.

    [np.sum(w * x) for w in ws]           -> [np.sum(ws[0] * x), np.sum(ws[1] * x)]
    {k: v * 2.0 for k, v in p.items()}    -> {"a": p["a"] * 2.0, "b": p["b"] * 2.0}
    sum(np.sin(v) for v in x)             -> total = 0
                                             for v_1 in x:
                                                 total = total + np.sin(v_1)
    [np.sin(v) for v in x]                -> items = []
                                             for v_1 in x:
                                                 items.append(np.sin(v_1))

A variable of a comprehension is written as the item that it stands for, so it needs no name.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import gast

from srcad import errors
from srcad.build.counting import Known
from srcad.build.inlining import Renamer
from srcad.build.iteration import Reader, plan
from srcad.build.unrolling import MOST_COPIES, lasts, placed, too_many
from srcad.graph import Operand, Value
from srcad.normalise.conditional import expand_conditionals
from srcad.operands import constant, is_constant
from srcad.references import assigned, read_when_called
from srcad.types import Tensor

MOST_NUMBERS = 10
"""How many items of a range a comprehension is written out for."""
Table = dict[str, gast.expr]
Copies = dict[tuple[gast.AST, str], Any]
"""Copies of trees, made once: by the original, and what its names stand for."""


class Expander:
    """Opens the comprehensions of a function; copies are the same each time they are asked for."""

    def __init__(self, reader: Reader, fresh: Callable[[str], str]) -> None:
        self.reader = reader
        self.fresh = fresh
        self.copies: Copies = {}

    def elements(self, node: Any, parts: Sequence[gast.expr]) -> list[list[gast.expr]] | None:
        """The parts of each element, written out; None if only the run can count them."""
        for part in parts:
            self.refuse_late(part, node)
        tables = self.tables(node, list(node.generators), {})
        if tables is None:
            return None
        if len(tables) > MOST_COPIES:
            raise too_many(len(tables), self.reader.span(node))
        return [[self.copy(part, table) for part in parts] for table in tables]

    def tables(self, node: Any, generators: list[Any], table: Table) -> list[Table] | None:
        """What the variables stand for, element by element."""
        if not generators:
            return [table]
        first, *rest = generators
        found = self.written_out(self.copy(first.iter, table))
        if found is None:
            return None
        tables = []
        for item in found.items:
            own = {**table, **self.matched(first.target, item)}
            taken = self.taken(first.ifs, own)
            if taken is None:
                return None
            if not taken:
                continue
            inner = self.tables(node, rest, own)
            if inner is None:
                return None
            tables += inner
        return tables

    def written_out(self, node: gast.expr) -> Known | None:
        """The items of what a comprehension runs over, if they are known and few."""
        found = plan(self.reader, node)
        if isinstance(found, Known):
            return found
        known = found.known()
        return known if known is not None and len(known.items) <= MOST_NUMBERS else None

    def taken(self, tests: Sequence[gast.expr], table: Table) -> bool | None:
        """Whether an element is taken; None if only the run knows."""
        for test in tests:
            operand = self.reader.value(self.copy(test, table))
            if not is_constant(operand):
                return None
            if not constant(operand):
                return False
        return True

    def matched(self, target: gast.expr, item: gast.expr) -> Table:
        """What the names of a target stand for."""
        if isinstance(target, gast.Name):
            return {target.id: item}
        if any(isinstance(element, gast.Starred) for element in target.elts):
            raise errors.UnsupportedSyntax(
                "a starred name in a comprehension is not read",
                self.reader.span(target),
                "index the item: v[0], v[1:]",
            )
        found: Table = {}
        for element, part in zip(target.elts, self.opened(target, item), strict=True):
            found.update(self.matched(element, part))
        return found

    def opened(self, target: gast.expr, item: gast.expr) -> list[gast.expr]:
        """The parts of an item that is unpacked."""
        count = len(target.elts)
        if isinstance(item, (gast.Tuple, gast.List)):
            parts: list[gast.expr] | None = list(item.elts)
        else:
            length = self.length(self.reader.value(item))
            parts = None if length is None else [self.part(item, i) for i in range(length)]
        if parts is None or len(parts) != count:
            raise errors.UnstableType(
                f"an item that is unpacked into {count} names is not known to have as many parts",
                self.reader.span(target),
            )
        return parts

    def length(self, operand: Operand) -> int | None:
        if isinstance(operand, (tuple, list)):
            return len(operand)
        type_ = self.reader.emitter.type(operand) if isinstance(operand, Value) else None
        size = type_.dims[0] if isinstance(type_, Tensor) and type_.dims else None
        return size if isinstance(size, int) else None

    def known(self, node: gast.expr) -> list[gast.expr]:
        """The items of an expression that is unpacked, as they are written."""
        found = plan(self.reader, node)
        known = found if isinstance(found, Known) else found.known()
        if known is None:
            raise errors.UnsupportedSyntax(
                "what is unpacked here is not known item by item",
                self.reader.span(node),
                "write the items one by one",
            )
        return known.items

    def home(self, node: gast.expr, operand: Operand) -> gast.expr:
        """An expression that may be written once for each item: the node, or a name for it."""
        return node if lasts(node) else self.reader.named(node, operand, "items")

    def once(self, node: gast.AST, made: gast.AST) -> Any:
        """What is made of a node, the same each time that it is made alike."""
        return self.copies.setdefault((node, gast.dump(made)), gast.copy_location(made, node))

    def part(self, item: gast.expr, index: int | str) -> gast.expr:
        key = placed(gast.Constant(index, None), item)
        return placed(gast.Subscript(copy.deepcopy(item), key, gast.Load()), item)

    def copy(self, node: gast.AST, table: Table) -> Any:
        """A copy of a tree in which the variables are what they stand for."""
        key = node, " ".join(f"{name} {gast.dump(item)}" for name, item in table.items())
        if key not in self.copies:
            renamer = Renamer(table, _own, self.fresh)
            self.copies[key] = renamer.visit(copy.deepcopy(node))
        return self.copies[key]

    def refuse_late(self, part: gast.expr, node: Any) -> None:
        """A lambda would see the last item of all, whichever it was made for."""
        own = {name for generator in node.generators for name in assigned(generator.target)}
        for inner in gast.walk(part):
            if isinstance(inner, gast.Lambda) and read_when_called(inner) & own:
                raise errors.UnsupportedSyntax(
                    "a lambda in a comprehension sees the last item only",
                    self.reader.span(inner),
                    "pass the item as an argument",
                )

    def chosen(self, element: gast.expr) -> tuple[gast.expr, list[gast.stmt]]:
        """An element in which something is chosen as a name, and the statements that bind it."""
        if not any(isinstance(part, gast.IfExp) for part in gast.walk(element)):
            return element, []
        key = element, "chosen"
        if key not in self.copies:
            name = self.fresh("chosen")
            target = gast.Name(name, gast.Store(), None, None)
            bound = gast.copy_location(gast.Assign([target], element, None), element)
            read = gast.copy_location(gast.Name(name, gast.Load(), None, None), element)
            self.copies[key] = read, self.decidable([bound])
        found: tuple[gast.expr, list[gast.stmt]] = self.copies[key]
        return found

    def decidable(self, statements: list[gast.stmt]) -> list[gast.stmt]:
        """Statements without conditional expressions."""
        found: list[gast.stmt] = expand_conditionals(gast.Module(statements, []), self.fresh).body
        return found

    # loops

    def summed(self, node: Any, start: gast.expr | None) -> tuple[str, list[gast.stmt]]:
        """A sum over what only the run can count: the name of the total, and the loop that adds."""
        first = start if start is not None else gast.Constant(0, None)
        return self.looped(node, "total", first, _added)

    def collected(self, node: Any) -> tuple[str, list[gast.stmt]]:
        """A list of as many items as only the run can count: its name, and the loop that appends."""
        return self.looped(node, "items", gast.List([], gast.Load()), _appended)

    def looped(
        self, node: Any, base: str, first: gast.expr, step: Step
    ) -> tuple[str, list[gast.stmt]]:
        """The name of what a loop makes of the elements, and the statements of that loop."""
        key = node, base
        if key not in self.copies:
            name = self.fresh(base)
            own = [name for g in node.generators for name in assigned(g.target)]
            table = {n: gast.Name(self.fresh(n), gast.Load(), None, None) for n in own}
            self.refuse_late(node.elt, node)
            last = placed(step(name, self.copy(node.elt, table)), node.elt)
            statements = [placed(_bound(name, first), node), *self.loop(node, last, table)]
            self.copies[key] = name, self.decidable(statements)
        found: tuple[str, list[gast.stmt]] = self.copies[key]
        return found

    def loop(self, node: Any, last: gast.stmt, table: Table) -> list[gast.stmt]:
        """The loops of a comprehension around what is done with each element."""
        body = [last]
        for index, generator in reversed(list(enumerate(node.generators))):
            for test in reversed(generator.ifs):
                chosen = gast.If(self.copy(test, table), body, [])
                body = [gast.copy_location(chosen, test)]
            steps = self.copy(generator.iter, table if index else {})
            loop = gast.For(self.copy(generator.target, table), steps, body, [], None)
            body = [gast.copy_location(loop, node)]
        return body


Step = Callable[[str, gast.expr], gast.stmt]


def _name(name: str, use: gast.expr_context) -> gast.expr:
    return gast.Name(name, use, None, None)


def _bound(name: str, value: gast.expr) -> gast.stmt:
    return gast.Assign([_name(name, gast.Store())], value, None)


def _added(name: str, element: gast.expr) -> gast.stmt:
    return _bound(name, gast.BinOp(_name(name, gast.Load()), gast.Add(), element))


def _appended(name: str, element: gast.expr) -> gast.stmt:
    method = gast.Attribute(_name(name, gast.Load()), "append", gast.Load())
    return gast.Expr(gast.Call(method, [element], []))


def _own(name: str) -> gast.expr:
    """A name that is no variable of the comprehension stays."""
    return gast.Name(name, gast.Load(), None, None)
