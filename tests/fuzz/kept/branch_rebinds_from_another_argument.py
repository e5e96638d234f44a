# ruff: noqa
import numpy as np


def program(x, y, n):
    if y[n] >= 1.7:
        x = y[1]
    return x


# the branch not taken would have been the only contribution
NAME = "program"
ARGUMENTS = (
    "-1.45",
    "np.array([-0.65])",
    "0",
)
WRT = ("y",)
