"""Helpers, recursion, closures, lambdas, functions as values, decorators, methods, callables."""

import functools

import numpy as np

from tests.programs.inputs import X5, M, S, W, X, Y, each, with_trips


def positional(x, y):
    """Arguments by position."""
    return np.sum(affine(x, y, x) * affine(y, x, 0.5))


def affine(a, b, c=1.0):
    return a * b + c


def keywords_out_of_order(x, y):
    """Arguments by keyword."""
    return np.sum(affine(b=np.sin(x), a=y)) + np.sum(affine(x, c=y, b=2.0))


def defaults(x):
    """A default that is left, and one that is replaced."""
    return np.sum(affine(x, x) * affine(x, x, x))


def keyword_only(x, y):
    """A parameter behind a star."""
    return np.sum(shifted(x, by=y)) * np.sum(shifted(y))


def shifted(a, *, by=0.3):
    return np.sin(a + by)


def positional_only(x):
    """A parameter before a slash."""
    return np.sum(halved(x) * x)


def halved(a, /):
    return 0.5 * a


def star_args(x, y):
    """*args is a tuple."""
    return total_of(x, y, x * y) * total_of(x) + total_of()


def total_of(*parts):
    total = 0.0
    for part in parts:
        total = total + np.sum(np.sin(part))
    return total


def star_args_after_one(x, y):
    """The first by name, the others gathered."""
    return np.sum(weighted(x, 0.5, 2.0, y[0]))


def weighted(a, *factors):
    for factor in factors:
        a = a * factor
    return a


def star_kwargs(x, y):
    """**kwargs is a dict."""
    return combined(a=x, b=y) + combined(b=x * y)


def combined(**parts):
    total = 0.0
    for name, part in parts.items():
        if name == "a":
            total = total + np.sum(part * part)
        else:
            total = total + np.sum(np.sin(part))
    return total


def call_with_star(x, y):
    """A tuple is spread over the parameters."""
    pair = (x, y)
    return np.sum(affine(*pair) * affine(*pair, x))


def call_with_double_star(x, y):
    """A dict is spread over the parameters."""
    named = {"b": y, "c": x}
    return np.sum(affine(x, **named))


def args_handed_on(x, y):
    """A wrapper that takes and gives everything."""
    return np.sum(forwarded(x, y, c=2.0))


def forwarded(*args, **kwargs):
    return affine(*args, **kwargs) * 0.5


def star_in_the_function(*parts):
    """The differentiated function itself gathers."""
    return np.sum(parts[0] * parts[1]) * len(parts)


def default_of_the_function(x, k=2.0):
    """A default of the differentiated function."""
    return np.sum(np.sin(k * x))


def nested_def(x, y):
    """A function within the function."""

    def scaled(v, k=2.0):
        return k * v * y

    return np.sum(scaled(x) * scaled(y, k=0.5))


def closure_reads_later_value(x):
    """A closure sees the variable, not the value it had."""
    factor = 1.0

    def scaled(v):
        return v * factor

    factor = x[0]
    return np.sum(scaled(x))


def closure_in_a_loop(x, n):
    """A function made anew in each iteration."""
    y = x
    for i in range(n):

        def step(v):
            return np.sin(v) * (1.5 - 0.1 * i)

        y = step(y)
    return np.sum(y)


def closure_returned(x):
    """A function that makes a function."""
    return np.sum(scaler(x)(x) * scaler(2.0)(x))


def scaler(factor):
    def scaled(v):
        return np.sin(v) * factor

    return scaled


def nested_def_writes(x):
    """An inner function writes an array of the outer one."""
    a = x * 1.0

    def double_first():
        a[0] *= 2.0

    double_first()
    double_first()
    return np.sum(a * a)


def lambda_in_a_name(x, y):
    """A lambda bound to a name."""
    f = lambda v: v * np.sin(y)  # noqa: E731
    return np.sum(f(x) * f(y))


def two_lambdas_on_a_line(x):
    """They are told apart."""
    f, g = (lambda v: np.sin(v)), (lambda v: v * v)
    return np.sum(f(x) * g(x))


def lambda_as_argument(x):
    """A lambda in a call's arguments."""
    return np.sum(apply(lambda v: v * v, x) + apply(lambda v: np.cos(v), x))


def apply(f, v):
    return f(v) * 2.0


def lambda_with_default(x):
    """A default holds the value of the moment."""
    f = lambda v, k=x[0]: v * k  # noqa: E731
    return np.sum(f(x)) + np.sum(f(x, 3.0))


def function_as_argument(x):
    """A helper and a NumPy function are passed."""
    return np.sum(apply(halved, x) * apply(np.tanh, x))


def function_argument(x, f):
    """A function is an argument of the differentiated function."""
    return np.sum(f(x) * x)


def function_from_a_dict(x, kind):
    """A table of functions."""
    table = {"sine": np.sin, "square": lambda v: v * v, "half": halved}
    return np.sum(table[kind](x) * x)


def functions_in_a_loop(x):
    """A list of functions, one after the other."""
    for f in (np.sin, halved, np.tanh):
        x = f(x) * 1.5
    return np.sum(x)


def mapped(x, y):
    """map applies a helper to each item."""
    first, second = map(halved, (x, y))
    return np.sum(first * second)


def partial_in_the_body(x, y):
    """functools.partial, made and called."""
    f = functools.partial(affine, x, c=0.5)
    return np.sum(f(y) * f(b=2.0))


HALF_AFFINE = functools.partial(affine, 0.5)


def partial_of_the_module(x, y):
    """functools.partial, made outside."""
    return np.sum(HALF_AFFINE(x, y) * y)


def same_function(f):
    f.noted = True
    return f


@same_function
def noted_sine(v):
    return np.sin(v)


def decorator_returns_the_function(x):
    """A decorator that registers only."""
    return np.sum(noted_sine(x) * x)


def doubling(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        return 2.0 * f(*args, **kwargs)

    return wrapper


@doubling
def doubled_sine(v, k=1.0):
    return np.sin(k * v)


def decorator_wraps(x):
    """A wrapper's effect is not lost."""
    return np.sum(doubled_sine(x) * doubled_sine(x, k=0.5))


class Layer:
    """A callable object with parameters of its own."""

    def __init__(self, weight, bias):
        self.weight = weight
        self.bias = bias

    def __call__(self, x):
        return np.tanh(self.weight @ x + self.bias)

    def squared(self, x):
        return self(x) ** 2

    @staticmethod
    def halved(x):
        return 0.5 * x

    @property
    def scale(self):
        return 2.0


LAYER = Layer(S, Y)


def callable_object(x):
    """An object with __call__."""
    return np.sum(LAYER(x) * x)


def method(x):
    """A method that calls another."""
    return np.sum(LAYER.squared(x) * LAYER.halved(x))


def attribute_read(x):
    """Attributes and properties of an object are constants."""
    return np.sum(LAYER.weight @ x + LAYER.bias) * LAYER.scale * x[0]


def object_made_in_the_body(w, b, x):
    """An object that holds active arrays."""
    layer = Layer(w, b)
    return np.sum(layer(x) * x)


def two_results(x, y):
    """A tuple is returned and unpacked."""
    s, p = sum_and_product(x, y)
    _, q = sum_and_product(s, p)
    return np.sum(s * q)


def sum_and_product(a, b):
    return a + b, a * b


def dict_result(x):
    """A dict is returned."""
    parts = split(x)
    return np.sum(parts["tail"]) * parts["head"]


def split(x):
    return {"head": x[0], "tail": np.sin(x[1:])}


def helper_in_a_loop(x, n):
    """A helper with a branch, in a loop."""
    for i in range(n):
        x = leaky(x - 0.1 * i)
    return np.sum(x)


def leaky(x):
    if np.sum(x) > 0.0:
        return np.sin(x) + x
    return 0.3 * x


def rosenbrock(x):
    """The sum as a scalar loop."""
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


CASES = [
    *each(positional, (X, Y)),
    *each(keywords_out_of_order, (X, Y)),
    *each(defaults, (X,), (W,)),
    *each(keyword_only, (X, Y)),
    *each(positional_only, (X,)),
    *each(star_args, (X, Y)),
    *each(star_args_after_one, (X, Y)),
    *each(star_kwargs, (X, Y)),
    *each(call_with_star, (X, Y)),
    *each(call_with_double_star, (X, Y)),
    *each(args_handed_on, (X, Y)),
    *each(star_in_the_function, (X, Y), wrt=(0, 1)),
    *each(default_of_the_function, (X,), (X, 0.5)),
    *each(nested_def, (X, Y)),
    *each(closure_reads_later_value, (X,)),
    *with_trips(closure_in_a_loop, X),
    *each(closure_returned, (X,)),
    *each(nested_def_writes, (X,)),
    *each(lambda_in_a_name, (X, Y)),
    *each(two_lambdas_on_a_line, (X,)),
    *each(lambda_as_argument, (X,)),
    *each(lambda_with_default, (X,)),
    *each(function_as_argument, (X,)),
    *each(function_argument, (X, np.sin), (X, halved), (X, lambda v: v * v)),
    *each(function_from_a_dict, (X, "sine"), (X, "square"), (X, "half")),
    *each(functions_in_a_loop, (X,)),
    *each(mapped, (X, Y)),
    *each(partial_in_the_body, (X, Y)),
    *each(partial_of_the_module, (X, Y)),
    *each(decorator_returns_the_function, (X,)),
    *each(decorator_wraps, (X,)),
    *each(callable_object, (X,)),
    *each(method, (X,)),
    *each(attribute_read, (X,)),
    *each(object_made_in_the_body, (S, Y, X)),
    *each(two_results, (X, Y)),
    *each(dict_result, (X,), (X5,)),
    *with_trips(helper_in_a_loop, X),
    *each(rosenbrock, (X,), (X5,), (X[:1],), (M.ravel(),)),
]
