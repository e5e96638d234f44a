"""The page of limitations is true: each refused program is refused, each mend works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import srcad
from srcad.errors import SrcadError
from srcad.normalise import normalise
from srcad.source import read
from srcad.syntax import fence
from tests.programs import remember, run

PAGE = Path(__file__).parent.parent / "docs" / "limitations.md"
BLOCK = re.compile(r"^```python( refused)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = re.compile(r"grad\(.*# refused: (\w+)$", re.MULTILINE)


def blocks() -> Iterator[Any]:
    """The programs of the page, each at the lines where it stands there."""
    page = PAGE.read_text(encoding="utf-8")
    for block in BLOCK.finditer(page):
        refused, program = block.groups()
        line = page.count("\n", 0, block.start(2))
        if "from srcad import" not in program:
            yield pytest.param(bool(refused), "\n" * line + program, id=f"line {line + 1}")


def front_end(function: Any) -> Any:
    """What `grad(f)` does at once, before it sees arguments."""
    source = read(function)
    fence(source)
    normalise(source.tree)
    return lambda *args: None


@pytest.mark.parametrize(("refused", "program"), list(blocks()))
def test_limitations(refused: bool, program: str) -> None:
    grad = getattr(srcad, "grad", front_end)
    expected = REFUSED.findall(program)
    assert len(expected) == refused
    if not refused:
        run(program, remember(program), grad=grad)
        return
    with pytest.raises(SrcadError) as caught:
        run(program, remember(program), grad=grad)
    assert type(caught.value).__name__ == expected[0]
    assert caught.value.hint


def test_every_refused_program_is_followed_by_its_mend() -> None:
    order = [parameter.values[0] for parameter in blocks()]
    assert order == [True, False] * (len(order) // 2)
