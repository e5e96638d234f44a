"""Numeric derivatives, and a comparison that forgives nothing but the last digits."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracles.values import is_float

Path = tuple[Any, ...]


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    """(path, leaf) for every float or float array in nested containers."""
    if isinstance(value, (list, tuple)):
        items = list(enumerate(value))
    elif isinstance(value, dict):
        items = list(value.items())
    elif dataclasses.is_dataclass(value):
        items = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
    else:
        return [(path, value)]
    return [found for key, item in items for found in leaves(item, (*path, key))]


def replace(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """`value` with the leaf at `path` changed; the other leaves are shared."""
    if not path:
        return change(value)
    key, *rest = path
    if isinstance(value, dict):
        return {k: replace(v, tuple(rest), change) if k == key else v for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value, **{key: replace(getattr(value, key), tuple(rest), change)}
        )
    items = [replace(v, tuple(rest), change) if i == key else v for i, v in enumerate(value)]
    return value._make(items) if hasattr(value, "_make") else type(value)(items)


def call_on_copies(function: Any, args: tuple[Any, ...]) -> Any:
    """The value of a function that may write its arguments."""
    return function(*copy.deepcopy(args))


def moved(leaf: Any, index: tuple[int, ...], step: Any) -> Any:
    """A leaf with one component moved; complex if the step is."""
    if isinstance(leaf, np.ndarray):
        result = leaf.astype(np.result_type(leaf.dtype, np.asarray(step).dtype))
        result[index] += step
        return result
    return leaf + step


def component_slopes(args: tuple[Any, ...], argnum: int, slope: Callable[[Any], float]) -> Any:
    """The structure of an argument with `slope(move)` for each component."""
    gradient = args[argnum]
    for path, leaf in leaves(args[argnum]):
        if not is_float(leaf):
            gradient = replace(gradient, path, lambda _: None)
            continue
        values = np.zeros(np.shape(leaf))
        for index in np.ndindex(values.shape):

            def move(step: Any, path: Path = path, index: tuple[int, ...] = index) -> Any:
                changed = replace(args[argnum], path, lambda x: moved(x, index, step))
                return (*args[:argnum], changed, *args[argnum + 1 :])

            values[index] = slope(move)
        if isinstance(leaf, np.ndarray):
            found = values.astype(leaf.dtype)
        else:
            found = type(leaf)(values)
        gradient = replace(gradient, path, lambda _, found=found: found)
    return gradient


def central_difference(function: Any, args: tuple[Any, ...], argnum: int, step: Any = 1e-4) -> Any:
    """The gradient by one argument, by fourth-order central differences in float64."""

    def slope(move: Callable[[float], Any]) -> float:
        near, far = (
            call_on_copies(function, move(k * step)) - call_on_copies(function, move(-k * step))
            for k in (1, 2)
        )
        return float((8.0 * near - far) / (12.0 * step))

    return component_slopes(args, argnum, slope)


def complex_step(function: Any, args: tuple[Any, ...], argnum: int) -> Any:
    """The gradient by one argument of a function that is analytic, to the last digits."""
    step = 1e-30

    def slope(move: Callable[[complex], Any]) -> float:
        return float(np.imag(call_on_copies(function, move(step * 1j))) / step)

    return component_slopes(args, argnum, slope)


def kind_of(value: Any) -> str:
    """What a value is, as strictly as a gradient has to match its argument."""
    if isinstance(value, np.ndarray):
        return f"array {value.dtype}{list(value.shape)}"
    return type(value).__name__


def largest(value: Any) -> float:
    """The largest finite magnitude in a value."""
    array = np.abs(np.asarray(value, dtype=np.float64))
    array = array[np.isfinite(array)]
    return float(array.max()) if array.size else 0.0


def assert_same(
    found: Any,
    wanted: Any,
    rtol: float = 1e-8,
    atol: float = 1e-12,
    equal_nan: bool = False,
    where: str = "result",
) -> None:
    """Equal structure, shape, dtype and kind; equal values to `rtol` of the largest entry."""
    if isinstance(wanted, (list, tuple)):
        assert type(found) is type(wanted), f"{where}: {type(found)}, wanted {type(wanted)}"
        assert len(found) == len(wanted), f"{where}: {len(found)} items, wanted {len(wanted)}"
        for i, (one, other) in enumerate(zip(found, wanted, strict=True)):
            assert_same(one, other, rtol, atol, equal_nan, f"{where}[{i}]")
    elif isinstance(wanted, dict):
        assert isinstance(found, dict), f"{where}: {type(found)}, wanted a dict"
        assert list(found) == list(wanted), f"{where}: keys {list(found)}, wanted {list(wanted)}"
        for key in wanted:
            assert_same(found[key], wanted[key], rtol, atol, equal_nan, f"{where}[{key!r}]")
    elif dataclasses.is_dataclass(wanted):
        assert type(found) is type(wanted), f"{where}: {type(found)}, wanted {type(wanted)}"
        for field in dataclasses.fields(wanted):
            one, other = getattr(found, field.name), getattr(wanted, field.name)
            assert_same(one, other, rtol, atol, equal_nan, f"{where}.{field.name}")
    elif wanted is None:
        assert found is None, f"{where}: {found!r}, wanted None"
    else:
        assert kind_of(found) == kind_of(wanted), (
            f"{where}: {kind_of(found)}, wanted {kind_of(wanted)}"
        )
        np.testing.assert_allclose(
            np.asarray(found, dtype=np.float64),
            np.asarray(wanted, dtype=np.float64),
            rtol=rtol,
            atol=atol + rtol * largest(wanted),
            equal_nan=equal_nan,
            err_msg=where,
        )


def assert_bitwise(found: Any, wanted: Any, where: str = "value") -> None:
    """The same kind, dtype, shape and bits."""
    assert kind_of(found) == kind_of(wanted), f"{where}: {kind_of(found)}, not {kind_of(wanted)}"
    same = np.asarray(found).tobytes() == np.asarray(wanted).tobytes()
    assert same, f"{where}: {found!r}, wanted {wanted!r}"
