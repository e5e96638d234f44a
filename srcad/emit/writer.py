r"""gast -> text: parentheses only where they are needed, comments where they belong, checked.

    write(gast.parse("y = ((a @ b.T) * (c ** 2))"))  ->  "y = (a @ b.T) * c**2\n"

What is written is parsed again and compared with the tree that was meant: a wrong text never leaves
this file.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import gast

from srcad.emit.constants import constant
from srcad.emit.expressions import ExpressionWriter, Level, escaped
from srcad.emit.layout import Line, placed

__all__ = ["comment", "constant", "write", "write_expression"]


class Comment(str):
    """The value of the constant that stands for a comment in a tree."""


def comment(text: str) -> gast.stmt:
    """A statement that is written as a comment on lines of its own."""
    return gast.Expr(value=gast.Constant(value=Comment(text), kind=None))


def write(
    node: gast.AST | Sequence[gast.stmt], comments: Mapping[gast.stmt, str] | None = None
) -> str:
    """The text of statements; `comments` gives the comment that belongs to a statement.

    Raises:
        AssertionError: the text does not mean the tree (as for `Constant(-1.0)`: use `constant`).
    """
    writer = Writer(comments or {})
    if isinstance(node, gast.Module):
        body = node.body
        writer.dispatch(writer.documented(body))
    else:
        body = list(node) if isinstance(node, Sequence) else [node]
        writer.dispatch(body)
    text = "\n".join(placed(writer.lines)) + "\n" if writer.lines else ""
    _check(body, text)
    return text


def write_expression(node: gast.expr) -> str:
    """The text of one expression.

    >>> write_expression(gast.parse("((-x) ** 2) * (a @ b)", mode="eval").body)
    '(-x) ** 2 * (a @ b)'
    """
    text = ExpressionWriter().expression(node)
    _check([gast.Expr(value=node)], f"({text})\n")
    return text


# --- statements ---------------------------------------------------------------------------------


class Writer(ExpressionWriter):
    """Writes statements, one line each."""

    def __init__(self, comments: Mapping[gast.stmt, str]) -> None:
        super().__init__()
        self.comments = comments
        self._comment: str | None = None  # of the statement that begins

    def fill(self, text: str = "") -> None:
        self.lines.append(Line("    " * self._indent + text, self._comment))
        self._comment = None

    def dispatch(self, tree: Any, level: Level = Level.TEST) -> None:
        if isinstance(tree, list):
            self._body(tree)
        else:
            super().dispatch(tree, level)

    def _body(self, statements: list[gast.stmt]) -> None:
        previous: gast.stmt | None = None
        for number, statement in enumerate(statements):
            if previous is not None and _apart(previous, statements[number:]):
                self.lines += [Line("")] * (1 if self._indent else 2)
            self._comment = self.comments.get(statement)
            self.dispatch(statement)
            previous = statement

    def documented(self, statements: list[gast.stmt]) -> list[gast.stmt]:
        """Write the docstring, if there is one; what is left."""
        text = _docstring(statements)
        if text is None:
            return statements
        shown = "".join(c if c == "\n" else escaped(c) for c in text)
        if '"""' in text or text.endswith('"'):
            shown = shown.replace('"', '\\"')
        first, *rest = shown.split("\n")
        indent = "    " * self._indent
        lines = [f'"""{first}', *rest, '"""'] if rest else [f'"""{first}"""']
        self.lines += [Line((indent + line) if line else "", is_code=False) for line in lines]
        if self._indent == 0:
            self.lines.append(Line(""))
        return [s for s in statements if s is not _first(statements)]

    def _Expr(self, tree: gast.Expr) -> None:
        if _is_comment(tree):
            for line in tree.value.value.splitlines() or [""]:
                self.fill(f"# {line}".rstrip())
                self.lines[-1].is_code = False
            return
        self.fill()
        self.bare(tree.value, Level.YIELD)

    def _Assign(self, tree: gast.Assign) -> None:
        self.fill()
        for target in tree.targets:
            self.bare(target)
            self.write(" = ")
        self.bare(tree.value, Level.YIELD)

    def _AnnAssign(self, tree: gast.AnnAssign) -> None:
        self.fill()
        bracketed = isinstance(tree.target, gast.Name) and not tree.simple
        self.write("(" if bracketed else "")
        self.dispatch(tree.target)
        self.write("): " if bracketed else ": ")
        self.dispatch(tree.annotation)
        if tree.value is not None:
            self.write(" = ")
            self.dispatch(tree.value)

    def _Return(self, tree: gast.Return) -> None:
        self.fill("return")
        if tree.value is not None:
            self.write(" ")
            self.bare(tree.value)

    def _For(self, tree: gast.For) -> None:
        self.fill("for ")
        self.bare(tree.target)
        self.write(" in ")
        self.dispatch(tree.iter)
        self._block(tree.body)
        self._else(tree.orelse)

    def _While(self, tree: gast.While) -> None:
        self.fill("while ")
        self.dispatch(tree.test, Level.NAMED)
        self._block(tree.body)
        self._else(tree.orelse)

    def _If(self, tree: gast.If) -> None:
        self.fill("if ")
        self.dispatch(tree.test, Level.NAMED)
        self._block(tree.body)
        while len(tree.orelse) == 1 and isinstance(tree.orelse[0], gast.If):
            tree = tree.orelse[0]
            self._comment = self.comments.get(tree)
            self.fill("elif ")
            self.dispatch(tree.test, Level.NAMED)
            self._block(tree.body)
        self._else(tree.orelse)

    def _block(self, statements: list[gast.stmt], documented: bool = False) -> None:
        self.enter()
        self.dispatch(self.documented(statements) if documented else statements)
        self.leave()

    def _else(self, statements: list[gast.stmt]) -> None:
        if statements:
            self.fill("else")
            self._block(statements)

    def _ExceptHandler(self, tree: gast.ExceptHandler) -> None:
        self.fill("except")
        if tree.type is not None:
            self.write(" ")
            self.dispatch(tree.type)
        if tree.name is not None:
            self.write(f" as {tree.name.id}")
        self._block(tree.body)

    def _FunctionDef(self, tree: gast.FunctionDef, word: str = "def") -> None:
        for decorator in tree.decorator_list:
            self.fill("@")
            self.dispatch(decorator)
        self.fill(f"{word} {tree.name}(")
        self.dispatch(tree.args)
        self.write(")")
        if getattr(tree, "returns", None) is not None:
            self.write(" -> ")
            self.dispatch(tree.returns)
        self._block(tree.body, documented=True)

    def _AsyncFunctionDef(self, tree: gast.AsyncFunctionDef) -> None:
        self._FunctionDef(tree, "async def")

    def _ClassDef(self, tree: gast.ClassDef) -> None:
        for decorator in tree.decorator_list:
            self.fill("@")
            self.dispatch(decorator)
        self.fill(f"class {tree.name}")
        if tree.bases or tree.keywords:
            self.write("(")
            self.separated([*tree.bases, *tree.keywords])
            self.write(")")
        self._block(tree.body, documented=True)


def _is_comment(node: gast.AST) -> bool:
    return (
        isinstance(node, gast.Expr)
        and isinstance(node.value, gast.Constant)
        and isinstance(node.value.value, Comment)
    )


def _apart(previous: gast.stmt, following: list[gast.stmt]) -> bool:
    """Whether blank lines stand before the first of `following`: around definitions."""
    definition = (gast.FunctionDef, gast.AsyncFunctionDef, gast.ClassDef)
    if isinstance(previous, definition):
        return True
    return isinstance(_first(following), definition) and not _is_comment(previous)


# --- the check ----------------------------------------------------------------------------------

_IGNORED = {"ctx", "kind", "type_comment", "type_ignores"}


def _check(meant: list[gast.stmt], text: str) -> None:
    try:
        found = gast.parse(text).body
    except SyntaxError as error:
        raise AssertionError(f"the text that was written is not Python:\n{text}") from error
    difference = _difference(meant, found)
    if difference is not None:  # no `assert`: the check holds under `python -O` too
        raise AssertionError(f"{difference} is not what was meant:\n{text}")


def _difference(meant: Any, found: Any) -> str | None:
    """Where two trees differ, ignoring comments, contexts and how a docstring is indented."""
    if isinstance(meant, list) and isinstance(found, list):
        meant = [node for node in meant if not _is_comment(node)]
        if _docstring(meant) is not None and _docstring(meant) == _docstring(found):
            meant, found = meant[1:], found[1:]
        if len(meant) != len(found):
            return f"a list of {len(found)}"
        return next(filter(None, map(_difference, meant, found)), None)
    if not isinstance(meant, gast.AST) or type(meant) is not type(found):
        same = type(meant) is type(found) and repr(meant) == repr(found)
        return None if same else f"{found!r} for {meant!r}"
    for field in meant._fields:
        if field not in _IGNORED:
            ours, theirs = getattr(meant, field, None), getattr(found, field, None)
            given = ours or theirs or isinstance(meant, gast.Constant)  # a missing field is empty
            inner = _difference(ours, theirs) if given else None
            if inner is not None:
                return inner
    return None


def _first(body: list[Any]) -> Any:
    return next((node for node in body if not _is_comment(node)), None)


def _docstring(body: list[Any]) -> str | None:
    """The text of a docstring, without the indentation of its function."""
    first = _first(body)
    if not isinstance(first, gast.Expr) or not isinstance(first.value, gast.Constant):
        return None
    text = first.value.value
    if not isinstance(text, str):
        return None
    return "\n".join(line.rstrip() for line in inspect.cleandoc(text).split("\n")).strip("\n")
