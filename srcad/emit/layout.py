"""Lines with their comments -> text: comments in a column where they fit, else above their line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from srcad.emit.wrapping import WIDTH, wrapped

WIDEST_ALIGNED = 64  # no comment is moved further right to stand below another


@dataclass(slots=True, eq=False)
class Line:
    """A line of text, and the comment that belongs to it."""

    text: str
    comment: str | None = None
    is_code: bool = True  # else a comment, or a line of a docstring


def placed(lines: list[Line]) -> Iterable[str]:
    """The lines with their comments, aligned from one line of comment or blank to the next."""
    for code, run in groupby(lines, lambda line: line.is_code and line.text != ""):
        if code:
            yield from _aligned(list(run))
        else:
            yield from (line.text for line in run)


def _aligned(run: list[Line]) -> Iterable[str]:
    said = {line: "# " + " ".join(line.comment.splitlines()) for line in run if line.comment}
    fits = {line for line in said if len(line.text) + 2 + len(said[line]) <= WIDTH}
    column = _column([(len(line.text) + 2, len(said[line])) for line in run if line in fits])
    for line in run:
        text, words = line.text, said.get(line, "")
        if line in fits:
            start = len(text) + 2
            aligned = start <= column and column + len(words) <= WIDTH
            yield text.ljust(column if aligned else start) + words
        elif words:
            above = text[: len(text) - len(text.lstrip())] + words
            yield above if len(above) <= WIDTH else above[: WIDTH - 4].rstrip() + " ..."
            yield from wrapped(text)
        else:
            yield from wrapped(text)


def _column(sizes: list[tuple[int, int]]) -> int:
    """Where most comments can begin, of `(first column, length)` each: the least such column."""

    def score(column: int) -> tuple[int, int]:
        fitting = sum(start <= column and column + words <= WIDTH for start, words in sizes)
        return fitting, -column

    return max((s for s, _ in sizes if s <= WIDEST_ALIGNED), key=score, default=0)
