"""Loaded text is a function like any other: pdb, tracebacks and `inspect` show its source."""

from __future__ import annotations

import gc
import inspect
import io
import linecache
import pdb
import sys
import traceback
from types import CellType, FunctionType
from typing import Any

import numpy as np
import pytest

from srcad.load import load

TEXT = '''\
def loss_grad(x):
    """Gradient of loss."""
    # backward
    dx = x / 0                    # 3: return 0.5 * x * x
    return dx
'''
NAME = "<srcad loss_grad from model.py:3>"


def loaded(text: str = TEXT, **namespace: Any) -> FunctionType:
    return load(text, NAME, {"np": np, "__name__": "model", **namespace})


def entries() -> list[str]:
    gc.collect()
    return [filename for filename in linecache.cache if filename.startswith(NAME.removesuffix(">"))]


@pytest.fixture(autouse=True)
def nothing_is_left() -> Any:
    before = entries()
    yield
    assert entries() == before


def test_globals_are_the_namespace() -> None:
    function = loaded("def f(x):\n    return np.tanh(x) * scale\n", scale=2.0)
    assert function(0.5) == np.tanh(0.5) * 2.0
    assert (function.__module__, function.__qualname__) == ("model", "f")
    function.__globals__["scale"] = 3.0
    assert function(0.5) == np.tanh(0.5) * 3.0


def test_the_namespace_is_not_changed() -> None:
    namespace = {"f": 1}
    assert load("def f():\n    return f\n", NAME, namespace)() == 1
    assert namespace["f"] == 1


def test_its_own_name_may_be_a_cell() -> None:
    assert load("def f():\n    return f\n", NAME, {}, {"f": CellType(2.0)})() == 2.0


def test_free_names_are_cells() -> None:
    cells = {"a": CellType(2.0), "b": CellType(3.0), "unused": CellType(None)}
    function = load("def f(x):\n    return a * x + b\n", NAME, {}, cells)
    assert function(1.0) == 5.0
    cells["b"].cell_contents = 4.0  # data is read live
    assert function(1.0) == 6.0


def test_defaults_are_objects() -> None:
    marker = object()
    text = "def f(x=0, *, y=1):\n    return x, y\n"
    function = load(text, NAME, {}, None, (marker,), {"y": marker})
    assert function() == (marker, marker)


def test_traceback_shows_the_line() -> None:
    function = loaded()
    try:
        function(1.0)
    except ZeroDivisionError:
        text = traceback.format_exc()
    assert f'File "{NAME}", line 4, in loss_grad' in text
    assert "dx = x / 0                    # 3: return 0.5 * x * x" in text


def test_inspect_shows_the_source() -> None:
    function = loaded()
    assert inspect.getsource(function) == TEXT
    linecache.checkcache()
    linecache.checkcache(function.__code__.co_filename)
    assert inspect.getsource(function) == TEXT


def test_pdb_lists_and_steps() -> None:
    function = loaded("def f(x):\n    y = 2 * x  # first\n    return y\n")
    output = io.StringIO()
    commands = io.StringIO("next\nlist\nquit\n")
    debugger = pdb.Pdb(stdin=commands, stdout=output, nosigint=True, readrc=False)
    trace = sys.gettrace()
    try:
        debugger.runcall(function, 1.0)
    finally:
        sys.settrace(trace)
    shown = output.getvalue()
    assert "-> y = 2 * x  # first" in shown
    assert "  1  \tdef f(x):" in shown
    assert "  3  ->\t    return y" in shown


def test_another_text_of_the_same_name_gets_another_filename() -> None:
    first = loaded("def f():\n    return 1\n")
    second = loaded("def f():\n    return 2\n")
    assert first.__code__.co_filename == NAME
    assert second.__code__.co_filename == "<srcad loss_grad from model.py:3 (2)>"
    assert inspect.getsource(first) == "def f():\n    return 1\n"
    assert inspect.getsource(second) == "def f():\n    return 2\n"
    assert len(entries()) == 2


def test_many_loads_do_not_leak() -> None:
    before = len(entries())
    for _ in range(200):
        loaded()
    assert len(entries()) == before


def test_an_inner_function_keeps_the_source() -> None:
    inner = loaded("def f(x):\n    def g():\n        return x\n\n    return g\n")(1)
    gc.collect()
    assert inspect.getsource(inner) == "    def g():\n        return x\n"


def test_the_entry_of_a_successor_stays() -> None:
    first = loaded("def f():\n    return 1\n")
    del linecache.cache[NAME]  # as `linecache.clearcache()` does
    second = loaded("def f():\n    return 2\n")
    del first
    gc.collect()
    assert inspect.getsource(second) == "def f():\n    return 2\n"


@pytest.mark.parametrize(
    ("text", "error"),
    [("def f(:\n", SyntaxError), ("def f():\n    return x\nx = 1\n", ValueError)],
    ids=["not Python", "more than a function"],
)
def test_a_text_that_fails_leaves_nothing(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        loaded(text)


def test_lines_are_counted_as_python_counts_them() -> None:
    text = "def f():\n    # a line\u2028separator\n    raise LookupError  # here\n"
    function = loaded(text)
    with pytest.raises(LookupError) as caught:
        function()
    assert caught.traceback[-1].frame.code.raw.co_filename == NAME
    assert "# here" in linecache.getline(NAME, caught.tb.tb_next.tb_lineno)
    del caught
