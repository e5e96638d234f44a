# ruff: noqa
import numpy as np


def program(y):
    for j in range(3, 0, -2):
        h = y
    return h * h


# a loop that surely runs binds a second name for an argument
NAME = "program"
ARGUMENTS = ("np.array(-0.65)",)
WRT = ("y",)
