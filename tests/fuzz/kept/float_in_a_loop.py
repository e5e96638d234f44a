# ruff: noqa
import numpy as np


def program(x, y, w, n):
    for k in range(0, 3, 2):
        y = np.arctan2(float(x[0][n % 2, n % 2]), w)
    return np.mean(y)


# a saved value is named for its operation, but never as the built-in that the program calls
NAME = "program"
ARGUMENTS = (
    "(np.array([[-0.72, -0.72], [1.15, -0.94]], dtype=np.float32), np.array([-0.82, 0.59], dtype=np.float32))",
    "np.array([-0.16, -0.43], dtype=np.float32)",
    "np.array([-0.19, -0.35], dtype=np.float32)",
    "3",
)
WRT = ("w",)
