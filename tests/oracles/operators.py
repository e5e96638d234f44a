"""Python's operators, attributes and methods on dual values."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.oracles.derivatives import LINEAR_METHODS, call_method, call_numpy
from tests.oracles.values import Dual, Flat, OracleError, adopt, get_item, pair, strip

BINARY: dict[type[ast.operator], tuple[Any, Any, Any]] = {
    ast.Add: (operator.add, operator.iadd, np.add),
    ast.Sub: (operator.sub, operator.isub, np.subtract),
    ast.Mult: (operator.mul, operator.imul, np.multiply),
    ast.Div: (operator.truediv, operator.itruediv, np.divide),
    ast.FloorDiv: (operator.floordiv, operator.ifloordiv, np.floor_divide),
    ast.Mod: (operator.mod, operator.imod, np.remainder),
    ast.Pow: (operator.pow, operator.ipow, np.power),
    ast.MatMult: (operator.matmul, operator.imatmul, np.matmul),
    ast.BitAnd: (operator.and_, operator.iand, None),
    ast.BitOr: (operator.or_, operator.ior, None),
    ast.BitXor: (operator.xor, operator.ixor, None),
    ast.LShift: (operator.lshift, operator.ilshift, None),
    ast.RShift: (operator.rshift, operator.irshift, None),
}
COMPARE: dict[type[ast.cmpop], Any] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda item, container: item in container,
    ast.NotIn: lambda item, container: item not in container,
}
PROPERTIES = {"shape", "size", "ndim", "dtype", "itemsize", "nbytes", "strides", "flags"}
VIEW_PROPERTIES = {"T", "mT", "real"}
CONSTANT_METHODS = {"argmax", "argmin", "argsort", "any", "all", "nonzero", "is_integer"}


class Method:
    """A bound method of a dual array."""

    def __init__(self, receiver: Dual, name: str) -> None:
        self.receiver = receiver
        self.name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return call_method(self.receiver, self.name, args, kwargs)


def get_attribute(value: Any, name: str) -> Any:
    """`value.name`, with parallel views for `.T` and bound methods for the rest."""
    if not isinstance(value, Dual):
        return getattr(value, name)
    if name in PROPERTIES:
        return getattr(value.primal, name)
    if name in VIEW_PROPERTIES:
        primal = getattr(value.primal, name)
        return pair(primal, getattr(value.tangent, name), [value])
    if name == "flat":
        return Flat(value)
    getattr(value.primal, name)
    known = name in LINEAR_METHODS or name in CONSTANT_METHODS or name in ("fill", "tolist")
    if not known and name != "astype" and not hasattr(np, name):
        raise OracleError(f"no derivative for .{name}")
    return Method(value, name)


def binary(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """`left op right`; a new value."""
    plain, _, function = BINARY[kind]
    if not isinstance(left, Dual) and not isinstance(right, Dual):
        return adopt(plain(left, right))
    if isinstance(left, str):
        return plain(left, strip(right))
    if function is None:
        return plain(strip(left), strip(right))
    return call_numpy(function, (left, right), {}, lambda: plain(strip(left), strip(right)))


def operator_function(function: Any) -> Callable[..., Any] | None:
    """What a function of the `operator` module does to dual values, None for another one."""
    if function is operator.neg:
        return lambda value: binary(ast.Mult, -1, value)
    if function is operator.getitem:
        return get_item
    for kind, (plain, changing, _) in BINARY.items():
        if function is plain:
            return lambda left, right: binary(kind, left, right)
        if function is changing:
            return lambda left, right: in_place(kind, left, right)
    return None


def in_place(kind: type[ast.operator], left: Any, right: Any) -> Any:
    """`left op= right`; the same Dual if Python would change the array itself."""
    _, plain, function = BINARY[kind]
    if isinstance(left, Dual) and isinstance(left.primal, np.ndarray):
        before = left.primal
        moved = call_numpy(
            function, (left, right), {"out": left}, lambda: plain(before, strip(right))
        )
        assert moved is left
        return left
    if isinstance(left, (np.ndarray, list)):
        return plain(left, right if isinstance(left, list) else strip(right))
    return binary(kind, left, right)


def _dunder(kind: type[ast.operator], flipped: bool) -> Callable[[Any, Any], Any]:
    if flipped:
        return lambda self, other: binary(kind, other, self)
    return lambda self, other: binary(kind, self, other)


for _kind, _name in {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv"}.items():
    setattr(Dual, f"__{_name}__", _dunder(_kind, False))
    setattr(Dual, f"__r{_name}__", _dunder(_kind, True))
