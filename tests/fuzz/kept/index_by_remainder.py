# ruff: noqa
import numpy as np


def program(x, n):
    y = x[:, n % 1]
    q = y[-1]
    return q


# an expression within a tuple index
NAME = "program"
ARGUMENTS = (
    "np.array([[1.25, -0.35, 0.4], [-0.08, -1.16, 0.9]])",
    "3",
)
WRT = ("x",)
