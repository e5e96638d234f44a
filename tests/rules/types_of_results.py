"""The type that a primitive infers against the value that it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from srcad.primitive import Primitive
from srcad.types import (
    UNKNOWN,
    Dim,
    Expression,
    Facts,
    Object,
    Shifted,
    Sizes,
    Symbol,
    Tensor,
    type_of,
)

Sight = Callable[[np.ndarray, dict[Symbol, int]], Tensor]


def numbers(x: np.ndarray, sizes: dict[Symbol, int]) -> Tensor:
    """Every dimension is known as a number."""
    return type_of(x)


def symbols(x: np.ndarray, sizes: dict[Symbol, int]) -> Tensor:
    """Every dimension but 0 and 1 is a symbol of its own, as in a signature."""
    dims: list[Dim] = []
    for size in np.shape(x):
        symbol = Symbol(f"n{len(sizes)}", several=True)
        sizes[symbol] = size
        dims.append(size if size < 2 else symbol)
    return Tensor(x.dtype, tuple(dims), type_of(x).kind)


def rank_only(x: np.ndarray, sizes: dict[Symbol, int]) -> Tensor:
    """Symbols that may be 1."""
    dims = [Symbol(f"m{len(sizes) + i}") for i in range(np.ndim(x))]
    sizes.update(zip(dims, np.shape(x), strict=True))
    return Tensor(x.dtype, tuple(dims), type_of(x).kind)


def dtype_only(x: np.ndarray, sizes: dict[Symbol, int]) -> Tensor:
    return Tensor(x.dtype)


def nothing(x: np.ndarray, sizes: dict[Symbol, int]) -> Tensor:
    return UNKNOWN


SIGHTS: tuple[Sight, ...] = (numbers, symbols, rank_only, dtype_only, nothing)


def seen(argument: Any, sight: Sight, sizes: dict[Symbol, int]) -> Any:
    """An argument as a result function gets it: arrays as types, the rest as they are."""
    if isinstance(argument, (np.ndarray, np.generic)):
        return sight(argument, sizes)
    if isinstance(argument, (list, tuple)):
        return type(argument)(seen(item, sight, sizes) for item in argument)
    return argument


def assert_type_of_call(
    primitive: Primitive, args: tuple[Any, ...], keywords: dict[str, Any], strict: bool = True
) -> None:
    """All that is inferred is true; and with all dimensions known, all is inferred."""
    found = primitive.function(*args, **keywords)
    for sight in SIGHTS:
        sizes: dict[Symbol, int] = {}
        facts = Facts()
        types = [seen(argument, sight, sizes) for argument in args]
        inferred = primitive.result(facts, *types, **keywords)
        assert_true_of(inferred, found, facts, sizes)
        if strict and sight in (numbers, symbols):
            assert_complete(inferred)


def assert_complete(inferred: Any) -> None:
    if isinstance(inferred, Tensor):
        assert inferred.dtype is not None and inferred.kind is not None, inferred
        assert inferred.dims is not None, inferred


def assert_true_of(inferred: Any, found: Any, facts: Facts, sizes: dict[Symbol, int]) -> None:
    """Nothing that the type says is false of the value."""
    if isinstance(inferred, Object):
        return
    if isinstance(inferred, Sizes):
        assert isinstance(found, tuple)
        assert_dims(inferred.dims, found, facts, sizes)
        return
    actual = type_of(found)
    assert isinstance(actual, Tensor), found
    assert inferred.dtype in (None, actual.dtype), f"{inferred.dtype} for {actual.dtype}"
    kinds = (None, actual.kind, "number" if actual.immutable else None)
    assert inferred.kind in kinds, f"{inferred.kind} for {actual.kind}"
    assert_dims(inferred.dims, np.shape(found), facts, sizes)


def assert_dims(dims: Any, shape: tuple[int, ...], facts: Facts, sizes: dict[Symbol, int]) -> None:
    if dims is None:
        return
    assert len(dims) == len(shape), f"{dims} for {shape}"
    for dim, size in zip(dims, shape, strict=True):
        value = size_of(facts.find(dim), facts, sizes)
        assert value in (None, size), f"{dims} for {shape}"


def size_of(dim: Dim, facts: Facts, sizes: dict[Symbol, int]) -> int | None:
    """The number that a dimension is, given those of the arguments; None if it is unknown."""
    if isinstance(dim, int):
        return dim
    if isinstance(dim, Symbol):
        return sizes.get(dim)
    if isinstance(dim, Shifted):
        base = size_of(dim.base, facts, sizes)
        return None if base is None else max(base - dim.shift, 0)
    return _size_of_expression(dim, facts, sizes)


def _size_of_expression(dim: Expression, facts: Facts, sizes: dict[Symbol, int]) -> int | None:
    operands = [size_of(o, facts, sizes) for o in dim.operands]
    if None in operands:
        return None
    meanings: dict[str, Callable[..., int]] = {
        "+": lambda *xs: sum(xs),
        "*": lambda *xs: int(np.prod(xs)),
        "-": lambda n, k: max(n - k, 0),
        "min": min,
        "slice": lambda n, start, stop: len(range(*slice(start, stop).indices(n))),
        "step": lambda n, k: -(-n // k),
    }
    return meanings[dim.operator](*operands)
