# ruff: noqa
import numpy as np


def program(x):
    row = x * 2.0
    wide = np.broadcast_to(row, (2, 3))
    row[:1] = np.sin(row[1:2])
    last = wide[1]
    row[2] = row[0] * row[1]
    return np.sum(wide[[0, 0, 1]] * wide[1, 0]) + np.sum(last[1:] ** 2) + wide.flat[4]


# an item of a broadcast view whose array was written since
NAME = "program"
ARGUMENTS = ("np.array([-0.89, -0.45, 0.7])",)
WRT = ("x",)
