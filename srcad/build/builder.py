"""The user's function and a signature -> the primal graph, typed, with the listing of its statements.

While building, a name never holds a version of an array: it holds an operand, and each array knows the
allocations that its memory may come from. So an in-place write is allowed only where no other live
name reaches the same memory, and the graph itself stays pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import gast

from srcad import errors
from srcad.build import inlining, regions
from srcad.build.calls import Calls
from srcad.build.inlining import Bound, Local
from srcad.build.outside import Outside, is_data
from srcad.build.parameters import Parameters
from srcad.build.state import PrimalEmitter, Site, State
from srcad.build.writes import check_write, in_place, overwrite, writes
from srcad.graph import Const, Equation, Graph, Operand, Tables, Value, leaves, values
from srcad.names import Names
from srcad.operands import constant, is_constant
from srcad.operators import OPERATORS
from srcad.references import Liveness, assigned, liveness, read_names
from srcad.signature import Description, describe
from srcad.source import Source
from srcad.statements import Environment, Listing, Plain, Statement
from srcad.types import UNKNOWN, fresh

Reader = Callable[[Any], tuple[Source, gast.FunctionDef]]
"""Reads a helper: its source, and its normalised tree."""


@dataclass(slots=True)
class Primal:
    """What the builder hands on."""

    graph: Graph
    tables: Tables
    listing: Listing
    result: Operand
    returning: gast.Return  # the statement that the result comes from
    params: dict[str, Operand]  # by parameter name, the leaves of each argument
    state: State  # what depends on `wrt`, and whose memory is whose
    statements: dict[Equation, gast.stmt]
    outside: Outside
    arrays: list[str]  # arguments that the text takes for arrays


def build(
    source: Source,
    tree: gast.FunctionDef,
    reader: Reader,
    signature: dict[str, Description],
    wrt: Sequence[str],
) -> Primal:
    """Build the graph of a function whose parameters are as `signature` describes them."""
    return Builder(source, tree, reader).build(signature, wrt)


class Builder(Calls):
    """Walks the statements; the expressions in them are its base classes'."""

    def __init__(self, source: Source, tree: gast.FunctionDef, reader: Reader) -> None:
        self.source = source
        self.tree = tree
        self.reader = reader
        self.tables = Tables()
        self.state = State()
        self.graph = Graph(name=source.name)
        self.emitter = PrimalEmitter(self.tables, self.graph, self.state)
        self.env: Environment = {}
        self.statements: list[Statement] = []
        self.listing = Listing(self.statements)
        self.parameters = Parameters(self.emitter, self.listing)
        local = {*assigned(tree.body), *(a.id for a in inlining.parameters_of(tree))}
        self.outside = Outside(source.function, Names(inlining.all_names(tree)), local)
        self.liveness: list[Liveness] = [liveness(tree)]  # of the function, and of helpers in it
        # for each of these, the names still read from the statement at hand on
        self.live: list[frozenset[str]] = [frozenset()]
        self.arrays: list[str] = []
        self.result: Operand = Const(None)
        self.result_node: Any = tree
        self.calling: list[Any] = [source.function.__code__]
        self.renamed: dict[gast.Call, inlining.Renamed] = {}
        self.defaults: dict[tuple[Any, str], tuple[gast.expr, Operand]] = {}

    def build(self, signature: dict[str, Description], wrt: Sequence[str]) -> Primal:
        params = {}
        for name, described in signature.items():
            home = gast.Name(name, gast.Load(), None, None)
            params[name] = self.env[name] = self.parameters.add(described, home, name)
        for name in wrt:
            self.state.varied.update(values(params[name]))
        self.block(self.tree.body)
        self.graph.results = tuple(leaves(self.result))
        return Primal(
            self.graph,
            self.tables,
            self.listing,
            self.result,
            self.result_node,
            params,
            self.state,
            self.emitter.statements,
            self.outside,
            self.arrays,
        )

    def item(self, base: Value, index: Operand, node: gast.expr) -> Operand:
        """An item of an array; of an argument of which nothing is known, if it is an array."""
        if self.tables.types[base] == UNKNOWN:
            home = self.listing.home_of.get(base)
            name = home.id if isinstance(home, gast.Name) else None
            if isinstance(index, Const) and isinstance(index.value, str):
                raise errors.UndecidedKind(
                    f"the generic gradient hangs on what {name or 'this'} is",
                    self.span(node),
                    "specialize the gradient for your arguments, or call it",
                )
            if name is not None and name not in self.arrays:
                self.arrays.append(name)
        return super().item(base, index, node)

    def block(self, statements: Sequence[gast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: gast.stmt) -> None:
        after = self.liveness[-1].after.get(node, frozenset())
        around, self.live[-1] = self.live[-1], after | read_names(node)
        effect, self.effect = self.effect, False
        outer, self.emitter.site = self.emitter.site, Site(node)
        getattr(self, f"_{type(node).__name__}")(node)
        self.effect = effect
        self.emitter.site = outer
        self.live[-1] = around

    def plain(self, node: gast.stmt) -> Plain:
        found = Plain(node, effect=self.effect)
        self.statements.append(found)
        return found

    def _Pass(self, node: gast.Pass) -> None:
        pass

    def _Expr(self, node: gast.Expr) -> None:
        if isinstance(node.value, gast.Constant):
            return
        self.value(node.value)
        self.plain(node)

    def _Assert(self, node: gast.Assert) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.guarded(node.msg)
        self.effect = True
        self.plain(node)

    def _Raise(self, node: gast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.value(part)
        self.effect = True
        self.plain(node)

    def _Return(self, node: gast.Return) -> None:
        self.result = Const(None) if node.value is None else self.value(node.value)
        self.result_node = node
        self.plain(node)

    def _Assign(self, node: gast.Assign) -> None:
        operand = self.value(node.value)
        statement = self.plain(node)
        for target in node.targets:
            self.bind(target, operand, statement)

    def _AnnAssign(self, node: gast.AnnAssign) -> None:
        operand = self.value(node.value)
        self.bind(node.target, operand, self.plain(node))

    def bind(self, target: gast.expr, operand: Operand, statement: Plain) -> None:
        """Give a name, or names in a tuple, what an expression means."""
        if isinstance(target, gast.Name):
            self.env[target.id] = statement.binds[target.id] = operand
            if isinstance(operand, Value):
                self.tables.names.setdefault(operand, target.id)
            return
        count = len(target.elts)
        for element, item in zip(target.elts, self.unpacked(operand, count, target), strict=True):
            self.bind(element, item, statement)

    def unpacked(self, operand: Operand, count: int, target: gast.expr) -> list[Operand]:
        if isinstance(operand, (tuple, list)):
            if len(operand) != count:
                raise errors.UnstableType(
                    f"{len(operand)} items are unpacked into {count} names", self.span(target)
                )
            return list(operand)
        if isinstance(operand, Value):
            return [self.item(operand, Const(index), target) for index in range(count)]
        if is_constant(operand) and isinstance(constant(operand), (tuple, list)):
            return [Const(item) for item in constant(operand)]
        raise errors.UnstableType(
            "what is unpacked here is not known to be a tuple or an array", self.span(target)
        )

    def _AugAssign(self, node: gast.AugAssign) -> None:
        name = node.target.id
        before = self.name(node.target)
        operand = self.value(node.value)
        function = OPERATORS[type(node.op)]
        written = writes(self.emitter, before)
        if written:
            live = self.read_later(node) - {name}
            others = {other: o for other, o in self.env.items() if other in live}
            check_write(self.emitter, name, type(node.op), others, before, self.span(node))
            function = in_place(function, name, self.span(node))
        after = self.operate(function, [before, operand], node)
        self.env[name] = self.plain(node).binds[name] = after
        if isinstance(after, Value):
            self.tables.names.setdefault(after, name)
            if written:
                overwrite(self.emitter, before, after)

    def read_later(self, node: gast.stmt) -> frozenset[str]:
        """The names that are read after a statement: in its function, or in one around it."""
        after = self.liveness[-1].after.get(node, frozenset())
        return after.union(*self.live[:-1])

    def _If(self, node: gast.If) -> None:
        test = self.value(node.test)
        if is_constant(test):
            self.block(node.body if constant(test) else node.orelse)
        else:
            regions.build_if(self, node, test)

    def _For(self, node: gast.For) -> None:
        regions.build_for(self, node)

    # helpers, inlined

    def inline(
        self, node: gast.Call, callee: Any, args: list[Operand], keywords: dict[str, Operand]
    ) -> Operand:
        """The helper's statements stand where it is called; its result stands for the call."""
        if self.guards:
            raise errors.UnsupportedSyntax(
                "a function is called where it may not be evaluated",
                self.span(node),
                "call it in a statement of its own",
            )
        code = callee.node if isinstance(callee, Local) else callee.__code__
        if code in self.calling:
            raise errors.UnsupportedRecursion("a function calls itself", self.span(node))
        given = [*args, *keywords.values()]
        helper = self.read_helper(callee, given)
        if helper is None:
            return self.unknown_call(node, callee, given)
        source, tree = helper
        bound = inlining.bind_arguments(
            node,
            tree,
            args,
            keywords,
            self.default_arguments(callee, tree),
            inlining.mismatch(callee, self.span(node)),
        )
        body = self.in_own_names(node, callee, tree, bound)
        self.calling.append(code)
        result = self.walk_helper(node, source, body)
        self.calling.pop()
        return result

    def read_helper(
        self, callee: Any, given: list[Operand]
    ) -> tuple[Source, gast.FunctionDef] | None:
        """The text of a helper; None if it cannot be read, and nothing differentiated goes in."""
        if isinstance(callee, Local):
            return self.source, inlining.lambda_as_function(callee.node)
        try:
            return self.reader(callee)
        except errors.SrcadError:
            if self.varied(given):
                raise
            return None

    def default_arguments(self, callee: Any, tree: gast.FunctionDef) -> Bound:
        """What the parameters of a helper mean that a call leaves out."""
        if isinstance(callee, Local):
            nodes = inlining.default_nodes(tree)
            return {name: (node, self.value(node)) for name, node in nodes.items()}
        found = inlining.default_values(callee)
        return {name: self.default(callee, name, value) for name, value in found.items()}

    def default(self, callee: Any, name: str, value: Any) -> tuple[gast.expr | None, Operand]:
        """How a default is written, None for a literal, and what it means."""
        if inlining.is_literal(value):
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
        if node not in self.renamed:
            self.renamed[node] = inlining.rename(
                tree,
                bound,
                self.outside.names,
                lambda name: name in self.env or name in self.outside.cells,
                partial(self.free_name, callee),
            )
        renamed = self.renamed[node]
        for name, new in renamed.parameters.items():
            self.bind_parameter(node, new, *bound[name])
        return renamed.tree

    def free_name(self, callee: Any, name: str) -> gast.expr:
        """How a helper's global or free name is read; a lambda's are the function's own."""
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
            argument = inlining.literal(operand)
        if argument is None:
            return
        target = gast.Name(new, gast.Store(), None, None)
        statement = gast.copy_location(gast.Assign([target], argument, None), node)
        self.statements.append(Plain(statement, {new: operand}))
        if isinstance(operand, Value):
            self.tables.names.setdefault(operand, new)

    def walk_helper(self, node: gast.Call, source: Source, tree: gast.FunctionDef) -> Operand:
        """Walk the statements of a helper; its result stands in the text in place of the call."""
        outer = self.source, self.result, self.result_node
        self.liveness.append(liveness(tree))
        self.live.append(frozenset())
        self.source = source
        *body, last = tree.body
        self.block(body)
        result: Operand = Const(None)
        if isinstance(last, gast.Return) and last.value is not None:
            self.live[-1] = read_names(last)
            result = self.value(last.value)
            self.listing.replaced[node] = last.value
        self.source, self.result, self.result_node = outer
        self.liveness.pop()
        self.live.pop()
        return result
