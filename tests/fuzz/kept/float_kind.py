# ruff: noqa
import numpy as np


def program(x):
    return np.dot(np.ones(2) * x, np.ones(2) * x)


# a Python float in, a Python float out
NAME = "program"
ARGUMENTS = ("-1.36",)
WRT = ("x",)
