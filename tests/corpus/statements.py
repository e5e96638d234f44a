"""Statements that compute nothing themselves: contexts, exceptions, messages, imports, deletions."""

# ruff: noqa: PLC0415, SIM105, PIE790, PYI034, F841

from __future__ import annotations

import contextlib
import io
import logging
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.corpus.case import Case, S, X, Y, with_trips

log = logging.getLogger(__name__)
log.propagate = False
lock = threading.Lock()
POSITIVE = np.array([0.4, 1.3, 2.2])


class Timer:
    """A context of the user's own."""

    def __enter__(self) -> Timer:
        self.runs = getattr(self, "runs", 0) + 1
        return self

    def __exit__(self, *error: object) -> None:
        return None


@contextlib.contextmanager
def scale_of(value: float) -> Iterator[float]:
    yield 2.0 * value


def in_a_context(a: Any) -> Any:
    with np.errstate(all="ignore"):
        return np.log(a) * a


def checked(a: Any) -> Any:
    if np.any(a < -5.0):
        raise ValueError("too small")
    return a * a


def by_kind(a: Any, kind: str) -> Any:
    if kind == "square":
        y = a * a
    elif kind == "sine":
        y = np.sin(a)
    else:
        raise ValueError(kind)
    return y


def with_imports(a: Any) -> Any:
    import numpy as math
    from numpy import cos as sin

    return math.tanh(a) * sin(a)


# --- contexts -------------------------------------------------------------------------------------


def errstate(x: Any) -> Any:
    """The body of a with is differentiated."""
    with np.errstate(divide="ignore", invalid="ignore"):
        y = np.log(x)
        z = y * x
    return np.sum(z * y)


def two_contexts(x: Any) -> Any:
    """Two contexts, one of which catches warnings."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        y = np.sqrt(x) * x
    return np.sum(y)


def return_in_a_context(x: Any) -> Any:
    """The result is computed in the with."""
    with np.errstate(all="ignore"):
        y = np.exp(-x)
        return np.sum(y * x)


def nested_contexts(x: Any) -> Any:
    """A return two contexts deep."""
    with np.errstate(all="ignore"):
        y = x * x
        with lock:
            z = np.sin(y)
            return np.sum(z * y)


def context_in_a_helper(x: Any) -> Any:
    """A helper returns from within a context, twice."""
    return np.sum(in_a_context(x) + in_a_context(in_a_context(x) + 2.0))


def context_in_a_loop(x: Any, n: int) -> Any:
    """What the body of the with needs later is kept in each iteration."""
    y = x
    for _ in range(n):
        with Timer():
            y = np.sin(y) * x
            y = y * y
    return np.sum(y)


def context_in_a_branch(x: Any) -> Any:
    """A with on one side of an if, and an if in a with."""
    if np.sum(x) > 0.0:
        with lock:
            y = x * x
            if x[0] > 0.3:
                y = np.sin(y) * y
    else:
        y = -x
    return np.sum(y)


def loop_in_a_context(x: Any, n: int) -> Any:
    """A loop in the body of a with."""
    y = x
    with np.errstate(all="ignore"):
        for i in range(n):
            y = np.tanh(y) * (i + 1) + x
    return np.sum(y * y)


def context_with_a_name(x: Any) -> Any:
    """The name after `as` is opaque."""
    with scale_of(1.5) as scale:
        y = x * scale
        z = y * y
    return np.sum(z * scale)


def context_name_bound_anew(x: Any) -> Any:
    """The name after `as` is bound anew in the body."""
    with scale_of(1.5) as scale:
        y = x * scale
        scale = np.sum(y)
        z = y * scale
    return np.sum(z)


def context_of_an_object(x: Any) -> Any:
    """The manager is an object with a use in its body."""
    with Timer() as timer:
        print(timer.runs, end="")
        y = np.cos(x)
    return np.sum(y * x)


def redirected(x: Any) -> Any:
    """Output goes elsewhere."""
    with contextlib.redirect_stdout(io.StringIO()):
        y = x * x
        print(y)
    with contextlib.nullcontext():
        z = y * x
    return np.sum(z)


def empty_context(x: Any) -> Any:
    """A body in which nothing is left."""
    with np.errstate(all="ignore"):
        pass
    with Timer():
        unused = x * x
    return np.sum(x * x)


def matrix_in_a_context(x: Any, a: Any) -> Any:
    """Inner values of the body are kept."""
    with np.errstate(all="ignore"):
        y = np.tanh(a @ np.tanh(a @ x))
    return y @ y


# --- exceptions -----------------------------------------------------------------------------------


def raise_in_a_branch(x: Any) -> Any:
    """An if that only raises."""
    if np.sum(x) < -100.0:
        raise ValueError("too small")
    return np.sum(x * x)


def raise_beside_a_binding(x: Any) -> Any:
    """A name that is bound on the other path only."""
    if np.sum(x) < -100.0:
        raise ValueError
    else:
        y = np.sin(x)
    return np.sum(y * x)


def raise_in_the_last_branch(x: Any) -> Any:
    """The names of all paths that end well."""
    if np.sum(x) > 100.0:
        y = x
        k = 1.0
    elif np.sum(x) > -100.0:
        y = x * x
        k = 2.0
    else:
        message = f"{x} is small"
        raise ValueError(message)
    return np.sum(y * x) * k


def raise_by_a_static_test(x: Any, kind: str) -> Any:
    """What raises is decided when the gradient is compiled."""
    return np.sum(by_kind(x, kind))


def raise_in_a_helper(x: Any) -> Any:
    """A helper checks its argument."""
    return np.sum(checked(checked(x)))


def raise_in_a_loop(x: Any, n: int) -> Any:
    """A check in each iteration, from a cause."""
    y = x
    for i in range(n):
        if np.sum(y) > 1e6:
            raise OverflowError("no convergence") from None
        y = np.sin(y) + i * x
    return np.sum(y)


def assertions(x: Any) -> Any:
    """Assertions look at differentiated values, their messages too."""
    y = x * x
    assert y.shape == x.shape
    assert np.all(y >= 0.0), f"{y} is not positive: {np.sum(y):.3e}"
    return np.sum(y * x)


def caught_beside(x: Any, options: Any) -> Any:
    """A try that nothing differentiated takes part in."""
    try:
        n = int(options["n"])
    except KeyError:
        n = 3
    else:
        n = n + 1
    y = x
    for _ in range(n):
        y = np.sin(y)
    return np.sum(y) * n


def caught_after_a_binding(x: Any) -> Any:
    """The value from before the try survives where it fails."""
    scale = 2.0
    try:
        scale = float("nothing")
    except ValueError:
        pass
    return np.sum(x * scale)


def caught_in_a_loop(x: Any, n: int) -> Any:
    """A try in each iteration."""
    y = x
    for i in range(n):
        try:
            factor = 1 / (i - 1)
        except ZeroDivisionError as error:
            factor = float(len(str(error)) > 0)
        y = y * factor + x
    return np.sum(y * y)


# --- messages -------------------------------------------------------------------------------------


def messages(x: Any) -> Any:
    """Prints, logs and warnings look at differentiated values."""
    y = np.sum(x * x)
    print("y", y, end="", flush=False)
    log.debug("y is %s", y)
    log.log(logging.DEBUG, "x is %s", x)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.warn(f"y = {y}", stacklevel=1)
    return y * x[0]


def formatted(x: Any, width: int) -> Any:
    """F-strings with formats, conversions and nested fields."""
    y = np.sum(x * x)
    text = f"{y:>{width}.3f} {x!r:>10} {width=} {'a' if width else 'b'}"
    print(text, f"{y:.2e}", end="")
    return y


# --- imports, deletions, declarations -------------------------------------------------------------


def imports(x: Any) -> Any:
    """Modules and functions are imported where they are used."""
    import math

    import numpy as xp
    import numpy.linalg as la
    from numpy import linalg, pi, sin

    return xp.sum(sin(x) * pi) * math.sqrt(2.0) + la.norm(x) * linalg.norm(x) + math.pi * x[0]


def imports_in_a_helper(x: Any) -> Any:
    """A helper's imports have names of their own."""
    import math

    return np.sum(with_imports(x)) * math.sin(1.0) + np.sum(with_imports(2.0 * x))


def deleted(x: Any) -> Any:
    """A name is deleted, and bound again."""
    y = x * 2.0
    z = y * y
    del y
    y = np.sin(z)
    return np.sum(z * y)


def deleted_in_a_loop(x: Any, n: int) -> Any:
    """A temporary is deleted in each iteration."""
    y = x
    for _ in range(n):
        t = np.sin(y)
        y = t * t + x
        del t
    return np.sum(y)


def declared(x: Any) -> Any:
    """An annotation without a value, and a statement that does nothing."""
    y: Any
    pass
    ...
    "a text"
    y = x * x
    k: float = 3.0
    return np.sum(y) * k


CASES = [
    Case(errstate, (POSITIVE,)),
    Case(two_contexts, (POSITIVE,)),
    Case(return_in_a_context, (X,)),
    Case(nested_contexts, (X,)),
    Case(context_in_a_helper, (POSITIVE,)),
    *with_trips(context_in_a_loop, X),
    Case(context_in_a_branch, (X,)),
    Case(context_in_a_branch, (-X,), suffix="_other"),
    *with_trips(loop_in_a_context, X),
    Case(context_with_a_name, (X,)),
    Case(context_name_bound_anew, (X,)),
    Case(context_of_an_object, (X,)),
    Case(redirected, (X,)),
    Case(empty_context, (X,)),
    Case(matrix_in_a_context, (X, S)),
    Case(raise_in_a_branch, (X,)),
    Case(raise_beside_a_binding, (X,)),
    Case(raise_in_the_last_branch, (X,)),
    Case(raise_by_a_static_test, (X, "square")),
    Case(raise_by_a_static_test, (X, "sine"), suffix="_sine"),
    Case(raise_in_a_helper, (X,)),
    *with_trips(raise_in_a_loop, X),
    Case(assertions, (Y,)),
    Case(caught_beside, (X, {"n": 2}), wrt=("x",)),
    Case(caught_beside, (X, {}), wrt=("x",), suffix="_caught"),
    Case(caught_after_a_binding, (X,)),
    *with_trips(caught_in_a_loop, X),
    Case(messages, (X,)),
    Case(formatted, (X, 12)),
    Case(imports, (X,)),
    Case(imports_in_a_helper, (X,)),
    Case(deleted, (X,)),
    *with_trips(deleted_in_a_loop, X),
    Case(declared, (X,)),
]
