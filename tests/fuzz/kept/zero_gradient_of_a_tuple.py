# ruff: noqa
import numpy as np


def program(x, y):
    return np.sum(x) + 0.0 * np.sum(y[0])


# an entry of a container that nothing reads
NAME = "program"
ARGUMENTS = (
    "np.array([0.31, 0.72, -0.54])",
    "(np.array([[1.25, -0.35, 0.4], [-0.08, -1.16, 0.9]]), np.array(-0.65))",
)
WRT = ("x", "y")
