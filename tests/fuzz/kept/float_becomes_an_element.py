# ruff: noqa
import numpy as np


def program(x, y):
    z = x[[0, 0], 1].reshape(2, 1)
    for k in range(z.shape[0]):
        v = np.add(np.full((1, 2), y), x[[0, 0], k])
        y = v[0, 1]
    return np.mean(v)


# a carried Python float becomes an element of an array
NAME = "program"
ARGUMENTS = (
    "np.array([[-0.23, -1.29]])",
    "0.92",
)
WRT = ("x",)
