"""What is known of a value before it runs: kind, dtype, dimensions and their arithmetic.

A dimension is a number, a symbol or an expression of symbols; two dimensions are provably equal when
they are equal after `Facts.find`. A symbol made from an argument is at least 2, since the signature
tells 0 and 1 from the rest; an expression such as `n - 2` may turn out to be 0 or 1.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

Kind = Literal["python", "scalar", "number", "array"]
"""A Python number, a NumPy scalar, one of these two, or an ndarray (0-d included)."""


# --- dimensions ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """An unknown size. `several`: the signature has ruled out 0 and 1."""

    name: str
    several: bool = False

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Shifted:
    """`max(base - shift, 0)`: the size of `x[1:]`, `x[:-2]`, `x[1:-1]`."""

    base: Symbol
    shift: int

    def __str__(self) -> str:
        return f"{self.base} - {self.shift}"


@dataclass(frozen=True, slots=True)
class Expression:
    """Any other size, equal to another only if it is written alike: `n + m`, `n * m`, `n // 2`."""

    operator: str
    operands: tuple[Dim, ...]

    def __str__(self) -> str:
        return f" {self.operator} ".join(
            f"({o})" if isinstance(o, (Expression, Shifted)) else str(o) for o in self.operands
        )


Dim = int | Symbol | Shifted | Expression


def fresh(name: str = "?") -> Symbol:
    """A size of which nothing is known; it equals only itself."""
    return Symbol(name)


def minus(dim: Dim, shift: int) -> Dim:
    """`max(dim - shift, 0)` for shift >= 0."""
    if shift == 0:
        return dim
    if isinstance(dim, int):
        return max(dim - shift, 0)
    if isinstance(dim, Symbol):
        return Shifted(dim, shift)
    if isinstance(dim, Shifted):
        return Shifted(dim.base, dim.shift + shift)
    if dim.operator == "+" and isinstance(dim.operands[-1], int) and dim.operands[-1] >= shift:
        return plus((*dim.operands[:-1], dim.operands[-1] - shift))
    return Expression("-", (dim, shift))


def plus(dims: Iterable[Dim]) -> Dim:
    """The sum of sizes, as of a concatenation; `(n - 1) + 1` is n where n is not 0."""
    known = 0
    others: list[Dim] = []
    for dim in dims:
        if isinstance(dim, int):
            known += dim
        elif isinstance(dim, Expression) and dim.operator == "+":
            known += sum(o for o in dim.operands if isinstance(o, int))
            others += [o for o in dim.operands if not isinstance(o, int)]
        else:
            others.append(dim)
    for i, dim in enumerate(others):
        if known and isinstance(dim, Shifted) and dim.shift <= least(dim.base):
            back = min(known, dim.shift)
            known -= back
            others[i] = minus(dim.base, dim.shift - back)
    if not others:
        return known
    if known == 0 and len(others) == 1:
        return others[0]
    return Expression("+", (*others, known) if known else tuple(others))


def times(dims: Iterable[Dim]) -> Dim:
    """The product of sizes, as of `ravel`."""
    known, others = 1, []
    for dim in dims:
        if isinstance(dim, int):
            known *= dim
        else:
            others.append(dim)
    if not others or known == 0:
        return known
    if known == 1 and len(others) == 1:
        return others[0]
    return Expression("*", (known, *others) if known != 1 else tuple(others))


def least(dim: Dim) -> int:
    """A number that a size is not below."""
    if isinstance(dim, int):
        return dim
    if isinstance(dim, Symbol):
        return 2 if dim.several else 0
    if isinstance(dim, Shifted):
        return max(least(dim.base) - dim.shift, 0)
    operands = [least(o) for o in dim.operands]
    if dim.operator == "+":
        return sum(operands)
    if dim.operator == "*":
        return math.prod(operands)
    return min(operands) if dim.operator == "min" else 0


@dataclass(slots=True)
class Facts:
    """Which symbols a primal operation has forced to agree: a union-find that a block extends.

    A block of an `if` or a loop starts from a copy of its parent's facts, since what holds there need
    not hold outside.
    """

    parent: dict[Symbol, Dim] = field(default_factory=dict)

    def copy(self) -> Facts:
        return Facts(dict(self.parent))

    def find(self, dim: Dim) -> Dim:
        """The one representative of all dimensions known to equal `dim`."""
        if isinstance(dim, Symbol):
            while isinstance(dim, Symbol) and dim in self.parent:
                dim = self.parent[dim]
            return dim if isinstance(dim, (int, Symbol)) else self.find(dim)
        if isinstance(dim, Shifted):
            return minus(self.find(dim.base), dim.shift)
        if isinstance(dim, Expression):
            operands = tuple(self.find(o) for o in dim.operands)
            if dim.operator == "+":
                return plus(operands)
            if dim.operator == "*":
                return times(operands)
            return Expression(dim.operator, operands)
        return dim

    def equal(self, a: Dim, b: Dim) -> bool:
        return a is b or self.find(a) == self.find(b)

    def not_one(self, dim: Dim) -> bool:
        """Whether a size is surely not 1, so that it is not broadcast."""
        dim = self.find(dim)
        return dim != 1 if isinstance(dim, int) else least(dim) >= 2

    def not_empty(self, dims: Iterable[Dim]) -> bool:
        """Whether an array of these sizes surely has elements."""
        return all(least(self.find(dim)) >= 1 for dim in dims)

    def unify(self, a: Dim, b: Dim) -> None:
        """Record that `a` and `b` are one size: the program has just run on that assumption."""
        a, b = self.find(a), self.find(b)
        if a == b:
            return
        if isinstance(b, Symbol) and not (isinstance(a, Symbol) and b.several and not a.several):
            a, b = b, a
        if isinstance(a, Symbol) and not _mentions(b, a):
            self.parent[a] = b

    def fill(self, dims: Sequence[Dim], shape: Sequence[Dim]) -> None:
        """Record that an array of `dims` has been spread to `shape`: what is not 1 agrees."""
        for dim, size in zip(reversed(dims), reversed(shape), strict=False):
            if self.not_one(dim):
                self.unify(dim, size)

    def broadcast(self, shapes: Sequence[Sequence[Dim]]) -> tuple[Dim, ...]:
        """The broadcast shape; sizes that must agree are unified, those that may be 1 give unknown."""
        rank = max((len(s) for s in shapes), default=0)
        return tuple(
            self._broadcast_axis([s[len(s) - rank + i] for s in shapes if len(s) - rank + i >= 0])
            for i in range(rank)
        )

    def _broadcast_axis(self, dims: list[Dim]) -> Dim:
        dims = [d for d in map(self.find, dims) if d != 1]
        if not dims:
            return 1
        big = [d for d in dims if self.not_one(d)]
        for other in big[1:]:
            self.unify(big[0], other)
        if big:
            return self.find(big[0])
        first = dims[0]
        return first if all(self.equal(first, d) for d in dims) else fresh()


def _mentions(dim: Dim, symbol: Symbol) -> bool:
    if isinstance(dim, Symbol):
        return dim is symbol
    if isinstance(dim, Shifted):
        return dim.base is symbol
    if isinstance(dim, Expression):
        return any(_mentions(o, symbol) for o in dim.operands)
    return False


# --- types --------------------------------------------------------------------------------------


def same_dtype(a: np.dtype | None, b: np.dtype | None) -> bool:
    """Whether two dtypes are one, or both unknown; NumPy's own `==` takes None for float64.

    >>> same_dtype(np.dtype(np.float64), None), np.dtype(np.float64) == None
    (False, True)
    """
    return a is b or (a is not None and b is not None and a == b)


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """A number or an array of which each of the three may be unknown (None).

    `value` is the size that an integer holds (`x.shape[0]`), where it is known.
    """

    dtype: np.dtype | None = None
    dims: tuple[Dim, ...] | None = None
    kind: Kind | None = None
    value: Dim | None = None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tensor):
            return NotImplemented
        mine, theirs = (self.dims, self.kind, self.value), (other.dims, other.kind, other.value)
        return mine == theirs and same_dtype(self.dtype, other.dtype)

    def __hash__(self) -> int:
        return hash((self.dtype, self.dims, self.kind, self.value))

    @property
    def ndim(self) -> int | None:
        return None if self.dims is None else len(self.dims)

    @property
    def weak(self) -> bool | None:
        """Whether it is a Python number, which does not promote; None where that is unknown."""
        if self.kind in ("python", "scalar", "array"):
            return self.kind == "python"
        return False if self.dims else None

    @property
    def immutable(self) -> bool:
        """Whether it is surely a number and never an array."""
        return self.kind in ("python", "scalar", "number")

    def __str__(self) -> str:
        if self.kind == "python" and self.dtype is not None:
            return {"f": "float", "i": "int", "b": "bool", "c": "complex"}[self.dtype.kind]
        dtype = "?" if self.dtype is None else self.dtype.str[1:]
        dims = "..." if self.dims is None else ", ".join(map(str, self.dims))
        return dtype if self.immutable else f"{dtype}[{dims}]"


@dataclass(frozen=True, slots=True)
class Object:
    """A Python object that is no number: it carries no derivative, unless it is unknown."""

    carries: bool = False  # True: it might hold numbers or arrays (an attribute, an unknown call)

    def __str__(self) -> str:
        return "object"


@dataclass(frozen=True, slots=True)
class Sizes:
    """A tuple of integers: what `x.shape` is."""

    dims: tuple[Dim, ...] | None

    def __str__(self) -> str:
        return "sizes"


@dataclass(frozen=True, slots=True)
class Never(Object):
    """What the items of an empty list are."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list whose items have one type, and whose length only the run knows."""

    item: Type

    def __str__(self) -> str:
        return f"list of {self.item}"


Type = Tensor | Object | Sizes | ListOf

UNKNOWN = Tensor()
OBJECT = Object()
ANYTHING = Object(carries=True)
FLOAT = Tensor(np.dtype(np.float64), (), "python")
INT = Tensor(np.dtype(np.int64), (), "python")
BOOL = Tensor(np.dtype(np.bool_), (), "python")


def integer(value: Dim | None) -> Tensor:
    """A Python integer that holds a size."""
    return replace(INT, value=value)


def array(dtype: np.dtype | None, dims: Sequence[Dim] | None) -> Tensor:
    """What a NumPy function returns: an array, or a NumPy scalar where the rank is 0."""
    if dims is None:
        return Tensor(dtype, None, None)
    return Tensor(dtype, tuple(dims), "array" if len(dims) else "scalar")


def type_of(value: object, symbols: Iterable[Symbol] | None = None) -> Type:
    """The type of a constant."""
    if isinstance(value, (bool, int, float, complex)) and type(value) in _PYTHON:
        known = int(value) if type(value) is int else None
        return Tensor(_PYTHON[type(value)], (), "python", known)
    if isinstance(value, np.generic) and value.dtype.kind in "biufc":
        return Tensor(value.dtype, (), "scalar")
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return Tensor(value.dtype, tuple(value.shape), "array")
    return OBJECT


_PYTHON: dict[type, np.dtype] = {
    bool: np.dtype(np.bool_),
    int: np.dtype(np.int64),
    float: np.dtype(np.float64),
    complex: np.dtype(np.complex128),
}


def join(a: Type, b: Type, facts: Facts) -> Type:
    """What is known of a value that is one or the other: at the end of an `if`, at a loop's head."""
    if a == b or isinstance(b, Never):
        return a
    if isinstance(a, Never):
        return b
    if isinstance(a, Sizes) and isinstance(b, Sizes):
        return Sizes(None)
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return ListOf(join(a.item, b.item, facts))
    if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
        plain = all(
            isinstance(t, Sizes) or (isinstance(t, Object) and not t.carries) for t in (a, b)
        )
        return Object(carries=not plain)
    dims: tuple[Dim, ...] | None = None
    if a.dims is not None and b.dims is not None and len(a.dims) == len(b.dims):
        dims = tuple(
            x if facts.equal(x, y) else fresh() for x, y in zip(a.dims, b.dims, strict=True)
        )
    return Tensor(
        a.dtype if same_dtype(a.dtype, b.dtype) else None,
        dims,
        _join_kinds(a.kind, b.kind),
        a.value if a.value == b.value else None,
    )


def _join_kinds(a: Kind | None, b: Kind | None) -> Kind | None:
    if a == b:
        return a
    return "number" if {a, b} <= {"python", "scalar", "number"} else None


def covers(general: Type, special: Type, facts: Facts, loose: Container[Dim] = ()) -> bool:
    """Whether whatever has the special type has the general one too; `loose` sizes stand for any.

    >>> covers(Tensor(None, None, "number"), FLOAT, Facts()), covers(FLOAT, INT, Facts())
    (True, False)
    """
    if isinstance(general, ListOf) and isinstance(special, ListOf):
        return covers(general.item, special.item, facts, loose)
    if not (isinstance(general, Tensor) and isinstance(special, Tensor)):
        return general == join(general, special, facts)
    if general.dtype is not None and not same_dtype(general.dtype, special.dtype):
        return False
    if general.value not in (None, special.value):
        return False
    if general.kind not in (None, _join_kinds(general.kind, special.kind)):
        return False
    if general.dims is None or special.dims is None:
        return general.dims is None
    pairs = zip(general.dims, special.dims, strict=False)
    free = (x in loose or facts.equal(x, y) for x, y in pairs)
    return len(general.dims) == len(special.dims) and all(free)


def same_dims(a: Tensor, b: Tensor, facts: Facts) -> bool:
    """Whether two values provably have one shape."""
    if a.dims is None or b.dims is None or len(a.dims) != len(b.dims):
        return False
    return all(facts.equal(x, y) for x, y in zip(a.dims, b.dims, strict=True))


def promote(types: Sequence[Tensor], ufunc: np.ufunc | None = None) -> np.dtype | None:
    """The dtype of an element-wise result, by NumPy's own rules; None where an operand is unknown.

    Python numbers are weak: they take part by their Python type. A number of which it is unknown
    whether it is Python's counts only where both answers agree.
    """
    if any(t.dtype is None for t in types):
        return None
    answers = set()
    for weak_unknown in (False, True):
        operands = [_operand(t, weak_unknown) for t in types]
        answers.add(_resolve(operands, ufunc))
    return answers.pop() if len(answers) == 1 else None


def _operand(t: Tensor, weak_unknown: bool) -> np.dtype | type:
    assert t.dtype is not None
    weak = weak_unknown if t.weak is None else t.weak
    if not weak:
        return t.dtype
    return {"f": float, "i": int, "u": int, "b": bool, "c": complex}[t.dtype.kind]


def _resolve(operands: list[np.dtype | type], ufunc: np.ufunc | None) -> np.dtype | None:
    operands = [np.dtype(bool) if o is bool else o for o in operands]
    try:
        if ufunc is None:
            examples = [np.empty(0, o) if isinstance(o, np.dtype) else o(0) for o in operands]
            return np.result_type(*examples)
        if not any(isinstance(o, np.dtype) for o in operands):
            operands = [np.dtype(o) for o in operands]
        return ufunc.resolve_dtypes((*operands, *[None] * ufunc.nout))[ufunc.nin]
    except (TypeError, ValueError):
        return None
