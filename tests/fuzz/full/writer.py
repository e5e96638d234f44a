"""Whole programs of the whole language, from a seed or from Hypothesis."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.fuzz.choices import Choices, DrawnChoices, SeededChoices
from tests.fuzz.full.calls import Calls
from tests.fuzz.programs import Program, ProgramWriter, chosen
from tests.fuzz.scope import Helper

# How often each production is chosen. Those with a weight of 0 are for the default grammar alone.
WEIGHTS: dict[str, int] = {
    # names
    "assign": 14,
    "augment": 5,
    "view": 2,
    "swap": 4,
    "assign_pair": 3,
    "chain": 4,
    "alias": 1,
    "starred": 4,
    "unpacked": 2,
    "deleted": 3,
    "annotated": 3,
    # writes
    "store_item": 5,
    "scale_item": 2,
    "store_slice": 8,
    "store_row": 3,
    "store_whole": 2,
    "store_mask": 4,
    "store_mask_values": 1,
    "store_fancy": 4,
    "add_at": 4,
    "overlapping": 4,
    "out": 4,
    "fill": 4,
    "copyto": 4,
    "fill_diagonal": 4,
    "put": 4,
    "sort": 4,
    "swap_items": 4,
    "view_written": 4,
    "reshaped_written": 4,
    "transpose_store": 3,
    "diagonal_view": 4,
    "flat_store": 4,
    "alias_written": 4,
    "copy_written": 2,
    "built_by_items": 3,
    "built_by_rows": 3,
    "prefix": 3,
    "ping_pong": 4,
    "stencil": 3,
    # calls, containers, statements, scalars
    "helper_call": 26,
    "helper_writes": 8,
    "helper_writes_in_loop": 3,
    "nested_def": 4,
    "nested_def_writes": 2,
    "lambda_bound": 3,
    "list_grown": 4,
    "list_changed": 8,
    "dict_built": 4,
    "record_made": 8,
    "list_comprehension": 5,
    "dict_comprehension": 4,
    "reduced_by_python": 5,
    "walrus": 4,
    "one_path": 3,
    "container": 2,
    "harmless": 10,
    "guarded": 4,
    "logged": 4,
    "imported": 4,
    "inactive_try": 4,
    "math_call": 4,
    "converted": 4,
    "read_after": 2,
    "nested_counts": 2,
    "search": 3,
    "while_on_data": 3,
}
BLOCKS: dict[str, int] = {
    "for_range": 10,
    "for_reversed": 5,
    "for_elements": 8,
    "for_enumerate": 6,
    "for_zip": 6,
    "for_list": 6,
    "for_items": 6,
    "while_counts": 7,
    "branch": 12,
    "chained_comparison": 6,
    "short_circuit": 6,
    "with_context": 6,
    "early_exit": 5,
}
PLAIN = {"assign", "augment", "assign_pair", "view", "for_range", "branch"}
"""What every program may use, also where a run is restricted to some productions."""

IMPORTS = """\
import contextlib
import functools
import logging
import math

import numpy as np

from tests.fuzz.records import Pair, Record

logger = logging.getLogger(__name__)
"""


class FullWriter(Calls, ProgramWriter):
    """Arguments, helpers, a body of the whole language, and a returned scalar."""

    def __init__(
        self, choices: Choices, sizes: tuple[int, int], only: frozenset[str] | None = None
    ) -> None:
        super().__init__(choices, sizes, wide=True)
        self.definitions = {}
        self.only = only

    def block(self, budget: int) -> None:
        """Some statements; at least one."""
        options = [(w, name) for name, w in WEIGHTS.items() if name in PLAIN or self.allows(name)]
        if self.nested < 3 and budget >= 2:
            share = 3 if self.only is None else 1
            options += [
                (share * w, name)
                for name, w in BLOCKS.items()
                if name in PLAIN or self.allows(name)
            ]
        while budget > 0:
            budget -= getattr(self, self.choices.weighted(options))(budget)
            if self.nested and self.choices.chance(30):
                return

    def inside(self, budget: int, scope: Any) -> Any:
        """The blocks of a branch may hold exits of the loop around."""
        return self.statements(budget, scope.copy())

    def full_helper(self) -> list[str]:
        """A helper whose body comes from the whole grammar."""
        name = self.fresh_name("helper")
        inner = FullWriter(self.choices, self.sizes, self.only)
        inner.counter = 100 * self.counter
        shapes = (self.shape(), self.shape())
        inner.scope.helpers = list(self.scope.helpers)
        inner.scope.floats = {"a": shapes[0], "b": shapes[1], "k": ()}
        inner.result_shape = result = self.choices.pick(shapes)
        inner.block(self.choices.integer(1, 3))
        text = inner.expression(result, 2)
        self.definitions |= inner.definitions
        self.scope.helpers.append(Helper(name, ("a", "b"), shapes, result, "k"))
        return [f"def {name}(a, b, k=0.5):", *inner.lines, f"    return {text}", "", ""]

    def program(self, label: str) -> Program:
        """A whole program."""
        helpers: list[str] = []
        for _ in range(self.choices.weighted([(5, 0), (4, 1), (1, 2)])):
            helpers += self.full_helper()
        names = ("x", "y", "w")[: self.choices.integer(1, 3)]
        texts = [self.argument(name, "float64") for name in names]
        if self.allows("record_argument") and self.choices.chance(15):
            names = (*names, "record")
            texts.append(self.record_argument())
        parameters = list(names)
        if self.choices.chance(50):
            parameters.append("n")
            texts.append(str(self.choices.integer(0, 4)))
            self.scope.integers["n"] = 4
        wrt = tuple(name for name in names if not self.choices.chance(10)) or names[:1]
        self.active = set(names)
        self.block(self.choices.integer(4, 12))
        self.lines.append(f"    return {self.result()}")
        body = [f"def program({', '.join(parameters)}):", *self.lines, ""]
        definitions = "\n\n".join(dict.fromkeys(self.definitions.values()))
        text = "\n".join([IMPORTS, "", definitions, "", *helpers, *body])
        return Program(text, "program", tuple(texts), wrt, label)

    def record_argument(self) -> str:
        """A named tuple or a dataclass of two arrays."""
        shape = self.shape(self.choices.integer(0, 1))
        kind, fields = self.choices.pick(
            (("Pair", ("first", "second")), ("Record", ("weight", "bias")))
        )
        for field in fields:
            self.scope.fixed[f"record.{field}"] = shape
        return f"{kind}({self.array(shape, 'float64')}, {self.array(shape, 'float64')})"


def write_program(choices: Choices, label: str, only: frozenset[str] | None = None) -> Program:
    """A program from a source of decisions; it may not run."""
    sizes = (choices.integer(1, 3), choices.integer(1, 3))
    return FullWriter(choices, sizes, only).program(label)


def full_program(seed: int, only: frozenset[str] | None = None) -> Program:
    """The program of a seed, which runs; `only` names the productions besides the plain ones.

    Raises:
        ValueError: if there is no production of a name.
    """
    unknown = (only or frozenset()) - {*WEIGHTS, *BLOCKS, "loop_else", "record_argument"}
    if unknown:
        raise ValueError(f"no production is called {', '.join(sorted(unknown))}")
    label = f"full seed {seed}"
    for attempt in range(300):
        choices = SeededChoices(f"{label}.{attempt}")
        found = chosen(write_program(choices, label, only), choices)
        if found is not None:
            return found
    raise AssertionError(f"no program for seed {seed}")


@st.composite
def full_programs(draw: Any) -> Program:
    """Programs for Hypothesis."""
    choices = DrawnChoices(lambda low, high: draw(st.integers(low, high)))
    found = chosen(write_program(choices, "drawn"), choices)
    assume(found is not None)
    return found
