# ruff: noqa
import numpy as np


def program(x):
    h = x
    for i in range(0, 3, 2):
        x, h = (h, (np.zeros((3, 3)) + np.mean(x))[:, -3])
    return np.sum(h)


# a carried float32 becomes float64 in the first trip
NAME = "program"
ARGUMENTS = ("np.array([-0.96, 0.73, 1.27], dtype=np.float32)",)
WRT = ("x",)
