"""`read` finds the text of the very function that runs, or refuses; `lookup` finds its names."""

from __future__ import annotations

import ast
import doctest
import functools
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import gast
import numpy as np
import pytest

import srcad
from srcad.errors import NoSource
from srcad.source import lookup, read
from tests.programs import define, marked, remember, run

HERE = Path(__file__).resolve()


def written(source: Any) -> str:
    """What was read, without comments."""
    return ast.unparse(gast.gast_to_ast(source.tree))


def returned(source: Any) -> str:
    """The text from the place of what the last statement returns."""
    span = source.span(source.tree.body[-1].value)
    return span.text[span.column : span.end_column]


def module(path: Path, text: str, **names: Any) -> dict[str, Any]:
    """The globals of a file that was written and run."""
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return run(path.read_text(encoding="utf-8"), str(path), **names)


# --- functions of this file ---------------------------------------------------------------------


def doubling(function: Any) -> Any:
    @functools.wraps(function)
    def wrapper(*args: Any) -> Any:
        return 2 * function(*args)

    return wrapper


def unchanged(*_: Any) -> Any:
    return lambda function: function


def plain(x: Any) -> Any:
    """Square."""
    return x * x


@unchanged()
@unchanged(
    1,
    lambda x: x,
)
def decorated(x: Any) -> Any:
    return x + 1


@doubling
def wrapped(x: Any) -> Any:
    return x + 2


def with_assertion(x: Any) -> Any:
    assert x > 0, f"{x} is small"
    return x + 3


class Model:
    def method(self, x: Any) -> Any:
        return self.w * x  # type: ignore[attr-defined]

    @staticmethod
    def static(x: Any) -> Any:
        return x + 4

    @classmethod
    def of_class(cls, x: Any) -> Any:
        return x + 5

    def __call__(self, x: Any) -> Any:
        return x + 6


if HERE.exists():

    def in_branch(x: Any) -> Any:
        return x + 7

else:

    def in_branch(x: Any) -> Any:
        return x + 8


def test_a_plain_function() -> None:
    source = read(plain)
    assert source.name == "plain" == source.tree.name
    assert source.function is plain
    assert source.filename == plain.__code__.co_filename
    assert source.lines[source.line - 1] == "def plain(x: Any) -> Any:\n"
    assert returned(source) == "x * x"
    assert str(source.span(source.tree)) == f"{source.filename}:{source.line}:1"


def test_decorators_are_left_out() -> None:
    source = read(decorated)
    assert source.lines[source.line - 1].startswith("def decorated")
    assert source.tree.decorator_list == []
    assert returned(source) == "x + 1"


def test_a_wrapper_is_read_as_the_wrapper() -> None:
    source = read(wrapped)
    assert returned(source) == "2 * function(*args)"
    assert source.name == "wrapped"
    assert returned(read(wrapped.__wrapped__)) == "x + 2"


def test_assertions_that_pytest_rewrote() -> None:
    assert returned(read(with_assertion)) == "x + 3"


@pytest.mark.parametrize(
    ("function", "text"),
    [
        pytest.param(Model.method, "self.w * x", id="function"),
        pytest.param(Model().method, "self.w * x", id="bound"),
        pytest.param(Model.static, "x + 4", id="static"),
        pytest.param(Model.of_class, "x + 5", id="of the class"),
        pytest.param(Model().__call__, "x + 6", id="call"),
    ],
)
def test_methods(function: Any, text: str) -> None:
    assert returned(read(function)) == text


def test_a_bound_method_is_read_as_its_function() -> None:
    source = read(Model().method)
    assert source.function is Model.method
    assert [a.id for a in source.tree.args.args] == ["self", "x"]


def test_a_definition_in_a_branch() -> None:
    source = read(in_branch)
    assert returned(source) == "x + 7"
    assert source.tree.col_offset == 4


def test_a_definition_in_an_else(tmp_path: Path) -> None:
    text = """
    if False:
        def f(x):
            return x + 1
    else:
        def f(x):
            return x + 2
    """
    assert returned(read(module(tmp_path / "branch.py", text)["f"])) == "x + 2"


def test_a_nested_function_keeps_the_columns_of_its_file() -> None:
    k = 3

    def inner(x: Any) -> Any:
        return k * x

    source = read(inner)
    span = source.span(source.tree.body[0])
    assert (span.column, span.text) == (8, "        return k * x")
    assert span.quote().splitlines()[-1].index("^") - span.quote().splitlines()[-1].index("|") == 10


def test_a_definition_in_with_and_class(tmp_path: Path) -> None:
    text = """
    import contextlib
    with contextlib.nullcontext():
        class A:
            class B:
                def f(self, x):
                    return self.__w * x
    """
    assert returned(read(module(tmp_path / "deep.py", text)["A"].B.f)) == "self.__w * x"


# --- lambdas ------------------------------------------------------------------------------------


def test_a_lambda_is_a_definition() -> None:
    source = read(lambda x, y=2: x * y)
    assert source.name == "lambda_"
    assert isinstance(source.tree, gast.FunctionDef)
    assert written(source) == "def lambda_(x, y=2):\n    return x * y"
    assert source.tree.lineno == source.line


def test_two_lambdas_on_one_line() -> None:
    pair = (lambda x: x + 1, lambda x: x + 1, lambda x: x + 1)
    sources = [read(function) for function in pair]
    columns = [source.span(source.tree).column for source in sources]
    assert len(set(columns)) == 3
    assert columns == sorted(columns)


def test_lambdas_inside_lambdas() -> None:
    outer = lambda x: lambda y: lambda z: x * y * z  # noqa: E731
    assert returned(read(outer)) == "lambda y: lambda z: x * y * z"
    assert returned(read(outer(1))) == "lambda z: x * y * z"
    assert returned(read(outer(1)(2))) == "x * y * z"


def test_a_lambda_as_the_default_of_another() -> None:
    outer = lambda x, g=lambda x: x + 1: g(x)  # noqa: E731
    assert returned(read(outer)) == "g(x)"
    assert returned(read(outer.__defaults__[0])) == "x + 1"


def test_a_lambda_among_arguments() -> None:
    found = unchanged(
        1,
        2,
    )(
        lambda x: np.sum(
            x
            * x
        ),
    )  # fmt: skip
    source = read(found)
    span = source.span(source.tree.body[0].value)
    assert span.end_line - span.line == 3
    assert span.text[span.column :] == "np.sum("


def test_a_lambda_without_columns_is_read_where_it_is_alone(tmp_path: Path) -> None:
    text = "alone = lambda x: x + 1\npair = [lambda x: x + 2, lambda x: x + 3]\n"
    namespace = module(tmp_path / "columns.py", text)
    for function in (namespace["alone"], *namespace["pair"]):
        function.__code__ = function.__code__.replace(co_linetable=_lines_only(function))
    assert returned(read(namespace["alone"])) == "x + 1"
    for function in namespace["pair"]:
        with pytest.raises(NoSource):
            read(function)


def _lines_only(function: Any) -> bytes:
    """A line table that puts all instructions on the first line, at no column."""
    units = len(function.__code__.co_code) // 2
    table = b""
    while units:
        count = min(units, 8)
        table += bytes([0x80 | 13 << 3 | (count - 1), 0])
        units -= count
    return table


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("def f(x):\n    return (\n  $x +\n1)", id="continued in brackets"),
        pytest.param("def f(x):\n    return \\\n$x", id="continued by a backslash"),
        pytest.param('def f(x):\n    y = """\nz = 1\n"""\n    return $x', id="string at column 0"),
        pytest.param("def f(x):\n# comment\n\n    return $x\nz = 1", id="comment at column 0"),
        pytest.param("def f(x): y = 1; return $x", id="one line"),
        pytest.param("def f(\nx,\n):\n    return $x", id="parameters at column 0"),
        pytest.param("if True:\n\tdef f(x):\n\t\treturn $x", id="tabs"),
        pytest.param("def f(x):\n    θ = 'ü'; return $x", id="letters of two bytes"),
        pytest.param("def f(x):\n    y = '🎈∂'; return $x", id="letters of four bytes"),
        pytest.param("f = (lambda x: \n    $x)", id="lambda over two lines"),
        pytest.param(
            "@(\nlambda g: g\n)\ndef f(x):\n    return $x", id="decorator on its own line"
        ),
        pytest.param(
            "try:\n    f = 1 / 0\nexcept Exception:\n    def f(x): return $x", id="except"
        ),
        pytest.param("from __future__ import annotations\ndef f(x):\n    return $x", id="future"),
        pytest.param("def f(x):\n    return $x\ndef f2(x):\n    return x", id="another follows"),
        pytest.param("def f(x):\n    return -x\ndef f(x):\n    return $x", id="defined twice"),
        pytest.param("import numpy as np\ndef f(x):\n    return $np.sum(x)", id="imported module"),
        pytest.param("from sys import flags\ndef f(x):\n    return $flags.index(x)", id="imported"),
        pytest.param("numpy = np\ndef f(x):\n    return $numpy.sum(x)", id="renamed module"),
        pytest.param("def f(x):\n    return $-0.0 + 1_000 + (0.0 in (0.0, {1}))", id="constants"),
    ],
)
def test_places(text: str) -> None:
    program, line, column = marked(text)
    source = read(define(program))
    span = source.span(source.tree.body[-1].value)
    assert (span.line, span.column) == (line, column)
    assert span.text == program.splitlines()[line - 1]


def test_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "windows.py"
    path.write_bytes(b"def f(x):\r\n    return x * x\r\n")
    function = run(path.read_bytes().decode(), str(path))["f"]
    assert read(function).span(read(function).tree.body[0]).text == "    return x * x"


def test_an_encoded_file(tmp_path: Path) -> None:
    path = tmp_path / "latin.py"
    path.write_bytes("# coding: latin-1\ndef f(x):\n    ä = 'é'; return x * ä\n".encode("latin-1"))
    namespace: dict[str, Any] = {}
    exec(compile(path.read_bytes(), str(path), "exec"), namespace)
    assert returned(read(namespace["f"])) == "x * ä"


def test_a_node_without_a_place_gets_that_of_the_function() -> None:
    source = read(plain)
    assert source.span(gast.Add()) == source.span(source.tree)


def test_an_async_function_is_read() -> None:
    assert isinstance(read(define("async def f(x):\n    return x")).tree, gast.AsyncFunctionDef)


def test_a_cell_of_a_notebook() -> None:
    assert returned(read(define("k = 2\n\ndef f(x):\n    return k * x"))) == "k * x"


def test_an_example_of_a_doctest() -> None:
    """Doctest keeps its examples by replacing `linecache.getlines` while they run."""
    text = ">>> def f(x):\n...     return x * 5\n>>> keep(f)\n"
    found: list[str] = []
    globs = {"keep": lambda function: found.append(returned(read(function)))}
    test = doctest.DocTestParser().get_doctest(text, globs, "example", "example.py", 0)
    assert doctest.DocTestRunner().run(test).failed == 0
    assert found == ["x * 5"]


# --- what is refused ----------------------------------------------------------------------------


class Slotted:
    __slots__ = ()

    def __call__(self, x: Any) -> Any:
        return x


@pytest.mark.parametrize(
    "thing",
    [
        pytest.param(len, id="built-in"),
        pytest.param([].append, id="built-in method"),
        pytest.param(np.sin, id="ufunc"),
        pytest.param(np.sum, id="dispatched"),
        pytest.param(str.upper, id="method of a type"),
        pytest.param(Model, id="class"),
        pytest.param(Model(), id="object with a call"),
        pytest.param(Slotted(), id="object with slots"),
        pytest.param(functools.partial(plain, 1.0), id="partial"),
        pytest.param(functools.lru_cache(plain), id="lru_cache"),
        pytest.param(Model.__dict__["static"], id="staticmethod"),
        pytest.param(Model.__dict__["of_class"], id="classmethod"),
        pytest.param(np.vectorize(plain), id="vectorize"),
        pytest.param(3.0, id="number"),
        pytest.param(None, id="none"),
    ],
)
def test_what_is_no_plain_function(thing: Any) -> None:
    with pytest.raises(NoSource) as caught:
        read(thing)
    assert caught.value.hint


def test_text_that_was_not_kept() -> None:
    function = run("def f(x):\n    return x", "<string>")["f"]
    with pytest.raises(NoSource) as caught:
        read(function)
    assert caught.value.hint


def test_text_that_is_registered_later() -> None:
    text = "def f(x):\n    return x * 6\n"
    function = run(text, "<registered later>")["f"]
    with pytest.raises(NoSource):
        read(function)
    remember(text, "<registered later>")
    assert returned(read(function)) == "x * 6"


def test_the_text_of_another_function() -> None:
    """`exec` under the name of a file that says something else."""
    function = run("\n" * 20 + "def plain(x):\n    return x\n", str(HERE))["plain"]
    with pytest.raises(NoSource):
        read(function)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    function = module(tmp_path / "gone.py", "def f(x):\n    return x\n")["f"]
    (tmp_path / "gone.py").unlink()
    with pytest.raises(NoSource) as caught:
        read(function)
    assert caught.value.hint


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("def f(x):\n    return x - 1.0\n", id="operator"),
        pytest.param("def f(x):\n    return x + 2.0\n", id="constant"),
        pytest.param("def f(x):\n    return x + 1\n", id="class of a constant"),
        pytest.param("def f(x):\n    return y + 1.0\n", id="global"),
        pytest.param("def f(y):\n    return y + 1.0\n", id="parameter"),
        pytest.param("def g(x):\n    return x + 1.0\n", id="name"),
        pytest.param("\ndef f(x):\n    return x + 1.0\n", id="line inserted above"),
        pytest.param("def f(x) return x", id="no Python"),
        pytest.param("", id="empty"),
    ],
)
def test_a_file_that_changed(tmp_path: Path, after: str) -> None:
    path = tmp_path / "changed.py"
    function = module(path, "def f(x):\n    return x + 1.0\n")["f"]
    assert returned(read(function)) == "x + 1.0"
    path.write_text(after)
    os.utime(path, (1, 1))
    with pytest.raises(NoSource) as caught:
        read(function)
    assert caught.value.hint


def test_a_file_that_changed_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.py"
    function = module(path, "def f(x):\n    return x + 1.0\n")["f"]
    path.write_text("def f(x):\n    return x + 1.0\n\ndef g(x):\n    return x\n")
    assert returned(read(function)) == "x + 1.0"


def test_the_rest_of_a_file_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "rest.py"
    function = module(path, "def f(x):\n    return x + 1.0\n")["f"]
    path.write_text("def f(x):\n    return x + 1.0\n\ndef g(x) is being typed\n")
    assert returned(read(function)) == "x + 1.0"


def test_lambdas_that_changed_places(tmp_path: Path) -> None:
    path = tmp_path / "swapped.py"
    first, _ = module(path, "pair = (lambda x: x + 1, lambda x: x - 1)\n")["pair"]
    path.write_text("pair = (lambda x: x - 1, lambda x: x + 1)\n")
    os.utime(path, (1, 1))
    with pytest.raises(NoSource):
        read(first)


@pytest.mark.parametrize("arguments", [["-c"], ["-"]], ids=["command", "standard input"])
def test_python_without_a_file(arguments: list[str]) -> None:
    """Python 3.13 keeps the text of `-c`; then it is read."""
    text = textwrap.dedent("""
        from srcad.errors import NoSource
        from srcad.source import read
        def f(x):
            return x
        try:
            print(len(read(f).tree.body))
        except NoSource as error:
            print("NoSource", error.hint is not None)
    """)
    command = [sys.executable, *arguments, *([text] if arguments == ["-c"] else [])]
    path = os.pathsep.join(str(Path(p).parent) for p in srcad.__path__)
    done = subprocess.run(
        command,
        input=None if arguments == ["-c"] else text,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() in ("NoSource True", "1"), done.stderr


# --- lookup -------------------------------------------------------------------------------------

rate = 0.5


def uses_names(captured: Any) -> Any:
    def inner(x: Any) -> Any:
        return np.sum(x) * rate * captured * later * len(x)

    if captured is None:
        later = 1
    return inner


def test_lookup_of_each_kind_of_name(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = uses_names(2.0)
    assert lookup(inner, "captured") == 2.0
    assert lookup(inner, "rate") == 0.5
    assert lookup(inner, "len") is len
    assert lookup(inner, "np.linalg.norm") is np.linalg.norm
    monkeypatch.setattr(sys.modules[__name__], "rate", 0.25)
    assert lookup(inner, "rate") == 0.25
    assert lookup(Model().method, "rate") == 0.25


def test_a_captured_name_hides_a_global() -> None:
    function = define("""
k = 1
def outer():
    k = 2
    def f(x):
        return k * x
    return f
f = outer()
""")
    assert lookup(function, "k") == 2


def test_lookup_of_what_is_not_there() -> None:
    inner = uses_names(2.0)
    with pytest.raises(NameError):
        lookup(inner, "later")
    with pytest.raises(NameError):
        lookup(inner, "nowhere")
    with pytest.raises(AttributeError):
        lookup(inner, "np.nowhere")
