"""All mutants of a function: copies of its source with one small change each."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import ndiff
from itertools import pairwise
from typing import Any

from .operators import OPERATORS, Surroundings

# What is no part of the work: a mutant of it would say nothing.
IDLE_FIELDS = ("decorator_list", "annotation", "returns")


@dataclass(frozen=True)
class Mutant:
    """`source` is the code with one change by an operator of this name: its lines `before` became `after`."""

    operator: str
    before: str
    after: str
    source: str


def mutants_of(source: str) -> list[Mutant]:
    """Return all mutants of the functions in `source`, no two with the same text.

    Left as they are: imports, signatures, docstrings, annotations, and the messages of errors.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    found: dict[str, Mutant] = {}
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        around = surroundings(function)
        for node, put in places_in(function):
            for operator in OPERATORS:
                for other in operator(node, around):
                    put(other)
                    text = ast.unparse(ast.fix_missing_locations(tree))
                    if text != original and text not in found:
                        name = operator.__name__.replace("_", " ")
                        found[text] = Mutant(name, *_changed_lines(original, text), text)
                put(node)
    return list(found.values())


def surroundings(function: ast.FunctionDef) -> Surroundings:
    """Return what operators need to know of a function: its words, and the neighbour of each variable.

    Neighbours are variables that are bound together: by one tuple, by loops within one another, or as
    parameters. In such a group, each one's neighbour is the next.
    """
    groups = [[argument.arg for argument in function.args.args]]
    loops = [node.target for node in ast.walk(function) if isinstance(node, (ast.For, ast.comprehension))]
    groups.append(list(dict.fromkeys(target.id for target in loops if isinstance(target, ast.Name))))
    for node in ast.walk(function):
        if isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Store):
            groups.append([entry.id for entry in node.elts if isinstance(entry, ast.Name)])
    neighbours: dict[str, str] = {}
    for group in groups:
        if len(group) > 1:
            neighbours.update(pairwise([*group, group[0]]))
    words = [
        node.value
        for node, _ in places_in(function)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return Surroundings(neighbours, list(dict.fromkeys(words)))


def places_in(node: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield every node below `node` that may be changed, and a function that puts another in its place."""
    for name, value in ast.iter_fields(node):
        if name in IDLE_FIELDS or isinstance(node, (ast.arguments, ast.JoinedStr)) or _is_message(node, name):
            continue
        if isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST) and not _is_kept(node, name, index):
                    yield item, _item_setter(value, index)
                    yield from places_in(item)
        elif isinstance(value, ast.AST):
            yield value, _field_setter(node, name)
            yield from places_in(value)


def _is_message(node: ast.AST, name: str) -> bool:
    return (isinstance(node, ast.Raise) and name == "exc") or (isinstance(node, ast.Assert) and name == "msg")


def _is_kept(node: ast.AST, name: str, index: int) -> bool:
    """Return whether this item of a list is a docstring."""
    if not isinstance(node, ast.FunctionDef) or name != "body":
        return False
    statement = node.body[index]
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _item_setter(items: list[Any], index: int) -> Callable[[ast.AST], None]:
    return lambda other: items.__setitem__(index, other)


def _field_setter(node: ast.AST, name: str) -> Callable[[ast.AST], None]:
    return lambda other: setattr(node, name, other)


def _changed_lines(original: str, text: str) -> tuple[str, str]:
    """Return the lines that differ, before and after, without their indentation."""
    lines = list(ndiff(original.splitlines(), text.splitlines()))
    before, after = (
        "\n".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ ")
    )
    return before, after
