"""A `try` statement that nothing differentiated takes part in: it passes through as it is written.

    try:                            passes through: n is opaque, and no derivative comes through it
        n = int(options["n"])
    except KeyError:
        n = 3
    try:                            refused: how far the body came decides what y is
        y = np.linalg.solve(A, x)
    except np.linalg.LinAlgError:
        y = x
"""

from __future__ import annotations

from typing import Any

import gast

from srcad import errors
from srcad.build.closures import locals_in
from srcad.build.helpers import Helpers
from srcad.frames import is_reader
from srcad.graph import Const, Operand, values
from srcad.primitive import name_of
from srcad.references import assigned, names_of_exceptions, read_by_try
from srcad.statements import UNBOUND
from srcad.types import UNKNOWN, Tensor

HINT = "test with an if before it would be raised"


def build_try(walker: Helpers, node: Any) -> None:
    """A `try` as a whole: what it binds is opaque."""
    own = names_of_exceptions(node)
    bound = [name for name in assigned(node) if name not in own]
    for name in sorted({*read_by_try(node), *bound} & {*walker.env}):
        if walker.varied(walker.env[name]) or locals_in(walker.env[name]):
            raise errors.UnsupportedSyntax(
                f"an exception is caught around {name}, which is differentiated",
                walker.span(node),
                HINT,
            )
    for name in sorted(read_by_try(node) & {*walker.env}):
        check_arrays(walker, node, name, walker.env[name])
    for part in gast.walk(node):
        check_part(walker, part)
    walker.effect = True
    statement = walker.plain(node)
    origins = walker.emitter.state.origins
    for name in bound:
        before = walker.env.get(name, UNBOUND)
        out = walker.unread([], UNKNOWN, node)
        origins[out] |= walker.emitter.state.origins_of(before)  # it may be what it was
        walker.env[name] = statement.binds[name] = out
    for name in own:
        walker.env.pop(name, None)


def check_arrays(walker: Helpers, node: Any, name: str, operand: Operand) -> None:
    """Refuse an array, which a `try` might write."""
    for value in values(operand):
        type_ = walker.emitter.type(value)
        if isinstance(type_, Tensor) and not type_.immutable:
            raise errors.UnsupportedSyntax(
                f"an exception is caught around {name}, an array that might be written",
                walker.span(node),
                HINT,
            )


def check_part(walker: Helpers, node: Any) -> None:
    """Refuse what leaves a `try`, or reads names behind srcad's back."""
    if isinstance(node, (gast.Return, gast.Break, gast.Continue)):
        raise errors.UnsupportedSyntax("a try is left early", walker.span(node), HINT)
    if not isinstance(node, gast.Name) or node.id in walker.env or node.id in walker.outside.local:
        return
    found = walker.value(node) if isinstance(node.ctx, gast.Load) else None
    if found is not None:
        check_arrays(walker, node, node.id, found)
    if isinstance(found, Const) and is_reader(found.value):
        raise errors.UnknownCall(
            f"{name_of(found.value)} may read the names of the function that calls it",
            walker.span(node),
            "pass what it needs as an argument",
        )
