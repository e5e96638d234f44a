"""Tangents of NumPy functions: a rule takes (function, args, kwargs) and returns ans -> tangent.

A rule reads its inputs at once, since the primal call that follows may write them.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracles.elementwise import ALIASES, ELEMENTWISE
from tests.oracles.reductions import REDUCTIONS
from tests.oracles.values import (
    Dual,
    OracleError,
    adopt,
    duals_in,
    fresh,
    pair,
    strip,
    tangent_of,
)

Finish = Callable[[Any], Any]
Rule = Callable[[Any, tuple[Any, ...], dict[str, Any]], Finish]
HARMLESS_KEYWORDS = {"out", "dtype", "casting", "order", "subok"}


def as_float64(value: Any) -> Any:
    """A float64 copy of the primal of an operand."""
    return np.array(strip(value), dtype=np.float64)[()]


def elementwise(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """The sum of partial times tangent; an input that does not move contributes nothing."""
    if not set(kwargs) <= HARMLESS_KEYWORDS:
        raise OracleError(f"{function} with {sorted(kwargs)}")
    partials = ELEMENTWISE[function]
    inputs = [as_float64(arg) for arg in args[: len(partials)]]
    tangents = [
        np.array(tangent_of(arg), dtype=np.float64) if duals_in([arg]) else None
        for arg in args[: len(partials)]
    ]

    def finish(ans: Any) -> Any:
        ans = as_float64(ans)
        total = np.zeros(np.shape(ans))
        for partial, tangent in zip(partials, tangents, strict=True):
            if tangent is not None:
                term = np.where(tangent == 0, 0.0, partial(ans, *inputs) * tangent)
                total = total + term
        return total

    return finish


def clip(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """clip(x, low, high) passes the tangent of x strictly inside, else that of the bound."""
    names = {"a_min": 1, "min": 1, "a_max": 2, "max": 2}
    operands = [*args, None, None][:3]
    for name, value in kwargs.items():
        if name in names:
            operands[names[name]] = value
    x, low, high = operands
    low = -np.inf if low is None else low
    high = np.inf if high is None else high
    p, below, above = as_float64(x), as_float64(low), as_float64(high)
    tangents = [np.array(tangent_of(value), dtype=np.float64) for value in (x, low, high)]

    def finish(ans: Any) -> Any:
        outer = np.where(p >= above, tangents[2], tangents[1])
        return np.where((p > below) & (p < above), tangents[0], outer)

    return finish


def without_output(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The plain keyword arguments that a call on tangents takes too."""
    return {key: strip(value) for key, value in kwargs.items() if key not in ("out", "dtype")}


def check_data(function: Any, args: tuple[Any, ...], data: tuple[int, ...], kwargs: Any) -> None:
    """Refuse a call with a dual where the rule would not look for one."""
    hidden = [arg for position, arg in enumerate(args) if position not in data]
    rest = {key: value for key, value in kwargs.items() if key != "out"}
    if duals_in(rest) or any(np.any(dual.tangent) for dual in duals_in(hidden)):
        raise OracleError(f"{function} has a dual in an unexpected place")


def linear(*data: int) -> Rule:
    """A function that is linear in the arguments at positions `data` together."""

    def rule(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
        check_data(function, args, data, kwargs)
        inputs = [
            tangent_of(arg) if position in data else strip(arg) for position, arg in enumerate(args)
        ]
        tangent = function(*inputs, **without_output(kwargs))
        return lambda ans: tangent

    return rule


def multilinear(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """A function that is linear in every array argument on its own: matmul, einsum, outer."""
    check_data(function, args, tuple(range(len(args))), kwargs)
    terms = []
    for moving, value in enumerate(args):
        if duals_in([value]):
            inputs = [
                tangent_of(arg) if position == moving else strip(arg)
                for position, arg in enumerate(args)
            ]
            terms.append(function(*inputs, **without_output(kwargs)))
    return lambda ans: sum(terms[1:], terms[0])


def constant(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """A function without derivative."""
    return lambda ans: 0.0


def solve(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """x = solve(A, b): A dx = db - dA x."""
    matrix, right = as_float64(args[0]), np.array(tangent_of(args[1]))
    change = np.array(tangent_of(args[0]))
    return lambda ans: np.linalg.solve(matrix, right - change @ as_float64(ans))


def inverse(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """d inv(A) = -inv(A) dA inv(A)."""
    change = args[0].tangent.copy()
    return lambda ans: -as_float64(ans) @ change @ as_float64(ans)


def determinant(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """d det(A) = det(A) trace(inv(A) dA)."""
    matrix, change = as_float64(args[0]), args[0].tangent.copy()
    slope = np.trace(np.linalg.solve(matrix, change), axis1=-2, axis2=-1)
    if function is np.linalg.slogdet:
        return lambda ans: (0.0, slope)
    return lambda ans: as_float64(ans) * slope


def scalar_of(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """float(x): the tangent of the one element."""
    tangent = np.reshape(args[0].tangent, -1)[0]
    return lambda ans: tangent


RULES: dict[Any, Rule] = dict.fromkeys(ELEMENTWISE, elementwise)
RULES.update({np.clip: clip, float: scalar_of, **REDUCTIONS})
RULES.update({np.linalg.solve: solve, np.linalg.inv: inverse, np.linalg.det: determinant})
RULES[np.linalg.slogdet] = determinant

LINEAR = (
    "reshape ravel transpose permute_dims matrix_transpose swapaxes moveaxis rollaxis squeeze "
    "expand_dims broadcast_to broadcast_arrays "
    "atleast_1d atleast_2d atleast_3d flip fliplr flipud roll rot90 concatenate concat stack "
    "vstack hstack column_stack dstack block tile repeat diag diagflat diagonal trace tril triu "
    "split array_split hsplit vsplit sum mean cumsum diff ediff1d take take_along_axis copy array "
    "asarray asanyarray ascontiguousarray asfortranarray real pad delete extract flipud"
)
for name in LINEAR.split():
    RULES[getattr(np, name)] = linear(0)
RULES[np.where] = RULES[np.select] = linear(1, 2)
RULES[np.full] = RULES[np.full_like] = RULES[np.compress] = RULES[np.choose] = linear(1)
RULES[np.append] = linear(0, 1)
RULES[np.insert] = linear(0, 2)
MULTILINEAR = "dot matmul outer inner vdot einsum tensordot kron cross convolve correlate"
for name in MULTILINEAR.split():
    RULES[getattr(np, name)] = multilinear
CONSTANT = (
    "zeros_like ones_like empty_like argmax argmin argsort any all isnan isfinite isinf signbit "
    "greater less equal not_equal greater_equal less_equal allclose isclose array_equal "
    "count_nonzero nonzero argwhere shape size ndim result_type shares_memory may_share_memory "
    "searchsorted logical_and logical_or logical_not iscomplexobj isscalar"
)
for name in CONSTANT.split():
    RULES[getattr(np, name)] = constant

RULES[np.float64] = RULES[math.fsum] = linear(0)


def product(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """math.prod of a list: each item's tangent times the others."""
    items, moved = list(strip(args[0])), list(tangent_of(args[0]))
    terms = [t * math.prod(items[:i] + items[i + 1 :]) for i, t in enumerate(moved)]
    return lambda ans: sum(terms)


def distance(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Finish:
    """math.dist of two points."""
    apart = np.array(strip(args[0])) - np.array(strip(args[1]))
    moved = np.array(tangent_of(args[0])) - np.array(tangent_of(args[1]))
    return lambda ans: np.sum(apart * moved) / ans if ans else 0.0


RULES[math.prod], RULES[math.dist] = product, distance

VARIADIC = {np.broadcast_arrays, np.atleast_1d, np.atleast_2d, np.atleast_3d}


def positional(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`args` and `kwargs` with keywords that hold duals moved to their positions."""
    if not duals_in({key: value for key, value in kwargs.items() if key != "out"}):
        return args, kwargs
    bound = inspect.signature(function).bind(*args, **kwargs)
    return bound.args, bound.kwargs


def call_numpy(
    function: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    run: Callable[[], Any] | None = None,
) -> Any:
    """`function(*args, **kwargs)` on duals; `run` computes the primal if it is not that call."""
    target = kwargs.get("out")
    if run is None:
        run = lambda: function(*strip(args), **strip(kwargs))  # noqa: E731
    if function in VARIADIC and len(args) > 1:
        function, args = VARIADIC_RULES[function], (args,)
    function = ALIASES.get(function, function)
    if function not in RULES:
        raise OracleError(f"no derivative for {function}")
    args, kwargs = positional(function, args, kwargs)
    with np.errstate(all="ignore"):
        finish = RULES[function](function, args, kwargs)
    primal = run()
    with np.errstate(all="ignore"):
        tangent = finish(primal)
    if isinstance(target, Dual):
        target.tangent[...] = tangent
        return target
    if RULES[function] is constant:
        return adopt(primal)
    return pair(primal, tangent, duals_in(args))


# Functions that write their first argument, linearly in the one at this position.
STORES: dict[Any, int] = {
    np.copyto: 1,
    np.fill_diagonal: 1,
    np.put: 2,
    np.place: 2,
    np.putmask: 2,
    np.put_along_axis: 2,
}


def call_store(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """A function that stores into an array, on primals and on tangents."""
    target, *plain = strip(args)
    moved = [
        np.array(tangent_of(arg)) if i == STORES[function] else strip(arg)
        for i, arg in enumerate(args)
    ]
    function(target, *plain, **strip(kwargs))
    if isinstance(args[0], Dual):
        function(args[0].tangent, *moved[1:], **strip(kwargs))


def add_at(ufunc: Any, args: tuple[Any, ...]) -> None:
    """`np.add.at` and `np.subtract.at`, on primals and on tangents."""
    target, index, value = args
    moved = np.array(tangent_of(value))
    ufunc.at(strip(target), strip(index), strip(value))
    if isinstance(target, Dual):
        ufunc.at(target.tangent, strip(index), moved)


def spread(function: Any) -> Any:
    """A function of several arrays as a function of one sequence."""
    return lambda arrays: function(*arrays)


VARIADIC_RULES = {function: spread(function) for function in VARIADIC}
RULES.update({function: linear(0) for function in VARIADIC_RULES.values()})


def call_method(receiver: Dual, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`receiver.name(*args, **kwargs)`: the method's own primal, the NumPy function's tangent."""
    method = getattr(receiver.primal, name)
    run = lambda: method(*strip(args), **strip(kwargs))  # noqa: E731
    if name in LINEAR_METHODS:
        dropped = without_output(kwargs)
        tangent = getattr(receiver.tangent, name)(*strip(args), **dropped)
        primal = run()
        target = kwargs.get("out")
        if isinstance(target, Dual):
            target.tangent[...] = tangent
            return target
        return pair(primal, tangent, [receiver])
    if name == "astype":
        primal = run()
        return receiver if primal is receiver.primal else fresh(primal, receiver.tangent)
    if name == "sort":
        order = np.argsort(receiver.primal, *args, kind="stable", **kwargs)
        axis = kwargs.get("axis", *args or (-1,))
        receiver.tangent[...] = np.take_along_axis(receiver.tangent, order, axis)
        return run()
    if name == "fill":
        receiver.tangent.fill(tangent_of(args[0]))
        return run()
    if name == "tolist":
        return pair(run(), receiver.tangent.tolist(), [])
    if name == "is_integer":
        return run()
    return call_numpy(getattr(np, name), (receiver, *args), kwargs, run)


LINEAR_METHODS = {
    "reshape",
    "ravel",
    "flatten",
    "transpose",
    "swapaxes",
    "squeeze",
    "sum",
    "mean",
    "cumsum",
    "copy",
    "repeat",
    "take",
    "diagonal",
    "trace",
    "item",
    "conj",
    "conjugate",
    "view",
}
