"""Names for generated code: never one that the text already uses."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterable


def reserved(name: str) -> bool:
    """Whether a name is Python's own: a keyword or a built-in."""
    return keyword.iskeyword(name) or (hasattr(builtins, name) and not name.startswith("_"))


class Names:
    """The names in use, and new ones beside them."""

    def __init__(self, used: Iterable[str] = ()) -> None:
        self.used = set(used)

    def fresh(self, base: str) -> str:
        """`base`, or `base_1`, `base_2`, ... if it is taken; it is taken from now on.

        >>> Names({"h"}).fresh("h")
        'h_1'
        """
        name, number = base, 0
        while name in self.used or reserved(name):
            number += 1
            name = f"{base}_{number}"
        self.used.add(name)
        return name


def plural(name: str) -> str:
    """What a list of such values is called.

    >>> plural("x"), plural("loss"), plural("h_1")
    ('xs', 'losses', 'h_1s')
    """
    return name + ("es" if len(name) > 1 and name.endswith(("s", "x", "ch")) else "s")
