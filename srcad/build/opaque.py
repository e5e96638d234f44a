"""Which calls that srcad does not read may see a differentiated value: one table, and what is refused.

print(loss)         -> passes through: it only looks
float(str(x))       -> refused: a text tells the value, and must not come back as a number
memo(x)             -> refused: it might write x, keep it, or hand it back in disguise
rng.normal(size=n)  -> passes through: nothing differentiated goes in
"""

from __future__ import annotations

import logging
import types
import warnings
from typing import Any

import numpy as np

from srcad import errors
from srcad.errors import Span
from srcad.types import BOOL, INT, OBJECT, Object, Type

TELLING = Object(carries=True)
LOOKING: dict[Any, Type] = {
    print: OBJECT,
    isinstance: BOOL,
    callable: BOOL,
    type: OBJECT,
    id: INT,
    warnings.warn: OBJECT,
    str: TELLING,
    repr: TELLING,
    format: TELLING,
}
"""Calls that only look at a differentiated value, with the type of what they return."""
CASTS: dict[Any, Type] = {int: INT, len: INT, bool: BOOL}
"""The same for one argument: whole numbers carry no derivative."""
ASKING = {getattr, hasattr, len, bool, iter, min, max, sorted}
"""Calls of Python's own that leave an object as it is."""
EFFECTS = {print, warnings.warn}
"""Those of them that are called for what they do: their statements stay."""
MUTATING_METHODS = {
    "append", "extend", "insert", "pop", "remove", "clear", "update", "setdefault", "popitem", "sort",
    "reverse", "fill", "put", "itemset", "partition", "resize", "setflags", "setfield", "byteswap",
    "shuffle",
}  # fmt: skip
MUTATING = {np.place, np.putmask, np.put_along_axis, np.maximum.at, np.minimum.at, np.multiply.at}
HINTS: dict[Any, str] = {
    sorted: "write np.sort(x)",
    divmod: "write x // y and x % y",
}


def looks(callee: Any, count: int, varied: bool) -> Type | None:
    """The type of the result if a call with `count` arguments only looks at them, else None."""
    if member(callee, LOOKING):
        found = LOOKING[callee]
        return OBJECT if isinstance(found, Object) and not varied else found
    if type(getattr(callee, "__self__", None)) is str and callee.__name__ == "format":
        return TELLING if varied else OBJECT
    if is_logging(callee) or (isinstance(callee, type) and issubclass(callee, BaseException)):
        return OBJECT
    return CASTS[callee] if count == 1 and member(callee, CASTS) else None


def has_effect(callee: Any) -> bool:
    """Whether a call that only looks is made for what it does."""
    return member(callee, EFFECTS) or is_logging(callee)


def refuse_call(callee: Any, name: str, varied: bool, span: Span) -> None:
    """Refuse a call of what is not known that writes, or sees a differentiated value."""
    if member(callee, MUTATING) or getattr(callee, "__name__", "") == "shuffle":
        raise errors.UnsupportedWrite(f"{name} writes its argument", span)
    if not varied:
        return
    hint = HINTS.get(callee) if member(callee, HINTS) else None
    if is_numeric(callee):
        raise errors.NoRule(f"{name} has no derivative rule", span, hint)
    raise errors.UnknownCall(
        f"{name} is called with a differentiated value, and srcad cannot read it",
        span,
        hint or "write it as a Python function of NumPy calls",
    )


def reads_names(name: str, span: Span) -> errors.UnknownCall:
    """The error for a call that may see a differentiated value without being given one."""
    return errors.UnknownCall(
        f"{name} may read the names of the function that calls it",
        span,
        "pass what it needs as an argument",
    )


def refuse_method(name: str, varied: bool, span: Span) -> None:
    """Refuse a method of what is not an array that writes, or sees a differentiated value."""
    if name in MUTATING_METHODS:
        raise errors.UnsupportedWrite(
            f"the method {name} writes its object", span, "make a new array instead"
        )
    if varied:
        raise errors.NoRule(f"the method {name} of a differentiated value has no rule", span)


def may_write(callee: Any) -> bool:
    """Whether an unknown call might write the arrays that it is given."""
    return not is_numeric(callee) and not member(callee, HINTS)


def is_numeric(callee: Any) -> bool:
    """Whether a function is of NumPy, SciPy or `math`: it leaves its arguments alone."""
    return module_of(callee).split(".")[0] in ("numpy", "math", "scipy")


def is_user_function(thing: Any) -> bool:
    """Whether it is a Python function to be read and inlined."""
    known = ("numpy", "scipy", "logging", "warnings")
    return isinstance(thing, types.FunctionType) and module_of(thing).split(".")[0] not in known


def is_logging(thing: Any) -> bool:
    """Whether a function writes a log."""
    bound = isinstance(getattr(thing, "__self__", None), logging.Logger)
    return bound or module_of(thing) == "logging"


def module_of(thing: Any) -> str:
    """The name of the module that a function comes from."""
    return getattr(thing, "__module__", None) or type(thing).__module__


def member(thing: Any, collection: Any) -> bool:
    """Whether a thing, which may have no hash, is in a collection."""
    try:
        return thing in collection
    except TypeError:
        return False
