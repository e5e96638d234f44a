"""The dual numbers against central differences, complex step, autograd, and Python's semantics."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import autograd
import numpy as np
import pytest

from tests.fuzz.compile_text import function_from_text
from tests.oracles.dual import value_and_gradient
from tests.oracles.elementwise import ELEMENTWISE
from tests.oracles.numeric import (
    assert_same,
    complex_step,
)
from tests.oracles.support import assert_right
from tests.oracles.values import OracleError

X = np.array([0.31, 0.72, 0.54])
Y = np.array([0.45, 0.28, 0.91])
W = np.array([[0.7, -0.3, 0.4], [0.2, 0.9, -0.6]])
S = np.array([[2.0, 0.3, 0.1], [0.4, 1.5, -0.2], [0.0, 0.6, 1.8]])

EXPRESSIONS = """
np.sum(x * y + x / y - x ** y)
np.sum(x ** 2 + 2 ** x + x ** 0)
np.sum(W @ x) + x @ y
np.sum(np.dot(W, x) * np.array([1.0, 2.0]))
np.sum(np.outer(x, y) ** 2)
np.inner(x, y) + np.vdot(x, y)
np.einsum("ij,j,k->", W, x, y)
np.sum(np.tensordot(W, S, axes=([1], [0])) * W)
np.sum(np.kron(x, y) ** 2)
np.sum(np.sin(W).sum(axis=0) * x)
np.sum(np.cos(W).mean(axis=1, keepdims=True) * W)
np.max(x * y) + np.min(x - y)
np.sum(W.max(axis=1)) + np.sum(np.min(W, axis=0) * x)
np.prod(x) + np.sum(np.prod(W, axis=0) * y) + W.prod()
np.var(x) + np.std(y, ddof=1) + np.sum(W.var(axis=1)) + W.std()
np.sum(np.cumsum(x) * y) + np.sum(np.cumprod(x) * y)
np.linalg.norm(x) + np.sum(np.linalg.norm(W, axis=0)) + np.linalg.norm(W)
np.linalg.norm(x, 1) + np.linalg.norm(x, np.inf)
np.linalg.det(S) + np.sum(np.linalg.inv(S) * S.T) + np.sum(np.linalg.solve(S, x) * y)
np.linalg.slogdet(S)[1]
np.sum(np.concatenate([x, 2.0 * y]) ** 2) + np.sum(np.stack([x, y]) * W)
np.sum(np.vstack([x, y]) * np.hstack([W[:, :1], W[:, 1:]]))
np.sum(np.where(x > 0.5, x * y, y)) + np.sum(np.clip(x, 0.4, 0.6) * y)
np.sum(np.maximum(x, y) * x) + np.sum(np.minimum(x, 0.5) * y)
np.sum(x[::-1] * y) + x[0] * y[-1] + np.sum(W[:, 1]) + np.sum(W[1] * x)
np.sum(x[[0, 0, 2]] * y) + np.sum(W[[0, 1, 1]] ** 2) + np.sum(x[x > 0.5])
np.sum(W.T @ W * S) + np.sum(W.reshape(3, 2) ** 2) + np.sum(W.ravel()[1:] ** 2)
np.sum(np.transpose(W) * W.T) + np.sum(np.swapaxes(W, 0, 1) ** 2)
np.sum(np.broadcast_to(x, (2, 3)) * W) + np.sum(x[:, None] * y * S)
np.sum(np.repeat(x, 2) ** 2) + np.sum(np.tile(y, 2) ** 3) + np.sum(np.roll(x, 1) * y)
np.sum(np.diag(S) * x) + np.trace(S) + np.sum(np.triu(S) ** 2) + np.sum(np.diff(x) ** 2)
np.sum(np.sort(x) * y) + np.median(x) + np.ptp(y) + np.average(x, weights=y)
np.sum(np.split(S, 3)[1] * x) + np.sum(np.expand_dims(x, 0) ** 2) + np.sum(np.flip(x) * y)
np.sum(np.full(3, x[0]) * y) + np.sum(np.array([x[0], 1.0, y[1]]) ** 2)
np.sum(np.exp(x) / np.sum(np.exp(x)) * y) + np.log(np.sum(np.exp(y)))
np.sum(np.convolve(x, y) ** 2) + np.sum(np.pad(x, 1) ** 2) + np.sum(np.cross(x, y) ** 2)
np.sum(np.take(x, [0, 2]) ** 2) + np.sum(np.append(x, y[0]) ** 2)
float(x[0]) * abs(float(y[1])) + max(float(x[0]), float(x[1])) + sum([x[0], y[0]])
np.sum(x.astype(np.float64) * y.copy()) + x.item(0) * x.sum() + x.dot(y)
""".strip().splitlines()

UNARY = sorted({f for f, partials in ELEMENTWISE.items() if len(partials) == 1}, key=str)
BINARY = sorted({f for f, partials in ELEMENTWISE.items() if len(partials) == 2}, key=str)


def expression_function(expression: str, header: str = "import numpy as np") -> Any:
    """A function of x, y, W, S that returns the expression."""
    text = f"{header}\n\n\ndef f(x, y, W, S):\n    return {expression}\n"
    return function_from_text(text, "f")


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression: str) -> None:
    assert_right(expression_function(expression), X, Y, W, S)


@pytest.mark.parametrize("ufunc", UNARY, ids=lambda f: f.__name__)
def test_unary(ufunc: Any) -> None:
    point = X + 1.5 if ufunc is np.arccosh else X
    function = function_from_text(
        "import numpy as np\n\n\ndef make(ufunc):\n    return lambda x: np.sum(ufunc(x) * x)\n",
        "make",
    )(ufunc)
    assert_right(function, point)


@pytest.mark.parametrize("ufunc", BINARY, ids=lambda f: f.__name__)
def test_binary(ufunc: Any) -> None:
    function = function_from_text(
        "import numpy as np\n\n\ndef make(ufunc):\n"
        "    return lambda x, y: np.sum(ufunc(x, y) * x[:, None])\n",
        "make",
    )(ufunc)
    assert_right(function, X + 1.0, np.array([[0.41], [0.55]])[:1] + Y)


@pytest.mark.parametrize("expression", EXPRESSIONS[:3] + EXPRESSIONS[6:9] + EXPRESSIONS[20:21])
def test_complex_step(expression: str) -> None:
    function, args = expression_function(expression), (X, Y, W, S)
    for i, gradient in enumerate(value_and_gradient(function, args, (0, 1, 2, 3))[1]):
        assert_same(gradient, complex_step(function, args, i), 1e-13)


UNKNOWN_TO_AUTOGRAD = ("np.ptp", "np.median", "np.average", "np.convolve", "np.cumprod", "item")
UNKNOWN_TO_AUTOGRAD += ("np.vdot", "np.take", "float(", "np.cross", "np.pad", "np.inf")
UNKNOWN_TO_AUTOGRAD += ("np.broadcast_to", "np.flip")


@pytest.mark.filterwarnings("ignore:Output seems independent")
@pytest.mark.parametrize(
    "expression", [e for e in EXPRESSIONS if not any(name in e for name in UNKNOWN_TO_AUTOGRAD)]
)
def test_autograd(expression: str) -> None:
    _, ours = value_and_gradient(expression_function(expression), (X, Y, W, S), (0, 1, 2, 3))
    theirs = expression_function(expression, "import autograd.numpy as np")
    for i, gradient in enumerate(ours):
        np.testing.assert_allclose(
            gradient, autograd.grad(theirs, i)(X, Y, W, S), rtol=1e-10, atol=1e-12
        )


# --- conventions --------------------------------------------------------------------------------


def test_ties_split_evenly() -> None:
    tied = np.array([1.0, 1.0, 0.5])
    assert_same(value_and_gradient(np_max, (tied,))[1], np.array([0.5, 0.5, 0.0]))
    assert_same(value_and_gradient(with_self, (tied,))[1], np.array([1.0, 1.0, 1.0]))


def np_max(x: Any) -> Any:
    return np.max(x)


def with_self(x: Any) -> Any:
    return np.sum(np.maximum(x, x))


def test_kinks() -> None:
    zero = np.zeros(2)
    for function in (lambda x: np.linalg.norm(x), lambda x: np.sum(np.abs(x))):
        assert_same(value_and_gradient(function, (zero,))[1], zero)
    assert value_and_gradient(lambda x: np.sqrt(x), (0.0,))[1] == np.inf
    assert value_and_gradient(lambda x: x**0, (0.0,))[1] == 0.0


@pytest.mark.parametrize(
    "argument",
    [1.5, np.float64(1.5), np.float32(1.5), np.array(1.5), np.array([1.5], dtype=np.float32)],
    ids=["float", "float64", "float32", "0-d", "single"],
)
def test_gradient_has_the_kind_of_its_argument(argument: Any) -> None:
    wanted = np.array(3.0) if isinstance(argument, np.ndarray) and argument.ndim == 0 else None
    wanted = 2 * argument if wanted is None else wanted
    assert_same(value_and_gradient(lambda x: np.sum(x * x), (argument,))[1], wanted)


def test_empty() -> None:
    empty = np.zeros((0, 3))
    assert_same(value_and_gradient(lambda x: np.sum(x * x), (empty,))[1], empty)


def test_unbound_name_is_pythons_error() -> None:
    function = function_from_text(
        "def f(x, n):\n    for i in range(n):\n        q = x\n    return q\n", "f"
    )
    assert value_and_gradient(function, (2.0, 1))[1] == 1.0
    with pytest.raises(UnboundLocalError):
        value_and_gradient(function, (2.0, 0))


def test_unknown_function_is_refused() -> None:
    with pytest.raises(OracleError):
        value_and_gradient(lambda x: np.sum(np.fft.fft(x).real), (X,))


def test_oracle_imports_nothing_from_the_compiler() -> None:
    for path in Path(__file__).parent.glob("*.py"):
        assert not re.search(r"^\s*(import|from) srcad", path.read_text(), re.MULTILINE), path
