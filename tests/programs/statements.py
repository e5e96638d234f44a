"""with, assert, raise, print, logging, f-strings, imports, inactive try; and scalars."""

import contextlib
import logging
import math

import numpy as np

from tests.programs.inputs import X5, W, X, each, with_trips

logger = logging.getLogger(__name__)
TABLE = {"one": 1.0}


def with_errstate(x):
    """The body is differentiated."""
    with np.errstate(divide="ignore"):
        y = np.log(np.abs(x))
    return np.sum(y * x)


def with_in_a_loop(x, n):
    """A context in each iteration."""
    y = x
    for _ in range(n):
        with np.errstate(all="ignore"):
            y = np.sin(y) * 1.1
    return np.sum(y)


def with_as_name(x):
    """A context that hands out a value."""
    with contextlib.nullcontext(2.0) as factor:
        y = x * factor
    return np.sum(y * y)


def with_two_contexts(x):
    """Two in one statement."""
    with np.errstate(over="ignore"), np.printoptions(precision=3):
        y = np.exp(x)
    return np.sum(y)


def return_from_with(x):
    """A way out of the context."""
    with np.errstate(invalid="ignore"):
        if x[0] > 0.0:
            return np.sum(np.sqrt(np.abs(x)))
        y = x * x
    return np.sum(y)


def asserts(x, n):
    """An assertion looks at a differentiated value."""
    assert n >= 0, "a count"
    y = np.sin(x)
    assert np.all(np.abs(y) <= 1.0), f"{y} is out of bounds"
    return np.sum(y * n)


def raises(x):
    """A raise that is not reached."""
    if len(x) > 100:
        raise ValueError(f"too long: {x!r}")
    return np.sum(x * x)


def prints(x):
    """Output passes through."""
    y = np.sin(x)
    print("y is", y, f"{np.max(y):.3f}")
    return np.sum(y)


def prints_in_a_loop(x, n):
    """Output in each iteration."""
    y = x
    for i in range(n):
        y = y * 0.9
        if i % 2 == 0:
            print(i, y[0])
    return np.sum(y)


def logs(x):
    """A logger's methods only look."""
    logger.debug("x is %s", x)
    y = x * x
    logger.info(f"largest {y.max():.2e}")
    return np.sum(y)


def formats(x):
    """A text that is not part of the result."""
    name = f"{x[0]:.2f} and {len(x)!r}"
    label = "x = {}".format(x[1])  # noqa: UP032
    y = np.sin(x) if len(name) + len(label) > 3 else x
    return np.sum(y)


def imports_in_the_body(x):
    """A module is imported where it is needed."""
    import math as mathematics

    return np.sum(x) * mathematics.sin(0.5)


def imports_from_in_the_body(x):
    """A function is imported where it is needed."""
    from numpy import sin

    return np.sum(sin(x) * x)


def docstring_and_pass(x):
    """Statements that do nothing."""
    pass
    ...
    "a comment"
    return np.sum(x * x)


def try_where_inactive(x, key):
    """The body of the try computes a constant."""
    try:
        factor = TABLE[key]
    except KeyError:
        factor = 0.5
    return np.sum(x * x) * factor


def try_finally_inactive(x):
    """A counter that is put back."""
    count = 0
    try:
        count += 1
    finally:
        count += 1
    return np.sum(np.sin(x)) * count


def float_arithmetic(x, y):
    """Python numbers."""
    z = x * y + x / y - x**2
    return z * 2.0 ** (0.1 * x)


def float_and_int(x, n):
    """A whole number takes part."""
    return x * n + x**n - n / (2.0 + x * x)


def math_functions(x):
    """math.* of a Python float."""
    y = math.sin(x) * math.exp(0.3 * x) + math.sqrt(1.0 + x * x)
    return y + math.log(2.0 + x) + math.tanh(x) * math.atan(x) + math.cosh(x)


def math_of_two(x, y):
    """math.* of two floats."""
    return math.hypot(x, y) + math.atan2(y, x) + math.pow(1.5 + x, y) + math.fabs(x)


def math_constants(x):
    """math.pi and math.e."""
    return math.pi * x + math.e**x + math.floor(x) + math.ceil(2.5)


def math_of_an_element(x):
    """An element is taken by math."""
    return math.sin(x[0]) * math.exp(x[1])


def float_of_an_element(x):
    """float(x) carries the derivative."""
    return float(x[0]) * float(np.sum(x))


def float_of_a_result(x):
    """A function that returns a Python float."""
    y = np.sin(x)
    return float(np.sum(y * x))


def int_has_no_derivative(x):
    """int(x) is a step."""
    k = int(x[0] * 10.0)
    return np.sum(x) * k


def item_of_an_array(x):
    """x.item() is a Python float."""
    return x.sum().item() * x[1].item() + x.item(0)


def round_has_no_derivative(x):
    """Steps are constants."""
    return np.sum(x * np.floor(3.0 * x)) + np.sum(x) * np.sign(x[0])


def integer_arithmetic(x, n):
    """//, %, divmod, bits: numbers that only choose."""
    k = (n * 7 + 3) // 2 % 3
    q, r = divmod(n + 5, 3)
    return x[k] * q + x[r] * (n << 1) + x[n & 1]


def bool_as_number(x):
    """A comparison counts as 0 or 1."""
    return np.sum(x) * (x[0] > 0.0) + x[1] * True


def pow_function(x, y):
    """Python's pow."""
    return pow(x, 2) + pow(1.5 + x, y)


def divmod_of_a_float(x):
    """The remainder carries the derivative."""
    return (x * 5.0) % 0.7 * x + (x * 5.0) // 0.7


def numpy_scalar(x):
    """A float64 scalar is a float."""
    y = np.float64(2.0) * x
    return y * np.float64(0.5) + np.sin(y)


def zero_dimensional(x):
    """An array without axes."""
    y = x * x
    return np.sum(y) * x[()]


def scalar_loop(x, n):
    """A Python float through a loop: the logistic map."""
    for _ in range(n):
        x = 2.9 * x * (1.0 - x)
    return x


def ternary_of_floats(x, y):
    """The choice is a Python float."""
    return (x if x > y else y) * (x - y)


CASES = [
    *each(with_errstate, (X,), (W,)),
    *with_trips(with_in_a_loop, X),
    *each(with_as_name, (X,)),
    *each(with_two_contexts, (X,)),
    *each(return_from_with, (X,), (-X,)),
    *each(asserts, (X, 2)),
    *each(raises, (X,)),
    *each(prints, (X,)),
    *with_trips(prints_in_a_loop, X),
    *each(logs, (X,)),
    *each(formats, (X,)),
    *each(imports_in_the_body, (X,)),
    *each(imports_from_in_the_body, (X,)),
    *each(docstring_and_pass, (X,)),
    *each(try_where_inactive, (X, "one"), (X, "two")),
    *each(try_finally_inactive, (X,)),
    *each(float_arithmetic, (0.7, 1.3), (-0.4, 0.8)),
    *each(float_and_int, (0.7, 2), (0.7, 0), (1.2, 3)),
    *each(math_functions, (0.7,), (-0.3,)),
    *each(math_of_two, (0.7, 1.3), (-0.4, 0.8)),
    *each(math_constants, (0.7,)),
    *each(math_of_an_element, (X,), (X5,)),
    *each(float_of_an_element, (X,)),
    *each(float_of_a_result, (X,), (W,)),
    *each(int_has_no_derivative, (X,)),
    *each(item_of_an_array, (X,)),
    *each(round_has_no_derivative, (X,)),
    *each(integer_arithmetic, (X, 1), (X, 4)),
    *each(bool_as_number, (X,), (-X,)),
    *each(pow_function, (0.7, 1.3)),
    *each(divmod_of_a_float, (0.67,)),
    *each(numpy_scalar, (0.7,), (np.float64(0.7),)),
    *each(zero_dimensional, (np.array(0.7),)),
    *with_trips(scalar_loop, 0.3),
    *each(ternary_of_floats, (0.7, 1.3), (1.3, 0.7)),
]
