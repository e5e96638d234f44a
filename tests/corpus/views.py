"""What is a view and what a copy: read after a write, and written."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case

X = np.array([0.3, 1.2, 0.7, 2.1])


def part_of_flat(x: Any) -> Any:
    """A part of `x.flat` is a copy, a write through it is none."""
    A = np.outer(x, x)
    y = A.flat[1:3]
    A[0, 1] = 5.0
    A.flat[2] = x[0]
    return np.sum(y * y) + np.sum(A)


def item_of_flat(x: Any) -> Any:
    """An item of `x.flat` is a number."""
    A = np.outer(x, x)
    t = A.flat[1]
    A[0, 1] = 5.0
    return t * x[0]


def diagonal_seen(x: Any) -> Any:
    """A diagonal sees what is written later."""
    A = np.outer(x, x)
    d = np.einsum("ii->i", A)
    A[0, 0] = 3.0 * x[1]
    return np.sum(d * x)


def same_array(x: Any) -> Any:
    """`np.asarray` of an array is the array."""
    y = x * 1.0
    z = np.asarray(y)
    y[0] = 2.0
    return np.sum(z * z)


def squeezed(x: Any) -> Any:
    """A view of a view is written."""
    y = x * 1.0
    z = y[None, :].squeeze()
    z[0] = x[1]
    return np.sum(y * y)


def spread(x: Any) -> Any:
    """What is spread over an array sees a write."""
    y = x * 1.0
    z = np.broadcast_to(y, (2, 4))
    y[0] = x[1] * 2
    return np.sum(z * z)


def real_part(x: Any) -> Any:
    """The real part of a real array is the array."""
    y = x * 1.0
    z = y.real
    z[0] = 4.0 * x[2]
    return np.sum(y * y)


def reversed_views(x: Any) -> Any:
    """Views that run backward are written."""
    y = x * 1.0
    z = y[::-1]
    z[0] = 4.0 * x[2]
    np.flip(y)[1] = x[0]
    return np.sum(y * y * x)


def ravelled_transpose(x: Any) -> Any:
    """A copy, as the layout decides."""
    A = np.outer(x, x)
    r = A.T.ravel()
    A[0, 0] = 1.0
    return np.sum(r * r)


def gathered(x: Any) -> Any:
    """What an index array or a mask gives is a copy."""
    y = x * 1.0
    z = y[[0, 1]]
    y[0] = 9.0
    m = y[y > 1.0]
    y[1] = 9.0
    return np.sum(z * z) + np.sum(m * x[:m.size])


def squeezed_in_place(x: Any) -> Any:
    """A squeezed array is multiplied in place."""
    y = x * 1.0
    z = np.squeeze(y)
    z *= x
    return np.sum(y)


CASES = [
    Case(part_of_flat, (X,)),
    Case(item_of_flat, (X,)),
    Case(diagonal_seen, (X,)),
    Case(same_array, (X,)),
    Case(squeezed, (X,)),
    Case(spread, (X,)),
    Case(real_part, (X,), may_refuse=True),
    Case(reversed_views, (X,)),
    Case(ravelled_transpose, (X,), may_refuse=True),
    Case(gathered, (X,)),
    Case(squeezed_in_place, (X,)),
]
