# ruff: noqa
import numpy as np


def smooth(a, weight=0.3):
    for i in range(1, len(a)):
        a[i] += weight


def program(x):
    m2 = np.full(2, 0.5)
    m3 = np.zeros((2, 2)) + m2[1]
    for item4 in m2[::1]:
        smooth(m2, weight=x)
    box5 = [m3, m2[[0, 1]]]
    if box5[0][-2][1] >= 0.3:
        item4, x = (x, item4)
    return item4 + x


# what may not be bound is kept in each branch that reads it, under one name
NAME = "program"
ARGUMENTS = ("0.5",)
WRT = ("x",)
