# ruff: noqa
import numpy as np


def program(x):
    r = 0.3
    for i in range(2):
        q3 = np.logaddexp(np.outer(x[[0], 0], 1), 0.0)
        r += np.sum(q3)
    return r


# a name that only the loop binds, under the generic source
NAME = "program"
ARGUMENTS = ("np.array([[-0.86]])",)
WRT = ("x",)
