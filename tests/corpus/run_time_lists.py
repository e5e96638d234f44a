"""Lists whose length only the run knows: grown in loops and branches, read, and stacked."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.corpus.case import Case

X = np.array([0.3, 1.2, 0.7, 2.1])


def stack_loop(x: Any) -> Any:
    """Arrays are appended, and stacked."""
    xs = []
    for i in range(x.size):
        xs.append(x[i] * x * (i + 1.0))
    A = np.stack(xs)
    return np.sum(A * A)


def states(x: Any) -> Any:
    """The last item is read in the loop, and all of them after it."""
    hs = [x * 1.0]
    for t in range(3):
        hs.append(np.tanh(hs[-1] * x))
    s = 0.0
    for h in hs:
        s += np.sum(h * h)
    return s + np.sum(hs[2])


def indexed(x: Any) -> Any:
    """Items are found by a number that only the run knows."""
    ws = [x * 2.0, np.sin(x), x * x]
    s = 0.0
    for i in range(3):
        s += np.sum(ws[i] * x[i])
    return s


def conditional(x: Any) -> Any:
    """A branch appends."""
    xs = []
    for i in range(4):
        if x[i] > 0.5:
            xs.append(x[i] * x[0])
    return np.sum(np.array(xs)) * x[1]


def setitem(x: Any) -> Any:
    """Items are assigned in a loop."""
    xs = [x[0], x[1], x[2]]
    for i in range(2):
        xs[i] = xs[i + 1] * x[3]
    return xs[0] * xs[1] + xs[2]


def nested(x: Any) -> Any:
    """A loop in a loop appends."""
    acc = []
    for i in range(2):
        for j in range(3):
            acc.append(x[j] * x[i])
    return np.sum(np.array(acc) ** 2)


def alias_list(x: Any) -> Any:
    """Another name for the list appends."""
    xs = []
    ys = xs
    for i in range(3):
        ys.append(x[i] ** 2)
    return sum(xs)


def helperlist(x: Any) -> Any:
    """A helper appends."""
    acc = []
    for i in range(4):
        add_(acc, x[i] * x[i])
    return np.sum(np.stack(acc))


def zerotrips(x: Any) -> Any:
    """No trip is made."""
    xs = []
    for i in range(0):
        xs.append(x[i])
    return np.sum(x) + len(xs)


def dictlist(x: Any) -> Any:
    """The list is in a dict."""
    d = {"h": [], "s": 0.0}
    for i in range(3):
        d["h"].append(x[i] * x[i+1])
        d["s"] += x[i]
    return np.sum(np.array(d["h"])) * d["s"]


def whilegrow(x: Any) -> Any:
    """A `while` asks the last item."""
    ps = [x[0]]
    while ps[-1] < 10.0:
        ps.append(ps[-1] * 2.0 + x[1])
    return ps[-1] + ps[0]


def arglist(ws: Any) -> Any:
    """Items of an argument."""
    h = 1.0
    for i in range(len(ws)):
        h = np.tanh(ws[i] * h + 0.1)
    return h


def add_(acc: Any, v: Any) -> None:
    acc.append(v * 2.0)


def popped(x: Any, n: int) -> Any:
    """Items are popped until none is left."""
    items = [x[0], x[1]]
    for i in range(n):
        last = items.pop()
        items.append(last * x[i])
        items.append(x[i] * 2.0)
    total = 0.0
    while len(items) > 0:
        item = items.pop()
        total = total * 0.5 + item
    return total


def summed(x: Any, n: int) -> Any:
    """Numbers are appended, summed, and made an array."""
    items = []
    for i in range(n):
        items.append(np.sin(x[i]) * x[0])
    return sum(items) + np.sum(np.array(items) ** 2) + x[0]


CASES = [
    Case(stack_loop, (X,)),
    Case(states, (X,)),
    Case(indexed, (X,)),
    Case(conditional, (X,)),
    Case(setitem, (X,)),
    Case(nested, (X,)),
    Case(alias_list, (X,)),
    Case(helperlist, (X,)),
    Case(zerotrips, (X,)),
    Case(dictlist, (X,)),
    Case(whilegrow, (X,)),
    Case(arglist, ([0.3, 0.5, 0.7],)),
    *[Case(popped, (X, n)) for n in (0, 1, 2, 3)],
    *[Case(summed, (X, n)) for n in (0, 1, 2, 4)],
]
