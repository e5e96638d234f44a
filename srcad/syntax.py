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


_LOOP = Refusal(
    "a loop that counts no range is not differentiated",
    "write for i in range(n), with an if for what ends it early",
)
_ENDED = Refusal(
    "a loop that ends early is not differentiated",
    "run all iterations, and guard the statements with an if",
)
_GENERATOR = Refusal("a generator is not differentiated", "return an array or a tuple")
_COMPREHENDED = "write a for loop over range, or NumPy on the whole array"
_GUARDED = Refusal(
    "an exception that is caught is not differentiated", "test with an if before it would be raised"
)
_IMPORTED = Refusal("an import is not read in a function", "import at the top of the module")
_SCOPED = "pass the value in as an argument, and return what it becomes"

REFUSED: dict[type, Refusal] = {
    # statements
    gast.While: _LOOP,
    gast.Break: _ENDED,
    gast.Continue: _ENDED,
    gast.With: Refusal(
        "with is not differentiated", "call the function inside of the with statement instead"
    ),
    gast.Try: _GUARDED,
    gast.TryStar: _GUARDED,
    gast.Match: Refusal("match is not differentiated", "write if and elif"),
    gast.FunctionDef: Refusal(
        "a function defined inside another is not read",
        "define it at the top of the module, or bind a lambda to a name",
    ),
    gast.ClassDef: Refusal("a class is not read in a function", "define it outside the function"),
    gast.Import: _IMPORTED,
    gast.ImportFrom: _IMPORTED,
    gast.Global: Refusal("a global name is not rebound", _SCOPED),
    gast.Nonlocal: Refusal("a name of the enclosing function is not rebound", _SCOPED),
    gast.Delete: Refusal("del is not differentiated", "leave it out, or write y = np.delete(x, i)"),
    gast.TypeAlias: Refusal("a type alias is not read in a function", "define it outside"),
    gast.AsyncFunctionDef: Refusal(
        "asynchronous code is not differentiated", "write a plain function, and await outside of it"
    ),
    # expressions
    gast.ListComp: Refusal("a list comprehension is not differentiated", _COMPREHENDED),
    gast.SetComp: Refusal("a set comprehension is not differentiated", _COMPREHENDED),
    gast.DictComp: Refusal("a dict comprehension is not differentiated", _COMPREHENDED),
    gast.GeneratorExp: Refusal("a generator expression is not differentiated", _COMPREHENDED),
    gast.Set: Refusal("a set is not differentiated", "write a tuple or a list"),
    gast.NamedExpr: Refusal(
        "a name is bound inside an expression", "bind it in a statement of its own, before this one"
    ),
    gast.Starred: Refusal("a starred expression is not read", "write the items one by one"),
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
        gast.Pass,
        gast.Assert,
        gast.Raise,
        # expressions
        gast.Attribute,
        gast.BinOp,
        gast.BoolOp,
        gast.Call,
        gast.Compare,
        gast.Constant,
        gast.Dict,
        gast.FormattedValue,
        gast.IfExp,
        gast.JoinedStr,
        gast.Lambda,
        gast.List,
        gast.Name,
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
    for node, refusal in _signature(source.tree):
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
        return [node.body]
    children: Iterator[Node] = gast.iter_child_nodes(node)
    return children


# --- forms of allowed nodes ---------------------------------------------------------------------

Complaints = Iterator[tuple[Node, Refusal]]

_TYPED = Refusal(
    "type parameters are not read", "leave the brackets out, and annotate with plain classes"
)
_LAST = Refusal(
    "a return before the end is not differentiated",
    "bind the result to a name in each branch, and return it in the last line",
)
_UNPACKED = Refusal("an argument list is unpacked", "write the arguments one by one")
_GATHERED = "name each parameter, or take one tuple or dict"
_STORED = {
    gast.Subscript: Refusal(
        "an item is assigned",
        "make a new array: np.where(mask, new, x), np.concatenate or np.stack",
    ),
    gast.Attribute: Refusal(
        "an attribute is assigned", "bind a name instead, and return what it becomes"
    ),
    gast.Starred: Refusal("a starred name is assigned", "index it: first, rest = x[0], x[1:]"),
}


def _signature(tree: Node) -> Complaints:
    for node in getattr(tree, "type_params", None) or ():
        yield node, _TYPED
    yield from _gathered(tree.args)


def _gathered(arguments: Node) -> Complaints:
    if arguments.vararg is not None:
        yield arguments.vararg, Refusal("*args is not differentiated", _GATHERED)
    if arguments.kwarg is not None:
        yield arguments.kwarg, Refusal("**kwargs is not differentiated", _GATHERED)


def _lambda(node: Node, source: Source) -> Complaints:
    yield from _gathered(node.args)
    plain = "write plain parameters; a lambda sees the names of the function around it"
    for parameter in (*node.args.posonlyargs, *node.args.kwonlyargs):
        yield parameter, Refusal("a lambda's parameter is by position or by keyword only", plain)
    for default in node.args.defaults:
        yield default, Refusal("a lambda's parameter has a default", plain)


def _targets(target: Node) -> Complaints:
    """Complaints about what is assigned to: names, and tuples of names, are not among them."""
    if isinstance(target, (gast.Tuple, gast.List)):
        for element in target.elts:
            yield from _targets(element)
    elif not isinstance(target, gast.Name):
        yield target, _STORED[type(target)]


def _assign(node: Node, source: Source) -> Complaints:
    for target in node.targets:
        yield from _targets(target)


def _single_target(node: Node, source: Source) -> Complaints:
    yield from _targets(node.target)


def _annotated(node: Node, source: Source) -> Complaints:
    yield from _targets(node.target)
    if node.value is None:
        yield (
            node,
            Refusal("a name is annotated without a value", "give it a value, or leave it out"),
        )


def _return(node: Node, source: Source) -> Complaints:
    if node is not source.tree.body[-1]:
        yield node, _LAST


def _for(node: Node, source: Source) -> Complaints:
    over_range = "write for i in range(len(x)), and index with i"
    if not isinstance(node.target, gast.Name):
        yield node.target, Refusal("a loop binds more than one name", over_range)
    if not isinstance(node.iter, gast.Call):
        yield node.iter, Refusal("a loop runs over a range only", over_range)
    if node.orelse:
        yield node.orelse[0], Refusal("a loop has an else", "write these statements after the loop")


def _call(node: Node, source: Source) -> Complaints:
    for argument in node.args:
        if isinstance(argument, gast.Starred):
            yield argument, _UNPACKED
    for keyword in node.keywords:
        if keyword.arg is None:
            yield keyword, _UNPACKED


def _dict(node: Node, source: Source) -> Complaints:
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            yield value, Refusal("a dict is unpacked into another", "write the entries one by one")


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
    gast.Call: _call,
    gast.Constant: _constant,
    gast.Dict: _dict,
    gast.For: _for,
    gast.Lambda: _lambda,
    gast.Name: _name,
    gast.Return: _return,
}
