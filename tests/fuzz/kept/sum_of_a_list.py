# ruff: noqa
import numpy as np


def program(x):
    rows = [x[[2, 0]], x[[0, 0]]]
    return np.sum(rows)


# a list of arrays where NumPy takes an array
NAME = "program"
ARGUMENTS = ("np.array([0.31, 0.72, -0.54])",)
WRT = ("x",)
