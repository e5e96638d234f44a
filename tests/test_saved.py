"""A saved gradient runs where srcad is not installed."""



from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad, value_and_grad
from tests.programs import define, remember, run

X = np.array([0.5, 1.0, 2.0])

ALONE = """
import sys
sys.modules["srcad"] = None  # importing it is an ImportError
sys.path.insert(0, {folder!r})
import numpy as np
import {module}
try:
    result = {module}.{function}(*{args})
    np.savez({out!r}, *(result if isinstance(result, tuple) else (result,)))
except TypeError as error:
    print("TypeError:", error)
assert sys.modules["srcad"] is None
"""


def saved(gradient: Any, folder: Path, args: Any, special: bool, called: Any = None) -> Any:
    """What a saved gradient returns in a Python without srcad, or the text of its TypeError."""
    path = folder / "saved_gradient.py"
    gradient.save(path, *(args if special else ()))
    text = path.read_text(encoding="utf-8")
    assert all(len(line) <= 100 for line in text.splitlines()), text
    assert "import srcad" not in text and "from srcad" not in text
    out = folder / "out.npz"
    called = args if called is None else called
    program = ALONE.format(
        folder=str(folder), module=path.stem, function=gradient.__name__,
        args=f"[{', '.join(map(written, called))}]", out=str(out),
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr + text
    if done.stdout:
        return done.stdout
    with np.load(out) as found:
        results = [found[name] for name in found.files]
    return results


def written(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r}, np.{value.dtype.name})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k!r}: {written(v)}" for k, v in value.items()) + "}"
    return repr(value)


PROGRAMS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "plain": ("def f(x):\n    return np.sum(np.tanh(x) * x)", (X,)),
    "a broadcast": ("def f(x, y):\n    return np.sum(x * y)", (X, np.ones((2, 1)))),
    "a scalar global": ("K = -2.5\ndef f(x):\n    return np.sum(K * x * x)", (X,)),
    "an infinite global": (
        "K = float('-inf')\ndef f(x):\n    return np.sum(np.maximum(x, K) ** 2)", (X,)),
    "a global of NumPy": (
        "K = np.float32(2.5)\nL = np.float64(-1.5)\ndef f(x):\n    return np.sum(K * x * L)", (X,)),
    "a table": ("T = {'a': (2.0, 3.0)}\ndef f(x):\n    return np.sum(T['a'][1] * x * x)", (X,)),
    "a helper": (
        "K = 3.0\ndef h(x, n=2.0):\n    return np.sin(x) * n + K\ndef f(x):\n    return np.sum(h(x))",
        (X,)),
    "a loop": (
        "def f(x, n):\n    for i in range(n):\n        x = np.tanh(x) * 1.5\n    return np.sum(x)",
        (X, 3)),
    "a branch": (
        "def f(x):\n    s = np.sum(x)\n    if s > 1.0:\n        s = s * s\n    return s", (X,)),
    "defaults": (
        "N = 2.0\ndef f(x, n=N, m=-1.5, *, e=1e-3):\n    return np.sum(x * n * m + e * x)\nN = 9.0",
        (X,)),
    "a default out of NumPy": (
        "def f(x, h=np.sin, n=None, d=np.float32):\n    return np.sum(h(x))", (X,)),
    "numpy under another name": (
        "import numpy as xp\nimport numpy.linalg as la\n"
        "def f(x):\n    return xp.sum(x * la.det(xp.eye(2)))",
        (X,)),
    "imported names": (
        "from numpy import sum as add, sin\nfrom math import pi\ndef f(x):\n    return add(sin(pi * x))",
        (X,)),
    "an exception": (
        "def f(x):\n    if len(x) > 5:\n        raise ValueError('too long')\n    return np.sum(x * x)",
        (X,)),
    "assert": ("def f(x):\n    assert x.ndim == 1, 'a vector'\n    return np.sum(x * x)", (X,)),
    "a dict": ("def f(p):\n    return np.sum(p['w'] * p['w']) * p['b']", ({"w": X, "b": 2.0},)),
    "an index": ("def f(x, i):\n    return np.sum(x[i] ** 2) + x[0]", (X, np.array([0, 0, 2]))),
    "a matrix": ("def f(a, b):\n    return np.sum((a @ b) ** 2)", (np.ones((2, 3)), np.ones((3, 2)))),
    "einsum": ("def f(a):\n    return np.einsum('ij,ij->', a, a)", (np.ones((2, 3)),)),
    "where and clip": (
        "def f(x):\n    return np.sum(np.where(x > 0.7, np.clip(x, 0.0, 1.5), x * x))", (X,)),
    "a text": ("def f(x, mode):\n    return np.sum(x * x) if mode == 'up' else np.sum(x)", (X, "up")),
}  # fmt: skip


@pytest.mark.parametrize("special", [False, True], ids=["generic", "specialised"])
@pytest.mark.parametrize(("text", "args"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_saved(text: str, args: Any, special: bool, tmp_path: Path) -> None:
    function = define(text)
    gradient = value_and_grad(function)
    try:
        gradient.source
    except errors.UndecidedKind:
        special = True
    if isinstance(args[0], dict) and not special:
        pytest.skip("the generic text is for arrays")
    value, expected = gradient(*args)
    found = saved(gradient, tmp_path, args, special) if not isinstance(expected, dict) else None
    if found is not None:
        np.testing.assert_array_equal(found[0], value)
        np.testing.assert_array_equal(found[1], expected, strict=True)
    else:
        gradient.save(tmp_path / "saved.py", *args)


def test_saved_guard(tmp_path: Path) -> None:
    gradient = grad(lambda x, mode="up": np.sum(x * x))
    raised = saved(gradient, tmp_path, (X, "up"), True, (X.astype(np.float32), "up"))
    assert raised.startswith("TypeError: x:") and "float32" in raised
    assert saved(gradient, tmp_path, (X, "up"), True, (X, "down")).startswith("TypeError: mode:")
    np.testing.assert_array_equal(saved(gradient, tmp_path, (X, "up"), True)[0], 2.0 * X)


def test_saved_checks_the_output(tmp_path: Path) -> None:
    gradient = grad(lambda x: x * x)
    assert saved(gradient, tmp_path, (X,), False).startswith(
        "TypeError: the gradient needs a real scalar"
    )


def test_a_function_of_numpy_as_argument(tmp_path: Path) -> None:
    gradient = grad(define("def f(x, h):\n    return np.sum(h(x))"))
    path = tmp_path / "saved_h.py"
    gradient.save(path, X, np.sin)
    names = run(path.read_text(), str(path))
    np.testing.assert_allclose(names["f_grad"](X, np.sin), np.cos(X))
    with pytest.raises(TypeError, match=r"^h: "):
        names["f_grad"](X, np.cos)


def test_what_is_written_reads_well(tmp_path: Path) -> None:
    function = define("K = 2.0\ndef f(x, n=3):\n    return K * np.sum(x * x) * n")
    path = tmp_path / "saved.py"
    grad(function).save(path)
    lines = path.read_text().splitlines()
    assert lines[:6] == [
        '"""The gradient of f, written by srcad."""',
        "",
        "import numpy as np",
        "",
        "K = 2.0",
        "",
    ]
    assert "def f_grad(x, n=3):" in lines
    assert grad(function).source.strip() in path.read_text()


def test_a_helper_s_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "saved_helpers.py").write_text(
        "import numpy as np\nSCALE = 2.0\ndef h(x):\n    return SCALE * np.sin(x)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    gradient = grad(define("from saved_helpers import h\ndef f(x):\n    return np.sum(h(x))"))
    for special in (False, True):
        np.testing.assert_allclose(saved(gradient, tmp_path, (X,), special)[0], 2.0 * np.cos(X))
    sys.modules.pop("saved_helpers")


REFUSED = {
    "a global array": "W = np.ones(3)\ndef f(x):\n    return np.sum(W * x)",
    "a global object": (
        "class C:\n    k = 2.0\nc = C()\ndef f(x):\n    return np.sum(c.k * x)"),
    "an array as default": "def f(x, w=np.ones(3)):\n    return np.sum(x * w)",
    "an object as default": "def f(x, w=object()):\n    return np.sum(x * x)",
    "an array in a table": "T = {'a': np.ones(3)}\ndef f(x):\n    return np.sum(T['a'] * x)",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_saved(text: str, tmp_path: Path) -> None:
    gradient = grad(define(text))
    gradient(X)
    path = tmp_path / "saved.py"
    with pytest.raises(errors.NotSaved) as caught:
        gradient.save(path)
    assert caught.value.hint and not path.exists()


def test_an_array_in_a_cell_is_not_saved(tmp_path: Path) -> None:
    weights = np.ones(3)
    with pytest.raises(errors.NotSaved):
        grad(lambda x: np.sum(weights * x)).save(tmp_path / "saved.py")
    scale = 3.0
    grad(lambda x: np.sum(scale * x)).save(tmp_path / "saved.py")
    assert "scale = 3.0" in (tmp_path / "saved.py").read_text()


def test_a_user_function_that_is_called_as_it_is(tmp_path: Path) -> None:
    text = """
import functools
def count(n):
    total = 0
    for k in [1, 2, 3]:
        total = total + k * n
    return total
def f(x, n):
    return np.sum(x * x) * count(n)
"""
    gradient = grad(define(text))
    expected = gradient(X, 2)
    np.testing.assert_array_equal(saved(gradient, tmp_path, (X, 2), True)[0], expected)


def test_helpers_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one, other = (
        run(text, remember(text))
        for text in ("K = 2.0\ndef h(x):\n    return K * x", "K = 3.0\ndef h(x):\n    return x * K")
    )
    function = define(
        "K = 7.0\ndef f(x):\n    return np.sum(a(x)) + np.sum(b(x)) * K", a=one["h"], b=other["h"]
    )
    np.testing.assert_array_equal(saved(grad(function), tmp_path, (X,), True)[0], np.full(3, 23.0))
