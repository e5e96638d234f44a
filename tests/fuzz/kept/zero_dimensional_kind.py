# ruff: noqa
import numpy as np


def program(x):
    box = [x, x]
    return x + box[0]


# a 0-d array in, a 0-d array out
NAME = "program"
ARGUMENTS = ("np.array(-1.18)",)
WRT = ("x",)
