"""What a user calls: `grad` and `value_and_grad`, and the gradient functions that they return."""

from __future__ import annotations

import inspect
import os
import sys
import types
import warnings
from collections.abc import Callable, Sequence
from typing import Any

from srcad import errors
from srcad.binding import Binding, Wrt, chosen
from srcad.cache import Cache, Entry, entry, holds
from srcad.guards import guard_function
from srcad.options import Options
from srcad.pickling import reduced
from srcad.pipeline import Compiled, compile_gradient, read_function
from srcad.saved import module_text
from srcad.show import GraphView
from srcad.signature import check_differentiable, described_argument
from srcad.types import UNKNOWN


def grad(
    fun: Callable[..., Any] | None = None,
    /,
    wrt: Wrt | None = None,
    *,
    argnums: Wrt | None = None,
    has_aux: bool = False,
) -> Any:
    """The function that computes the gradient of `fun`.

    Args:
        fun: a Python function of NumPy arrays and numbers whose result is a real scalar.
        wrt: the arguments to differentiate with respect to, by position or name; 0 by default. One
            gives a bare gradient, a tuple gives a tuple; -1 counts from the end.
        argnums: the same, under the name that it has in JAX.
        has_aux: `fun` returns a pair `(value, aux)`; the result is `(gradient, aux)`.

    A gradient has the structure, the shape and the dtype of its argument, in memory of its own.

    Raises:
        SrcadError: at once for what is not in the language, with place and hint; at the first
            call for what needs a type, a helper or a rule.

    >>> import numpy as np
    >>> from srcad import grad
    >>> dsum = grad(lambda x: np.sum(x * x))
    >>> dsum(np.array([1.0, 2.0]))
    array([2., 4.])
    """
    return _made(fun, wrt, argnums, False, has_aux)


def value_and_grad(
    fun: Callable[..., Any] | None = None,
    /,
    wrt: Wrt | None = None,
    *,
    argnums: Wrt | None = None,
    has_aux: bool = False,
) -> Any:
    """The function that computes `(value, gradient)`; with `has_aux`, `((value, aux), gradient)`.

    The arguments are those of `grad`. The value is bitwise the one that `fun` returns.

    >>> import numpy as np
    >>> from srcad import value_and_grad
    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    """
    return _made(fun, wrt, argnums, True, has_aux)


def _made(fun: Any, wrt: Any, argnums: Any, with_value: bool, has_aux: bool) -> Any:
    if wrt is not None and argnums is not None:
        raise TypeError("wrt and argnums are two names of one thing: give one of them")
    chosen = argnums if wrt is None else wrt
    if chosen is None:
        chosen = 0
    if fun is None:
        return lambda function: GradFunction(function, chosen, with_value, has_aux)
    return GradFunction(fun, chosen, with_value, has_aux)


class GradFunction:
    """A gradient: call it as the function that it came from.

    Attributes:
        primal: the function that is differentiated.
        source: the generic gradient as Python text: with nothing known of the arguments.
        graph: the graph of the primal; prints as text, and gives `.to_dot()`.
        wrt: the names of the arguments to differentiate with respect to.
        has_aux: whether the primal returns a pair.
    """

    def __init__(
        self, fun: Callable[..., Any], wrt: Wrt = 0, with_value: bool = False, has_aux: bool = False
    ) -> None:
        if isinstance(fun, GradFunction):
            raise errors.NoSource(
                "a gradient function is not differentiated again",
                hint="differentiate the function once; higher orders are not there yet",
            )
        self.primal = fun
        self._given = (wrt, with_value, has_aux)
        self._first = (fun.__self__,) if isinstance(fun, types.MethodType) else ()
        self._made = Made(fun, wrt, with_value, has_aux, len(self._first))
        source, options = self._made.source, self._made.options
        self.__name__ = f"{source.name}_{'value_and_grad' if with_value else 'grad'}"
        self.__qualname__ = getattr(fun, "__qualname__", self.__name__)
        self.__module__ = getattr(fun, "__module__", __name__)
        what = "Value and gradient" if with_value else "Gradient"
        self.__doc__ = f"{what} of {source.name} with respect to {', '.join(options.wrt)}."
        if fun.__doc__:
            self.__doc__ += f"\n\n{fun.__doc__}"

    # calls

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        made = self._made
        binding = made.binding
        values = binding.values(self._first + args, keywords)
        entries = made.cache.entries
        if not (entries and holds(entries[0].fits, values)):
            return self._call_slowly(args, keywords)
        if binding.by_position:
            return entries[0].function(*values)
        return binding.call(entries[0].function, values)

    def _call_slowly(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """A call that is not for the entry that was used last."""
        found, values = self._entry(args, keywords)
        return self._made.binding.call(found.function, values)

    def _entry(
        self, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> tuple[Entry, tuple[Any, ...]]:
        """The entry for a call, and the values of its arguments."""
        values = self._made.values(self._first + args, keywords)
        found, new = self._made.entry(values, self.__name__)
        if new and found.compiled.inactive:
            self._warn_inactive()
        return found, values

    def _warn_inactive(self) -> None:
        warnings.warn(
            f"the result does not depend on {', '.join(self._made.options.wrt)}: "
            "the gradient is zero",
            errors.InactiveResultWarning,
            stacklevel=_frames_of_srcad(),
        )

    def __get__(self, instance: object, owner: type | None = None) -> GradFunction:
        """A method's gradient knows its object."""
        if instance is None or self._first:
            return self
        bound = object.__new__(GradFunction)
        bound.__dict__.update(self.__dict__)
        bound._first = (instance,)
        return bound

    @property
    def __signature__(self) -> inspect.Signature:
        self._made.refresh()
        signature = self._made.binding.signature
        parameters = list(signature.parameters.values())[len(self._first) :]
        return signature.replace(parameters=parameters)

    # reading

    @property
    def wrt(self) -> tuple[str, ...]:
        return self._made.options.wrt

    @property
    def has_aux(self) -> bool:
        return self._made.options.with_aux

    def specialize(self, *args: Any, guard: bool = True, **keywords: Any) -> Any:
        """The gradient function for arguments like these, with its text as `.source`.

        With `guard`, a line at its top raises TypeError for arguments of another signature; without
        it, such a call is the caller's affair.
        """
        found, values = self._entry(args, keywords)
        return self._made.specialized(found, values, guard).function

    @property
    def source(self) -> str:
        return self._generic().text

    @property
    def generic(self) -> Callable[..., Any]:
        """The function whose text `source` is: right for every input for which it exists."""
        return self._generic().function

    @property
    def graph(self) -> GraphView:
        compiled = self._generic()
        return GraphView(compiled.primal, compiled.tables)

    def _generic(self) -> Compiled:
        compiled, new = self._made.generic()
        if new and compiled.inactive:
            self._warn_inactive()
        return compiled

    def show(self, *args: Any, **keywords: Any) -> None:
        """Print the gradient's text: for arguments like these, or the generic one."""
        given = args or keywords
        print(self.specialize(*args, guard=False, **keywords).source if given else self.source)

    def save(self, path: str | os.PathLike[str], *args: Any, **keywords: Any) -> None:
        """Write the gradient as a module that needs NumPy and not srcad.

        With arguments, the text for arguments like these, which it checks; else the generic one.

        Raises:
            NotSaved: the gradient reads an object that cannot be written.
        """
        if args or keywords:
            found, values = self._entry(args, keywords)
            compiled = self._made.specialized(found, values, True)
        else:
            compiled = self._generic()
        text = module_text(compiled.text, compiled.function, self._made.source.name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def __repr__(self) -> str:
        return f"<srcad {self.__name__} of {self.__module__}.{self.__qualname__}>"

    # pickle and copy

    def __reduce__(self) -> Any:
        if self._first and not isinstance(self.primal, types.MethodType):
            unbound = object.__new__(GradFunction)
            unbound.__dict__.update(self.__dict__, _first=())
            return unbound.__get__, self._first
        return reduced(self, GradFunction, self._given)

    def __copy__(self) -> GradFunction:
        return self

    def __deepcopy__(self, memory: dict[int, Any]) -> GradFunction:
        return self  # as a function


class Made:
    """What a gradient function is made from and has compiled; bound methods share it."""

    def __init__(
        self, fun: Callable[..., Any], wrt: Wrt, with_value: bool, has_aux: bool, bound: int
    ) -> None:
        self.fun = fun
        self.source, self.tree = read_function(fun)
        self.code = self.source.function.__code__
        self.binding = Binding(self.source.function, self.source.name)
        names = self.chosen(wrt, self.binding.parameters[bound:])
        asked = wrt if isinstance(wrt, (tuple, list)) else (wrt,)
        for name, item in zip(names, asked, strict=True):
            if name in self.binding.gathered and not isinstance(item, str):
                raise errors.UnknownArgument(
                    f"{name} gathers arguments, and is not counted",
                    self.source.span(self.tree),
                    f"name it: wrt={name!r}",
                )
        bare = not isinstance(wrt, (tuple, list))
        self.options = Options(names, bare, with_value, has_aux)
        self.cache = Cache()
        self._generic: tuple[Entry, Compiled] | None = None

    def chosen(self, wrt: Wrt, names: Sequence[str]) -> tuple[str, ...]:
        """The names of the arguments that `wrt` means, of these."""
        return chosen(wrt, names, self.source.name, self.source.span(self.tree))

    def values(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[Any, ...]:
        """The values of a call's arguments, by the signature as it is now."""
        self.refresh()
        return self.binding.values(args, keywords)

    def refresh(self) -> None:
        """Read the function again if its code or its defaults were replaced."""
        function = self.source.function
        if function.__code__ is self.code and self.binding.current:
            return
        with self.cache.lock:
            self.source, self.tree = read_function(self.fun)
            self.code = function.__code__
            self.binding = Binding(function, self.source.name)
            for name in self.options.wrt:
                self.chosen(name, self.binding.parameters)

    def entry(self, values: tuple[Any, ...], name: str) -> tuple[Entry, bool]:
        """The entry for these arguments, whose sizes agree, and whether it was made just now."""
        found, new = self.cache.find(values), False
        if found is None:
            found, new = self.compile(values)
        if not holds(found.fits, values):
            self.binding.call(self.source.function, values)  # which raises
            raise errors.ArgumentMismatch(f"{name}: the sizes of the arguments do not agree")
        return found, new

    def compile(self, values: tuple[Any, ...]) -> tuple[Entry, bool]:
        """The entry for these arguments, and whether it was made just now."""
        with self.cache.lock:
            found = self.cache.find(values)
            if found is not None:
                return found, False
            compiled = self._compiled(values)
            found = entry(compiled, self.source.function, values)
            self.cache.add(found)
            return found, True

    def specialized(self, found: Entry, values: tuple[Any, ...], guard: bool) -> Compiled:
        """What `specialize` hands out: an entry's function, or one that checks its arguments."""
        if not guard:
            return found.compiled
        with self.cache.lock:
            if found.guarded is None:
                built = found.compiled.primal, found.compiled.tables
                check = guard_function(self.binding.parameters, values, built)
                found.guarded = self._compiled(values, check)
            return found.guarded

    def _compiled(self, values: Sequence[Any], guard: Any = None) -> Compiled:
        described = self.described(values)
        return compile_gradient(self.source, self.tree, described, self.options, guard)

    def described(self, values: Sequence[Any]) -> dict[str, Any]:
        """The signature that arguments have; those in `wrt` can be differentiated."""
        described = {}
        for name, value in zip(self.binding.parameters, values, strict=True):
            described[name] = described_argument(name, value)
            if name in self.options.wrt:
                check_differentiable(name, described[name], value)
        return described

    def generic(self) -> tuple[Compiled, bool]:
        """The gradient with nothing known of the arguments, and whether it was made just now."""
        with self.cache.lock:
            self.refresh()
            if self._generic is not None and holds(self._generic[0].fits, ()):
                return self._generic[1], False
            if self.binding.gathered:
                raise errors.UndecidedKind(
                    f"the generic gradient hangs on what {self.binding.gathered[0]} gathers",
                    self.source.span(self.tree),
                    "specialize the gradient for your arguments, or call it",
                )
            signature = dict.fromkeys(self.binding.parameters, UNKNOWN)
            compiled = compile_gradient(self.source, self.tree, signature, self.options)
            self._generic = (entry(compiled, self.source.function, ()), compiled)
            return compiled, True


def _frames_of_srcad() -> int:
    """The `stacklevel` at which the caller of `warnings.warn` reaches code that is not srcad's."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("srcad."):
        level, frame = level + 1, frame.f_back
    return level
