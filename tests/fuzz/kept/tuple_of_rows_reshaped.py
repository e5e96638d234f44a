# ruff: noqa
import numpy as np


def program(x):
    r = x["b"][[1, 2], 2]
    v = r
    s, z = (r, v)
    for i in range(1, 3):
        t = s.reshape(1, -1)
    return np.sum(t) + np.sum(z)


# a name that the loop binds from a gathered vector
NAME = "program"
ARGUMENTS = (
    "{'w': np.array(0.25), 'b': np.array([[-0.51, 0.89, 1.12], [0.05, 0.56, -0.44], [1.22, 1.44, 0.57]])}",
)
WRT = ("x",)
