"""Functions from program text, with a source that `inspect` and tracebacks can read."""

from __future__ import annotations

import itertools
import linecache
import types
from typing import Any

_counter = itertools.count()


def module_from_text(text: str, filename: str | None = None) -> dict[str, Any]:
    """The globals after running `text`, which stays readable under a file name of its own."""
    if filename is None:
        filename = f"<program {next(_counter)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    module = types.ModuleType(f"program_{next(_counter)}")
    module.__file__ = filename
    exec(compile(text, filename, "exec"), module.__dict__)
    return module.__dict__


def function_from_text(text: str, name: str, filename: str | None = None) -> Any:
    """The function `name` that `text` defines."""
    return module_from_text(text, filename)[name]


def forget_programs() -> None:
    """Release the text of all programs that were compiled without a file name."""
    for filename in [name for name in linecache.cache if name.startswith("<program ")]:
        del linecache.cache[filename]
