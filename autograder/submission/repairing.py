"""TRUSTED: puts the assignment's own cells back in order around what the student wrote."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from nbformat.v4 import new_notebook

from autograder import nodes
from autograder.assignment import AssignmentNotebook
from autograder.submission.cells import InvalidSubmission, StudentCell
from autograder.submission.harmless import make_harmless

# Text in a cell of the assignment's own that is worth running: it defines or imports something.
DEFINES = re.compile(r"^[ \t]*(?:def|class|async def|import|from)\s|^\w+\s*=[^=]", re.MULTILINE)
# Magics that run a cell and forget what it defines.
FORGETS = re.compile(r"\A\s*(%%(?:timeit|prun)\b[^\n]*)(?=\n)")


@dataclass
class Repaired:
    """A notebook in the assignment's own order and tags, and what had to be put right."""

    notebook: Any
    notes: list[str] = field(default_factory=list)


def repair(
    cells: Sequence[StudentCell], assignment: AssignmentNotebook, notes: Sequence[str] = ()
) -> Repaired:
    """Build the notebook to grade: the student's text in the assignment's cells. `notes` are of the reading.

    Locked cells have the assignment's text. A second copy of an answer cell stays as a plain cell, for it
    may hold the answer; a second copy of a locked cell goes. A missing cell comes back at its place.
    InvalidSubmission if the notebook holds no cell of this assignment and defines none of its functions.
    """
    must_belong(cells, assignment)
    repaired = Repaired(new_notebook(metadata=copy.deepcopy(assignment.release.metadata)), list(notes))
    placing = _Placing(assignment, repaired)
    for index, cell in enumerate(cells):
        placing.place(cell, index)
    _put_back(repaired, assignment, placing.seen)
    _put_start_first(repaired, cells, assignment)
    make_harmless(repaired.notebook, assignment.release)
    return repaired


def must_belong(cells: Sequence[StudentCell], assignment: AssignmentNotebook) -> None:
    """InvalidSubmission unless a cell is the assignment's, or code names one of its functions."""
    wanted = {_grade_id(cell) for cell in assignment.release.cells} - {""}
    if any(cell.grade_id in wanted for cell in cells):
        return
    names = "|".join(re.escape(task.name) for task in assignment.tasks.values())
    if names and any(re.search(rf"\b(?:{names})\b", cell.source) for cell in cells if cell.kind == "code"):
        return
    raise InvalidSubmission(
        f"The notebook is not the assignment {assignment.stem}: none of its cells or functions is in it. "
        "Hand in the notebook of this assignment."
    )


class _Placing:
    """Takes the student's cells one by one, and knows which of the assignment's cells were there."""

    def __init__(self, assignment: AssignmentNotebook, repaired: Repaired) -> None:
        models = [cell for cell in assignment.release.cells if _grade_id(cell)]
        self._by_id = {_grade_id(cell): cell for cell in models}
        self._by_text = {cell.source.strip(): cell for cell in models if _locked(cell)}
        self._cells, self._notes = repaired.notebook.cells, repaired.notes
        self.seen: set[str] = set()

    def place(self, cell: StudentCell, index: int) -> None:
        model = self._by_id.get(cell.grade_id or "")
        if model is None and cell.kind == "code":  # a check that has lost its mark is told by its text
            unmarked = self._by_text.get(cell.source.strip())
            model = unmarked if unmarked is not None and _grade_id(unmarked) not in self.seen else None
        if model is None:
            self._add_plain(cell, index)
        elif _grade_id(model) in self.seen:
            self._add_second(cell, model, index)
        elif _locked(model):
            self._add_locked(cell, model, index)
        else:
            self._add_answer(cell, model)

    def _add_plain(self, cell: StudentCell, index: int) -> None:
        make = nodes.code_cell if cell.kind == "code" else nodes.markdown_cell
        source = self._kept_definitions(cell.source) if cell.kind == "code" else cell.source
        self._cells.append(make(source, f"student-{index}"))

    def _add_second(self, cell: StudentCell, model: Any, index: int) -> None:
        self._notes.append(f"The cell {_grade_id(model)} was there twice. Keep one copy of it.")
        if not _locked(model):
            self._add_plain(cell, index)

    def _add_locked(self, cell: StudentCell, model: Any, index: int) -> None:
        name = _grade_id(model)
        self.seen.add(name)
        if cell.source.strip() != model.source.strip():
            if model.cell_type == "code" and DEFINES.search(cell.source):
                self._add_plain(StudentCell("code", cell.source, None), index)
                self._notes.append(
                    f"The locked cell {name} was changed: you wrote into it. What you wrote was run in a "
                    "cell before it; next time write it into the answer cell."
                )
            else:
                self._notes.append(
                    f"The locked cell {name} was changed; the assignment's own text counts. Leave it alone."
                )
        self._cells.append(copy.deepcopy(model))

    def _add_answer(self, cell: StudentCell, model: Any) -> None:
        name = _grade_id(model)
        self.seen.add(name)
        placed = copy.deepcopy(model)
        placed.source = self._kept_definitions(cell.source) if model.cell_type == "code" else cell.source
        if cell.kind != model.cell_type:
            what = "code" if model.cell_type == "code" else "text"
            self._notes.append(
                f"The cell {name} had another cell type. It was read as {what}, as it was given."
            )
        self._cells.append(placed)

    def _kept_definitions(self, source: str) -> str:
        magic = FORGETS.match(source)
        if magic is None or not DEFINES.search(source):
            return source
        word = magic[1].split()[0]
        self._notes.append(
            f"A cell begins with `{word}`, which forgets what the cell defines: it was run without that line."
        )
        return f"# {magic[1]}{source[magic.end() :]}"


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _locked(cell: Any) -> bool:
    settings = cell.metadata.get("nbgrader", {})
    return not settings.get("solution") and bool(settings.get("grade") or settings.get("locked"))


def _put_back(repaired: Repaired, assignment: AssignmentNotebook, seen: set[str]) -> None:
    """Insert each missing cell after the nearest earlier cell of the assignment that is there."""
    before = ""
    missing: list[str] = []
    for model in assignment.release.cells:
        grade_id = _grade_id(model)
        if not grade_id:
            continue
        if grade_id not in seen:
            places = [
                i for i, cell in enumerate(repaired.notebook.cells) if before and _grade_id(cell) == before
            ]
            place = places[0] + 1 if places else _end_of_start(repaired.notebook.cells)
            repaired.notebook.cells.insert(place, _stand_in(model))
            missing.append(grade_id)
        before = grade_id
    if missing:
        repaired.notes.append(_about_missing(missing))


def _about_missing(missing: list[str]) -> str:
    advice = (
        "What you wrote elsewhere in the notebook counts all the same. Next time keep the cells as given."
    )
    if len(missing) == 1:
        return f"The cell {missing[0]} was missing, or had lost its mark: it was put back. {advice}"
    names = f"{', '.join(missing[:-1])} and {missing[-1]}"
    return f"The cells {names} were missing, or had lost their marks: they were put back. {advice}"


def _stand_in(model: Any) -> Any:
    """A missing cell, put back. A missing answer stays empty: its stub could hide an answer elsewhere."""
    cell = copy.deepcopy(model)
    settings = cell.metadata["nbgrader"]
    if settings.get("solution") and not settings.get("grade"):
        cell.source = "# This cell was missing from the submission."
    return cell


def _end_of_start(cells: list[Any]) -> int:
    """Where a missing first cell goes: after the cells that carry no tag at the start, else last."""
    tagged = [index for index, cell in enumerate(cells) if _grade_id(cell)]
    return tagged[0] if tagged else len(cells)


def _put_start_first(
    repaired: Repaired, cells: Sequence[StudentCell], assignment: AssignmentNotebook
) -> None:
    """Run what the assignment begins with, its imports, where the student's notebook does not do it as given.

    Students add `%pip install` or a colab import to this cell, or delete it: all that follows would fail.
    """
    start = _start(assignment)
    written = {cell.source.strip() for cell in cells if cell.kind == "code"}
    lost = [cell for cell in start if cell.source.strip() not in written]
    if not lost:
        return
    lines = {line.strip() for text in written for line in text.splitlines()}
    for place, cell in enumerate(lost):
        repaired.notebook.cells.insert(place, nodes.code_cell(cell.source, f"assignment-start-{place}"))
    if not all(line.strip() in lines for cell in lost for line in cell.source.splitlines()):
        repaired.notes.append(
            "The first cell of the assignment, its imports, was missing or changed: it was run as given, "
            "and then your own cells."
        )


def _start(assignment: AssignmentNotebook) -> list[Any]:
    """The assignment's own code cells before its first graded or answer cell."""
    first = next((i for i, cell in enumerate(assignment.release.cells) if _grade_id(cell)), 0)
    return [cell for cell in assignment.release.cells[:first] if cell.cell_type == "code"]
