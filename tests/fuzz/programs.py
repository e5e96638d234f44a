"""Random whole programs in the language of the first part, from a seed or from Hypothesis."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from tests.fuzz.choices import Choices, DrawnChoices, SeededChoices
from tests.fuzz.compile_text import function_from_text
from tests.fuzz.owned import spell_out
from tests.fuzz.records import Pair, Record
from tests.fuzz.scope import Helper, Shape, wrap
from tests.fuzz.statements import Statements


@dataclass(frozen=True)
class Program:
    """A program: its text, the function's name, its arguments as text, and what is asked for."""

    text: str
    name: str
    argument_texts: tuple[str, ...]
    wrt: tuple[str, ...]
    label: str = ""

    def function(self) -> Any:
        """The function, newly compiled."""
        return function_from_text(self.text, self.name)

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments, newly made at each access."""
        names = {"np": np, "Pair": Pair, "Record": Record}
        return tuple(eval(text, names) for text in self.argument_texts)

    def listing(self) -> str:
        """The program as a module that `read_program` reads."""
        arguments = "".join(f"    {text!r},\n" for text in self.argument_texts)
        return (
            f"{self.text}\n\n# {self.label}\nNAME = {self.name!r}\nARGUMENTS = (\n{arguments})\n"
            f"WRT = {self.wrt!r}\n"
        )


def keep_program(kept: Program, directory: Path, name: str) -> None:
    """Write a program down for the tests to run again."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.py").write_text("# ruff: noqa\n" + kept.listing())


def read_program(text: str, label: str) -> Program:
    """A program from the listing of a kept one."""
    code, _, facts = text.partition("\nNAME = ")
    found: dict[str, Any] = {}
    exec("NAME = " + facts, found)
    return Program(code + "\n", found["NAME"], found["ARGUMENTS"], found["WRT"], label)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Neither output nor warnings of programs that print and overflow."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield


def runs(program: Program) -> bool:
    """Whether plain Python runs the program without error or infinity to a tame scalar."""
    try:
        with quiet(), np.errstate(divide="raise", over="raise", invalid="raise"):
            value = program.function()(*program.args)
    except Exception:
        return False
    return isinstance(value, (float, np.floating)) and abs(float(value)) < 1e8


def moved(value: Any) -> Any:
    """An argument with all its floats moved a little."""
    if isinstance(value, dict):
        return {key: moved(item) for key, item in value.items()}
    if isinstance(value, Pair):
        return Pair(*(moved(item) for item in value))
    if isinstance(value, Record):
        return Record(moved(value.weight), moved(value.bias))
    if isinstance(value, (list, tuple)):
        return type(value)(moved(item) for item in value)
    return value * type(value)(1.01) if isinstance(value, float) else value * 1.01


def matters(made: Program, name: str) -> bool:
    """Whether the value of a program that runs changes with one of its arguments."""
    function = made.function()
    position = list(inspect.signature(function).parameters).index(name)
    args = list(made.args)
    args[position] = moved(args[position])
    try:
        with quiet():
            return bool(function(*args) != function(*made.args))
    except Exception:
        return True


class ProgramWriter(Statements):
    """Arguments, helpers, a body and a returned scalar."""

    def number(self) -> str:
        tenths, hundredths = self.choices.integer(-15, 15), self.choices.integer(1, 9)
        return f"{(10 * tenths + hundredths) / 100:.2f}"

    def array(self, shape: Shape, dtype: str) -> str:
        """The text of an array argument, in C or Fortran order."""
        if shape == ():
            values = self.number()
        elif len(shape) == 1:
            values = "[" + ", ".join(self.number() for _ in range(shape[0])) + "]"
        else:
            rows = (", ".join(self.number() for _ in range(shape[1])) for _ in range(shape[0]))
            values = "[[" + "], [".join(rows) + "]]"
        order = ", order='F'" if len(shape) == 2 and self.choices.chance(10) else ""
        return f"np.array({values}, dtype=np.{dtype}{order})"

    def argument(self, name: str, dtype: str) -> str:
        """The text of a float, an array, or a container of arrays, and its place in the scope."""
        kind = self.choices.weighted([(8, "array"), (2, "float"), (2, "box")])
        if kind == "float":
            self.scope.floats[name] = ()
            return self.number()
        if kind == "array":
            shape = self.shape()
            self.scope.floats[name] = shape
            return self.array(shape, dtype)
        shapes = [self.shape() for _ in range(2)]
        texts = [self.array(shape, dtype) for shape in shapes]
        box, keys = self.choices.pick(
            (("({}, {})", (0, 1)), ("[{}, {}]", (0, 1)), ("{{'w': {}, 'b': {}}}", ("w", "b")))
        )
        for key, shape in zip(keys, shapes, strict=True):
            self.scope.fixed[f"{name}[{key!r}]"] = shape
        return box.format(*texts)

    def generated_helper(self, name: str) -> list[str]:
        """A helper whose body comes from the same grammar."""
        inner = Statements(self.choices, self.sizes, self.wide)
        inner.scope.helpers = list(self.scope.helpers)
        shapes = (self.shape(), self.shape())
        inner.scope.floats = {"a": shapes[0], "b": shapes[1], "k": ()}
        inner.block(self.choices.integer(1, 2))
        result = inner.known_shape()
        text = inner.expression(result, 2)
        pair = self.choices.chance(25)
        if pair:
            text += ", " + inner.expression(result, 1)
        self.scope.helpers.append(Helper(name, ("a", "b"), shapes, result, "k", pair))
        return [f"def {name}(a, b, k=0.5):", *inner.lines, f"    return {text}", "", ""]

    def helper(self) -> list[str]:
        """One helper: written by hand, for any shape, or generated."""
        name = self.fresh_name("helper")
        kind = self.choices.integer(0, 6)
        if kind >= 3:
            return self.generated_helper(name)
        bodies = (
            ("y, k=0.5", ["return k * np.tanh(y) + y"]),
            ("y, k=2.0", ["if np.sum(y) > k:", "    y = 0.5 * y", "return y"]),
            ("y, *, k=0.3", ["for step in range(2):", "    y = np.sin(y) + k * y", "return y"]),
        )
        parameters, body = bodies[kind]
        self.scope.helpers.append(Helper(name, ("y",), ((),), None, "k"))
        return [f"def {name}({parameters}):", *(f"    {line}" for line in body), "", ""]

    def program(self, label: str) -> Program:
        """A whole program."""
        header = ["import numpy as np", "", ""]
        for _ in range(self.choices.integer(0, 2)):
            header += self.helper()
        dtype = "float32" if self.choices.chance(12) else "float64"
        names = ("x", "y", "w")[: self.choices.integer(1, 3)]
        texts = []
        for name in names:
            mixed = "float64" if self.choices.chance(25) else dtype
            texts.append(self.argument(name, mixed))
        parameters = list(names)
        if self.choices.chance(60):
            parameters.append("n")
            texts.append(str(self.choices.integer(0, 3)))
            self.scope.integers["n"] = 3
        wrt = tuple(name for name in names if not self.choices.chance(15)) or names[:1]
        self.active = set(names)
        outer = self.outer()
        self.block(self.choices.integer(2, 10))
        self.lines.append(f"    return {self.result()}")
        lines = [f"def program({', '.join(parameters)}):", *self.lines, ""]
        if outer:
            lines = enclosed(lines, outer)
        text = "\n".join([*header, *lines])
        return Program(text if self.wide else spell_out(text), "program", tuple(texts), wrt, label)

    def outer(self) -> dict[str, str]:
        """Variables of an enclosing function, if there is one, and their values' texts."""
        found = {}
        if self.choices.chance(15):
            shape = self.shape(self.choices.integer(1, 2))
            self.scope.fixed |= {"rate": (), "table": shape}
            found = {"rate": self.choices.pick(("0.7", "np.float64(0.2)"))}
            found["table"] = self.array(shape, "float64")
        return found

    def result(self) -> str:
        """A scalar of one to four variables."""
        names = list(reversed(self.scope.floats)) + list(self.scope.fixed)
        if not self.choices.chance(10):
            names = [name for name in names if self.active & set(re.findall(r"\w+", name))]
        names = names[: self.choices.integer(1, 4)] or ["0.5"]
        for name in ("x", "y", "w"):
            if name in self.scope.floats and name not in names and self.choices.chance(40):
                names.append(name)
        everything = {**self.scope.fixed, **self.scope.floats}
        terms = []
        for name in names:
            wrapped = self.choices.pick(("{}", "np.sin({})", "{} * {}", "np.tanh({})"))
            text = wrapped.format(name, name)
            if everything.get(name, ()) == ():
                terms.append(wrap(text))
            else:
                terms.append(self.choices.pick(("np.sum({})", "np.mean({})")).format(text))
        return " + ".join(terms)


def enclosed(lines: list[str], outer: dict[str, str]) -> list[str]:
    """A function that reads the variables of the function that makes it."""
    inner = [f"    {line}" for line in lines if line]
    made = f"program = enclosing({', '.join(outer.values())})"
    return [f"def enclosing({', '.join(outer)}):", *inner, "    return program", "", "", made, ""]


def write_program(choices: Choices, label: str, wide: bool = False) -> Program:
    """A program from a source of decisions; it may not run."""
    sizes = (choices.integer(1, 3), choices.integer(1, 3))
    return ProgramWriter(choices, sizes, wide).program(label)


def chosen(made: Program, choices: Choices) -> Program | None:
    """The program with respect to arguments that matter, and seldom one that does not."""
    if not runs(made):
        return None
    wrt = tuple(name for name in made.wrt if matters(made, name) or choices.chance(8))
    return replace(made, wrt=wrt) if wrt else None


def program(seed: int, wide: bool = False) -> Program:
    """The program of a seed, which runs; a wide one may leave the documented language."""
    label = f"{'wide ' if wide else ''}seed {seed}"
    for attempt in range(200):
        choices = SeededChoices(f"{label}.{attempt}")
        found = chosen(write_program(choices, label, wide), choices)
        if found is not None:
            return found
    raise AssertionError(f"no program for seed {seed}")


@st.composite
def programs(draw: Any) -> Program:
    """Programs for Hypothesis, from the default grammar."""
    choices = DrawnChoices(lambda low, high: draw(st.integers(low, high)))
    found = chosen(write_program(choices, "drawn"), choices)
    assume(found is not None)
    return found
