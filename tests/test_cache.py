"""One compile for each kind of call; data are read live; what changed is noticed."""



from __future__ import annotations

import gc
import importlib
import sys
import types
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from srcad import cache, errors, grad, value_and_grad
from srcad.cache import MOST_ENTRIES
from tests.programs import compiled, define, remember, run

X = np.array([1.0, 2.0, 3.0])


def total(x, y):
    return np.sum(x * y)


# --- kinds of arguments ---------------------------------------------------------------------------


def test_sizes_share_code() -> None:
    gradient = grad(total)
    for shape in [(2, 3), (4, 5), (7, 2)]:
        gradient(np.ones(shape), np.ones(shape))
    assert compiled(gradient) == 1
    for shape in [(0, 3), (0, 7)]:  # the empty are a kind of their own
        gradient(np.ones(shape), np.ones(shape))
    assert compiled(gradient) == 2


def test_no_elements_are_compiled_apart() -> None:
    gradient = grad(total)
    for shape in [(2, 3), (0, 3), (3, 0), (0, 5)]:
        gradient(np.ones(shape), np.ones(shape))
    assert compiled(gradient) == 3


KINDS = [
    np.ones((2, 3)), np.ones((1, 3)), np.ones((2, 1)), np.ones((1, 1)), np.ones(3), np.ones(1),
    np.ones((2, 2, 3)), np.array(1.0), np.float64(1.0), 1.0, np.ones((2, 3), np.float32),
    np.float32(1.0), np.array(1.0, np.float32),
]  # fmt: skip


def test_kinds_are_compiled_apart() -> None:
    gradient = grad(total)
    for _ in range(2):
        for kind in KINDS:
            assert np.shape(gradient(kind, 2.0)) == np.shape(kind)
            assert type(gradient(kind, 2.0)) is type(kind)
        assert compiled(gradient) == len(KINDS)


CONSTANTS = [1, 1.0, 1j, True, np.int64(1), np.ones(3, int), np.ones(3, bool), np.ones(3)]


def test_kinds_of_constants_are_compiled_apart() -> None:
    gradient = grad(lambda x, y: np.sum(x * np.real(y)))
    for count, kind in enumerate(CONSTANTS, 1):
        gradient(X, kind)
        gradient(X, kind)
        assert compiled(gradient) == count


def test_static_arguments_are_known_by_value() -> None:
    def function(x, mode, flag):
        if mode == "double":
            x = 2.0 * x
        if flag:
            x = 3.0 * x
        if flag is None:
            x = 5.0 * x
        return np.sum(x)

    gradient = grad(function)
    for mode, flag, expected in [("double", True, 6.0), ("", False, 1.0), ("double", None, 10.0)]:
        for _ in range(2):
            np.testing.assert_array_equal(gradient(X, mode, flag), np.full(3, expected))
    assert compiled(gradient) == 3


def test_one_and_true_are_told_apart() -> None:
    def function(x, flag):
        return np.sum(x * 2.0) if flag is True else np.sum(x * 3.0)

    gradient = grad(function)
    assert gradient(X, True)[0] == 2.0
    assert gradient(X, False)[0] == 3.0


def test_containers() -> None:
    gradient = grad(lambda p: np.sum(p["a"] * p["b"]))
    gradient({"a": np.ones(2), "b": np.ones(2)})
    gradient({"a": np.ones(3), "b": np.ones(3)})
    assert compiled(gradient) == 1
    gradient({"b": np.ones(3), "a": np.ones(3)})
    gradient({"a": np.ones(3), "b": 1.0})
    gradient({"a": np.ones(3), "b": 1.0, "c": 2.0})
    assert compiled(gradient) == 4


def test_the_dtype_of_another_object() -> None:
    gradient = grad(total)
    for _ in range(3):
        gradient(X, np.ones(3).astype(np.dtype(">f8")))
        gradient(X, np.ones(3).view(np.dtype("f8", metadata={"a": 1})))
    assert compiled(gradient) <= 2


def test_a_call_by_keyword_is_the_same_call() -> None:
    gradient = grad(lambda x, y=2.0: np.sum(x * y))
    gradient(X), gradient(X, 2.0), gradient(X, y=3.0), gradient(y=3.0, x=X)
    assert compiled(gradient) == 1


def test_entries_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_ENTRIES >= 100
    monkeypatch.setattr(cache, "MOST_ENTRIES", 3)
    gradient = grad(lambda x, mode: np.sum(x) if mode != "3" else np.sum(2.0 * x))
    for number in range(6):
        gradient(X, str(number))
    assert compiled(gradient) == 3
    assert gradient(X, "3")[0] == 2.0


# --- globals and cells ----------------------------------------------------------------------------

DATA = """
scale = 2.0
weights = np.ones(3)
flag = True
mode = "up"
table = {"rate": 2.0, "names": ("a", "b")}

def f(x):
    y = np.sum(x * x)
    %s
    return y
"""

REBOUND = [
    ("y = y * scale", "scale", 5.0),
    ("y = y * scale", "scale", 5),
    ("y = y * scale", "scale", np.float32(5.0)),
    ("y = y * scale", "scale", np.array(5.0)),
    ("y = y + np.sum(x * weights)", "weights", np.arange(3.0)),
    ("y = y + np.sum(x * weights)", "weights", np.ones((2, 3))),
    ("y = y + np.sum(x * weights)", "weights", np.ones(1)),
    ("y = y + np.sum(x * weights)", "weights", 3.0),
    ("if flag:\n        y = 2.0 * y", "flag", False),
    ("if flag:\n        y = 2.0 * y", "flag", None),
    ("if flag:\n        y = 2.0 * y", "flag", 0),
    ('if mode == "up":\n        y = 2.0 * y', "mode", "down"),
    ("y = y * table['rate']", "table", {"rate": 7.0, "names": ()}),
    ("y = y * table['rate']", "table", {"rate": np.float32(7.0)}),
    ("y = y * len(table['names'])", "table", {"rate": 2.0, "names": ("a", "b", "c")}),
]


@pytest.mark.parametrize(
    ("line", "name", "value"), REBOUND, ids=[f"{n} {v!r}" for _, n, v in REBOUND]
)
def test_globals_are_read_live(line: str, name: str, value: Any) -> None:
    function = define(DATA % line)
    gradient = value_and_grad(function)

    def check() -> None:
        found = gradient(X)
        fresh = value_and_grad(function)(X)
        assert found[0] == fresh[0] == function(X)
        np.testing.assert_array_equal(found[1], fresh[1], strict=True)

    check()
    before = function.__globals__[name]
    function.__globals__[name] = value
    check()
    function.__globals__[name] = before
    check()
    assert compiled(gradient) <= 2


def test_values_of_the_same_kind_compile_nothing() -> None:
    function = define(DATA % "y = y * scale + np.sum(x * weights)")
    gradient = grad(function)
    gradient(X)
    function.__globals__.update(scale=3.0, weights=np.zeros(3))
    np.testing.assert_array_equal(gradient(X), 6.0 * X)
    function.__globals__["weights"][...] = 4.0
    np.testing.assert_array_equal(gradient(X), 6.0 * X + 4.0)
    assert compiled(gradient) == 1


def test_a_global_that_is_gone() -> None:
    function = define(DATA % "y = y * scale")
    gradient = grad(function)
    gradient(X)
    del function.__globals__["scale"]
    with pytest.raises(errors.UnboundName):
        gradient(X)


def test_a_global_of_the_same_class_but_another_object() -> None:
    text = """
import enum
class Mode(enum.Enum):
    A = 1
    B = 2
mode = Mode.A
def f(x):
    y = np.sum(x)
    if mode is not Mode.A:
        y = 2.0 * y
    return y
"""
    function = define(text)
    gradient = grad(function)
    assert gradient(X)[0] == 1.0
    function.__globals__["mode"] = function.__globals__["Mode"].B
    assert gradient(X)[0] == 2.0


def test_attributes_of_a_global_object() -> None:
    text = """
class Config:
    rate = 2.0
    flag = True
config = Config()
def f(x):
    y = np.sum(x * config.rate)
    if config.flag:
        y = 3.0 * y
    return y
"""
    function = define(text)
    gradient = grad(function)
    config = function.__globals__["config"]
    assert gradient(X)[0] == 6.0
    config.rate = 5.0
    assert gradient(X)[0] == 15.0
    config.flag = False
    assert gradient(X)[0] == 5.0
    config.rate = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(gradient(X), [1.0, 2.0, 3.0])
    function.__globals__["config"] = function.__globals__["Config"]()
    assert gradient(X)[0] == 6.0


def test_cells_are_read_live() -> None:
    def make() -> Any:
        scale: Any = 2.0

        def function(x):
            return np.sum(x * scale)

        def rebind(value: Any) -> None:
            nonlocal scale
            scale = value

        return function, rebind

    function, rebind = make()
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    rebind(3.0)
    assert gradient(X)[0] == 3.0
    assert compiled(gradient) == 1
    rebind(np.array([1.0, 5.0, 6.0]))
    np.testing.assert_array_equal(gradient(X), [1.0, 5.0, 6.0])
    assert compiled(gradient) == 2


def test_a_function_in_a_cell() -> None:
    def make(function: Any) -> Any:
        def outer(x):
            return np.sum(function(x))

        def rebind(value: Any) -> None:
            nonlocal function
            function = value

        return outer, rebind

    outer, rebind = make(lambda x: 2.0 * x)
    gradient = grad(outer)
    assert gradient(X)[0] == 2.0
    rebind(lambda x: 3.0 * x)
    assert gradient(X)[0] == 3.0


# --- helpers --------------------------------------------------------------------------------------

HELPERS = """
def inner(x):
    return 2.0 * x

def helper(x, factor=1.0, *, shift=0.0):
    return inner(x) * factor + shift

def f(x):
    return np.sum(helper(x))
"""


def test_a_redefined_helper() -> None:
    function = define(HELPERS)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    names = function.__globals__
    names["helper"] = define("def helper(x):\n    return 5.0 * x", "helper")
    assert gradient(X)[0] == 5.0
    assert compiled(gradient) == 1  # the stale one is gone


def test_a_redefined_helper_of_a_helper() -> None:
    function = define(HELPERS)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    function.__globals__["inner"] = define("def inner(x):\n    return 7.0 * x", "inner")
    assert gradient(X)[0] == 7.0
    assert gradient.source == grad(function).source


@pytest.mark.parametrize("name", ["helper", "inner", "f"])
def test_code_that_is_replaced(name: str) -> None:
    function = define(HELPERS)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0 and "5.0" not in gradient.source
    other = define(f"def {name}(x):\n    return np.sum(5.0 * x)", name)
    function.__globals__[name].__code__ = other.__code__
    assert gradient(X)[0] == grad(function)(X)[0]
    assert "5.0" in gradient.source


def test_defaults_that_are_replaced() -> None:
    function = define(HELPERS)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    helper = function.__globals__["helper"]
    helper.__defaults__ = (3.0,)
    assert gradient(X)[0] == 6.0
    helper.__defaults__ = (np.array([1.0, 2.0, 4.0]),)
    np.testing.assert_array_equal(gradient(X), [2.0, 4.0, 8.0])
    helper.__kwdefaults__ = {"shift": np.ones(3)}
    np.testing.assert_array_equal(value_and_grad(function)(X)[0], function(X))
    np.testing.assert_array_equal(gradient(X), [2.0, 4.0, 8.0])
    helper.__defaults__ = None
    with pytest.raises(errors.ArgumentMismatch):
        gradient(X)


def test_keyword_defaults_that_are_changed_in_place() -> None:
    function = define("def h(x, *, n=2.0):\n    return x * n\ndef f(x):\n    return np.sum(h(x))")
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    function.__globals__["h"].__kwdefaults__["n"] = 3.0
    assert gradient(X)[0] == 3.0


def test_an_array_default_that_is_changed_in_place() -> None:
    function = define(
        "def h(x, n=np.ones(3)):\n    return x * n\ndef f(x):\n    return np.sum(h(x))"
    )
    gradient = grad(function)
    assert gradient(X)[0] == 1.0
    function.__globals__["h"].__defaults__[0][...] = 3.0
    assert gradient(X)[0] == 3.0


def test_a_container_default_that_is_changed_in_place() -> None:
    text = "def h(x, o={'n': 2.0, 'b': True}):\n    return x * o['n'] if o['b'] else x\n"
    function = define(text + "def f(x):\n    return np.sum(h(x))")
    gradient = grad(function)
    options = function.__globals__["h"].__defaults__[0]
    assert gradient(X)[0] == 2.0
    options["n"] = 4.0
    assert gradient(X)[0] == 4.0
    options["b"] = False
    assert gradient(X)[0] == 1.0


def test_defaults_of_the_function_itself() -> None:
    function = define("def f(x, y=2.0, *, z=1.0):\n    return np.sum(x * y * z)")
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    function.__defaults__ = (3.0,)
    assert gradient(X)[0] == 3.0
    function.__kwdefaults__["z"] = 10.0
    assert gradient(X)[0] == 30.0
    function.__kwdefaults__ = {"z": X}
    np.testing.assert_array_equal(gradient(X), 3.0 * X)
    function.__defaults__ = None
    with pytest.raises(errors.ArgumentMismatch):
        gradient(X)


def test_functions_as_arguments_are_known_by_identity() -> None:
    function = define("def f(x, h):\n    return np.sum(h(x))")
    first = define("def h(x):\n    return 2.0 * x", "h")
    second = define("def h(x):\n    return 3.0 * x", "h")
    gradient = grad(function)
    for _ in range(2):
        assert gradient(X, first)[0] == 2.0
        assert gradient(X, second)[0] == 3.0
        np.testing.assert_allclose(gradient(X, np.sin), np.cos(X))
    assert compiled(gradient) == 3
    first.__code__ = second.__code__
    assert gradient(X, first)[0] == 3.0
    assert grad(function)(X, lambda x: x * x)[2] == 6.0


def test_a_function_in_a_container_argument() -> None:
    function = define("def f(x, hs):\n    return np.sum(hs[0](x)) + np.sum(hs[1](x))")
    first, second = (define(f"def h(x):\n    return {n}.0 * x", "h") for n in (2, 3))
    gradient = grad(function)
    assert gradient(X, (first, second))[0] == 5.0
    assert gradient(X, (first, first))[0] == 4.0
    first.__code__ = second.__code__
    assert gradient(X, (first, first))[0] == 6.0


def test_equal_code_of_two_files() -> None:
    text = "def h(x):\n    return SCALE * x\n"
    one, other = (run(text, remember(text), SCALE=s)["h"] for s in (2.0, 3.0))
    same = one.__code__.replace(co_filename="a") == other.__code__.replace(co_filename="a")
    assert same
    function = define("def f(x):\n    return np.sum(h(x))", h=one)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    function.__globals__["h"] = other
    assert gradient(X)[0] == 3.0


def test_two_helpers_of_one_name() -> None:
    one = run(
        "K = 2.0\ndef h(x):\n    return K * x", remember("K = 2.0\ndef h(x):\n    return K * x")
    )
    other = run(
        "K = 3.0\ndef h(x):\n    return x * K", remember("K = 3.0\ndef h(x):\n    return x * K")
    )
    text = "def f(x):\n    return np.sum(a.h(x)) + np.sum(b.h(x)) * 10.0"
    function = define(text, a=types.SimpleNamespace(**one), b=types.SimpleNamespace(**other))
    assert grad(function)(X)[0] == 32.0


def test_what_was_compiled_is_let_go() -> None:
    function = define(HELPERS)
    gradient = grad(function)
    gradient(X)
    helper = weakref.ref(function.__globals__["helper"])
    function.__globals__["helper"] = define("def helper(x):\n    return 5.0 * x", "helper")
    gradient(X)
    gc.collect()
    assert helper() is None


# --- modules --------------------------------------------------------------------------------------

Write = Callable[[str, str], Any]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """`module(name, text)`: write a module and import it, again if it is there."""
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    names = set()

    def write(name: str, text: str) -> Any:
        (tmp_path / f"{name}.py").write_text("import numpy as np\n" + text)
        importlib.invalidate_caches()
        names.add(name)
        if name in sys.modules:
            return importlib.reload(sys.modules[name])
        return importlib.import_module(name)

    yield write
    for name in names:
        sys.modules.pop(name, None)


def test_reload(module: Write) -> None:
    helpers = module("reloaded_helpers", "def h(x):\n    return 2.0 * x\n")
    function = define("def f(x):\n    return np.sum(helpers.h(x))", helpers=helpers)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    module("reloaded_helpers", "def h(x):\n    return 2.0 * x + 1.5 * x\n")
    assert gradient(X)[0] == 3.5
    assert compiled(gradient) == 1


def test_monkeypatch(module: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    helpers = module(
        "patched_helpers", "def g(x):\n    return x\ndef h(x):\n    return 2.0 * g(x)\n"
    )
    function = define("def f(x):\n    return np.sum(helpers.h(x))", helpers=helpers)
    gradient = grad(function)
    assert gradient(X)[0] == 2.0
    with monkeypatch.context() as patch:
        patch.setattr(helpers, "h", define("def h(x):\n    return 5.0 * x", "h"))
        assert gradient(X)[0] == 5.0
    assert gradient(X)[0] == 2.0
    with monkeypatch.context() as patch:
        patch.setattr(helpers, "g", define("def g(x):\n    return 7.0 * x", "g"))
        assert gradient(X)[0] == 14.0
    assert gradient(X)[0] == 2.0


ELSEWHERE = """
SCALE = 2.0
WEIGHTS = np.ones(3)
FLAG = True
TABLE = {"rate": 1.0}

def h(x):
    y = SCALE * x * WEIGHTS * TABLE["rate"]
    if FLAG:
        y = 10.0 * y
    return y
"""


@pytest.mark.parametrize("imported", ["import data_elsewhere", "from data_elsewhere import h"])
def test_data_of_another_module_are_read_live(module: Write, imported: str) -> None:
    elsewhere = module("data_elsewhere", ELSEWHERE)
    call = "data_elsewhere.h(x)" if imported.startswith("import") else "h(x)"
    function = define(
        f"{imported}\nSCALE = 100.0\nFLAG = None\ndef f(x):\n    return np.sum({call})"
    )
    gradient = value_and_grad(function)

    def check() -> None:
        value, dx = gradient(X)
        assert value == function(X)
        np.testing.assert_allclose(dx, value_and_grad(function)(X)[1], rtol=0)

    check()
    assert gradient(X)[1][0] == 20.0
    elsewhere.SCALE = 3.0
    check()
    assert gradient(X)[1][0] == 30.0
    elsewhere.WEIGHTS = np.array([1.0, 2.0, 3.0])
    check()
    np.testing.assert_array_equal(gradient(X)[1], [30.0, 60.0, 90.0])
    elsewhere.TABLE["rate"] = 2.0
    check()
    assert gradient(X)[1][0] == 60.0
    elsewhere.FLAG = False
    check()
    assert gradient(X)[1][0] == 6.0
    elsewhere.SCALE = np.float32(4.0)
    check()
    assert gradient(X)[1][0] == 8.0


def test_specialised_code_reads_data_of_another_module_live(module: Write) -> None:
    elsewhere = module("data_for_special", ELSEWHERE)
    function = define("from data_for_special import h\ndef f(x):\n    return np.sum(h(x))")
    special = grad(function).specialize(X)
    assert special(X)[0] == 20.0
    elsewhere.SCALE = 3.0
    assert special(X)[0] == 30.0


def test_data_of_a_namespace_that_is_no_module() -> None:
    text = "K = 2.0\ndef h(x):\n    return K * x"
    names = run(text, remember(text))
    gradient = grad(define("def f(x):\n    return np.sum(h(x))", h=names["h"]))
    assert gradient(X)[0] == 2.0
    names["K"] = 5.0
    assert gradient(X)[0] == 5.0
    names["K"] = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(gradient(X), names["K"])
    names["K"][...] = 4.0
    assert gradient(X)[0] == 4.0


def test_names_of_a_helper_elsewhere_that_the_function_uses_too(module: Write) -> None:
    module(
        "names_elsewhere",
        "K = 2.0\ndef scale(x):\n    return K * x\ndef h(x):\n    return scale(x)\n",
    )
    text = """
from names_elsewhere import h
K = 50.0
def scale(x):
    return x
def f(x):
    names_elsewhere = 3.0
    return np.sum(h(x)) * names_elsewhere + np.sum(scale(x)) * K
"""
    assert grad(define(text))(X)[0] == 56.0


def test_a_builtin_of_a_helper_that_the_function_shadows(module: Write) -> None:
    module("builtin_elsewhere", "def h(x):\n    return x * float(len((1, 2))) * abs(x)\n")
    text = """
from builtin_elsewhere import h
def abs(x):
    return x
def f(x):
    len = 5.0
    return np.sum(h(x)) * len
"""
    np.testing.assert_allclose(grad(define(text))(X), 20.0 * X)


def test_numpy_under_another_name_elsewhere(module: Write) -> None:
    module("alias_elsewhere", "import numpy as n\nnp = 3.0\ndef h(x):\n    return n.tanh(x) * np\n")
    function = define("from alias_elsewhere import h\ndef f(x):\n    return np.sum(h(x) * h(x))")
    value, dx = value_and_grad(function)(X)
    assert value == function(X)
    np.testing.assert_allclose(dx, 18.0 * np.tanh(X) * (1.0 - np.tanh(X) ** 2))


def test_the_gradient_of_a_global_is_not_asked(module: Write) -> None:
    elsewhere = module("written_elsewhere", "W = np.ones(3)\ndef h(x):\n    return W * x\n")
    gradient = grad(define("from written_elsewhere import h\ndef f(x):\n    return np.sum(h(x))"))
    np.testing.assert_array_equal(gradient(elsewhere.W), np.ones(3))
    assert not np.shares_memory(gradient(elsewhere.W), elsewhere.W)


def test_a_cell_and_a_global_of_one_name() -> None:
    text = """
K = 3.0
def h(x):
    return K * x
def make():
    K = 5.0
    def f(x):
        return np.sum(h(x) * K)
    return f
f = make()
"""
    gradient = grad(define(text))
    assert gradient(X)[0] == 15.0
    gradient.primal.__globals__["K"] = 4.0
    assert gradient(X)[0] == 20.0


def test_a_local_name_and_a_helper_s_global(module: Write) -> None:
    text = """
K = 3.0
def h(x):
    return K * x
def f(x):
    K = 7.0
    return np.sum(h(x)) * K
"""
    function = define(text)
    gradient = grad(function)
    assert gradient(X)[0] == 21.0
    function.__globals__["K"] = 5.0
    assert gradient(X)[0] == 35.0


@pytest.mark.parametrize("name", ["W", "h(x)", "store.W"])
def test_a_global_array_is_not_written(name: str) -> None:
    text = f"""
W = np.ones(3)
def h(x):
    return W
def f(x):
    y = x * 1.0
    for i in range(3):
        w = {name}
        w += x
        y = y + w
    return np.sum(y)
"""
    function = define(text, store=types.SimpleNamespace(W=np.ones(3)))
    with pytest.raises(errors.UnsupportedWrite):
        grad(function)(X)


def test_alternating_kinds_of_a_global_compile_once_each() -> None:
    function = define(DATA % "y = y * scale")
    gradient = grad(function)
    for _ in range(3):
        for scale in (2.0, np.float32(2.0), np.float64(2.0), np.array(2.0)):
            function.__globals__["scale"] = scale
            np.testing.assert_array_equal(gradient(X), 4.0 * X)
    assert compiled(gradient) == 4


# --- sizes that have to agree ---------------------------------------------------------------------

DISAGREE = {
    "a product": ("def f(x, y):\n    return np.sum(x * y)", (np.ones(3), np.ones(5))),
    "a matrix": ("def f(x, y):\n    return np.sum(x @ y)", (np.ones((2, 3)), np.ones((4, 2)))),
    "a known size": (
        "def f(x, y):\n    return np.sum(x * y * np.zeros(3))",
        (np.ones(4), np.ones(4)),
    ),
    "in a container": (
        "def f(p, y):\n    return np.sum(p['w'] * y)",
        ({"w": np.ones(3)}, np.ones(5)),
    ),
}


@pytest.mark.parametrize(("text", "args"), DISAGREE.values(), ids=DISAGREE.keys())
def test_sizes_that_disagree_raise_as_the_function_does(text: str, args: Any) -> None:
    function = define(text)
    gradient = grad(function)
    for _ in range(2):
        with pytest.raises(ValueError, match=r"broadcast|matmul"):
            gradient(*args)
        with pytest.raises(ValueError, match=r"broadcast|matmul"):
            gradient.specialize(*args)
    assert compiled(gradient) == 1


def test_a_specialised_gradient_checks_that_sizes_agree() -> None:
    special = grad(total).specialize(np.ones(3), np.ones(3))
    np.testing.assert_array_equal(special(np.ones(4), np.ones(4)), np.ones(4))
    with pytest.raises(TypeError, match=r"shape\[0\]"):
        special(np.ones(4), np.ones(3))


def test_sizes_that_a_branch_alone_forces_are_not_asked() -> None:
    text = "def f(x, y):\n    s = np.sum(x)\n    if s > 100.0:\n        s = np.sum(x * y)\n    return s"
    np.testing.assert_array_equal(grad(define(text))(np.ones(3), np.ones(5)), np.ones(3))


@pytest.mark.parametrize("name", ["W", "table['w']", "store.w"])
def test_sizes_of_globals_have_to_agree_too(name: str) -> None:
    text = f"W = np.ones(3)\ntable = {{'n': 'a', 'w': W}}\ndef f(x):\n    return np.sum(x * {name})"
    function = define(text, store=types.SimpleNamespace(w=np.ones(3)))
    gradient = grad(function)
    np.testing.assert_array_equal(gradient(np.ones(3)), np.ones(3))
    for _ in range(2):
        with pytest.raises(ValueError, match="broadcast"):
            gradient(np.ones(5))
    np.testing.assert_array_equal(gradient(np.ones(3)), np.ones(3))
    function.__globals__["W"] = np.full(5, 2.0)
    function.__globals__["table"] = {"n": "a", "w": np.full(5, 2.0)}
    function.__globals__["store"].w = np.full(5, 2.0)
    np.testing.assert_array_equal(gradient(np.ones(5)), np.full(5, 2.0))
    assert compiled(gradient) == 1


def test_a_container_of_another_size_inside_an_argument() -> None:
    gradient = grad(lambda p, q: np.sum(p["w"] * q[1]))
    with pytest.raises(ValueError, match="broadcast"):
        gradient({"w": np.ones(3)}, ("text", np.ones(5)))
