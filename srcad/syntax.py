"""The fence: what the language leaves out, why, and what to write instead.

One table names each kind of node that is refused. A node that is allowed may still have a form that
is not; the few checks below the table say which.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Iterator
from types import CodeType
from typing import Any, NamedTuple

import gast

from srcad.errors import UnsupportedSyntax
from srcad.source import Source

Node = Any  # a gast node


class Refusal(NamedTuple):
    """Why a form is outside the language, and the mend."""

    why: str
    hint: str


_GENERATOR = Refusal("a generator is not differentiated", "return an array or a tuple")
_GUARDED = Refusal(
    "an exception that is caught is not differentiated", "test with an if before it would be raised"
)
_SCOPED = "pass the value in as an argument, and return what it becomes"

REFUSED: dict[type, Refusal] = {
    # statements
    gast.TryStar: _GUARDED,
    gast.Match: Refusal("match is not differentiated", "write if and elif"),
    gast.ClassDef: Refusal("a class is not read in a function", "define it outside the function"),
    gast.Global: Refusal("a global name is not rebound", _SCOPED),
    gast.Nonlocal: Refusal("a name of the enclosing function is not rebound", _SCOPED),
    gast.TypeAlias: Refusal("a type alias is not read in a function", "define it outside"),
    gast.AsyncFunctionDef: Refusal(
        "asynchronous code is not differentiated", "write a plain function, and await outside of it"
    ),
    # expressions
    gast.SetComp: Refusal("a set comprehension is not differentiated", "write a list"),
    gast.Set: Refusal("a set is not differentiated", "write a tuple or a list"),
    gast.Yield: _GENERATOR,
    gast.YieldFrom: _GENERATOR,
    gast.TemplateStr: Refusal("a template string is not read", "write an f-string"),
}

ALLOWED: frozenset[type] = frozenset(
    {
        # statements
        gast.Assign,
        gast.AnnAssign,
        gast.AugAssign,
        gast.Return,
        gast.Expr,
        gast.If,
        gast.For,
        gast.While,
        gast.Break,
        gast.Continue,
        gast.Pass,
        gast.Assert,
        gast.Raise,
        gast.FunctionDef,
        gast.With,
        gast.Try,
        gast.Import,
        gast.ImportFrom,
        gast.Delete,
        # expressions
        gast.Attribute,
        gast.BinOp,
        gast.BoolOp,
        gast.Call,
        gast.Compare,
        gast.Constant,
        gast.Dict,
        gast.DictComp,
        gast.FormattedValue,
        gast.GeneratorExp,
        gast.IfExp,
        gast.JoinedStr,
        gast.Lambda,
        gast.List,
        gast.ListComp,
        gast.Name,
        gast.NamedExpr,
        gast.Starred,
        gast.Subscript,
        gast.Tuple,
        gast.UnaryOp,
    }
)

FRAME_READERS = frozenset({"eval", "exec", "locals", "vars", "super"})
"""Built-ins that see where they are called from: they would read values behind srcad's back."""


def fence(source: Source) -> None:
    """Refuse a function that leaves the language, at the first node that does.

    Raises:
        UnsupportedSyntax: with the node's place, why, and what to write instead.
    """
    if not isinstance(source.tree, gast.FunctionDef):
        raise _error(source, source.tree, REFUSED[type(source.tree)])
    for node, refusal in _typed(source.tree):
        raise _error(source, node, refusal)
    for node in _within(source.tree.body):
        if type(node) in REFUSED:
            raise _error(source, node, REFUSED[type(node)])
        if type(node) not in ALLOWED:
            raise _error(source, node, Refusal("this syntax is not read", "write it another way"))
        check = CHECKS.get(type(node))
        for culprit, refusal in check(node, source) if check is not None else ():
            raise _error(source, culprit, refusal)


def _error(source: Source, node: Node, refusal: Refusal) -> UnsupportedSyntax:
    return UnsupportedSyntax(refusal.why, source.span(node), refusal.hint)


def _within(nodes: Iterable[Node]) -> Iterator[Node]:
    """Each statement and expression that runs with the function, before what it consists of."""
    for node in nodes:
        if isinstance(node, (gast.stmt, gast.expr)):
            yield node
        yield from _within(_parts(node))


def _parts(node: Node) -> Iterable[Node]:
    """The children of a node that are evaluated when it is."""
    if isinstance(node, gast.AnnAssign):
        return [part for part in (node.target, node.value) if part is not None]
    if isinstance(node, gast.Lambda):
        return [*_defaults(node), node.body]
    if isinstance(node, gast.FunctionDef):
        return [*node.decorator_list, *_defaults(node), *node.body]
    children: Iterator[Node] = gast.iter_child_nodes(node)
    return children


def _defaults(node: Node) -> list[Node]:
    """The defaults of a function made inside: they are evaluated where it is made."""
    return [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]


# --- forms of allowed nodes ---------------------------------------------------------------------

Complaints = Iterator[tuple[Node, Refusal]]

_TYPE_PARAMETERS = Refusal(
    "type parameters are not read", "leave the brackets out, and annotate with plain classes"
)
_STORED = {
    gast.Attribute: Refusal(
        "an attribute is assigned", "bind a name instead, and return what it becomes"
    ),
}


def _typed(tree: Node) -> Complaints:
    for node in getattr(tree, "type_params", None) or ():
        yield node, _TYPE_PARAMETERS


def _nested(node: Node, source: Source) -> Complaints:
    yield from _typed(node)


def _targets(target: Node) -> Complaints:
    """Complaints about what is assigned to: names, and tuples of names, are not among them."""
    if isinstance(target, (gast.Tuple, gast.List)):
        for element in target.elts:
            starred = isinstance(element, gast.Starred)
            yield from _targets(element.value if starred else element)
    elif not isinstance(target, (gast.Name, gast.Subscript)):
        yield target, _STORED[type(target)]


def _assign(node: Node, source: Source) -> Complaints:
    for target in node.targets:
        yield from _targets(target)


def _single_target(node: Node, source: Source) -> Complaints:
    yield from _targets(node.target)


def _annotated(node: Node, source: Source) -> Complaints:
    yield from _targets(node.target)


def _delete(node: Node, source: Source) -> Complaints:
    for target in node.targets:
        if not isinstance(target, (gast.Name, gast.Subscript)):
            yield target, Refusal("an attribute is deleted", "leave it out")


def _import(node: Node, source: Source) -> Complaints:
    for alias in node.names:
        if alias.asname is None and "." in alias.name:
            last = alias.name.rpartition(".")[2]
            yield node, Refusal("a dotted import binds its top", f"import {alias.name} as {last}")


def _loop_targets(target: Node) -> Complaints:
    """The same of what a loop binds: an item that is assigned with each trip is no loop variable."""
    yield from _targets(target)
    for part in gast.walk(target):
        if isinstance(part, gast.Subscript):
            yield (
                part,
                Refusal("a loop assigns an item", "bind a name, and assign the item in the body"),
            )


def _for(node: Node, source: Source) -> Complaints:
    yield from _loop_targets(node.target)


def _comprehension(node: Node, source: Source) -> Complaints:
    for generator in node.generators:
        if generator.is_async:
            yield node, Refusal("asynchronous code is not differentiated", "loop over a list")
        yield from _loop_targets(generator.target)


def _constant(node: Node, source: Source) -> Complaints:
    if isinstance(node.value, complex):
        yield (
            node,
            Refusal(
                "complex numbers are not differentiated",
                "compute the real and imaginary parts apart",
            ),
        )


def _name(node: Node, source: Source) -> Complaints:
    yield from _private(node, node.id, source)
    if node.id in FRAME_READERS and _is_builtin(node.id, source):
        yield (
            node,
            Refusal(
                f"{node.id} reads the names around it",
                "name the values, or call the function outright",
            ),
        )


def _attribute(node: Node, source: Source) -> Complaints:
    yield from _private(node, node.attr, source)


def _private(node: Node, name: str, source: Source) -> Complaints:
    """In a class, Python spells `__name` as `_Class__name`: the text would not mean the same."""
    private = name.startswith("__") and not name.endswith("__")
    if private and name not in _spelled(source.function.__code__):
        yield node, Refusal("a name is private to its class", "begin it with one underscore")


def _spelled(code: CodeType) -> set[str]:
    """The names in a code object and in the lambdas that it makes."""
    names = {*code.co_names, *code.co_varnames, *code.co_freevars, *code.co_cellvars}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _spelled(constant)
    return names


def _is_builtin(name: str, source: Source) -> bool:
    code = source.function.__code__
    local = name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
    return hasattr(builtins, name) and not local and name not in source.function.__globals__


CHECKS: dict[type, Callable[[Node, Source], Complaints]] = {
    gast.Assign: _assign,
    gast.AnnAssign: _annotated,
    gast.Attribute: _attribute,
    gast.AugAssign: _single_target,
    gast.Constant: _constant,
    gast.Delete: _delete,
    gast.DictComp: _comprehension,
    gast.For: _for,
    gast.FunctionDef: _nested,
    gast.GeneratorExp: _comprehension,
    gast.Import: _import,
    gast.ListComp: _comprehension,
    gast.Name: _name,
}
