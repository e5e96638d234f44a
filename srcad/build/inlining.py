"""A helper's text as the caller's: its names made distinct from all others.

def f(x):                    def f(x):
    y = x + 1.0                  y = x + 1.0
    return scaled(y, 2.0)        y_1 = y * 2.0          <- of `scaled`: `y = v * k`
                                 return np.sum(y_1)     <- its result stands for the call
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gast

from srcad.build.arguments import Bound, is_literal, written
from srcad.build.closures import names_in_closures, own_names, reserve
from srcad.graph import Const, Operand
from srcad.names import Names
from srcad.references import assigned, parameters_of
from srcad.signature import is_object


@dataclass(frozen=True, slots=True)
class Renamed:
    """A helper's text in the caller's names."""

    tree: gast.FunctionDef
    parameters: dict[str, str]  # those that are bound before it -> their new names
    own: frozenset[str]  # all new names


def rename(
    tree: gast.FunctionDef,
    bound: Bound,
    names: Names,
    known: Callable[[str], bool],
    free: Callable[[str], gast.expr],
) -> Renamed:
    """A copy of a helper's text in which its own names are distinct from the caller's.

    A parameter that is not bound again is written as its argument, if that is a literal or a name that
    is `known`; one that a nested function reads is not, since that may be called when the argument's
    name means something else. `free` says how a name is read that is not the helper's own.
    """
    reserve(tree, names)
    table: dict[str, gast.expr] = {}
    parameters: dict[str, str] = {}
    written_to = assigned(tree.body)
    lasting = {*written_to, *names_in_closures(tree)}
    for name, argument in bound.items():
        constant = is_known(argument[1]) and name not in written_to
        if (name not in lasting or constant) and substitutes(tree, name, argument, known):
            table[name] = written(argument)
            continue
        parameters[name] = names.fresh(name)
        table[name] = gast.Name(parameters[name], gast.Load(), None, None)
    own = set(parameters.values())
    for name in written_to:
        if name not in table:
            table[name] = gast.Name(names.fresh(name), gast.Load(), None, None)
            own.add(table[name].id)
    renamed = copy.deepcopy(tree)
    renamer = Renamer(table, free, names.fresh)
    renamed.body = [renamer.visit(statement) for statement in renamed.body]
    return Renamed(renamed, parameters, frozenset(own))


def is_known(operand: Operand) -> bool:
    """Whether an operand is a number, a text or None that can be written out."""
    return isinstance(operand, Const) and is_literal(operand.value)


def substitutes(
    tree: gast.FunctionDef, name: str, argument: Any, known: Callable[[str], bool]
) -> bool:
    """Whether the argument may be written in place of the parameter."""
    node, operand = argument
    if isinstance(node, (gast.Tuple, gast.Dict)):
        items = node.elts if isinstance(node, gast.Tuple) else node.values
        plain = all(_plain(item, known) for item in items)
        return plain and _gathers(tree, name) and _only_unpacked(tree, name)
    if node is None or isinstance(node, gast.Constant):
        return is_known(operand)
    if isinstance(node, (gast.Attribute, gast.Subscript)):
        return isinstance(operand, Const) and is_object(operand.value) and known(_root(node))
    return isinstance(node, gast.Name) and known(node.id)


def _root(node: gast.expr) -> str:
    """The name that a path such as `model.layers[0]` begins with; none if it is no path."""
    while isinstance(node, (gast.Attribute, gast.Subscript)):
        node = node.value
    return node.id if isinstance(node, gast.Name) else ""


def _plain(node: gast.expr, known: Callable[[str], bool]) -> bool:
    return isinstance(node, gast.Constant) or (isinstance(node, gast.Name) and known(node.id))


def _gathers(tree: gast.FunctionDef, name: str) -> bool:
    """Whether a parameter is `*args` or `**kwargs`."""
    gathered = (tree.args.vararg, tree.args.kwarg)
    return any(a is not None and a.id == name for a in gathered)


def _only_unpacked(tree: gast.FunctionDef, name: str) -> bool:
    """Whether a parameter is handed on as `*args` or `**kwargs`, and read nowhere else."""
    reads, handed_on = 0, 0
    for statement in tree.body:
        for node in gast.walk(statement):
            reads += isinstance(node, gast.Name) and node.id == name
            if isinstance(node, gast.Call):
                unpacked = [a.value for a in node.args if isinstance(a, gast.Starred)]
                unpacked += [k.value for k in node.keywords if k.arg is None]
                handed_on += sum(isinstance(u, gast.Name) and u.id == name for u in unpacked)
    return reads == handed_on


class Renamer(gast.NodeTransformer):
    """Names of a helper replaced by the caller's: its own by the table, free ones by a function."""

    def __init__(
        self,
        names: dict[str, gast.expr],
        free: Callable[[str], gast.expr],
        fresh: Callable[[str], str],
    ) -> None:
        self.names = names
        self.free = free
        self.fresh = fresh

    def visit_Name(self, node: gast.Name) -> gast.expr:
        new = self.names.get(node.id) or self.free(node.id)
        if isinstance(new, gast.Name):
            return gast.copy_location(gast.Name(new.id, node.ctx, None, None), node)
        new = copy.deepcopy(new)
        for part in gast.walk(new):
            gast.copy_location(part, node)
        return new

    def visit_Call(self, node: gast.Call) -> gast.expr:
        """`f(*args)` becomes `f(x, y)` where `args` is written out."""
        self.generic_visit(node)
        args: list[gast.expr] = []
        keywords: list[gast.keyword] = []
        for argument in node.args:
            opened = isinstance(argument, gast.Starred) and isinstance(argument.value, gast.Tuple)
            args += argument.value.elts if opened else [argument]
        for keyword in node.keywords:
            if keyword.arg is None and isinstance(keyword.value, gast.Dict):
                items = zip(keyword.value.keys, keyword.value.values, strict=True)
                keywords += [gast.keyword(key.value, value) for key, value in items]
            else:
                keywords.append(keyword)
        node.args, node.keywords = args, keywords
        return node

    def visit_Import(self, node: Any) -> Any:
        """The name that an import binds is a name like others."""
        for alias in node.names:
            new = self.names[alias.asname or alias.name].id
            alias.asname = None if new == alias.name else new
        return node

    visit_ImportFrom = visit_Import

    def visit_Lambda(self, node: gast.Lambda) -> gast.expr:
        self.defaults(node)
        node.body = self.inside(node, lambda: self.visit(node.body))
        return node

    def visit_FunctionDef(self, node: gast.FunctionDef) -> gast.FunctionDef:
        self.defaults(node)
        node.body = self.inside(node, lambda: [self.visit(statement) for statement in node.body])
        node.name = self.names[node.name].id
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        return node

    def defaults(self, node: Any) -> None:
        """Defaults are evaluated where the function is made."""
        arguments = node.args
        arguments.defaults = [self.visit(default) for default in arguments.defaults]
        arguments.kw_defaults = [d and self.visit(d) for d in arguments.kw_defaults]

    def inside(self, node: Any, walk: Callable[[], Any]) -> Any:
        """Walk in a nested function, whose own names stay."""
        own = {name: gast.Name(name, gast.Load(), None, None) for name in own_names(node)}
        outer, self.names = self.names, {**self.names, **own}
        found = walk()
        self.names = outer
        return found

    def comprehension(self, node: Any) -> gast.expr:
        """The variables of a comprehension are its own; what it runs over first is not in its scope."""
        first = node.generators[0]
        first.iter = self.visit(first.iter)
        own = [name for g in node.generators for name in assigned(g.target)]
        new = {name: gast.Name(self.fresh(name), gast.Load(), None, None) for name in own}
        outer, self.names = self.names, {**self.names, **new}
        for generator in node.generators:
            if generator is not first:
                generator.iter = self.visit(generator.iter)
            generator.target = self.visit(generator.target)
            generator.ifs = [self.visit(test) for test in generator.ifs]
        for part in ("elt", "key", "value"):
            if hasattr(node, part):
                setattr(node, part, self.visit(getattr(node, part)))
        self.names = outer
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension


def all_names(tree: gast.AST) -> set[str]:
    """Every name that stands in a piece of code."""
    names = {n.id for n in gast.walk(tree) if isinstance(n, gast.Name)}
    names |= {n.name for n in gast.walk(tree) if isinstance(n, gast.FunctionDef)}
    imports = (n for n in gast.walk(tree) if isinstance(n, (gast.Import, gast.ImportFrom)))
    return names.union(*(assigned(node) for node in imports))


def without_annotations(node: gast.FunctionDef, defaults: dict[str, gast.expr]) -> gast.FunctionDef:
    """A nested `def` as it is printed: its defaults are evaluated before it."""
    bare = copy.deepcopy(node)
    for parameter in parameters_of(bare.args):
        parameter.annotation = None
    bare.returns = None
    only = [a.id for a in bare.args.kwonlyargs]
    positional = [name for name in defaults if name not in only]
    bare.args.defaults = [defaults[name] for name in positional]
    bare.args.kw_defaults = [defaults.get(name) for name in only]
    return bare
