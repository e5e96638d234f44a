# ruff: noqa
import numpy as np


def program(x):
    for j in range(0, 3, 2):
        a = np.cos(float(x[1]))
    return a


# a builtin's name is not the user's local
NAME = "program"
ARGUMENTS = ("[np.array([-0.02, -0.33]), np.array(0.09)]",)
WRT = ("x",)
