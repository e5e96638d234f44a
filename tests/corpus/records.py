"""Named tuples and dataclasses as arguments, locals and results of helpers."""

from __future__ import annotations

import dataclasses
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NamedTuple

import numpy as np

from tests.corpus.case import Case, W, X, Y, with_trips

Pair = namedtuple("Pair", "first second")  # noqa: PYI024


class Layer(NamedTuple):
    """A named tuple with a default and a method."""

    w: Any
    b: Any = 0.25

    def apply(self, x: Any) -> Any:
        y = self.w @ x
        return np.tanh(y + self.b)


@dataclass
class Params:
    """A plain dataclass."""

    w: Any
    b: Any
    scale: float = 0.5

    def predict(self, x: Any) -> Any:
        return self.hidden(x) * self.scale

    def hidden(self, x: Any) -> Any:
        y = self.w @ x
        y = y + self.b
        return np.tanh(y)


def squared(x: Any) -> Any:
    return x * x


@dataclass(frozen=True)
class Model:
    """A frozen dataclass, some of whose fields have no gradient."""

    layers: tuple[Layer, ...]
    activation: Callable[..., Any] = squared
    name: str = "model"
    rounds: int = 2
    extra: Any = None
    count: ClassVar[int] = 0


@dataclass(slots=True, kw_only=True)
class State:
    """What a loop carries."""

    position: Any
    velocity: Any
    kind: str = "leapfrog"


class Named(Params):
    """A subclass that adds a method only."""

    def twice(self, x: Any) -> Any:
        return 2.0 * self.predict(x)


B = np.array([0.1, -0.2])
SETTINGS = Params(W, B, 0.7)


def named_tuple_of_arrays(p: Any) -> Any:
    """Fields by name, the gradient a named tuple."""
    return np.sum(p.first * np.sin(p.second))


def named_tuple_by_index(p: Any) -> Any:
    """A named tuple is a tuple: items, a slice, a length."""
    return np.sum(p[0] * p[-1]) * len(p) + np.sum(p[1:][0])


def named_tuple_unpacked(p: Any) -> Any:
    """And it is unpacked."""
    first, second = p
    return np.sum(first * second * second)


def typed_named_tuple(layer: Any, x: Any) -> Any:
    """A class with a default."""
    return np.sum(np.tanh(layer.w @ x) * layer.b)


def dataclass_of_arrays(p: Any, x: Any) -> Any:
    """The gradient is an instance of the same class."""
    return np.sum(np.tanh(p.w @ x + p.b)) * p.scale


def fields_without_gradient(model: Any, x: Any) -> Any:
    """A text, a function, None and an integer have None for a gradient."""
    h = x
    for i in range(model.rounds):
        h = h + model.activation(x) * (i + 1.0)
    if model.name == "model" and model.extra is None:
        h = model.layers[0].w * h + model.layers[0].b
    return np.sum(model.activation(h) * model.layers[1].w)


def nested_records(p: Any, x: Any) -> Any:
    """Records in a dict of lists."""
    h = np.tanh(p["layers"][0].w @ x + p["layers"][0].b)
    return np.sum(h * p["layers"][1].first) + np.sum(p["layers"][1].second * p["tail"])


def field_not_used(p: Any) -> Any:
    """A field that nothing reads has a gradient of zeros."""
    return np.sum(p.first * p.first)


def made_inside(w: Any, b: Any, x: Any) -> Any:
    """A dataclass that the function makes, by position and by keyword."""
    p = Params(w * 2.0, b=b, scale=1.5)
    return np.sum(np.sin(p.w @ x) * p.b) * p.scale


def made_with_defaults(w: Any, x: Any) -> Any:
    """A default that is a number."""
    layer = Layer(w)
    return np.sum(np.tanh(layer.w @ x + layer.b))


def make_layer(w: Any, b: Any) -> Any:
    return Layer(np.sin(w), b * 2.0)


def apply_layer(layer: Any, x: Any) -> Any:
    w, b = layer
    return np.tanh(w @ x + b)


def records_between_helpers(w: Any, b: Any, x: Any) -> Any:
    """One helper makes a record, another takes it."""
    return np.sum(apply_layer(make_layer(w, b), x) * b)


def replaced_field(p: Any, x: Any) -> Any:
    """`dataclasses.replace`; the old one stays as it was."""
    q = replace(p, w=np.tanh(p.w), scale=p.scale * 3.0)
    return np.sum(q.w @ x + p.w @ x) * q.scale + np.sum(q.b * q.b)


def replaced_item(p: Any) -> Any:
    """`_replace`, `_asdict`, `_make` and `_fields` of a named tuple."""
    q = p._replace(first=np.sin(p.first))
    named = q._asdict()
    again = Pair._make([named["second"] * 2.0, named["first"]])
    return np.sum(again.first * q.second) + np.sum(again.second) * len(q._fields)


def method_of_dataclass(p: Any, x: Any) -> Any:
    """A method that calls another, inlined twice."""
    return np.sum(p.predict(x)) + np.sum(p.hidden(x * 2.0) ** 2)


def method_of_named_tuple(layer: Any, x: Any) -> Any:
    """A method on an expression: what stands before the dot is evaluated once."""
    return np.sum(layer._replace(b=layer.b * 2.0).apply(x))


def inherited_method(p: Any, x: Any) -> Any:
    """A subclass that only adds methods makes the same fields."""
    return np.sum(p.twice(x))


def joined_by_if(p: Any, x: Any) -> Any:
    """A record on both sides of an `if`."""
    if np.sum(x) > 0.0:
        q = Params(p.w * 2.0, p.b, p.scale)
    else:
        q = Params(p.w, np.sin(p.b), 0.1)
    return np.sum(np.tanh(q.w @ x + q.b)) * q.scale


def carried_by_loop(state: Any, n: int) -> Any:
    """A record is made anew in each iteration; its text stays known."""
    for _ in range(n):
        velocity = state.velocity - 0.1 * np.sin(state.position)
        state = replace(state, position=state.position + 0.1 * velocity, velocity=velocity)
        if state.kind == "leapfrog":
            state = replace(state, velocity=state.velocity * 0.9)
    return np.sum(state.position * state.velocity)


def named_tuple_carried(x: Any, y: Any, n: int) -> Any:
    """Its fields change places."""
    p = Pair(x, y * y)
    for _ in range(n):
        p = Pair(p.second, np.sin(p.first))
    return np.sum(p.first * p.second)


def known_class(p: Any, x: Any) -> Any:
    """`isinstance` and `type` are decided when the gradient is compiled."""
    scale = 2.0 if type(p) is Params else 3.0
    if isinstance(p, (Pair, tuple)) or not isinstance(p, Params):
        total = np.sum(p.first * x)
    else:
        total = np.sum(p.w @ x) * scale
    return total


def stacked(p: Any) -> Any:
    """NumPy takes a named tuple for a tuple, and `+` makes it one."""
    more = (p.first,)
    return np.sum(np.stack(p) * np.concatenate(p + more).reshape(3, 3)[:2])


def global_record(x: Any) -> Any:
    """A record from outside is read live."""
    return np.sum(SETTINGS.predict(x)) + np.sum(SETTINGS.b) * x[0]


def dataclass_in_default(x: Any, p: Any = SETTINGS) -> Any:
    """A default that is a record."""
    return np.sum(np.tanh(p.w @ x + p.b))


def scalar_fields(p: Any) -> Any:
    """Python floats in, Python floats out."""
    return p.first * np.sin(p.second) + dataclasses.replace(Params(p.first, 1.0), b=p.second).b


@dataclass
class Tree:
    """A record of records."""

    value: Any
    children: list[Any] = field(default_factory=list)


def recursive_class(tree: Any) -> Any:
    """The class stands in itself, an instance does not."""
    left, right = tree.children
    return np.sum(tree.value * left.value) + np.sum(np.sin(right.value) * left.children[0].value)


def made_by_class(p: Any, x: Any) -> Any:
    """The class is reached through the instance."""
    q = type(p)(np.sin(p.w), p.b)
    q = q.__class__(q.w, q.b * 2.0, scale=p.scale)
    return np.sum(np.tanh(q.w @ x + q.b)) * q.scale


def first_bound_in_loop(w: Any, x: Any, n: int) -> Any:
    """A name that the first iteration does not read."""
    h = x
    for i in range(n):
        if i > 0:
            h = model.activation(h) * model.layers[0].w  # noqa: F821
        model = Model((Layer(w * h, 1.0),))  # noqa: F841
    return np.sum(h)


def shared_settings(x: Any, p: Any = SETTINGS) -> Any:
    return np.sum(np.cos(p.w @ x) * p.b)


def helper_with_default(x: Any) -> Any:
    """A default of a helper that is a record."""
    return shared_settings(x) + shared_settings(x * 2.0, Params(SETTINGS.w, SETTINGS.b * 3.0))


def written_after_its_record(x: Any) -> Any:
    """An array that a record held is written when the record is no longer read."""
    p = Pair(np.zeros(3), x * 2.0)
    total, factor = p
    total += x * x
    total += factor
    return np.sum(total * factor)


TREE = Tree(X, [Tree(Y, [Tree(X * Y)]), Tree(X + Y)])
MODEL = Model((Layer(X, Y), Layer(Y, X)))
CASES = [
    Case(named_tuple_of_arrays, (Pair(X, Y),)),
    Case(named_tuple_by_index, (Pair(X, Y),)),
    Case(named_tuple_unpacked, (Pair(X, Y),)),
    Case(typed_named_tuple, (Layer(W), X)),
    Case(dataclass_of_arrays, (Params(W, B), X)),
    Case(fields_without_gradient, (MODEL, X)),
    Case(nested_records, ({"layers": [Layer(W, B), Pair(B, X)], "tail": Y}, X)),
    Case(field_not_used, (Pair(X, Y),)),
    Case(made_inside, (W, B, X)),
    Case(made_with_defaults, (W, X)),
    Case(records_between_helpers, (W, B, X)),
    Case(replaced_field, (Params(W, B), X)),
    Case(replaced_item, (Pair(X, Y),)),
    Case(method_of_dataclass, (Params(W, B), X)),
    Case(method_of_named_tuple, (Layer(W, B), X)),
    Case(inherited_method, (Named(W, B), X)),
    Case(joined_by_if, (Params(W, B), X)),
    Case(joined_by_if, (Params(W, B), -X), suffix="_else"),
    *with_trips(carried_by_loop, State(position=X, velocity=Y)),
    *with_trips(named_tuple_carried, X, Y),
    Case(known_class, (Params(W, B), X)),
    Case(stacked, (Pair(X, Y),)),
    Case(global_record, (X,)),
    Case(dataclass_in_default, (X,), wrt=("x",)),
    Case(scalar_fields, (Pair(0.3, 0.7),)),
    Case(recursive_class, (TREE,)),
    Case(made_by_class, (Params(W, B), X)),
    *with_trips(first_bound_in_loop, X, Y, may_refuse=True),
    Case(helper_with_default, (X,)),
    Case(written_after_its_record, (X,)),
]
