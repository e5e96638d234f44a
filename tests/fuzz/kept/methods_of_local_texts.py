# ruff: noqa
import numpy as np


def program(x, mode):
    names = "a,b"
    library = np
    if mode.upper() == "UP":
        x = x * 2.0
    return library.sum(x) * len(names.split(","))


# methods that are found through local names


# methods_of_local_texts
NAME = 'program'
ARGUMENTS = (
    'np.array([-0.86, 0.3])',
    "'up'",
)
WRT = ('x',)
