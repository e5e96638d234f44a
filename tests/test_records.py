"""Named tuples and dataclasses: which classes are read, and gradients in their structure."""

from __future__ import annotations

import importlib
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import InitVar, asdict, dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from srcad import check_grads, errors, grad, value_and_grad
from srcad.records import Record, complaint, is_record, opened, plain, record_of
from tests.corpus.records import MODEL, Layer, Model, Named, Pair, Params, State
from tests.programs import compiled, define

X = np.array([1.0, -2.0, 3.0])
Y = np.array([0.5, 1.5, -1.0])


# --- which classes are records --------------------------------------------------------------------


@dataclass
class Changed:
    """Its fields are not its arguments."""

    w: Any

    def __post_init__(self) -> None:
        self.w = self.w * 2.0


@dataclass
class OwnConstructor:
    w: Any

    def __init__(self, value: Any) -> None:
        self.w = value


class LaterConstructor(Params):
    def __init__(self, w: Any) -> None:
        super().__init__(w, w)


@dataclass
class Late:
    w: Any
    cache: Any = field(init=False, default=None)


@dataclass
class Initial:
    w: Any
    seed: InitVar[int] = 0


class Doubled(Pair):
    def __new__(cls, first: Any, second: Any) -> Any:
        return super().__new__(cls, 2.0 * first, second)


class Shifted(Pair):
    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(index) + 1.0


class Hidden(Pair):
    first = 3.0  # type: ignore[assignment]


@dataclass
class Setting:
    w: Any

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, 2.0 * value)


@dataclass
class Backed:
    w: Any

    @property  # type: ignore[no-redef]
    def w(self) -> Any:
        return self._w

    @w.setter
    def w(self, value: Any) -> None:
        self._w = value


class Counted(type):
    def __call__(cls, *args: Any, **keywords: Any) -> Any:
        return super().__call__(*args, **keywords)


@dataclass
class Made(metaclass=Counted):
    w: Any


@dataclass
class Dict(dict):  # type: ignore[type-arg]
    w: Any


RECORDS = [Pair, Layer, Params, Model, State, Named]
OTHERS = [
    Changed, OwnConstructor, LaterConstructor, Late, Initial, Doubled, Shifted, Hidden, Setting,
    Backed, Made, Dict,
]  # fmt: skip


@pytest.mark.parametrize("cls", RECORDS)
def test_a_plain_class_is_a_record_s(cls: Any) -> None:
    assert plain(cls)


@pytest.mark.parametrize("cls", OTHERS)
def test_a_class_that_does_more_is_not(cls: Any) -> None:
    assert not plain(cls)
    assert complaint(cls)


@pytest.mark.parametrize("thing", [tuple, dict, int, Pair(1, 2), len, None, np.ndarray])
def test_what_has_no_fields(thing: Any) -> None:
    assert not plain(thing)


def test_fields_of_an_instance() -> None:
    assert record_of(Pair(1, 2)) == Record(Pair, {"first": 1, "second": 2})
    assert record_of(Pair(1, 2)) != Record(Layer, {"first": 1, "second": 2})
    assert opened(record_of(Pair(1, 2))) == (1, 2)
    assert opened(record_of(Params(1, 2))) == record_of(Params(1, 2))


def test_an_instance_that_lacks_a_field_or_contains_itself() -> None:
    lacking, cyclic = Params(1.0, 2.0), Params(1.0, [])
    del lacking.w
    cyclic.b.append({"self": cyclic})
    assert not is_record(lacking)
    assert not is_record(cyclic)
    assert is_record(Params(Pair(1, 2), [Pair(1, 2)]))
    gradient = grad(lambda x, p: np.sum(x * p.scale))
    np.testing.assert_array_equal(gradient(X, cyclic), [0.5] * 3)


@pytest.mark.parametrize(
    "value",
    [Changed(X), Late(X), Setting(1.0), Backed(X), Doubled(X, X), OwnConstructor(X)],
    ids=lambda value: type(value).__name__,
)
def test_wrt_what_is_no_record(value: Any) -> None:
    first = "first" if isinstance(value, tuple) else "w"
    with pytest.raises(errors.NotDifferentiable) as caught:
        grad(lambda p: np.sum(p.w))(value)
    assert complaint(type(value)) in str(caught.value)
    constant = grad(define(f"def f(x, p):\n    return np.sum(x * p.{first})"))
    np.testing.assert_array_equal(constant(X, value), getattr(value, first) * np.ones(3))


# --- the structure of gradients -------------------------------------------------------------------


def total(p, x):
    return np.sum(p.first * x) + np.sum(p.second * p.second)


def test_the_class_is_that_of_the_argument() -> None:
    found = grad(total)(Pair(X, Y), X)
    assert type(found) is Pair
    np.testing.assert_array_equal(found.first, X)
    np.testing.assert_array_equal(found.second, 2.0 * Y)

    class Other(NamedTuple):
        second: Any
        first: Any

    found = grad(total)(Other(Y, X), X)
    assert type(found) is Other and list(found._fields) == ["second", "first"]
    np.testing.assert_array_equal(found.first, X)


def nested(tree, x):
    hidden = tree["layers"][0].w * x + tree["layers"][1].w
    return np.sum(hidden * tree["head"].b.first) * tree["head"].scale


def test_records_in_containers_and_in_records() -> None:
    tree = {"layers": [Layer(X, 0.5), Layer(Y, 2.0)], "head": Params(Y, Pair(X, 3.0))}
    found = grad(nested)(tree, X)
    assert list(found) == ["layers", "head"] and type(found["layers"]) is list
    assert [type(layer) for layer in found["layers"]] == [Layer, Layer]
    assert type(found["head"]) is Params and type(found["head"].b) is Pair
    assert found["layers"][0].b == 0.0 and found["head"].b.second == 0.0
    np.testing.assert_array_equal(found["layers"][0].w, X * X * 0.5)
    np.testing.assert_array_equal(found["head"].w, np.zeros(3))
    assert type(found["head"].scale) is float


def test_fields_without_a_gradient_are_none() -> None:
    found = grad(lambda m, x: np.sum(m.layers[0].w * x))(MODEL, X)
    assert type(found) is Model
    assert (found.activation, found.name, found.rounds, found.extra) == (None,) * 4
    assert [type(layer) for layer in found.layers] == [Layer, Layer]
    found = grad(lambda p: np.sum(p.w) * p.scale)(Params(X, np.arange(3)))
    assert found.b is None and found.scale == 2.0


@pytest.mark.parametrize(
    "p", [Params(1, 2, 3), Params("w", None, np.sin)], ids=["integers", "no numbers"]
)
def test_no_field_has_a_gradient(p: Any) -> None:
    with pytest.raises(errors.NotDifferentiable, match="p is a Params"):
        grad(lambda p: 1.0)(p)


@pytest.mark.parametrize(
    ("p", "place"),
    [
        (Params(X, {"n": 3}), r"p\.b\['n'\]"),
        (Pair([X, None], X), r"p\.first\[1\]"),
    ],
    ids=["an integer in a dict", "None in a list"],
)
def test_what_a_field_holds_is_named(p: Any, place: str) -> None:
    with pytest.raises(errors.NotDifferentiable, match=place):
        grad(lambda p: 1.0)(p)


def test_single_precision() -> None:
    found = grad(total)(Pair(X.astype("f4"), 2.0), X.astype("f4"))
    assert found.first.dtype == np.float32 and type(found.second) is float


def with_aux(p, x):
    q = replace(p, w=p.w * 2.0)
    return np.sum(q.w * x), {"q": q, "pair": Pair(x, p.b)}


def test_aux_passes_through() -> None:
    p = Params(X, Y)
    (value, aux), found = value_and_grad(with_aux, has_aux=True)(p, Y)
    assert value == np.sum(2.0 * X * Y) and type(found) is Params
    assert type(aux["q"]) is Params and type(aux["pair"]) is Pair
    np.testing.assert_array_equal(aux["q"].w, 2.0 * X)
    assert aux["pair"].second is Y
    gradients, aux = grad(with_aux, has_aux=True)(p, Y)
    assert type(gradients) is Params and type(aux["q"]) is Params


@pytest.mark.parametrize("text", ["p", "Pair(x, x)", "(p, x)", "Pair(np.sum(x), x)"])
def test_a_result_that_is_a_record(text: str) -> None:
    function = define(f"def f(x, p):\n    return {text}", Pair=Pair)
    with pytest.raises(errors.NotScalar):
        grad(function)(X, Pair(X, Y))
    with pytest.raises(errors.NotScalar):
        grad(function, has_aux=True)(X, Pair(X, Y))


def test_the_caller_s_record_is_not_changed() -> None:
    p = Params(X.copy(), Y.copy())
    found = grad(with_aux, has_aux=True)(p, X)[0]
    np.testing.assert_array_equal(p.w, X)
    assert found is not p and not np.shares_memory(found.w, p.w)


def test_check_grads() -> None:
    check_grads(total, Pair(X, 0.5), X)
    check_grads(lambda m, x: np.sum(np.tanh(m.layers[0].w * x)), MODEL, X)
    check_grads(lambda tree, x: np.sum(tree["p"].w * x), {"p": Params(X, Y)}, X, wrt="tree")


# --- the text -------------------------------------------------------------------------------------


def test_the_text_makes_the_gradient_by_keyword() -> None:
    text = grad(total).specialize(Pair(X, Y), X).source
    assert "return Pair(first=" in text and "p: Pair(first: f8[n], second: f8[m])" in text


def test_a_class_that_the_text_calls_something_else() -> None:
    def function(p, x):
        Pair = 2.0
        return np.sum(p.first * x) * Pair

    found = grad(function)(Pair(X, Y), Y)
    assert type(found) is Pair
    np.testing.assert_array_equal(found.first, 2.0 * Y)


def test_two_classes_of_one_name() -> None:
    def make() -> Any:
        class Point(NamedTuple):
            x: Any

        return Point

    one, other = make(), make()
    found = grad(lambda p, q: p.x * q.x, wrt=(0, 1))(one(2.0), other(3.0))
    assert [type(f) for f in found] == [one, other]
    assert found == (one(3.0), other(2.0))


# --- calls of other kinds -------------------------------------------------------------------------


def by_name(p, x):
    return np.sum(p.w * x)


def test_a_class_is_part_of_the_signature() -> None:
    gradient = grad(by_name)
    for p in (Params(X, Y), Params(Y, X), Layer(X, Y), Named(X, Y), Layer(Y, X)):
        assert type(gradient(p, X)) is type(p)
    assert compiled(gradient) == 3
    gradient(Params(X, Y[:1]), X)
    gradient(Params(X, 2.0), X)
    gradient(Params(X, Y, np.float32(1.0)), X)
    assert compiled(gradient) == 6


def test_static_fields_are_known_by_value() -> None:
    gradient = grad(lambda m, x: np.sum(m.activation(m.layers[0].w * x)))
    for activation, slope in ((np.exp, np.exp(X * X)), (np.sin, np.cos(X * X))):
        found = gradient(replace(MODEL, layers=(Layer(X, X),), activation=activation), X)
        np.testing.assert_allclose(found.layers[0].w, slope * X)
    assert compiled(gradient) == 2


def test_a_specialised_gradient_is_for_one_class() -> None:
    special = grad(by_name).specialize(Params(X, Y), X)
    assert type(special(Params(Y, X), Y)) is Params
    with pytest.raises(TypeError, match=r"^p: .*a Params of w, b, scale.*Named"):
        special(Named(Y, X), Y)
    with pytest.raises(TypeError, match=r"^p: "):
        special({"w": X}, Y)
    with pytest.raises(TypeError, match=r"^p\.w: .*float64"):
        special(Params(2.0, X), Y)
    with pytest.raises(TypeError, match=r"^x\.shape\[0\] is to be p\.w\.shape\[0\]"):
        special(Params(np.ones(4), X), Y)


@pytest.mark.parametrize(
    "text",
    [
        "def f(p):\n    return np.sum(p.w)",
        "def f(p):\n    return np.sum(p.w(2.0))",
        "def f(p):\n    return np.sum(p._replace(w=p))",
    ],
)
def test_the_generic_source_hangs_on_what_the_argument_is(text: str) -> None:
    with pytest.raises(errors.SrcadError) as caught:
        assert grad(define(text)).source
    assert caught.value.span is not None


def test_the_generic_gradient_is_not_for_records() -> None:
    generic = grad(lambda p: np.sum(p[0] * 2.0)).generic
    with pytest.raises(TypeError, match="specialize"):
        generic(Pair(X, Y))
    generic = grad(lambda p, x: np.sum(x * 2.0), wrt=(0, 1)).generic
    with pytest.raises(TypeError, match="specialize"):
        generic(Params(X, Y), X)


def test_a_method_that_is_redefined(monkeypatch: pytest.MonkeyPatch) -> None:
    gradient = grad(lambda p, x: np.sum(p.predict(x)))
    p = Params(np.eye(3), X, 1.0)
    before = gradient(p, X).b
    monkeypatch.setattr(Params, "predict", lambda self, x: 3.0 * self.b * x)
    np.testing.assert_allclose(gradient(p, X).b, 3.0 * X)
    monkeypatch.undo()
    np.testing.assert_array_equal(gradient(p, X).b, before)
    monkeypatch.setattr(Params.hidden, "__code__", (lambda self, x: self.b * x).__code__)
    np.testing.assert_allclose(gradient(p, X).b, X)


def test_a_class_that_is_replaced() -> None:
    def make(double: bool) -> Any:
        @dataclass
        class Point:
            x: Any
            y: Any = 3.0 if double else 1.0

        return Point

    function = define("def f(x):\n    return Point(x).x * Point(x).y", Point=make(False))
    gradient = grad(function)
    assert gradient(2.0) == 1.0
    function.__globals__["Point"] = make(True)
    assert gradient(2.0) == 3.0


def test_a_global_record_is_read_live() -> None:
    function = define("def f(x):\n    return x * P.w * P.scale", P=Params(2.0, 1.0, 1.0))
    gradient = grad(function)
    assert gradient(1.0) == 2.0
    function.__globals__["P"].w = 3.0
    assert gradient(1.0) == 3.0
    function.__globals__["P"] = Params(4.0, 1.0, 0.5)
    assert gradient(1.0) == 2.0
    assert compiled(gradient) == 1
    function.__globals__["P"] = Params(np.float32(4.0), 1.0, 0.5)
    assert gradient(1.0) == 2.0
    assert compiled(gradient) == 2


# --- pickled and saved ----------------------------------------------------------------------------

MODULE = """
from dataclasses import dataclass
from typing import Any, NamedTuple
import numpy as np

class Layer(NamedTuple):
    w: Any
    b: Any

@dataclass(frozen=True)
class Net:
    first: Layer
    rate: float = 0.5
    name: str = "net"

    def apply(self, x):
        return np.tanh(self.first.w @ x + self.first.b) * self.rate

def loss(net, x):
    return np.sum(net.apply(x))
"""

ALONE = """
import sys
sys.modules["srcad"] = None
sys.path.insert(0, {folder!r})
import numpy as np
import saved_gradient
from {module} import Layer, Net
x = np.array([0.5, 1.0])
found = saved_gradient.loss_grad(Net(Layer(np.eye(2), x)), x)
assert type(found) is Net and type(found.first) is Layer and found.name is None
print(found.rate, *found.first.b)
try:
    saved_gradient.loss_grad((Layer(np.eye(2), x),), x)
except TypeError as error:
    print(error)
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module that can be imported."""
    name = f"records_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(name)
    del sys.modules[name]


def test_a_saved_module_imports_the_classes(written: ModuleType, tmp_path: Path) -> None:
    x = np.array([0.5, 1.0])
    net = written.Net(written.Layer(np.eye(2), x))
    gradient = grad(written.loss)
    wanted = gradient(net, x)
    gradient.save(tmp_path / "saved_gradient.py", net, x)
    program = ALONE.format(folder=str(tmp_path), module=written.__name__)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    numbers, message = done.stdout.splitlines()
    found = [float(number) for number in numbers.split()]
    np.testing.assert_array_equal(found, [wanted.rate, *wanted.first.b])
    assert "a Net of first, rate, name" in message


def test_a_class_that_cannot_be_imported(tmp_path: Path) -> None:
    class Point(NamedTuple):
        x: Any

    with pytest.raises(errors.NotSaved):
        grad(lambda p: p.x * 2.0).save(tmp_path / "saved.py", Point(1.0))


def test_pickled(written: ModuleType) -> None:
    x = np.array([0.5, 1.0])
    net = written.Net(written.Layer(np.eye(2), x))
    gradient = grad(written.loss)
    again = pickle.loads(pickle.dumps(gradient))
    found, wanted = again(net, x), gradient(net, x)
    assert type(found) is written.Net
    np.testing.assert_array_equal(found.first.w, wanted.first.w)


# --- what is refused ------------------------------------------------------------------------------


@dataclass
class Adding(Params):
    def __add__(self, other: Any) -> Any:
        return Adding(self.w + other.w, self.b)

    @property
    def norm(self) -> Any:
        return np.sum(self.w * self.w)

    @staticmethod
    def twice(x: Any) -> Any:
        return 2.0 * x

    def move(self, x: Any) -> None:
        self.w = x


@dataclass
class Listed:
    w: Any
    items: list[Any] = field(default_factory=list)


REFUSED: dict[str, tuple[str, type[errors.SrcadError]]] = {
    "an attribute is set": ("p.w = x\nreturn np.sum(p.w)", errors.UnsupportedSyntax),
    "an attribute is added to": ("p.w += x\nreturn np.sum(p.w)", errors.UnsupportedSyntax),
    "setattr": ("setattr(p, 'w', x)\nreturn np.sum(p.w)", errors.UnknownCall),
    "a method that sets": ("p.move(x)\nreturn np.sum(p.w)", errors.SrcadError),
    "a property": ("return p.norm", errors.UnsupportedSyntax),
    "a static method": ("return np.sum(p.twice(p.w))", errors.UnknownCall),
    "no field": ("return np.sum(p.v)", errors.UnsupportedSyntax),
    "an operator": ("return np.sum((p + p).w)", errors.UnsupportedSyntax),
    "an operator in place": ("p += p\nreturn np.sum(p.w)", errors.UnsupportedSyntax),
    "a comparison": ("return np.sum(p.w) * (p == p)", errors.UnsupportedSyntax),
    "an item": ("return np.sum(p[0])", errors.UnsupportedSyntax),
    "unpacked": ("w, b, s = p\nreturn np.sum(w)", errors.UnstableType),
    "NumPy": ("return np.sum(p)", errors.UnknownCall),
    "float": ("return float(p)", errors.UnknownCall),
    "asdict": ("return np.sum(asdict(p)['w'])", errors.UnknownCall),
    "getattr": ("return np.sum(getattr(p, 'w'))", errors.UnknownCall),
    "an argument too many": ("return np.sum(Params(p.w, p.b, 1.0, 2.0).w)", errors.ArgumentMismatch),
    "an argument too few": ("return np.sum(Params(p.w).w)", errors.ArgumentMismatch),
    "an argument of no field": ("return np.sum(Params(p.w, p.b, c=1).w)", errors.ArgumentMismatch),
    "a replaced field that is none": ("return np.sum(replace(p, c=x).w)", errors.ArgumentMismatch),
    "a default that is made": ("return np.sum(Listed(p.w).w)", errors.UnsupportedSyntax),
    "a class that changes": ("return np.sum(Changed(p.w).w)", errors.UnknownCall),
    "another class on one path": (
        "if np.sum(x) > 0.0:\n    p = Pair(x, x)\nreturn np.sum(x)*len(p)", errors.UnstableType),
    "another class in a loop": (
        "q = Pair(x, x)\nfor i in range(3):\n    q = Layer(q[0], x)\nreturn np.sum(q[0])",
        errors.UnstableType),
    "the item of a data class": ("return np.sum([p][0][0])", errors.UnsupportedSyntax),
    "count": ("return np.sum(p.w) * Pair(p.w, 1.0).count(1.0)", errors.UnknownCall),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    body, expected = REFUSED[name]
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    names: dict[str, Callable[..., Any]] = {
        cls.__name__: cls for cls in (Pair, Layer, Params, Changed, Listed)
    }
    function = define(f"def f(p, x):\n{lines}", replace=replace, asdict=asdict, **names)
    for wrt in ("p", "x") if name.startswith(("an attribute", "setattr", "a method")) else ("p",):
        with pytest.raises(expected) as caught:
            grad(function, wrt=wrt)(Adding(X, Y), Y)
        assert caught.value.span is not None and caught.value.hint


# --- records that are constants -------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    rate: float = 0.5
    steps: int = 3

    @property
    def doubled(self) -> float:
        return 2.0 * self.rate

    def schedule(self, step: int) -> float:
        for index in (1, 2, 3):
            if index == step:
                return self.rate / index
        return self.rate


CONSTANT = {
    "a property": ("c.doubled", 1.0),
    "a method that is not read": ("c.schedule(2)", 0.25),
    "a comparison": ("(c == c)", 1.0),
    "a text": ("len(str(c)[:2])", 2.0),
    "truth": ("(2.0 if c else 3.0)", 2.0),
    "its class": ("(2.0 if c.__class__ is type(c) else 3.0)", 2.0),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_a_constant_record_keeps_what_is_not_read(name: str) -> None:
    text, slope = CONSTANT[name]
    gradient = grad(define(f"def f(x, c):\n    return np.sum(x) * {text}"))
    np.testing.assert_allclose(gradient(X, Settings()), np.full(3, slope))


def test_a_record_that_is_called() -> None:
    @dataclass
    class Line:
        slope: Any
        offset: Any = 0.5

        def __call__(self, x: Any) -> Any:
            return self.slope * x + self.offset

    found = grad(lambda line, x: np.sum(line(x) ** 2))(Line(2.0), X)
    np.testing.assert_allclose(found.slope, np.sum(2.0 * (2.0 * X + 0.5) * X))
    np.testing.assert_allclose(
        grad(lambda line, x: np.sum(line(x)), wrt="x")(Line(2.0), X), np.full(3, 2.0)
    )
