"""`check_grads` finds a wrong derivative, and says where it is."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from srcad import api, check_grads, errors, grad, primitive
from srcad.errors import NotImplementedYet, WrongGradient


def test_right_gradients_pass(rng: np.random.Generator) -> None:
    x, y = rng.normal(size=(2, 3)), rng.normal(size=3)
    check_grads(lambda x, y: np.sum(np.tanh(x * y)), x, y)
    check_grads(lambda x, y: np.sum(np.tanh(x * y)), x, y, wrt=1)
    check_grads(lambda x, y: np.sum(np.tanh(x * y)), x, y, wrt="y")
    check_grads(lambda x: x**3, 2.0)
    check_grads(lambda x: x**3, np.float64(2.0))
    check_grads(lambda x: np.sum(x**3), np.array(2.0))
    check_grads(lambda x, n: x**n, 2.0, 3)


def test_containers() -> None:
    x = np.array([1.0, 2.0])
    check_grads(lambda p: np.sum(p["w"] * p["b"]), {"w": x, "b": 2.0})
    check_grads(lambda p: np.sum(p[0] * p[1]), [x, x])
    check_grads(lambda p: np.sum(p[0]["a"] * p[1]), ({"a": x}, 3.0))


def test_a_gradient_function_stands_for_its_primal() -> None:
    check_grads(grad(lambda x, y: np.sum(x * y), "y"), np.ones(2), np.ones(2))
    check_grads(grad(lambda x: (np.sum(x * x), "aux"), has_aux=True), np.ones(2))


def wrong_tanh(g, ans, x):
    return g * (1 - ans)


def test_a_wrong_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = dataclasses.replace(primitive._registry[np.tanh], vjp=wrong_tanh)
    x = np.array([0.0, 0.5, -1.0])
    with monkeypatch.context() as patch:
        patch.setitem(primitive._registry, np.tanh, wrong)
        with pytest.raises(WrongGradient, match=r"at x\[2\] is 1\.76"):
            check_grads(lambda x: np.sum(np.tanh(x)), x)
    check_grads(lambda x: np.sum(np.tanh(x)), x)


def test_a_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    real = api.GradFunction.__call__

    def tampered(self: Any, *args: Any) -> Any:
        (gradient,) = real(self, *args)
        gradient[1, 2] += 0.5
        gradient[0, 1] += 0.25
        return (gradient,)

    x = np.full((2, 3), 2.0)
    with monkeypatch.context() as patch:
        patch.setattr(api.GradFunction, "__call__", tampered)
        with pytest.raises(WrongGradient) as caught:
            check_grads(lambda weights: np.sum(weights**2), x)
    message = str(caught.value)
    assert "weights[1, 2]" in message and "4.5" in message
    assert "4.0" in message or "3.99999" in message
    assert isinstance(caught.value, AssertionError)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_nan_and_infinity_are_found(monkeypatch: pytest.MonkeyPatch, bad: float) -> None:
    real = api.GradFunction.__call__

    def tampered(self: Any, *args: Any) -> Any:
        (gradient,) = real(self, *args)
        gradient["b"][0] += 1e9
        gradient["a"][1] = bad
        return (gradient,)

    with monkeypatch.context() as patch:
        patch.setattr(api.GradFunction, "__call__", tampered)
        with pytest.raises(WrongGradient) as caught:
            check_grads(lambda p: np.sum(p["a"] * p["b"]), {"a": np.ones(2), "b": np.ones(2)})
    assert "['a'][1]" in str(caught.value) and str(bad) in str(caught.value)


def test_a_kink_is_found() -> None:
    with pytest.raises(WrongGradient):
        check_grads(lambda x: np.sum(np.sqrt(np.abs(x))), np.array([1e-4, 1.0]))


def test_float_argument_is_named() -> None:
    with pytest.raises(WrongGradient, match="rate"):
        check_grads(lambda rate: np.abs(rate - 1e-4) ** 0.5, 0.0)


@pytest.mark.parametrize("asked", [{"order": 2}, {"modes": ("fwd",)}, {"modes": ("rev", "fwd")}])
def test_what_is_not_there_yet(asked: Any) -> None:
    with pytest.raises(NotImplementedYet):
        check_grads(lambda x: x, 1.0, **asked)


def test_no_floats() -> None:
    with pytest.raises(errors.UnknownArgument):
        check_grads(lambda n: float(n), 1)
