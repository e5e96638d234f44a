# ruff: noqa
import numpy as np


def program(y, w):
    for i in range(w.shape[0]):
        h = np.outer(y, w) + 0.5
    return np.sum(h)


# the generic source of an outer product in a loop
NAME = "program"
ARGUMENTS = (
    "np.array([0.82])",
    "np.array([[-1.03]])",
)
WRT = ("w",)
