"""The ways to a gradient that are compared, for one function and one set of inputs."""

from collections.abc import Callable
from functools import partial
from types import FunctionType, ModuleType

import numpy as np

from benchmarks.timing import Call

FUNCTION = "the function"
LINES = "line by line"
EXPERT = "expert"
SRCAD = "srcad"
SRCAD_CALL = "srcad, whole call"
AUTOGRAD = "autograd"
ALL = (FUNCTION, LINES, EXPERT, SRCAD, SRCAD_CALL, AUTOGRAD)

NO_AUTOGRAD = "autograd is not installed: its column is left out (pip install autograd)"


class Disagreement(Exception):
    """Two contestants give different gradients, so that their times cannot be compared."""


def has_autograd() -> bool:
    """Whether the autograd package can be imported."""
    try:
        import autograd  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def autograd_gradient(workload: ModuleType) -> Callable:
    """The gradient by autograd: the same code object, with autograd's `np` for NumPy's."""
    import autograd  # noqa: PLC0415
    import autograd.numpy  # noqa: PLC0415

    names = workload.function.__code__.co_varnames
    position = (
        names.index(workload.WRT)
        if isinstance(workload.WRT, str)
        else tuple(names.index(name) for name in workload.WRT)
    )
    traced = FunctionType(workload.function.__code__, {"np": autograd.numpy})
    return autograd.grad(traced, position)


def srcad_gradients(workload: ModuleType, arguments: tuple) -> dict[str, Callable]:
    """The gradient by srcad, alone and as it is called in practice; none if srcad refuses."""
    from srcad import grad  # noqa: PLC0415
    from srcad.errors import SrcadError  # noqa: PLC0415

    try:
        by_srcad = grad(workload.function, wrt=workload.WRT)
        return {SRCAD: by_srcad.specialize(*arguments, guard=False), SRCAD_CALL: by_srcad}
    except SrcadError:
        return {}


def gradients(workload: ModuleType, arguments: tuple, autograd: bool = True) -> dict[str, Call]:
    """Every way to the gradient, ready to be called, in the order in which they are timed."""
    ways = {
        LINES: workload.line_by_line,
        EXPERT: workload.expert,
        **srcad_gradients(workload, arguments),
    }
    if autograd and has_autograd():
        ways[AUTOGRAD] = autograd_gradient(workload)
    return {name: partial(way, *arguments) for name, way in ways.items()}


def contestants(workload: ModuleType, arguments: tuple, autograd: bool = True) -> dict[str, Call]:
    """The function alone, and every way to its gradient.

    Raises:
        Disagreement: a gradient is not the one written line by line.
    """
    ways = gradients(workload, arguments, autograd)
    for name, way in ways.items():
        _check_same(name, way(), ways[LINES]())
    return {FUNCTION: partial(workload.function, *arguments), **ways}


def _check_same(name: str, found: object, expected: object) -> None:
    if not isinstance(expected, tuple):
        found, expected = (found,), (expected,)
    try:
        for one, other in zip(found, expected, strict=True):
            scale = 1e-9 * np.max(np.abs(other))
            np.testing.assert_allclose(one, other, rtol=1e-7, atol=scale, strict=True)
    except (AssertionError, ValueError) as error:
        raise Disagreement(f"{name} and {LINES} give different gradients: {error}") from error
