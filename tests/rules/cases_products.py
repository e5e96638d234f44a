"""Cases of linalg.py and einsum.py."""

from __future__ import annotations

import operator

import numpy as np

from tests.rules.case import case


@case(
    operator.matmul,
    np.matmul,
    analytic=True,
    shapes=[
        ((3,), (3,)),
        ((3,), (3, 4)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((3,), (5, 3, 4)),
        ((5, 2, 3), (3,)),
        ((6, 5, 2, 3), (3,)),
        ((3,), (6, 5, 3, 4)),
        ((6, 1, 2, 3), (5, 3, 4)),
        ((1, 2, 3), (5, 3, 4)),
        ((0, 3), (3, 4)),
        ((2, 0), (0, 4)),
        ((0,), (0,)),
        ((1, 1), (1, 1)),
    ],
)
def matmul(x1, x2):
    return x1 @ x2


@case(
    np.dot,
    analytic=True,
    shapes=[
        ((), ()),
        ((), (3,)),
        ((3,), ()),
        ((2, 3), ()),
        ((), (2, 3)),
        ((3,), (3,)),
        ((3,), (3, 4)),
        ((2, 3), (3,)),
        ((2, 3), (3, 4)),
        ((5, 2, 3), (3,)),
        ((3,), (5, 3, 4)),
        ((5, 2, 3), (3, 4)),
        ((2, 3), (5, 3, 4)),
        ((6, 2, 3), (5, 3, 4)),
        ((0, 3), (3, 4)),
        ((2, 0), (0, 4)),
    ],
)
def dot(a, b):
    return np.dot(a, b)


@case(
    np.inner,
    analytic=True,
    shapes=[
        ((), ()),
        ((), (3,)),
        ((2, 3), ()),
        ((3,), (3,)),
        ((2, 3), (3,)),
        ((3,), (2, 3)),
        ((2, 3), (4, 3)),
        ((5, 2, 3), (4, 3)),
        ((4, 3), (5, 2, 3)),
        ((5, 2, 3), (3,)),
        ((0, 3), (3,)),
    ],
)
def inner(a, b):
    return np.inner(a, b)


@case(
    np.outer,
    analytic=True,
    shapes=[((2,), (3,)), ((2, 3), (4,)), ((), (3,)), ((0,), (3,)), ((2,), (3, 4))],
)
def outer(a, b):
    return np.outer(a, b)


@case(np.vdot, shapes=[((3,), (3,)), ((2, 3), (2, 3)), ((), ()), ((2, 3), (6,))])
def vdot(a, b):
    return np.vdot(a, b)


@case(
    np.tensordot,
    analytic=True,
    shapes=[((2, 3, 4), (3, 4, 5))],
    keywords=[
        {},
        {"axes": 2},
        {"axes": ((1, 2), (0, 1))},
        {"axes": ((2, 1), (1, 0))},
        {"axes": ((-1,), (1,))},
    ],
)
def tensordot(a, b, axes=2):
    return np.tensordot(a, b, axes)


@case(
    np.tensordot,
    analytic=True,
    shapes=[((4, 3, 2), (3, 5, 4))],
    keywords=[
        {"axes": ((0, 1), (2, 0))},
        {"axes": ((1, 0), (0, 2))},
        {"axes": (0, 2)},
        {"axes": 0},
    ],
)
def tensordot_permuted(a, b, axes):
    return np.tensordot(a, b, axes)


@case(np.tensordot, shapes=[((2, 3), (2, 3))], keywords=[{"axes": 2}, {"axes": ((1, 0), (1, 0))}])
def tensordot_to_number(a, b, axes):
    return np.tensordot(a, b, axes)


def subscripts(formula: str, *shapes: tuple[int, ...]):
    """A case of np.einsum, whose first argument is no array."""
    return case(np.einsum, shapes=[shapes], analytic=True, call=lambda *arrays: (formula, *arrays))


@subscripts("ij,jk->ik", (2, 3), (3, 4))
def einsum_product(x, y):
    return np.einsum("ij,jk->ik", x, y)


@subscripts("ij,jk", (2, 3), (3, 4))
def einsum_product_implicit(x, y):
    return np.einsum("ij,jk", x, y)


@subscripts("ba", (2, 3))
def einsum_transpose_implicit(x):
    return np.einsum("ba", x)


@subscripts("i,i", (3,), (3,))
def einsum_inner_implicit(x, y):
    return np.einsum("i,i", x, y)


@subscripts("i,i->", (3,), (3,))
def einsum_inner_product(x, y):
    return np.einsum("i,i->", x, y)


@subscripts("ij,ij->", (2, 3), (2, 3))
def einsum_frobenius(x, y):
    return np.einsum("ij,ij->", x, y)


@subscripts("ij,ji->", (2, 3), (3, 2))
def einsum_frobenius_transposed(x, y):
    return np.einsum("ij,ji->", x, y)


@subscripts("ij->", (2, 3))
def einsum_total(x):
    return np.einsum("ij->", x)


@subscripts("ij->i", (2, 3))
def einsum_rows(x):
    return np.einsum("ij->i", x)


@subscripts("ij, j -> i", (2, 3), (3,))
def einsum_spaces(x, y):
    return np.einsum("ij, j -> i", x, y)


@subscripts("ij,k->i", (2, 3), (4,))
def einsum_sum_of_one_side(x, y):
    return np.einsum("ij,k->i", x, y)


@subscripts("i,ij,j->", (2,), (2, 3), (3,))
def einsum_weighted(x, y, z):
    return np.einsum("i,ij,j->", x, y, z)


@subscripts("i,ij,j->j", (2,), (2, 3), (3,))
def einsum_quadratic(x, y, z):
    return np.einsum("i,ij,j->j", x, y, z)


@subscripts("bij,bjk->bik", (5, 2, 3), (5, 3, 4))
def einsum_batched(x, y):
    return np.einsum("bij,bjk->bik", x, y)


@subscripts("ij,ij->ij", (1, 3), (2, 3))
def einsum_broadcast_letter(x, y):
    return np.einsum("ij,ij->ij", x, y)


@subscripts("ij,jk->ik", (2, 1), (3, 4))
def einsum_broadcast_summed(x, y):
    return np.einsum("ij,jk->ik", x, y)


@subscripts("...ij,...jk->...ik", (5, 2, 3), (5, 3, 4))
def einsum_dots(x, y):
    return np.einsum("...ij,...jk->...ik", x, y)


@subscripts("...ij,...jk->...ik", (2, 3), (5, 3, 4))
def einsum_dots_broadcast(x, y):
    return np.einsum("...ij,...jk->...ik", x, y)


@subscripts("...i,i->...i", (2, 3), (3,))
def einsum_dots_one_side(x, y):
    return np.einsum("...i,i->...i", x, y)


@subscripts("...i,...i", (2, 3), (5, 1, 3))
def einsum_dots_implicit(x, y):
    return np.einsum("...i,...i", x, y)


@subscripts("...i->...", (4, 2, 3))
def einsum_dots_summed(x):
    return np.einsum("...i->...", x)


@subscripts("...i,i->...", (2, 3), (3,))
def einsum_dots_total(x, y):
    return np.einsum("...i,i->...", x, y)


@subscripts("i,j->ij", (2,), (3,))
def einsum_outer_product(x, y):
    return np.einsum("i,j->ij", x, y)


@subscripts("ij,jk->ik", (2, 0), (0, 4))
def einsum_empty(x, y):
    return np.einsum("ij,jk->ik", x, y)


@subscripts(",i->i", (), (3,))
def einsum_scaled(x, y):
    return np.einsum(",i->i", x, y)
