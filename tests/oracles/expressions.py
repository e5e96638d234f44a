"""Expressions of the user's program, evaluated on dual values."""

from __future__ import annotations

import ast
import builtins
import dataclasses
import functools
import math
import operator
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.oracles.derivatives import RULES, STORES, add_at, call_numpy, call_store
from tests.oracles.elementwise import ALIASES
from tests.oracles.functions import Frame, Function, find_node, local_names
from tests.oracles.operators import COMPARE, Method, binary, get_attribute, operator_function
from tests.oracles.values import (
    Dual,
    OracleError,
    adopt,
    duals_in,
    fields_of,
    get_item,
    is_float,
    lift_leaf,
    map_leaves,
    strip,
)

LOOKING: tuple[Any, ...] = (
    len,
    isinstance,
    issubclass,
    type,
    str,
    repr,
    format,
    id,
    hasattr,
    callable,
    int,
    bool,
    round,
    math.floor,
    math.ceil,
    math.trunc,
    math.isfinite,
    math.isnan,
)
NATIVE: tuple[Any, ...] = (
    zip,
    enumerate,
    reversed,
    list,
    tuple,
    dict,
    sum,
    min,
    max,
    sorted,
    map,
    filter,
    iter,
    next,
    range,
    slice,
    any,
    all,
    set,
    functools.reduce,
)
AT = {ufunc.at: ufunc for ufunc in (np.add, np.subtract)}
LOOKING_MODULES = {"logging", "warnings"}


class Expressions:
    """An evaluator with one method for each kind of expression."""

    def __init__(self) -> None:
        self.lifted: dict[int, tuple[Any, Any]] = {}
        self.made: dict[int, Any] = {}  # the objects that the program has made, by identity

    def call_function(self, function: Function, args: Any, kwargs: Any) -> Any:
        raise NotImplementedError

    def lift(self, value: Any) -> Any:
        """A value from outside the program: always the same Dual for the same array."""
        if id(value) in self.lifted:
            return self.lifted[id(value)][1]
        if isinstance(value, (np.ndarray, list, dict, tuple)) or fields_of(value) is not None:
            if isinstance(value, np.ndarray) and not is_float(value):
                return value
            self.lifted[id(value)] = (value, map_leaves(lambda x: lift_leaf(x, False), value))
            return self.lifted[id(value)][1]
        return value

    def evaluate(self, node: ast.expr, frame: Frame) -> Any:
        """The value of an expression."""
        method = getattr(self, f"evaluate_{type(node).__name__}", None)
        if method is None:
            raise OracleError(f"cannot evaluate {type(node).__name__}")
        return method(node, frame)

    def evaluate_Constant(self, node: ast.Constant, frame: Frame) -> Any:
        return node.value

    def evaluate_Name(self, node: ast.Name, frame: Frame) -> Any:
        owner = frame.owner(node.id)
        if owner is not None:
            if node.id not in owner.values:
                raise UnboundLocalError(node.id)
            return owner.values[node.id]
        root = frame.root()
        if node.id in root.cells:
            return self.lift(root.cells[node.id].cell_contents)
        if node.id in root.outside:
            return self.lift(root.outside[node.id])
        return getattr(builtins, node.id)

    def evaluate_Attribute(self, node: ast.Attribute, frame: Frame) -> Any:
        return self.lift(get_attribute(self.evaluate(node.value, frame), node.attr))

    def evaluate_Subscript(self, node: ast.Subscript, frame: Frame) -> Any:
        base = self.evaluate(node.value, frame)
        return get_item(base, self.evaluate(node.slice, frame))

    def evaluate_Slice(self, node: ast.Slice, frame: Frame) -> slice:
        parts = (node.lower, node.upper, node.step)
        return slice(*(None if part is None else self.evaluate(part, frame) for part in parts))

    def evaluate_BinOp(self, node: ast.BinOp, frame: Frame) -> Any:
        left = self.evaluate(node.left, frame)
        return binary(type(node.op), left, self.evaluate(node.right, frame))

    def evaluate_UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Any:
        value = self.evaluate(node.operand, frame)
        if isinstance(node.op, ast.Not):
            return not value
        if not isinstance(value, Dual):
            plain = {ast.USub: operator.neg, ast.UAdd: operator.pos, ast.Invert: operator.invert}
            return plain[type(node.op)](value)
        if isinstance(node.op, ast.USub):
            return call_numpy(np.negative, (value,), {}, lambda: -value.primal)
        return call_numpy(np.positive, (value,), {}, lambda: +value.primal)

    def evaluate_BoolOp(self, node: ast.BoolOp, frame: Frame) -> Any:
        decided = not isinstance(node.op, ast.And)
        for operand in node.values:
            value = self.evaluate(operand, frame)
            if bool(value) == decided:
                return value
        return value

    def evaluate_Compare(self, node: ast.Compare, frame: Frame) -> Any:
        left = self.evaluate(node.left, frame)
        for kind, operand in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(operand, frame)
            if isinstance(kind, (ast.Is, ast.IsNot)):
                result = (left is right) == isinstance(kind, ast.Is)
            else:
                result = COMPARE[type(kind)](strip(left), strip(right))
            if len(node.ops) > 1 and not result:
                break
            left = right
        return result

    def evaluate_IfExp(self, node: ast.IfExp, frame: Frame) -> Any:
        chosen = node.body if self.evaluate(node.test, frame) else node.orelse
        return self.evaluate(chosen, frame)

    def evaluate_NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Any:
        frame.values[node.target.id] = self.evaluate(node.value, frame)
        return frame.values[node.target.id]

    def evaluate_items(self, nodes: list[ast.expr], frame: Frame) -> list[Any]:
        """The values of a display or an argument list, with stars spread."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values.extend(self.evaluate(node.value, frame))
            else:
                values.append(self.evaluate(node, frame))
        return values

    def evaluate_Tuple(self, node: ast.Tuple, frame: Frame) -> tuple[Any, ...]:
        return tuple(self.evaluate_items(node.elts, frame))

    def evaluate_List(self, node: ast.List, frame: Frame) -> list[Any]:
        return self.evaluate_items(node.elts, frame)

    def evaluate_Set(self, node: ast.Set, frame: Frame) -> set[Any]:
        return set(self.evaluate_items(node.elts, frame))

    def evaluate_Dict(self, node: ast.Dict, frame: Frame) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                result.update(self.evaluate(value, frame))
            else:
                result[self.evaluate(key, frame)] = self.evaluate(value, frame)
        return result

    def evaluate_JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> str:
        return "".join(self.evaluate(part, frame) for part in node.values)

    def evaluate_FormattedValue(self, node: ast.FormattedValue, frame: Frame) -> str:
        value = strip(self.evaluate(node.value, frame))
        convert = {-1: lambda x: x, 115: str, 114: repr, 97: ascii}[node.conversion]
        template = "" if node.format_spec is None else self.evaluate(node.format_spec, frame)
        return format(convert(value), template)

    def evaluate_Lambda(self, node: ast.Lambda, frame: Frame) -> Function:
        return self.make_function(node, frame)

    def make_function(self, node: Any, frame: Frame) -> Function:
        """A function value of the interpreted program, its defaults evaluated now."""
        defaults = [self.evaluate(default, frame) for default in node.args.defaults]
        named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
        keywords = {
            argument.arg: self.evaluate(default, frame)
            for argument, default in named
            if default is not None
        }
        return Function(node, defaults, keywords, frame, {}, {}, self)

    def comprehension_frames(
        self, generators: list[Any], frame: Frame, around: Frame | None = None
    ) -> Iterator[Frame]:
        """The scope of a comprehension, once for each element.

        What it runs over first is evaluated around it.
        """
        first, *rest = generators
        for item in self.evaluate(first.iter, around or frame):
            self.assign(first.target, item, frame)
            if all(self.evaluate(test, frame) for test in first.ifs):
                if rest:
                    yield from self.comprehension_frames(rest, frame)
                else:
                    yield frame

    def comprehension_scope(self, generators: list[Any], frame: Frame) -> Frame:
        names = {
            node.id
            for generator in generators
            for node in ast.walk(generator.target)
            if isinstance(node, ast.Name)
        }
        return Frame(frozenset(names), frame, {})

    def evaluate_ListComp(self, node: ast.ListComp, frame: Frame) -> list[Any]:
        scope = self.comprehension_scope(node.generators, frame)
        each = self.comprehension_frames(node.generators, scope, frame)
        return [self.evaluate(node.elt, inner) for inner in each]

    def evaluate_GeneratorExp(self, node: ast.GeneratorExp, frame: Frame) -> Any:
        return iter(self.evaluate_ListComp(ast.ListComp(node.elt, node.generators), frame))

    def evaluate_DictComp(self, node: ast.DictComp, frame: Frame) -> dict[Any, Any]:
        scope = self.comprehension_scope(node.generators, frame)
        each = self.comprehension_frames(node.generators, scope, frame)
        return {self.evaluate(node.key, f): self.evaluate(node.value, f) for f in each}

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        raise NotImplementedError

    def evaluate_Call(self, node: ast.Call, frame: Frame) -> Any:
        callee = self.evaluate(node.func, frame)
        args = tuple(self.evaluate_items(node.args, frame))
        kwargs: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self.evaluate(keyword.value, frame)
            kwargs.update(value if keyword.arg is None else {keyword.arg: value})
        return self.call(callee, args, kwargs)

    def call(self, callee: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call by the kind of what is called; a native function never sees a live Dual."""
        if isinstance(callee, (Method, Function)):
            return callee(*args, **kwargs)
        if callee is print:
            return None
        if callee is functools.partial:
            return functools.partial(*args, **kwargs)
        if isinstance(callee, functools.partial):
            return self.call(callee.func, (*callee.args, *args), {**callee.keywords, **kwargs})
        if _module(callee) in LOOKING_MODULES:
            return callee(*strip(args), **strip(kwargs))
        if getattr(callee, "__module__", None) in ("collections", "dataclasses"):
            return callee(*args, **kwargs)  # they hand the fields on
        if isinstance(callee, types.MethodType):
            return self.call(callee.__func__, (callee.__self__, *args), kwargs)
        if callee is functools.partial:
            return functools.partial(*args, **kwargs)
        if callee is functools.update_wrapper:
            return args[0]
        own = getattr(type(callee), "__call__", None)  # noqa: B004
        if isinstance(own, types.FunctionType):
            return self.call(own, (callee, *args), kwargs)
        active = bool(duals_in([args, kwargs]))
        if active and (operation := operator_function(callee)) is not None:
            return operation(*args)
        if active and _known(callee):
            return call_numpy(callee, args, kwargs, _scalar_run(callee, args))
        if isinstance(callee, types.FunctionType) and _is_user(callee):
            return self.call_function(self.function_of(callee), args, kwargs)
        if callee in LOOKING or isinstance(getattr(callee, "__self__", None), str):
            return callee(*strip(args), **strip(kwargs))
        owner = getattr(callee, "__self__", None)
        if callee in NATIVE or isinstance(owner, (list, dict, tuple, set)):
            wrapped = [self.callable_of(arg) for arg in args]
            return callee(*wrapped, **{k: self.callable_of(v) for k, v in kwargs.items()})
        if isinstance(callee, type) and _is_user(callee):
            return self.make_object(callee, args, kwargs)
        if active and callee in STORES:
            return call_store(callee, args, kwargs)
        if active and callee in AT:
            return add_at(AT[callee], args)
        if isinstance(vars(type(callee)).get("__call__"), types.FunctionType):
            return self.call(type(callee).__call__, (callee, *args), kwargs)
        if active:
            raise OracleError(f"no derivative for {callee}")
        return adopt(callee(*args, **kwargs))

    def make_object(self, kind: type, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """An instance of a user's class; an `__init__` that has a text is interpreted."""
        start = vars(kind).get("__init__")
        if dataclasses.is_dataclass(kind) or not isinstance(start, types.FunctionType):
            return kind(*args, **kwargs)
        made = kind.__new__(kind)
        self.made[id(made)] = made
        self.call(start, (made, *args), kwargs)
        return made

    def callable_of(self, value: Any) -> Any:
        """A native caller's handle on a user or NumPy function."""
        if isinstance(value, types.FunctionType) or _known(value):
            return lambda *args, **kwargs: self.call(value, args, kwargs)
        return value

    def function_of(self, function: types.FunctionType) -> Function:
        """A Python function as a function of the interpreted program."""
        cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
        return Function(
            find_node(function.__code__),
            [self.lift(value) for value in function.__defaults__ or ()],
            {key: self.lift(value) for key, value in (function.__kwdefaults__ or {}).items()},
            None,
            function.__globals__,
            cells,
            self,
        )

    def entry_frame(self, function: Function) -> Frame:
        """A new activation of a function, without its arguments yet."""
        names = local_names(function.node)
        return Frame(names, function.frame, function.outside, function.cells)


def _known(callee: Any) -> bool:
    try:
        return callee in RULES or callee in ALIASES
    except TypeError:
        return False


def _scalar_run(callee: Any, args: tuple[Any, ...]) -> Any:
    """Python's own function computes the primal, where the rule is of a NumPy function."""
    return (lambda: callee(*strip(args))) if callee in ALIASES else None


def _module(callee: Any) -> str:
    return (getattr(callee, "__module__", None) or "").split(".")[0]


def _is_user(callee: Any) -> bool:
    return _module(callee) not in {"numpy", "scipy", "math", "builtins", "functools"}
