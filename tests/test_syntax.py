"""The fence: each refused form with the place that it names, each allowed form, no row untested.

`$` stands before the node that the caret has to point at.
"""

from __future__ import annotations

import ast
import sys

import gast
import pytest

from srcad import syntax
from srcad.errors import UnsupportedSyntax
from srcad.source import read
from srcad.syntax import ALLOWED, REFUSED, fence
from tests.programs import define, marked

ROWS: dict[type, dict[str, str]] = {
    gast.TryStar: {
        "except star": """
def f(x):
    $try:
        y = 1 / x
    except* ValueError:
        y = x
    return y
"""
    },
    gast.Match: {
        "match": """
def f(x):
    $match x:
        case 1:
            y = x
    return y
"""
    },
    gast.ClassDef: {
        "class": """
def f(x):
    $class A:
        pass
    return x
"""
    },
    gast.AsyncFunctionDef: {
        "async def": """
$async def f(x):
    return x
""",
        "nested async def": """
def f(x):
    $async def g(y):
        return y
    return x
""",
    },
    gast.Global: {
        "global": """
def f(x):
    $global total
    total = x
    return x
"""
    },
    gast.Nonlocal: {
        "nonlocal": """
def outer():
    count = 0
    def f(x):
        $nonlocal count
        count = 1
        return x
    return f
f = outer()
"""
    },
    gast.TypeAlias: {
        "type alias": """
def f(x):
    $type Number = float
    return x
"""
    },
    gast.SetComp: {
        "set comprehension": """
def f(x):
    return len(${v for v in x})
"""
    },
    gast.Set: {
        "set": """
def f(x):
    y = ${1, 2}
    return x
"""
    },
    gast.Yield: {
        "yield": """
def f(x):
    $yield x
"""
    },
    gast.YieldFrom: {
        "yield from": """
def f(x):
    $yield from x
"""
    },
    gast.TemplateStr: {
        "template string": """
def f(x):
    print($t"{x}")
    return x
"""
    },
}

FORMS = {
    "attribute assigned": """
def f(x, state):
    $state.last = x
    return x
""",
    "attribute assigned in place": """
def f(x, state):
    $state.count += 1
    return x
""",
    "attribute annotated": """
def f(x, state):
    $state.last: float = x
    return x
""",
    "comprehension that binds an item": """
def f(x):
    return [1 for $x[0] in range(3)]
""",
    "loop that binds an item": """
def f(x):
    for $x[0] in range(3):
        pass
    return x
""",
    "complex constant": """
def f(x):
    return x * $1j
""",
    "inside a with": """
def f(x):
    with np.errstate():
        y = ${v for v in x}
    return y
""",
    "inside a handler": """
def f(x):
    try:
        n = 1
    except ValueError:
        $global m
    return x
""",
    "attribute deleted": """
def f(x, state):
    del $state.last
    return x
""",
    "dotted import": """
def f(x):
    $import numpy.linalg
    return x
""",
    "inside a nested def": """
def f(x):
    def g(a):
        return ${v for v in a}
    return np.sum(g(x))
""",
    "nested generator": """
def f(x):
    def g(a):
        $yield a
    return x
""",
    "nonlocal in a nested def": """
def f(x):
    y = x
    def g():
        $nonlocal y
        y = 2 * x
    g()
    return y
""",
    "inside a default": """
def f(x):
    g = lambda a, k=${v for v in x}: a
    return g(x)
""",
    "inside a lambda": """
def f(x):
    g = lambda a: len(${v for v in a})
    return g(x)
""",
    "inside an f-string": """
def f(x):
    print(f"sum is {len(${v for v in x})}")
    return x
""",
    "inside a slice": """
def f(x):
    return x[1 : len(${2})]
""",
    "eval": """
def f(x):
    return $eval("x * 2")
""",
    "locals": """
def f(x):
    return $locals()["x"]
""",
    "private name in a class": """
class A:
    @staticmethod
    def f(x):
        $__y = x
        return __y
f = A.f
""",
    "private attribute in a class": """
class A:
    def f(self, x):
        return $self.__w * x
f = A().f
""",
    "super": """
class A:
    def f(self, x):
        return $super().f(x)
f = A().f
""",
}

ALLOWED_PROGRAMS = {
    "exits": """
def f(x):
    for i in range(3):
        if x > 1.0:
            continue
        while x > 2.0:
            x = x / 2.0
            if x < 0.5:
                return x
        else:
            break
    else:
        x = x * x
    return x
""",
    "docstring": 'def f(x):\n    """Twice."""\n    return 2 * x',
    "one line": "def f(x): return x",
    "no result": "def f(x): pass",
    "bare return": "def f(x):\n    return",
    "ends in a raise": "def f(x):\n    raise ValueError('no')",
    "lambda": "f = lambda x: x * x",
    "assign": "def f(x):\n    y = x\n    return y",
    "chained": "def f(x):\n    a = b = x\n    return a * b",
    "tuples": "def f(x):\n    (a, [b, c]), d = (x, [x, 1]), 2\n    return a * b * c * d",
    "annotated": "def f(x: float, y: 'int' = 3) -> float:\n    z: float = x\n    return z",
    "in place": "def f(x):\n    y = 0.0\n    y += x\n    y **= 2\n    return y",
    "if": """
def f(x):
    if x > 1:
        y = x
    elif x:
        y = 2
    else:
        pass
    return y
""",
    "for": "def f(x):\n    for i in range(2, 9, 3):\n        x = x * i\n    return x",
    "for, over anything": "def f(x):\n    for i, (v, w) in g(x):\n        x = v\n    return x",
    "for, in any call": "def f(x):\n    for i in g(x):\n        x = x * i\n    return x",
    "comprehensions": "def f(x):\n    y = {k: [v] for k, v in x if k}\n    return sum(z[0] for z in y)",
    "unpacked": "def f(x):\n    a, *b = [*x, g(*x, **{})]\n    return {**a, 1: (c := b)}[c]",
    "conditional": "def f(x):\n    return x if x > 1 else 2 * x",
    "assert": "def f(x):\n    assert x > 0, f'{x!r:>10} is small'\n    return x",
    "raise in a branch": """
def f(x):
    if x < 0:
        raise ValueError('no') from None
    return x
""",
    "calls": "def f(x):\n    print('x', x, sep=': ')\n    return np.sum(x, axis=0, keepdims=True)",
    "lambda inside": "def f(x):\n    g = lambda a, b: a * b\n    return g(x, b=x)",
    "nested def": """
def f(x):
    @np.vectorize
    def g(a, /, b: float = x, *rest, k=2.0, **more) -> float:
        def h(c):
            return c * x
        return h(a) * b * k
    return g(x, *(x, x), k=1.0, **{'m': x})
""",
    "gathered arguments": "def f(x, *rest, **more):\n    return x * rest[0] * more['k']",
    "lambda parameters": "def f(x):\n    g = lambda a, /, b=x, *c, d=2.0, **e: a\n    return g(x)",
    "starred": "def f(x):\n    p = (x, x)\n    return np.sum(np.stack([*p, x]))",
    "with": """
def f(x):
    with np.errstate(divide='ignore') as state, open('/dev/null'):
        y = np.log(x)
        with np.errstate():
            return np.sum(y)
""",
    "try": """
def f(x, options):
    try:
        n = options['n']
    except (KeyError, TypeError) as error:
        n = 3
    else:
        n = n + 1
    finally:
        pass
    return x * n
""",
    "imports": """
def f(x):
    import math, numpy.linalg as la
    from numpy import sin, cos as cosine
    return sin(x) * cosine(x) * math.pi * la.norm(x)
""",
    "deleted": "def f(x):\n    y = x\n    del y\n    return x",
    "annotated without a value": "def f(x):\n    y: float\n    y = x\n    return y",
    "literals": """
def f(x):
    y = {'a': (x, 1), 'b': [x, None, ..., b'', True]}
    return y['a'][0]
""",
    "subscripts": "def f(x):\n    return x[1:-1, None, ..., ::2] + x[0]",
    "operators": """
def f(x):
    return -x + ~1 + (x @ x) // 2 % 3 << 1 | 2 & 3 ^ 1 ** x - x / 2 >> 1
""",
    "logic": "def f(x):\n    return not (0 < x <= 1 and x is not None or x in (1, 2) and x != 2)",
    "attributes": "def f(x):\n    return x.T.shape[0]",
    "type hints are not evaluated": "def f(x: [int for _ in range(2)]):\n    return x",
    "defaults are not evaluated": "def f(x, y=[i for i in range(3)], *, z=1j):\n    return x",
    "keyword only": "def f(x, /, y, *, z):\n    return x",
    "private name outside of a class": "def f(__x):\n    __y = lambda: __x\n    return __y()",
    "private name in a lambda": "f = lambda __x: (lambda: __x)()",
    "a local called eval": "def f(x, eval, locals):\n    return eval(x) + locals",
    "a global called vars": "vars = np.sin\ndef f(x):\n    return vars(x)",
    "comprehension in a decorator": """
def g(n):
    return lambda h: h
@g([i for i in 'a'])
def f(x):
    return x
""",
    "magic names": "def f(x):\n    return x.__len__()",
}


def refusal(text: str) -> tuple[UnsupportedSyntax, int, int]:
    """What the fence raises of a marked program, and the line and column of the mark."""
    program, line, column = marked(text)
    try:
        function = define(program, g=None)
    except SyntaxError:
        pytest.skip(f"this is no Python {sys.version_info.major}.{sys.version_info.minor}")
    with pytest.raises(UnsupportedSyntax) as caught:
        fence(read(function))
    return caught.value, line, column


def check_place(error: UnsupportedSyntax, line: int, column: int) -> None:
    assert error.span is not None
    assert (error.span.line, error.span.column) == (line, column)
    assert error.hint


@pytest.mark.parametrize(
    ("node", "text"),
    [pytest.param(node, text, id=name) for node, row in ROWS.items() for name, text in row.items()],
)
def test_rows_of_the_table_are_refused(node: type, text: str) -> None:
    error, line, column = refusal(text)
    check_place(error, line, column)
    assert (error.reason, error.hint) == REFUSED[node]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in FORMS.items()])
def test_forms_are_refused(text: str) -> None:
    check_place(*refusal(text))


@pytest.mark.parametrize(
    "text", [pytest.param(text, id=name) for name, text in ALLOWED_PROGRAMS.items()]
)
def test_programs_of_the_language_pass(text: str) -> None:
    fence(read(define(text, g=range)))


def test_type_parameters_are_refused() -> None:
    if sys.version_info < (3, 12):
        pytest.skip("Python 3.12 introduced them")
    check_place(*refusal("def f[$T](x: T) -> T:\n    return x"))


def test_every_row_has_a_case() -> None:
    assert set(ROWS) == set(REFUSED)


def test_every_check_has_a_case_that_it_lets_pass() -> None:
    trees = [read(define(text, g=range)).tree for text in ALLOWED_PROGRAMS.values()]
    seen = {type(node) for tree in trees for node in gast.walk(tree)}
    assert seen >= ALLOWED
    assert seen >= set(syntax.CHECKS)


def test_every_kind_of_node_is_allowed_or_refused() -> None:
    kinds = {kind for base in (ast.stmt, ast.expr) for kind in base.__subclasses__()}
    names = {kind.__name__ for kind in kinds if hasattr(ast, kind.__name__)}
    names -= {"Await", "AsyncFor", "AsyncWith"}  # only in an `async def`
    names -= {"Interpolation", "Slice"}  # only in a template string, and in a subscript
    assert {getattr(gast, name) for name in names} <= ALLOWED | set(REFUSED)
    assert not ALLOWED & set(REFUSED)
    assert set(syntax.CHECKS) <= ALLOWED


def test_the_first_fault_is_the_one_reported() -> None:
    check_place(
        *refusal("def f(x):\n    y = ${v for v in x}\n    while y:\n        pass\n    return x")
    )
