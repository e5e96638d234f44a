'''Exits become values: no statement jumps, but for one `if flag: break` at the end of a loop's body.

>>> import ast, gast
>>> before = """
... def f(x, n):
...     if x < 0.0:
...         return -x
...     for i in range(n):
...         if i == 3:
...             continue
...         x = x * x
...         if x > 1.0:
...             break
...         x = x + i
...     return x
... """
>>> print(ast.unparse(gast.gast_to_ast(nest_exits(gast.parse(before).body[0]))))
def f(x, n):
    if x < 0.0:
        result = -x
    else:
        for i in range(n):
            broke = False
            if i == 3:
                pass
            else:
                x = x * x
                if x > 1.0:
                    broke = True
                else:
                    x = x + i
            if broke:
                break
        result = x
    return result

What follows an `if` that always leaves on one side is nested in the other side. Where a side leaves
only sometimes, what follows asks a flag. So the reverse of a loop that ends early is a loop over the
trips that it made, and an early `return` is a branch like any other.
'''

from __future__ import annotations

import builtins
import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gast

from srcad.names import Names
from srcad.normalise.leaving import (
    BREAK,
    CONTINUE,
    RETURN,
    completes,
    endless,
    is_loop,
    leaves,
    statements,
)
from srcad.normalise.unread import sets, without_unread

Node = Any  # a gast node


def nest_exits(tree: Node) -> Node:
    """Rewrite early returns, `break`, `continue` and the `else` of loops."""
    *_, last = tree.body
    if not any(_jumps(node) for node in statements(tree.body) if node is not last):
        if not _jumps(last) or isinstance(last, gast.Return):
            return tree
    return _Rewriter(copy.deepcopy(tree)).run()


def _jumps(node: Node) -> bool:
    jump = isinstance(node, (gast.Return, gast.Break, gast.Continue))
    return jump or (is_loop(node) and (bool(node.orelse) or _needs_statements(node)))


def _needs_statements(node: Node) -> bool:
    """Whether the test of a `while` needs statements before it, as a loop's head has no room for."""
    if not isinstance(node, gast.While):
        return False
    return any(
        isinstance(part, gast.IfExp)
        or (
            isinstance(part, gast.Call)
            and isinstance(part.func, gast.Name)
            and not hasattr(builtins, part.func.id)
        )
        for part in gast.walk(node.test)
    )


@dataclass(frozen=True, slots=True)
class _Flags:
    """The names that tell which exit was taken: of the loop at hand, and of the function."""

    broke: str = ""
    skipped: str = ""

    def of(self, kind: str, returned: str) -> str:
        return {BREAK: self.broke, CONTINUE: self.skipped, RETURN: returned}[kind]


class _Rewriter:
    """Rewrites one function. Flags are set at every exit; those that nothing reads go at the end."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.names = Names(node.id for node in gast.walk(tree) if isinstance(node, gast.Name))
        self.result = self.returned = ""
        self.flags: set[str] = set()

    def run(self) -> Node:
        body = self.tree.body
        returns = [node for node in statements(body) if isinstance(node, gast.Return)]
        if any(node is not body[-1] for node in returns):
            body = self.with_result(body)
        else:
            body = self.block(body, _Flags())
        self.tree.body = body
        self.tree.body = without_unread(self.tree, self.flags)
        return self.tree

    def with_result(self, body: Sequence[Node]) -> list[Node]:
        """The body of a function that binds its result to a name, and returns that at the end."""
        last = [node for node in statements(body) if isinstance(node, gast.Return)][-1]
        if completes(body):
            body = [*body, gast.copy_location(gast.Return(None), body[-1])]
        self.result = self.names.fresh("result")
        self.returned = self.flag("returned")
        rewritten = self.block(body, _Flags())
        first = next((i for i, s in enumerate(rewritten) if self.sets(s, self.returned)), 0)
        rewritten.insert(first, self.setting(self.returned, False, rewritten[first]))
        return [*rewritten, gast.copy_location(gast.Return(_load(self.result, last)), last)]

    # names

    def flag(self, base: str) -> str:
        name = self.names.fresh(base)
        self.flags.add(name)
        return name

    def setting(self, flag: str, value: bool, place: Node) -> Node:
        return _assign(flag, gast.Constant(value, None), place)

    def sets(self, statement: Node, flag: str) -> bool:
        inner = statements([statement])
        return any(isinstance(s, gast.Assign) and sets(s, {flag}) for s in inner)

    def asked(self, flags: Sequence[str], place: Node) -> Node:
        """`a or b`: whether one of the flags is set."""
        tests = [_load(flag, place) for flag in flags]
        if len(tests) == 1:
            return tests[0]
        return gast.copy_location(gast.BoolOp(gast.Or(), tests), place)

    def unless(self, flags: Sequence[str], block: list[Node], place: Node) -> Node:
        """`if not flag: block`."""
        test = gast.copy_location(gast.UnaryOp(gast.Not(), self.asked(flags, place)), place)
        return gast.copy_location(gast.If(test, block, []), place)

    # blocks

    def block(self, block: Sequence[Node], flags: _Flags) -> list[Node]:
        """A block without jumps; an exit sets its flag."""
        done: list[Node] = []
        for index, node in enumerate(block):
            rest = block[index + 1 :]
            if isinstance(node, (gast.Return, gast.Break, gast.Continue)):
                return [*done, *self.exit(node, flags)]
            if is_loop(node):
                kinds, never = leaves(node.body), endless(node)
                loop, left = self.loop(node)
                done += loop
                rest = [] if never else [*left, *rest]
                if RETURN in kinds and rest:
                    after = self.unless([self.returned], self.block(rest, flags), rest[0])
                    return [*done, after]
                if left or never:
                    return [*done, *self.block(rest, flags)]
                continue
            if leaves([node]):
                return [*done, *self.leaving(node, list(rest), flags)]
            passes = completes([node])
            done.append(self.inside(node, flags))
            if not passes:
                break
        return done

    def inside(self, node: Node, flags: _Flags) -> Node:
        """A statement that control passes through, with the loops in it rewritten."""
        for name in ("body", "orelse"):
            if isinstance(node, (gast.If, gast.With)) and getattr(node, name, None):
                setattr(node, name, self.block(getattr(node, name), flags))
        return node

    def exit(self, node: Node, flags: _Flags) -> list[Node]:
        """What stands in the place of a jump: the result bound, and the flag set."""
        if isinstance(node, gast.Return):
            if not self.result:
                return [node]
            value = node.value
            if value is None:
                value = gast.copy_location(gast.Constant(None, None), node)
            return [_assign(self.result, value, node), self.setting(self.returned, True, node)]
        kind = BREAK if isinstance(node, gast.Break) else CONTINUE
        return [self.setting(flags.of(kind, self.returned), True, node)]

    def leaving(self, node: Node, rest: list[Node], flags: _Flags) -> list[Node]:
        """A statement with a jump in it, and what follows it in its block."""
        if isinstance(node, gast.If):
            if not completes(node.body):
                return [self.branches(node, node.body, [*node.orelse, *rest], flags)]
            if node.orelse and not completes(node.orelse):
                return [self.branches(node, [*node.body, *rest], node.orelse, flags)]
            if len(rest) == 1 and isinstance(rest[0], (gast.Return, gast.Break, gast.Continue)):
                again = [*node.orelse, copy.deepcopy(rest[0])]
                return [self.branches(node, [*node.body, *rest], again, flags)]
        kinds = leaves([node])
        passed = self.inside(node, flags)
        if not rest:
            return [passed]
        asked = [
            flags.of(kind, self.returned) for kind in (BREAK, CONTINUE, RETURN) if kind in kinds
        ]
        return [passed, self.unless(asked, self.block(rest, flags), rest[0])]

    def branches(
        self, node: Node, body: Sequence[Node], orelse: Sequence[Node], flags: _Flags
    ) -> Node:
        then = self.block(body, flags)
        return gast.copy_location(gast.If(node.test, then, self.block(orelse, flags)), node)

    # loops

    def loop(self, node: Node) -> tuple[list[Node], list[Node]]:
        """A loop with one exit at the end of its body; and its `else`, which follows it."""
        kinds = leaves(node.body)
        stops: list[str] = []
        left = list(node.orelse)
        flags = _Flags(self.flag("broke"), self.flag("skipped"))
        before: list[Node] = []
        body = list(node.body)
        if _needs_statements(node):
            done = self.names.fresh("done")
            body, node = _tested_inside(node, done), _endless(node)
            stops.append(done)
        if BREAK in kinds:
            stops.append(flags.broke)
        if RETURN in kinds:
            stops.append(self.returned)
        if left and BREAK in kinds:
            before = [self.setting(flags.broke, False, node)]
            left = [self.unless([flags.broke], left, left[0])]
        if kinds == {BREAK} and not left and _ends_in_break(body):
            *rest, last = body
            body = [*self.block(rest, flags), last]
        else:
            body = self.flagged(body, kinds, flags, bool(before))
            if stops:
                stop = gast.copy_location(gast.Break(), node)
                test = self.asked(stops, node)
                body.append(gast.copy_location(gast.If(test, [stop], []), node))
        node.body = body or [gast.copy_location(gast.Pass(), node)]
        node.orelse = []
        return [*before, node], left

    def flagged(
        self, body: list[Node], kinds: set[str], flags: _Flags, bound_before: bool
    ) -> list[Node]:
        """The body of a loop, its flags bound on every path."""
        at = next((i for i, node in enumerate(body) if leaves([node])), len(body))
        if BREAK in kinds and _is_break(body[at]) and BREAK not in leaves(body[at + 1 :]):
            if not bound_before or _is_truth(body[at].test):
                return self.broken_once(body, at, flags)
        found = self.block(body, flags)
        if BREAK in kinds and not bound_before:
            found.insert(0, self.setting(flags.broke, False, body[0]))
        if CONTINUE in kinds:
            found.insert(0, self.setting(flags.skipped, False, body[0]))
        return found

    def broken_once(self, body: list[Node], at: int, flags: _Flags) -> list[Node]:
        """A body with one `if test: break` in it: the test is the flag."""
        found = self.block(body[:at], flags)
        found.append(_assign(flags.broke, body[at].test, body[at]))
        rest = self.block(body[at + 1 :], flags)
        if CONTINUE in leaves(body):
            found.insert(0, self.setting(flags.skipped, False, body[0]))
        return [*found, self.unless([flags.broke], rest, body[at])] if rest else found


def _tested_inside(node: Node, done: str) -> list[Node]:
    """The body of `while test`, as that of a loop without a test."""
    test = node.test
    negated = gast.copy_location(gast.UnaryOp(gast.Not(), test), test)
    going = gast.copy_location(gast.UnaryOp(gast.Not(), _load(done, test)), test)
    return [
        _assign(done, negated, test),
        gast.copy_location(gast.If(going, node.body, []), node),
    ]


def _endless(node: Node) -> Node:
    true = gast.copy_location(gast.Constant(True, None), node.test)
    return gast.copy_location(gast.While(true, node.body, []), node)


def _ends_in_break(body: Sequence[Node]) -> bool:
    """Whether a body's only exit is an `if test: break` at its end."""
    return _is_break(body[-1]) and not leaves(body[:-1])


def _is_break(node: Node) -> bool:
    """Whether a statement is `if test: break`, and nothing else."""
    plain = isinstance(node, gast.If) and len(node.body) == 1 and not node.orelse
    return plain and isinstance(node.body[0], gast.Break)


def _is_truth(test: Node) -> bool:
    """Whether an expression is nothing but true or false."""
    if isinstance(test, gast.BoolOp):
        return all(map(_is_truth, test.values))
    negated = isinstance(test, gast.UnaryOp) and isinstance(test.op, gast.Not)
    return negated or isinstance(test, gast.Compare)


def _load(name: str, place: Node) -> Node:
    return gast.copy_location(gast.Name(name, gast.Load(), None, None), place)


def _assign(name: str, value: Node, place: Node) -> Node:
    target = gast.copy_location(gast.Name(name, gast.Store(), None, None), place)
    if getattr(value, "lineno", None) is None:
        gast.copy_location(value, place)
    return gast.copy_location(gast.Assign([target], value, None), place)
