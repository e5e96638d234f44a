"""The programs on the pages about the language, and what is asked of each.

```python             a program that is differentiated, and right by central differences
```python while       the same; a test may name it
```python refused     a program that is refused: `grad(f)(x)  # refused: UnsupportedWrite`
```python refused try
"""

from __future__ import annotations

import copy
import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import srcad
from srcad.errors import SrcadError
from tests.numeric import assert_same, central_differences
from tests.programs import remember, run

DOCS = Path(__file__).parents[1] / "docs"

BLOCK = re.compile(r"^```python( refused)?(?: ([\w-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = re.compile(r"grad\(.*# refused: (\w+)$", re.MULTILINE)
SETTING = "from srcad import grad\n"


@dataclass(frozen=True)
class Program:
    """A block of a page; its text begins with as many empty lines as stand above it there."""

    page: str
    line: int
    name: str | None
    refused: bool
    text: str

    def __str__(self) -> str:
        return f"{self.page}-{self.line}" + (f"-{self.name}" if self.name else "")


def programs(page: str) -> list[Program]:
    """The programs of docs/<page>, but for the imports that it states for all of them."""
    return list(programs_of((DOCS / page).read_text(encoding="utf-8"), page))


def programs_of(text: str, page: str) -> Iterator[Program]:
    for block in BLOCK.finditer(text):
        refused, name, program = block.groups()
        above = text.count("\n", 0, block.start(3))
        if not program.endswith(SETTING):
            yield Program(page, above + 1, name, bool(refused), "\n" * above + program)


def check(program: Program) -> None:
    """Run a program: every gradient that it asks for is right, or refused as it says."""
    expected = REFUSED.findall(program.text)
    assert len(expected) == program.refused, f"{program} does not say how it is refused"
    if not program.refused:
        asked: list[Any] = []
        run(program.text, remember(program.text), grad=recording(asked))
        assert asked, f"{program} asks for no gradient"
        return
    with pytest.raises(SrcadError) as caught:
        run(program.text, remember(program.text), grad=srcad.grad)
    assert type(caught.value).__name__ == expected[0], str(caught.value)
    assert caught.value.hint


def check_alone(program: Program) -> None:
    """Run a program without srcad: what it asks for is there to be found."""
    asked: list[Any] = []

    def grad(function: Any, wrt: Any = 0) -> Callable[..., None]:
        def call(*args: Any) -> None:
            for argument in wrt if isinstance(wrt, tuple) else (wrt,):
                asked.append(numeric_gradient(function, args, position_of(function, argument)))

        return call

    run(program.text, remember(program.text), grad=grad)
    numbers = np.concatenate([one.ravel() for one in arrays(asked)])
    assert np.all(np.isfinite(numbers)) and np.any(numbers), f"{program} has no gradient"


def arrays(tree: Any) -> Iterator[np.ndarray]:
    """The numbers and arrays in a container."""
    if isinstance(tree, (float, np.ndarray)):
        yield np.asarray(tree)
        return
    if dataclasses.is_dataclass(tree):
        tree = [getattr(tree, field.name) for field in dataclasses.fields(tree)]
    for item in tree.values() if isinstance(tree, dict) else tree:
        yield from arrays(item)


def recording(asked: list[Any]) -> Callable[..., Any]:
    """`srcad.grad`, whose gradients are noted, and compared with numeric ones."""

    def grad(function: Any, wrt: Any = 0) -> Callable[..., Any]:
        gradient = srcad.value_and_grad(function, wrt=wrt)

        def call(*args: Any) -> Any:
            kept = copy.deepcopy(args)
            value, found = gradient(*args)
            asked.append(found)
            same_structure(args, kept)
            assert_same(value, function(*copy.deepcopy(args)), rtol=0.0, atol=0.0)
            several = isinstance(wrt, tuple)
            arguments, gradients = (wrt, found) if several else ((wrt,), (found,))
            for argument, one in zip(arguments, gradients, strict=True):
                position = position_of(function, argument)
                same_structure(one, numeric_gradient(function, args, position), tolerance=1e-6)
            return found

        return call

    return grad


def position_of(function: Any, argument: str | int) -> int:
    if isinstance(argument, int):
        return argument
    return list(inspect.signature(function).parameters).index(argument)


def gathered(function: Any, args: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
    """A function of `*args` as one of a tuple."""
    parameters = list(inspect.signature(function).parameters.values())
    last = parameters[-1] if parameters else None
    if last is None or last.kind is not last.VAR_POSITIONAL:
        return function, args
    before = len(parameters) - 1
    return lambda *given: function(*given[:before], *given[before]), (*args[:before], args[before:])


def numeric_gradient(function: Any, args: tuple[Any, ...], position: int) -> Any:
    """By one argument, in its structure."""
    function, args = gathered(function, args)

    def evaluate(value: Any) -> float:
        moved = copy.deepcopy(args)
        return function(*moved[:position], copy.deepcopy(value), *moved[position + 1 :])

    return _numeric(evaluate, args[position])


def _numeric(evaluate: Callable[[Any], float], value: Any) -> Any:
    """The derivatives of `evaluate` at a number, an array, or a container of them."""
    if isinstance(value, float):
        return float(central_differences(lambda moved: evaluate(float(moved)), value))
    if isinstance(value, np.ndarray):
        return central_differences(evaluate, value)
    if isinstance(value, dict):
        return {
            key: _numeric(lambda one, key=key: evaluate({**value, key: one}), value[key])
            for key in value
        }
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{
            name: _numeric(
                lambda one, name=name: evaluate(dataclasses.replace(value, **{name: one})),
                getattr(value, name),
            )
            for name in names
        })  # fmt: skip
    items = list(value)
    return _rebuilt(value, [
        _numeric(
            lambda one, i=i: evaluate(_rebuilt(value, [*items[:i], one, *items[i + 1 :]])), item
        )
        for i, item in enumerate(items)
    ])  # fmt: skip


def _rebuilt(like: Any, items: list[Any]) -> Any:
    """A list, a tuple or a namedtuple of the same kind."""
    return like._make(items) if hasattr(like, "_make") else type(like)(items)


def same_structure(found: Any, expected: Any, tolerance: float = 0.0) -> None:
    """Equal in structure, and each number and array strictly so, up to rounding."""
    assert type(found) is type(expected), f"{type(found)} instead of {type(expected)}"
    if isinstance(expected, (float, np.ndarray)):
        assert_same(found, expected, rtol=tolerance, atol=tolerance)
    elif isinstance(expected, dict):
        assert list(found) == list(expected)
        for key, one in expected.items():
            same_structure(found[key], one, tolerance)
    elif dataclasses.is_dataclass(expected):
        for field in dataclasses.fields(expected):
            same_structure(getattr(found, field.name), getattr(expected, field.name), tolerance)
    elif isinstance(expected, (list, tuple)):
        for one, other in zip(found, expected, strict=True):
            same_structure(one, other, tolerance)
    else:
        assert found == expected
