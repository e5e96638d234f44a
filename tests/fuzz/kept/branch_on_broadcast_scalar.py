# ruff: noqa
import numpy as np


def program(y):
    r = np.broadcast_to(y, (3,)) if y >= 0.3 else np.full(3, y)
    return np.sum(r)


# both sides stretch a float
NAME = "program"
ARGUMENTS = ("0.57",)
WRT = ("y",)
