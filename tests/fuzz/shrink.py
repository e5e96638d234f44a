"""Make a program that srcad gets wrong smaller, while it stays wrong in the same way."""

from __future__ import annotations

import ast
import copy
import dataclasses
from collections.abc import Callable, Iterator

from tests.fuzz.programs import Program, runs


def smaller_statements(tree: ast.Module) -> Iterator[ast.Module]:
    """The program without one statement, or with a compound one replaced by a block of its own."""
    count = sum(1 for _ in ast.walk(tree))
    for position in range(count):
        node = nth(tree, position)
        for block in ("body", "orelse"):
            statements = getattr(node, block, None)
            if not isinstance(statements, list):
                continue
            for index, statement in enumerate(statements):
                if isinstance(statement, (ast.Return, ast.Import)):
                    continue
                for inner in ([], getattr(statement, "body", []), getattr(statement, "orelse", [])):
                    if isinstance(statement, ast.FunctionDef) and inner:
                        continue
                    changed = copy.deepcopy(tree)
                    target = getattr(nth(changed, position), block)
                    target[index : index + 1] = copy.deepcopy(inner)
                    if target or block == "orelse":
                        yield changed


def nth(tree: ast.AST, position: int) -> ast.AST:
    """The node at a position of the walk."""
    return next(node for i, node in enumerate(ast.walk(tree)) if i == position)


def smaller_expressions(tree: ast.Module) -> Iterator[ast.Module]:
    """The program with one operation replaced by one of its operands."""
    count = sum(1 for _ in ast.walk(tree))
    for position in range(count):
        node = nth(tree, position)
        for field, value in ast.iter_fields(node):
            whole = isinstance(value, list)
            items = value if whole else [value]
            for index, item in enumerate(items):
                if not isinstance(item, (ast.BinOp, ast.UnaryOp, ast.Call, ast.IfExp)):
                    continue
                for operand in ast.iter_child_nodes(item):
                    if not isinstance(operand, ast.expr) or operand is getattr(item, "func", None):
                        continue
                    changed = copy.deepcopy(tree)
                    parent = nth(changed, position)
                    if whole:
                        getattr(parent, field)[index] = copy.deepcopy(operand)
                    else:
                        setattr(parent, field, copy.deepcopy(operand))
                    yield changed


def smaller(program: Program) -> Iterator[Program]:
    """Programs that are one step simpler."""
    for name in program.wrt if len(program.wrt) > 1 else ():
        yield dataclasses.replace(program, wrt=tuple(w for w in program.wrt if w != name))
    tree = ast.parse(program.text)
    for candidates in (smaller_statements, smaller_expressions):
        for changed in candidates(tree):
            try:
                text = ast.unparse(ast.fix_missing_locations(changed)) + "\n"
            except Exception:  # a hole in the tree
                continue
            if len(text) < len(ast.unparse(tree)) + 1:
                yield dataclasses.replace(program, text=text)


def shrink(program: Program, fails: Callable[[Program], bool], limit: int = 400) -> Program:
    """The smallest program found within `limit` judgements that still fails."""
    improved = True
    while improved and limit > 0:
        improved = False
        for candidate in smaller(program):
            if not runs(candidate):
                continue
            limit -= 1
            if limit <= 0:
                break
            if fails(candidate):
                program, improved = candidate, True
                break
    return program
