"""What is called that is no plain function: methods, objects, partials, operators, wrappers."""

from __future__ import annotations

import functools
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.corpus.case import Case, X, Y, with_trips


class Layer:
    """Weights, and functions of them."""

    gain = 1.5

    def __init__(self, weight: Any, activation: Callable[..., Any] = np.tanh) -> None:
        self.weight = weight
        self.activation = activation
        self.options = {"shift": 0.3}

    def __call__(self, a: Any) -> Any:
        return self.activation(a * self.weight) * self.gain

    def linear(self, a: Any, shift: Any = 0.5) -> Any:
        return a * self.weight + shift

    def both(self, a: Any) -> Any:
        return self.linear(self(a), shift=self.options["shift"])

    def by_closure(self, a: Any) -> Any:
        scaled = lambda b: b * self.weight  # noqa: E731
        return scaled(a)

    @property
    def penalty(self) -> Any:
        return np.sum(self.weight * self.weight)

    @staticmethod
    def squared(a: Any) -> Any:
        return a * a

    @classmethod
    def gained(cls, a: Any) -> Any:
        return a * cls.gain


class Inherited(Layer):
    """A class that takes its call from another."""

    gain = -0.5


class Network:
    """Objects in an object."""

    def __init__(self) -> None:
        self.layers = [Layer(Y), Inherited(X, np.sin)]
        self.last = self.layers[1]

    def predict(self, a: Any) -> Any:
        return self.last(self.layers[0](a))


def scaled(a: Any, weight: Any, shift: Any = 0.0) -> Any:
    return a * weight + shift


def twice(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*args: Any, **options: Any) -> Any:
        return 2.0 * function(*args, **options)

    return wrapper


def as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


def powered(power: int) -> Callable[..., Any]:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(a: Any) -> Any:
            return function(a) ** power

        return wrapper

    return decorate


@twice
def doubled(a: Any, k: Any = 0.5) -> Any:
    return np.sin(a) * k


@as_it_is
def unchanged(a: Any) -> Any:
    return a * a


@powered(3)
@twice
@twice
def stacked(a: Any) -> Any:
    return np.cos(a)


layer = Layer(Y)
network = Network()
activations: dict[str, Callable[..., Any]] = {"tanh": np.tanh, "square": lambda a: a * a}
stages = [np.sin, layer, layer.linear, unchanged]
half = functools.partial(scaled, weight=0.5)
by_weight = functools.partial(scaled, weight=Y, shift=2.0)
of_a_partial = functools.partial(by_weight, shift=np.array([0.1, 0.2, 0.3]))
total = functools.partial(np.sum, axis=0)
of_a_method = functools.partial(layer.linear, shift=1.0)


def method(x: Any) -> Any:
    """A method reads an attribute of its object."""
    return np.sum(layer.linear(x) * layer.linear(x, shift=x))


def callable_object(x: Any) -> Any:
    """An object is called."""
    return np.sum(layer(layer(x)))


def attribute(x: Any) -> Any:
    """Attributes of an object are data."""
    return np.sum(x * layer.weight) * layer.gain * layer.options["shift"]


def method_calls_a_method(x: Any) -> Any:
    """A method calls its own object, and another method of it."""
    return np.sum(layer.both(x))


def closure_in_a_method(x: Any) -> Any:
    """A lambda in a method reads `self`."""
    return np.sum(layer.by_closure(x) * x)


def property_of_an_object(x: Any) -> Any:
    """A property is a function of its object."""
    return np.sum(x * x) * layer.penalty


def static_and_class_methods(x: Any) -> Any:
    """Methods without an object, by the object and by the class."""
    return np.sum(layer.squared(x) + Layer.gained(x) * Layer.squared(x) + Inherited.gained(x))


def objects_in_an_object(x: Any) -> Any:
    """Objects in a list of an object, one of them under two names."""
    return np.sum(network.predict(x)) + np.sum(network.layers[1].linear(x))


def bound_method_under_a_name(x: Any) -> Any:
    """A method and an object are bound to names."""
    apply, thing = layer.linear, network.last
    return np.sum(apply(x) * thing(x) + thing.weight * x)


def object_as_argument(x: Any, model: Any) -> Any:
    """An object is an argument of the function."""
    return np.sum(model(x) + model.linear(x)) * model.penalty


def function_as_argument(x: Any, function: Any) -> Any:
    """A function, a method or a partial is an argument of the function."""
    return np.sum(function(x) * x)


def functions_in_a_dict(x: Any) -> Any:
    """A function is looked up by its name."""
    return np.sum(activations["tanh"](x) * activations["square"](x))


def functions_in_a_list(x: Any) -> Any:
    """Functions, an object and a method in a list."""
    return np.sum(stages[0](x) + stages[1](x) * stages[2](x) + stages[3](x))


def local_dict_of_functions(x: Any, name: str) -> Any:
    """A dict of functions is made inside."""
    table = {"sin": np.sin, "scaled": lambda a: a * x, "layer": layer}
    return np.sum(table[name](x))


def partial_from_outside(x: Any) -> Any:
    """Keywords of a partial, used and replaced."""
    return np.sum(half(x) * by_weight(x) * by_weight(x, weight=x)) + np.sum(of_a_partial(x))


def partial_of_a_primitive(x: Any) -> Any:
    """A partial of a NumPy function, and of an operator."""
    return total(x * x) + total(functools.partial(operator.mul, 3.0)(x))


def partial_of_a_method(x: Any) -> Any:
    """A partial that holds an object."""
    return np.sum(of_a_method(x))


def partial_made_inside(x: Any, y: Any) -> Any:
    """A partial keeps what its arguments were."""
    by = functools.partial(scaled, weight=y)
    y = np.sin(y)
    both = functools.partial(by, x, shift=y)
    return np.sum(by(x) * y) + np.sum(both() + both(shift=2.0))


def partial_made_in_a_loop(x: Any, n: int) -> Any:
    """Each iteration has a partial of its own."""
    y = x
    for i in range(n):
        step = functools.partial(scaled, weight=0.5 * x, shift=i)
        y = step(y) + functools.partial(np.multiply, 0.1)(y)
    return np.sum(y)


def operators(x: Any, y: Any) -> Any:
    """The operator module's functions."""
    product = operator.mul(x, operator.truediv(y, 2.0))
    return np.sum(operator.sub(product, operator.neg(x)) + operator.pow(x, 2)) + operator.getitem(x, 0)


def wrapped(x: Any) -> Any:
    """A decorated helper is what the decorator made of it."""
    return np.sum(doubled(x) + doubled(x, k=x))


def returned_by_its_decorator(x: Any) -> Any:
    """A decorator that returns the function itself."""
    return np.sum(unchanged(x) * x)


def several_decorators(x: Any) -> Any:
    """A decorator with an argument, above another one that is there twice."""
    return np.sum(stacked(x))


def decorator_called_inside(x: Any) -> Any:
    """A decorator is applied to a nested function."""

    def cubed(a: Any) -> Any:
        return a**3 * x

    return np.sum(twice(cubed)(x) + powered(2)(cubed)(x))


def math_functions(x: float) -> Any:
    """A function of `math` is passed to a helper."""
    apply = lambda function, a: function(a)  # noqa: E731
    return apply(math.sin, x) * apply(math.exp, x)


CASES = [
    Case(method, (X,)),
    Case(callable_object, (X,)),
    Case(attribute, (X,)),
    Case(method_calls_a_method, (X,)),
    Case(closure_in_a_method, (X,)),
    Case(property_of_an_object, (X,)),
    Case(static_and_class_methods, (X,)),
    Case(objects_in_an_object, (X,)),
    Case(bound_method_under_a_name, (X,)),
    Case(object_as_argument, (X, layer), wrt=("x",)),
    Case(function_as_argument, (X, np.sin), wrt=("x",)),
    Case(function_as_argument, (X, unchanged), wrt=("x",), suffix="_own"),
    Case(function_as_argument, (X, layer.linear), wrt=("x",), suffix="_method"),
    Case(function_as_argument, (X, by_weight), wrt=("x",), suffix="_partial"),
    Case(functions_in_a_dict, (X,)),
    Case(functions_in_a_list, (X,)),
    Case(local_dict_of_functions, (X, "sin")),
    Case(local_dict_of_functions, (X, "scaled"), suffix="_lambda"),
    Case(local_dict_of_functions, (X, "layer"), suffix="_object"),
    Case(partial_from_outside, (X,)),
    Case(partial_of_a_primitive, (X,)),
    Case(partial_of_a_method, (X,)),
    Case(partial_made_inside, (X, Y)),
    *with_trips(partial_made_in_a_loop, X),
    Case(operators, (X, Y)),
    Case(wrapped, (X,)),
    Case(returned_by_its_decorator, (X,)),
    Case(several_decorators, (X,)),
    Case(decorator_called_inside, (X,)),
    Case(math_functions, (0.7,)),
]
