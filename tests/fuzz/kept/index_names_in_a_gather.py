# ruff: noqa
import numpy as np


def program(x, n):
    box1 = [x[[1, 1]], x]
    box2 = [box1[0], box1[0]]
    b, x = (x[n % 2], (np.ones((2, 2)) * box2[1][0])[:, n % 2])
    return np.mean(x) + b


# an expression within an index, in a tuple display
NAME = "program"
ARGUMENTS = (
    "np.array([1.14, -1.29])",
    "3",
)
WRT = ("x",)
