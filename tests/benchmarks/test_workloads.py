"""The gradients written by hand are gradients, of the right shape and dtype."""

from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.workloads import (
    chain,
    heat,
    loop,
    network,
    newton,
    recurrence,
    rosenbrock,
    rows,
    tridiagonal,
)

CASES = [
    pytest.param(network, (1, 4, 5, 3), id="network-one-row"),
    pytest.param(network, (6, 4, 5, 3), id="network-batch"),
    pytest.param(network, (2, 1, 1, 2), id="network-one-unit"),
    pytest.param(chain, (10,), id="chain"),
    pytest.param(chain, (1,), id="chain-one-number"),
    pytest.param(loop, (7,), id="loop"),
    pytest.param(rosenbrock, (12,), id="rosenbrock"),
    pytest.param(rosenbrock, (2,), id="rosenbrock-one-term"),
    pytest.param(recurrence, (5, 3, 2, 4), id="recurrence"),
    pytest.param(recurrence, (1, 1, 1, 1), id="recurrence-one-step"),
    pytest.param(heat, (20,), id="heat"),
    pytest.param(heat, (3,), id="heat-one-inner-cell"),
    pytest.param(newton, (8,), id="newton"),
    pytest.param(newton, (1,), id="newton-one-orbit"),
    pytest.param(tridiagonal, (9,), id="tridiagonal"),
    pytest.param(tridiagonal, (2,), id="tridiagonal-two-rows"),
    pytest.param(rows, (4, 6), id="rows"),
    pytest.param(rows, (1, 3), id="rows-one"),
]
WRITTEN = ["line_by_line", "expert"]


def central_difference(function, arguments: tuple, position: int) -> NDArray:
    """The numeric derivative of `function` by one argument: same shape as that argument."""
    step = 1e-6
    gradient = np.zeros_like(arguments[position])
    for index in np.ndindex(gradient.shape):
        values = []
        for sign in (1.0, -1.0):
            moved = [argument.copy() for argument in arguments]
            moved[position][index] += sign * step
            values.append(function(*moved))
        gradient[index] = (values[0] - values[1]) / (2.0 * step)
    return gradient


def gradients(workload: ModuleType, name: str, arguments: tuple) -> tuple[NDArray, ...]:
    """What the gradient of that name returns, as a tuple even of one."""
    result = getattr(workload, name)(*arguments)
    return result if isinstance(result, tuple) else (result,)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize(("workload", "sizes"), CASES)
def test_is_the_derivative(workload, sizes, name):
    arguments = workload.make_inputs(*sizes)
    found = gradients(workload, name, arguments)
    wrt = (workload.WRT,) if isinstance(workload.WRT, str) else workload.WRT
    names = workload.function.__code__.co_varnames
    assert len(found) == len(wrt)
    for gradient, argument in zip(found, wrt, strict=True):
        position = names.index(argument)
        expected = central_difference(workload.function, arguments, position)
        assert gradient.shape == arguments[position].shape
        assert gradient.dtype == arguments[position].dtype
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("workload", "sizes"), CASES)
def test_the_two_agree_closely(workload, sizes):
    arguments = workload.make_inputs(*sizes)
    pairs = zip(*(gradients(workload, name, arguments) for name in WRITTEN), strict=True)
    for by_lines, by_expert in pairs:
        np.testing.assert_allclose(by_expert, by_lines, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("name", [*WRITTEN, "function"])
@pytest.mark.parametrize(("workload", "sizes"), CASES)
def test_leaves_its_arguments_alone(workload, sizes, name):
    arguments = workload.make_inputs(*sizes)
    copies = [argument.copy() for argument in arguments]
    first = gradients(workload, name, arguments)
    second = gradients(workload, name, arguments)
    for argument, copy in zip(arguments, copies, strict=True):
        np.testing.assert_array_equal(argument, copy, strict=True)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
        assert one.ndim == 0 or not any(np.shares_memory(one, array) for array in arguments)
