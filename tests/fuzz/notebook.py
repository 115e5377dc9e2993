"""Target "notebook": a submitted file, from its bytes to the notebook that is run.

Whatever the file holds, it is an `InvalidSubmission`, or a valid notebook with every cell of the assignment
in it once, with the assignment's own text in every locked cell.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from autograder.assignment import AssignmentNotebook, make_notebook
from autograder.submission import InvalidSubmission, read_submission, repair
from tests.fuzz.bites import Bites

LIMIT = 1 << 20
REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "solutions" / "02_convolution" / "02_convolution.ipynb"
KEPT = {
    "imports",
    "convolve_at-answer",
    "convolve_at-check",
    "flip_difference-answer",
    "repair-the-claim-words",
}
HTML = re.compile(r"<[A-Za-z/!?]")
CELL_TYPES = ("code", "markdown", "raw", "heading", None)
SHAPES = ("notebook", "notebook", "worksheets", "list", "object")


def try_input(data: bytes) -> None:
    """Read `data` as a file or, after an odd first byte, as a notebook of built cells."""
    bites = Bites(data)
    try:
        content = json.dumps(build(bites)).encode() if bites.number() % 2 else bites.rest()
    except RecursionError:  # nested deeper than can be written; `rest` tries what is deeper still
        return
    path = Path(scratch().name) / "submitted.ipynb"
    path.write_bytes(content)
    with contextlib.suppress(InvalidSubmission):
        submitted = read_submission(path, LIMIT)
        repaired = repair(submitted.cells, assignment(), submitted.notes)
        assert all(isinstance(note, str) for note in repaired.notes)
        must_be_whole(repaired.notebook)


@cache
def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder for the file, in memory where there is one."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None)


@cache
def assignment() -> AssignmentNotebook:
    """A short assignment with cells of every kind: plain, answer, check, answer in words."""
    source = nbformat.read(SOURCE, 4)
    source.cells = [cell for cell in source.cells if cell.id in KEPT or _grade_id(cell) in KEPT]
    return make_notebook("02_convolution", "02_convolution", source)


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def build(bites: Bites) -> object:
    """Return the JSON of a notebook: cells of the assignment and others, in any order, with any values."""
    cells = [_cell(bites) for _ in range(bites.number() % 12)]
    shape = bites.choice(SHAPES)
    if shape == "worksheets":
        return {"worksheets": [bites.json(), {"cells": cells}], "nbformat": 3}
    if shape == "list":
        return cells
    return {"cells": bites.json() if shape == "object" else cells, "metadata": bites.json(), "nbformat": 4}


def _cell(bites: Bites) -> object:
    models = assignment().release.cells
    kind = bites.number() % 8
    if kind == 0:
        return bites.json()
    if kind < 4:
        return dict(bites.choice(models)) | ({"source": bites.text()} if kind == 3 else {})
    source = (bites.text(), [bites.text(), bites.json()], bites.json(), "def convolve_at(): 0")[kind - 4]
    tag = {"nbgrader": {"grade_id": bites.choice([*map(_grade_id, models), bites.json()])}}
    metadata = bites.choice((tag, {}, bites.json()))
    return {"cell_type": bites.choice(CELL_TYPES), "source": source, "metadata": metadata, "id": bites.text()}


def must_be_whole(notebook: Any) -> None:
    """AssertionError unless the notebook is what `repair` promises."""
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode("utf-8")
    release = assignment().release
    models = {_grade_id(cell): cell for cell in release.cells if _grade_id(cell)}
    tagged = [cell for cell in notebook.cells if _grade_id(cell)]
    assert sorted(map(_grade_id, tagged)) == sorted(models), "every cell of the assignment is there once"
    ours = {cell.source for cell in release.cells}
    for cell in notebook.cells:
        model = models.get(_grade_id(cell))
        assert cell.metadata == (model.metadata if model else {})
        assert cell.cell_type in ("code", "markdown")
        if model and model.metadata.nbgrader.locked and not model.metadata.nbgrader.solution:
            assert cell.source == model.source, "a locked cell has the assignment's text"
        if cell.cell_type == "markdown" and cell.source not in ours:
            assert not HTML.search(cell.source)
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None
