"""TRUSTED: the rows that one submission has in nbgrader's gradebook, read and written by a few statements.

nbgrader's tables have no index for "the grades of this notebook": its own classes read whole tables for every
submission, and a class then costs the square of its size. Each statement here goes through a table's key, and
is compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from sqlalchemy import Connection, Table, and_, bindparam, insert, select, update
from sqlalchemy.orm.exc import StaleDataError

ASSIGNMENT: Table = api.Assignment.__table__
NOTEBOOK: Table = api.Notebook.__table__
CELL: Table = api.BaseCell.__table__
STUDENT: Table = api.Student.__table__
SUBMISSION: Table = api.SubmittedAssignment.__table__
SUBMITTED: Table = api.SubmittedNotebook.__table__
GRADE: Table = api.Grade.__table__
COMMENT: Table = api.Comment.__table__
GRADED, COMMENTED = ("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")  # kinds of cells that have them

_ASSIGNMENT = (
    select(ASSIGNMENT.c.id, ASSIGNMENT.c.duedate, NOTEBOOK.c.id, NOTEBOOK.c.name, CELL.c.id, CELL.c.name)
    .add_columns(CELL.c.type)
    .select_from(
        ASSIGNMENT.outerjoin(NOTEBOOK, NOTEBOOK.c.assignment_id == ASSIGNMENT.c.id).outerjoin(
            CELL, CELL.c.notebook_id == NOTEBOOK.c.id
        )
    )
    .where(ASSIGNMENT.c.name == bindparam("stem"))
)
_SUBMISSION = (
    select(SUBMISSION.c.id, SUBMISSION.c.timestamp, SUBMISSION.c.extension)
    .add_columns(SUBMITTED.c.notebook_id, SUBMITTED.c.id, SUBMITTED.c.late_submission_penalty)
    .select_from(
        STUDENT.outerjoin(
            SUBMISSION,
            and_(
                SUBMISSION.c.assignment_id == bindparam("assignment"), SUBMISSION.c.student_id == STUDENT.c.id
            ),
        ).outerjoin(
            SUBMITTED,
            and_(
                SUBMITTED.c.notebook_id.in_(bindparam("notebooks", expanding=True)),
                SUBMITTED.c.assignment_id == SUBMISSION.c.id,
            ),
        )
    )
    .where(STUDENT.c.id == bindparam("student"))
)
_GRADES = (
    select(GRADE.c.cell_id, GRADE.c.id, GRADE.c.auto_score, GRADE.c.needs_manual_grade)
    .add_columns(GRADE.c.manual_score, GRADE.c.extra_credit)
    .where(
        GRADE.c.cell_id.in_(bindparam("cells", expanding=True)), GRADE.c.notebook_id == bindparam("notebook")
    )
)
_COMMENTS = select(COMMENT.c.cell_id, COMMENT.c.id, COMMENT.c.auto_comment).where(
    COMMENT.c.cell_id.in_(bindparam("cells", expanding=True)), COMMENT.c.notebook_id == bindparam("notebook")
)


def _change(table: Table, *names: str) -> Any:
    """A statement that sets these columns of the row whose id is `row`."""
    return (
        update(table)
        .where(table.c.id == bindparam("row"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )


_NEW_TIME = _change(SUBMISSION, "timestamp")
_NEW_PENALTY = _change(SUBMITTED, "late_submission_penalty")
_NEW = {
    GRADE: _change(GRADE, "auto_score", "needs_manual_grade"),
    COMMENT: _change(COMMENT, "auto_comment"),
}


@dataclass(frozen=True)
class NotebookRows:
    """A notebook of the assignment: its cells that carry points and those with a comment, name by id."""

    id: str
    graded: dict[str, str] = field(default_factory=dict)
    commented: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class AssignmentRows:
    """An assignment as it was released, its notebooks by name."""

    id: str
    duedate: datetime | None
    notebooks: dict[str, NotebookRows]


@dataclass
class GradeRow:
    """A grade of one cell; `id` is None where there is no such row yet."""

    id: str | None = None
    auto_score: float | None = None
    needs_manual_grade: bool = True
    manual_score: float | None = None
    extra_credit: float | None = None

    def ours(self) -> dict[str, Any]:
        """The columns that we write; the others are a person's."""
        return {"auto_score": self.auto_score, "needs_manual_grade": self.needs_manual_grade}

    @property
    def points(self) -> float:
        """What nbgrader counts: the score given by hand, else ours, and the extra credit."""
        score = self.auto_score if self.manual_score is None else self.manual_score
        return 0.0 if score is None else float(score) + float(self.extra_credit or 0.0)


@dataclass
class CommentRow:
    """A comment on one cell; `id` is None where there is no such row yet."""

    id: str | None = None
    auto_comment: str | None = None

    def ours(self) -> dict[str, Any]:
        """The column that we write; the other is a person's."""
        return {"auto_comment": self.auto_comment}


@dataclass
class SubmissionRows:
    """What a student's submission is in the gradebook, of one notebook with its grades and comments by cell.

    `submitted` has the id of each notebook's row by the id of the notebook.
    """

    student: str
    student_is_known: bool
    id: str | None
    timestamp: datetime | None
    extension: timedelta | None
    submitted: dict[str, str]
    penalty: float | None
    grades: dict[str, GradeRow]
    comments: dict[str, CommentRow]

    def seconds_late(self, moment: datetime | None, due: datetime | None) -> float:
        """How long after the due date, with an extension if one was granted."""
        if moment is None or due is None:
            return 0.0
        return max(0.0, (moment - due - (self.extension or timedelta())).total_seconds())


def read_assignment(connection: Connection, stem: str) -> AssignmentRows | None:
    """The assignment in the gradebook, or None."""
    found = connection.execute(_ASSIGNMENT, {"stem": stem}).all()
    if not found:
        return None
    notebooks: dict[str, NotebookRows] = {}
    for _, _, notebook_id, notebook, cell_id, cell, kind in found:
        if notebook_id is None:
            continue
        rows = notebooks.setdefault(notebook, NotebookRows(notebook_id))
        if kind in GRADED:
            rows.graded[cell_id] = cell
        if kind in COMMENTED:
            rows.commented[cell_id] = cell
    return AssignmentRows(found[0][0], found[0][1], notebooks)


def read_submission(
    connection: Connection, assignment: AssignmentRows, notebook: NotebookRows, student: str
) -> SubmissionRows:
    """What is there of a student's submission; of what is not, rows without an id."""
    ids = [each.id for each in assignment.notebooks.values()]
    where = {"assignment": assignment.id, "notebooks": ids, "student": student}
    found = connection.execute(_SUBMISSION, where).all()
    submission_id, timestamp, extension = found[0][:3] if found else (None, None, None)
    submitted = {row[3]: (row[4], row[5]) for row in found if row[4] is not None}
    row_id, penalty = submitted.get(notebook.id, (None, None))
    grades = {cell: GradeRow() for cell in notebook.graded}
    comments = {cell: CommentRow() for cell in notebook.commented}
    if row_id is not None:
        for cell, *values in _of_notebook(connection, _GRADES, row_id, grades):
            grades[cell] = GradeRow(*values)
        for cell, *values in _of_notebook(connection, _COMMENTS, row_id, comments):
            comments[cell] = CommentRow(*values)
    rows = {each: row for each, (row, _) in submitted.items()}
    return SubmissionRows(
        student, bool(found), submission_id, timestamp, extension, rows, penalty, grades, comments
    )


def _of_notebook(connection: Connection, statement: Any, row: str, cells: Iterable[str]) -> Any:
    return connection.execute(statement, {"notebook": row, "cells": list(cells)})


def write_submission(
    connection: Connection,
    assignment: AssignmentRows,
    notebook: NotebookRows,
    before: SubmissionRows,
    after: SubmissionRows,
) -> None:
    """Make `after` of `before`: all rows that a submission has, where they are not there, and what changed.

    StaleDataError if a row has gone since it was read; IntegrityError if it came.
    """
    if not before.student_is_known:
        connection.execute(insert(STUDENT), [{"id": after.student}])
    if before.id is None:
        after.id = api.new_uuid()
        ours = {"id": after.id, "assignment_id": assignment.id, "student_id": after.student}
        connection.execute(insert(SUBMISSION), [ours | {"timestamp": after.timestamp}])
    elif before.timestamp != after.timestamp:
        _update(connection, _NEW_TIME, before.id, new_timestamp=after.timestamp)
    new = [each for each in assignment.notebooks.values() if each.id not in before.submitted]
    after.submitted = before.submitted | {each.id: api.new_uuid() for each in new}
    if new:
        rows = [_submitted(each, after, notebook) for each in sorted(new, key=lambda each: each.id)]
        connection.execute(insert(SUBMITTED), rows)
    if notebook not in new and before.penalty != after.penalty:
        row = before.submitted[notebook.id]
        _update(connection, _NEW_PENALTY, row, new_late_submission_penalty=after.penalty)
    others = [each for each in new if each is not notebook]
    _write_marks(connection, notebook, others, before, after)


def _submitted(each: NotebookRows, after: SubmissionRows, notebook: NotebookRows) -> dict[str, Any]:
    penalty = after.penalty if each is notebook else None
    ids = {"id": after.submitted[each.id], "assignment_id": after.id, "notebook_id": each.id}
    return ids | {"flagged": False, "late_submission_penalty": penalty}


def _write_marks(
    connection: Connection,
    notebook: NotebookRows,
    others: Iterable[NotebookRows],
    before: SubmissionRows,
    after: SubmissionRows,
) -> None:
    """Grades and comments of `notebook`; of `others`, not looked at yet, a person has to say something."""
    grades = {(each.id, cell): GradeRow() for each in others for cell in each.graded}
    grades |= {(notebook.id, cell): row for cell, row in after.grades.items()}
    _write_cells(connection, GRADE, after.submitted, before.grades, grades)
    comments = {(each.id, cell): CommentRow() for each in others for cell in each.commented}
    comments |= {(notebook.id, cell): row for cell, row in after.comments.items()}
    _write_cells(connection, COMMENT, after.submitted, before.comments, comments)


def _write_cells(
    connection: Connection,
    table: Table,
    submitted: Mapping[str, str],
    before: Mapping[str, GradeRow] | Mapping[str, CommentRow],
    after: Mapping[tuple[str, str], GradeRow | CommentRow],
) -> None:
    """Make the rows of `after`, by notebook and cell, that have no id, and change those that differ.

    `before` is by cell, of the one notebook that had rows; `submitted` as in SubmissionRows.
    """
    # in one order: two graders must not wait for each other
    ordered = sorted(after.items(), key=lambda item: item[0])
    new = [
        {"id": api.new_uuid(), "notebook_id": submitted[notebook], "cell_id": cell} | row.ours()
        for (notebook, cell), row in ordered
        if row.id is None
    ]
    if new:
        connection.execute(insert(table), new)
    for (_, cell), row in ordered:
        if row.id is not None and row.ours() != before[cell].ours():
            changed = {f"new_{name}": value for name, value in row.ours().items()}
            _update(connection, _NEW[table], row.id, **changed)


def _update(connection: Connection, statement: Any, row: str, **values: Any) -> None:
    if connection.execute(statement, {"row": row} | values).rowcount != 1:
        raise StaleDataError("a row of the gradebook has gone while a result was written to it")


def known_students(connection: Connection) -> list[str]:
    """Ids of all students, in order."""
    return sorted(str(student) for student in connection.execute(select(STUDENT.c.id)).scalars())
