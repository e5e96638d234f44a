"""Long lines are broken where a person would break them, and mean what they meant."""

from __future__ import annotations

import ast
import inspect

import numpy.lib._function_base_impl as library
import pytest

from srcad.emit.wrapping import wrapped

CASES = {
    "short": ("x = a + b", "x = a + b"),
    "call": (
        "    value = function(argument, other + 1, third)",
        "    value = function(\n        argument, other + 1, third\n    )",
    ),
    "call of many": (
        "value = function(argument, other + 1, third, fourth, fifth, sixth)",
        "value = function(\n    argument, other + 1, third, fourth,\n    fifth, sixth\n)",
    ),
    "sum": (
        "total = alpha * beta + gamma * delta - epsilon * zeta",
        "total = (\n    alpha * beta + gamma * delta\n    - epsilon * zeta\n)",
    ),
    "product": (
        "total = (alpha + beta) * (gamma + delta) * epsilon",
        "total = (\n    (alpha + beta) * (gamma + delta)\n    * epsilon\n)",
    ),
    "augmented": (
        "total += -alpha * beta + gamma * delta + epsilon * eta",
        "total += (\n    -alpha * beta + gamma * delta\n    + epsilon * eta\n)",
    ),
    "tuple returned": (
        "return dalpha, dbeta, dgamma, ddelta, depsilon, dzeta",
        "return (\n    dalpha, dbeta, dgamma, ddelta,\n    depsilon, dzeta\n)",
    ),
    "test": (
        "if first_condition and second_condition and third:",
        "if (\n    first_condition and second_condition\n    and third\n):",
    ),
    "definition": (
        "def loss_grad(alpha, beta, gamma=(1, 2), *, delta=None):",
        "def loss_grad(\n    alpha, beta, gamma=(1, 2), *,\n    delta=None\n):",
    ),
    "brackets in brackets": (
        "x = np.concatenate((first_array, second_array, third), axis=0)",
        "x = np.concatenate(\n    (first_array, second_array, third),\n    axis=0\n)",
    ),
    "keyword with a minus": (
        "x = np.sum(a_long_name_for_an_array, axis=-1, keepdims=True)",
        "x = np.sum(\n    a_long_name_for_an_array, axis=-1,\n    keepdims=True\n)",
    ),
    "method": (
        "x = (first_array + second_array + third_array).sum(axis=0)",
        "x = (\n    first_array + second_array\n    + third_array\n).sum(axis=0)",
    ),
    "lambda with a default": (
        "f = lambda x=1, y=2: function_of_a_name(x + y) + 1",
        "f = lambda x=1, y=2: function_of_a_name(\n    x + y\n) + 1",
    ),
    "nothing to break": ("x = a_name_of_more_than_forty_columns_in_all", None),
    "f-string": ('x = f"{a_name} and {another[0]} and {third_name(x)}"', None),
}


@pytest.mark.parametrize(("line", "expected"), CASES.values(), ids=CASES.keys())
def test_wrapped(line: str, expected: str | None) -> None:
    assert "\n".join(wrapped(line, width=40)) == (line if expected is None else expected)


def test_nothing_changes_its_meaning() -> None:
    tree = ast.parse(inspect.getsource(library))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return, ast.Expr, ast.Raise)):
            line = ast.unparse(node)
            if "\n" not in line:
                again = "\n".join(wrapped(line, width=40))
                assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(line))
