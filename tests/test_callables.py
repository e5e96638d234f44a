"""Objects, methods and partials between calls: data are read live, changed code is read again."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad
from tests.programs import compiled, define

X = np.array([1.0, 2.0, 3.0])

MODEL = """
class Layer:
    gain = 2.0
    def __init__(self, weight):
        self.weight = weight
        self.activation = np.sin
    def __call__(self, a):
        return a * self.weight
    def scaled(self, a):
        return a * self.gain
    @property
    def size(self):
        return self.weight * 10.0
layer = Layer(3.0)
layers = [Layer(1.0), Layer(2.0)]
"""


def check(gradient: Any, wanted: float) -> None:
    np.testing.assert_allclose(gradient(X), np.full(3, wanted), rtol=1e-12)


def test_attributes_are_read_live() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer(x))")
    gradient, layer = grad(function), function.__globals__["layer"]
    check(gradient, 3.0)
    layer.weight = 5.0
    check(gradient, 5.0)
    assert compiled(gradient) == 1
    layer.weight = np.full(3, 7.0)
    check(gradient, 7.0)
    layer.weight *= 2.0
    check(gradient, 14.0)
    assert compiled(gradient) == 2


def test_another_object_under_the_name() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer(x))")
    gradient = grad(function)
    check(gradient, 3.0)
    function.__globals__["layer"] = function.__globals__["Layer"](8.0)
    check(gradient, 8.0)


def test_a_method_is_replaced_in_its_class() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer.scaled(x)) + np.sum(layer(x))")
    gradient, kind = grad(function), function.__globals__["Layer"]
    check(gradient, 5.0)
    kind.scaled = define("def f(self, a):\n    return a * 4.0")
    check(gradient, 7.0)
    kind.__call__ = define("def f(self, a):\n    return a * 5.0")
    check(gradient, 9.0)
    kind.scaled = staticmethod(define("def f(a):\n    return a * 6.0"))
    check(gradient, 11.0)


def test_a_method_is_hidden_by_an_attribute() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer.scaled(x))")
    gradient, layer = grad(function), function.__globals__["layer"]
    check(gradient, 2.0)
    layer.scaled = define("def f(a):\n    return a * 9.0")
    check(gradient, 9.0)


def test_an_attribute_of_the_class_is_hidden() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer.scaled(x))")
    gradient, layer = grad(function), function.__globals__["layer"]
    check(gradient, 2.0)
    layer.gain = np.float64(4.0)
    check(gradient, 4.0)


def test_a_property_is_replaced() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(x * layer.size)")
    gradient, kind = grad(function), function.__globals__["Layer"]
    check(gradient, 30.0)
    kind.size = property(define("def f(self):\n    return self.weight"))
    check(gradient, 3.0)
    kind.size = 6.0
    check(gradient, 6.0)


def test_a_function_in_an_attribute_is_replaced() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layer.activation(x))")
    gradient, layer = grad(function), function.__globals__["layer"]
    np.testing.assert_allclose(gradient(X), np.cos(X))
    layer.activation = np.cos
    np.testing.assert_allclose(gradient(X), -np.sin(X))


def test_objects_in_a_list_are_replaced() -> None:
    function = define(MODEL + "def f(x):\n    return np.sum(layers[0](layers[1](x)))")
    gradient, names = grad(function), function.__globals__
    check(gradient, 2.0)
    names["layers"][1] = names["Layer"](7.0)
    check(gradient, 7.0)
    names["layers"][0].weight = 3
    check(gradient, 21.0)


def test_one_object_under_two_names_becomes_two() -> None:
    function = define(MODEL + "other = layer\ndef f(x):\n    return np.sum(layer(x) + other(x))")
    gradient, names = grad(function), function.__globals__
    check(gradient, 6.0)
    names["other"] = names["Layer"](4.0)
    check(gradient, 7.0)


def test_objects_as_arguments() -> None:
    function = define(MODEL + "def f(x, model, k=2.0):\n    return np.sum(model(x) * k)")
    gradient, kind = grad(function), function.__globals__["Layer"]
    for weight in (2.0, 3.0, 2):
        np.testing.assert_allclose(gradient(X, kind(weight)), np.full(3, 2.0 * weight))
    np.testing.assert_allclose(gradient(X, np.sin), 2.0 * np.cos(X))
    with pytest.raises(errors.UndecidedKind):
        gradient.source


def test_the_text_does_not_tell_where_an_object_lies() -> None:
    function = define(MODEL + "def f(x, model):\n    return np.sum(model(x))")
    special = grad(function).specialize(X, function.__globals__["layer"])
    assert "model: this Layer" in special.source and " at 0x" not in special.source
    with pytest.raises(TypeError, match="one object of class Layer"):
        special(X, function.__globals__["Layer"](1.0))


def test_an_argument_that_is_bound_anew() -> None:
    program = "def f(x, model):\n    y = model(x)\n    model = 2.0\n    return np.sum(y * model)"
    function = define(MODEL + program)
    np.testing.assert_allclose(grad(function)(X, function.__globals__["layer"]), np.full(3, 6.0))


def test_the_length_of_an_object_is_asked_at_each_call() -> None:
    text = """
class Items:
    count = 2
    def __len__(self):
        return self.count
items, allowed = Items(), {"a"}
def f(x):
    y = np.sum(x) * len(items)
    if "b" in allowed:
        y = 10.0 * y
    if not items:
        y = 0.0 * y
    return y
"""
    function = define(text)
    gradient, names = grad(function), function.__globals__
    check(gradient, 2.0)
    names["items"].count = 3
    check(gradient, 3.0)
    names["allowed"].add("b")
    check(gradient, 30.0)
    names["items"].count = 0
    check(gradient, 0.0)


def test_a_partial_is_replaced_or_its_data_change() -> None:
    text = "def g(a, k, s):\n    return a * k * s\ndef f(x):\n    return np.sum(p(x, s=2.0))"
    function = define(text, p=None)
    names = function.__globals__
    weight = np.full(3, 3.0)
    names["p"] = functools.partial(names["g"], k=weight)
    gradient = grad(function)
    check(gradient, 6.0)
    weight[:] = 4.0
    check(gradient, 8.0)
    names["p"].keywords["k"] = 5.0
    check(gradient, 10.0)
    names["p"] = functools.partial(names["g"], k=1)
    check(gradient, 2.0)


def test_the_function_of_a_partial_is_rewritten() -> None:
    text = "def g(a, k):\n    return a * k\ndef f(x):\n    return np.sum(p(x))"
    function = define(text, p=None)
    names = function.__globals__
    names["p"] = functools.partial(names["g"], k=2.0)
    gradient = grad(function)
    check(gradient, 2.0)
    names["g"].__code__ = define("def f(a, k):\n    return a * k * k").__code__
    check(gradient, 4.0)


def test_functions_in_a_dict_are_rewritten() -> None:
    text = "def g(a):\n    return a * 2.0\ntable = {'g': g}\ndef f(x):\n    return np.sum(table['g'](x))"
    function = define(text)
    gradient, names = grad(function), function.__globals__
    check(gradient, 2.0)
    names["g"].__code__ = define("def f(a):\n    return a * 3.0").__code__
    check(gradient, 3.0)
    names["table"]["g"] = define("def f(a):\n    return a * 4.0")
    check(gradient, 4.0)


def test_a_method_is_differentiated() -> None:
    text = """
class A:
    def __init__(self, w):
        self.w = w
    def f(self, x):
        return np.sum(x * self.w) * self.scale()
    def scale(self):
        return 2.0
"""
    kind = define(text, "A")
    for weight in (np.ones(3), 3.0):
        np.testing.assert_allclose(grad(kind(weight).f)(X), np.full(3, 2.0) * weight)


def test_gathered_arguments_are_counted_by_name() -> None:
    gradient = grad(lambda x, *rest, **more: np.sum(x * rest[0] * more["k"]), wrt=("rest", "more"))
    (first,), more = gradient(X, X, k=2.0)
    np.testing.assert_allclose(first, 2.0 * X)
    assert more == {"k": X @ X}
    (_, second), _ = gradient(X, X, 5.0, k=2.0)
    assert second == 0.0
    with pytest.raises(errors.UnknownArgument):
        grad(lambda *rest: rest[0], wrt=0)
    with pytest.raises(errors.UndecidedKind):
        gradient.source


def test_a_helpers_name_does_not_hide_a_global() -> None:
    text = """
W = 2.0
def reads(a):
    return a * W
def binds(a):
    W = a * 3.0
    return W
def f(x):
    return np.sum(reads(x) + binds(x)) + np.sum(binds(x) + reads(x))
"""
    check(grad(define(text)), 10.0)
