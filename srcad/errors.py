"""Every way in which srcad says no: one class a diagnosis, each with its evidence.

There are two kinds of no. `NotYet` promises that the case is meant to work one day; `Never` that it
will not, because no right answer exists. Both name the place, quote it with a caret, and say what
to write instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the user's source: lines count from 1, columns from 0 as in `ast`."""

    filename: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str  # the first line, as it stands in the file

    def __str__(self) -> str:
        return f"{self.filename}:{self.line}:{self.column + 1}"

    def quote(self) -> str:
        """The line and a caret under it, as compilers draw them."""
        number = str(self.line)
        margin = " " * len(number)
        before = "".join("\t" if c == "\t" else " " for c in self.text[: self.column])
        end = self.end_column if self.end_line == self.line else len(self.text)
        carets = "^" * max(1, end - self.column)
        return "\n".join(
            [
                f"  --> {self}",
                f"{margin} |",
                f"{number} | {self.text}",
                f"{margin} | {before}{carets}",
            ]
        )


class SrcadError(Exception):
    """A function, or a call of it, that srcad refuses.

    Attributes:
        reason: why, in one clause.
        span: where, or None when the fault has no place in the user's source.
        hint: what to write instead; a class may have one for all of its kind.
    """

    usual_hint: ClassVar[str | None] = None

    def __init__(self, reason: str, span: Span | None = None, hint: str | None = None) -> None:
        super().__init__(reason, span, hint)
        self.reason = reason
        self.span = span
        self.hint = self.usual_hint if hint is None else hint

    def __str__(self) -> str:
        lines = [self.reason]
        if self.span is not None:
            lines.append(self.span.quote())
        if self.hint is not None:
            margin = " " * len(str(self.span.line)) if self.span is not None else " "
            lines.append(f"{margin} = {self.hint}")
        return "\n".join(lines)


class NotYet(SrcadError):
    """A case that has a right answer, which srcad cannot yet prove that it would give."""


class Never(SrcadError):
    """A case without a right answer: the program, or the request, has to change."""


# --- what the front end refuses: at `grad(f)` ---------------------------------------------------


class NoSource(Never):
    """The function has no source text to read: a built-in, or typed at `python -c`."""


class UnsupportedSyntax(NotYet):
    """A statement or expression outside the language."""


class UnknownArgument(Never, TypeError):
    """`wrt` names or counts an argument that the function does not have."""


# --- what needs a callee, a type or a rule: at `.source`, `.specialize` or the first call -------


class UnknownCall(NotYet):
    """An active value is passed to a call that srcad cannot read."""

    usual_hint = "write it as a Python function of NumPy calls"


class NoRule(NotYet):
    """A NumPy function on an active value, for which there is no derivative rule."""

    usual_hint = "write it with NumPy functions that have rules, such as those in srcad.rules"


class UnsupportedKeyword(NotYet):
    """A keyword argument that would change the result, and that the rule does not handle."""

    usual_hint = "leave it out, and do what it does in a statement of its own"


class UnsupportedWrite(NotYet):
    """A write into an array that cannot be proved to reach this one name only."""

    usual_hint = "make a new array instead"


class UnsupportedRecursion(NotYet):
    """A helper that calls itself, and is not known to return one kind of number or array."""

    usual_hint = "let it take and return numbers and arrays, or write a for loop over range"


class UnboundName(NotYet):
    """A name that is bound on one path only, and read where that cannot be decided."""

    usual_hint = "bind the name, or mend its spelling, before the gradient is called"


class UnstableType(NotYet):
    """A value whose structure changes from one iteration, or branch, to another."""

    usual_hint = "use one name for each kind of value"


class Laundered(Never):
    """An active value flows into something that carries no derivative and comes back."""

    usual_hint = "keep the number or the array itself"


class UndecidedKind(NotYet):
    """The generic source would hang on an argument's kind or rank; a specialised one does not."""

    usual_hint = "specialize the gradient for your arguments, or call it"


class NotScalar(Never, TypeError):
    """`grad` of a function whose result is not a real scalar."""

    usual_hint = "return a number, such as np.sum(...), or use vjp"


class NotDifferentiable(Never, TypeError):
    """An integer, bool or string argument in `wrt`."""


class UnsupportedArray(NotYet, TypeError):
    """An array whose dtype or class has no derivative here: complex, object, masked, ..."""


class ArgumentMismatch(Never, TypeError):
    """A call whose arguments do not fit the function's signature."""

    usual_hint = "call it as its signature says"


class CotangentMismatch(Never, TypeError):
    """A cotangent that has not the structure, or the shapes, of the value."""

    usual_hint = "give an array for each array of the value, and a number for each number"


class SignatureMismatch(Never, TypeError):
    """A specialised gradient called with arguments of another signature."""


class NotSaved(NotYet):
    """A gradient that reads an object which cannot be written into a module."""

    usual_hint = "pass it as an argument"


class NotImplementedYet(NotYet):
    """A part of the interface that is not there yet."""


class WrongGradient(Never, AssertionError):
    """`check_grads` found a derivative that differs from the numeric one."""


class InactiveResultWarning(UserWarning):
    """The result does not depend on `wrt`: the gradient is zero."""
