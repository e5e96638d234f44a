"""What the forward sweep must keep, and how the backward sweep reaches it.

The backward graph refers to primal values as if all were still there. Here each such reference is
settled. It is read where it is, if a name holds it until the end; computed again, if that is a shape, a
view, a load or arithmetic on numbers; given a name of its own, if it is made once; else pushed on a
list where it is made, and popped in the mirrored block. What a later statement overwrites is copied.

A carried value that is needed before and after its assignment is carried backward: the sweep starts
from the last one, and pops the one before when it crosses the assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import gast

from srcad import errors
from srcad.build import Primal
from srcad.graph import (
    DTYPE,
    FOR,
    GETITEM,
    IF,
    LENGTH,
    NDIM,
    OPAQUE,
    PUSHED,
    SHAPE,
    SIZE,
    Const,
    Equation,
    Graph,
    Operand,
    Value,
    loop_parts,
    map_leaves,
)
from srcad.memory.places import Place, Region, Text, index_text
from srcad.memory.walks import all_values, definitions, equations, joins, share_loop
from srcad.memory.words import operation_name
from srcad.names import Names, plural
from srcad.primitive import Primitive
from srcad.rules.indexing import index_memory
from srcad.statements import Loop, Statement
from srcad.types import INT, Object, Tensor

ASKING = {SHAPE, SIZE, NDIM, LENGTH, DTYPE}


@dataclass(slots=True)
class Save:
    """A value that the forward sweep keeps under a name, or pushes on a list of that name."""

    value: Value
    place: Place
    base: str
    pushed: bool
    copied: bool
    order: int
    name: str = ""

    @property
    def list_name(self) -> str:
        return self.base if self.base == "taken" else plural(self.base)


@dataclass(slots=True)
class Saves:
    """The backward graph with every reference settled, and what that asks of the forward sweep."""

    graph: Graph
    reached: dict[Value, gast.expr]  # primal values that are read under a name
    saves: list[Save]
    lists: dict[Value, str]  # what PUSHED pops -> the name of its list
    names: Names
    bound: set[str]  # the names that the user's text binds
    restored: set[Value]  # heads of backward loops that hold a primal value


@dataclass(slots=True)
class Frame:
    """A backward block while it is settled: what stands in it for primal values."""

    graph: Graph
    known: dict[Value, Operand] = field(default_factory=dict)


def settle(
    backward: Graph, primal: Primal, names: Names, lent: Callable[[Value], bool] = lambda value: False
) -> Saves:
    """Settle every reference from the backward graph to a primal value.

    What is `lent` is in memory that others may write before the backward sweep: a list keeps copies.
    """
    text = index_text(primal.graph, primal.listing, primal.params)
    return _Settler(primal, text, names, lent).run(backward)


class _Settler:
    def __init__(
        self, primal: Primal, text: Text, names: Names, lent: Callable[[Value], bool]
    ) -> None:
        self.primal = primal.graph
        self.lent = lent
        self.tables = primal.tables
        self.listing = primal.listing
        self.text = text
        self.origins = primal.state.origins
        self.written = primal.state.written
        self.names = names
        self.definition = dict(definitions(self.primal))
        self.joined = dict(joins(self.primal))
        self.frames: list[Frame] = []
        self.reached: dict[Value, gast.expr] = {}
        self.saves: dict[tuple[Value, Graph], Save] = {}
        self.named: dict[Value, Save] = {}
        self.lists: dict[Value, Save] = {}
        self.restored: set[Value] = set()
        self.costless: dict[Value, bool] = {}

    def run(self, backward: Graph) -> Saves:
        graph = self.block(backward, {})
        saves = sorted(
            [*self.saves.values(), *self.ordered()], key=lambda save: save.order
        )
        named: dict[Value, str] = {}  # what is kept in several blocks has one name
        for save in saves:  # named in the order of the text
            if save.pushed:
                save.name = self.names.fresh(save.list_name)
            else:
                save.name = named.get(save.value) or self.names.fresh(save.base)
                named[save.value] = save.name
        for value, save in self.named.items():
            self.reached[value] = gast.Name(save.name, gast.Load(), None, None)
        lists = {value: save.name for value, save in self.lists.items()}
        bound = set(self.text.bindings)
        return Saves(graph, self.reached, saves, lists, self.names, bound, self.restored)

    def ordered(self) -> Iterator[Save]:
        """Calls that are not read, in statements of which something is taken out.

        They are taken out too, so that all is evaluated in the order in which it was.
        """
        inner = {save.place.statement for save in self.saves.values() if save.place.kind == "inner"}
        known = {value for value, _ in self.saves}
        for equation in equations(self.primal):
            if equation.primitive is not OPAQUE or equation.out in known:
                continue
            for place in self.text.places.get(equation.out, ()):
                if place.kind == "inner" and place.statement in inner:
                    base, order = self.base_name(equation.out, place), self.text.order[equation.out]
                    yield Save(equation.out, place, base, False, False, order)
                    break

    # walking

    def block(self, graph: Graph, known: dict[Value, Operand]) -> Graph:
        new = replace(graph, equations=[])
        self.frames.append(Frame(new, known))
        for equation in graph.equations:
            settled = self.equation(equation)
            new.equations.append(settled)
        new.results = self.operand(graph.results)
        self.frames.pop()
        return new

    def operand(self, operand: Operand) -> Operand:
        return map_leaves(operand, lambda o: self.reach(o) if isinstance(o, Value) else o)

    def equation(self, equation: Equation) -> Equation:
        args = self.operand(equation.args)
        pairs = tuple(self.operand(dict(equation.keywords)).items())
        if equation.primitive is FOR:
            return self.loop(replace(equation, args=args, keywords=pairs))
        blocks = tuple(self.block(block, {}) for block in equation.blocks)
        return replace(equation, args=args, keywords=pairs, blocks=blocks)

    def loop(self, equation: Equation) -> Equation:
        (body,) = equation.blocks
        primal_body = body.mirror
        assert primal_body is not None
        region = self.text.regions[primal_body]
        known: dict[Value, Operand] = {}
        if region.index is not None:
            known[region.index] = body.params[0]
        carries = self.carries(body, primal_body)
        starts, heads = [], []
        for param, result, out in carries:
            head = self.like(result)
            known.update((alias, head) for alias in self.aliases(result))
            starts.append(self.reach(out))
            heads.append(head)
            self.restored.add(head)
            self.save(param, self.text.homes[param])
        new = self.block(body, known)
        before = [self.popped_in(new, known, param) for param, _, _ in carries]
        new.params = (*new.params, *heads)
        new.results = (*new.results, *before)
        outs = tuple(self.like(param) for param, _, _ in carries)
        return replace(
            equation, outs=(*equation.outs, *outs), args=(*equation.args, *starts), blocks=(new,)
        )

    def popped_in(self, body: Graph, known: dict[Value, Operand], param: Value) -> Operand:
        """What the body has popped for a carried value; if nothing read it, it is popped at the end."""
        if param not in known:
            known[param] = self.pop(self.save(param, self.text.homes[param]), body)
        return known[param]

    def like(self, value: Value) -> Value:
        """A backward value that stands for a primal one: of its type and name."""
        new = Value()
        self.tables.types[new] = self.tables.types[value]
        if value in self.tables.names:
            self.tables.names[new] = self.tables.names[value]
        return new

    # values that are carried backward

    def carries(self, body: Graph, primal_body: Graph) -> list[tuple[Value, Value, Value]]:
        """Carried values (at the head, at the end, after the loop) to be restored by popping."""
        statement, _ = self.text.regions[primal_body].path[-1]
        assert isinstance(statement, Loop)
        needed = self.needed(body)
        found = []
        parts = loop_parts(statement.equation)
        for param, result, out in zip(parts.heads, parts.results, parts.outs, strict=True):
            if param not in needed or not isinstance(result, Value) or result is param:
                continue
            if self.tables.unbound.intersection((param, result, out)):
                continue
            aliases = self.aliases(result)
            last = max((needed[v][1] for v in aliases if v in needed), default=None)
            if last is not None and last < needed[param][0]:
                found.append((param, result, out))
        return found

    def aliases(self, result: Value) -> list[Value]:
        """The result of a loop's body, and what the branches that end in it give."""
        found, pending = [], [result]
        while pending:
            value = pending.pop()
            if value in found or value in self.primal.params:
                continue
            found.append(value)
            pending += [v for v, join in self.joined.items() if join is value]
        return found

    def needed(self, body: Graph) -> dict[Value, tuple[int, int]]:
        """The primal values of a loop's body that must be pushed, with their first and last reader."""
        found: dict[Value, tuple[int, int]] = {}
        for index, equation in enumerate(body.equations):
            for value in all_values(equation):
                region = self.text.homes.get(value)
                if region is None or not region.repeated or self.cheap(value):
                    continue
                first, _ = found.get(value, (index, index))
                found[value] = (first, index)
        return found

    # reaching a value

    def reach(self, value: Value) -> Operand:
        """What to read in the current block for a value; a backward value is read as it is."""
        region = self.text.homes.get(value)
        if region is None:
            return value
        for frame in reversed(self.frames):
            if value in frame.known:
                return frame.known[value]
        found = self.direct(value)
        if found is not None:
            self.reached[value] = found
            return value
        if self.cheap(value) or self.unplaced(value):
            return self.computed(value)
        region = self.kept_in(value)
        save = self.save(value, region)
        if not save.pushed:
            self.named[value] = save
            return value
        frame = next(f for f in reversed(self.frames) if f.graph.mirror is region.graph)
        frame.known[value] = self.pop(save, frame.graph)
        return frame.known[value]

    def kept_in(self, value: Value) -> Region:
        """The block in which a value is kept: where it is made, or, if it may not be bound, read."""
        if value in self.tables.unbound:
            mirror = self.frames[-1].graph.mirror
            assert mirror is not None
            return self.text.regions[mirror]
        return self.text.homes[value]

    def pop(self, save: Save, graph: Graph) -> Value:
        new = self.like(save.value)
        self.tables.names.setdefault(new, save.base)
        self.lists[new] = save
        graph.equations.append(Equation((new,), PUSHED, (), role="adjoint"))
        return new

    def direct(self, value: Value) -> gast.expr | None:
        """The name, or the item of an argument, that holds a value until the end."""
        region = self.text.homes[value]
        if region.repeated or self.overwritten(value):
            return None
        home = self.listing.home_of.get(value)
        if home is not None and self.root_lasts(home):
            return home
        for place in self.text.places.get(value, ()):
            if place.path == region.path and place.name is not None and self.text.lasting(place):
                return gast.Name(place.name, gast.Load(), None, None)
        return None

    def root_lasts(self, home: gast.expr) -> bool:
        while not isinstance(home, gast.Name):
            home = home.value
        return len(self.text.bindings.get(home.id, ())) <= 1

    def overwritten(self, value: Value) -> bool:
        """Whether a statement may write the memory of a value after it was made."""
        memory = self.origins.get(value, frozenset())
        own = self.definition.get(value)
        for equation, overwritten in self.written.items():
            if not memory & overwritten:
                continue
            after = self.text.order[equation.outs[0]] > self.text.order[value]
            if after or self.again(equation, value):
                if equation is own and not self.again(equation, value):
                    continue
                return True
        return False

    def again(self, equation: Equation, value: Value) -> bool:
        """Whether a loop may run an equation once more after a value was made."""
        return share_loop(self.text.homes[equation.outs[0]], self.text.homes[value])

    # computing it again

    def cheap(self, value: Value) -> bool:
        """Whether a value is computed again rather than kept: nothing is kept for it."""
        if value not in self.costless:
            self.costless[value] = self.loop_index(value) or self.recomputable(value, self.free)
        return self.costless[value] or self.recomputable(value, self.at_hand)

    def recomputable(self, value: Value, had: Callable[[Value], bool]) -> bool:
        equation = self.definition.get(value)
        if equation is None or equation.blocks or self.overwritten(value):
            return False
        return self.light(equation) and all(had(operand) for operand in equation.ins)

    def at_hand(self, value: Value) -> bool:
        return any(value in frame.known for frame in self.frames) or self.costless.get(value, False)

    def free(self, value: Value) -> bool:
        return self.direct(value) is not None or self.cheap(value)

    def unplaced(self, value: Value) -> bool:
        """Whether no text computes a value, such as how often a loop over an array runs."""
        if self.text.places.get(value) or value in self.listing.home_of:
            return False
        return self.recomputable(value, lambda operand: True)

    def loop_index(self, value: Value) -> bool:
        return value is self.text.homes[value].index

    def light(self, equation: Equation) -> bool:
        """A shape, a view, or arithmetic on numbers; nothing random, and nothing that is not read."""
        primitive = equation.primitive
        if primitive in ASKING:
            return True
        type_ = self.tables.types[equation.outs[0]]
        if primitive is GETITEM:
            return self.view(equation) or (isinstance(type_, Tensor) and type_.immutable)
        if not isinstance(type_, Tensor):
            return False
        if primitive.function is min and type_ == INT:
            return True
        if primitive.views and primitive.vjp is not None:
            return True
        return is_operator(primitive) and type_.immutable

    def view(self, equation: Equation) -> bool:
        def known(leaf: Value | Const) -> object:
            return leaf.value if isinstance(leaf, Const) else self.tables.types[leaf]

        base = self.tables.types[equation.args[0]]
        if isinstance(base, Object):
            return False
        return index_memory(map_leaves(equation.args[1], known)) == "view"

    def computed(self, value: Value) -> Operand:
        """The equation of a value once more, in the current block."""
        equation = self.definition[value]
        args = self.operand(equation.args)
        pairs = tuple(self.operand(dict(equation.keywords)).items())
        new = self.like(value) if self.item_of_loop(value) else Value()
        self.tables.types[new] = self.tables.types[value]
        frame = self.frames[-1]
        frame.graph.equations.append(
            replace(equation, outs=(new,), args=args, keywords=pairs, role="adjoint", answers=None)
        )
        frame.known[value] = new
        return new

    def item_of_loop(self, value: Value) -> bool:
        """Whether a value is what a loop over an array binds when an iteration begins."""
        places = self.text.places.get(value, ())
        return self.text.homes[value].loop and any(place.kind == "head" for place in places)

    # keeping it

    def save(self, value: Value, region: Region) -> Save:
        """Keep a value in a block: under a name, or on a list if the block may run again."""
        pushed = region.repeated
        if (value, region.graph) not in self.saves:
            home = region is self.text.homes[value]
            place = self.place(value) if home else self.start(value, region)
            base = self.base_name(value, place)
            copied = self.overwritten(value) or (pushed and self.lent(value))
            order = self.text.order[value]
            self.saves[value, region.graph] = Save(value, place, base, pushed, copied, order)
        return self.saves[value, region.graph]

    def start(self, value: Value, region: Region) -> Place:
        """The start of a block, at which some name still holds a value that was made before."""
        statement = region.path[-1][0]
        for place in self.text.places.get(value, ()):
            if self.text.lasting(place, self.text.starts[region.graph], region.path):
                return Place("head", statement, place.name, place.position, region.path)
        name = self.tables.names.get(value, "a name")
        equation = self.definition.get(value)
        raise errors.UnboundName(
            f"{name} may not be bound where the gradient would keep it",
            equation.span if equation else None,
            f"bind {name} on every path",
        )

    def place(self, value: Value) -> Place:
        """Where a value can be taken: at a name if it has one, else at its node in a statement."""
        region = self.text.homes[value]
        places = [p for p in self.text.places.get(value, ()) if p.path == region.path]
        if places:
            return min(places, key=preference)
        if value in self.listing.home_of:
            return Place("entry", None, None, 0, (), self.listing.home_of[value])
        equation = self.definition.get(value)
        raise errors.UnsupportedSyntax(
            "a value that the gradient needs stands where it may not be evaluated",
            equation.span if equation else None,
            "give it a name in a statement of its own",
        )

    def base_name(self, value: Value, place: Place) -> str:
        if place.name is not None:
            return place.name
        if place.kind == "trips":
            return "trip" if self.text.homes[value].repeated else "trips"
        if isinstance(place.node, gast.expr) and self.is_test(value):
            return "taken"
        key = getattr(getattr(place.node, "slice", None), "value", None)
        if place.kind not in ("inner", "before") and isinstance(key, str) and key.isidentifier():
            return key
        equation = self.definition.get(value)
        return operation_name(equation.primitive) if equation is not None else "kept"

    def is_test(self, value: Value) -> bool:
        return any(e.primitive is IF and e.args[0] is value for e in equations(self.primal))


def preference(place: Place) -> int:
    """A name is the best place, an inner node is good, and an item of a container will do."""
    if place.name is not None:
        return 0
    return 1 if place.kind in ("inner", "before") else 2


def is_operator(primitive: Primitive) -> bool:
    return getattr(primitive.function, "__module__", None) == "_operator"


__all__ = ["Loop", "Region", "Save", "Saves", "Statement", "settle"]
