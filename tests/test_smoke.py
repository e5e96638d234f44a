"""The whole program at work, to be read in a minute: a gradient, its source, and a refusal."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad, value_and_grad


def loss(W1, b1, W2, b2, X, Y):
    h = np.tanh(X @ W1 + b1)
    r = h @ W2 + b2 - Y
    return 0.5 * np.mean(r * r)


WRT = ("W1", "b1", "W2", "b2")


@pytest.fixture
def arguments(rng: np.random.Generator) -> list[Any]:
    """8 examples, from 3 numbers through 5 hidden ones to 2."""
    return [rng.normal(size=shape) for shape in [(3, 5), (5,), (5, 2), (2,), (8, 3), (8, 2)]]


def difference(position: int, arguments: list[Any], direction: Any, step: float = 1e-6) -> float:
    """The central difference of the loss in one direction of one argument."""
    moved = [arguments.copy(), arguments.copy()]
    for sign, there in zip((1.0, -1.0), moved, strict=True):
        there[position] = there[position] + sign * step * direction
    return (loss(*moved[0]) - loss(*moved[1])) / (2.0 * step)


def test_gradient_is_the_central_difference(rng: np.random.Generator, arguments: list[Any]) -> None:
    gradients = grad(loss, wrt=WRT)(*arguments)
    assert len(gradients) == 4
    for position, gradient in enumerate(gradients):
        assert gradient.shape == arguments[position].shape
        assert gradient.dtype == arguments[position].dtype
        direction = rng.normal(size=gradient.shape)
        expected = difference(position, arguments, direction)
        assert np.sum(gradient * direction) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_value_is_that_of_the_function(arguments: list[Any]) -> None:
    value, gradients = value_and_grad(loss, wrt=WRT)(*arguments)
    assert value == loss(*arguments)
    for gradient, alone in zip(gradients, grad(loss, wrt=WRT)(*arguments), strict=True):
        np.testing.assert_array_equal(gradient, alone, strict=True)


def test_source_is_python(arguments: list[Any]) -> None:
    specialized = grad(loss, wrt=WRT).specialize(*arguments)
    print(specialized.source)  # shown by `pytest -s`
    assert "h = np.tanh(X @ W1 + b1)" in specialized.source
    assert inspect.getsource(specialized) == specialized.source


def test_saved_module_needs_numpy_alone(arguments: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "loss_grad.py"
    grad(loss, wrt=WRT).save(path, *arguments)
    assert "srcad import" not in path.read_text(encoding="utf-8")
    spec = importlib.util.spec_from_file_location("loss_grad", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found, expected = module.loss_grad(*arguments), grad(loss, wrt=WRT)(*arguments)
    for gradient, same in zip(found, expected, strict=True):
        np.testing.assert_array_equal(gradient, same, strict=True)


def test_integers_are_refused(arguments: list[Any]) -> None:
    with pytest.raises(errors.NotDifferentiable) as caught:
        grad(loss)(np.ones((3, 5), dtype=int), *arguments[1:])
    assert "W1" in str(caught.value)
