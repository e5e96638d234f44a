"""The generic gradient, where there is one, equals the specialised one, on each program."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad
from tests.corpus.case import Case
from tests.fuzz.programs import quiet
from tests.oracles.numeric import leaves
from tests.programs.table import programs

PROGRAMS = {
    name: [case for case in cases if not case.structured] for name, cases in programs().items()
}


def gradients(case: Case) -> tuple[Any, Any] | None:
    """The specialised and the generic gradient; None where one of them is refused."""
    gradient = grad(case.function, case.names())
    try:
        special = gradient(*case.make_args())
        return special, gradient._generic().function(*case.make_args())
    except errors.SrcadError:
        return None
    except TypeError as error:  # the generic one asks to be specialised
        if not any(word in str(error) for word in ("specialize", "shares memory")):
            raise
        return None


@pytest.mark.parametrize("name", PROGRAMS)
def test_specialised_equals_generic(name: str) -> None:
    for case in PROGRAMS[name]:
        with quiet(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                found = gradients(case)
            except errors.SrcadError:
                continue
        if found is None:
            continue
        for (_, special), (_, generic) in zip(*map(leaves, found), strict=True):
            if special is None:
                assert generic is None
                continue
            assert np.shape(special) == np.shape(generic)
            single = np.result_type(special) == np.float32
            np.testing.assert_allclose(generic, special, 1e-5 if single else 1e-10, 1e-12)
