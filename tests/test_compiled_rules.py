"""Every rule through the compiler: the gradient of a weighted sum, against numeric derivatives.

Specialised and generic; in double precision against central differences, in single against double.
"""

from __future__ import annotations

import copy
import functools
import re
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from srcad import errors, value_and_grad
from srcad.primitive import registered
from tests.fuzz.judge import assert_fresh, assert_unchanged
from tests.oracles.numeric import assert_bitwise, assert_same, central_difference
from tests.rules.compiled import CALLS, Call, identify, is_math


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Warnings of the arithmetic, and of results that do not depend on empty arrays."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", errors.InactiveResultWarning)
        yield


@functools.cache
def gradient_of(call: Call) -> Any:
    """Value and gradient; what is compiled for one test serves the others."""
    return value_and_grad(call.function, wrt=call.wrt)


def checked(call: Call, arguments: list[Any]) -> tuple[Any, Any]:
    """The gradients, specialised and generic, both checked in all but their numbers."""
    gradient = gradient_of(call)
    before = copy.deepcopy(arguments)
    plain = call.function(*arguments)
    found = []
    for function in (gradient.specialize(*arguments, guard=False), gradient.generic):
        value, gradients = function(*arguments)
        assert_bitwise(value, plain)
        assert_unchanged(tuple(arguments), tuple(before))
        assert_fresh(gradients, (arguments, value))
        found.append(gradients)
    return found[0], found[1]


@pytest.mark.parametrize("call", CALLS, ids=identify)
def test_gradient_in_double_precision(call: Call) -> None:
    for arrays in call.trials():
        arguments = [*arrays, call.weights(arrays)]
        wanted = tuple(
            central_difference(call.function, tuple(arguments), i, 1e-3) for i in call.case.wrt
        )
        for found in checked(call, arguments):
            assert_same(found, wanted, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("call", CALLS, ids=identify)
def test_gradient_in_single_precision(call: Call) -> None:
    if is_math(call.primitive) or call.primitive is np.float_power:
        return
    for single, double in zip(call.trials(np.float32), call.trials(), strict=True):
        weights = call.weights(double)
        own = np.asarray(weights, np.float32)[()]
        _, precise = gradient_of(call)(*double, weights)
        wanted = tuple(
            g.astype(np.float32) if hasattr(g, "astype") else g  # a float stays one
            for g in precise
        )
        for found in checked(call, [*single, own]):
            assert_same(found, wanted, rtol=SENSITIVE.get(call.primitive, 1e-3), atol=1e-4)


SENSITIVE = {np.remainder: 10.0, np.fmod: 10.0}


def test_every_rule_is_compiled() -> None:
    compiled = {call.primitive for call in CALLS}
    missing = [str(p) for p in registered() if p.vjp is not None and p.function not in compiled]
    assert not missing, f"no case in tests/rules/cases.py for {', '.join(missing)}"


# --- an adjoint has its value's type --------------------------------------------------------------

HELPERS = re.compile(r"\b(unbroadcast|as_argument|check_\w+|\w+_rule)\(")
UNDECIDED = {
    "diff": "a size n - 1 may be 1, and is then broadcast to the weights",
    "reshape": "what -1 stands for beside a 3 may be 1, and is then broadcast to the weights",
}
"""Cases in which only the call can tell what broadcasts, and why."""


def helpers(call: Call) -> set[str]:
    """The helpers that the texts of a call's specialised gradients use."""
    gradient, found = gradient_of(call), set()
    for arrays in call.trials():
        text = gradient.specialize(*arrays, call.weights(arrays), guard=False).source
        found |= set(HELPERS.findall(text))
    return found


@pytest.mark.parametrize("call", [c for c in CALLS if c.case.name not in UNDECIDED], ids=identify)
def test_types_decide_what_broadcasts(call: Call) -> None:
    assert not helpers(call)


@pytest.mark.parametrize("name", UNDECIDED)
def test_undecided_cases_are_so(name: str) -> None:
    found = [helpers(call) for call in CALLS if call.case.name == name]
    assert set().union(*found) == {"unbroadcast"}
