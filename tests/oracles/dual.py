"""Forward-mode derivatives by interpreting the user's own Python on dual numbers.

The oracle shares no code with the compiler: it reads the stdlib `ast` of the function, keeps a real
NumPy array and a float64 tangent array for every value, and follows Python's own references. One
pass is run for each component of an argument.
"""

from __future__ import annotations

import ast
import inspect
from typing import Any

import numpy as np

from tests.oracles.expressions import Expressions
from tests.oracles.functions import Frame, Function, bind_arguments
from tests.oracles.numeric import leaves
from tests.oracles.operators import get_attribute, in_place
from tests.oracles.values import (
    Dual,
    Flat,
    OracleError,
    duals_in,
    get_item,
    lift_leaf,
    map_leaves,
    set_item,
    strip,
)


class Break(Exception):
    """A `break` on its way to the loop."""


class Continue(Exception):
    """A `continue` on its way to the loop."""


class Return(Exception):
    """A `return` on its way to the call."""


class Interpreter(Expressions):
    """Statements: one method for each kind."""

    def call_function(self, function: Function, args: Any, kwargs: Any) -> Any:
        """Run a function's body in a new frame."""
        frame = self.entry_frame(function)
        frame.values.update(bind_arguments(function, args, kwargs))
        if isinstance(function.node, ast.Lambda):
            return self.evaluate(function.node.body, frame)
        try:
            self.run(function.node.body, frame)
        except Return as result:
            return result.args[0]
        return None

    def run(self, body: list[ast.stmt], frame: Frame) -> None:
        """Run statements in order."""
        for node in body:
            method = getattr(self, f"run_{type(node).__name__}", None)
            if method is None:
                raise OracleError(f"cannot run {type(node).__name__}")
            method(node, frame)

    def run_Expr(self, node: ast.Expr, frame: Frame) -> None:
        self.evaluate(node.value, frame)

    def run_Pass(self, node: ast.Pass, frame: Frame) -> None:
        pass

    def run_Nonlocal(self, node: ast.Nonlocal, frame: Frame) -> None:
        pass

    def run_Return(self, node: ast.Return, frame: Frame) -> None:
        raise Return(None if node.value is None else self.evaluate(node.value, frame))

    def run_Break(self, node: ast.Break, frame: Frame) -> None:
        raise Break

    def run_Continue(self, node: ast.Continue, frame: Frame) -> None:
        raise Continue

    def run_Assert(self, node: ast.Assert, frame: Frame) -> None:
        if not self.evaluate(node.test, frame):
            raise AssertionError(ast.unparse(node))

    def run_Raise(self, node: ast.Raise, frame: Frame) -> None:
        raise self.evaluate(node.exc, frame) if node.exc is not None else RuntimeError

    def run_FunctionDef(self, node: ast.FunctionDef, frame: Frame) -> None:
        function: Any = self.make_function(node, frame)
        for decorator in reversed(node.decorator_list):
            function = self.call(self.evaluate(decorator, frame), (function,), {})
        frame.values[node.name] = function

    def run_Import(self, node: ast.Import | ast.ImportFrom, frame: Frame) -> None:
        exec(compile(ast.Module([node], []), "<import>", "exec"), {}, frame.values)

    def run_ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> None:
        self.run_Import(node, frame)

    def run_Assign(self, node: ast.Assign, frame: Frame) -> None:
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def run_AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame)

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        """Bind a name, unpack a tuple, or store an item."""
        if isinstance(target, ast.Name):
            owner = frame.owner(target.id)
            if owner is None:
                raise OracleError(f"assignment to the global {target.id}")
            owner.values[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target.elts, list(value), frame)
        elif isinstance(target, ast.Subscript):
            base = self.evaluate(target.value, frame)
            set_item(base, self.evaluate(target.slice, frame), value)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(self.evaluate(target.value, frame), target.attr, value)
        else:
            raise OracleError(f"assignment to {type(target).__name__}")

    def set_attribute(self, owner: Any, name: str, value: Any) -> None:
        """`owner.name = value`; of an array only `x.flat = value`."""
        if isinstance(owner, Dual):
            if name != "flat":
                raise OracleError(f"assignment to .{name}")
            Flat(owner)[:] = value
        elif id(owner) in self.made:
            setattr(owner, name, value)
        elif any(np.any(dual.tangent) for dual in duals_in(value)):
            raise OracleError("an object of the outside is given an active value")
        else:
            setattr(owner, name, strip(value))

    def unpack(self, targets: list[ast.expr], values: list[Any], frame: Frame) -> None:
        """`a, *b, c = values`."""
        stars = [i for i, target in enumerate(targets) if isinstance(target, ast.Starred)]
        if stars:
            star = stars[0]
            after = len(targets) - star - 1
            middle = values[star : len(values) - after]
            values = [*values[:star], middle, *values[len(values) - after :]]
        for target, value in zip(targets, values, strict=True):
            inner = target.value if isinstance(target, ast.Starred) else target
            self.assign(inner, value, frame)

    def run_AugAssign(self, node: ast.AugAssign, frame: Frame) -> None:
        kind = type(node.op)
        if isinstance(node.target, ast.Name):
            read = ast.Name(node.target.id, ast.Load())
            value = self.evaluate(read, frame)
            changed = in_place(kind, value, self.evaluate(node.value, frame))
            self.assign(node.target, changed, frame)
        elif isinstance(node.target, ast.Subscript):
            base = self.evaluate(node.target.value, frame)
            index = self.evaluate(node.target.slice, frame)
            value = get_item(base, index)
            set_item(base, index, in_place(kind, value, self.evaluate(node.value, frame)))
        elif isinstance(node.target, ast.Attribute):
            owner = self.evaluate(node.target.value, frame)
            value = self.lift(get_attribute(owner, node.target.attr))
            changed = in_place(kind, value, self.evaluate(node.value, frame))
            self.set_attribute(owner, node.target.attr, changed)
        else:
            raise OracleError(f"augmented assignment to {type(node.target).__name__}")

    def run_Delete(self, node: ast.Delete, frame: Frame) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                base = self.evaluate(target.value, frame)
                del base[strip(self.evaluate(target.slice, frame))]
            elif isinstance(target, ast.Name):
                del frame.values[target.id]
            else:
                raise OracleError(f"del of {type(target).__name__}")

    def run_If(self, node: ast.If, frame: Frame) -> None:
        self.run(node.body if self.evaluate(node.test, frame) else node.orelse, frame)

    def run_For(self, node: ast.For, frame: Frame) -> None:
        for item in self.evaluate(node.iter, frame):
            self.assign(node.target, item, frame)
            try:
                self.run(node.body, frame)
            except Continue:
                continue
            except Break:
                return
        self.run(node.orelse, frame)

    def run_While(self, node: ast.While, frame: Frame) -> None:
        while self.evaluate(node.test, frame):
            try:
                self.run(node.body, frame)
            except Continue:
                continue
            except Break:
                return
        self.run(node.orelse, frame)

    def run_With(self, node: ast.With, frame: Frame) -> None:
        first, *rest = node.items
        with self.evaluate(first.context_expr, frame) as value:
            if first.optional_vars is not None:
                self.assign(first.optional_vars, value, frame)
            if rest:
                self.run_With(ast.With(rest, node.body), frame)
            else:
                self.run(node.body, frame)

    def run_Try(self, node: ast.Try, frame: Frame) -> None:
        try:
            try:
                self.run(node.body, frame)
            except (Break, Continue, Return, OracleError):
                raise
            except Exception as error:
                handler = self.handler_of(node, error, frame)
                if handler is None:
                    raise
                if handler.name is not None:
                    frame.values[handler.name] = error
                self.run(handler.body, frame)
            else:
                self.run(node.orelse, frame)
        finally:
            self.run(node.finalbody, frame)

    def handler_of(self, node: ast.Try, error: Exception, frame: Frame) -> Any:
        """The first `except` that catches an error; None if there is none."""
        for handler in node.handlers:
            if handler.type is None or isinstance(error, self.evaluate(handler.type, frame)):
                return handler
        return None


def parameter_positions(
    function: Any, count: int, wrt: int | str | tuple[int | str, ...]
) -> list[int]:
    """The positions of `wrt`, which names parameters or counts the arguments given."""
    names = list(inspect.signature(function).parameters)
    wanted = wrt if isinstance(wrt, tuple) else (wrt,)
    return [names.index(one) if isinstance(one, str) else one % count for one in wanted]


def run_once(function: Any, args: tuple[Any, ...], seed: tuple[int, int, int] | None) -> Any:
    """One forward pass; `seed` is (argument, leaf, component), whose tangent is 1."""
    interpreter = Interpreter()
    moving = None if seed is None else seed[0]
    lifted = [
        map_leaves(lambda leaf, here=(i == moving): lift_leaf(leaf, here), arg)
        for i, arg in enumerate(args)
    ]
    if seed is not None:
        leaf = duals_in([lifted[seed[0]]])[seed[1]]
        if isinstance(leaf.primal, np.ndarray):
            leaf.tangent[np.unravel_index(seed[2], leaf.primal.shape)] = 1.0
        else:
            leaf.tangent = np.float64(1.0)
    return interpreter.call(function, tuple(lifted), {})


def slope(result: Any, cotangent: Any) -> float:
    """How a scalar result moves, or the sum of how others do, weighted by a cotangent."""
    if cotangent is None:
        return float(result.tangent) if isinstance(result, Dual) else 0.0
    pairs = zip(leaves(result), leaves(cotangent), strict=True)
    return sum(
        float(np.sum(leaf.tangent * weight))
        for (_, leaf), (_, weight) in pairs
        if isinstance(leaf, Dual)
    )


def gradient_of(function: Any, args: tuple[Any, ...], position: int, cotangent: Any = None) -> Any:
    """The gradient by one argument, of its structure, shape, dtype and kind."""
    seen = -1

    def leaf_gradient(leaf: Any) -> Any:
        nonlocal seen
        if not isinstance(lift_leaf(leaf, True), Dual):
            return None
        seen += 1
        slopes = []
        for component in range(np.size(leaf)):
            result = run_once(function, args, (position, seen, component))
            slopes.append(slope(result, cotangent))
        if isinstance(leaf, np.ndarray):
            return np.array(slopes).reshape(leaf.shape).astype(leaf.dtype)
        return type(leaf)(slopes[0])

    return map_leaves(leaf_gradient, args[position])


def value_and_gradient(
    function: Any,
    args: tuple[Any, ...],
    wrt: int | str | tuple[int | str, ...] = 0,
    cotangent: Any = None,
) -> tuple[Any, Any]:
    """The primal value and the gradient (a tuple of gradients if `wrt` is a tuple).

    With a cotangent, which has the structure of the value, the gradient of their inner product.
    """
    value = strip(run_once(function, args, None))
    positions = parameter_positions(function, len(args), wrt)
    gradients = [gradient_of(function, args, p, cotangent) for p in positions]
    return value, tuple(gradients) if isinstance(wrt, tuple) else gradients[0]
