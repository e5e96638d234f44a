"""A rule -> its equations: the body of the rule's function, partially evaluated where it is used.

A rule is parsed on first use and kept for the process. A branch that stays undecided (the rank is not
known) is left to run time: the rule itself is called.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Sequence
from typing import Any

import gast
import numpy as np

from srcad.errors import Span
from srcad.expressions import Expressions, Undecided
from srcad.graph import GETITEM, Const, Equation, Operand, Value
from srcad.operands import as_operand, constant, is_constant
from srcad.primitive import Primitive, Trait, bind, surely
from srcad.source import lookup, read
from srcad.typed import Emitter
from srcad.types import UNKNOWN, Tensor

_trees: dict[Any, gast.FunctionDef] = {}


class _Returned(Exception):
    def __init__(self, operand: Operand) -> None:
        self.operand = operand


def contributions(
    emitter: Emitter, equation: Equation, g: Operand, wanted: Callable[[Operand], bool]
) -> list[tuple[Operand, Operand]]:
    """Pairs of a primal operand and what the rule contributes to its adjoint.

    `wanted` says for which operands a contribution is asked; the others' expressions are not read.
    """
    primitive = equation.primitive
    assert primitive.vjp is not None
    bound = bind(primitive, equation.args, dict(equation.keywords))
    names = list(inspect.signature(primitive.vjp).parameters)[2:]
    asked = [index for index, name in enumerate(names) if name in bound and wanted(bound[name])]
    length = len(emitter.graph.equations)
    try:
        given = _evaluate(emitter, primitive.vjp, equation, g, bound, asked)
    except Undecided:
        del emitter.graph.equations[length:]
        given = _called(emitter, primitive, equation, g, bound, asked)
    return [(bound[names[index]], operand) for index, operand in given.items()]


def _evaluate(
    emitter: Emitter,
    rule: Any,
    equation: Equation,
    g: Operand,
    bound: dict[str, Operand],
    asked: Sequence[int],
) -> dict[int, Operand]:
    parameters = inspect.signature(rule).parameters
    env = {
        name: as_operand(parameter.default)
        for name, parameter in parameters.items()
        if parameter.default is not parameter.empty
    }
    env.update(bound)
    first, second = list(parameters)[:2]
    env[first], env[second] = g, equation.out
    body = RuleBody(emitter, rule, env, equation.span, asked)
    returned = body.run(tree_of(rule))
    if isinstance(returned, _Picked):
        return returned.items
    return {0: returned} if 0 in asked else {}


class _Picked:
    """The elements of a returned tuple that were asked for."""

    def __init__(self, items: dict[int, Operand]) -> None:
        self.items = items


def _called(
    emitter: Emitter,
    primitive: Primitive,
    equation: Equation,
    g: Operand,
    bound: dict[str, Operand],
    asked: Sequence[int],
) -> dict[int, Operand]:
    """The rule itself as one equation, to be called when the ranks are there."""
    rule = primitive.vjp
    assert rule is not None
    call = rule_primitive(rule)
    args, keywords = [g, equation.out], dict(bound)
    for name, parameter in inspect.signature(rule).parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            before = list(bound)[: list(bound).index(name)]
            args += [*(keywords.pop(n) for n in before), *keywords.pop(name)]
    out = emitter.emit(call, args, keywords, equation.span, UNKNOWN)
    names = list(inspect.signature(rule).parameters)[2:]
    if not returns_tuple(rule):
        return {0: _opened(emitter, out, bound[names[0]], equation.span)}
    picked: dict[int, Operand] = {}
    for index in asked:
        part = emitter.emit(GETITEM, (out, Const(index)), None, equation.span, UNKNOWN)
        picked[index] = _opened(emitter, part, bound[names[index]], equation.span)
    return picked


def _opened(emitter: Emitter, part: Value, operand: Operand, span: Span | None) -> Operand:
    """What a called rule gives for a list of arrays, item by item."""
    if not isinstance(operand, (tuple, list)):
        return part
    items = [
        emitter.emit(GETITEM, (part, Const(i)), None, span, UNKNOWN) for i in range(len(operand))
    ]
    return [_opened(emitter, i, o, span) for i, o in zip(items, operand, strict=True)]


_called_rules: dict[Any, Primitive] = {}


def rule_primitive(rule: Any) -> Primitive:
    """The primitive that calls a rule at run time."""
    if rule not in _called_rules:
        _called_rules[rule] = Primitive(
            f"{rule.__name__}_rule", rule, frozenset({Trait.VIEW}), lambda facts, *a, **k: UNKNOWN
        )
    return _called_rules[rule]


def tree_of(function: Any) -> gast.FunctionDef:
    """The parsed body of a rule or of a rule's helper."""
    if function not in _trees:
        _trees[function] = read(function).tree
    return _trees[function]


def returns_tuple(rule: Any) -> bool:
    """Whether a rule returns one expression for each of several arguments."""
    return any(
        isinstance(node, gast.Return) and isinstance(node.value, gast.Tuple)
        for node in gast.walk(tree_of(rule))
    )


class RuleBody(Expressions):
    """Evaluates a rule's statements; a branch must be decided, and the first return ends it."""

    def __init__(
        self,
        emitter: Emitter,
        function: Any,
        env: dict[str, Operand],
        span: Span | None,
        asked: Sequence[int] | None = None,
    ) -> None:
        self.emitter = emitter
        self.function = function
        self.env = env
        self.where = span
        self.asked = asked

    def run(self, tree: gast.FunctionDef) -> Any:
        try:
            self.block(tree.body)
        except _Returned as returned:
            return returned.operand
        raise AssertionError(f"the rule {tree.name} returns nothing")

    def block(self, statements: Sequence[gast.stmt]) -> None:
        for node in statements:
            method = getattr(self, f"_{type(node).__name__}", None)
            if method is None:  # a statement that only a folded helper may have
                raise Undecided
            method(node)

    def _Expr(self, node: gast.Expr) -> None:
        pass

    def _Return(self, node: gast.Return) -> None:
        if self.asked is not None and isinstance(node.value, gast.Tuple):
            items = {
                i: self.value(node.value.elts[i]) for i in self.asked if i < len(node.value.elts)
            }
            raise _Returned(_Picked(items))
        raise _Returned(self.value(node.value))

    def _Assign(self, node: gast.Assign) -> None:
        operand = self.value(node.value)
        for target in node.targets:
            self.bind(target, operand)

    def bind(self, target: gast.expr, operand: Operand) -> None:
        if isinstance(target, gast.Name):
            self.env[target.id] = operand
            if isinstance(operand, Value) and operand in self.emitter.made:
                self.emitter.tables.names.setdefault(operand, target.id)
            return
        for element, item in zip(target.elts, operand, strict=True):
            self.bind(element, item)

    def _If(self, node: gast.If) -> None:
        test = self.value(node.test)
        if not is_constant(test):
            raise Undecided
        self.block(node.body if constant(test) else node.orelse)

    def _ListComp(self, node: gast.ListComp) -> Operand:
        return self.comprehended(node)

    def _GeneratorExp(self, node: gast.GeneratorExp) -> Operand:
        return self.comprehended(node)

    def comprehended(self, node: Any) -> Operand:
        (loop,) = node.generators
        items = self.value(loop.iter)
        if isinstance(items, Const):
            items = as_operand(items.value)
        if not isinstance(items, (tuple, list)):
            raise Undecided
        outer = dict(self.env)
        found = []
        for item in items:
            self.bind(loop.target, item)
            tests = [self.value(test) for test in loop.ifs]
            if not is_constant(tests):
                raise Undecided
            if all(constant(tests)):
                found.append(self.value(node.elt))
        self.env = outer
        return found

    def name(self, node: gast.Name) -> Operand:
        if node.id in self.env:
            return self.env[node.id]
        found = lookup(self.function, node.id)
        return Const(found)

    def span(self, node: gast.AST) -> Span | None:
        return self.where

    def operate(self, function: Any, operands: list[Operand], node: Any) -> Operand:
        if function in _RAISING and all(self._python(o) for o in operands):
            if not is_constant(operands) and not self.never_raises(function, operands[1]):
                function = _RAISING[function]
        return super().operate(function, operands, node)

    def never_raises(self, function: Any, second: Operand) -> bool:
        """Whether it is a power with a whole exponent, or a quotient by what is not 0."""
        if function is operator.truediv and isinstance(second, Value):
            count = self.emitter.tensor(second).value  # of elements: 0 only of an empty array
            return count is not None and self.emitter.facts.not_empty([count])
        if not isinstance(second, Const) or type(second.value) not in (int, float):
            return False
        if function is operator.truediv:
            return bool(second.value != 0)
        return second.value >= 0 and second.value == int(second.value)

    def _python(self, operand: Operand) -> bool:
        if not isinstance(operand, (Value, Const)):
            return False
        type_ = self.emitter.type(operand)
        return (
            isinstance(type_, Tensor)
            and type_.kind in ("python", "number", None)
            and not type_.dims
        )

    def other_call(
        self, node: gast.Call, function: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        if not isinstance(function, Const):
            raise Undecided
        callee = function.value
        if callee is surely:
            (test,) = args
            return Const(is_constant(test) and bool(constant(test)))
        if callee is slice:
            return slice(*(None if isinstance(a, Const) and a.value is None else a for a in args))
        if getattr(callee, "folded", False):
            raise Undecided
        if inspect.isfunction(callee) and not callee.__module__.startswith("numpy"):
            bound = inspect.signature(callee).bind(*args, **keywords)
            env = {
                name: as_operand(p.default)
                for name, p in inspect.signature(callee).parameters.items()
                if p.default is not p.empty
            }
            env.update(bound.arguments)
            return RuleBody(self.emitter, callee, env, self.where).run(tree_of(callee))
        raise Undecided

    def other_method(
        self, node: gast.Call, base: Operand, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        raise Undecided

    def other_attribute(self, node: gast.Attribute, base: Operand) -> Operand:
        if isinstance(base, Const):
            if isinstance(base.value, (int, float)):
                known: dict[str, Any] = {"ndim": 0, "size": 1, "shape": ()}
                if node.attr in known:
                    return as_operand(known[node.attr])
            return Const(getattr(base.value, node.attr))
        raise Undecided

    def other_node(self, node: Any) -> Operand:
        raise Undecided


_RAISING = {operator.truediv: np.divide, operator.pow: np.power}
"""On Python numbers these raise where NumPy gives inf or nan; the backward sweep must not raise.

A count is 0 only of an empty array, and a signature tells these apart: so a mean's cotangent is
`1.0 / x.size` where the text is for arrays that have elements, and `np.divide(1.0, x.size)` else.
"""
