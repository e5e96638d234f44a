# ruff: noqa
import numpy as np


def program(x):
    for j in range(3, 0, -2):
        h = x * j
    return np.sum(h * h)


# the range surely runs, so h is bound after it
NAME = "program"
ARGUMENTS = ("np.array([0.31, 0.72, -0.54])",)
WRT = ("x",)
