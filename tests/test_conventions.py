"""What holds for every gradient: structure, class and dtype, whose memory it is, what is refused."""



from __future__ import annotations

import itertools
import warnings
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad, value_and_grad
from tests.programs import compiled, define


def square(x):
    return x * x


def total(x):
    return np.sum(x * x)


def polynomial(x):
    return 2.0 * x**3 - x / 3.0 + np.sin(x)


# --- numbers --------------------------------------------------------------------------------------

NUMBERS = [2.0, np.float64(2.0), np.float32(2.0), np.array(2.0), np.array(2.0, np.float32)]


def named(value: Any) -> str:
    return f"{type(value).__name__} {getattr(value, 'dtype', '')} {np.shape(value)}"


@pytest.mark.parametrize("x", NUMBERS, ids=named)
@pytest.mark.parametrize("function", [square, total, polynomial], ids=lambda f: f.__name__)
def test_numbers(function: Any, x: Any) -> None:
    value, gradient = value_and_grad(function)(x)
    assert type(gradient) is type(x)
    assert np.result_type(gradient) == np.result_type(x) and np.shape(gradient) == np.shape(x)
    expected = function(x)
    assert type(value) is type(expected) and value == expected
    step = 1e-6
    numeric = (function(2.0 + step) - function(2.0 - step)) / (2.0 * step)
    np.testing.assert_allclose(gradient, numeric, rtol=1e-5)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("shape", [(), (1,), (3,), (0,), (2, 3), (1, 3), (0, 3)], ids=str)
def test_arrays(shape: Any, dtype: Any) -> None:
    def function(x):
        return np.sum(np.tanh(x) * 0.5 + np.mean(x) ** 2 + np.sqrt(np.exp(x)))

    x = np.linspace(0.1, 0.9, int(np.prod(shape))).reshape(shape).astype(dtype)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of nothing
        gradient = grad(function)(x)
    assert type(gradient) is np.ndarray
    assert gradient.shape == shape and gradient.dtype == dtype


@pytest.mark.parametrize("generic", [False, True])
def test_mixed_precision(generic: bool) -> None:
    def function(x, y, s):
        return np.sum(x * y) * s

    x, y, s = np.ones(3, np.float32), np.ones(3), np.float32(2.0)
    gradient = grad(function, (0, 1, 2))
    dx, dy, ds = (gradient.generic if generic else gradient)(x, y, s)
    assert (dx.dtype, dy.dtype, type(ds)) == (np.float32, np.float64, np.float32)


# --- containers -----------------------------------------------------------------------------------


def deep(p):
    return np.sum(p["a"] * p["b"][0]) + p["b"][1]["c"] ** 2 * p["d"][0]


def test_containers_keep_their_structure() -> None:
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0], np.float32)
    p = {"a": x, "b": (y, {"c": 3.0}), "d": [np.float32(2.0), np.array(1.0)]}
    g = grad(deep)(p)
    assert list(g) == ["a", "b", "d"]
    assert type(g["b"]) is tuple and type(g["d"]) is list and type(g["b"][1]) is dict
    assert g["a"].dtype == np.float64 and g["b"][0].dtype == np.float32
    assert type(g["b"][1]["c"]) is float and g["b"][1]["c"] == 12.0
    assert type(g["d"][0]) is np.float32 and g["d"][0] == 9.0
    assert type(g["d"][1]) is np.ndarray and g["d"][1] == 0.0


@pytest.mark.parametrize("container", [tuple, list])
def test_sequences(container: Any) -> None:
    def function(p):
        a, b = p
        return np.sum(a * b)

    g = grad(function)(container([np.ones(2), np.full(2, 3.0)]))
    assert type(g) is container
    np.testing.assert_array_equal(g[0], [3.0, 3.0])


# --- memory ---------------------------------------------------------------------------------------

SHARERS = {
    "the sum's one cotangent": "def f(x, y):\n    return np.sum(x + y)",
    "the gradient is the other argument": "def f(x, y):\n    return np.sum(x * y)",
    "a scaled copy": "def f(x, y):\n    return np.sum(1.0 * x) + np.sum(y * 1.0)",
    "a view of the cotangent": "def f(x, y):\n    return np.sum(x.T * y) + np.sum(x.ravel())",
    "an entry alone": "def f(x, y):\n    return x[0, 0] * y[1, 1]",
    "not read": "def f(x, y):\n    return np.sum(x)",
    "reshaped": "def f(x, y):\n    return np.sum(x.reshape(4) * y.reshape(4))",
    "the value": "def f(x, y):\n    z = x * y\n    z += x\n    return np.sum(z)",
    "exponential": "def f(x, y):\n    return np.sum(np.exp(x) * np.exp(y))",
    "swapped": "def f(x, y):\n    x, y = y, x\n    return np.sum(x * x * y)",
    "a constant": "def f(x, y):\n    return np.sum(x * 2.0 + y * 2.0)",
    "a broadcast": "def f(x, y):\n    return np.sum(x, axis=0)[0] + np.max(y)",
}


@pytest.mark.parametrize("generic", [False, True], ids=["specialised", "generic"])
@pytest.mark.parametrize("text", SHARERS.values(), ids=SHARERS.keys())
def test_gradients_have_memory_of_their_own(text: str, generic: bool) -> None:
    function = define(text)
    gradient = value_and_grad(function, (0, 1))
    called = gradient.generic if generic else gradient
    x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
    before = x.copy(), y.copy()
    value, first = called(x, y)
    _, second = called(x, y)
    everything = [x, y, value, *first, *second]
    for one, other in itertools.combinations(everything, 2):
        assert not np.shares_memory(one, other)
    for array in first:
        assert array.flags.writeable
        array[...] = -1.0
    np.testing.assert_array_equal((x, y), before)
    for array, again in zip(second, called(x, y)[1], strict=True):
        np.testing.assert_array_equal(array, again)
    assert value == function(x, y)


def test_aux_shares_no_memory_with_gradients() -> None:
    def function(x):
        y = 2.0 * x
        return np.sum(y * x), (y, x)

    x = np.ones(3)
    gradient, (y, same) = grad(function, has_aux=True)(x)
    assert same is x  # aux is the function's own
    assert not np.shares_memory(gradient, y) and not np.shares_memory(gradient, x)
    gradient[...] = 0.0
    np.testing.assert_array_equal(y, 2.0)


def test_one_array_as_two_arguments() -> None:
    x = np.ones(3)
    a, b = grad(lambda x, y: np.sum(x * y), (0, 1))(x, x)
    assert not np.shares_memory(a, b) and not np.shares_memory(a, x)


def test_read_only_and_strided_arguments() -> None:
    x = np.arange(12.0).reshape(3, 4)[::-1, ::2]
    x.flags.writeable = False
    gradient = grad(lambda x: np.sum(x * x))(x)
    np.testing.assert_array_equal(gradient, 2.0 * x)
    assert gradient.flags.writeable


# --- the output -----------------------------------------------------------------------------------

OUTPUTS = {
    "shape (1,)": ("return x[:1]", "1"),
    "shape (1, 1)": ("return x[:1, None]", None),
    "a vector": ("return x * 2.0", None),
    "complex": ("return np.sum(x * x.astype(complex))", None),
    "an int": ("return len(x)", None),
    "a known int": ("return 1", None),
    "a bool": ("return np.sum(x) > 0.0", None),
    "None": ("y = x * 2.0", None),
    "return None": ("return None", None),
    "a tuple": ("return np.sum(x), np.sum(x)", None),
    "a list": ("return [np.sum(x)]", None),
    "a dict": ("return {'a': np.sum(x)}", None),
    "a text": ("return 'text'", None),
    "a shape": ("return x.shape", None),
    "an integer of NumPy": ("return np.argmax(x)", None),
}


@pytest.mark.parametrize(("body", "named"), OUTPUTS.values(), ids=OUTPUTS.keys())
def test_the_output_is_a_real_scalar(body: str, named: str | None) -> None:
    gradient = grad(define(f"def f(x):\n    {body}"))
    for _ in range(2):
        with pytest.raises((errors.NotScalar, errors.UnsupportedArray)) as caught:
            gradient(np.ones(3))
    assert isinstance(caught.value, TypeError)
    assert caught.value.span is not None and caught.value.hint
    if named is not None:
        assert named in str(caught.value)


def test_generic_text_checks_the_output() -> None:
    generic = grad(square).generic
    with pytest.raises(TypeError, match=r"\(1,\)"):
        generic(np.ones(1))
    with pytest.raises(TypeError):
        generic(np.array(1.0 + 2.0j))
    with pytest.raises(TypeError):
        generic(2)


# --- wrt ------------------------------------------------------------------------------------------

NO_GRADIENT = [
    2, True, np.int64(2), np.True_, "text", b"text", None, len, np.sin, float, object(), {1.0},
    np.ones(3, int), np.ones(3, bool), np.array(["a", "b"]), range(3), [1.0, 2], {"a": None},
    (np.ones(2), np.ones(2, int)), [[1.0], ["b"]], np.dtype(float),
]  # fmt: skip


@pytest.mark.parametrize("x", NO_GRADIENT, ids=repr)
def test_what_has_no_gradient(x: Any) -> None:
    def function(x, y):
        return y * y

    with pytest.raises(errors.NotDifferentiable) as caught:
        grad(function)(x, 2.0)
    assert isinstance(caught.value, TypeError)
    assert caught.value.hint and "x" in caught.value.reason
    assert grad(function, "y")(x, 2.0) == 4.0


UNSUPPORTED = [
    1j, np.complex128(1j), np.ones(3, complex), np.ones(3, object), np.zeros(3, "f8,f8"),
    np.ones(3, np.longdouble), np.longdouble(1.0), np.ma.array([1.0, 2.0], mask=[True, False]),
    np.ones((1, 1)).view(np.matrix), np.zeros(3, "M8[s]"), np.ones(3).astype(">f8"),
    [np.ones(2, complex)],
    np.zeros(2, [("a", float)]), np.rec.array(np.zeros(2, [("a", float)])),
]  # fmt: skip


@pytest.mark.parametrize(
    "x", UNSUPPORTED, ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}"
)
def test_what_is_not_supported_in_wrt(x: Any) -> None:
    with pytest.raises(errors.UnsupportedArray) as caught:
        grad(lambda x: np.sum(x * x))(x)
    assert isinstance(caught.value, TypeError) and caught.value.hint


@pytest.mark.parametrize(
    "c", UNSUPPORTED[:10], ids=lambda x: f"{type(x).__name__} {getattr(x, 'dtype', '')}"
)
def test_what_is_not_supported_beside_wrt(c: Any) -> None:
    with pytest.raises((errors.UnsupportedArray, errors.NotScalar, TypeError)):
        grad(lambda x, c: np.sum(x * c))(np.ones(3), c)


def test_subclass_of_dict_and_tuple() -> None:
    class Parameters(dict):
        pass

    with pytest.raises(errors.NotDifferentiable):
        grad(lambda p: np.sum(p["a"]))(Parameters(a=np.ones(2)))


# --- no dependence --------------------------------------------------------------------------------

IDLE = {
    "a constant": "return 2.0",
    "the other": "return np.sum(y * y)",
    "a shape": "return np.sum(y) * len(x)",
    "zero derivative": "return np.sum(np.sign(x)) + np.sum(np.floor(x))",
}


@pytest.mark.parametrize("body", IDLE.values(), ids=IDLE.keys())
def test_no_dependence_gives_zeros_and_one_warning(body: str) -> None:
    function = define(f"def f(x, y):\n    {body}")
    gradient = value_and_grad(function, "x")
    x, y = np.array([1.0, 2.0], np.float32), np.ones(3)
    with pytest.warns(errors.InactiveResultWarning) as caught:
        value, dx = gradient(x, y)
    assert len(caught) == 1 and caught[0].filename == __file__
    assert value == function(x, y)
    np.testing.assert_array_equal(dx, np.zeros(2, np.float32), strict=True)
    value, dx = gradient(x + 1.0, y)  # no second warning, which would be an error
    gradient.specialize(x, y)
    assert compiled(gradient) == 1


@pytest.mark.parametrize("x", [*NUMBERS, {"a": 1.0, "b": (np.ones(2),)}], ids=named)
def test_zeros_have_the_class_of_the_argument(x: Any) -> None:
    with pytest.warns(errors.InactiveResultWarning):
        gradient = grad(lambda x: 2.0)(x)
    assert type(gradient) is type(x)
    if not isinstance(x, dict):
        assert gradient == 0.0 and np.result_type(gradient) == np.result_type(x)
    else:
        assert type(gradient["a"]) is float and gradient["b"][0].shape == (2,)


def test_one_of_two_is_idle() -> None:
    dx, dy = grad(lambda x, y: np.sum(x), (0, 1))(np.ones(2), np.ones(3))
    np.testing.assert_array_equal(dx, np.ones(2), strict=True)
    np.testing.assert_array_equal(dy, np.zeros(3), strict=True)


def test_the_warning_points_to_the_reader_of_the_source() -> None:
    gradient = grad(lambda x: 2.0)
    with pytest.warns(errors.InactiveResultWarning) as caught:
        assert "zero" in gradient.source or "0.0" in gradient.source
    assert len(caught) == 1 and caught[0].filename == __file__


# --- the same function again ----------------------------------------------------------------------


def test_the_gradient_is_not_changed_by_what_was_called_before(rng: np.random.Generator) -> None:
    def function(x, n):
        h = x
        for _i in range(n):
            h = np.tanh(h) * 2.0
        return np.sum(h)

    gradient = grad(function)
    x = rng.normal(size=4)
    alone = [grad(function)(x, n) for n in range(4)]
    for n in (3, 0, 1, 2, 0, 3):
        np.testing.assert_array_equal(gradient(x, n), alone[n], strict=True)
    assert compiled(gradient) == 1


def test_generic_text_refuses_subclasses_of_arrays() -> None:
    def function(x, y):
        return np.sum(x * y)

    generic = grad(function).generic
    masked = np.ma.array([1.0, 2.0], mask=[True, False])
    for x, y in [
        (masked, np.ones(2)),
        (np.ones(2), masked),
        (np.ones((2, 2)).view(np.matrix), 2.0),
    ]:
        with pytest.raises(TypeError):
            generic(x, y)


def test_a_masked_array_in_an_attribute_is_refused() -> None:
    class Holder:
        weights = np.ma.array([1.0, 2.0, 3.0], mask=[True, False, False])

    with pytest.raises(TypeError):
        grad(lambda x, holder: np.sum(x * holder.weights))(np.ones(3), Holder())
