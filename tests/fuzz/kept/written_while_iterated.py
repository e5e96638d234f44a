# ruff: noqa
import numpy as np


def program(x, y):
    rows = np.sum(x, axis=1)
    for _, item in zip(x, rows):
        rows[1:] += 0.5
    return np.sum(y) * item


# the loop alone sees what is written
NAME = "program"
ARGUMENTS = ("np.array([[1.09, 1.47], [-0.94, 0.43]])", "np.array([0.31, 0.72])")
WRT = ("y",)
