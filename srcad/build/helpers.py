"""Calls of Python functions: the helper's statements stand where it is called, its result for the call.

A function made inside the function is a helper like any other, whose free names are the function's own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gast

from srcad import errors
from srcad.build import inlining, paircalls
from srcad.build.arguments import (
    Argument,
    Bound,
    Given,
    bind_arguments,
    default_values,
    is_literal,
    literal,
    mismatch,
)
from srcad.build.closures import Local, as_function, default_nodes, names_in_closures
from srcad.build.displays import Displays
from srcad.build.lists import Lists
from srcad.build.outside import is_data
from srcad.build.pairs import Pair, Registry
from srcad.frames import writes_outside
from srcad.graph import Const, Operand, Value, values
from srcad.normalise import normalise
from srcad.references import liveness, read_names
from srcad.signature import Description, describe
from srcad.source import Held, Source
from srcad.statements import Plain, Statement
from srcad.types import fresh

Reader = Callable[[Any], tuple[Source, gast.FunctionDef]]
"""Reads a helper: its source, and its normalised tree."""


MOST_REPEATED = 30
"""Statements of a helper, with those of its own helpers, that are inlined more than once."""


class Helpers(Displays, Lists):
    """Calls of functions that are read."""

    reader: Reader
    registry: Registry
    walked: int  # statements so far
    statements: list[Statement]
    calling: list[Any]
    renamed: dict[tuple[gast.Call, Any], inlining.Renamed]
    kept: dict[tuple[gast.AST, str], str]  # an expression -> the name that its value is kept under
    defaults: dict[tuple[Any, str], Argument]
    result: Operand
    result_node: Any

    # functions made inside the function

    def local_function(self, node: Any) -> Operand:
        """A lambda or a nested `def`: its defaults are evaluated now, and the rest when it is called."""
        defaults = {}
        for name, default in default_nodes(node).items():
            defaults[name] = self.keep(default, self.value(default), name)
        tree = as_function(node)
        self.outside.names.used |= inlining.all_names(tree)
        return Const(Local(node, self.source, defaults))

    def keep(self, node: gast.expr, operand: Operand, base: str) -> gast.expr:
        """A name, or a literal, for what an expression means now: a statement of its own binds it."""
        if inlining.is_known(operand) and isinstance(node, gast.Constant):
            return node
        if self.guards:
            raise errors.UnsupportedSyntax(
                "a function is made where it may not be evaluated",
                self.span(node),
                "make it in a statement of its own",
            )
        if (node, base) not in self.kept:
            name = self.kept[node, base] = self.outside.names.fresh(base)
            self.outside.local.add(name)
        name = self.kept[node, base]
        self.bind_name(node, name, node, operand)
        self.captured.add(name)
        return gast.copy_location(gast.Name(name, gast.Load(), None, None), node)

    # calls

    def given(self, node: gast.Call, args: list[Operand], keywords: dict[str, Operand]) -> Given:
        """The arguments of a call, each with the expression that reaches it."""
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        return Given(
            list(zip(node.args, args, strict=True)),
            {name: (named[name], operand) for name, operand in keywords.items()},
        )

    def inline(self, node: gast.expr, callee: Any, given: Given) -> Operand:
        """The helper's statements stand where it is called; its result stands for the call."""
        if self.guards:
            raise errors.UnsupportedSyntax(
                "a function is called where it may not be evaluated",
                self.span(node),
                "call it in a statement of its own",
            )
        code = callee.node if isinstance(callee, Local) else callee
        recursive = not isinstance(callee, Local) and paircalls.recursive(self, callee)
        if code in self.calling and not recursive:
            raise errors.UnsupportedRecursion("a function calls itself", self.span(node))
        helper = self.read_helper(callee, given.operands)
        if helper is None:
            return self.unknown_call(node, callee, given.operands)
        source, tree = helper
        refuse = mismatch(callee, self.span(node))
        bound = bind_arguments(tree, given, self.default_arguments(callee), refuse)
        if not isinstance(callee, Local):
            self.outside.dependencies.append((Held(callee), callee.__name__, callee))
        if recursive:
            return paircalls.call_pair(self, node, callee, helper, bound)
        found = self.beside(node, callee, helper, bound)
        if found is not None:
            return found
        body = self.in_own_names(node, callee, tree, bound)
        self.calling.append(code)
        seen = {self.emitter.storages.of(v).storage for v in values(list(self.env.values()))}
        written, walked = len(self.log), self.walked
        result = self.walk_helper(node, source, body)
        self.registry.sizes[callee] = self.walked - walked
        self.calling.pop()
        if seen.intersection(self.log[written:]):
            self.require_statement(node)
        return result

    def beside(
        self, node: gast.Call, callee: Any, helper: tuple[Source, gast.FunctionDef], bound: Bound
    ) -> Operand | None:
        """A call of a helper that stands beside the function: one that is long, and was inlined before.

        None: it is inlined, also where it writes, or takes what such a helper cannot.
        """
        first = isinstance(callee, Local) or (node, callee) in self.renamed
        if first or self.registry.sizes.get(callee, 0) <= MOST_REPEATED:
            return None
        try:
            return paircalls.call_pair(self, node, callee, helper, bound)
        except errors.SrcadError:
            return None

    def build_helper(
        self, pair: Pair, tree: gast.FunctionDef, described: dict[str, Description]
    ) -> Any:
        """The graph of a helper that is not inlined: a subclass builds it."""
        raise NotImplementedError

    def read_helper(
        self, callee: Any, given: list[Operand]
    ) -> tuple[Source, gast.FunctionDef] | None:
        """The text of a helper; None if it cannot be read, and nothing differentiated goes in."""
        if isinstance(callee, Local):
            return callee.source, normalise(as_function(callee.node))
        try:
            return self.reader(callee)
        except errors.SrcadError:
            owner = given[0].value if given and isinstance(given[0], Const) else None
            if self.varied(given) or writes_outside(callee, owner):
                raise  # the backward sweep might read what the function binds
            return None

    def default_arguments(self, callee: Any) -> Bound:
        """What the parameters of a helper mean that a call leaves out."""
        if isinstance(callee, Local):
            return {name: (node, self.value(node)) for name, node in callee.defaults.items()}
        found = default_values(callee)
        return {name: self.default(callee, name, value) for name, value in found.items()}

    def default(self, callee: Any, name: str, value: Any) -> Argument:
        """How a default is written, None for a literal, and what it means."""
        if is_literal(value):
            return None, Const(value)
        if (callee, name) not in self.defaults:
            key = self.outside.cell(name, value)
            home = gast.Name(key, gast.Load(), None, None)
            operand: Operand = Const(value)
            if is_data(value):
                operand = self.parameters.add(describe(value, fresh), home, key)
            self.outside.known[key] = operand
            self.defaults[callee, name] = (home, operand)
        return self.defaults[callee, name]

    def in_own_names(
        self, node: gast.Call, callee: Any, tree: gast.FunctionDef, bound: Bound
    ) -> gast.FunctionDef:
        """The helper's text in names of its own, its parameters bound before it.

        A loop's body is walked several times; the names are chosen once.
        """
        key = node, callee.node if isinstance(callee, Local) else callee
        if key not in self.renamed:
            renamed = self.renamed[key] = inlining.rename(
                tree,
                bound,
                self.outside.names,
                lambda name: name in self.env or name in self.outside.known,
                partial(self.free_name, callee),
            )
            self.outside.local |= renamed.own
        renamed = self.renamed[key]
        for name, new in renamed.parameters.items():
            self.bind_parameter(node, new, *bound[name])
        return renamed.tree

    def free_name(self, callee: Any, name: str) -> gast.expr:
        """How a helper's global or free name is read; a nested function's are the function's own."""
        if isinstance(callee, Local):
            return gast.Name(name, gast.Load(), None, None)
        return self.outside.free_name(callee, name)

    def bind_parameter(
        self, node: gast.Call, new: str, argument: gast.expr | None, operand: Operand
    ) -> None:
        """`new = argument`, a statement of its own; a default is read where it is kept."""
        self.env[new] = operand
        if argument is None and isinstance(operand, Value):
            argument = self.listing.home_of[operand]
        if argument is None and isinstance(operand, Const):
            argument = literal(operand)
        if argument is not None:
            self.bind_name(node, new, argument, operand)

    def bind_name(self, node: gast.AST, name: str, argument: gast.expr, operand: Operand) -> None:
        """`name = argument`, at the place of a node."""
        self.env[name] = operand
        target = gast.Name(name, gast.Store(), None, None)
        statement = gast.copy_location(gast.Assign([target], argument, None), node)
        self.statements.append(Plain(statement, {name: operand}))
        if isinstance(operand, Value):
            self.tables.names.setdefault(operand, name)

    def walk_helper(self, node: gast.Call, source: Source, tree: gast.FunctionDef) -> Operand:
        """Walk the statements of a helper; its result stands in the text in place of the call."""
        outer = self.source, self.result, self.result_node
        self.liveness.append(liveness(tree))
        self.live.append(frozenset())
        self.captured |= names_in_closures(tree)
        self.source = source
        returns = isinstance(tree.body[-1], gast.Return)
        self.block(tree.body[:-1] if returns else tree.body)
        given = tree.body[-1].value if returns else None
        text = gast.copy_location(gast.Constant(None, None), node) if given is None else given
        self.live[-1] = read_names(text)
        result = self.emitter.current(self.value(text))
        self.listing.replaced[node] = text
        self.source, self.result, self.result_node = outer
        self.liveness.pop()
        self.live.pop()
        return result
