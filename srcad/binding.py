"""Arguments by the function's signature: which `wrt` means, and those of a call in order."""

from __future__ import annotations

import builtins
import difflib
import inspect
import operator
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

from srcad import errors
from srcad.errors import Span

Wrt = int | str | Sequence[int | str]


def chosen(wrt: Wrt, names: Sequence[str], function: str, span: Span | None) -> tuple[str, ...]:
    """The names of the arguments that `wrt` means; the function and its place are for errors.

    >>> chosen((0, -1, "w"), ("x", "w", "b"), "loss", None)
    ('x', 'b', 'w')

    Raises:
        UnknownArgument: there is no such argument, none is asked for, or one is asked for twice.
    """
    if not isinstance(wrt, (tuple, list)):
        return (_name(wrt, names, function, span),)
    found = tuple(_name(item, names, function, span) for item in wrt)
    if not found:
        raise errors.UnknownArgument("wrt names no argument", span, f"give one of {_listed(names)}")
    if len(set(found)) < len(found):
        raise errors.UnknownArgument(f"wrt names an argument twice: {', '.join(found)}", span)
    return found


def _name(wrt: Any, names: Sequence[str], function: str, span: Span | None) -> str:
    if isinstance(wrt, str):
        if wrt in names:
            return wrt
        close = difflib.get_close_matches(wrt, names, 1)
        raise errors.UnknownArgument(
            f"{function} has no argument {wrt!r}",
            span,
            f"did you mean {close[0]!r}?" if close else f"it has {_listed(names)}",
        )
    position = _position(wrt)
    if position is None:
        raise errors.UnknownArgument(
            f"wrt is an int, a name, or a tuple of these, and not {wrt!r}", span
        )
    if not -len(names) <= position < len(names):
        raise errors.UnknownArgument(
            f"{function} has no argument number {position}", span, f"it has {_listed(names)}"
        )
    return names[position]


def _position(wrt: object) -> int | None:
    if isinstance(wrt, bool):
        return None
    try:
        return operator.index(wrt)  # type: ignore[arg-type]
    except TypeError:
        return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "no arguments"


_ANY = inspect.Parameter.VAR_POSITIONAL
_ANY_KEYWORD = inspect.Parameter.VAR_KEYWORD
_KEYWORD = inspect.Parameter.KEYWORD_ONLY


class Binding:
    """How a call's arguments become values in the order of the parameters, and are handed on.

    It holds as long as the function's defaults are those that it was made with.
    """

    def __init__(self, function: FunctionType, name: str) -> None:
        self.function = function
        self.name = name
        self.signature = inspect.signature(function)
        self.parameters = tuple(self.signature.parameters)
        kinds = {name: p.kind for name, p in self.signature.parameters.items()}
        self.rest = next((n for n, kind in kinds.items() if kind is _ANY), None)  # of `*rest`
        self.more = next((n for n, kind in kinds.items() if kind is _ANY_KEYWORD), None)
        self.gathered = tuple(n for n in (self.rest, self.more) if n is not None)
        self.keywords = tuple(n for n, kind in kinds.items() if kind is _KEYWORD)
        self.by_position = not self.keywords and not self.gathered
        self.defaults = function.__defaults__
        self.keyword_defaults = function.__kwdefaults__
        self._values = self._gatherer()

    @property
    def current(self) -> bool:
        """Whether the function's defaults are still the ones that this was made with."""
        same = self.function.__defaults__ is self.defaults
        return same and self.function.__kwdefaults__ is self.keyword_defaults

    def _gatherer(self) -> Callable[..., tuple[Any, ...]]:
        """A function with these parameters that returns the tuple of its arguments."""
        heads = [p.replace(default=p.empty, annotation=p.empty) for p in self._bare()]
        head = str(inspect.Signature(heads)).strip("()")
        names = "".join(f"{name}, " for name in self.parameters)
        code = eval(f"lambda {head}: ({names})", {"__builtins__": builtins}).__code__
        gather = FunctionType(code, {}, self.name, self.defaults)
        gather.__kwdefaults__ = self.keyword_defaults  # the same dict, read at each call
        return gather

    def _bare(self) -> Sequence[inspect.Parameter]:
        return tuple(self.signature.parameters.values())

    def values(self, args: Sequence[Any], keywords: dict[str, Any]) -> tuple[Any, ...]:
        """The values of a call's arguments, defaults included.

        Raises:
            ArgumentMismatch: the arguments do not fit the signature.
        """
        try:
            return self._values(*args, **keywords)
        except TypeError as error:
            raise errors.ArgumentMismatch(self._why(args, keywords, str(error))) from None

    def _why(self, args: Sequence[Any], keywords: dict[str, Any], otherwise: str) -> str:
        try:
            self.signature.bind(*args, **keywords)
        except TypeError as error:
            return f"{self.name}: {error}"
        return f"{self.name}: {otherwise}"

    def call(self, function: Callable[..., Any], values: tuple[Any, ...]) -> Any:
        """Call a function that has the same parameters."""
        if self.by_position:
            return function(*values)
        given = dict(zip(self.parameters, values, strict=True))
        keywords = {name: given.pop(name) for name in self.keywords}
        rest = () if self.rest is None else given.pop(self.rest)
        keywords.update({} if self.more is None else given.pop(self.more))
        return function(*given.values(), *rest, **keywords)
