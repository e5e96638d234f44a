"""The user's function and a signature -> the primal graph, typed, with the listing of its statements.

While building, a name never holds a version of an array: it holds an operand, and each array knows the
allocations that its memory may come from. So an in-place write is allowed only where no other live
name reaches the same memory, and the graph itself stays pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gast

from srcad import errors
from srcad.build import attempts, contexts, imports, inlining, loops, regions
from srcad.build.arguments import Argument
from srcad.build.callables import Callables
from srcad.build.changes import Change, containers_in
from srcad.build.closures import names_in_closures
from srcad.build.comprehensions import Expander
from srcad.build.helpers import Reader
from srcad.build.order import Writes, in_parts, may_write
from srcad.build.outside import Outside
from srcad.build.pairs import Pair, Registry, own_names
from srcad.build.parameters import Parameters
from srcad.build.state import PrimalEmitter, Site, State, carries
from srcad.build.unrolling import MOST_COPIES_IN_ALL, too_many, written_out
from srcad.expressions import DictView
from srcad.graph import Const, Equation, Graph, Operand, Tables, Value, leaves, map_leaves, values
from srcad.names import Names
from srcad.operands import constant, is_constant
from srcad.records import opened
from srcad.references import (
    Liveness,
    assigned,
    live_before,
    liveness,
    parameters_of,
    read_names,
)
from srcad.signature import Description
from srcad.source import Source
from srcad.statements import Environment, Listing, Plain, Statement, is_exit
from srcad.types import UNKNOWN


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
    copied: list[str]  # arguments that the function writes


def build(
    source: Source,
    tree: gast.FunctionDef,
    reader: Reader,
    signature: dict[str, Description],
    wrt: Sequence[str],
) -> Primal:
    """Build the graph of a function whose parameters are as `signature` describes them."""
    return Builder(source, tree, reader).build(signature, wrt)


class Builder(Callables):
    """Walks the statements; the expressions in them are its base classes'."""

    def __init__(
        self,
        source: Source,
        tree: gast.FunctionDef,
        reader: Reader,
        outside: Outside | None = None,
    ) -> None:
        self.source = source
        self.tree = tree
        self.reader = reader
        self.tables = Tables()
        self.state = State()
        self.graph = Graph(name=source.name)
        self.emitter = PrimalEmitter(self.tables, self.graph, self.state)
        self.emitter.span = self.span
        self.env: Environment = {}
        self.statements: list[Statement] = []
        self.listing = Listing(self.statements)
        self.parameters = Parameters(self.emitter, self.listing)
        local = {*assigned(tree.body), *(a.id for a in parameters_of(tree.args))}
        names = Names(inlining.all_names(tree))
        self.outside = outside or Outside(source.function, names, local)
        self.liveness: list[Liveness] = [liveness(tree)]  # of the function, and of helpers in it
        # for each of these, the names still read from the statement at hand on
        self.live: list[frozenset[str]] = [frozenset()]
        self.arrays: list[str] = []
        self.argument_leaves: set[Value] = set()
        self.written_now: dict[Value, None] = {}
        self.log: list[Value] = []
        self.iterated: frozenset[Value] = frozenset()
        self.journal: list[Change] = []
        self.around: list[list[Any]] = []
        self.changed_now: list[Any] = []
        self.fixed: list[Any] = []
        self.argument_operands: dict[str, Operand] = {}
        self.refilled: set[str] = set()  # arguments of which a container is changed
        self.owners: list[tuple[Any, str]] = []  # the containers of arguments
        self.stop: Operand | None = None  # whether the loop at hand ends with this trip
        self.result: Operand = Const(None)
        self.result_node: Any = tree
        self.calling: list[Any] = [source.function]
        self.captured = names_in_closures(tree)
        self.unread_memory: dict[gast.AST, object] = {}
        self.renamed: dict[tuple[gast.Call, Any], inlining.Renamed] = {}
        self.kept: dict[tuple[gast.AST, str], str] = {}
        self.unrolled: dict[tuple[gast.AST, str], list[gast.stmt]] = {}
        self.copies = 0  # of loop bodies
        self.own_names: dict[gast.AST, str] = {}
        self.expander = Expander(self, self.outside.names.fresh)
        self.defaults: dict[tuple[Any, str], Argument] = {}
        self.registry = Registry()
        self.parts: dict[gast.stmt, list[gast.stmt]] = {}  # of statements in which a call writes
        self.walked = 0
        self.method_calls: dict[gast.Call, gast.Call] = {}

    def build(self, signature: dict[str, Description], wrt: Sequence[str]) -> Primal:
        params = self.argument_operands
        bound = assigned(self.tree.body)
        for name, described in signature.items():
            home = gast.Name(name, gast.Load(), None, None)
            params[name] = self.parameters.add(described, home, name)
            self.env[name] = map_leaves(params[name], lambda leaf: leaf)
            self.owners += [(each, name) for each in containers_in(self.env[name])]
            self.argument_leaves.update(values(params[name]))
            if name not in bound:
                self.outside.register(params[name], home)
        for name in wrt:
            found = values(params[name])
            self.state.varied.update(v for v in found if carries(self.tables.types[v]))
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
            self.copied(),
        )

    def copied(self) -> list[str]:
        """The arguments in which an array or a container is written, in their order."""
        written = set(self.emitter.storages.copied)
        names = {n for n, operand in self.argument_operands.items() if written & set(values(operand))}
        return [name for name in self.argument_operands if name in names | self.refilled]

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
        self.walked += 1
        after = self.liveness[-1].after.get(node, frozenset())
        around, self.live[-1] = self.live[-1], after | read_names(node)
        effect, self.effect = self.effect, False
        outer, self.emitter.site = self.emitter.site, Site(node)
        self.in_order(node)
        self.effect = effect
        self.emitter.site = outer
        self.live[-1] = around
        if self.written_now or self.changed_now:
            raise errors.UnsupportedWrite(
                "an array is written inside another expression",
                self.span(node),
                "write it in a statement of its own",
            )

    def in_order(self, node: gast.stmt) -> None:
        """Walk a statement; in parts, if a call in the midst of it writes."""
        if node not in self.parts:
            back = self.bookmark() if may_write(node) else None
            try:
                getattr(self, f"_{type(node).__name__}")(node)
                return
            except Writes as writes:
                parts = in_parts(node, writes.node, self.outside.names.fresh)
                if parts is None or back is None:
                    raise writes.error from None
                back()
                self.parts[node] = parts
        found = self.liveness[-1]
        live_before(self.parts[node], found.after.get(node, frozenset()), found)
        self.block(self.parts[node])

    def plain(self, node: gast.stmt) -> Plain:
        found = Plain(node, effect=self.effect)
        self.statements.append(found)
        self.settle_writes(found)
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
        value = Const(None) if node.value is None else self.value(node.value)
        self.result = self.emitter.current(value)
        self.result_node = node
        self.plain(node)

    def _Assign(self, node: gast.Assign) -> None:
        operand = self.value(node.value)
        statement = self.plain(node)
        for target in node.targets:
            self.bind(target, operand, statement)

    def _AnnAssign(self, node: gast.AnnAssign) -> None:
        if node.value is not None:
            operand = self.value(node.value)
            self.bind(node.target, operand, self.plain(node))

    def _FunctionDef(self, node: gast.FunctionDef) -> None:
        """A nested `def`: its text stands where it is called. It is printed if it is named."""
        operand = self.env[node.name] = self.local_function(node)
        bare = inlining.without_annotations(node, operand.value.defaults)
        self.statements.append(Plain(bare, {node.name: operand}))

    def _With(self, node: gast.With) -> None:
        contexts.build_with(self, node)

    def _Try(self, node: gast.Try) -> None:
        attempts.build_try(self, node)

    def _Import(self, node: gast.Import) -> None:
        imports.build_import(self, node)

    def _ImportFrom(self, node: gast.ImportFrom) -> None:
        imports.build_import_from(self, node)

    def bind(self, target: gast.expr, operand: Operand, statement: Plain) -> None:
        """Give a name, or names in a tuple, what an expression means."""
        if isinstance(target, gast.Name):
            if isinstance(operand, DictView):
                raise errors.UnsupportedSyntax(
                    "a view of a dict is bound to a name",
                    self.span(statement.node.value),
                    "make it a list: list(d.items())",
                )
            self.env[target.id] = operand
            statement.binds[target.id] = self.emitter.current(operand)
            if isinstance(operand, Value):
                self.tables.names.setdefault(operand, target.id)
            return
        if isinstance(target, gast.Subscript):
            self.store_item(target, operand, statement)
            return
        operand = opened(operand)
        items = self.unpacked(operand, target)
        if not self.has_length(operand, len(target.elts)):
            statement.effect = True
        for element, item in zip(target.elts, items, strict=True):
            self.bind(element.value if isinstance(element, gast.Starred) else element, item, statement)

    def _If(self, node: gast.If) -> None:
        test = self.emitter.current(self.value(node.test))
        self.refuse_truth(test, node.test)
        if is_exit(node):
            self.leave(node, test)
        elif is_constant(test):
            self.block(node.body if constant(test) else node.orelse)
        else:
            self.settled(lambda: regions.build_if(self, node, test), node)

    def leave(self, node: gast.If, test: Operand) -> None:
        """`if test: break` at the end of a loop's body."""
        if is_constant(test) and not constant(test):
            return
        self.stop = test
        self.effect = True
        self.plain(node)

    def _For(self, node: gast.For) -> None:
        self.settled(lambda: loops.build_for(self, node), node)

    def _While(self, node: gast.While) -> None:
        self.settled(lambda: loops.build_while(self, node), node)

    def unroll(self, node: gast.For, items: list[gast.expr]) -> None:
        """Walk the body of a loop once for each item; the copies are made once."""
        key = node, " ".join(map(gast.dump, items))
        if key not in self.unrolled:
            self.copies += len(items)
            if self.copies > MOST_COPIES_IN_ALL:
                raise too_many(self.copies, self.span(node.iter))
            self.unrolled[key] = written_out(node, items)
        statements = self.unrolled[key]
        found = self.liveness[-1]
        live_before(statements, found.after.get(node, frozenset()), found)
        self.block(statements)

    def generic(self) -> bool:
        """Whether nothing is known of an argument, as in the source that serves all of them."""
        types = (self.tables.types[parameter] for parameter in self.parameters.graph.params)
        return any(type_ == UNKNOWN for type_ in types)

    def named(self, node: gast.expr, operand: Operand, base: str) -> gast.Name:
        """A name for what an expression means, bound by a statement before the one at hand."""
        if node not in self.own_names:
            self.own_names[node] = self.outside.names.fresh(base)
        name = self.own_names[node]
        target = gast.Name(name, gast.Store(), None, None)
        statement = gast.copy_location(gast.Assign([target], node, None), node)
        self.env[name] = operand
        self.statements.append(Plain(statement, {name: operand}))
        self.live[-1] |= {name}  # the statement at hand reads it
        return gast.copy_location(gast.Name(name, gast.Load(), None, None), node)

    def build_helper(
        self, pair: Pair, tree: gast.FunctionDef, described: dict[str, Description]
    ) -> Primal:
        """The graph of a helper that is not inlined, in the names of the same module."""
        outside = self.outside.of_helper(own_names(tree))
        helper = Builder(pair.source, tree, self.reader, outside)
        helper.registry = self.registry
        helper.calling = [pair.callee]
        return helper.build(described, pair.wrt)
