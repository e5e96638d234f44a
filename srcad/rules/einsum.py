"""np.einsum with its subscripts in a string."""

from __future__ import annotations

from typing import Any

import numpy as np

from srcad.primitive import folded, fresh, rule
from srcad.rules.results import strong, tensor
from srcad.types import Dim, Facts, Tensor, Type, array


def terms_of(subscripts: str) -> tuple[list[str], str]:
    """The terms of the operands and of the result, the latter written out if it was implied."""
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    if not arrow:
        letters = left.replace(",", "").replace("...", "")
        right = "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
        right = "..." + right if "..." in left else right
    return left.split(","), right


def summed(facts: Facts, subscripts: Any, *operands: Any, optimize: Any = False) -> Type:
    """The type of np.einsum: each letter of the result is a dimension of an operand."""
    types = [tensor(o) for o in operands]
    dtype = strong(types)
    if not isinstance(subscripts, str):
        return Tensor()
    terms, result = terms_of(subscripts)
    if len(terms) != len(types) or any(t.dims is None for t in types):
        return Tensor(dtype)
    sizes: dict[str, Dim] = {}
    rest: list[tuple[Dim, ...]] = []
    for term, type_ in zip(terms, types, strict=True):
        dims = type_.dims or ()
        before, dots, after = term.partition("...")
        if len(before) + len(after) > len(dims) or (not dots and len(term) != len(dims)):
            return Tensor(dtype)
        rest.append(dims[len(before) : len(dims) - len(after)] if dots else ())
        named = (*dims[: len(before)], *dims[len(dims) - len(after) :]) if dots else dims
        for letter, dim in zip(before + after, named, strict=True):
            (sizes[letter],) = facts.broadcast([(sizes.get(letter, 1),), (dim,)])
    before, dots, after = result.partition("...")
    middle = facts.broadcast(rest) if dots else ()
    return array(dtype, (*(sizes[c] for c in before), *middle, *(sizes[c] for c in after)))


@folded
def plan(subscripts: str, position: int) -> tuple[str, int | tuple[int, ...] | None] | None:
    """The einsum that gives one operand's cotangent, and the axes that it lacks.

    The cotangent takes the place of the operand, and the operand's term that of the result. None: a
    letter is repeated in the term (a diagonal), or its ellipsis is not in front, so that dimensions
    added by broadcasting would not be the first.

    >>> plan("ij,jk->ik", 0)
    ('ik,jk->ij', None)
    """
    terms, result = terms_of(subscripts)
    term = terms[position]
    letters = term.replace("...", "")
    if len(set(letters)) < len(letters) or term.find("...") > 0:
        return None
    others = [t for i, t in enumerate(terms) if i != position]
    known = set("".join([result, *others]))
    kept = "".join(c for c in letters if c in known)
    missing = tuple(i - len(letters) for i, c in enumerate(letters) if c not in known)
    dots = "..." if any("..." in t for t in (result, *others)) else ""
    inputs = [result, *others] if result else others
    formula = ",".join(inputs) + "->" + dots + kept
    return formula, missing if len(missing) > 1 else missing[0] if missing else None


@folded
def to_number(subscripts: str) -> bool:
    """Whether the result is a number."""
    return not terms_of(subscripts)[1]


@folded
def idle(formula: str) -> bool:
    """Whether an einsum gives its operand back."""
    left, _, right = formula.partition("->")
    return left == right


@folded
def multiplies(formula: str) -> bool:
    """Whether an einsum multiplies two operands element by element."""
    left, _, right = formula.partition("->")
    return left.split(",") == [right, right]


def contraction(formula, operands):
    """The einsum, left out where it does nothing, and a plain product where it is one."""
    if multiplies(formula):
        return operands[0] * operands[1]
    return operands[0] if idle(formula) else np.einsum(formula, *operands)


def cotangent(g, subscripts, operands, position):
    """The cotangent of one operand; a number's is a factor, which promotes nothing."""
    planned = plan(subscripts, position)
    if planned is None:
        return None
    formula, missing = planned
    others = operands[:position] + operands[position + 1 :]
    if not to_number(subscripts):
        part = contraction(formula, (g, *others))
    elif len(others) == 0:
        part = g
    else:
        part = g * contraction(formula, others)
    if missing is None:
        return part
    if to_number(subscripts) and len(others) == 0:
        return part  # a number stands for a full array of it
    return np.broadcast_to(np.expand_dims(part, missing), operands[position].shape)


def shows(subscripts: Any) -> bool:
    """Whether an einsum of one operand surely is a view of it: it sums nothing."""
    before, arrow, after = str(subscripts).replace(" ", "").partition("->")
    plain = isinstance(subscripts, str) and "." not in before and "," not in before
    return plain and bool(arrow) and set(before) == set(after)


def takes_diagonal(subscripts: Any) -> bool:
    """Whether that view is of a diagonal: `ii->i`."""
    before = str(subscripts).replace(" ", "").partition("->")[0]
    return shows(subscripts) and len(set(before)) < len(before)


def of_one(subscripts: Any, *operands: Any, **keywords: Any) -> bool:
    """Whether an einsum may be a view: of one operand it transposes, or takes a diagonal."""
    return len(operands) == 1


@rule(np.einsum, fresh, result=summed, sharing=of_one)
def einsum(g, ans, subscripts, *operands, optimize=False):
    """Each operand gets the einsum of the cotangent with the others."""
    return None, [cotangent(g, subscripts, operands, i) for i in range(len(operands))]
