"""A line that is too long -> several, broken within brackets, so that it means the same.

At commas or operators, in new parentheses, if there are any; else within the longest brackets:

    total = (
        alpha * beta
        - gamma
    )
    value = function(
        alpha, beta
    )
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 100
INDENT = "    "
OPENING, CLOSING = frozenset("([{"), frozenset(")]}")
LOOSEST_FIRST = (
    frozenset({","}),
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset("+-"),
    frozenset({"*", "/", "@", "//", "%"}),
)
HEADS = frozenset({"return", "if", "elif", "while"})
ASSIGNMENTS = frozenset(
    {"=", "+=", "-=", "*=", "/=", "@=", "//=", "%=", "**=", "&=", "|=", "^=", "<<=", ">>="}
)
F_STRING_START = getattr(tokenize, "FSTRING_START", -1)  # from Python 3.12 on it has tokens inside
F_STRING_END = getattr(tokenize, "FSTRING_END", -1)


@dataclass(frozen=True, slots=True)
class Token:
    """A token, where it begins and ends in the line, and in how many brackets it stands."""

    text: str
    start: int
    end: int
    depth: int
    unary: bool  # whether an operator here has no left operand


def wrapped(line: str, width: int = WIDTH) -> list[str]:
    """The line itself if it is short enough, or cannot be broken."""
    if len(line) <= width:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    tokens = _tokens(line)
    start, end = _operand(tokens)
    breaks = _breaks([t for t in tokens if start <= t.start < end], 0)
    if start and breaks:
        inner = _filled(_pieces(line, start, end, breaks), indent + INDENT, width)
        return [f"{line[:start]}(", *inner, f"{indent}){line[end:]}"]
    return _within_brackets(line, tokens, width)


def _within_brackets(line: str, tokens: list[Token], width: int) -> list[str]:
    """The line broken within the longest of its outermost brackets."""
    indent = line[: len(line) - len(line.lstrip())]
    opening = [t for t in tokens if t.text in OPENING and t.depth == 0]
    closing = [t for t in tokens if t.text in CLOSING and t.depth == 0]
    pairs = [(a.end, b.start) for a, b in zip(opening, closing, strict=False) if b.start > a.end]
    if not pairs:
        return [line]
    start, end = max(pairs, key=lambda pair: pair[1] - pair[0])
    breaks = _breaks([t for t in tokens if start <= t.start < end], 1)
    inner = _filled(_pieces(line, start, end, breaks), indent + INDENT, width)
    return [line[:start], *inner, indent + line[end:]]


def _operand(tokens: list[Token]) -> tuple[int, int]:
    """The part of a statement that may stand in parentheses: after `return`, after the last `=`."""
    start, end = 0, tokens[-1].end
    if tokens[0].text in HEADS:
        start = tokens[1].start
    for before, token in pairwise(tokens):
        if before.text == "lambda":
            break
        if before.text in ASSIGNMENTS and before.depth == 0:
            start = token.start
    if tokens[-1].text == ":":
        end = tokens[-1].start
    return (start, end) if tokens[0].text not in {"def", "for", "with", "class"} else (0, end)


def _breaks(tokens: list[Token], depth: int) -> list[int]:
    """Where the loosest operators stand: a break comes after a comma, before any other operator."""
    outer = [t for t in tokens if t.depth == depth and not t.unary]
    if any(t.text in {"lambda", "if", "else", "for"} for t in outer):
        return []
    for operators in LOOSEST_FIRST:
        found = [t for t in outer if t.text in operators]
        if found:
            return [t.end if t.text == "," else t.start for t in found]
    return []


def _pieces(line: str, start: int, end: int, breaks: Iterable[int]) -> list[str]:
    bounds = [start, *breaks, end]
    pieces = [line[a:b].strip() for a, b in pairwise(bounds)]
    return [piece for piece in pieces if piece]


def _filled(pieces: list[str], indent: str, width: int) -> list[str]:
    """As many pieces a line as fit."""
    lines = [indent + pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += " " + piece
        else:
            lines.append(indent + piece)
    return [short for line in lines for short in _shorter(line, width)]


def _shorter(line: str, width: int) -> list[str]:
    return [line] if len(line) <= width else _within_brackets(line, _tokens(line), width)


def _tokens(line: str) -> list[Token]:
    found: list[Token] = []
    depth = in_f_string = 0
    stripped = line.lstrip()
    offset = len(line) - len(stripped)
    tokens = tokenize.generate_tokens(io.StringIO(stripped).readline)
    try:
        for token in tokens:
            in_f_string += (token.type == F_STRING_START) - (token.type == F_STRING_END)
            if in_f_string or token.type in (tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.NL):
                continue
            depth -= token.string in CLOSING
            first = not found or found[-1].text in OPENING | ASSIGNMENTS | {",", "return"}
            operator = not found or found[-1].text in {"+", "-", "*", "/", "@", "**", "or", "and"}
            unary = token.string in {"+", "-", "*"} and (first or operator)
            start, end = token.start[1] + offset, token.end[1] + offset
            found.append(Token(token.string, start, end, depth, unary))
            depth += token.string in OPENING
    except tokenize.TokenError:  # the end of the brackets stands on another line
        pass
    return found
