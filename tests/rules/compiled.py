"""The cases of the table as programs for the compiler: a weighted sum of what a primitive gives."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from srcad.primitive import name_of
from tests.programs import define
from tests.rules.cases import CASES, Case


@dataclass(frozen=True)
class Name:
    """A name as it stands in a program's text."""

    text: str

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False)
class Call:
    """One primitive of a case, with its keywords written out, as the function `f(*arrays, weights)`."""

    case: Case
    primitive: Any
    keywords: tuple[tuple[str, Any], ...]

    @property
    def names(self) -> list[str]:
        """The arrays, in order."""
        return self.case.function.__code__.co_varnames[: len(self.case.shapes[0])]  # type: ignore[return-value]

    @property
    def wrt(self) -> tuple[str, ...]:
        return tuple(self.names[i] for i in self.case.wrt)

    @functools.cached_property
    def text(self) -> str:
        names = ", ".join(self.names)
        return f"def f({names}, weights):\n    return np.sum(weights * {self._call()})"

    def _call(self) -> str:
        keywords = [f"{key}={_written(value)}" for key, value in self.keywords]
        if self.primitive is self.case.primitives[0]:  # as the case writes it, and as a helper
            return f"function({', '.join([*self.names, *keywords])})"
        arguments = [_written(a) for a in self.case.arguments([Name(n) for n in self.names])]
        if is_method(self.primitive):
            base, *arguments = arguments
            return f"{base}.{self.primitive.__name__}({', '.join([*arguments, *keywords])})"
        return f"{name_of(self.primitive)}({', '.join([*arguments, *keywords])})"

    @functools.cached_property
    def function(self) -> Any:
        return define(self.text, function=self.case.function, math=math)

    def trials(self, dtype: Any = np.float64) -> Iterator[list[Any]]:
        """Arguments without the weights; a rank of 0 as an array, a NumPy scalar and a float."""
        for arrays, keywords in self.case.trials(dtype):
            if tuple(keywords.items()) != self.keywords:
                continue
            numbers = [i for i, a in enumerate(arrays) if a.ndim == 0]
            if not is_math(self.primitive):
                yield arrays
                if numbers:
                    yield [a[()] if i in numbers else a for i, a in enumerate(arrays)]
            if len(numbers) == len(arrays) and not is_method(self.primitive):
                yield [a.item() for a in arrays]

    def plain(self, arrays: list[Any]) -> Any:
        """The primitive of the arrays, from which the weights take shape and dtype."""
        one = np.float64(1.0) if is_math(self.primitive) else 1
        return self.inner(*arrays) * one

    @functools.cached_property
    def inner(self) -> Any:
        text = f"def f({', '.join(self.names)}):\n    return {self._call()}"
        return define(text, function=self.case.function, math=math)

    def weights(self, arrays: list[Any]) -> Any:
        ans = self.plain(arrays)
        drawn = np.random.default_rng(1).uniform(-1.0, 1.0, np.shape(ans))
        return np.asarray(
            drawn, np.asarray(ans).dtype if np.asarray(ans).dtype.kind == "f" else None
        )[()]


def _written(value: Any) -> str:
    """A value as it stands in a program's text."""
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_written, value))
        if isinstance(value, list):
            return f"[{inner}]"
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, type):
        return f"np.{value.__name__}" if issubclass(value, np.generic) else value.__name__
    return repr(value)


def is_math(primitive: Any) -> bool:
    """Whether a primitive is for Python numbers."""
    return getattr(primitive, "__module__", "") == "math" or primitive is float


def is_method(primitive: Any) -> bool:
    """Whether a primitive is a method of arrays, which Python numbers do not have."""
    return getattr(primitive, "__objclass__", None) is np.ndarray


def _calls() -> Iterator[Call]:
    for case in CASES:
        for primitive in case.primitives:
            for keywords in case.keywords:
                yield Call(case, primitive, tuple(keywords.items()))


def identify(call: Call) -> str:
    """The name of a test of a call."""
    keywords = ",".join(f"{k}={_written(v)}" for k, v in call.keywords)
    return f"{call.case.name}-{name_of(call.primitive)}({keywords})"


CALLS = list(_calls())
