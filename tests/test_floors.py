"""Imports only go down: the floors of the house, and how large its rooms are."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "srcad"

# Lowest first. A module imports from lower floors alone; those on one floor don't know each other.
# A package's name stands for its `__init__`. Where no floor names a module, the first pattern that
# fits it does.
FLOORS: list[set[str]] = [
    {"errors", "names", "operators", "options", "runtime", "frames", "records"},
    {"types"},
    {"primitive"},
    {"graph"},
    {"sequences"},
    {"rules.results"},
    {"rules.*"},
    {"rules"},
    {"source", "signature", "typed", "statements", "operands"},
    {"syntax", "references", "expressions"},
    {"normalise.leaving", "normalise.conditional", "normalise.unread"},
    {"normalise.*"},
    {"normalise"},
    {"rulebook"},
    {"build.storages", "build.outside", "build.closures", "build.arguments", "build.opaque"}
    | {"build.changes", "build.order"},
    {"build.inlining", "build.state", "build.recursion"},
    {"build.joins", "build.apart", "build.parameters", "build.records"}
    | {"build.counting", "build.unrolling", "build.pairs"},
    {"build.iteration"},
    {"build.regions", "build.applied"},
    {"build.calls", "build.loops", "build.comprehensions", "build.paircalls"},
    {"build.displays", "build.writes"},
    {"build.writers"},
    {"build.containers"},
    {"build.lists"},
    {"build.helpers"},
    {"build.callables", "build.contexts", "build.imports", "build.attempts"},
    {"build.builder"},
    {"build"},
    {"analyses.*"},
    {"analyses"},
    {"adjoint.fit", "adjoint.regions", "adjoint.result", "adjoint.sequences"},
    {"adjoint.calls"},
    {"adjoint.*"},
    {"adjoint"},
    {"optimise.rewrite"},
    {"optimise.*"},
    {"optimise"},
    {"memory.liveness", "memory.places", "memory.words"},
    {"memory.walks"},
    {"memory.saves", "memory.ownership"},
    {"memory.finish"},
    {"memory.*"},
    {"memory"},
    {"cotangents"},
    {"emit.wrapping"},
    {"emit.constants", "emit.layout", "emit.vocabulary", "emit.lifetimes", "emit.folding"}
    | {"emit.verify"},
    {"emit.expressions", "emit.equations", "emit.naming"},
    {"emit.writer", "emit.backward"},
    {"emit.forward", "emit.entry"},
    {"emit.function", "emit.head"},
    {"emit.*"},
    {"emit"},
    {"agreement"},
    {"load", "cache", "saved", "show", "binding", "pickling"},
    {"guards"},
    {"pipeline"},
    {"api"},
    {"check", "cli", "pullback"},
    {""},  # srcad/__init__.py
    {"__main__"},
]

LONGEST_FILE = 500
LONGEST_FUNCTION = 80


def module_of(path: Path) -> str:
    """`adjoint.sweep`; `adjoint` for the `__init__` of a package, "" for that of srcad."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


FILES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def floor(module: str) -> int:
    """The number of a module's floor."""
    for number, names in enumerate(FLOORS):
        if module in names:
            return number
    for number, names in enumerate(FLOORS):
        if any("*" in pattern and fnmatch(module, pattern) for pattern in names):
            return number
    raise AssertionError(f"srcad.{module} has no floor: give it one in {Path(__file__).name}")


def imported(path: Path) -> Iterator[str]:
    """The modules of srcad that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name for name in below if name.removeprefix("srcad.") in FILES]
            names = names if len(names) == len(below) else [*names, str(node.module)]
        else:
            continue
        for name in names:
            if name.partition(".")[0] == "srcad":
                yield name.removeprefix("srcad").removeprefix(".")


def functions(path: Path) -> Iterator[tuple[int, str]]:
    """The length and the name of each function in a file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, node.name


@pytest.mark.parametrize("module", FILES, ids=[name or "srcad" for name in FILES])
def test_imports_only_go_down(module: str) -> None:
    for other in imported(FILES[module]):
        assert floor(other) < floor(module), f"srcad.{module} imports srcad.{other}"


def test_no_module_stands_on_two_floors() -> None:
    names = [name for names in FLOORS for name in names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", FILES, ids=[name or "srcad" for name in FILES])
def test_sizes(module: str) -> None:
    path = FILES[module]
    lines = len(path.read_text().splitlines())
    assert lines <= LONGEST_FILE, f"{path.name} has {lines} lines"
    for length, name in functions(path):
        assert length <= LONGEST_FUNCTION, f"{path.name}: {name} has {length} lines"


def test_report_of_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted((len(path.read_text().splitlines()), name) for name, path in FILES.items())
    lengths = sorted(
        (length, f"{module}.{name}")
        for module, path in FILES.items()
        for length, name in functions(path)
    )
    lines = ["", f"srcad: {len(files)} files, {sum(n for n, _ in files)} lines"]
    for what, sizes in (("file", files), ("function", lengths)):
        middle, ninth = sizes[len(sizes) // 2][0], sizes[len(sizes) * 9 // 10][0]
        longest = ", ".join(f"{name} {length}" for length, name in reversed(sizes[-3:]))
        lines.append(f"lines a {what}: median {middle}, nine in ten within {ninth}; {longest}")
    with capsys.disabled():
        print("\n".join(lines))
