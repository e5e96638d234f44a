# ruff: noqa
import numpy as np


def program(x):
    q = x["w"]
    return np.sum(q)


# the generic source indexes a dict
NAME = "program"
ARGUMENTS = (
    "{'w': np.array([[1.25, -0.35, 0.4], [-0.08, -1.16, 0.9]]), 'b': np.array([0.31, 0.72, -0.54])}",
)
WRT = ("x",)
