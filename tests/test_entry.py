"""Arguments that a function writes: copied first, and apart from all others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from srcad import grad, value_and_grad, vjp

X = np.array([0.5, 1.5, 2.5])


def written(x: Any, y: Any) -> Any:
    x[0] = y[1] * x[1]
    return np.sum(x * y)


def read_only(x: Any, y: Any) -> Any:
    return np.sum(x * y)


@pytest.mark.parametrize(
    "other", [lambda x: x, lambda x: x[:3], lambda x: x[::-1]], ids=["same", "view", "reversed"]
)
@pytest.mark.parametrize("how", [grad, value_and_grad, lambda f: lambda *a: vjp(f, *a)])
def test_what_is_written_shares_no_memory(other: Any, how: Any) -> None:
    x = X.copy()
    with pytest.raises(TypeError, match="x, which is written, shares memory with y"):
        how(written)(x, other(x))
    np.testing.assert_array_equal(x, X)


def test_containers_are_looked_into() -> None:
    def function(p: Any, y: Any) -> Any:
        p["w"][0] = y[0][1]
        return np.sum(p["w"] * y[0])

    x = X.copy()
    with pytest.raises(TypeError, match="p, which is written, shares memory with y"):
        grad(function)({"w": x}, (x,))
    with pytest.raises(TypeError, match="shares memory with p"):
        grad(lambda p: function(p, (p["v"],)))({"w": x, "v": x[::-1]})


def test_nothing_is_asked_without_a_write() -> None:
    np.testing.assert_array_equal(grad(read_only)(X, X), X)
    assert "check_apart" not in grad(read_only).specialize(X, X).source
