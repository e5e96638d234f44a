"""`check_grads`: a gradient against numeric derivatives."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from srcad import errors
from srcad.api import GradFunction
from srcad.binding import Wrt
from srcad.records import is_record, record_of

Path = tuple[Any, ...]  # the keys and fields from an argument down to one of its leaves


def check_grads(
    fun: Callable[..., Any],
    *args: Any,
    wrt: Wrt | None = None,
    order: int = 1,
    modes: Sequence[str] = ("rev",),
    rtol: float = 1e-6,
    atol: float = 1e-6,
) -> None:
    """Compare the gradient of `fun` at `args` with central differences, entry by entry.

    Args:
        fun: a function whose result is a real scalar; a gradient function stands for its primal.
        args: its arguments; those in `wrt` are moved in float64.
        wrt: by default what a gradient function was made for, or all arguments that are floats.
        order: 1; higher orders are not there yet.
        modes: ("rev",); forward mode is not there yet.
        rtol: an entry may differ by `atol + rtol * |numeric|`.
        atol: the same.

    Raises:
        WrongGradient: with the worst entry, its index and both values.

    >>> import numpy as np
    >>> check_grads(lambda x: np.sum(np.sin(x)), np.array([0.1, 0.2]))
    """
    if order != 1 or tuple(modes) != ("rev",):
        raise errors.NotImplementedYet(
            f"check_grads of order {order} in modes {tuple(modes)} is not there yet",
            hint='use order=1, modes=("rev",)',
        )
    aux = isinstance(fun, GradFunction) and fun.has_aux
    if isinstance(fun, GradFunction):
        wrt = fun.wrt if wrt is None else wrt
        fun = fun.primal
    if wrt is None:
        wrt = tuple(i for i, value in enumerate(args) if _has_floats(value))
    gradient = GradFunction(fun, wrt if isinstance(wrt, (tuple, list)) else (wrt,), False, aux)
    found = gradient(*args)[0] if aux else gradient(*args)
    bound = gradient.__signature__.bind(*args)
    bound.apply_defaults()
    worst = _worst(_entries(fun, bound, gradient.wrt, found, aux), rtol, atol)
    if worst is not None:
        place, analytic, numeric = worst
        raise errors.WrongGradient(
            f"the gradient at {place} is {analytic!r}, and central differences give {numeric!r}"
        )


def _worst(
    entries: Iterator[tuple[str, float, float]], rtol: float, atol: float
) -> tuple[str, float, float] | None:
    """The entry that is farthest off, None if all are near; NaN is farther than any number."""
    worst, farthest = None, 0.0
    for place, analytic, numeric in entries:
        excess = abs(analytic - numeric) - (atol + rtol * abs(numeric))
        excess = math.inf if math.isnan(excess) else excess
        if excess > farthest:
            worst, farthest = (place, analytic, numeric), excess
    return worst


def _has_floats(value: Any) -> bool:
    items = _items(value)
    if items is not None:
        enough = any if is_record(value) else all  # a field may have no gradient
        return bool(items) and enough(map(_has_floats, items.values()))
    return isinstance(value, (float, np.ndarray, np.generic)) and np.result_type(value).kind == "f"


def _entries(
    fun: Any, bound: inspect.BoundArguments, wrt: Sequence[str], found: Sequence[Any], aux: bool
) -> Iterator[tuple[str, float, float]]:
    """(place, analytic, numeric) of each number in the arguments."""
    for name, gradients in zip(wrt, found, strict=True):
        for path, place in _leaves(bound.arguments[name], name):
            if _at(gradients, path) is None:  # a field without a gradient
                continue
            array = np.array(_at(bound.arguments[name], path), np.float64)
            gradient = np.asarray(_at(gradients, path))
            for index in np.ndindex(array.shape):
                at = _along(fun, bound, name, path, index, aux)
                entry = place + (str(list(index)) if index else "")
                yield entry, float(gradient[index]), _derivative(at, float(array[index]))


def _along(
    fun: Any, bound: inspect.BoundArguments, name: str, path: Path, index: Any, aux: bool
) -> Callable[[float], float]:
    """The function of one number: of how far one entry of one argument is moved."""
    value = bound.arguments[name]
    leaf = _at(value, path)

    def evaluated(shift: float) -> float:
        moved = np.array(leaf, np.float64)
        moved[index] += shift
        new = moved if isinstance(leaf, np.ndarray) else type(leaf)(moved[()])
        bound.arguments[name] = _replaced(value, path, new)
        result = fun(*bound.args, **bound.kwargs)
        bound.arguments[name] = value
        return float(result[0] if aux else result)

    return evaluated


def _derivative(at: Callable[[float], float], x: float) -> float:
    """Central differences at two steps, extrapolated: an error of the fourth order (Richardson)."""
    step = 1e-3 * max(1.0, abs(x))
    coarse = (at(step) - at(-step)) / (2 * step)
    fine = (at(step / 2) - at(-step / 2)) / step
    return (4 * fine - coarse) / 3


def _items(tree: Any) -> dict[Any, Any] | None:
    """What a container or a record holds, by key or field; None for a leaf."""
    if is_record(tree):
        return record_of(tree).fields
    if isinstance(tree, (tuple, list, dict)):
        return dict(tree) if isinstance(tree, dict) else dict(enumerate(tree))
    return None


def _leaves(tree: Any, place: str) -> Iterator[tuple[Path, str]]:
    """The path to each leaf, and the expression that reads it."""
    items = _items(tree)
    if items is None:
        yield (), place
        return
    for key, item in items.items():
        step = f".{key}" if is_record(tree) else f"[{key!r}]"
        yield from (((key, *path), found) for path, found in _leaves(item, place + step))


def _at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = (_items(tree) or {})[key]
    return tree


def _replaced(tree: Any, path: Path, new: Any) -> Any:
    """The tree with the leaf at one path replaced."""
    if not path:
        return new
    items = dict(_items(tree) or {})
    items[path[0]] = _replaced(items[path[0]], path[1:], new)
    if is_record(tree):
        return type(tree)(**items)
    return items if isinstance(tree, dict) else type(tree)(items.values())
