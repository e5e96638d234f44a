"""`vjp`: the value of a function, and the pullback that takes a cotangent of it to the arguments."""

from __future__ import annotations

import functools
import threading
import types
from collections.abc import Callable, Sequence
from typing import Any

from srcad import errors
from srcad.api import GradFunction, Made
from srcad.binding import Wrt
from srcad.cotangents import Template, fitted, template
from srcad.pipeline import Compiled, compile_pair
from srcad.signature import check_differentiable, described_argument

MOST_FUNCTIONS = 64  # for so many functions what was compiled is kept


def vjp(fun: Callable[..., Any], *args: Any, wrt: Wrt | None = None) -> tuple[Any, Pullback]:
    """The value of `fun` at `args`, and its pullback.

    Args:
        fun: a Python function of NumPy arrays and numbers; its result may be an array, a number, or
            a tuple, list or dict of these.
        args: its arguments.
        wrt: the arguments to differentiate with respect to, by position or name; by default all.

    The pullback takes a cotangent, which has the structure and the shapes of the value, to a tuple
    of the cotangents of the arguments: one for each of `wrt`, by default one for each argument, None
    for one that cannot be differentiated. It may be called many times, and from threads; what
    becomes of the arguments and of the value meanwhile does not reach it.

    Raises:
        SrcadError: as `grad` does.

    >>> import numpy as np
    >>> from srcad import vjp
    >>> value, pullback = vjp(lambda x, y: x * y, np.array([1.0, 2.0]), 3.0)
    >>> value
    array([3., 6.])
    >>> pullback(np.array([1.0, 1.0]))
    (array([3., 3.]), 3.0)
    """
    if isinstance(fun, GradFunction):
        raise errors.NoSource(
            "a gradient function is not differentiated again",
            hint="differentiate the function once; higher orders are not there yet",
        )
    chosen, slots = _asked(args, wrt)
    made = _made_for(fun, chosen)
    values = made.values((*_owner(fun), *args), {})
    found, _ = made.entry(values, f"{made.source.name}_vjp")
    value, saved = made.binding.call(found.function, values)
    compiled = found.compiled
    pulled = Pullback(compiled, template(compiled.result, value), saved, slots, made.source.name)
    return value, pulled


def _asked(args: Sequence[Any], wrt: Any) -> tuple[tuple[int | str, ...], tuple[int | None, ...]]:
    """What is differentiated with respect to, and for each entry of the result which of these."""
    if wrt is not None:
        if wrt in ((), []):
            raise errors.UnknownArgument("wrt names no argument")
        chosen = tuple(wrt) if isinstance(wrt, (tuple, list)) else (wrt,)
        return chosen, tuple(range(len(chosen)))
    able = [index for index, value in enumerate(args) if _differentiable(value)]
    places: dict[int, int] = {index: place for place, index in enumerate(able)}
    return tuple(able), tuple(places.get(index) for index in range(len(args)))


def _differentiable(value: Any) -> bool:
    try:
        check_differentiable("", described_argument("an argument", value), value)
    except errors.NotDifferentiable:
        return False
    return True


class Pullback:
    """Takes a cotangent of the value to cotangents of the arguments.

    Attributes:
        source: the text of the forward and of the backward function.
    """

    __slots__ = ("_backward", "_name", "_saved", "_slots", "_template", "source")

    def __init__(
        self,
        compiled: Any,
        expected: Template,
        saved: tuple[Any, ...],
        slots: tuple[int | None, ...],
        name: str,
    ) -> None:
        self.source: str = compiled.text
        self._backward = compiled.backward_function
        self._template = expected
        self._saved = saved
        self._slots = slots
        self._name = name

    def __call__(self, cotangent: Any, /) -> tuple[Any, ...]:
        """The cotangents of the arguments, in memory of their own.

        Raises:
            CotangentMismatch: the cotangent has not the structure, or the shapes, of the value.
        """
        found = self._backward(self._saved, fitted(self._template, cotangent))
        return tuple(None if slot is None else found[slot] for slot in self._slots)

    def __repr__(self) -> str:
        return f"<srcad pullback of {self._name}>"


class _Pairs(Made):
    """What the pullbacks of one function with respect to some arguments have compiled."""

    def chosen(self, wrt: Wrt, names: Sequence[str]) -> tuple[str, ...]:
        """The same; where no argument can be differentiated, there may be none."""
        return () if wrt == () else super().chosen(wrt, names)

    def _compiled(self, values: Sequence[Any], guard: Any = None) -> Compiled:
        described = self.described(values)
        return compile_pair(self.source, self.tree, described, self.options.wrt)


_lock = threading.Lock()


def _made_for(fun: Any, wrt: tuple[int | str, ...]) -> _Pairs:
    """What was compiled for a function, kept for those that were used last."""
    try:
        hash((fun, wrt))
    except TypeError:
        return _new(fun, wrt)
    with _lock:
        return _kept(fun, wrt)


def _new(fun: Any, wrt: tuple[int | str, ...]) -> _Pairs:
    return _Pairs(fun, wrt, False, False, len(_owner(fun)))


_kept = functools.lru_cache(MOST_FUNCTIONS)(_new)


def _owner(fun: Any) -> tuple[Any, ...]:
    return (fun.__self__,) if isinstance(fun, types.MethodType) else ()
