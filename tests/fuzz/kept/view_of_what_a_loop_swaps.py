# ruff: noqa
import numpy as np

def program(x, y, w, n):
    h = w
    for i in range(2, -1, -1):
        d = h[::1]
        w, h = (h, w)
    return np.mean(d) + np.mean(h)


NAME = 'program'
ARGUMENTS = (
    "np.array([[1.42, -1.46], [0.33, 1.37]], dtype=np.float32, order='F')",
    'np.array([0.53, -1.21], dtype=np.float32)',
    'np.array([0.87], dtype=np.float64)',
    '3',
)
WRT = ('w',)
