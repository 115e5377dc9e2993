"""TRUSTED: reads what a student handed in, and puts the assignment's own cells back in order.

Nothing of the student's file is kept but the text of cells: metadata, outputs and ids are the assignment's
or made afresh. So a deleted, duplicated, moved or retagged cell cannot cost, or earn, a point.
"""

from __future__ import annotations

import copy
import json
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.assignment import AssignmentNotebook
from coursekit.errors import CourseError

MAX_CELLS = 2_000
MAX_MARKDOWN = 10_000  # characters of one cell; rendering grows with their square at worst
LINK = re.compile(r"\](?=\s*[(\[:])")  # [text](address), [text][name] and [name]: address
HTML_TAG = re.compile(r"<(?=[A-Za-z/!?])")


class InvalidSubmission(CourseError):
    """The file is not a notebook, or not of this assignment. The text is for the student."""


@dataclass
class Repaired:
    """A notebook in the assignment's own order and tags, and what had to be put right."""

    notebook: Any
    notes: list[str] = field(default_factory=list)


@dataclass
class StudentCell:
    """The parts of a submitted cell that count."""

    kind: str  # "code" or "markdown"
    source: str
    grade_id: str | None


def read_submission(path: Path, limit: int) -> list[StudentCell]:
    """Read the cells of a submitted file. InvalidSubmission says what is wrong with it."""
    try:
        if path.parent.is_symlink():
            raise InvalidSubmission("The submission's folder is a link to another folder.")
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise InvalidSubmission("The submission is not a regular file.")
        if status.st_size > limit:
            raise InvalidSubmission(f"The file has {status.st_size} bytes; at most {limit} are read.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidSubmission(f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidSubmission("The file is not a notebook: it is not UTF-8 text.") from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSubmission(f"The file is not a notebook: it is not JSON ({_short(error)}).") from error
    return student_cells(content)


def _short(error: Exception) -> str:
    return str(error)[:120] or type(error).__name__


def student_cells(content: object) -> list[StudentCell]:
    """Take kind, text and grade_id of every cell of a notebook's JSON, whatever else is in it."""
    if not isinstance(content, dict):
        raise InvalidSubmission("The file is not a notebook: it holds no object.")
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):  # notebook format 3
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise InvalidSubmission("The file is not a notebook: it has no cells.")
    if len(cells) > MAX_CELLS:
        raise InvalidSubmission(f"The notebook has {len(cells)} cells; at most {MAX_CELLS} are read.")
    return [_student_cell(cell) for cell in cells if isinstance(cell, dict)]


def _student_cell(cell: dict[str, Any]) -> StudentCell:
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    metadata = cell.get("metadata")
    settings = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = settings.get("grade_id") if isinstance(settings, dict) else None
    kind = "code" if cell.get("cell_type") == "code" else "markdown"
    text = source if isinstance(source, str) else ""
    text = text.encode("utf-8", "replace").decode()  # lone surrogates cannot be stored
    return StudentCell(kind, text, grade_id if isinstance(grade_id, str) else None)


def repair(cells: list[StudentCell], assignment: AssignmentNotebook) -> Repaired:
    """Build the notebook to grade: the student's text in the assignment's cells.

    Locked cells have the assignment's text. A second copy of an answer cell stays as a plain cell, for it
    may hold the answer; a second copy of a locked cell goes. A missing cell comes back at its place.
    InvalidSubmission if the notebook holds no cell of this assignment and defines none of its functions.
    """
    wanted = {_grade_id(cell): cell for cell in assignment.release.cells if _grade_id(cell)}
    _must_belong(cells, set(wanted), assignment)
    repaired = Repaired(new_notebook(metadata=copy.deepcopy(assignment.release.metadata)))
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        model = wanted.get(cell.grade_id or "")
        if model is None:
            repaired.notebook.cells.append(_plain(cell, index))
        elif cell.grade_id in seen:
            repaired.notes.append(f"The cell {cell.grade_id} was there twice.")
            if not _locked(model):
                repaired.notebook.cells.append(_plain(cell, index))
        else:
            seen.add(str(cell.grade_id))
            repaired.notebook.cells.append(_in_place(cell, model, repaired.notes))
    _put_back(repaired, assignment, seen)
    make_harmless(repaired.notebook, assignment.release)
    return repaired


def _must_belong(cells: list[StudentCell], wanted: set[str], assignment: AssignmentNotebook) -> None:
    names = [task.name for task in assignment.tasks.values()]
    known = any(cell.grade_id in wanted for cell in cells)
    if not known and not any(name in cell.source for cell in cells for name in names):
        raise InvalidSubmission(
            f"The notebook is not the assignment {assignment.stem}: none of its cells or functions is in it."
        )


def _grade_id(cell: Any) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _locked(cell: Any) -> bool:
    settings = cell.metadata.get("nbgrader", {})
    return not settings.get("solution") and bool(settings.get("grade") or settings.get("locked"))


def _plain(cell: StudentCell, index: int) -> Any:
    make = new_code_cell if cell.kind == "code" else new_markdown_cell
    return make(cell.source, id=f"student-{index}")


def make_harmless(notebook: Any, release: Any) -> None:
    """Show the HTML that a student wrote into Markdown as text: graders and feedback readers open it.

    Links are shown as text too: their address may be a script. So is what is longer than anyone writes, cut.
    Cells that stand in the release as they are keep both. Code and its outputs are not Markdown.
    """
    ours = {cell.source for cell in release.cells}
    for cell in notebook.cells:
        if cell.cell_type != "code" and cell.source not in ours:
            cell.cell_type = "markdown"  # a raw cell would be written into the page as it is
            cut = cell.source[:MAX_MARKDOWN] + (" ..." if len(cell.source) > MAX_MARKDOWN else "")
            cell.source = LINK.sub("]\u200b", HTML_TAG.sub("&lt;", cut))


def _in_place(cell: StudentCell, model: Any, notes: list[str]) -> Any:
    """The assignment's cell; an answer cell takes the student's text."""
    placed = copy.deepcopy(model)
    if not _locked(model):
        placed.source = cell.source
    elif cell.source.strip() != model.source.strip():
        notes.append(f"The locked cell {_grade_id(model)} was changed; the assignment's own text counts.")
    return placed


def _put_back(repaired: Repaired, assignment: AssignmentNotebook, seen: set[str]) -> None:
    """Insert each missing cell after the nearest earlier cell of the assignment that is there."""
    before = ""
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
            repaired.notes.append(f"The cell {grade_id} was missing.")
        before = grade_id


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
