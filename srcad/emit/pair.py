"""The primal and a settled backward graph -> the text of a forward and a backward function.

The forward function returns the value and a tuple of what the backward function reads.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import gast

from srcad.build import Primal
from srcad.build.pairs import Pair
from srcad.emit.backward import assign, read, store
from srcad.emit.equations import call
from srcad.emit.function import (
    Backward,
    Emitted,
    Sweeps,
    gradients_of,
    named_results,
    names_of,
    root,
    structured,
)
from srcad.emit.head import described, docstring, parameters
from srcad.emit.writer import write, write_expression
from srcad.graph import Value
from srcad.memory.lending import read_entries
from srcad.memory.saves import Saves
from srcad.optimise.rewrite import uses
from srcad.references import assigned, surely_bound
from srcad.source import Source
from srcad.statements import leaf_paths

Lent = Callable[[Value], bool]


@dataclass(slots=True)
class Handed:
    """What the forward function hands to the backward function, by the names that it has there."""

    reached: dict[Value, gast.expr] = field(default_factory=dict)  # how the backward sweep reads
    homes: dict[str, gast.expr] = field(default_factory=dict)  # how the forward function does
    values: dict[str, list[Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outline:
    """What the two functions are called, and what is asked of them."""

    name: str  # of both together
    forward: str
    backward: str
    head: gast.arguments  # of the forward function
    wrt: Sequence[str]
    bare: bool = False  # one cotangent is returned as it is, and not in a tuple


def pair_outline(source: Source, tree: gast.FunctionDef, wrt: Sequence[str]) -> Outline:
    """`loss_forward` and `loss_backward`, with the parameters of `loss`."""
    name = source.name
    head = parameters(tree)
    return Outline(f"{name}_vjp", f"{name}_forward", f"{name}_backward", head, wrt)


def helper_outline(pair: Pair) -> Outline:
    """A helper's functions: every call gives all arguments, by position."""
    head = arguments(*pair.parameters)
    return Outline(pair.forward, pair.forward, pair.backward, head, pair.wrt, bare=True)


def write_pair(
    outline: Outline, source: Source, primal: Primal, saves: Saves, lent: Lent
) -> Emitted:
    """The text of both functions, and what its free names mean."""
    gradients = gradients_of(primal, saves, outline.wrt)
    sweeps = Sweeps(saves, primal, source.filename, named_results(gradients))
    handed = hand_over(saves, primal, sweeps)
    saved, g = sweeps.names.fresh("saved"), sweeps.names.fresh("g")
    backward = sweeps.backward(handed.reached)
    asked = tuple(gradients.values())
    bare = outline.bare and len(asked) == 1
    results = structured(asked[0] if bare else asked, backward.results, sweeps.vocabulary)

    read_there = names_of(*backward.statements, results)
    lists = [save.name for save in saves.saves if save.pushed and save.name in read_there]
    others = [name for name in in_order(handed, primal) if name in read_there]
    homes = {root(handed.homes[name]) for name in others}
    value = returned_value(primal, sweeps)
    forward = sweeps.forward(names_of(value).union(homes, lists))
    unsure = {name for name in assigned(forward) if name not in surely_bound(forward)}
    unsure -= set(primal.params)
    kept = [*kept_values(others, unsure, handed, saves, lent, sweeps), *map(read, lists)]
    opening = [assign(name, _none()) for name in others if name in unsure]
    opening += [assign(name, gast.List([], gast.Load())) for name in lists if name in unsure]

    sentence = f"Value of {described(source)}, and what {outline.backward} reads."
    both = gast.Tuple([value, gast.Tuple(kept, gast.Load())], gast.Load())
    body = [*opening, *forward, gast.Return(both)]
    first = function(outline.forward, outline.head, docstring(sentence, primal), body)
    start = [unpacked([*others, *lists], read(saved))] if kept else []
    start += [assign(name, call(read("list"), [read(name)])) for name in lists]
    argument, taken = cotangent_names(primal, saves, backward, g)
    body = [*start, *taken, *backward.statements, gast.Return(results)]
    names = ", ".join(outline.wrt) or "no argument"
    sentence = f"Cotangents of {names}, from the cotangent of the value."
    second = function(outline.backward, arguments(saved, argument), sentence, body)
    texts = [write(first)]
    if outline.wrt or not outline.bare:  # nobody asks a helper for the cotangents of no argument
        texts.append(write(second, backward.notes))
    text = "\n\n".join(texts)
    return Emitted(outline.name, text, sweeps.vocabulary.provided)


# what is handed over


def hand_over(saves: Saves, primal: Primal, sweeps: Sweeps) -> Handed:
    """A name for each value that the backward sweep reads; an item of an argument gets its own."""
    handed = Handed()
    items: dict[str, str] = {}
    for value, home in saves.reached.items():
        if isinstance(home, gast.Name):
            name = home.id
        else:
            text = write_expression(home)
            if text not in items:
                items[text] = sweeps.names.fresh(primal.tables.names.get(value, "item"))
            name = items[text]
        handed.reached[value] = read(name)
        handed.homes[name] = home
        handed.values.setdefault(name, []).append(value)
    return handed


def in_order(handed: Handed, primal: Primal) -> list[str]:
    """The names of what is handed over: those of arguments first, then as the text binds them."""
    statements = [s.node for s in primal.listing.statements]
    known = dict.fromkeys([*primal.params, *assigned(statements)])
    places = {name: place for place, name in enumerate(known)}
    return sorted(handed.homes, key=lambda n: places.get(root(handed.homes[n]), len(places)))


def kept_values(
    names: Sequence[str],
    unsure: set[str],
    handed: Handed,
    saves: Saves,
    lent: Lent,
    sweeps: Sweeps,
) -> list[gast.expr]:
    """The items of the saved tuple: copied where the caller may write the memory.

    A name that is `unsure` is None where its branch was not taken.
    """
    own = {save.name for save in saves.saves if save.copied}
    entries = read_entries(saves.graph)
    found = []
    for name in names:
        home = copy.deepcopy(handed.homes[name])
        shared = [value for value in handed.values[name] if lent(value)]
        if shared and name not in own:
            arrays = all(map(sweeps.writer.is_array, shared))
            if name in unsure:
                home = sweeps.writer.copied_if_any(home)
            elif arrays and entries.isdisjoint(handed.values[name]):
                home = gast.Subscript(home, gast.Constant(..., None), gast.Load())
            else:
                home = sweeps.writer.copied(shared[0], home)
        found.append(home)
    return found


# the two functions


def returned_value(primal: Primal, sweeps: Sweeps) -> gast.expr:
    """The expression that the user's function returns."""
    node = getattr(primal.returning, "value", None)
    return _none() if node is None else sweeps.returned(node)


def cotangent_names(
    primal: Primal, saves: Saves, backward: Backward, g: str
) -> tuple[str, list[gast.stmt]]:
    """The parameter that stands for the value's cotangent, and the statements that open it."""
    paths = [(v, path) for v, path in leaf_paths(primal.result, read(g)) if v in primal.state.varied]
    used = uses(saves.graph)
    pairs = list(zip(saves.graph.params, paths, strict=True))
    names = [(backward.params[param], path) for param, (_, path) in pairs if used[param]]
    if isinstance(primal.result, Value):
        return (names[0][0] if names else g), []
    flat = isinstance(primal.result, (tuple, list)) and len(names) == len(primal.result)
    if names and flat and all(isinstance(item, Value) for item in primal.result):
        return g, [unpacked([name for name, _ in names], read(g))]
    return g, [assign(name, path) for name, path in names]


def function(
    name: str, head: gast.arguments, doc: str, body: list[gast.stmt]
) -> gast.FunctionDef:
    """A function with a docstring."""
    body = [gast.Expr(gast.Constant(doc, None)), *body]
    return gast.FunctionDef(name, head, body, [], None, None, [])


def arguments(*names: str) -> gast.arguments:
    """Plain positional parameters."""
    nodes = [gast.Name(name, gast.Param(), None, None) for name in names]
    return gast.arguments(nodes, [], None, [], [], None, [])


def unpacked(names: Sequence[str], node: gast.expr) -> gast.stmt:
    """`a, b = node`."""
    targets = gast.Tuple([store(name) for name in names], gast.Store())
    return gast.Assign([targets], node, None)


def _none() -> gast.expr:
    return gast.Constant(None, None)
