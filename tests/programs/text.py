"""Functions from program text, as if typed in a notebook: `linecache` holds what was typed."""

from __future__ import annotations

import itertools
import linecache
from typing import Any

import numpy as np

MARK = "$"
"""Stands before the node that an error is expected to point at; it is no part of the program."""

_counter = itertools.count()


def remember(text: str, filename: str | None = None) -> str:
    """Register a text in `linecache`, under a name of its own."""
    if filename is None:
        filename = f"<program {next(_counter)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    return filename


def run(text: str, filename: str, **names: Any) -> dict[str, Any]:
    """The globals after running a text."""
    namespace: dict[str, Any] = {"np": np, "__name__": "program", **names}
    exec(compile(text, filename, "exec", dont_inherit=True), namespace)
    return namespace


def define(text: str, name: str = "f", **names: Any) -> Any:
    """The function `f` that a text defines."""
    text = text.strip("\n") + "\n"
    return run(text, remember(text), **names)[name]


def marked(text: str) -> tuple[str, int, int]:
    """A program without its mark, and the line (from 1) and column (from 0) where the mark was."""
    before, mark, after = text.strip("\n").partition(MARK)
    assert mark and MARK not in after, "a program has one mark"
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n") - 1


def compiled(gradient: Any) -> int:
    """How many kinds of calls a gradient function has code for."""
    return len(gradient._made.cache.entries)
