"""Each way of saying no: its class, the place that it shows, and what to write instead."""

# ruff: noqa: E501  (a program in a table stands on one line)

from __future__ import annotations

import functools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from srcad import errors, grad
from srcad.errors import (
    ArgumentMismatch,
    Laundered,
    NoRule,
    NoSource,
    NotDifferentiable,
    NotScalar,
    SrcadError,
    UnboundName,
    UndecidedKind,
    UnknownCall,
    UnstableType,
    UnsupportedArray,
    UnsupportedKeyword,
    UnsupportedRecursion,
    UnsupportedSyntax,
    UnsupportedWrite,
)
from tests.programs import define, marked

X = np.array([1.0, 2.0, 3.0])

# A program, in which $ stands before the node that the error points at, and the classes that will do.
# Refused at `grad(f)`:
SYNTAX: dict[str, str] = {
    "set": "def f(x):\n    return sum(${v * v for v in x})",
    "global": "def f(x):\n    $global g\n    g = x\n    return np.sum(x)",
    "yield": "def f(x):\n    $yield x",
    "import": "def f(x):\n    $import numpy.linalg\n    return np.sum(x)",
    "class": "def f(x):\n    $class A:\n        pass\n    return np.sum(x)",
}


@pytest.mark.parametrize("program", SYNTAX.values(), ids=SYNTAX.keys())
def test_syntax_is_refused_at_once(program: str) -> None:
    text, line, column = marked(program)
    with pytest.raises(UnsupportedSyntax) as caught:
        grad(define(text))
    check_place(caught.value, line, column, exact=False)


def check_place(error: SrcadError, line: int, column: int, exact: bool = True) -> None:
    assert error.span is not None and error.span.line == line, str(error)
    if exact:
        assert error.span.column == column, str(error)
        message = str(error).split("\n")
        quoted = next(i for i, part in enumerate(message) if part.lstrip().startswith(f"{line} | "))
        caret = message[quoted + 1].index("^")
        assert caret - len(f"{line} | ") == column
    assert error.hint, str(error)
    assert f":{line}:" in str(error)


# Refused at the first call:
Program = tuple[Any, str]

CALLS: dict[str, Program] = {
    # no rule
    "svd": (NoRule, "def f(x):\n    return np.sum($np.linalg.svd(np.outer(x, x))[1])"),
    "eig": (NoRule, "def f(x):\n    return np.sum($np.linalg.eigvals(np.outer(x, x)))"),
    "sort": (NoRule, "def f(x):\n    return np.sum($np.lexsort((x, x)) * x)"),
    "a method without a rule": (NoRule, "def f(x):\n    return np.sum($x.tobytes())"),
    "an attribute without a rule": (NoRule, "def f(x):\n    return np.sum($x.ctypes)"),
    "a keyword": (UnsupportedKeyword, "def f(x):\n    return $np.sum(x, where=x > 1.0)"),
    "an unknown keyword": (UnsupportedKeyword, "def f(x):\n    return $np.sum(x, nonsense=1)"),
    # unknown calls
    "a class of the user's": (
        UnknownCall, "class A:\n    def __init__(self, x):\n        self.x = x\n"
        "def f(x):\n    a = $A(x)\n    return np.sum(a.x)"),
    "a C function": (UnknownCall, "import copy, zlib\ndef f(x):\n    return np.sum(x) * $zlib.crc32(x)"),
    "a method that writes an attribute": (
        UnsupportedSyntax, "class A:\n    def m(self, x):\n        $self.x = x\n        return x\na = A()\n"
        "def f(x):\n    return np.sum(a.m(x))"),
    "a method with super": (
        UnsupportedSyntax, "class A:\n    def m(self, x):\n        return $super().m(x)\na = A()\n"
        "def f(x):\n    return np.sum(a.m(x))"),
    "arithmetic of an object": (
        UnknownCall, "class A:\n    def __rmul__(self, x):\n        return np.sum(x * x)\na = A()\n"
        "def f(x):\n    return $x * a"),
    "a method that counts": (
        UnsupportedSyntax, "class A:\n    k = 2.0\n    def step(self):\n        $self.k = self.k + 1.0\na = A()\n"
        "def f(x):\n    y = x * a.k\n    a.step()\n    return np.sum(y * a.k)"),
    "a context that counts": (
        UnsupportedSyntax, "class A:\n    k = 2.0\n    def __enter__(self):\n        self.k = 3.0\n"
        "    def __exit__(self, *error): pass\na = A()\n"
        "def f(x):\n    y = x * a.k\n    with $a:\n        y = y * a.k\n    return np.sum(y)"),
    "an unread call that may write an object": (
        UnknownCall, "class A:\n    k = 2.0\na = A()\n"
        "def f(x):\n    y = x * a.k\n    $setattr(a, 'k', 3.0)\n    return np.sum(y * a.k)"),
    "the truth of an object": (
        UnsupportedSyntax, "class A:\n    def __len__(self):\n        return 3\na = A()\n"
        "def f(x):\n    y = x\n    if $a:\n        y = x * x\n    return np.sum(y)"),
    "a callable without a text": (
        UnknownCall, "import operator\nfirst = operator.itemgetter(0)\ndef f(x):\n    return $first(x)"),
    "a partial of what has no text": (
        UnknownCall, "import functools, zlib\nh = functools.partial(zlib.crc32, b'')\n"
        "def f(x):\n    return $h(np.sum(x))"),
    "a reduction by a function": (
        UnknownCall, "import functools, operator\n"
        "def f(x):\n    return np.sum($functools.reduce(operator.mul, [x, x]))"),
    "a generic call of an argument": (
        UnknownCall, "import random\nr = random.Random(0)\ndef f(x):\n    return $r.gauss(x[0], 1.0)"),
    "map": (UnknownCall, "def f(x):\n    return np.sum($map(np.sin, x))"),
    "max": (NoRule, "def f(x):\n    return np.sum($max(x, x))"),
    "min": (NoRule, "def f(x):\n    return np.sum($min(x[None]))"),
    "max with a key": (UnsupportedKeyword, "def f(x):\n    return $max(x[0], x[1], key=abs)"),
    "prod of a matrix": (NoRule, "import math\ndef f(x):\n    return np.sum($math.prod(x[None]))"),
    "dist of a list and an array": (NoRule, "import math\ndef f(x):\n    return $math.dist([x[0], x[1], x[2]], x)"),
    "divmod": (UnknownCall, "def f(x):\n    return $divmod(x[0], 2.0)[1]"),
    "sorted": (UnknownCall, "def f(x):\n    return np.sum($sorted(x))"),
    "a vectorised function": (
        (UnknownCall, NoRule), "h = np.vectorize(lambda v: v * v)\ndef f(x):\n    return np.sum($h(x))"),
    "np.apply_along_axis": (
        NoRule, "def f(x):\n    return np.sum($np.apply_along_axis(np.sum, 0, x))"),
    "getattr": ((UnknownCall, UnsupportedSyntax), "def f(x):\n    return np.sum($getattr(x, 'T'))"),
    "setattr": (
        (UnknownCall, UnsupportedSyntax),
        "class A: pass\na = A()\ndef f(x):\n    $setattr(a, 'x', x)\n    return np.sum(a.x)"),
    # laundering
    "float of a text": ((Laundered, UnknownCall), "def f(x):\n    return $float(str(np.sum(x)))"),
    "float of a repr": ((Laundered, UnknownCall), "def f(x):\n    s = repr(np.sum(x))\n    return $float(s)"),
    "float of an f-string": (
        (Laundered, UnknownCall), "def f(x):\n    y = np.sum(x)\n    return $float(f'{y}')"),
    "an array of a list": (
        (Laundered, UnknownCall, NoRule), "def f(x):\n    return np.sum(np.array($list(x)) ** 2)"),
    "an array of a tuple": (
        (Laundered, UnknownCall, NoRule), "def f(x):\n    return np.sum(np.array($tuple(x)) ** 2)"),
    "tolist": ((NoRule, Laundered), "def f(x):\n    return np.sum(np.array($x.tolist()))"),
    "item by name": ((NoRule, Laundered), "def f(x):\n    return np.sum($x.__array__())"),
    "a format": ((Laundered, UnknownCall), "def f(x):\n    s = format(np.sum(x))\n    return $float(s)"),
    "an int of an active loop bound": (
        (Laundered, UnsupportedSyntax, UnknownCall),
        "def f(x):\n    y = 1.0\n    for i in $range(x):\n        y = y + i\n    return y + np.sum(x)"),
    "np.frombuffer": (
        (NoRule, Laundered, UnknownCall), "def f(x):\n    return np.sum($np.frombuffer(x))"),
    "memoryview": (
        (NoRule, Laundered, UnknownCall), "def f(x):\n    return np.sum(np.asarray($memoryview(x)))"),
    "iter": ((NoRule, Laundered, UnknownCall), "def f(x):\n    return next($iter(x))"),
    "zip": ((NoRule, Laundered, UnknownCall), "def f(x):\n    return np.sum([$zip(x, x)])"),
    "and": (UnsupportedSyntax, "def f(x):\n    return x[0] if 0.0 < x[0] < ($x[1] and x[0]) else x[1]"),
    "or": (UnsupportedSyntax, "def f(x):\n    return x[0] if 0.0 < x[0] < ($x[1] or 5.0) else x[1]"),
    # writes
    "a global array": (
        UnsupportedWrite, "W = np.ones(3)\ndef f(x):\n    w = W\n    $w += x\n    return np.sum(w)"),
    "an item of a global array": (
        UnsupportedWrite, "W = np.ones(3)\ndef f(x):\n    $W[0] = x[0]\n    return np.sum(W)"),
    "an array of integers": (
        UnsupportedWrite, "def f(x):\n    y = np.zeros(3, int)\n    $y[0] = x[0]\n    return np.sum(y * x)"),
    "added to an array of integers": (
        UnsupportedWrite, "def f(x):\n    y = np.zeros(3, int)\n    $y += x\n    return np.sum(y * x)"),
    "one of two arrays": (
        UnsupportedWrite,
        "def f(x):\n    y = x * 2.0\n    z = x * 3.0\n    w = y if x[0] > 0.0 else z\n    $y[0] = 1.0\n"
        "    return np.sum(w * y)"),
    "an item of a number": (UnsupportedWrite, "def f(x):\n    y = np.sum(x)\n    $y[0] = 1.0\n    return y"),
    # names and calls
    "recursion": (
        UnsupportedRecursion,
        "def g(x):\n    return 2.0 * $g(x)\ndef f(x):\n    return np.sum(g(x))"),
    "recursion of itself": (UnsupportedRecursion, "def f(x):\n    return np.sum(x) + 0.0 * $f(x)"),
    "an unknown name": (UnboundName, "def f(x):\n    return np.sum($y * x)"),
    "an unknown attribute": (UnboundName, "def f(x):\n    return $np.summ(x)"),
    "too few arguments": (ArgumentMismatch, "def g(x, y):\n    return x\ndef f(x):\n    return np.sum($g(x))"),
    "too many arguments": (ArgumentMismatch, "def g(x):\n    return x\ndef f(x):\n    return np.sum($g(x, x))"),
    "a wrong keyword": (ArgumentMismatch, "def g(x):\n    return x\ndef f(x):\n    return np.sum($g(x, z=x))"),
    "unpacking": (UnstableType, "def f(x):\n    $a, b = (x, x, x)\n    return np.sum(a)"),
    # functions that are made inside
    "a function chosen by data": (
        UnstableType, "def f(x):\n    $if np.sum(x) > 0.0:\n        g = lambda a: a * x\n    else:\n"
        "        g = lambda a: a + x\n    return np.sum(g(2.0))"),
    "a function of one path": (
        UnboundName, "def f(x):\n    if np.sum(x) > 0.0:\n        def g(a):\n            return a * x\n"
        "    return np.sum($g(2.0))"),
    "a function of a loop": (
        UnboundName, "def f(x):\n    for i in range(3):\n        g = lambda a: a * x\n"
        "    return np.sum($g(2.0))"),
    "a function of the iteration before": (
        UnboundName, "def f(x):\n    g = lambda a: a\n    y = x\n    for i in range(3):\n"
        "        y = $g(y)\n        g = lambda a: a * x\n    return np.sum(y)"),
    "a closure handed to map": (
        UnknownCall, "def f(x):\n    def g(a):\n        return a * x[0]\n    return x[0] * sum($map(g, [1, 2]))"),
    "a closure that is printed": (
        UnknownCall, "def f(x):\n    def g(a):\n        return a * x[0]\n    $print(g)\n    return x[0]"),
    "an attribute of a closure": (
        UnsupportedSyntax,
        "def f(x):\n    def g(a):\n        return a\n    print($g.__name__)\n    return np.sum(g(x))"),
    "a closure that calls itself": (
        UnsupportedRecursion, "def f(x):\n    def g(a):\n        return a * $g(a)\n    return np.sum(g(x))"),
    "a closure that is not bound yet": (
        UnboundName, "def f(x):\n    def g(a):\n        return a * $s\n    y = g(x)\n    s = 2.0\n"
        "    return np.sum(y) * s"),
    "an unpacked array": (
        UnsupportedSyntax, "def f(x):\n    g = lambda a, b, c: a * b * c\n    return g(*$x)"),
    "too many for a closure": (
        ArgumentMismatch, "def f(x):\n    g = lambda a, /, b: a * b\n    return np.sum($g(x, a=x))"),
    # statements
    "try": (
        UnsupportedSyntax,
        "def f(x):\n    $try:\n        y = x\n    except ValueError:\n        y = 2.0 * x\n    return np.sum(y)"),
    "try that binds a differentiated name": (
        UnsupportedSyntax,
        "def f(x):\n    y = x\n    $try:\n        y = float('3')\n    except ValueError:\n        pass\n"
        "    return np.sum(y)"),
    "try that reads a closure": (
        UnsupportedSyntax,
        "def f(x):\n    g = lambda: x\n    $try:\n        y = g()\n    except ValueError:\n        y = 2.0\n"
        "    return np.sum(y)"),
    "try that might write an array": (
        UnsupportedSyntax,
        "W = np.ones(3)\ndef f(x):\n    y = x * W\n    try:\n        $W.sort()\n    except ValueError:\n"
        "        pass\n    return np.sum(y * y)"),
    "try that reads the frame": (
        (UnknownCall, UnsupportedSyntax),
        "here = locals\ndef f(x):\n    try:\n        y = $here()['x']\n    except KeyError:\n        y = 2.0\n"
        "    return np.sum(x * y)"),
    "a context that swallows exceptions": (
        UnsupportedSyntax,
        "import contextlib\ndef f(x):\n    y = x\n    with $contextlib.suppress(ValueError):\n"
        "        y = y * x\n    return np.sum(y)"),
    "a class that swallows exceptions": (
        UnsupportedSyntax,
        "class C:\n    def __enter__(self): pass\n    def __exit__(self, *error): return True\n"
        "def f(x):\n    with $C():\n        y = x\n    return np.sum(y)"),
    "a generator that swallows exceptions": (
        UnsupportedSyntax,
        "import contextlib\n@contextlib.contextmanager\ndef c():\n    try:\n        yield\n"
        "    except ValueError:\n        pass\ndef f(x):\n    with $c():\n        y = x\n    return np.sum(y)"),
    "a context that binds a global": (
        UnsupportedSyntax,
        "k = 2.0\nclass C:\n    def __enter__(self):\n        global k\n        k = 3.0\n"
        "    def __exit__(self, *error): pass\n"
        "def f(x):\n    with $C():\n        y = x * k\n    return np.sum(y)"),
    "a context of unknown origin": (
        UnsupportedSyntax,
        "def f(x):\n    c = np.errstate()\n    with $c:\n        y = x\n    return np.sum(y)"),
    "a context made from an argument": (
        UnknownCall,
        "import contextlib\ndef f(x):\n    with $contextlib.nullcontext(x) as y:\n        z = y * x\n"
        "    return np.sum(z)"),
    "a name that was deleted": (UnboundName, "def f(x):\n    y = x\n    del y\n    return np.sum($y)"),
    "a name of the branch that raises": (
        UnboundName,
        "def f(x):\n    if np.sum(x) < 0.0:\n        y = x\n        raise ValueError\n    return np.sum($y)"),
    "a module that is not there": (UnboundName, "def f(x):\n    $import no_such_module\n    return np.sum(x)"),
    "a helper that binds a global": (
        UnsupportedSyntax,
        "k = 2.0\ndef c():\n    $global k\n    k = 3.0\ndef f(x):\n    y = x * k\n    c()\n"
        "    return np.sum(y * x)"),
    # kinds
    "an int as result": (NotScalar, "def f(x):\n    $return len(x)"),
    "an array as result": (NotScalar, "def f(x):\n    $return x * x"),
    "complex": ((UnsupportedArray, UnsupportedSyntax), "def f(x):\n    return np.sum(np.real($x.astype(complex)))"),
    "longdouble": (UnsupportedArray, "def f(x):\n    return np.sum($x.astype(np.longdouble))"),
    # gradient functions
    "a gradient function": (
        (UnknownCall, NoSource), "def f(x):\n    return np.sum($dg(x))"),
    # decorated helpers
    "a cached helper": (
        UnknownCall, "import functools\n@functools.lru_cache\ndef g(x):\n    return x\n"
        "def f(x):\n    return np.sum(x) * $g(np.sum(x))"),
    # what reads or writes the caller's frame
    "eval": ((UnknownCall, UnsupportedSyntax), "def f(x):\n    return np.sum(x) + $eval('np.sum(x * x)')"),
    "eval under an alias": (
        (UnknownCall, UnsupportedSyntax), "run = eval\ndef f(x):\n    return np.sum(x) + $run('np.sum(x * x)')"),
    "eval out of builtins": (
        (UnknownCall, UnsupportedSyntax),
        "import builtins as b\ndef f(x):\n    return np.sum(x) + $b.eval('np.sum(x * x)')"),
    "exec under an alias": (
        (UnknownCall, UnsupportedSyntax), "run = exec\ndef f(x):\n    $run('x[0] = 5.0')\n    return np.sum(x)"),
    "locals under an alias": (
        (UnknownCall, UnsupportedSyntax), "here = locals\ndef f(x):\n    return np.sum($here()['x'])"),
    "vars under an alias": (
        (UnknownCall, UnsupportedSyntax), "here = vars\ndef f(x):\n    return np.sum($here()['x'])"),
    "globals under an alias": (
        (UnknownCall, UnsupportedSyntax), "W = np.ones(3)\nnames = globals\n"
        "def f(x):\n    return np.sum(x * $names()['W'])"),
    "dir under an alias": (
        (UnknownCall, UnsupportedSyntax), "names = dir\ndef f(x):\n    return np.sum(x) * len($names())"),
    "the frame": (
        (UnknownCall, UnsupportedSyntax), "import inspect\n"
        "def f(x):\n    return np.sum(x) + np.sum($inspect.currentframe().f_locals['x'])"),
    "the frame by sys": (
        (UnknownCall, UnsupportedSyntax), "import sys\n"
        "def f(x):\n    return np.sum(x) + np.sum($sys._getframe().f_locals['x'])"),
    "the stack": (
        (UnknownCall, UnsupportedSyntax), "import inspect\n"
        "def f(x):\n    return np.sum(x) + np.sum($inspect.stack()[0].frame.f_locals['x'])"),
    "a helper that reads its caller's frame": (
        (UnknownCall, UnsupportedSyntax, NoSource), "import sys\ndef peek(*names):\n"
        "    return $sys._getframe(1).f_locals['x']\ndef f(x):\n    return np.sum(x) + np.sum(peek())"),
}  # fmt: skip


@pytest.mark.parametrize(("classes", "program"), CALLS.values(), ids=CALLS.keys())
def test_refused_at_the_first_call(classes: Any, program: str) -> None:
    text, line, column = marked(program)
    function = define(text, dg=grad(lambda x: np.sum(x)))
    try:
        gradient = grad(function)
    except SrcadError as error:
        caught = error
    else:
        for _ in range(2):  # nothing half-made is kept
            with pytest.raises(classes) as raised:
                gradient(X)
            caught = raised.value
    assert isinstance(caught, classes), str(caught)
    check_place(caught, line, column, exact=False)


EXACT = [
    "svd",
    "a keyword",
    "a class of the user's",
    "a global array",
    "recursion",
    "an unknown name",
    "max",
]


@pytest.mark.parametrize("name", EXACT)
def test_the_caret_stands_below_the_node(name: str) -> None:
    _, program = CALLS[name]
    text, line, column = marked(program)
    with pytest.raises(SrcadError) as caught:
        grad(define(text))(X)
    check_place(caught.value, line, column)


# --- at `grad(f)` and not before ------------------------------------------------------------------


def test_helpers_may_stand_further_down() -> None:
    text = """
df = grad(f_late := lambda x: np.sum(helper(x)))
def helper(x):
    return 3.0 * x
"""
    gradient = define(text.replace("f_late := ", ""), "df", grad=grad)
    np.testing.assert_array_equal(gradient(X), np.full(3, 3.0))
    early = define("df = grad(lambda x: np.sum(missing(x)))", "df", grad=grad)
    with pytest.raises(UnboundName):
        early(X)
    with pytest.raises(UnboundName):
        early.source


def test_a_helper_outside_the_language_is_refused_where_it_says_so() -> None:
    text, line, _ = marked(
        "def g(x):\n    $class A:\n        pass\n    return x\ndef f(x):\n    return np.sum(g(x))"
    )
    gradient = grad(define(text))
    with pytest.raises(UnsupportedSyntax) as caught:
        gradient(X)
    assert caught.value.span is not None and caught.value.span.line == line


# --- no source ------------------------------------------------------------------------------------

SOURCELESS = [
    np.sum, len, np.sin, float, functools.partial(np.sum, axis=0), 3, None.__class__, "text",
    functools.lru_cache(lambda x: x), np.vectorize(lambda x: x), eval("lambda x: x"),
    staticmethod(lambda x: x), print, grad(lambda x: np.sum(x)),
]  # fmt: skip


@pytest.mark.parametrize("function", SOURCELESS, ids=lambda f: repr(f)[:30])
def test_no_source(function: Any) -> None:
    with pytest.raises(NoSource) as caught:
        grad(function)
    assert caught.value.hint


def test_no_source_on_the_command_line() -> None:
    program = "from srcad import grad, errors\ntry:\n    grad(lambda x: x)\nexcept errors.NoSource as e:\n    print(e)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "<string>" in done.stdout and "= " in done.stdout


def test_coroutines_and_generators() -> None:
    for text in ("async def f(x):\n    return x", "def f(x):\n    yield x"):
        with pytest.raises(UnsupportedSyntax):
            grad(define(text))


# --- arguments ------------------------------------------------------------------------------------


def test_text_where_an_array_belongs() -> None:
    gradient = grad(lambda x, y: np.sum(x * y))
    with pytest.raises((SrcadError, TypeError)):
        gradient(X, "text")
    with pytest.raises(NotDifferentiable):
        gradient("text", X)
    with pytest.raises((SrcadError, TypeError)):
        gradient(X, None)


def test_errors_of_the_function_itself_come_through() -> None:
    gradient = grad(lambda x, y: np.sum(x * y))
    for _ in range(2):
        with pytest.raises(ValueError, match="broadcast"):
            gradient(X, np.ones(5))
    with pytest.raises(ZeroDivisionError):
        grad(lambda x, n: x * (1 / n))(1.0, 0)


def test_masked_arrays_and_matrices_beside_wrt() -> None:
    masked = np.ma.array([1.0, 2.0, 3.0], mask=[True, False, False])
    for other in (masked, np.ones((3, 3)).view(np.matrix)):
        with pytest.raises(UnsupportedArray):
            grad(lambda x, y: np.sum(x * y))(X, other)
        with pytest.raises(SrcadError):
            grad(define("def f(x):\n    return np.sum(x * W)", W=other))(X)


def test_the_generic_source_says_what_it_hangs_on() -> None:
    gradient = grad(lambda p: np.sum(p["w"]))
    with pytest.raises(UndecidedKind) as caught:
        gradient.source
    assert "p" in caught.value.reason and caught.value.hint
    np.testing.assert_array_equal(gradient({"w": X})["w"], np.ones(3))


# --- what is the user's own -----------------------------------------------------------------------

SHADOWED = {
    "range": "def range(n):\n    return [5.0, 6.0]\ndef f(x):\n    y = 0.0\n    for i in range(2):\n"
    "        y = y + i * np.sum(x)\n    return y",
    "len": "def len(x):\n    return np.sum(x * x)\ndef f(x):\n    return np.sum(x) * len(x)",
    "print": "def print(x):\n    return x * x\ndef f(x):\n    return np.sum(print(x))",
    "abs": "def abs(x):\n    return x * x\ndef f(x):\n    return np.sum(abs(x))",
    "isinstance": "def isinstance(x, y):\n    return x * 3.0\ndef f(x):\n    return np.sum(isinstance(x, 1))",
    "np": "class np:\n    @staticmethod\n    def sum(x):\n        return x[0] * x[1]\ndef f(x):\n    return np.sum(x)",
    "float": "def float(x):\n    return x * x\ndef f(x):\n    return float(x[0])",
}


@pytest.mark.parametrize("text", SHADOWED.values(), ids=SHADOWED.keys())
def test_shadowed_names_mean_what_the_user_says(text: str) -> None:
    function = define(text)
    try:
        found = grad(function)(X)
    except SrcadError as error:
        assert error.span is not None  # noqa: PT017
        return
    for index in range(3):
        step = np.zeros(3)
        step[index] = 1e-6
        numeric = (function(X + step) - function(X - step)) / 2e-6
        np.testing.assert_allclose(found[index], numeric, rtol=1e-6, atol=1e-6)


DECORATED = """
import functools
def twice(g):
    @functools.wraps(g)
    def inner(*args):
        return 2.0 * g(*args)
    return inner
def once(g):
    @functools.wraps(g)
    def inner(x):
        return 2.0 * g(x)
    return inner
@%s
def h(x):
    return x * x
def f(x):
    return np.sum(h(x))
"""


def test_decorated_helpers_are_what_they_became() -> None:
    for decorator in ("once", "twice"):
        np.testing.assert_array_equal(grad(define(DECORATED % decorator))(X), 4.0 * X)


def test_a_gradient_of_constants_in_a_function() -> None:
    inner = grad(lambda x: x * x)
    function = define("def f(x):\n    return np.sum(x) * inner(3.0)", inner=inner)
    np.testing.assert_array_equal(grad(function)(X), np.full(3, 6.0))
    with pytest.raises(SrcadError):
        grad(inner)


def test_calls_by_a_frame_of_constants_are_refused_too() -> None:
    """What reads a frame might read any name in it."""
    program = "def h():\n    return eval('2.0')\ndef f(x):\n    return np.sum(x) * h()"
    try:
        found = grad(define(program))(X)
    except SrcadError:
        return
    np.testing.assert_array_equal(found, np.full(3, 2.0))


# --- classes --------------------------------------------------------------------------------------


def test_every_error_is_one_of_two_kinds() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, SrcadError)]
    for kind in kinds:
        if kind is not SrcadError:
            assert issubclass(kind, errors.NotYet) != issubclass(kind, errors.Never)
            assert kind.__doc__
    assert issubclass(errors.NotScalar, TypeError) and issubclass(
        errors.SignatureMismatch, TypeError
    )
