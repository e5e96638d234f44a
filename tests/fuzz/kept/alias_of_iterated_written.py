# ruff: noqa
import numpy as np


def program(x, y):
    values = np.array([0.5, 0.25, 2.0])
    for value in values:
        same = values
        values = np.ones(3)
        same[1:] += 0.5
    return np.sum(y) * value


# the loop alone sees what is written
NAME = "program"
ARGUMENTS = ("np.array([[1.09, 1.47], [-0.94, 0.43]])", "np.array([0.31, 0.72])")
WRT = ("y",)
