# ruff: noqa
import numpy as np


def program(x, n):
    s = np.broadcast_to(x, (3,))[2]
    d = np.where(np.broadcast_to(x, (3,)) > 1.0, 0.2, np.where(np.zeros(3) > 1.0, x, s))
    s = np.dot(d, d[[1, 0, 0]])
    return s


# a float stretched by where, gathered, and multiplied by itself
NAME = "program"
ARGUMENTS = (
    "-0.38",
    "1",
)
WRT = ("x",)
