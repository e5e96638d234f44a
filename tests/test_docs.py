"""Every Python block of README.md and docs/*.md runs, and shows what it says it shows.

But for the pages of single programs, about the language: tests/test_language.py runs these.

A block's first word is `python`; what may follow it:

    model.py   the block is a file of this name (else its lines are counted as on the page)
    refused    the block raises the error that it names: `# refused: NotScalar`
    prints     the block is what the blocks above it printed, since the last such block
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
OF_PROGRAMS = {"language.md", "limitations.md", "writes.md"}
PAGES = [
    ROOT / "README.md",
    *sorted(page for page in (ROOT / "docs").glob("*.md") if page.name not in OF_PROGRAMS),
]

FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = re.compile(r"# refused: (\w+)")


@dataclass(frozen=True)
class Block:
    """A fenced block: the words of its first line, its text, and the line where the text begins."""

    words: list[str]
    text: str
    line: int

    @property
    def filename(self) -> str | None:
        return next((word for word in self.words[1:] if word.endswith(".py")), None)

    @property
    def prints(self) -> bool:
        return "prints" in self.words

    @property
    def runs(self) -> bool:
        return self.words[:1] == ["python"] and not self.prints


def blocks_of(page: str) -> list[Block]:
    return [
        Block(match[1].split(), match[2], page.count("\n", 0, match.start(2)) + 1)
        for match in FENCE.finditer(page)
    ]


def run_page(page: str, name: str, directory: Path) -> None:
    """Run the blocks of a page in one namespace, each in a file of this directory."""
    module = ModuleType(name)
    sys.modules[name] = module
    output = io.StringIO()
    try:
        for block in blocks_of(page):
            if block.prints:
                printed = output.getvalue().rstrip("\n") + "\n"
                assert printed == block.text, f"{name}, line {block.line}"
                output.seek(0)
                output.truncate()
            elif block.runs:
                with contextlib.redirect_stdout(output):
                    run_block(block, module, directory)
    finally:
        del sys.modules[name]


def run_block(block: Block, module: ModuleType, directory: Path) -> None:
    """Run a block as a cell of a notebook would be run, in a file with the page's lines."""
    filename = block.filename or f"{module.__name__}_{block.line}.py"
    text = block.text if block.filename else "\n" * (block.line - 1) + block.text
    (directory / filename).write_text(text, encoding="utf-8")
    code = compile(text, str(directory / filename), "exec", dont_inherit=True)
    module.__file__ = str(directory / filename)
    if "refused" not in block.words:
        exec(code, module.__dict__)
        return
    named = REFUSED.search(block.text)
    assert named, f"line {block.line} does not say what is raised"
    with pytest.raises(Exception) as caught:  # noqa: PT011
        exec(code, module.__dict__)
    assert type(caught.value).__name__ == named[1], f"line {block.line}: {caught.value!r}"


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", PAGES, ids=[path.name for path in PAGES])
def test_page(path: Path, tmp_path: Path) -> None:
    run_page(path.read_text(encoding="utf-8"), path.stem.replace("-", "_"), tmp_path)


# --- the machinery itself -----------------------------------------------------------------------

PAGE = """\
# A page

```python model.py
import inspect
def f(x):
    return 2 * x
print(inspect.getsource(f), f.__code__.co_firstlineno)
```

prints

```python prints
def f(x):
    return 2 * x
 2
```

```python
def g(x):
    return f(x) / 0
print(g.__code__.co_firstlineno, len(inspect.getsource(g)))
```

```text prints
19 30
```

```sh
not python
```

```python refused
g(1)  # refused: ZeroDivisionError
```
"""


def test_a_page_runs(tmp_path: Path) -> None:
    run_page(PAGE, "page", tmp_path)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [("19 30", "19 31"), ("2 * x\n 2", "3 * x\n 2"), (": ZeroDivisionError", ": KeyError")],
    ids=["other output", "other source", "other error"],
)
def test_a_wrong_page_fails(was: str, becomes: str, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        run_page(PAGE.replace(was, becomes), "page", tmp_path)


def test_a_block_that_should_raise_fails_if_it_does_not(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception):
        run_page("```python refused\npass  # refused: KeyError\n```\n", "page", tmp_path)


def test_the_commands_of_the_readme_name_what_exists() -> None:
    commands = [block.text for block in blocks_of((ROOT / "README.md").read_text(encoding="utf-8"))
                if block.words[:1] == ["sh"]]  # fmt: skip
    assert commands
    for command in commands:
        for script in re.findall(r"\S+\.py", command):
            assert (ROOT / script).is_file()
