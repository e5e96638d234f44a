"""gast expressions -> text, with parentheses only where they are needed."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import astunparse
import gast

from srcad.emit.layout import Line


class Level(IntEnum):
    """How tightly an expression binds, loosest first, as in the grammar of Python."""

    YIELD = 0
    TUPLE = 1
    NAMED = 2
    TEST = 3  # lambda, conditional: also what may stand between commas
    OR = 4
    AND = 5
    NOT = 6
    COMPARISON = 7
    BIT_OR = 8
    BIT_XOR = 9
    BIT_AND = 10
    SHIFT = 11
    SUM = 12
    TERM = 13
    FACTOR = 14
    POWER = 15
    AWAIT = 16
    ATOM = 17


_LEVELS: dict[type, Level] = {
    gast.Yield: Level.YIELD,
    gast.YieldFrom: Level.YIELD,
    gast.NamedExpr: Level.NAMED,
    gast.Lambda: Level.TEST,
    gast.IfExp: Level.TEST,
    gast.Or: Level.OR,
    gast.And: Level.AND,
    gast.Not: Level.NOT,
    gast.Compare: Level.COMPARISON,
    gast.BitOr: Level.BIT_OR,
    gast.BitXor: Level.BIT_XOR,
    gast.BitAnd: Level.BIT_AND,
    gast.LShift: Level.SHIFT,
    gast.RShift: Level.SHIFT,
    gast.Add: Level.SUM,
    gast.Sub: Level.SUM,
    gast.Mult: Level.TERM,
    gast.MatMult: Level.TERM,
    gast.Div: Level.TERM,
    gast.FloorDiv: Level.TERM,
    gast.Mod: Level.TERM,
    gast.UAdd: Level.FACTOR,
    gast.USub: Level.FACTOR,
    gast.Invert: Level.FACTOR,
    gast.Pow: Level.POWER,
    gast.Await: Level.AWAIT,
}


def _level(node: gast.expr) -> Level:
    if isinstance(node, gast.Tuple):
        return Level.TUPLE if node.elts else Level.ATOM
    key = node.op if isinstance(node, (gast.BinOp, gast.BoolOp, gast.UnaryOp)) else node
    return _LEVELS.get(type(key), Level.ATOM)


def _operand_level(parent: gast.BinOp, child: gast.expr, level: Level) -> Level:
    """One level up where `@` meets another multiplicative operator: `(a @ b) * c`."""
    both = isinstance(child, gast.BinOp) and _level(child) is _level(parent) is Level.TERM
    if both and isinstance(child.op, gast.MatMult) is not isinstance(parent.op, gast.MatMult):
        return Level.FACTOR
    return level


def _simple(node: gast.expr) -> bool:
    """Whether `**` is written without spaces beside it."""
    if isinstance(node, gast.UnaryOp):
        return isinstance(node.operand, (gast.Name, gast.Constant)) and _simple(node.operand)
    if isinstance(node, gast.Attribute):
        return _simple(node.value) and not isinstance(node.value, gast.Constant)
    if isinstance(node, gast.Constant):
        return isinstance(node.value, (int, float, complex))
    return isinstance(node, gast.Name)


class ExpressionWriter(astunparse.Unparser):
    """astunparse with the precedence of Python and the nodes of gast.

    A method `_X` writes a node of class X; what is not said here is said by astunparse.
    """

    def __init__(self, quote: str = '"') -> None:
        self.lines: list[Line] = []
        self.quote = quote  # the quotation mark to prefer
        self.future_imports: list[str] = []
        self._indent = 0

    def expression(self, tree: gast.AST, level: Level = Level.TEST) -> str:
        """The text of one expression."""
        self.lines.append(Line(""))
        self.dispatch(tree, level)
        return self.lines.pop().text

    def write(self, text: str) -> None:
        self.lines[-1].text += text

    def dispatch(self, tree: Any, level: Level = Level.TEST) -> None:
        """Write a node, in parentheses if it binds more loosely than `level`."""
        if isinstance(tree, gast.expr) and _level(tree) < level:
            self.write("(")
            super().dispatch(tree)
            self.write(")")
        else:
            super().dispatch(tree)

    def bare(self, tree: gast.expr, level: Level = Level.TUPLE) -> None:
        """Write an expression where a tuple of two or more needs no parentheses."""
        several = isinstance(tree, gast.Tuple) and len(tree.elts) > 1
        generates = isinstance(tree, (gast.Yield, gast.YieldFrom))
        self.dispatch(tree, level if several or generates else Level.TEST)

    def separated(self, nodes: Iterable[Any], between: str = ", ") -> None:
        for number, node in enumerate(nodes):
            self.write(between if number else "")
            self.dispatch(node)

    # --- operators

    def _Name(self, tree: gast.Name) -> None:
        self.write(tree.id)

    def _BinOp(self, tree: gast.BinOp) -> None:
        level = _level(tree)
        left, right = level, Level(level + 1)
        if level is Level.POWER:
            left, right = Level.AWAIT, Level.FACTOR
        symbol = self.binop[type(tree.op).__name__]
        unary = isinstance(tree.left, gast.UnaryOp)
        hugged = level is Level.POWER and _simple(tree.left) and _simple(tree.right) and not unary
        self.dispatch(tree.left, _operand_level(tree, tree.left, left))
        self.write(symbol if hugged else f" {symbol} ")
        self.dispatch(tree.right, _operand_level(tree, tree.right, right))

    def _UnaryOp(self, tree: gast.UnaryOp) -> None:
        level = _level(tree)
        self.write("not " if isinstance(tree.op, gast.Not) else self.unop[type(tree.op).__name__])
        twice = level is Level.FACTOR and _level(tree.operand) is Level.FACTOR
        self.dispatch(tree.operand, Level.POWER if twice else level)

    def _BoolOp(self, tree: gast.BoolOp) -> None:
        word = " and " if isinstance(tree.op, gast.And) else " or "
        for number, value in enumerate(tree.values):
            self.write(word if number else "")
            self.dispatch(value, Level(_level(tree) + 1))

    def _Compare(self, tree: gast.Compare) -> None:
        self.dispatch(tree.left, Level.BIT_OR)
        for op, right in zip(tree.ops, tree.comparators, strict=True):
            self.write(f" {self.cmpops[type(op).__name__]} ")
            self.dispatch(right, Level.BIT_OR)

    def _IfExp(self, tree: gast.IfExp) -> None:
        self.dispatch(tree.body, Level.OR)
        self.write(" if ")
        self.dispatch(tree.test, Level.OR)
        self.write(" else ")
        self.dispatch(tree.orelse, Level.TEST)

    def _Lambda(self, tree: gast.Lambda) -> None:
        parameters = self.expression(tree.args)
        self.write(f"lambda {parameters}: " if parameters else "lambda: ")
        self.dispatch(tree.body, Level.TEST)

    def _NamedExpr(self, tree: gast.NamedExpr) -> None:
        self.dispatch(tree.target)
        self.write(" := ")
        self.dispatch(tree.value)

    def _Await(self, tree: gast.Await) -> None:
        self.write("await ")
        self.dispatch(tree.value, Level.ATOM)

    def _Yield(self, tree: gast.Yield) -> None:
        self.write("yield")
        if tree.value is not None:
            self.write(" ")
            self.bare(tree.value)

    def _YieldFrom(self, tree: gast.YieldFrom) -> None:
        self.write("yield from ")
        self.dispatch(tree.value)

    def _Attribute(self, tree: gast.Attribute) -> None:
        value = tree.value
        number = isinstance(value, gast.Constant) and type(value.value) is int
        self.write("(" if number else "")
        self.dispatch(value, Level.ATOM)
        self.write(f").{tree.attr}" if number else f".{tree.attr}")

    def _Subscript(self, tree: gast.Subscript) -> None:
        self.dispatch(tree.value, Level.ATOM)
        self.write("[")
        self.dispatch(tree.slice, Level.TUPLE if isinstance(tree.slice, gast.Tuple) else Level.TEST)
        self.write("]")

    def _Call(self, tree: gast.Call) -> None:
        self.dispatch(tree.func, Level.ATOM)
        alone = len(tree.args) == 1 and not tree.keywords
        if alone and isinstance(tree.args[0], gast.GeneratorExp):
            self.dispatch(tree.args[0])  # it has parentheses of its own
            return
        self.write("(")
        self.separated([*tree.args, *tree.keywords])
        self.write(")")

    def _Tuple(self, tree: gast.Tuple) -> None:
        self.separated(tree.elts)
        if not tree.elts:
            self.write("()")
        elif len(tree.elts) == 1:
            self.write(",")

    def _Starred(self, tree: gast.Starred) -> None:
        self.write("*")
        self.dispatch(tree.value, Level.BIT_OR)

    def _Dict(self, tree: gast.Dict) -> None:
        self.write("{")
        for number, (key, value) in enumerate(zip(tree.keys, tree.values, strict=True)):
            self.write(", " if number else "")
            if key is None:
                self.write("**")
                self.dispatch(value, Level.BIT_OR)
            else:
                self.dispatch(key)
                self.write(": ")
                self.dispatch(value)
        self.write("}")

    def _comprehension(self, tree: gast.comprehension) -> None:
        self.write(" async for " if tree.is_async else " for ")
        self.bare(tree.target)
        self.write(" in ")
        self.dispatch(tree.iter, Level.OR)
        for test in tree.ifs:
            self.write(" if ")
            self.dispatch(test, Level.OR)

    # --- literals

    def _Constant(self, tree: gast.Constant) -> None:
        value = tree.value
        if isinstance(value, str):
            self.write(_quoted(value, self.quote))
        elif isinstance(value, bytes):
            self.write("b" + _quoted(value.decode("latin-1"), self.quote, ascii_only=True))
        elif value is Ellipsis:
            self.write("...")
        else:
            self.write(repr(value).replace("inf", "1e309"))

    def _JoinedStr(self, tree: gast.JoinedStr) -> None:
        """An f-string; expressions in it use the other quotation mark, as Python 3.11 needs."""
        inner = "'" if self.quote == '"' else '"'
        parts = list(_fstring_parts(tree.values, inner))
        code = "".join(text for text, literal in parts if not literal)
        marks = (self.quote, inner, self.quote * 3, inner * 3)
        mark = next((mark for mark in marks if mark not in code), self.quote)
        body = "".join(escaped(text, mark[0]) if literal else text for text, literal in parts)
        self.write(f"f{mark}{body}{mark}")

    # --- parameters: gast has names where ast has `arg`

    def _arguments(self, tree: gast.arguments) -> None:
        positional = [*tree.posonlyargs, *tree.args]
        defaults = [None] * (len(positional) - len(tree.defaults)) + list(tree.defaults)
        parts = [self._parameter(*pair) for pair in zip(positional, defaults, strict=True)]
        if tree.posonlyargs:
            parts.insert(len(tree.posonlyargs), "/")
        if tree.vararg is not None:
            parts.append("*" + self._parameter(tree.vararg))
        elif tree.kwonlyargs:
            parts.append("*")
        keyword = zip(tree.kwonlyargs, tree.kw_defaults, strict=True)
        parts += [self._parameter(*pair) for pair in keyword]
        if tree.kwarg is not None:
            parts.append("**" + self._parameter(tree.kwarg))
        self.write(", ".join(parts))

    def _parameter(self, name: gast.Name, default: gast.expr | None = None) -> str:
        text, equals = name.id, "="
        annotation = getattr(name, "annotation", None)
        if annotation is not None:
            text, equals = f"{text}: {self.expression(annotation)}", " = "
        return text if default is None else text + equals + self.expression(default)


def _fstring_parts(values: Iterable[gast.expr], quote: str) -> Iterable[tuple[str, bool]]:
    """Pieces of an f-string, and whether each is literal text."""
    for value in values:
        if isinstance(value, gast.Constant):
            yield value.value.replace("{", "{{").replace("}", "}}"), True
            continue
        colon = any(isinstance(node, gast.Lambda) for node in gast.walk(value.value))
        level = Level.OR if colon else Level.TEST
        text = ExpressionWriter(quote).expression(value.value, level)
        yield "{" + (" " if text.startswith("{") else "") + text, False
        if value.conversion != -1:
            yield f"!{chr(value.conversion)}", False
        if value.format_spec is not None:
            yield ":", False
            yield from _fstring_parts(value.format_spec.values, quote)
        yield "}", False


def _quoted(text: str, quote: str, ascii_only: bool = False) -> str:
    other = "'" if quote == '"' else '"'
    if quote in text and other not in text:
        quote = other
    return f"{quote}{escaped(text, quote, ascii_only)}{quote}"


def escaped(text: str, quote: str = "", ascii_only: bool = False) -> str:
    """The text as it stands between quotation marks."""

    def one(character: str) -> str:
        if character in ("\\", quote):
            return "\\" + character
        if ascii_only and not character.isascii():
            return f"\\x{ord(character):02x}"
        return character if character.isprintable() else repr(character)[1:-1]

    return "".join(map(one, text))
