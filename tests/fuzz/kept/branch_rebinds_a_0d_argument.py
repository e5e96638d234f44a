# ruff: noqa
import numpy as np


def program(x, w):
    if 0.3 < 1.7:
        y = np.sum(x)
    else:
        w = x[1, 2]
        y = w
    return np.sin(w) * y


# the other branch would make the 0-d array a scalar
NAME = "program"
ARGUMENTS = (
    "np.array([[1.25, -0.35, 0.4], [-0.08, -1.16, 0.9]])",
    "np.array(-0.65)",
)
WRT = ("x", "w")
