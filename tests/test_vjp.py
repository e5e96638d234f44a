"""`vjp`: values and pullbacks of any structure, and what must not reach a pullback."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, is_dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from srcad import errors, grad, value_and_grad, vjp
from tests.corpus.case import Case
from tests.fuzz.programs import quiet
from tests.golden_programs import PAIR
from tests.numeric import assert_same, central_differences
from tests.test_corpus import CASES as CORPUS

SCALE = np.array([0.5, 2.0, -1.0])


# --- functions ------------------------------------------------------------------------------------


def product(w, x):
    return w @ x


def number(x):
    return np.sum(x * x)


def python_number(a, b):
    return a * b + math.sin(a)


def a_tuple(w, x):
    h = np.tanh(w @ x)
    return h, np.sum(h * h)


def nested(params, x):
    h = params["W"] @ x + params["b"]
    return {"h": [h, (np.exp(h), 2 * h[0])], "loss": np.mean(h * h)}


def twice(x):
    y = np.sin(x)
    return y, y * y, y


def itself(x):
    return x


def views_of_itself(x):
    return x[1:], x.T, x


def recurrence(w, x, n):
    h = x
    hs = 0.0
    for _t in range(n):
        z = w @ h
        h = np.tanh(z) if np.sum(z) > 0.0 else 0.5 * z
        hs = hs + np.sum(h)
    return h, hs


def in_place(x):
    y = np.exp(x)
    z = y * y
    y *= x
    y += z
    return y, z


def data_from_outside(x):
    return np.tanh(x * SCALE) * SCALE


def branches(x, a):
    if a > 0.0:
        y = x * a
    else:
        y = np.cos(x)
    return [y, y[0]]


def rows(table, index):
    return table[index] * 2.0


def by_default(x, rate=0.5):
    return x * rate


NORMAL = np.random.default_rng(5)
MATRIX, VECTOR = NORMAL.normal(size=(3, 3)), NORMAL.normal(size=3)
PARAMS = {"W": MATRIX, "b": VECTOR}

CASES: list[tuple[Any, tuple[Any, ...]]] = [
    (product, (MATRIX, VECTOR)),
    (number, (VECTOR,)),
    (python_number, (0.7, -0.3)),
    (a_tuple, (MATRIX, VECTOR)),
    (nested, (PARAMS, VECTOR)),
    (twice, (VECTOR,)),
    (itself, (VECTOR,)),
    (itself, (0.5,)),
    (itself, (np.array(0.5),)),
    (views_of_itself, (MATRIX,)),
    (recurrence, (MATRIX, VECTOR, 0)),
    (recurrence, (MATRIX, VECTOR, 1)),
    (recurrence, (MATRIX, VECTOR, 4)),
    (in_place, (VECTOR,)),
    (data_from_outside, (VECTOR,)),
    (branches, (VECTOR, 0.5)),
    (branches, (VECTOR, -0.5)),
    (rows, (MATRIX, np.array([0, 2, 2]))),
    (by_default, (VECTOR,)),
    (by_default, (VECTOR, 0.25)),
    (product, (np.zeros((0, 3)), VECTOR)),
    (product, (np.zeros((2, 0)), np.zeros(0))),
    (number, (np.zeros(0),)),
]
IDS = [f"{function.__name__}-{index}" for index, (function, _) in enumerate(CASES)]


# --- structures -----------------------------------------------------------------------------------


def fields(tree: Any) -> dict[str, Any] | None:
    """The fields of a named tuple or an instance of a dataclass."""
    if hasattr(tree, "_fields"):
        return dict(tree._asdict())
    if is_dataclass(tree) and not isinstance(tree, type):
        return {field: getattr(tree, field) for field in tree.__dataclass_fields__}
    return None


def leaves(tree: Any) -> list[Any]:
    found = fields(tree)
    tree = tree if found is None else found
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, (tuple, list)):
        return [leaf for item in tree for leaf in leaves(item)]
    return [tree]


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    found = fields(tree)
    if found is not None:
        return type(tree)(**{name: mapped(function, item) for name, item in found.items()})
    if isinstance(tree, dict):
        return {key: mapped(function, item) for key, item in tree.items()}
    if isinstance(tree, (tuple, list)):
        return type(tree)(mapped(function, item) for item in tree)
    return function(tree)


def random_like(tree: Any, rng: np.random.Generator) -> Any:
    def leaf(value: Any) -> Any:
        drawn = rng.normal(size=np.shape(value))
        return float(drawn) if type(value) is float else np.asarray(drawn, np.result_type(value))

    return mapped(leaf, tree)


def inner(a: Any, b: Any) -> float:
    return sum(float(np.sum(x * y)) for x, y in zip(leaves(a), leaves(b), strict=True))


def copied(tree: Any) -> Any:
    return mapped(lambda x: x.copy() if isinstance(x, np.ndarray) else x, tree)


def arrays(tree: Any) -> list[np.ndarray]:
    return [leaf for leaf in leaves(tree) if isinstance(leaf, np.ndarray)]


def same(a: Any, b: Any) -> None:
    for x, y in zip(leaves(a), leaves(b), strict=True):
        if y is None:
            assert x is None
        else:
            assert_same(x, y)
            assert type(x) is type(y)


def replaced(tree: Any, place: int, new: Any) -> Any:
    """The structure with one leaf replaced, counted in order."""
    counter = iter(range(10**6))
    return mapped(lambda leaf: new if next(counter) == place else leaf, tree)


# --- against central differences ------------------------------------------------------------------


@pytest.mark.parametrize(("function", "args"), CASES, ids=IDS)
def test_against_central_differences(
    function: Any, args: tuple[Any, ...], rng: np.random.Generator
) -> None:
    value, pullback = vjp(function, *args)
    same(value, function(*args))
    cotangent = random_like(value, rng)
    found = pullback(cotangent)
    assert type(found) is tuple and len(found) == len(args)
    for position, (argument, gradient) in enumerate(zip(args, found, strict=True)):
        if gradient is None:
            assert np.result_type(argument).kind == "i"
            continue
        for place, (leaf, got) in enumerate(zip(leaves(argument), leaves(gradient), strict=True)):

            def along(new: Any, position: int = position, place: int = place) -> float:
                moved = list(args)
                moved[position] = replaced(args[position], place, new)
                return inner(function(*moved), cotangent)

            expected = central_differences(along, leaf)
            assert type(got) is type(leaf)
            assert_same(np.asarray(got), np.asarray(expected), 1e-6, 1e-8)


@pytest.mark.parametrize(("function", "args"), CASES, ids=IDS)
def test_linear(function: Any, args: tuple[Any, ...], rng: np.random.Generator) -> None:
    value, pullback = vjp(function, *args)
    a, b = random_like(value, rng), random_like(value, rng)
    terms = iter(leaves(b))
    total = mapped(lambda leaf: 2.0 * leaf + next(terms), a)
    for ga, gb, gc in zip(*(leaves(pullback(c)) for c in (a, b, total)), strict=True):
        if ga is not None:
            np.testing.assert_allclose(2.0 * ga + gb, gc, rtol=1e-9, atol=1e-12)


def test_is_the_gradient_of_a_number() -> None:
    value, pullback = vjp(number, VECTOR)
    assert value == number(VECTOR)
    same(pullback(1.0), (grad(number)(VECTOR),))


@pytest.mark.parametrize("case", CORPUS)
def test_agrees_with_grad(case: Case) -> None:
    """On the corpus, also after the caller has written its arrays."""
    names, args = case.names(), case.make_args()
    with quiet(), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            wanted = value_and_grad(case.function, names)(*case.make_args())
        except errors.SrcadError as error:
            with pytest.raises(type(error)):
                vjp(case.function, *args, wrt=names)
            return
        value, pullback = vjp(case.function, *args, wrt=names)
        same(value, wanted[0])
        first = pullback(1.0)
        for array in arrays(args):
            if array.flags.writeable:
                array[...] = 0
        for found in (first, pullback(1.0)):
            for got, expected in zip(leaves(found), leaves(wanted[1]), strict=True):
                assert type(got) is type(expected)
                if got is None:
                    continue
                np.testing.assert_allclose(got, expected, rtol=1e-6 if single(got) else 1e-12)


def single(value: Any) -> bool:
    return np.result_type(value) == np.float32


# --- calls again, threads, mutation ---------------------------------------------------------------


@pytest.mark.parametrize(("function", "args"), CASES, ids=IDS)
def test_repeated_calls(function: Any, args: tuple[Any, ...], rng: np.random.Generator) -> None:
    value, pullback = vjp(function, *args)
    cotangent = random_like(value, rng)
    first = copied(pullback(cotangent))
    kept = copied(cotangent)
    for _ in range(3):
        got = pullback(cotangent)
        same(got, first)
        for array in arrays(got):
            array[...] = 7.0  # it is the caller's
    same(cotangent, kept)
    same(pullback(cotangent), first)


@pytest.mark.parametrize(("function", "args"), CASES, ids=IDS)
def test_what_the_caller_does_later(
    function: Any, args: tuple[Any, ...], rng: np.random.Generator
) -> None:
    args, scale = copied(args), SCALE.copy()
    value, pullback = vjp(function, *args)
    cotangent = random_like(value, rng)
    expected = copied(pullback(cotangent))
    for array in (*arrays(args), *arrays(value), SCALE):
        array[...] = 0
    try:
        same(pullback(cotangent), expected)
    finally:
        SCALE[...] = scale


def test_a_shape_that_the_caller_changes_later() -> None:
    x = np.arange(6.0).reshape(2, 3)
    value, pullback = vjp(lambda x: np.sum(x, axis=0), x)
    x.shape = (3, 2)
    assert pullback(value)[0].shape == (2, 3)


def test_containers_that_the_caller_changes_later() -> None:
    params = copied(PARAMS)
    value, pullback = vjp(nested, params, VECTOR)
    cotangent = copied(value)
    expected = pullback(cotangent)
    params["W"] = params["b"] = value["h"] = None
    same(pullback(cotangent), expected)


@pytest.mark.parametrize(("function", "args"), CASES, ids=IDS)
def test_memory(function: Any, args: tuple[Any, ...], rng: np.random.Generator) -> None:
    """Cotangents are writable and share nothing."""
    value, pullback = vjp(function, *args)
    cotangent = random_like(value, rng)
    one, two = pullback(cotangent), pullback(cotangent)
    mine = [*arrays(one), *arrays(two)]
    foreign = [*arrays(args), *arrays(value), *arrays(cotangent), *arrays(pullback._saved), SCALE]
    for index, array in enumerate(mine):
        assert array.flags.writeable
        assert not any(np.shares_memory(array, other) for other in (*mine[:index], *foreign))


def test_threads(rng: np.random.Generator) -> None:
    value, pullback = vjp(recurrence, MATRIX, VECTOR, 50)
    cotangents = [random_like(value, rng) for _ in range(40)]
    expected = [pullback(cotangent) for cotangent in cotangents]
    with ThreadPoolExecutor(8) as pool:
        for got, wanted in zip(pool.map(pullback, cotangents), expected, strict=True):
            same(got, wanted)


# --- kinds ----------------------------------------------------------------------------------------


def test_single_precision(rng: np.random.Generator) -> None:
    w, x = MATRIX.astype(np.float32), VECTOR.astype(np.float32)
    (h, total), pullback = vjp(a_tuple, w, x)
    assert h.dtype == np.float32 and total.dtype == np.float32
    cotangent = (rng.normal(size=3).astype(np.float32), np.float32(0.5))
    dw, dx = pullback(cotangent)
    assert dw.dtype == np.float32 and dx.dtype == np.float32
    wide = vjp(a_tuple, w.astype(float), x.astype(float))[1](cotangent)
    np.testing.assert_allclose(dw, wide[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(dx, wide[1], rtol=1e-4, atol=1e-5)


def test_mixed_precision() -> None:
    x = VECTOR.astype(np.float32)
    value, pullback = vjp(product, MATRIX, x)
    dw, dx = pullback(np.ones_like(value))
    assert dw.dtype == np.float64 and dx.dtype == np.float32


def test_numbers_stay_numbers() -> None:
    value, pullback = vjp(python_number, 0.7, -0.3)
    assert type(value) is float
    da, db = pullback(2.0)
    assert type(da) is float and type(db) is float
    assert math.isclose(db, 1.4)


def test_a_number_may_be_given_as_any_number() -> None:
    _, pullback = vjp(number, VECTOR)
    for cotangent in (1, 1.0, np.float32(1), np.array(1.0), True):
        same(pullback(cotangent), (2.0 * VECTOR,))


def test_integer_leaves_take_anything() -> None:
    def f(x, n):
        return np.sin(x), n, "text", None, True, np.arange(3), x.shape[0]

    _, pullback = vjp(f, VECTOR, 3)
    anything = object()
    for junk in (None, 0, anything, np.ones(7)):
        (dx, dn) = pullback((np.ones(3), junk, junk, junk, junk, junk, junk))
        assert_same(dx, np.cos(VECTOR))
        assert dn is None


def test_a_value_that_does_not_depend_on_the_arguments() -> None:
    def f(x, y, n):
        return np.ones(3), np.cos(y), np.floor(x)

    value, pullback = vjp(f, MATRIX, 0.5, 2)
    dx, dy, dn = pullback(copied(value))
    assert_same(dx, np.zeros((3, 3)))
    assert type(dy) is float and dn is None
    nothing, pullback = vjp(lambda x: None, VECTOR)
    assert nothing is None
    assert_same(pullback(None)[0], np.zeros(3))


def test_no_argument_that_can_be_differentiated() -> None:
    value, pullback = vjp(lambda n, s: n * 2.0, 3, "up")
    assert value == 6.0 and pullback(1.0) == (None, None)


def test_methods() -> None:
    class Layer:
        def __init__(self) -> None:
            self.scale = 2.0

        def forward(self, x):
            return x * self.scale

    _, pullback = vjp(Layer().forward, VECTOR)
    assert_same(pullback(np.ones(3))[0], np.full(3, 2.0))


# --- wrt ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrt", "expected"),
    [(1, ("x",)), ("x", ("x",)), ((1, 0), ("x", "w")), (["w"], ("w",)), (-1, ("x",))],
)
def test_wrt(wrt: Any, expected: tuple[str, ...]) -> None:
    cotangents = dict(zip("wx", vjp(product, MATRIX, VECTOR)[1](VECTOR), strict=True))
    found = vjp(product, MATRIX, VECTOR, wrt=wrt)[1](VECTOR)
    same(found, tuple(cotangents[name] for name in expected))


def test_an_argument_that_cannot_be_differentiated() -> None:
    with pytest.raises(errors.NotDifferentiable):
        vjp(recurrence, MATRIX, VECTOR, 3, wrt="n")
    with pytest.raises(errors.NotDifferentiable):
        vjp(number, np.arange(3), wrt=0)
    assert vjp(number, np.arange(3))[1](1.0) == (None,)


def test_an_unknown_argument() -> None:
    with pytest.raises(errors.UnknownArgument):
        vjp(product, MATRIX, VECTOR, wrt="y")


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Both:
    a: Any
    n: int = 2


def records(x: Any, y: Any) -> Any:
    return Pair(np.sin(x), Both(x * y, 3)), [y * y]


def test_records() -> None:
    value, pullback = vjp(records, VECTOR, 2.0)
    assert type(value[0]) is Pair and type(value[0].b) is Both
    cotangent = (Pair(VECTOR + 1.0, Both(VECTOR, None)), [3.0])
    dx, dy = pullback(cotangent)
    np.testing.assert_allclose(dx, (VECTOR + 1.0) * np.cos(VECTOR) + 2.0 * VECTOR)
    assert abs(dy - (np.sum(VECTOR * VECTOR) + 12.0)) < 1e-12
    with pytest.raises(errors.CotangentMismatch):
        pullback((Both(VECTOR, VECTOR), [3.0]))


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cotangent", "words"),
    [
        ((VECTOR,), "a tuple of 1, and the value of 2"),
        ([VECTOR, 1.0], "a list, and the value a tuple"),
        (VECTOR, "an array, and the value a tuple"),
        ((VECTOR[:2], 1.0), r"at \[0\] is of shape \(2,\), and the value of \(3,\)"),
        ((VECTOR, VECTOR), r"at \[1\] is of shape \(3,\), and the value of \(\)"),
        ((None, 1.0), r"at \[0\] is None, and the value an array of shape \(3,\)"),
        ((VECTOR, "1"), r"at \[1\] is a str, and the value a number"),
        ((VECTOR * 1j, 1.0), r"at \[0\] is of dtype complex128"),
        (([0.0, 1.0, 2.0], 1.0), r"at \[0\] is a list"),
    ],
)
def test_cotangents_of_another_structure(cotangent: Any, words: str) -> None:
    _, pullback = vjp(a_tuple, MATRIX, VECTOR)
    with pytest.raises(errors.CotangentMismatch, match=words) as caught:
        pullback(cotangent)
    assert isinstance(caught.value, TypeError)


def test_keys_of_another_dict() -> None:
    value, pullback = vjp(nested, PARAMS, VECTOR)
    with pytest.raises(errors.CotangentMismatch, match="a dict of 'h', and the value of 'h', 'loss'"):
        pullback({"h": value["h"]})
    with pytest.raises(errors.CotangentMismatch, match=r"at \['h'\]\[1\]\[0\] is of shape"):
        pullback({"h": [VECTOR, (MATRIX, 1.0)], "loss": 1.0})
    swapped = dict(reversed(value.items()))
    same(pullback(swapped), pullback(value))


def test_errors_are_those_of_grad() -> None:
    with pytest.raises(errors.NoSource):
        vjp(grad(number), VECTOR)
    with pytest.raises(errors.NoSource):
        vjp(np.sin, VECTOR)
    with pytest.raises(errors.ArgumentMismatch):
        vjp(product, MATRIX)
    with pytest.raises(errors.UnknownCall):
        vjp(lambda x: memo(x), VECTOR)
    with pytest.raises(errors.Laundered):
        vjp(lambda x: (x, repr(x)), VECTOR)
    with pytest.raises(errors.UnsupportedArray):
        vjp(itself, VECTOR * 1j)


memo = {}.get  # a call that srcad cannot read


# --- what is generated ----------------------------------------------------------------------------


def test_golden(golden: Callable[[str, str], None]) -> None:
    golden("unrolled_pair", vjp(PAIR.function, *PAIR.args, wrt=PAIR.wrt)[1].source)


def test_source() -> None:
    _, pullback = vjp(recurrence, MATRIX, VECTOR, 2)
    assert "def recurrence_forward(w, x, n):" in pullback.source
    assert "def recurrence_backward(saved, g):" in pullback.source
    assert repr(pullback) == "<srcad pullback of recurrence>"


def test_compiled_once_for_each_kind_of_call() -> None:
    def f(x):
        return x * x

    first, again = vjp(f, VECTOR)[1], vjp(f, np.ones(9))[1]
    assert first._backward is again._backward
    assert vjp(f, 2.0)[1]._backward is not first._backward
    assert vjp(f, VECTOR, wrt="x")[1].source == first.source


def test_what_is_saved() -> None:
    """What is nobody else's is not copied, and of what only the shape is read, no entry is kept."""

    def f(x):
        h = np.exp(x)
        return np.sum(h)

    def first(x):
        return x[0]

    def squares(x):
        return x * x

    assert "return np.sum(h), (h,)" in vjp(f, VECTOR)[1].source
    assert "return x[0], (x[...],)" in vjp(first, VECTOR)[1].source
    assert "return x * x, (x.copy(),)" in vjp(squares, VECTOR)[1].source


def test_sizes_must_agree() -> None:
    vjp(lambda x, y: np.sum(x * y), VECTOR, VECTOR)
    with pytest.raises(ValueError, match="broadcast"):
        vjp(lambda x, y: np.sum(x * y), VECTOR, np.ones(4))
