"""The pages about the language are true: what works is right, what is refused says so.

Every program of docs/language.md, docs/writes.md and docs/limitations.md is run; gradients are compared
with central differences, and each refused program is followed by its mend.
"""

from __future__ import annotations

import pytest

from srcad.errors import SrcadError
from tests.pages import DOCS, Program, check, check_alone, programs, programs_of

PAGES = ["language.md", "writes.md", "limitations.md"]
PROGRAMS = [program for page in PAGES for program in programs(page)]

# ==================================================================================================
# NOT_YET: what the pages promise and the compiler still refuses. A name is to be taken out of this
# list when its program is differentiated (or refused by the class that the page names): its test
# fails until that is done. When the list is empty, take it away.
# ==================================================================================================
NOT_YET: dict[str, str] = {
    "language.md": """
        put-and-fill-diagonal reshaped list-that-grows print
    """,
}


def parameter(program: Program) -> object:
    if program.name not in NOT_YET.get(program.page, "").split():
        return pytest.param(program, id=str(program))
    # refused, though it should not be; or refused by another class than the page names
    raises: tuple[type[BaseException], ...] = (AssertionError if program.refused else SrcadError,)
    mark = pytest.mark.xfail(raises=raises, strict=True, reason="refused as yet")
    return pytest.param(program, id=str(program), marks=(mark,))


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("program", [parameter(program) for program in PROGRAMS])
def test_program(program: Program) -> None:
    check(program)


@pytest.mark.parametrize("program", [p for p in PROGRAMS if not p.refused], ids=str)
def test_program_without_srcad(program: Program) -> None:
    check_alone(program)


def test_names_are_unique() -> None:
    for page in PAGES:
        names = [program.name for program in PROGRAMS if program.page == page and program.name]
        assert len(names) == len(set(names))


def test_what_is_not_yet_there_is_on_its_page() -> None:
    for page, names in NOT_YET.items():
        assert set(names.split()) <= {p.name for p in PROGRAMS if p.page == page}


@pytest.mark.parametrize("page", PAGES)
def test_every_refused_program_is_followed_by_its_mend(page: str) -> None:
    order = [program.refused for program in PROGRAMS if program.page == page]
    first = order.index(True)
    assert not any(one and other for one, other in zip(order, [*order[1:], True], strict=True))
    if page != "writes.md":  # there, more than mends stands between the refusals
        assert order[first:] == [True, False] * ((len(order) - first) // 2)


REFUSALS = """
    generator generator-expression iterator match global nonlocal alias integer-array attribute
    coroutine set try
"""


def test_everything_that_the_table_refuses_is_shown() -> None:
    shown = {program.name for program in programs("language.md") if program.refused}
    assert shown == set(REFUSALS.split())


def test_the_table_leads_to_sections() -> None:
    text = (DOCS / "language.md").read_text(encoding="utf-8")
    table = text[: text.index("\n## ")]
    titles = [line.lstrip("#").strip().lower() for line in text.splitlines() if line[:2] == "##"]
    sections = {title.replace(",", "").replace(" ", "-") for title in titles}
    linked = {part.partition(")")[0] for part in table.split("(#")[1:]}
    assert linked and linked <= sections


# --- the machinery itself -----------------------------------------------------------------------

PAGE = """\
```python
import numpy as np
from srcad import grad
```

```python square
def f(x):
    return np.sum(x * x)

grad(f)(np.array([1.0, 2.0]))
```

```python refused try
def f(x):
    try:
        y = x
    except ValueError:
        y = 2.0 * x
    return y

grad(f)(1.0)  # refused: UnsupportedSyntax
```
"""


def test_a_page_is_read() -> None:
    found = [(p.line, p.name, p.refused) for p in programs_of(PAGE, "page.md")]
    assert found == [(7, "square", False), (14, "try", True)]
    for program in programs_of(PAGE, "page.md"):
        check(program)


WRONG = {
    "a wrong derivative": ("x * x)", "x * np.array(np.frombuffer(x.tobytes())))"),
    "another class": (": UnsupportedSyntax", ": UnsupportedWrite"),
    "no class": ("  # refused: UnsupportedSyntax", ""),
    "no gradient": ("grad(f)(np.array([1.0, 2.0]))", "f(np.array([1.0, 2.0]))"),
    "not refused": (
        "    try:\n        y = x\n    except ValueError:\n        y = 2.0 * x",
        "    y = x",
    ),
}


@pytest.mark.parametrize(("was", "becomes"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_page_fails(was: str, becomes: str) -> None:
    assert PAGE.count(was) == 1
    with pytest.raises((AssertionError, SrcadError, pytest.fail.Exception)):
        for program in programs_of(PAGE.replace(was, becomes), "page.md"):
            check(program)
