# ruff: noqa
import numpy as np


def program(x, y, w, v):
    return np.sum(x)


# zeros of a container's structure
NAME = "program"
ARGUMENTS = (
    "np.array([0.31, 0.72, -0.54])",
    "(np.array([[1.25, -0.35, 0.4], [-0.08, -1.16, 0.9]]), np.array(-0.65))",
    "[np.array(-0.65), np.array([0.31, 0.72, -0.54])]",
    "{'w': np.array([0.31, 0.72, -0.54])}",
)
WRT = ("x", "y", "w", "v")
