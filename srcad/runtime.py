"""NumPy helpers that a gradient may call where one NumPy call does not say it.

Each is also a primitive with a rule, and is written into a saved module that uses it; so each
stands alone: it uses NumPy and nothing else of this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def unbroadcast(g: Any, like: Any) -> Any:
    """`g` summed over the axes by which it is larger than `like`, in the dtype of `like`.

    Where `g` is smaller it is spread to the shape of `like`.

    >>> unbroadcast(np.ones((3, 2)), np.zeros((1, 2)))
    array([[3., 3.]])
    """
    if isinstance(g, np.ndarray) and type(g) is not np.ndarray:
        raise TypeError(f"an array of class {type(g).__name__} is not differentiated")
    shape = np.shape(like)
    extra = np.ndim(g) - len(shape)
    if extra > 0:
        g = np.sum(g, axis=tuple(range(extra)))
    axes = tuple(
        axis
        for axis, (size, wanted) in enumerate(zip(np.shape(g)[::-1], shape[::-1], strict=False))
        if wanted == 1 and size != 1
    )
    if axes:
        ndim = np.ndim(g)
        g = np.sum(g, axis=tuple(ndim - 1 - axis for axis in axes), keepdims=True)
    if np.shape(g) != shape:
        g = np.broadcast_to(g, shape)
    if type(like) is float:
        return float(g)
    dtype = getattr(like, "dtype", None)
    if dtype is not None and np.result_type(g) != dtype:
        g = np.asarray(g).astype(dtype)[()]
    return g


def as_argument(g: Any, like: Any) -> Any:
    """A gradient with the class, shape and dtype of its argument, in memory of its own.

    >>> as_argument(np.float64(2.0), 1.0), as_argument(2.0, np.zeros(3, np.float32))
    (2.0, array([2., 2., 2.], dtype=float32))
    """
    plain = type(g) is np.ndarray or not isinstance(g, np.ndarray)
    if type(like) is np.ndarray and plain:
        return np.array(np.broadcast_to(g, like.shape), like.dtype)
    if isinstance(like, np.floating):
        return like.dtype.type(g)
    if type(like) is float:
        return float(g)
    kind = type(like if plain else g).__name__
    raise TypeError(f"the generic gradient is not for {kind}: specialize it")


def last_stored(g: Any, index: Any, like: Any) -> Any:
    """`g` where it was the last store of `like[index] = ...` to its place, and 0 where it was not.

    >>> last_stored(np.array([1.0, 2.0, 3.0]), [0, 0, 1], np.zeros(2))
    array([0., 2., 3.])
    """
    order = np.arange(np.size(g)).reshape(np.shape(g))
    last = np.empty(np.shape(like), order.dtype)
    last[index] = order
    return np.where(last[index] == order, g, 0.0)


def own_copy(value: Any) -> Any:
    """An array in memory of its own, in its own layout; a container of copies; else the value itself.

    >>> given = {"w": np.zeros(2), "n": 3}
    >>> own_copy(given)["w"] is given["w"]
    False
    """
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, dict):
        return type(value)((key, own_copy(item)) for key, item in value.items())
    if hasattr(value, "_make"):
        return value._make(own_copy(item) for item in value)
    if isinstance(value, (tuple, list)):
        return type(value)(own_copy(item) for item in value)
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None and not isinstance(value, type):
        return type(value)(**{name: own_copy(getattr(value, name)) for name in fields})
    return value


def check_apart(written: dict[str, Any], others: dict[str, Any]) -> None:
    """Refuse arguments that share memory with one that the function writes.

    >>> x = np.zeros(3)
    >>> check_apart({"x": x}, {"y": x[1:]})
    Traceback (most recent call last):
    ...
    TypeError: x, which is written, shares memory with y: pass a copy of one of them
    """

    def arrays(value: Any) -> list[Any]:
        if isinstance(value, dict):
            value = list(value.values())
        fields = getattr(value, "__dataclass_fields__", None)
        if fields is not None and not isinstance(value, type):
            value = [getattr(value, name) for name in fields]
        if isinstance(value, (tuple, list)):
            return [array for item in value for array in arrays(item)]
        return [value] if isinstance(value, np.ndarray) else []

    found = [(name, array) for name, value in written.items() for array in arrays(value)]
    rest = [(name, array) for name, value in others.items() for array in arrays(value)]
    for i, (name, array) in enumerate(found):
        for other, value in found[i + 1 :] + rest:
            if np.shares_memory(array, value):
                raise TypeError(
                    f"{name}, which is written, shares memory with {other}: "
                    "pass a copy of one of them"
                )


def check_scalar(value: Any) -> None:
    """Refuse a function whose result is not a real number.

    >>> check_scalar(np.float64(1.0))
    """
    if np.ndim(value) != 0 or np.result_type(value).kind != "f":
        kind = f"{np.result_type(value)} of shape {np.shape(value)}"
        raise TypeError(f"the gradient needs a real scalar, and the function returned {kind}")


def check_array(value: Any, name: str) -> None:
    """Refuse a list, a tuple, a dict or a dataclass where the text was written for an array.

    >>> check_array(np.zeros(3), "x")
    """
    if isinstance(value, (tuple, list, dict)) or hasattr(value, "__dataclass_fields__"):
        kind = type(value).__name__
        raise TypeError(f"{name} is a {kind}, and the generic gradient is not: specialize it")


def kind_of(value: Any) -> str:
    """What a message calls an argument.

    >>> kind_of(np.zeros((2, 1))), kind_of(1.0), kind_of("up")
    ('float64[2, 1]', 'float', "'up'")
    """
    if isinstance(value, np.ndarray):
        return f"{value.dtype}[{', '.join(map(str, value.shape))}]"
    if value is None or isinstance(value, (bool, str)):
        return repr(value)
    if isinstance(value, (tuple, list, dict)):
        return f"a {type(value).__name__} of {len(value)}"
    return type(value).__name__
