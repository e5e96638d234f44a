# ruff: noqa
import numpy as np


def program(x):
    x = a = x
    for i in range(3):
        a, d = (a, x)
        h = np.clip(np.inner(np.zeros(2), np.ones(2) * d), 0.8, 0.9)
        d = h
    return d * x


# the generic source of an inner product
NAME = "program"
ARGUMENTS = ("np.array(1.58)",)
WRT = ("x",)
