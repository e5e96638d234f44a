# ruff: noqa
import numpy as np


def program(x):
    a = np.ones(x.shape + (2,)) * x[:, None]
    assert a.shape == (x.shape[0], 2), f"{a.shape}"
    if (2,) + x.shape != a.shape:
        a *= a
    return np.sum(a)


# sums and comparisons of shapes and tuples


# sizes_are_compared
NAME = 'program'
ARGUMENTS = (
    'np.array([-0.86, 0.3, 1.2])',
)
WRT = ('x',)
