"""The rules of lectures/concepts.tsv: where the lectures teach what the documents hold.

`complaints(row, notebook, tasks)` says in words which rules a row breaks. What is computed is told from
what is only written by the syntax tree: `assert f(x) == [[19, 25]]` compares, `assert True` does not.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from tests.course.lectures import STEMS, has_widget, pictures

COLUMNS = ("id", "kind", "concept", "lecture", "cells", "task", "lab", "numbers")
SIZES = {"L1": 21, "L2": 32, "L3": 47, "L4": 45}
IDS = [f"{document}.{number}" for document, count in SIZES.items() for number in range(1, count + 1)]
# What is wrong in the documents, or holds only under conditions that they leave out.
ERRATA = {
    "L1.5": "equivariance is called invariance",
    "L1.8": "both functions are said to be flipped",
    "L1.15": "an index changes its name between two formulas",
    "L2.9": "an illustration does not flip, under the heading of convolution",
    "L2.14": "equivariance fails at padded borders and with strides",
    "L2.15": "what is said of equivariance holds of invariance",
    "L2.19": "the recordings were made in cats and monkeys, not in humans",
    "L3.19": "doubly block circulant, where it is doubly block Toeplitz",
    "L3.22": "(K - 1) / 2 keeps the size only for odd K, stride 1 and dilation 1",
    "L3.26": "the receptive field's formula holds only for stride 1 and dilation 1",
    "L3.28": "the floor is missing",
    "L3.30": "strides are older than the text says",
    "L3.31": "pooling itself has no parameters to reduce",
    "L3.34": "two defaults of the pooling's stride",
    "L3.35": "the max-pool gradient leaves out the upstream gradient, overlaps and ties",
    "L4.18": "kernels are not the only trainable parameters",
    "L4.27": "depth of the kernel, where it is the number of kernels",
    "L4.34": "padding that does not keep the size for an even kernel",
    "L4.38": "two defaults of the pooling's stride",
    "L4.43": "the floor is missing",
}
LAB = ("claim", "counterexample", "repaired", "confirmed")
# Their counterexample is a source, not a computation; such a cell links to it.
HISTORY = {"L2.19": "who recorded from which animals", "L3.30": "what was published when"}
# A worked example whose numbers are ours says so at most so many cells away.
NEAR = 3
COMPARING = ("array_equal", "allclose", "isclose")
ARRAY = ("array", "asarray", "list", "tuple", "set", "frozenset")


@dataclass(frozen=True)
class Row:
    """One row of the table: what a document holds, and where and how it is taught."""

    id: str
    kind: str
    concept: str
    lecture: str
    cells: tuple[str, ...]
    task: str
    lab: str
    numbers: str


def read_table(path: Path) -> list[Row]:
    """Return the rows of a table. Raises ValueError for another header or a row of another length."""
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != COLUMNS:
        raise ValueError(f"the columns must be {', '.join(COLUMNS)}; got {header!r}")
    rows = []
    for number, line in enumerate(lines, 2):
        fields = line.split("\t")
        if len(fields) != len(COLUMNS):
            raise ValueError(f"line {number} must have {len(COLUMNS)} columns; got {len(fields)}: {line!r}")
        name, kind, concept, lecture, cells, *rest = (text.strip() for text in fields)
        rows.append(Row(name, kind, concept, lecture, tuple(cells.split()), *rest))
    return rows


def complaints(row: Row, notebook: Any, tasks: Collection[str]) -> list[str]:
    """Return what is wrong with a row.

    Parameters
    ----------
    row : from the table
    notebook : the lecture that it names, executed; None if there is none
    tasks : the names of the tasks that an exercise checks
    """
    if row.kind not in KINDS:
        return [f"kind must be one of {', '.join(KINDS)}; got {row.kind!r}"]
    found = []
    if len(row.concept.split()) < 2:
        found.append("concept must say in words what is taught")
    if row.task and row.task not in tasks:
        found.append(f"task {row.task!r} must be a task that an exercise checks")
    if bool(row.numbers) != (row.kind == "worked"):
        found.append("numbers belongs to worked examples, and to nothing else")
    if row.lecture not in STEMS or notebook is None:
        return [*found, f"lecture must be one of the thirteen and exist; got {row.lecture!r}"]
    present = {cell.id: cell for cell in notebook.cells}
    unknown = [name for name in row.cells if name not in present]
    if unknown or not row.cells:
        return [*found, f"cells must name cells of {row.lecture}; {unknown or 'none'} given"]
    named = [present[name] for name in row.cells]
    found += KINDS[row.kind](row, named, notebook)
    if row.lab:
        found += lab_complaints(row, notebook)
    elif row.id in ERRATA:
        found.append(f"lab is missing: {ERRATA[row.id]}")
    return found


def no_more(row: Row, named: list[Any], notebook: Any) -> list[str]:
    return []


def figure(row: Row, named: list[Any], notebook: Any) -> list[str]:
    if any(has_widget(cell) or any(picture.alt for picture in pictures(cell)) for cell in named):
        return []
    return ["a figure needs a cell that shows a picture with alternative text, or a live demo"]


def formula(row: Row, named: list[Any], notebook: Any) -> list[str]:
    if any(cell.cell_type == "markdown" and "$" in cell.source for cell in named):
        return []
    return ["a formula needs a Markdown cell with a formula in it"]


def worked(row: Row, named: list[Any], notebook: Any) -> list[str]:
    found = []
    written = names_of_literals(notebook)
    if not any(compares_with_literals(cell.source, written) for cell in code(named)):
        found.append("a worked example needs a cell that asserts what is computed equal to literal numbers")
    if row.numbers not in ("documents", "ours"):
        found.append(f"numbers must be documents or ours; got {row.numbers!r}")
    if row.numbers == "ours" and not any(map(says_ours, near(named, notebook))):
        found.append(f'no Markdown cell within {NEAR} says "numbers were lost" or "are ours"')
    return found


KINDS: dict[str, Callable[[Row, list[Any], Any], list[str]]] = {
    "claim": no_more,
    "concept": no_more,
    "figure": figure,
    "formula": formula,
    "worked": worked,
}


def code(cells: list[Any]) -> list[Any]:
    return [cell for cell in cells if cell.cell_type == "code"]


def near(named: list[Any], notebook: Any) -> list[Any]:
    """Return the cells that stand at most NEAR cells from one of `named`."""
    places = [place for place, cell in enumerate(notebook.cells) if cell in named]
    return [
        cell
        for place, cell in enumerate(notebook.cells)
        if any(abs(place - other) <= NEAR for other in places)
    ]


def says_ours(cell: Any) -> bool:
    words = " ".join(cell.source.lower().split())
    return cell.cell_type == "markdown" and ("numbers were lost" in words or "are ours" in words)


def lab_complaints(row: Row, notebook: Any) -> list[str]:
    """Return what is wrong with a claim lab: its four cells, their order, and what each must hold."""
    position = {cell.id: place for place, cell in enumerate(notebook.cells)}
    names = [f"{row.lab}-{part}" for part in LAB]
    missing = [name for name in names if name not in position]
    if missing:
        return [f"the lab lacks {', '.join(missing)}"]
    places = [position[name] for name in names]
    found = [] if places == sorted(places) else [f"the lab's cells must stand as {', '.join(names)}"]
    claim, counterexample, repaired, confirmed = (notebook.cells[place] for place in places)
    for cell, words in ((claim, "**Claim"), (repaired, "**Repaired claim")):
        if cell.cell_type != "markdown" or words not in cell.source:
            found.append(f"{cell.id} must be Markdown with {words}")
    for cell in (counterexample, confirmed):
        by_source = row.id in HISTORY and cell.cell_type == "markdown" and "](" in cell.source
        if not by_source and not (cell.cell_type == "code" and asserts_something(cell.source)):
            found.append(f"{cell.id} must be code with an assert of something computed")
    return found


def asserts(source: str) -> Iterator[ast.expr]:
    """Yield what a cell asserts whenever it runs: not what stands in a function or under an `if`."""
    waiting: list[ast.AST] = [parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Assert):
            yield node.test
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.If | ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def parse(source: str) -> ast.Module:
    """Return the syntax tree of a cell without its magics."""
    return ast.parse("\n".join("" if line.startswith(("%", "!")) else line for line in source.splitlines()))


def asserts_something(source: str) -> bool:
    return any(is_computed(test, set()) for test in asserts(source))


def compares_with_literals(source: str, written: Collection[str] = ()) -> bool:
    """Whether a cell asserts that something computed equals, or is near to, literal numbers or strings.

    `written` are the names of literals: what they name is not computed.
    """
    return any(
        any(is_literal(value, written) for value in sides) and any(is_computed(v, written) for v in sides)
        for test in asserts(source)
        for sides in comparisons(test)
    )


def comparisons(test: ast.expr) -> Iterator[list[ast.expr]]:
    """Yield the sides of each comparison in an expression: of ==, and of NumPy's and math's functions."""
    denied = [part for node in ast.walk(test) if isinstance(node, ast.UnaryOp) for part in ast.walk(node)]
    for node in ast.walk(test):
        if node in denied:  # `not` says only what it is not
            continue
        if isinstance(node, ast.Compare) and any(isinstance(sign, ast.Eq) for sign in node.ops):
            yield [node.left, *node.comparators]
        elif isinstance(node, ast.Compare):  # abs(x - 0.25) < 1e-9
            yield from ([side.left, side.right] for side in ast.walk(node) if is_difference(side))
        elif isinstance(node, ast.Call) and name_of(node.func) in COMPARING:
            yield node.args[:2]


def is_difference(node: ast.AST) -> TypeGuard[ast.BinOp]:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub)


def is_literal(node: ast.expr, written: Collection[str] = ()) -> bool:
    """Whether an expression is numbers or strings as they stand, in lists, arrays or sums of them too."""
    match node:
        case ast.Constant(value=value):
            return isinstance(value, int | float | complex | str) and not isinstance(value, bool)
        case ast.Name(id=name):
            return name in written
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return bool(parts) and all(is_literal(part, written) for part in parts)
        case ast.Dict(values=parts):
            return bool(parts) and all(is_literal(part, written) for part in parts)
        case ast.UnaryOp(operand=part):
            return is_literal(part, written)
        case ast.BinOp(left=left, right=right):
            return is_literal(left, written) and is_literal(right, written)
        case ast.Call(func=function, args=[part, *_]) if name_of(function) in (*ARRAY, "approx"):
            return is_literal(part, written)
    return False


def is_computed(node: ast.expr, written: Collection[str]) -> bool:
    """Whether an expression is more than literals: it holds a name, a call, an attribute or a subscript."""
    if is_literal(node, written):
        return False
    more = (ast.Name, ast.Call, ast.Attribute, ast.Subscript)
    return any(isinstance(part, more) for part in ast.walk(node))


def name_of(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def names_of_literals(notebook: Any) -> set[str]:
    """Return the names to which a notebook assigns nothing but literals: comparing them checks nothing."""
    written, stored = [], []
    for cell in code(notebook.cells):
        for node in ast.walk(parse(cell.source)):
            if isinstance(node, ast.Assign) and is_literal(node.value):
                written += [name_of(target) for target in node.targets]
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                stored.append(node.id)
    return {name for name in written if stored.count(name) == written.count(name)}
