"""Which augmented assignments write an array that the function made and that has no other name.

The others are spelled out, `a += b` as `a = a + (b)`, so that a program stays in the language. The
analysis is cautious: where it cannot tell, an array has another name.
"""

from __future__ import annotations

import ast
import re

Origins = frozenset[object]  # parameters, and the expressions that make arrays
State = dict[str, Origins]

NUMBER = "  # number"
"""Ends a line that augments a name of shape (): a scalar, unless it is an argument's array."""

VIEWS = {"broadcast_to", "transpose", "reshape", "ravel", "asarray", "T"}


class Reader:
    """One function: the lines whose augmented assignment has to be spelled out."""

    def __init__(self, function: ast.FunctionDef, text: list[str], unsafe: set[int]) -> None:
        self.text = text
        self.unsafe = unsafe
        self.captured: set[str] = set()
        self.doubtful: set[object] = set()  # origins of rank 0 that may be arrays: of np.where
        arguments = function.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        self.given = {parameter.arg for parameter in parameters}
        self.block(function.body, {name: frozenset({name}) for name in self.given})

    # --- expressions ----------------------------------------------------------------------------

    def origins(self, node: ast.expr, state: State) -> Origins:
        """Where the memory of a value may come from."""
        own: Origins = frozenset({node.lineno * 1000 + node.col_offset})
        if isinstance(node, ast.Name):
            return state.get(node.id, frozenset({node.id}))
        if isinstance(node, ast.IfExp):
            return self.origins(node.body, state) | self.origins(node.orelse, state)
        if isinstance(node, ast.Subscript):
            gathered = isinstance(node.slice, (ast.List, ast.Call))
            return own if gathered else self.origins(node.value, state)
        if isinstance(node, ast.Attribute):
            return self.origins(node.value, state)
        if isinstance(node, (ast.Tuple, ast.List, ast.Dict)):
            items = node.values if isinstance(node, ast.Dict) else node.elts
            return frozenset().union(*(self.origins(item, state) for item in items))
        if isinstance(node, ast.Call):
            called = node.func
            if not isinstance(called, ast.Attribute) or called.attr == "where":
                self.doubtful |= own
            return own | self.passed_on(node, state)
        return own

    def passed_on(self, node: ast.Call, state: State) -> Origins:
        """What a call may return of what it is given."""
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            if node.func.attr not in VIEWS:
                return frozenset()
            values.append(node.func.value)
        return frozenset().union(*(self.origins(value, state) for value in values))

    # --- statements -----------------------------------------------------------------------------

    def block(self, statements: list[ast.stmt], state: State) -> State:
        """The state after some statements."""
        for statement in statements:
            state = self.statement(statement, state)
        return state

    def statement(self, node: ast.stmt, state: State) -> State:
        if isinstance(node, ast.Assign):
            return self.assigned(node, state)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            return self.augmented(node, node.target.id, state)
        if isinstance(node, ast.If):
            return joined(self.block(node.body, state), self.block(node.orelse, state))
        if isinstance(node, ast.For):
            before: State = {}
            while before != state:
                before = state
                state = joined(state, self.block(node.body, state))
        return state

    def assigned(self, node: ast.Assign, state: State) -> State:
        found = dict(state)
        if isinstance(node.value, ast.Lambda):
            self.captured |= {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
            return found
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = [node.value] * len(names)
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                values = node.value.elts
            for name, value in zip(names, values, strict=True):
                assert isinstance(name, ast.Name)
                found[name.id] = self.origins(value, state)
        return found

    def augmented(self, node: ast.AugAssign, name: str, state: State) -> State:
        line = node.lineno
        mine = state.get(name, frozenset({name}))
        given = bool(self.given & mine) or any(isinstance(origin, str) for origin in mine)
        number = self.text[line - 1].endswith(NUMBER) and not mine & self.doubtful
        shared = any(other != name and mine & held for other, held in state.items())
        if given or (not number and (shared or name in self.captured)):
            self.unsafe.add(line)
        if line in self.unsafe or number:
            return {**state, name: frozenset({line * 1000})}
        return state


def joined(first: State, second: State) -> State:
    """What may hold after either of two paths."""
    names = first.keys() | second.keys()
    return {name: first.get(name, frozenset()) | second.get(name, frozenset()) for name in names}


def spell_out(text: str) -> str:
    """The text with each augmented assignment that may be seen under another name spelled out."""
    lines = text.splitlines()
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    unsafe: set[int] = set()
    count = -1
    while len(unsafe) > count:
        count = len(unsafe)
        for function in functions:
            Reader(function, lines, unsafe)
    for line in unsafe:
        lines[line - 1] = re.sub(
            r"^( *)(\w+) ([-+*/])= (.*)$", r"\1\2 = \2 \3 (\4)", without_mark(lines[line - 1])
        )
    return "\n".join(map(without_mark, lines)) + "\n"


def without_mark(line: str) -> str:
    return line.removesuffix(NUMBER)
