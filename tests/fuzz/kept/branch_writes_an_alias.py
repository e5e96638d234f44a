# ruff: noqa
import numpy as np


def program(x, y, n):
    w = y
    if np.var(x) < 0.3:
        h = 1.0
    else:
        w += x[n % 2][n % 3]
        h = w
    return w + np.tanh(y) * h


# augmented assignment of a float through an alias, in one branch
NAME = "program"
ARGUMENTS = (
    "np.array([[-1.22, -0.92, 1.08], [-0.72, 0.17, 1.33]], dtype=np.float32)",
    "0.92",
    "3",
)
WRT = ("y",)
