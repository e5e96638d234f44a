"""Names in the user's text: which a piece of code binds, reads, and still needs afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import gast

Names = frozenset[str]
NONE: Names = frozenset()


def assigned(nodes: gast.AST | Iterable[gast.AST]) -> list[str]:
    """The names that a piece of code binds, in order of appearance.

    What a lambda, a nested function or a comprehension binds is its own.
    """
    pending = list(nodes) if isinstance(nodes, Iterable) else [nodes]
    found: dict[str, None] = {}
    while pending:
        node = pending.pop(0)
        if isinstance(node, gast.Lambda):
            continue
        if isinstance(node, gast.FunctionDef):
            found[node.name] = None
            continue
        if isinstance(node, (gast.Import, gast.ImportFrom)):
            found.update((alias.asname or alias.name, None) for alias in node.names)
        if isinstance(node, gast.Name) and isinstance(node.ctx, (gast.Store, gast.Del)):
            found[node.id] = None
        inner = gast.iter_child_nodes(node)
        if isinstance(node, gast.comprehension):
            inner = iter([node.iter, *node.ifs])
        pending = [*inner, *pending]
    return list(found)


def read_names(node: gast.AST) -> Names:
    """The names that a piece of code reads; an augmented assignment reads its target."""
    found = set()
    for inner in gast.walk(node):
        if isinstance(inner, gast.Name) and isinstance(inner.ctx, gast.Load):
            found.add(inner.id)
        elif isinstance(inner, gast.AugAssign) and isinstance(inner.target, gast.Name):
            found.add(inner.target.id)
    return frozenset(found)


def surely_bound(nodes: Iterable[gast.AST]) -> Names:
    """The names that statements bind on every path; of a loop none, since it may not run."""
    found: Names = NONE
    for node in nodes:
        if isinstance(node, gast.If):
            found |= surely_bound(node.body) & surely_bound(node.orelse)
        elif isinstance(node, (gast.Assign, gast.AnnAssign)):
            found |= frozenset(assigned(node))
        elif isinstance(node, gast.With):
            found |= surely_bound(node.body)
    return found
def parameters_of(arguments: gast.arguments) -> list[gast.Name]:
    """The parameters in their order, as `inspect.Signature` has them."""
    rest = [a for a in (arguments.vararg,) if a is not None]
    more = [a for a in (arguments.kwarg,) if a is not None]
    positional = [*arguments.posonlyargs, *arguments.args]
    return [*positional, *rest, *arguments.kwonlyargs, *more]


def read_by_try(node: Any) -> Names:
    """The names that a `try` reads from before it; those of its exceptions are its own."""
    return read_names(node) - names_of_exceptions(node)


def names_of_exceptions(node: Any) -> Names:
    """The names after `except ... as`, which are bound in the handler alone."""
    handlers = (n for n in gast.walk(node) if isinstance(n, gast.ExceptHandler))
    return frozenset(handler.name.id for handler in handlers if handler.name is not None)


def always_raises(statements: Sequence[gast.stmt]) -> bool:
    """Whether a block is never left but by an exception."""
    last = statements[-1] if statements else None
    if isinstance(last, gast.If):
        return always_raises(last.body) and always_raises(last.orelse)
    return isinstance(last, gast.Raise)


@dataclass(slots=True)
class Liveness:
    """Which names may still be read with the value that they have now."""

    always: Names = NONE  # names that functions made inside read, whenever they are called
    after: dict[gast.stmt, Names] = field(default_factory=dict)
    head: dict[gast.stmt, Names] = field(default_factory=dict)  # before an iteration of a loop


def liveness(tree: Any) -> Liveness:
    """The liveness of each statement of a function.

    What a lambda or a nested function reads is live everywhere: it is read when that is called.
    """
    always = NONE.union(*(read_when_called(n) for n in gast.walk(tree) if _is_closure(n, tree)))
    found = Liveness(always)
    live_before(tree.body, always, found)
    return found


def _is_closure(node: gast.AST, tree: Any) -> bool:
    return isinstance(node, (gast.Lambda, gast.FunctionDef)) and node is not tree


def read_when_called(node: Any) -> Names:
    """The names around a nested function that its body reads."""
    lone = isinstance(node, gast.Lambda)
    own = [a.id for a in parameters_of(node.args)] + ([] if lone else assigned(node.body))
    body = [node.body] if lone else node.body
    return NONE.union(*map(read_names, body)) - frozenset(own)


def live_before(statements: Sequence[gast.stmt], live: Names, found: Liveness) -> Names:
    """The names live before the statements, from those live after them; `found` learns of each."""
    for statement in reversed(statements):
        found.after[statement] = live
        live = _statement(statement, live, found) | found.always
    return live


def _statement(node: gast.stmt, live: Names, found: Liveness) -> Names:
    if isinstance(node, gast.If):
        branches = [live_before(body, live, found) for body in (node.body, node.orelse)]
        return read_names(node.test).union(*branches)
    if isinstance(node, (gast.For, gast.While)):
        return _loop(node, live, found)
    if isinstance(node, gast.With):
        inside = live_before(node.body, live, found)
        return (inside - frozenset(assigned(node.items))) | read_names(gast.Tuple(node.items, None))
    if isinstance(node, gast.Raise):
        return read_names(node)
    if isinstance(node, gast.Try):
        return live | read_by_try(node)  # what it binds it may not have bound
    return (live - frozenset(assigned(node))) | read_names(node)


def _loop(node: gast.stmt, live: Names, found: Liveness) -> Names:
    """What a `while` reads in its test is read before each iteration, what a `for` runs over once."""
    target, once, head = NONE, NONE, live
    if isinstance(node, gast.For):
        target, once = frozenset(assigned(node.target)), read_names(node.iter)
    else:
        head |= read_names(node.test)
    while True:
        before = (live_before(node.body, head, found) - target) | head
        if before == head:
            break
        head = before
    found.head[node] = head
    return head | once
