"""TRUSTED: keeps the cells in the gradebook those of the assignment, also after the assignment was changed.

nbgrader refuses to add or remove cells of an assignment once somebody has handed it in. An instructor who
repairs a task must be able to. So the rows of a new cell are made for everybody, those of a cell that is gone
are removed; what somebody graded by hand in such a cell is written to a file first.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader import api, utils
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, ComputeChecksums, LockCells
from sqlalchemy import Connection, Table, and_, delete, exists, func, insert, select

from autograder.assignment import AssignmentNotebook
from autograder.rows import (
    ASSIGNMENT,
    CELL,
    COMMENT,
    COMMENTED,
    GRADE,
    GRADED,
    NOTEBOOK,
    SUBMISSION,
    SUBMITTED,
)

log = logging.getLogger(__name__)
SOURCE: Table = api.SourceCell.__table__
KINDS: dict[str, Table] = {  # nbgrader's kinds of cells, and what each has beside a name
    "GradeCell": api.GradeCell.__table__,
    "SolutionCell": api.SolutionCell.__table__,
    "TaskCell": api.TaskCell.__table__,
}
MARKS = ((GRADE, GRADED), (COMMENT, COMMENTED))  # what each submission has for cells of these kinds
BY_HAND = ("manual_score", "extra_credit", "manual_comment")


@dataclass(frozen=True)
class RecordedCell:
    """A cell as nbgrader's generator records it; `points` is None where it carries none."""

    name: str
    cell_type: str
    checksum: str
    grade: bool
    solution: bool
    task: bool
    points: float | None


def recorded_cells(source: Any) -> list[RecordedCell]:
    """What nbgrader records of a source notebook: answers are gone, hidden tests are still there."""
    notebook: Any = copy.deepcopy(source)
    resources: dict[str, Any] = {}
    for step in (LockCells, ClearSolutions, ClearOutput, CheckCellMetadata, ComputeChecksums):
        notebook, resources = step().preprocess(notebook, resources)
    cells = [
        cell
        for cell in notebook.cells
        if any(kind(cell) for kind in (utils.is_grade, utils.is_solution, utils.is_task, utils.is_locked))
    ]
    return [_recorded(cell) for cell in cells]


def _recorded(cell: Any) -> RecordedCell:
    settings = cell.metadata.nbgrader
    grade, task = utils.is_grade(cell), utils.is_task(cell)
    points = float(settings["points"]) if grade or task else None
    checksum = settings.get("checksum", "")
    solution = utils.is_solution(cell)
    return RecordedCell(settings["grade_id"], cell.cell_type, checksum, grade, solution, task, points)


def fits(connection: Connection, stem: str, notebooks: Mapping[str, AssignmentNotebook]) -> bool:
    """True if the gradebook's assignment `stem` has these cells, and every submission the rows for them.

    The rows are counted by the database: a class of any size costs a few statements.
    """
    rows = _notebooks(connection, stem)
    return (
        rows.keys() == notebooks.keys()
        and all(_has_cells(connection, rows[n], recorded_cells(b.source)) for n, b in notebooks.items())
        and all(_all_have_rows(connection, row) for row in rows.values())
    )


def _notebooks(connection: Connection, stem: str) -> dict[str, str]:
    """The ids of an assignment's notebooks by name."""
    wanted = select(NOTEBOOK.c.name, NOTEBOOK.c.id).join(ASSIGNMENT).where(ASSIGNMENT.c.name == stem)
    return {row.name: row.id for row in connection.execute(wanted)}


def _has_cells(connection: Connection, row: str, cells: list[RecordedCell]) -> bool:
    sources = connection.execute(
        select(SOURCE.c.name, SOURCE.c.cell_type, SOURCE.c.checksum).where(SOURCE.c.notebook_id == row)
    )
    points = {(cell.name, cell.points) for cell in cells if cell.points is not None}
    return (
        {tuple(source) for source in sources} == {(c.name, c.cell_type, c.checksum) for c in cells}
        and {(name, most) for kind in GRADED for name, most in _points(connection, row, kind)} == points
        and _names(connection, row) == _wanted_names(cells)
    )


def _points(connection: Connection, row: str, kind: str) -> list[tuple[str, float]]:
    table = KINDS[kind]
    wanted = select(CELL.c.name, table.c.max_score).join(table, table.c.id == CELL.c.id)
    return [(row.name, row.max_score) for row in connection.execute(wanted.where(CELL.c.notebook_id == row))]


def _names(connection: Connection, row: str) -> dict[str, set[str]]:
    """The names of a notebook's cells in the gradebook, by kind."""
    found = connection.execute(select(CELL.c.type, CELL.c.name).where(CELL.c.notebook_id == row)).all()
    return {kind: {str(name) for each, name in found if each == kind} for kind in KINDS}


def _wanted_names(cells: Iterable[RecordedCell]) -> dict[str, set[str]]:
    cells = list(cells)
    return {
        "GradeCell": {cell.name for cell in cells if cell.grade},
        "SolutionCell": {cell.name for cell in cells if cell.solution},
        "TaskCell": {cell.name for cell in cells if cell.task},
    }


def _all_have_rows(connection: Connection, row: str) -> bool:
    """True if every submission of the assignment has the notebook `row`, with a mark for each cell."""
    submissions = select(func.count()).select_from(SUBMISSION)
    submissions = submissions.join(NOTEBOOK, NOTEBOOK.c.assignment_id == SUBMISSION.c.assignment_id)
    wanted = connection.execute(submissions.where(NOTEBOOK.c.id == row)).scalar_one()
    there = select(func.count()).select_from(SUBMITTED).where(SUBMITTED.c.notebook_id == row)
    if connection.execute(there).scalar_one() != wanted:
        return False
    return wanted == 0 or all(_marks(connection, row, *which, wanted) for which in MARKS)


def _marks(connection: Connection, row: str, table: Table, kinds: tuple[str, ...], wanted: int) -> bool:
    """True if `table` has `wanted` rows for each cell of these kinds of the notebook `row`."""
    cells = connection.execute(select(CELL.c.id).where(CELL.c.notebook_id == row, CELL.c.type.in_(kinds)))
    ids = list(cells.scalars())
    counted = (
        select(table.c.cell_id, func.count())
        .join(SUBMITTED, table.c.notebook_id == SUBMITTED.c.id)
        .where(table.c.cell_id.in_(ids), SUBMITTED.c.notebook_id == row)
        .group_by(table.c.cell_id)
    )
    found = {row[0]: row[1] for row in connection.execute(counted)}
    return found == dict.fromkeys(ids, wanted)


def make_room(
    connection: Connection, stem: str, notebooks: Mapping[str, AssignmentNotebook], lost: Path
) -> None:
    """Give an assignment that was handed in the cells that it has now, so that nbgrader records their text.

    Hand grading of cells that are gone is appended to the file `lost`, one JSON object for each.
    """
    rows = _notebooks(connection, stem)
    assignment = connection.execute(select(ASSIGNMENT.c.id).where(ASSIGNMENT.c.name == stem)).scalar()
    handed_in = select(exists().where(SUBMISSION.c.assignment_id == assignment))
    if assignment is None or not connection.execute(handed_in).scalar_one():
        return  # nbgrader records a new assignment by itself
    for name in rows.keys() - notebooks.keys():
        _remove_notebook(connection, rows[name], lost)
    for name in notebooks.keys() - rows.keys():
        new = {"id": api.new_uuid(), "name": name, "assignment_id": assignment}
        connection.execute(insert(NOTEBOOK), [new])
    for name in rows.keys() & notebooks.keys():
        _give_cells(connection, rows[name], recorded_cells(notebooks[name].source), lost)


def _give_cells(connection: Connection, row: str, cells: list[RecordedCell], lost: Path) -> None:
    wanted, there = _wanted_names(cells), _names(connection, row)
    for kind in KINDS:
        for name in sorted(there[kind] - wanted[kind]):
            _remove_cell(connection, row, kind, name, lost)
    of_notebook = SOURCE.c.notebook_id == row
    known = set(connection.execute(select(SOURCE.c.name).where(of_notebook)).scalars())
    names = {cell.name for cell in cells}
    if gone := sorted(known - names):
        connection.execute(delete(SOURCE).where(of_notebook, SOURCE.c.name.in_(gone)))
    for cell in cells:
        for kind in KINDS:
            if cell.name in wanted[kind] - there[kind]:
                _add_cell(connection, row, kind, cell)
        if cell.name not in known:
            source = {"id": api.new_uuid(), "name": cell.name, "cell_type": cell.cell_type}
            connection.execute(insert(SOURCE), [source | {"locked": False, "notebook_id": row}])


def _add_cell(connection: Connection, row: str, kind: str, cell: RecordedCell) -> None:
    key = {"id": api.new_uuid()}
    connection.execute(insert(CELL), [key | {"name": cell.name, "notebook_id": row, "type": kind}])
    points = {"max_score": cell.points, "cell_type": cell.cell_type} if kind in GRADED else {}
    connection.execute(insert(KINDS[kind]), [key | points])


def _remove_cell(connection: Connection, row: str, kind: str, name: str, lost: Path) -> None:
    this = and_(CELL.c.notebook_id == row, CELL.c.name == name, CELL.c.type == kind)
    cell = connection.execute(select(CELL.c.id).where(this)).scalar_one()
    for table, _ in MARKS:
        _keep_hand_work(connection, table, cell, lost)
        connection.execute(delete(table).where(table.c.cell_id == cell))
    connection.execute(delete(KINDS[kind]).where(KINDS[kind].c.id == cell))
    connection.execute(delete(CELL).where(CELL.c.id == cell))


def _remove_notebook(connection: Connection, row: str, lost: Path) -> None:
    for kind, names in _names(connection, row).items():
        for name in sorted(names):
            _remove_cell(connection, row, kind, name, lost)
    for table in (SOURCE, SUBMITTED):
        connection.execute(delete(table).where(table.c.notebook_id == row))
    connection.execute(delete(NOTEBOOK).where(NOTEBOOK.c.id == row))


def _keep_hand_work(connection: Connection, table: Table, cell: str, lost: Path) -> None:
    """Write down what a person gave or wrote: the cell that it belongs to is gone from the assignment."""
    columns = [table.c[name] for name in BY_HAND if name in table.c]
    work = (
        select(SUBMISSION.c.student_id, NOTEBOOK.c.name, CELL.c.name, *columns)
        .select_from(table)
        .join(CELL, CELL.c.id == table.c.cell_id)
        .join(SUBMITTED, SUBMITTED.c.id == table.c.notebook_id)
        .join(SUBMISSION, SUBMISSION.c.id == SUBMITTED.c.assignment_id)
        .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
        .where(table.c.cell_id == cell)
        .order_by(SUBMISSION.c.student_id)
    )
    for student, notebook, name, *values in connection.execute(work):
        given = {c.name: value for c, value in zip(columns, values, strict=True) if value is not None}
        if not given:
            continue
        lost.parent.mkdir(parents=True, exist_ok=True)
        with lost.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"student": student, "notebook": notebook, "cell": name} | given) + "\n")
        log.warning("the cell %s is gone; what was given for it by hand is kept in %s", name, lost)


def complete(connection: Connection, stem: str) -> None:
    """Give every submission of the assignment the rows that it lacks: of a new notebook, of new cells."""
    for row in _notebooks(connection, stem).values():
        _insert_lacking(connection, SUBMITTED, _lacking_notebooks(row), {"flagged": False})
        for (table, kinds), more in zip(MARKS, ({"needs_manual_grade": True}, {}), strict=True):
            _insert_lacking(connection, table, _lacking_marks(row, table, kinds), more)


def _lacking_notebooks(row: str) -> Any:
    lacking = and_(SUBMITTED.c.notebook_id == NOTEBOOK.c.id, SUBMITTED.c.assignment_id == SUBMISSION.c.id)
    return (
        select(NOTEBOOK.c.id.label("notebook_id"), SUBMISSION.c.id.label("assignment_id"))
        .join(SUBMISSION, SUBMISSION.c.assignment_id == NOTEBOOK.c.assignment_id)
        .where(NOTEBOOK.c.id == row, ~exists().where(lacking))
    )


def _lacking_marks(row: str, table: Table, kinds: tuple[str, ...]) -> Any:
    lacking = and_(table.c.cell_id == CELL.c.id, table.c.notebook_id == SUBMITTED.c.id)
    return (
        select(SUBMITTED.c.id.label("notebook_id"), CELL.c.id.label("cell_id"))
        .join(CELL, CELL.c.notebook_id == SUBMITTED.c.notebook_id)
        .where(SUBMITTED.c.notebook_id == row, CELL.c.type.in_(kinds), ~exists().where(lacking))
    )


def _insert_lacking(connection: Connection, table: Table, lacking: Any, more: Mapping[str, Any]) -> None:
    new = [{"id": api.new_uuid(), **row, **more} for row in connection.execute(lacking).mappings()]
    if new:
        connection.execute(insert(table), new)
