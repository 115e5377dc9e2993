"""TRUSTED: what a feedback page shows of the gradebook: one notebook's grades and comments.

nbgrader's own preprocessor opens the gradebook anew for each page and asks it about one cell after the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from nbgrader import api
from sqlalchemy import Connection, Table, and_, bindparam, func, select

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
    GradeRow,
)

T = TypeVar("T")
GRADE_CELL: Table = api.GradeCell.__table__
TASK_CELL: Table = api.TaskCell.__table__

_SUBMITTED = (
    select(SUBMITTED.c.id, SUBMITTED.c.notebook_id, SUBMITTED.c.late_submission_penalty)
    .join(NOTEBOOK, NOTEBOOK.c.id == SUBMITTED.c.notebook_id)
    .join(ASSIGNMENT, ASSIGNMENT.c.id == NOTEBOOK.c.assignment_id)
    .join(
        SUBMISSION,
        and_(SUBMISSION.c.id == SUBMITTED.c.assignment_id, SUBMISSION.c.assignment_id == ASSIGNMENT.c.id),
    )
    .where(
        ASSIGNMENT.c.name == bindparam("assignment"),
        NOTEBOOK.c.name == bindparam("notebook"),
        SUBMISSION.c.student_id == bindparam("student"),
    )
)


def _of_cells(table: Table, kinds: tuple[str, ...], *columns: Any) -> Any:
    """What `table` has of each cell of these kinds, from the cells on: so through its key, not all of it."""
    mine = and_(table.c.cell_id == CELL.c.id, table.c.notebook_id == bindparam("row"))
    return (
        select(CELL.c.name, table.c.id, *columns)
        .select_from(CELL.outerjoin(table, mine).outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id))
        .outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
        .where(CELL.c.notebook_id == bindparam("of_notebook"), CELL.c.type.in_(kinds))
    )


_GRADES = _of_cells(
    GRADE,
    GRADED,
    GRADE.c.auto_score,
    GRADE.c.needs_manual_grade,
    GRADE.c.manual_score,
    GRADE.c.extra_credit,
    func.coalesce(GRADE_CELL.c.max_score, TASK_CELL.c.max_score, 0.0),
)
_COMMENTS = _of_cells(COMMENT, COMMENTED, COMMENT.c.auto_comment, COMMENT.c.manual_comment)


@dataclass(frozen=True)
class PageGrades:
    """A student's notebook: the grades with full marks by cell, the comments by cell, what lateness costs."""

    grades: dict[str, tuple[GradeRow, float]]
    comments: dict[str, str | None]
    late_penalty: float | None

    @property
    def score(self) -> float:
        """The points of all cells, before what coming late costs."""
        return float(sum(grade.points for grade, _ in self.grades.values()))

    @property
    def max_score(self) -> float:
        """Full marks of all cells."""
        return float(sum(most for _, most in self.grades.values()))

    def grade(self, cell: str) -> tuple[GradeRow, float]:
        """The grade of a cell. nbgrader's MissingEntry where the gradebook has none."""
        return _there(self.grades, cell, "grade")

    def comment(self, cell: str) -> str | None:
        """The comment on a cell. nbgrader's MissingEntry where the gradebook has none."""
        return _there(self.comments, cell, "comment")


def _there(rows: dict[str, T], cell: str, what: str) -> T:
    try:
        return rows[cell]
    except KeyError:
        raise api.MissingEntry(f"the gradebook has no {what} for the cell {cell!r}") from None


def read_page_grades(connection: Connection, assignment: str, notebook: str, student: str) -> PageGrades:
    """What the gradebook holds now. nbgrader's MissingEntry if it does not know the submission."""
    names = {"assignment": assignment, "notebook": notebook, "student": student}
    found = connection.execute(_SUBMITTED, names).one_or_none()
    if found is None:
        raise api.MissingEntry(
            f"the gradebook has no submission of {notebook} of {assignment} by {student!r}"
        )
    row, of_notebook, penalty = found
    where = {"row": row, "of_notebook": of_notebook}
    grades = {
        cell: (GradeRow(*values), float(most))
        for cell, *values, most in connection.execute(_GRADES, where)
        if values[0] is not None
    }
    comments = {
        cell: by_hand if by_hand is not None else automatic
        for cell, row, automatic, by_hand in connection.execute(_COMMENTS, where)
        if row is not None
    }
    return PageGrades(grades, comments, penalty)
