# ruff: noqa
import numpy as np


def program(x):
    for k in range(3):
        s, x = 0.3, np.cos(x)
        x /= 1.5
    return x * s


# a Python float becomes a NumPy scalar, and /= rebinds
NAME = "program"
ARGUMENTS = ("0.03",)
WRT = ("x",)
