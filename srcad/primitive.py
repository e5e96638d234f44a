"""One record per primitive, and the registry that finds it by the function that the user calls.

A rule is a plain Python function that runs on NumPy arrays by itself: `g` is the cotangent of the
result, `ans` the result, then come the primal's own parameters under NumPy's own names and in NumPy's
order. It returns one expression per differentiable parameter, None where there is no derivative; a
parameter that holds a list of arrays gets a list.

    @rule(np.tanh, elementwise)
    def tanh(g, ans, x):
        return g * (1 - ans * ans)

    @rule(np.sum, fresh, linear, result=reduced, refuse=("dtype", "out"), methods=("sum",))
    def sum(g, ans, a, axis=None, dtype=None, out=None, keepdims=False):
        return np.broadcast_to(restored(g, a, axis, keepdims), a.shape)

A contribution may be larger than its parameter by broadcasting, or a scalar that stands for a full
array: the sweep fits it to the parameter's type, in one place. So no rule undoes broadcasting.

Rules call helpers, which are inlined like the rules. Two words are for the compiler: a `folded` helper
is run when the rule is compiled, on what is known then; and `surely(test)` is true only where the test
is known when the rule is compiled, so that a rule may have a shorter form for it.
"""

from __future__ import annotations

import enum
import inspect
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from srcad.types import UNKNOWN, Facts, Object, Sizes, Tensor, Type, plus, promote, times, type_of

Function = Callable[..., Any]
Result = Callable[..., Type]
"""`result(facts, *args, **kwargs)`: the type of a call, from the types of its array arguments and
the values of its static ones. An argument that is neither (an integer known only at run time) is a type.
"""


class Trait(enum.Enum):
    """What is true of a primitive, besides its rule."""

    ELEMENTWISE = enum.auto()  # broadcasts; each element of the result depends on its own elements
    LINEAR = enum.auto()  # the tangent is the primitive of the tangent
    BILINEAR = enum.auto()  # linear in each of the two arguments
    FRESH = enum.auto()  # the result shares no memory with any argument
    VIEW = enum.auto()  # the result may share memory with the first argument
    ZERO = enum.auto()  # the derivative is zero wherever it exists
    WRITES = enum.auto()  # the result stands in the memory of the first argument
    CONSTANT = enum.auto()  # makes an array from sizes: an active argument is refused


elementwise, linear, bilinear = Trait.ELEMENTWISE, Trait.LINEAR, Trait.BILINEAR
fresh, view, zero, constant = Trait.FRESH, Trait.VIEW, Trait.ZERO, Trait.CONSTANT


@dataclass(frozen=True, eq=False, slots=True)
class Primitive:
    """A function whose result's type is known and, if it has one, whose derivative is."""

    name: str
    function: Function
    traits: frozenset[Trait]
    result: Result
    vjp: Function | None = None
    refuse: tuple[str, ...] = ()
    sharing: Callable[..., bool] | None = None

    def __str__(self) -> str:
        return self.name

    @property
    def elementwise(self) -> bool:
        return Trait.ELEMENTWISE in self.traits

    @property
    def views(self) -> bool:
        return Trait.VIEW in self.traits

    def shares(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> bool:
        """Whether the result of a call may share memory with an argument."""
        return self.views or (self.sharing is not None and self.sharing(*args, **keywords))

    @property
    def zero(self) -> bool:
        return Trait.ZERO in self.traits

    @property
    def writes(self) -> bool:
        return Trait.WRITES in self.traits

    @property
    def constant(self) -> bool:
        return Trait.CONSTANT in self.traits


_registry: dict[Any, Primitive] = {}
_methods: dict[str, Primitive] = {}


def folded(function: Function) -> Function:
    """Mark a helper of rules that is run on known arguments when the rule is compiled."""
    function.folded = True  # type: ignore[attr-defined]
    return function


def surely(test: Any) -> bool:
    """Whether a test holds everywhere; while a rule is compiled, whether it is known to hold."""
    return bool(np.all(test))


def find(function: object) -> Primitive | None:
    """The primitive for a function that a program calls, or None."""
    try:
        return _registry.get(function)
    except TypeError:  # unhashable: no function of ours
        return None


def find_method(name: str) -> Primitive | None:
    """The primitive for `x.name(...)` of an array."""
    return _methods.get(name)


def registered() -> Iterator[Primitive]:
    """Every primitive, in order of registration."""
    yield from _registry.values()


def rule(
    *what: Function | Trait,
    result: Result | None = None,
    refuse: Iterable[str] = (),
    methods: Iterable[str] = (),
    sharing: Callable[..., bool] | None = None,
) -> Callable[[Function], Function]:
    """Register the decorated function as the derivative of the functions named.

    Args:
        what: the functions, then the traits. All but element-wise primitives state `fresh` or `view`.
        result: the result's type; element-wise ones broadcast and promote as NumPy's ufuncs do.
        refuse: parameters that are part of NumPy's signature and must keep their default.
        methods: names under which arrays have it as a method, the array being the first argument.
        sharing: whether a call of a function that is else `fresh` may share memory with an argument,
            from the call's operands: `np.einsum("ij->ji", x)` is a view.
    """

    def register(vjp: Function) -> Function:
        _register(what, result, vjp, tuple(refuse), tuple(methods), sharing)
        return vjp

    return register


def zero_derivative(
    *what: Function | Trait, result: Result | None = None, methods: Iterable[str] = ()
) -> None:
    """Register functions whose derivative is zero wherever it exists: comparisons, rounding, counts."""
    _register((*what, Trait.ZERO), result, None, (), tuple(methods))


def creation(*functions: Function, result: Result) -> None:
    """Register functions that make an array from sizes and constants."""
    _register((*functions, Trait.CONSTANT, Trait.FRESH), result, None, (), ())


def _register(
    what: tuple[Function | Trait, ...],
    result: Result | None,
    vjp: Function | None,
    refuse: tuple[str, ...],
    methods: tuple[str, ...],
    sharing: Callable[..., bool] | None = None,
) -> None:
    traits = {w for w in what if isinstance(w, Trait)}
    functions = [w for w in what if not isinstance(w, Trait)]
    if Trait.ELEMENTWISE in traits:
        traits.add(Trait.FRESH)
    if not traits & {Trait.FRESH, Trait.VIEW}:
        raise ValueError(f"{functions}: state `fresh` or `view`; there is no default")
    like = next((f for f in functions if isinstance(f, np.ufunc)), None)
    for function in functions:
        own = function if isinstance(function, np.ufunc) else like
        typed = result or _broadcasting(function, own)
        primitive = Primitive(
            name_of(function), function, frozenset(traits), typed, vjp, refuse, sharing
        )
        if function in _registry:
            raise ValueError(f"{primitive.name} has two rules")
        _registry[function] = primitive
    for method in methods:
        _methods[method] = _registry[functions[0]]


def _broadcasting(function: Function, like: np.ufunc | None) -> Result:
    """The result's type of an element-wise function: broadcast dimensions, NumPy's own promotion."""
    is_operator = getattr(function, "__module__", None) in ("_operator", "builtins")

    def result(facts: Facts, *args: Any, **keywords: Any) -> Type:
        types = [a if isinstance(a, (Tensor, Object, Sizes)) else type_of(a) for a in args]
        tensors = [t for t in types if isinstance(t, Tensor)]
        if len(tensors) < len(types):
            return UNKNOWN
        found = broadcast_type(facts, tensors, like, is_operator, function)
        if found.kind == "python" and function in _OF_SIZES:
            sizes = [t.value for t in tensors]
            if all(s is not None and (not isinstance(s, int) or s >= 0) for s in sizes):
                return replace(found, value=facts.find(_OF_SIZES[function](sizes)))
        return found

    return result


_OF_SIZES: dict[Function, Callable[..., Any]] = {operator.add: plus, operator.mul: times}
"""Operators of which the sizes that integers hold are known through."""


def broadcast_type(
    facts: Facts,
    operands: list[Tensor],
    like: np.ufunc | None,
    is_operator: bool = False,
    function: Function | None = None,
) -> Tensor:
    """The type of an element-wise result; with an operator, Python numbers give a Python number."""
    if is_operator and all(t.kind == "python" for t in operands):
        return Tensor(_python_dtype(operands, function, like), (), "python")
    dtype = promote(operands, like)
    if any(t.dims is None for t in operands):
        return Tensor(dtype, None, None)
    dims = facts.broadcast([t.dims for t in operands if t.dims is not None])
    if dims:
        return Tensor(dtype, dims, "array")
    if not is_operator or any(t.kind in ("scalar", "array") for t in operands):
        return Tensor(dtype, (), "scalar")
    return Tensor(dtype, (), None)


def _python_dtype(
    operands: list[Tensor], function: Function | None, like: np.ufunc | None
) -> np.dtype | None:
    kinds = {t.dtype.kind if t.dtype is not None else "?" for t in operands}
    if function in _COMPARISONS:
        return np.dtype(np.bool_)
    if "?" in kinds:
        return None
    if "f" in kinds or function is operator.truediv:
        return None if "c" in kinds else np.dtype(np.float64)
    if function is operator.pow:
        exponent = operands[1].value
        return np.dtype(np.int64) if isinstance(exponent, int) and exponent >= 0 else None
    if kinds == {"b"} and function in _BITWISE:
        return np.dtype(np.bool_)
    return np.dtype(np.int64) if kinds <= {"i", "b"} else None


_BITWISE = {operator.and_, operator.or_, operator.xor}
_COMPARISONS = {operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne}


def name_of(function: Function) -> str:
    """How a function is written: `np.tanh`, `math.exp`, `+`."""
    if getattr(function, "__objclass__", None) is np.ndarray:
        return f"np.ndarray.{function.__name__}"
    if getattr(function, "__module__", None) == "_operator":
        return SYMBOLS.get(function, f"operator.{function.__name__}")
    plain = getattr(function, "__name__", repr(function))
    name: str = getattr(function, "__qualname__", None) or plain
    module = getattr(function, "__module__", None) or ""
    if isinstance(function, np.ufunc) or module.split(".")[0] == "numpy":
        linalg = module.startswith("numpy.linalg")
        return f"np.linalg.{name}" if linalg else f"np.{name}"
    return name if module == "builtins" else f"{module}.{name}"


SYMBOLS: dict[Function, str] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.floordiv: "//",
    operator.mod: "%",
    operator.pow: "**",
    operator.matmul: "@",
    operator.neg: "-",
    operator.pos: "+",
    operator.lt: "<",
    operator.le: "<=",
    operator.gt: ">",
    operator.ge: ">=",
    operator.eq: "==",
    operator.ne: "!=",
    operator.and_: "&",
    operator.or_: "|",
    operator.xor: "^",
    operator.invert: "~",
    operator.lshift: "<<",
    operator.rshift: ">>",
    operator.not_: "not",
    operator.is_: "is",
    operator.is_not: "is not",
    operator.getitem: "[]",
}


def bind(primitive: Primitive, args: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    """The call's arguments by the rule's parameter names, defaults left out.

    A primitive without a rule binds to the parameters of its `result` function.

    Raises:
        TypeError: they do not fit, or a refused parameter is given; the message names it.
    """
    if isinstance(primitive.function, np.ufunc):
        if keywords:
            raise TypeError(f"{primitive.name}({next(iter(keywords))}=...)")
        if len(args) > primitive.function.nin:
            raise TypeError(f"{primitive.name}(out=...)")
    if primitive.vjp is not None:
        parameters = list(inspect.signature(primitive.vjp).parameters.values())[2:]
    else:
        parameters = list(inspect.signature(primitive.result).parameters.values())[1:]
    signature = inspect.Signature(parameters)
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        for name in keywords:
            if name not in signature.parameters:
                raise TypeError(f"{primitive.name}({name}=...)")
    bound = dict(signature.bind(*args, **keywords).arguments)
    for name in primitive.refuse:
        if name in bound:
            raise TypeError(f"{primitive.name}({name}=...)")
    return bound


__all__ = [
    "SYMBOLS",
    "UNKNOWN",
    "Function",
    "Primitive",
    "Result",
    "Trait",
    "bilinear",
    "bind",
    "broadcast_type",
    "constant",
    "creation",
    "elementwise",
    "find",
    "find_method",
    "folded",
    "fresh",
    "linear",
    "name_of",
    "registered",
    "rule",
    "surely",
    "view",
    "zero",
    "zero_derivative",
]
