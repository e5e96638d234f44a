"""The writer: text that is read by people, and that means exactly the tree."""

from __future__ import annotations

import ast
import importlib
import inspect
from typing import Any

import gast
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srcad.emit.writer import comment, constant, write, write_expression


def expression(text: str) -> gast.expr:
    return gast.parse(text, mode="eval").body


# --- expressions: what is written for what was read; None where it stays as it is ----------------

EXPRESSIONS = [
    ("slice beside an index", "x[:, 0]", None),
    ("slices with steps", "x[::2, 1:, :-1, a:b:c]", None),
    ("ellipsis and new axis", "x[..., None]", None),
    ("index of a one-tuple", "x[i,]", None),
    ("index of the empty tuple", "x[()]", None),
    ("starred index", "x[*i, 0]", None),
    ("redundant parentheses go", "((a + b) + (c))", "a + b + c"),
    ("right operand of a minus", "a - (b - c)", None),
    ("right operand of a division", "a / (b * c)", None),
    ("@ as a factor", "(a @ b.T) * c", None),
    ("@ as a factor on the right", "c * (a @ b)", None),
    ("product as an operand of @", "(a * b) @ c", None),
    ("@ as a factor, where it need not have been marked", "a @ b * c", "(a @ b) * c"),
    ("chain of @", "a @ b @ c", None),
    ("power of a name", "x ** 2", "x**2"),
    ("power of an attribute", "self.x ** 0.5", "self.x**0.5"),
    ("negative exponent", "x ** -1", "x**-1"),
    ("power of a call", "f(x)**2", "f(x) ** 2"),
    ("power of an element", "x[0]**2", "x[0] ** 2"),
    ("power of a negative", "(-x)**2", "(-x) ** 2"),
    ("negative of a power", "-(x ** 2)", "-x**2"),
    ("power of a power", "(x ** y) ** z", "(x**y) ** z"),
    ("exponent that is a power", "x ** (y ** z)", "x ** y**z"),
    ("exponent that is a sum", "x**(n - 1)", "x ** (n - 1)"),
    ("negative of a sum", "-(a + b)", None),
    ("negative of a product", "-(a * b)", None),
    ("product with a negative", "-a * b", None),
    ("twice negative", "--x", "-(-x)"),
    ("minus a negative", "a - -b", None),
    ("invert", "~mask & (x > 0)", None),
    ("not", "not x", None),
    ("not of a comparison", "not x < y", None),
    ("comparison with not", "(not x) == y", None),
    ("chained comparison", "0 <= i < n", None),
    ("comparison of comparisons", "(a < b) < c", None),
    ("identity and membership", "x is not None and k not in d", None),
    ("and binds before or", "(a and b) or c", "a and b or c"),
    ("or inside and", "(a or b) and c", None),
    ("or inside or", "a or (b or c)", None),
    ("conditional", "(a if c else b)", "a if c else b"),
    ("conditional in a sum", "1 + (a if c else b)", None),
    ("conditional in a conditional", "(a if b else c) if d else (e if f else g)",
     "(a if b else c) if d else e if f else g"),
    ("lambda", "lambda x, *y, k=1, **z: x + k", None),
    ("lambda without parameters", "lambda: 0", None),
    ("lambda with kinds of parameters", "lambda a, /, b, *, c: a", None),
    ("lambda called", "(lambda x: x)(1)", None),
    ("call", "f(a, *b, k=1, **d)", None),
    ("call with a conditional", "f(a if b else c)", None),
    ("call with a tuple", "f((a, b))", None),
    ("call with a generator", "sum((x for x in y))", "sum(x for x in y)"),
    ("call with a generator and more", "sum((x for x in y), 0)", None),
    ("starred or", "f(*(a or b))", None),
    ("method of a sum", "(a + b).sum()", None),
    ("attribute of an integer", "(1).real", None),
    ("attribute of a float", "1.0.real", None),
    ("attribute of a string", '", ".join(xs)', None),
    ("one-tuple", "(a,)", None),
    ("empty containers", "[(), [], {}]", None),
    ("dict with unpacking", '{"a": 1, **(b or c)}', None),
    ("set", "{1, 2}", None),
    ("list comprehension", "[a * b for a, b in zip(x, y) if a if b]", None),
    ("comprehension over a conditional", "[x for x in (a if b else c)]", None),
    ("dict comprehension", "{k: v for k, v in d.items()}", None),
    ("walrus", "[(y := f(x)), y]", None),
    ("float", "0.50", "0.5"),
    ("float exponent", "1e-08", None),
    ("float that is an integer", "2.", "2.0"),
    ("shortest float", "0.1 + 0.2", None),
    ("infinite literal", "1e999", "1e309"),
    ("imaginary", "3j", None),
    ("negative", "-1.0", None),
    ("string", "'a'", '"a"'),
    ("string with quotes", "'say \"a\"'", "'say \"a\"'"),
    ("string with both quotes", "'it\\'s \"a\"'", '"it\'s \\"a\\""'),
    ("string with newline", "'''a\nb'''", '"a\\nb"'),
    ("string with letters", '"\u00e9\u03b1"', None),
    ("string with control characters", '"\\x00\\t\\xa0"', None),
    ("bytes", "b'a\\xff'", 'b"a\\xff"'),
    ("f-string", "f'{x:.3f} of {n!r:>{width}}'", 'f"{x:.3f} of {n!r:>{width}}"'),
    ("f-string with quotes inside", "f\"{d['a']}\"", None),
    ("f-string with both quotes", "f'''{d['a']} \"b\"'''", "f\"{d['a']} \\\"b\\\"\""),
    ("f-string with braces", 'f"{{{x}}}"', None),
    ("f-string of a dict", "f\"{ {'a': 1}['a']}\"", None),
    ("f-string of a lambda", 'f"{(lambda: 0)()}"', None),
    ("f-string of a conditional lambda", 'f"{(a if b else lambda: 0)}"', None),
    ("f-string in an f-string", "f\"{f'{x}'}\"", None),
    ("f-string with newline", 'f"{x}\\n"', None),
    ("f-string that documents itself", 'f"{x = }"', 'f"x = {x!r}"'),
    ("empty f-string", 'f""', None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [e[1:] for e in EXPRESSIONS], ids=[e[0] for e in EXPRESSIONS]
)
def test_expression(text: str, expected: str | None) -> None:
    assert write_expression(expression(text)) == (text if expected is None else expected)


# --- statements: each is written as it stands here ----------------------------------------------

STATEMENTS = {
    "assignments": "a = b = c\na, b = b, a\n(a,) = b\n[a, *b] = c\nx[i], y.z = 1, 2\nx = (a,)\n",
    "augmented": "x += 1\nx[:, 0] *= a + b\nx.y @= z\nx //= 2\nx **= 2\nx >>= 1\n",
    "annotated": "x: float = 1.0\ny: list[int]\n(z): int = 1\na.b: int = 1\n",
    "elif chain": "if a:\n    x = 1\nelif b:\n    x = 2\nelif c:\n    x = 3\nelse:\n    x = 4\n",
    "for and while with else": (
        "for i, (a, b) in enumerate(c):\n    continue\nelse:\n    x = 1\n"
        "while x < 3:\n    break\nelse:\n    pass\n"
    ),
    "walrus in a test": "while (n := f()) > 1:\n    if m := n:\n        pass\n",
    "with": "with a as b, c:\n    pass\n",
    "try": (
        "try:\n    x = 1\nexcept (A, B) as error:\n    raise C from error\n"
        "except D:\n    raise\nelse:\n    pass\nfinally:\n    del x, y\n"
    ),
    "assert and scopes": 'global a, b\nnonlocal c\nassert x > 0, "positive"\nimport numpy as np\n'
    "from ..a import b as c, d\n",
    "return": "def f():\n    return a, *b\n",
    "return of one": "def f():\n    return (a,)\n",
    "return of nothing": "def f():\n    return\n",
    "yield": "def f():\n    x = yield a, b\n    yield\n    yield from c\n    return (yield)\n",
    "parameters": (
        "def f(a, /, b: int, c=1, *d, e, f: float = 2.0, **g) -> float:\n    pass\n\n\n"
        "def g(*, a):\n    pass\n"
    ),
    "decorators and nesting": (
        "@a\n@b(1)\ndef f(x):\n    y = 1\n\n    def g(z):\n        return z\n\n    return g\n"
    ),
    "class": "class A:\n    x = 1\n\n\nclass B(A, metaclass=C):\n    pass\n",
    "docstring": 'def f():\n    """One line."""\n    return 1\n',
    "long docstring": 'def f():\n    """One.\n\n    Two: f8[n].\n      more\n    """\n    x\n',
    "raw docstring": 'def f():\n    """A \\\\ and \\"\\"\\"\\"."""\n',
    "docstring that ends in a quote": 'def f():\n    """Say \\"a\\""""\n',
    "module docstring": '"""A module."""\n\nimport numpy as np\n\n\ndef f():\n    pass\n',
    "async": "async def f():\n    async with a as b:\n        await c\n    async for x in y:\n        d\n",  # noqa: E501
}


@pytest.mark.parametrize("text", STATEMENTS.values(), ids=STATEMENTS.keys())
def test_statements(text: str) -> None:
    assert write(gast.parse(text)) == text


def test_docstring_is_indented_with_its_function() -> None:
    function = gast.parse("def f():\n    return 1").body[0]
    function.body.insert(0, gast.Expr(gast.Constant("One.\n\nTwo.", None)))
    assert write(function) == 'def f():\n    """One.\n\n    Two.\n    """\n    return 1\n'


# --- constants ----------------------------------------------------------------------------------

CONSTANTS = [
    (-1.0, "-1.0"),
    (-0.0, "-0.0"),
    (0, "0"),
    (float("inf"), 'float("inf")'),
    (-float("inf"), '-float("inf")'),
    (1e-300, "1e-300"),
    (True, "True"),
    (None, "None"),
    (..., "..."),
    ("a", '"a"'),
    ((1, (2,), ()), "(1, (2,), ())"),
    ({"a": [-1]}, '{"a": [-1]}'),
    (slice(None, -1), "slice(None, -1, None)"),
    (2j, "2j"),
    (1 - 2j, "1.0 - 2j"),
    (complex(-0.0, 1), "complex(-0.0, 1.0)"),
    (complex(0.0, -0.0), "complex(0.0, -0.0)"),
    (np.float32(-0.1), "np.float32(-0.10000000149011612)"),
    (np.int64(3), "np.int64(3)"),
    (np.bool(True), "np.bool(True)"),
    (np.dtype("f4"), "np.float32"),
    (np.dtype(">f4"), 'np.dtype(">f4")'),
]


@pytest.mark.parametrize(("value", "text"), CONSTANTS, ids=[text for _, text in CONSTANTS])
def test_constant(value: Any, text: str) -> None:
    written = write_expression(constant(value, numpy="np" if "np" in text else None))
    assert written == text
    found = eval(written, {"np": np})
    same = found == value if isinstance(value, (dict, np.dtype)) else repr(found) == repr(value)
    assert same and (isinstance(value, np.dtype) or type(found) is type(value))


def test_constant_nan() -> None:
    assert write_expression(constant(float("nan"))) == 'float("nan")'
    assert write_expression(constant(float("nan"), numpy="numpy")) == "numpy.nan"
    assert np.isnan(eval(write_expression(constant(complex(1, float("nan"))))))


@pytest.mark.parametrize("value", [object(), np.zeros(2), np.float64(1.0), {1, 2}], ids=repr)
def test_what_is_no_constant(value: Any) -> None:
    with pytest.raises(TypeError):
        constant(value)


# --- comments -----------------------------------------------------------------------------------


def commented(text: str) -> str:
    """Write `text`, with `# ...` at the end of a line as the comment of the statement there."""
    tree = gast.parse(text)
    lines = [line.partition("# ")[2] for line in text.splitlines()]
    comments = {
        node: lines[node.lineno - 1]
        for node in gast.walk(tree)
        if isinstance(node, gast.stmt) and lines[node.lineno - 1]
    }
    return write(tree, comments)


def test_comments_stand_in_a_column() -> None:
    text = """\
def f(x):
    for t in reversed(range(n)):
        dh += 2.0 * h                # 10: loss += np.sum(h * h)
        if taken.pop():
            dz = dh * (1.0 - h * h)  # 7: h = np.tanh(z)
        else:
            dz = 0.5 * dh            # 9: h = 0.5 * z
        h = hs.pop()
    return dw
"""
    assert commented(text) == text


def test_a_wide_line_stands_out() -> None:
    wide = "dx = " + " + ".join(["aaaaa"] * 10)
    text = f"da = 1    # 3: a\ndabc = 2  # 2: b\n{wide}  # 1: c\n"
    assert commented(text) == text


def test_a_comment_that_does_not_fit_stands_above() -> None:
    long = "7: " + "x" * 90
    assert (
        commented(f"if a:\n    dx = g * 2.0  # {long}\n")
        == f"if a:\n    # {long}\n    dx = g * 2.0\n"
    )


def test_a_comment_that_never_fits_is_cut() -> None:
    above = commented(f"dx = g  # 7: {'x' * 200}\n").splitlines()[0]
    assert len(above) == 100 and above.endswith(" ...")


def test_comments_on_lines_of_their_own_begin_new_columns() -> None:
    first, second = gast.parse("a = 1\nabc = 2").body
    text = write([comment("forward"), first, comment("backward\nin two lines"), second],
                 {first: "one", second: "two"})  # fmt: skip
    assert text == "# forward\na = 1  # one\n# backward\n# in two lines\nabc = 2  # two\n"


def test_comment_of_an_elif() -> None:
    tree = gast.parse("if a:\n    pass\nelif b:\n    pass\n").body[0]
    text = write(tree, {tree: "first", tree.orelse[0]: "second"})
    assert text == "if a:    # first\n    pass\nelif b:  # second\n    pass\n"


# --- the check ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tree",
    [
        gast.Expr(gast.Constant(-1.0, None)),
        gast.Expr(gast.Constant(float("nan"), None)),
        gast.Expr(gast.Name("a b", gast.Load(), None, None)),
        gast.While(gast.Constant(True, None), [comment("nothing else")], []),
    ],
    ids=["negative constant", "nan constant", "no identifier", "empty body"],
)
def test_a_wrong_text_is_never_written(tree: gast.AST) -> None:
    with pytest.raises(AssertionError):
        write(tree)


# --- round trips --------------------------------------------------------------------------------

MODULES = [
    "argparse", "ast", "bisect", "calendar", "collections", "csv", "dataclasses", "_pydecimal",
    "difflib", "enum", "fractions", "functools", "heapq", "inspect", "json.encoder", "optparse",
    "random", "statistics", "string", "textwrap", "tokenize", "traceback", "typing",
    "numpy.lib._function_base_impl", "numpy.lib._index_tricks_impl", "numpy.linalg._linalg",
    "numpy.polynomial.chebyshev", "numpy.ma.core", "numpy._core.einsumfunc", "numpy._core.numeric",
]  # fmt: skip
FUNCTIONS_PER_MODULE = 25


@pytest.mark.parametrize("name", MODULES)
def test_functions_of_a_library(name: str) -> None:
    """`write` checks itself; that a second writing changes nothing is asserted here."""
    tree = gast.parse(inspect.getsource(importlib.import_module(name)))
    functions = [n for n in gast.walk(tree) if isinstance(n, gast.FunctionDef)]
    written = 0
    for function in functions[:: max(1, len(functions) // FUNCTIONS_PER_MODULE)]:
        if any(isinstance(n, (gast.Match, gast.TryStar)) for n in gast.walk(function)):
            continue
        text = write(function)
        assert write(gast.parse(text).body[0]) == text
        written += 1
    assert written


NAMES = st.sampled_from("abc").map(lambda name: gast.Name(name, gast.Load(), None, None))
NUMBERS = st.sampled_from([0, 1, 2.5, 3j]).map(lambda value: gast.Constant(value, None))
BINARY = [
    gast.Add, gast.Sub, gast.Mult, gast.MatMult, gast.Div, gast.Mod, gast.Pow, gast.LShift,
    gast.RShift, gast.BitOr, gast.BitXor, gast.BitAnd, gast.FloorDiv,
]  # fmt: skip
COMPARE = [gast.Lt, gast.Eq, gast.In, gast.NotIn, gast.Is, gast.IsNot]
NO_PARAMETERS = gast.parse("lambda: 0", mode="eval").body.args


def compound(inner: st.SearchStrategy[gast.expr]) -> st.SearchStrategy[gast.expr]:
    def op(kinds: list[type]) -> st.SearchStrategy[Any]:
        return st.sampled_from(kinds).map(lambda kind: kind())

    load = st.just(gast.Load())
    some = st.lists(inner, max_size=3)
    bounds = st.builds(gast.Slice, st.none() | inner, st.none() | inner, st.none() | inner)
    return st.one_of(
        st.builds(gast.BinOp, inner, op(BINARY), inner),
        st.builds(gast.UnaryOp, op([gast.USub, gast.UAdd, gast.Invert, gast.Not]), inner),
        st.builds(gast.BoolOp, op([gast.And, gast.Or]), st.lists(inner, min_size=2, max_size=3)),
        st.lists(inner, min_size=1, max_size=2).flatmap(
            lambda xs: st.builds(
                gast.Compare,
                inner,
                st.lists(op(COMPARE), min_size=len(xs), max_size=len(xs)),
                st.just(xs),
            )
        ),
        st.builds(gast.IfExp, inner, inner, inner),
        st.builds(gast.Lambda, st.just(NO_PARAMETERS), inner),
        st.builds(gast.NamedExpr, st.just(gast.Name("n", gast.Store(), None, None)), inner),
        st.builds(gast.Tuple, some, load),
        st.builds(gast.List, some, load),
        st.builds(gast.Attribute, inner, st.just("T"), load),
        st.builds(gast.Subscript, inner, inner | bounds, load),
        st.builds(
            gast.Subscript,
            inner,
            st.builds(gast.Tuple, st.lists(inner | bounds, min_size=1), load),
            load,
        ),
        st.builds(
            gast.Call,
            inner,
            st.lists(inner | st.builds(gast.Starred, inner, load), max_size=2),
            st.just([]),
        ),
    )


TREES: st.SearchStrategy[gast.expr] = st.deferred(lambda: NAMES | NUMBERS | compound(TREES))


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_precedence(tree: gast.expr) -> None:
    text = write_expression(tree)
    again = gast.parse(text, mode="eval").body
    assert ast.dump(gast.gast_to_ast(tree)) == ast.dump(gast.gast_to_ast(again))
    assert write_expression(again) == text
    assert write(gast.Assign([gast.Name("y", gast.Store(), None, None)], tree, None))


def test_a_long_line_is_broken() -> None:
    name = "a" * 40
    text = write(gast.parse(f"def f():\n    return {name}, {name}(1, 2) + {name}, {name}"))
    lines = ["return (", f"    {name},", f"    {name}(1, 2) + {name},", f"    {name}", ")"]
    assert text == "\n".join(["def f():", *(f"    {line}" for line in lines), ""])


def test_a_docstring_is_not_broken() -> None:
    text = f'def f():\n    """{"word, " * 20}.\n\n    {"word(), " * 20}.\n    """\n'
    assert write(gast.parse(text)) == text


def test_the_comment_of_a_broken_line_stands_above() -> None:
    tree = gast.parse(f"x = {' + '.join(['a' * 30] * 4)}").body[0]
    assert write(tree, {tree: "why"}).splitlines()[:2] == ["# why", "x = ("]
