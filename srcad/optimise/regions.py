"""What a loop or a branch hands through without change, or for nobody, goes around it."""

from __future__ import annotations

from dataclasses import replace

from srcad.graph import FOR, IF, Const, Equation, Graph, Operand, Tables, Value, map_leaves
from srcad.optimise.rewrite import uses


def simplify_regions(graph: Graph, tables: Tables) -> Graph:
    """Drop carried values that no iteration changes, and results that nobody reads."""
    return _Simplifier(graph).block(graph)


class _Simplifier:
    def __init__(self, graph: Graph) -> None:
        self.read = uses(graph)
        self.known: dict[Value, Operand] = {}

    def redirected(self, operand: Operand) -> Operand:
        def follow(leaf: Value | Const) -> Operand:
            while isinstance(leaf, Value) and leaf in self.known:
                leaf = self.known[leaf]
            return leaf

        return map_leaves(operand, follow)

    def block(self, graph: Graph) -> Graph:
        equations = []
        for equation in graph.equations:
            simpler = self.equation(equation) if equation.blocks else equation
            if self.known:
                simpler = self.renewed(simpler)
            equations.append(simpler)
        results = self.redirected(graph.results) if self.known else graph.results
        same = all(a is b for a, b in zip(equations, graph.equations, strict=True))
        if same and all(a is b for a, b in zip(results, graph.results, strict=True)):
            return graph
        return replace(graph, equations=equations, results=results)

    def renewed(self, equation: Equation) -> Equation:
        used = [v for v in equation.ins if v in self.known]
        if not used:
            return equation
        keywords = self.redirected(dict(equation.keywords))
        return replace(
            equation, args=self.redirected(equation.args), keywords=tuple(keywords.items())
        )

    def equation(self, equation: Equation) -> Equation:
        if equation.primitive is IF:
            equation = self.branch(equation)
        elif equation.primitive is FOR:
            equation = self.loop(equation)
        blocks = tuple(self.block(block) for block in equation.blocks)
        same = all(a is b for a, b in zip(blocks, equation.blocks, strict=True))
        return equation if same else replace(equation, blocks=blocks)

    def branch(self, equation: Equation) -> Equation:
        kept = []
        for index, out in enumerate(equation.outs):
            first, second = (block.results[index] for block in equation.blocks)
            if _equal(first, second):
                self.known[out] = first
            elif self.read[out]:
                kept.append(index)
        if len(kept) == len(equation.outs):
            return equation
        blocks = tuple(_with_results(block, kept) for block in equation.blocks)
        return replace(equation, outs=tuple(equation.outs[i] for i in kept), blocks=blocks)

    def loop(self, equation: Equation) -> Equation:
        (body,) = equation.blocks
        kept = []
        for index, out in enumerate(equation.outs):
            param, result, init = (
                body.params[index + 1],
                body.results[index],
                equation.args[3 + index],
            )
            own = self.read[param]
            if result is param or _equal(result, init):
                self.known[param] = self.known[out] = init
            elif self.read[out] or own:
                kept.append(index)
        if len(kept) == len(equation.outs):
            return equation
        block = _with_results(body, kept)
        block.params = (body.params[0], *(body.params[1 + i] for i in kept))
        return replace(
            equation,
            outs=tuple(equation.outs[i] for i in kept),
            args=(*equation.args[:3], *(equation.args[3 + i] for i in kept)),
            blocks=(block,),
        )


def _with_results(block: Graph, kept: list[int]) -> Graph:
    return replace(block, results=tuple(block.results[i] for i in kept))


def _equal(a: Operand, b: Operand) -> bool:
    if a is b:
        return True
    both = isinstance(a, Const) and isinstance(b, Const)
    return both and type(a.value) is type(b.value) and repr(a.value) == repr(b.value)
