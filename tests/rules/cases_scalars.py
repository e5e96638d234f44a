"""Cases of scalars.py."""

from __future__ import annotations

import math

import numpy as np

from tests.rules.case import apart, case, positive

PAIR = [((), ())]


@case(sum, shapes=[((3,), (3,), (3,)), ((), (), ()), ((2, 3), (), (3,))], listed=True)
def add_up(x, y, z):
    return sum([x, y, z])


@case(sum, shapes=[(3,), (2, 3), (2, 1, 3)])
def add_up_rows(x):
    return sum(x)


@case(sum, shapes=[((3,), ()), ((2, 3), (3,))])
def add_up_from(x, start):
    return sum(x, start)


@case(max, shapes=PAIR)
def larger(x, y):
    return max(x, y)


@case(max, min, shapes=[((), (), ())])
def largest(x, y, z):
    return max(x, y, z)


@case(min, shapes=PAIR)
def smaller(x, y):
    return min(x, y)


@case(max, shapes=[(3,)])
def largest_element(x):
    return max(x)


@case(np.ndarray.item, shapes=[(), (1,), (1, 1)])
def item(x):
    return x.item()


@case(np.float64, shapes=[(), (3,)])
def double(x):
    return np.float64(x)


@case(math.fsum, shapes=[((), (), ())], listed=True)
def fsum(x, y, z):
    return math.fsum([x, y, z])


@case(math.prod, shapes=[((), (), ())], listed=True)
def prod(x, y, z):
    return math.prod([x, y, z])


@case(math.prod, shapes=[(3,)])
def prod_of_array(x):
    return math.prod(x)


@case(math.dist, shapes=[((3,), (3,))])
def dist_of_arrays(x, y):
    return math.dist(x, y)


@case(math.fsum, shapes=[(3,)])
def fsum_of_array(x):
    return math.fsum(x)


@case(math.dist, shapes=[((), (), (), ())], call=lambda a, b, c, d: ([a, b], [c, d]))
def dist(a, b, c, d):
    return math.dist([a, b], [c, d])


@case(math.remainder, shapes=PAIR, makers=(apart, positive))
def whole_remainder(x, y):
    return math.remainder(x, y)


@case(math.exp2, shapes=[()])
def exp2(x):
    return math.exp2(x)


@case(math.cbrt, shapes=[()], makers=(positive,))
def cbrt(x):
    return math.cbrt(x)


@case(math.copysign, shapes=PAIR)
def copysign(x, y):
    return math.copysign(x, y)
