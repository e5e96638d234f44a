"""Functions as values: nested `def`, closures, lambdas, defaults, and arguments that are gathered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.corpus.case import Case, X, Y, with_trips

# --- helpers that take functions, or make them ----------------------------------------------------


def make_layer(weight: Any, bias: Any = 0.5) -> Callable[..., Any]:
    def layer(a: Any) -> Any:
        return np.tanh(a * weight + bias)

    return layer


def make_scaled(weight: Any) -> Callable[..., Any]:
    return lambda a: a * weight


def compose(*functions: Callable[..., Any]) -> Callable[..., Any]:
    first, second = functions
    return lambda a: second(first(a))


def applied(function: Callable[..., Any], a: Any, *rest: Any) -> Any:
    return function(a, *rest)


def repeated(function: Callable[..., Any], a: Any, n: int) -> Any:
    for _ in range(n):
        a = function(a)
    return a


def weighted(a: Any, *others: Any, scale: Any = 2.0, **more: Any) -> Any:
    return a * others[0] * scale + others[1] * more["shift"]


def counted(*arguments: Any) -> Any:
    return arguments[0] * len(arguments)


def handed_on(*arguments: Any, **options: Any) -> Any:
    return weighted(*arguments, **options)


def named(first: Any, /, second: Any, *, third: Any = 0.7) -> Any:
    return first * second + third


# --- nested functions -----------------------------------------------------------------------------


def nested_def(x: Any) -> Any:
    """A function is defined inside and called."""

    def square(a: Any) -> Any:
        b = a * a
        return b

    return np.sum(square(x) * x)


def closure_over_an_argument(x: Any, y: Any) -> Any:
    """The inner function reads an argument of the outer one."""

    def scaled(a: Any) -> Any:
        return a * y

    return np.sum(scaled(np.sin(x)))


def late_binding(x: Any) -> Any:
    """A closure reads the value that the name has when it is called."""
    scale = 2.0

    def scaled(a: Any) -> Any:
        return a * scale

    first = np.sum(scaled(x))
    scale = x[0]
    return first + np.sum(scaled(x))


def bound_after_the_definition(x: Any) -> Any:
    """The name that a closure reads is bound later than the closure."""

    def shifted(a: Any) -> Any:
        return a * shift

    shift = np.cos(x)
    return np.sum(shifted(x))


def closure_over_a_loop_variable(x: Any, n: int) -> Any:
    """A closure from before the loop reads what each iteration binds."""
    total = 0.0
    i = 0
    factor = x

    def term(a: Any) -> Any:
        return np.sum(a * factor) * (i + 1)

    for i in range(n):
        total = total + term(x)
        factor = np.sin(factor)
    return total + np.sum(factor)


def closure_over_what_a_branch_binds(x: Any) -> Any:
    """The captured name is bound on both sides of an if."""
    scale = x

    def scaled(a: Any) -> Any:
        return a * scale

    if np.sum(x) > 0.0:
        scale = x * 2.0
    else:
        scale = np.sin(x)
    return np.sum(scaled(x))


def nested_twice(x: Any, y: Any) -> Any:
    """A function in a function in a function."""

    def outer(a: Any) -> Any:
        c = a * y

        def inner(b: Any) -> Any:
            return b * c + y

        return inner(a) * c

    return np.sum(outer(x))


def inner_name_shadows(x: Any) -> Any:
    """The inner function's own names are not the outer one's."""
    a = x * 2.0

    def shadowing(b: Any) -> Any:
        a = b * b
        return a

    return np.sum(shadowing(x)) + np.sum(a * x)


def nested_calls_nested(x: Any) -> Any:
    """One inner function calls another that is defined after it."""

    def first(a: Any) -> Any:
        return second(a) * a

    def second(a: Any) -> Any:
        return np.sin(a)

    return np.sum(first(x))


def nested_def_in_a_loop(x: Any, n: int) -> Any:
    """Each iteration defines its function anew."""
    y = x
    for i in range(n):

        def step(a: Any) -> Any:
            return 0.5 * np.sin(a) + 0.1 * i

        y = step(y) + x
    return np.sum(y)


def nested_def_in_a_branch(x: Any) -> Any:
    """A function that exists on one path, and is called there."""
    if np.sum(x) > 0.0:

        def cubed(a: Any) -> Any:
            return a**3

        y = cubed(x)
    else:
        y = x
    return np.sum(y * x)


def nested_def_with_a_loop(x: Any, n: int) -> Any:
    """The inner function has a loop and a branch."""

    def looped(a: Any) -> Any:
        for i in range(n):
            if np.sum(a) > 0.0:
                a = np.sin(a) * x
            else:
                a = a * (i + 2)
        return a

    return np.sum(looped(x) + looped(-x))


def nested_def_without_a_result(x: Any) -> Any:
    """A call that returns None."""

    def check(a: Any) -> None:
        assert np.all(np.isfinite(a))

    check(x)
    return np.sum(x * x)


def redefined(x: Any) -> Any:
    """A name stands for one function, then for another."""

    def transform(a: Any) -> Any:
        return np.sin(a)

    y = transform(x)

    def transform(a: Any) -> Any:  # type: ignore[no-redef]
        return a * a

    return np.sum(transform(y))


def closure_in_a_tuple(x: Any) -> Any:
    """A tuple holds a function among its values."""

    def tripled(a: Any) -> Any:
        return 3.0 * a * x

    pair = (x * 2.0, tripled)
    return np.sum(pair[1](pair[0]))


# --- factories ------------------------------------------------------------------------------------


def factory(x: Any, y: Any) -> Any:
    """A helper returns an inner function."""
    layer = make_layer(y)
    return np.sum(layer(layer(x)))


def two_from_one_factory(x: Any, y: Any) -> Any:
    """Two functions of one factory keep their own values."""
    first = make_layer(x)
    second = make_layer(y, bias=x[0])
    return np.sum(first(y) * second(x))


def factory_keeps_its_argument(x: Any, y: Any) -> Any:
    """The argument is bound anew after the factory was called."""
    scaled = make_scaled(y)
    y = y * 10.0
    return np.sum(scaled(x)) + np.sum(y)


def factory_called_at_once(x: Any, y: Any) -> Any:
    """The function that is returned is called without a name."""
    return np.sum(make_layer(y)(x))


def factory_in_a_loop(x: Any, n: int) -> Any:
    """Each iteration makes its own function."""
    y = x
    for i in range(n):
        layer = make_layer(x * (i + 1))
        y = layer(y)
    return np.sum(y)


def nested_factory(x: Any, y: Any) -> Any:
    """The factory itself is an inner function."""

    def make(power: int) -> Callable[..., Any]:
        def raised(a: Any) -> Any:
            return a**power * y

        return raised

    square, cube = make(2), make(3)
    return np.sum(square(x) + cube(x))


def composed(x: Any, y: Any) -> Any:
    """A function made of functions."""
    both = compose(make_scaled(y), np.tanh)
    return np.sum(both(x))


# --- lambdas --------------------------------------------------------------------------------------


def two_lambdas_on_a_line(x: Any) -> Any:
    """They are told apart."""
    f, g = (lambda a: a * 2.0), (lambda a: a * a)
    return np.sum(f(x) * g(x))


def lambda_in_an_argument(x: Any, y: Any) -> Any:
    """A lambda is written in the call that it is for."""
    return np.sum(applied(lambda a: a * y, x)) + np.sum(applied(lambda a, b: a * b, x, y))


def lambda_called_at_once(x: Any) -> Any:
    """An immediate call."""
    return np.sum((lambda a, b: a * np.sin(b))(x, x * 2.0))  # noqa: PLC3002


def lambda_with_a_conditional(x: Any) -> Any:
    """A conditional expression inside of a lambda."""
    bent = lambda a: a * a if np.sum(a) > 0.0 else -a  # noqa: E731
    return np.sum(bent(x)) + np.sum(bent(-x))


def lambda_of_lambdas(x: Any, y: Any) -> Any:
    """A lambda returns a lambda."""
    add = lambda a: lambda b: a * b + y  # noqa: E731
    return np.sum(add(x)(y) * add(y)(y))


# --- defaults -------------------------------------------------------------------------------------


def default_is_captured(x: Any) -> Any:
    """A default keeps the value from when the function was made."""
    y = x * 2.0
    scaled = lambda a, w=y: a * w  # noqa: E731
    y = np.sin(x)
    return np.sum(scaled(x)) + np.sum(y)


def default_in_a_loop(x: Any, n: int) -> Any:
    """Each iteration's default is its own."""
    y = x
    for i in range(n):
        step = lambda a, k=i, w=y: a / (k + 1) + w  # noqa: E731
        y = np.sin(y)
        y = step(y)
    return np.sum(y * x)


def default_of_a_nested_def(x: Any) -> Any:
    """An active default, used and replaced."""

    def scaled(a: Any, weight: Any = x @ x, *, shift: Any = x[0] * 2.0) -> Any:
        return a * weight + shift

    return np.sum(scaled(x)) + np.sum(scaled(x, 2.0, shift=x))


# --- arguments ------------------------------------------------------------------------------------


def gathered_arguments(x: Any, y: Any) -> Any:
    """A helper takes `*args` and `**kwargs`."""
    return np.sum(weighted(x, y, np.sin(y), shift=x)) + np.sum(weighted(x, y, y, shift=2.0, scale=x))


def gathered_and_handed_on(x: Any, y: Any) -> Any:
    """`*args` and `**kwargs` go through one helper to another."""
    return np.sum(handed_on(x, y, x, shift=y)) + np.sum(handed_on(x * y, y, x, scale=y, shift=3.0))


def gathered_by_a_nested_def(x: Any, y: Any) -> Any:
    """A nested function takes `*args`."""

    def product(*factors: Any, **options: Any) -> Any:
        a, b = factors
        return a * b * options["scale"]

    return np.sum(product(x, y, scale=x)) + counted(x, x, y)[0]


def nothing_gathered(x: Any) -> Any:
    """`*args` and `**kwargs` are empty."""

    def scaled(a: Any, *rest: Any, **options: Any) -> Any:
        return a * (len(rest) + 2) if not options else a

    return np.sum(scaled(x) * x)


def unpacked_arguments(x: Any, y: Any) -> Any:
    """A tuple and a dict are unpacked into a call."""
    both = (x, y)
    options = {"third": x * y}
    return np.sum(named(*both, **options)) + np.sum(np.add(*both)) + np.sum(named(x, *[y * 2.0]))


def unpacked_call(x: Any, y: Any) -> Any:
    """What is unpacked is an expression."""
    return np.sum(named(*(x * y, y), **{"third": np.sin(x)}))  # noqa: PIE804


def positional_and_keyword_only(x: Any, y: Any) -> Any:
    """Parameters that are given in one way only."""
    only = lambda a, /, *, b: a * b  # noqa: E731
    return np.sum(named(x, second=y, third=x)) + np.sum(only(x, b=y))


def function_passed_on(x: Any, n: int) -> Any:
    """A closure is called in a helper's loop."""

    def step(a: Any) -> Any:
        return np.sin(a) * x

    return np.sum(repeated(step, x, n))


CASES = [
    Case(nested_def, (X,)),
    Case(closure_over_an_argument, (X, Y)),
    Case(late_binding, (X,)),
    Case(bound_after_the_definition, (X,)),
    *with_trips(closure_over_a_loop_variable, X),
    Case(closure_over_what_a_branch_binds, (X,)),
    Case(closure_over_what_a_branch_binds, (-X,), suffix="_other"),
    Case(nested_twice, (X, Y)),
    Case(inner_name_shadows, (X,)),
    Case(nested_calls_nested, (X,)),
    *with_trips(nested_def_in_a_loop, X),
    Case(nested_def_in_a_branch, (X,)),
    Case(nested_def_in_a_branch, (-X,), suffix="_other"),
    *with_trips(nested_def_with_a_loop, X),
    Case(nested_def_without_a_result, (X,)),
    Case(redefined, (X,)),
    Case(closure_in_a_tuple, (X,)),
    Case(factory, (X, Y)),
    Case(two_from_one_factory, (X, Y)),
    Case(factory_keeps_its_argument, (X, Y)),
    Case(factory_called_at_once, (X, Y)),
    *with_trips(factory_in_a_loop, X),
    Case(nested_factory, (X, Y)),
    Case(composed, (X, Y)),
    Case(two_lambdas_on_a_line, (X,)),
    Case(lambda_in_an_argument, (X, Y)),
    Case(lambda_called_at_once, (X,)),
    Case(lambda_with_a_conditional, (X,)),
    Case(lambda_of_lambdas, (X, Y)),
    Case(default_is_captured, (X,)),
    *with_trips(default_in_a_loop, X),
    Case(default_of_a_nested_def, (X,)),
    Case(gathered_arguments, (X, Y)),
    Case(gathered_and_handed_on, (X, Y)),
    Case(gathered_by_a_nested_def, (X, Y)),
    Case(nothing_gathered, (X,)),
    Case(unpacked_arguments, (X, Y)),
    Case(unpacked_call, (X, Y)),
    Case(positional_and_keyword_only, (X, Y)),
    *with_trips(function_passed_on, X),
]
