# ruff: noqa
import numpy as np


def program(x, n):
    t = x
    c = np.full((1, 3), t)
    h = c[:, n % 3]
    v = b = h
    return np.sum(v)


# an expression within a tuple index, of a stretched scalar
NAME = "program"
ARGUMENTS = (
    "np.array(-1.42)",
    "3",
)
WRT = ("x",)
