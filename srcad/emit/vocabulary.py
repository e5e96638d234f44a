"""How generated code calls what is not its own: NumPy, the helpers of `runtime`, a rule."""

from __future__ import annotations

import math
import types
from typing import Any

import gast
import numpy as np

from srcad.names import Names

MODULES: dict[str, types.ModuleType] = {"np": np, "math": math}


class Vocabulary:
    """Names for modules and functions, as the user's module has them where it does.

    `provided` collects what the user's namespace lacks: name -> object.
    """

    def __init__(self, names: Names, namespace: dict[str, Any], local: set[str]) -> None:
        self.names = names
        self.provided: dict[str, Any] = {}
        self.reserved: set[str] = set()  # names that the sweeps use
        self.known: dict[int, str] = {}
        for preferred, module in MODULES.items():
            found = [n for n, thing in namespace.items() if thing is module and n not in local]
            if found:
                self.known[id(module)] = preferred if preferred in found else found[0]
                self.names.used.update(found)

    def name(self, thing: Any, preferred: str) -> gast.expr:
        """A name that means an object in the generated code."""
        if id(thing) not in self.known:
            name = Names(self.names.used | self.reserved).fresh(preferred)
            self.names.used.add(name)
            self.known[id(thing)] = name
            self.provided[name] = thing
        return gast.Name(self.known[id(thing)], gast.Load(), None, None)

    def numpy(self, path: str) -> gast.expr:
        """`np.path`."""
        node = self.name(np, "np")
        for part in path.split("."):
            node = gast.Attribute(node, part, gast.Load())
        return node

    def record(self, cls: type, fields: dict[str, gast.expr]) -> gast.expr:
        """`Params(w=dw, b=db)`."""
        keywords = [gast.keyword(name, field) for name, field in fields.items()]
        return gast.Call(self.name(cls, cls.__name__), [], keywords)

    def function(self, function: Any) -> gast.expr:
        """A function that an equation calls."""
        module = getattr(function, "__module__", None) or ""
        name = getattr(function, "__name__", "function")
        if isinstance(function, np.ufunc) or module.split(".")[0] == "numpy":
            return self.numpy(f"linalg.{name}" if module.startswith("numpy.linalg") else name)
        if module == "math":
            return gast.Attribute(self.name(math, "math"), name, gast.Load())
        if module == "builtins":
            return gast.Name(name, gast.Load(), None, None)
        return self.name(function, f"{name}_vjp" if module.startswith("srcad.rules") else name)
