"""`grad` and `value_and_grad`: what may be asked, and how the functions that they return behave."""

from __future__ import annotations

import copy
import inspect
import multiprocessing
import pickle
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from srcad import GradFunction, errors, grad, value_and_grad
from tests.programs import compiled, define


def weighted(x, w, scale=2.0):
    """The weighted sum of squares."""
    return scale * np.sum(w * x * x)


X = np.array([1.0, -2.0, 3.0])
W = np.array([0.5, 1.5, -1.0])
DX, DW, DSCALE = 4.0 * W * X, 2.0 * X * X, float(np.sum(W * X * X))


def close(found: Any, expected: Any) -> None:
    """Same structure, and numbers that agree."""
    if isinstance(expected, (tuple, list)):
        assert type(found) is type(expected) and len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            close(one, other)
    elif isinstance(expected, dict):
        assert type(found) is dict and list(found) == list(expected)
        for key in expected:
            close(found[key], expected[key])
    elif expected is None or isinstance(expected, (int, str)):
        assert found == expected and type(found) is type(expected)
    else:
        assert type(found) is type(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-12)


# --- wrt ------------------------------------------------------------------------------------------

FORMS = [
    pytest.param({}, DX, id="the first by default"),
    pytest.param({"wrt": 1}, DW, id="a position"),
    pytest.param({"wrt": np.int64(1)}, DW, id="a position out of NumPy"),
    pytest.param({"wrt": -1}, DSCALE, id="from the end"),
    pytest.param({"wrt": "w"}, DW, id="a name"),
    pytest.param({"wrt": (0,)}, (DX,), id="a tuple of one"),
    pytest.param({"wrt": ("w", 0)}, (DW, DX), id="in the order asked"),
    pytest.param({"wrt": [0, "scale"]}, (DX, DSCALE), id="a list"),
    pytest.param({"argnums": (0, 1)}, (DX, DW), id="argnums"),
    pytest.param({"argnums": 0}, DX, id="argnums of 0"),
]


@pytest.mark.parametrize(("asked", "expected"), FORMS)
def test_wrt(asked: dict[str, Any], expected: Any) -> None:
    close(grad(weighted, **asked)(X, W), expected)
    value, gradient = value_and_grad(weighted, **asked)(X, W)
    assert value == weighted(X, W) and type(value) is type(weighted(X, W))
    close(gradient, expected)


def test_wrt_as_second_argument() -> None:
    close(grad(weighted, "w")(X, W), DW)


def test_wrt_and_argnums_are_one_thing() -> None:
    with pytest.raises(TypeError, match="argnums"):
        grad(weighted, 0, argnums=0)


@pytest.mark.parametrize(
    "wrt", [3, -4, True, 1.0, None.__class__, b"x", (0, "x"), (0, -3), ()], ids=repr
)
def test_wrt_that_is_no_argument(wrt: Any) -> None:
    with pytest.raises(errors.UnknownArgument):
        grad(weighted, wrt)


def test_wrt_of_a_misspelt_name_shows_the_close_one() -> None:
    with pytest.raises(errors.UnknownArgument) as caught:
        grad(weighted, "scal")
    assert caught.value.hint is not None and "'scale'" in caught.value.hint
    assert caught.value.span is not None
    assert caught.value.span.line == weighted.__code__.co_firstlineno
    assert isinstance(caught.value, TypeError)


def test_no_argument_to_differentiate() -> None:
    with pytest.raises(errors.UnknownArgument):
        grad(lambda: 1.0)


# --- decorators and methods -----------------------------------------------------------------------


@grad
def decorated(x):
    return np.sum(x**3)


@grad(wrt="w")
def decorated_with(x, w):
    return np.sum(x * w)


@value_and_grad(has_aux=True)
def decorated_aux(x):
    return np.sum(x * x), {"largest": np.max(x)}


class Model:
    """A method, differentiated with respect to its first argument after self."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    @grad(wrt="x")
    def loss(self, x):
        return np.sum(x * x)

    @staticmethod
    @grad
    def still(x):
        return np.sum(2.0 * x)

    def plain(self, x):
        return np.sum(3.0 * x)


def test_decorator() -> None:
    assert isinstance(decorated, GradFunction)
    close(decorated(X), 3.0 * X**2)
    close(decorated_with(X, W), X)
    assert decorated.primal(X) == np.sum(X**3)


def test_decorated_method_binds_self() -> None:
    close(Model(2.0).loss(X), 2.0 * X)
    close(Model.loss(Model(1.0), x=X), 2.0 * X)
    assert isinstance(Model.loss, GradFunction)
    close(Model.still(X), np.full(3, 2.0))


def test_bound_method_counts_from_its_first_argument() -> None:
    close(grad(Model(2.0).plain)(X), np.full(3, 3.0))


# --- has_aux --------------------------------------------------------------------------------------


def aux_tuple(x):
    y = x * x
    return np.sum(y), (y, "text")


def aux_named(x):
    pair = np.sum(x * x), x * 2.0
    return pair


def aux_object(x):
    return np.sum(x * x), {"n": len(x), "none": None}


def aux_shared(x):
    return np.sum(x * x), x


@pytest.mark.parametrize("function", [aux_tuple, aux_named, aux_object, aux_shared])
def test_has_aux(function: Any) -> None:
    gradient, aux = grad(function, has_aux=True)(X)
    close(gradient, 2.0 * X)
    close(aux, function(X)[1])
    (value, aux), gradient = value_and_grad(function, has_aux=True)(X)
    close(gradient, 2.0 * X)
    close(aux, function(X)[1])
    assert value == function(X)[0]


def test_has_aux_decorator() -> None:
    close(decorated_aux(X), ((np.float64(14.0), {"largest": np.float64(3.0)}), 2.0 * X))


@pytest.mark.parametrize(
    "text",
    [
        "def f(x):\n    return np.sum(x)",
        "def f(x):\n    return np.sum(x), x, x",
        "def f(x):\n    return [np.sum(x), x]",
        "def f(x):\n    return x, np.sum(x)",
    ],
)
def test_has_aux_needs_a_pair_that_begins_with_a_scalar(text: str) -> None:
    with pytest.raises(errors.NotScalar):
        grad(define(text), has_aux=True)(X)


# --- arguments ------------------------------------------------------------------------------------


def many(a, /, b, c=3.0, *, d, e=5.0):
    return a * b * c * d * e


def test_keywords_and_defaults() -> None:
    close(grad(many)(1.0, 2.0, d=4.0), 120.0)
    close(grad(many, "d")(1.0, b=2.0, d=4.0), 30.0)
    close(grad(many, ("c", "e"))(1.0, 2.0, d=4.0, e=1.0), (8.0, 24.0))
    close(grad(many, -1)(1.0, 2.0, 1.0, d=1.0), 2.0)
    assert many(1.0, 2.0, d=4.0) == value_and_grad(many)(1.0, 2.0, d=4.0)[0]


CALLS = [
    pytest.param((), {}, id="nothing"),
    pytest.param((1.0,), {"d": 1.0}, id="one is missing"),
    pytest.param((1.0, 2.0), {}, id="a keyword is missing"),
    pytest.param((1.0, 2.0, 3.0, 4.0), {"d": 1.0}, id="one too many"),
    pytest.param((1.0, 2.0), {"d": 1.0, "f": 1.0}, id="an unknown keyword"),
    pytest.param((1.0, 2.0), {"d": 1.0, "b": 1.0}, id="given twice"),
    pytest.param((), {"a": 1.0, "b": 2.0, "d": 1.0}, id="positional only"),
]


@pytest.mark.parametrize(("args", "keywords"), CALLS)
def test_arguments_that_do_not_fit(args: Any, keywords: Any) -> None:
    gradient = grad(many)
    for _ in range(2):
        with pytest.raises(errors.ArgumentMismatch) as caught:
            gradient(*args, **keywords)
        assert isinstance(caught.value, TypeError)
        gradient(1.0, 2.0, d=4.0)
    with pytest.raises(errors.ArgumentMismatch):
        gradient.specialize(*args, **keywords)


def test_closures_and_lambdas() -> None:
    scale = 2.0

    def inner(x):
        return scale * np.sum(x * x)

    close(grad(inner)(X), 4.0 * X)
    close(grad(lambda x: np.sum(scale * x * x))(X), 4.0 * X)
    first, second = grad(lambda x: x * x), grad(lambda x: x * x * x)
    close((first(2.0), second(2.0)), (4.0, 12.0))


# --- the function object --------------------------------------------------------------------------


def test_names_and_signature() -> None:
    gradient = grad(weighted, ("x", "w"))
    assert gradient.__name__ == "weighted_grad"
    assert value_and_grad(weighted).__name__ == "weighted_value_and_grad"
    assert gradient.__qualname__ == "weighted" and gradient.__module__ == __name__
    assert gradient.__doc__ is not None
    assert "x, w" in gradient.__doc__ and "The weighted sum of squares." in gradient.__doc__
    assert inspect.signature(gradient) == inspect.signature(weighted)
    assert not hasattr(gradient, "__wrapped__")
    assert gradient.primal is weighted
    assert len(repr(gradient)) < 100 and "weighted" in repr(gradient)


def test_source_does_not_depend_on_calls() -> None:
    called, fresh = grad(weighted), grad(weighted)
    called(X, W)
    called(2.0, 3.0)
    called(X.astype(np.float32), W.astype(np.float32))
    assert called.source == fresh.source
    called(X, W)
    assert called.source == fresh.source
    compile(called.source, "<text>", "exec")


def test_generic_source_is_right() -> None:
    generic = grad(weighted).generic
    close(generic(X, W), DX)
    close(generic(2.0, 3.0), 24.0)
    assert inspect.getsource(generic) == grad(weighted).source


def test_specialize() -> None:
    gradient = grad(weighted)
    special = gradient.specialize(X, W)
    assert inspect.getsource(special) == special.source
    assert special.__name__ == "weighted_grad"
    assert inspect.signature(special) == inspect.signature(weighted)
    close(special(X, W), DX)
    close(special(X, w=W, scale=1.0), DX / 2.0)
    close(special(np.ones(7), np.ones(7)), np.full(7, 4.0))
    unguarded = gradient.specialize(X, W, guard=False)
    assert "check_signature" not in unguarded.source
    close(unguarded(X, W), DX)
    assert "check_signature" in special.source


def test_specialize_is_compiled_once() -> None:
    gradient = grad(weighted)
    assert gradient.specialize(X, W) is gradient.specialize(X + 1.0, W)
    assert gradient.specialize(X, W, guard=False) is gradient.specialize(X, W, guard=False)
    assert gradient.specialize(X, W) is not gradient.specialize(X, W, guard=False)
    assert compiled(gradient) == 1


def test_tracebacks_show_the_gradient() -> None:
    special = grad(weighted).specialize(X, W, guard=False)
    try:
        special(X, np.ones(5))
    except ValueError:
        text = traceback.format_exc()
    assert "<srcad weighted_grad from test_api.py:" in text
    lines = [line.strip() for line in text.splitlines()]
    assert any(
        line and line in special.source for line in lines if "np.sum" in line or "w * x" in line
    )


def test_graph() -> None:
    graph = grad(weighted).graph
    assert "sum" in str(graph) and str(graph) == repr(graph)
    dot = graph.to_dot()
    assert dot.startswith("digraph") and dot.rstrip().endswith("}")


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    gradient = grad(weighted)
    gradient.show()
    assert capsys.readouterr().out.strip() == gradient.source.strip()
    gradient.show(X, W)
    shown = capsys.readouterr().out.strip()
    assert shown == gradient.specialize(X, W, guard=False).source.strip()


# --- pickle, copy, threads ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gradient",
    [
        decorated,
        decorated_with,
        decorated_aux,
        grad(weighted, "w"),
        value_and_grad(weighted, (0, 1)),
        Model.loss,
    ],
    ids=["decorated", "with options", "has_aux", "by name", "value", "method"],
)
def test_pickle(gradient: Any) -> None:
    again = pickle.loads(pickle.dumps(gradient))
    assert isinstance(again, GradFunction)
    assert again.source == gradient.source
    assert again.primal is gradient.primal


def _compute(gradient: Any, args: Any) -> Any:
    return gradient(*args)


def test_pickle_into_another_process() -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        close(pool.apply(_compute, (decorated, (X,))), 3.0 * X**2)
        close(pool.apply(_compute, (grad(weighted, "w"), (X, W))), DW)


def test_pickle_of_a_local_function_names_cloudpickle() -> None:
    cloudpickle = pytest.importorskip("cloudpickle")
    scale = 3.0

    def local(x):
        return scale * np.sum(x)

    @grad
    def local_decorated(x):
        return scale * np.sum(x)

    for gradient in (grad(lambda x: x * x), grad(local), local_decorated):
        with pytest.raises(pickle.PicklingError, match="cloudpickle"):
            pickle.dumps(gradient)
        again = pickle.loads(cloudpickle.dumps(gradient))
        close(again(2.0), gradient(2.0))


def test_copy() -> None:
    gradient = grad(weighted, "w")
    local = grad(lambda x: x * x)
    for made in (copy.copy(gradient), copy.deepcopy(gradient)):
        close(made(X, W), DW)
    for made in (copy.copy(local), copy.deepcopy(local)):
        close(made(3.0), 6.0)


def test_many_threads_call_first_at_once() -> None:
    gradient = value_and_grad(weighted, (0, 1))
    count = 16
    barrier = threading.Barrier(count)

    def work(number: int) -> Any:
        kinds = [(X + number, W), (2.0 + number, 3.0), (np.full((2, 3), float(number)), W)]
        args = kinds[number % 3]
        barrier.wait()
        return args, [gradient(*args) for _ in range(20)]

    with ThreadPoolExecutor(count) as pool:
        done = list(pool.map(work, range(count)))
    for args, results in done:
        x, w = args
        for value, (dx, _dw) in results:
            assert value == weighted(x, w)
            np.testing.assert_allclose(dx, 4.0 * w * x, rtol=1e-12)
    assert compiled(gradient) == 3


def test_many_functions_are_compiled_at_once() -> None:
    bodies = ["np.sum(np.tanh({n}.0 * x))", "np.mean(x * {n}.0) ** 2", "np.max(x) * {n}.0"]
    count = 12
    texts = [f"def f(x):\n    return {bodies[n % 3].format(n=n + 2)}" for n in range(count)]
    barrier = threading.Barrier(count)

    def work(text: str) -> Any:
        gradient = grad(define(text))
        barrier.wait()
        return gradient(X)

    with ThreadPoolExecutor(count) as pool:
        found = list(pool.map(work, texts))
    for text, gradient in zip(texts, found, strict=True):
        close(gradient, grad(define(text))(X))


def test_bound_gradients() -> None:
    bound = Model(2.0).loss
    assert list(inspect.signature(bound).parameters) == ["x"]
    assert "np.sum" in bound.specialize(X).source
    close(pickle.loads(pickle.dumps(bound))(X), 2.0 * X)
    assert compiled(Model.loss) == compiled(bound)  # an entry for each object
    plain = grad(Model(2.0).plain)
    close(pickle.loads(pickle.dumps(plain))(X), np.full(3, 3.0))


class Scaled:
    def __init__(self, scale: Any) -> None:
        self.scale = scale

    @grad(wrt="x")
    def loss(self, x):
        return np.sum(self.scale * x * x)


def test_attributes_of_self_are_read_live() -> None:
    model = Scaled(2.0)
    close(model.loss(X), 4.0 * X)
    model.scale = W
    close(model.loss(X), 2.0 * W * X)
    close(Scaled(3.0).loss(X), 6.0 * X)


def test_self_has_no_gradient() -> None:
    with pytest.raises(errors.NotDifferentiable, match="self"):
        grad(Scaled.loss.primal)(Scaled(1.0), X)
