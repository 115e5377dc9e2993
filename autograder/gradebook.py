"""TRUSTED: the one writer of nbgrader's gradebook: one connection, one transaction for each submission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from nbgrader import api
from sqlalchemy import Connection, Engine

from autograder import cells, rows
from autograder.assignment import AssignmentNotebook
from autograder.course import Course
from autograder.late import HandedIn, LatePenalties
from autograder.result import Result, Status, clamp
from autograder.rows import NotebookRows, SubmissionRows

NO_RESPONSE = "No response."


class GradebookWriter:
    """Writes results as nbgrader's own autograder would; manual scores and comments are never touched.

    UsageError if the course's plugin for late penalties cannot be loaded.
    """

    def __init__(self, course: Course) -> None:
        self._penalties = LatePenalties(course.config)
        self._gradebook = api.Gradebook(course.gradebook_url, course.course_id)
        self._engine: Engine = self._gradebook.engine  # it keeps a connection, and each statement compiled

    def students(self) -> list[str]:
        """Ids of all students that the gradebook knows."""
        with self._engine.connect() as connection:
            return rows.known_students(connection)

    def knows(self, stem: str, notebooks: Mapping[str, AssignmentNotebook]) -> bool:
        """True if the assignment was released as it is now: the gradebook holds these cells and points."""
        with self._engine.connect() as connection:
            return cells.fits(connection, stem, notebooks)

    def make_room(self, stem: str, notebooks: Mapping[str, AssignmentNotebook], lost: Path) -> None:
        """Before nbgrader records a changed assignment: add and remove cells, as `cells.make_room` says."""
        with self._engine.begin() as connection:
            cells.make_room(connection, stem, notebooks, lost)

    def complete(self, stem: str) -> None:
        """After it has: give every submission the rows of new cells."""
        with self._engine.begin() as connection:
            cells.complete(connection, stem)

    def write(
        self, result: Result, assignment: AssignmentNotebook, handed_in: HandedIn, *, kept: bool = False
    ) -> Result:
        """Write one result in one transaction; return it with its late penalty and the total after it.

        A result that was `kept` from an earlier run changes scores only where the gradebook has others: who
        graded by hand since is not asked to look again. A grader's error writes nothing: it is no zero.
        LatePenaltyError if the course's plugin fails; then nothing is written.
        """
        if result.status is Status.GRADER_ERROR:
            return result
        with self._engine.begin() as connection:
            return self._write(connection, result, assignment, handed_in, kept)

    def _write(
        self,
        connection: Connection,
        result: Result,
        assignment: AssignmentNotebook,
        handed_in: HandedIn,
        kept: bool,
    ) -> Result:
        # all is read anew: meanwhile people grade by hand, move the due date, or release other cells
        found = rows.read_assignment(connection, result.assignment)
        if found is None or result.notebook not in found.notebooks:
            raise LookupError(f"the gradebook has no notebook {result.notebook} of {result.assignment}")
        notebook = found.notebooks[result.notebook]
        before = rows.read_submission(connection, found, notebook, result.student)
        after = _with_scores(before, notebook, result, assignment)
        if kept and _same_scores(before, after):
            after = replace(before)
        if handed_in.moment is not None or not handed_in.trusted:
            after.timestamp = handed_in.moment
        score = sum(grade.points for grade in after.grades.values())
        late = after.seconds_late(after.timestamp, found.duedate) if handed_in.trusted else 0.0
        after.penalty = self._penalties.penalty(result.student, score, late)  # before anything is locked
        rows.write_submission(connection, found, notebook, before, after)
        lost = after.penalty or 0.0
        return replace(
            result, in_gradebook=True, late_penalty=lost, total=score - lost, late_note=handed_in.note
        )

    def close(self) -> None:
        """End the connection."""
        self._gradebook.close()

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _judged(result: Result, assignment: AssignmentNotebook) -> dict[str, float]:
    """Points by grade_id of all that no person has to look at: tasks, and what was left as released."""
    scores = dict.fromkeys((*assignment.tasks, *result.no_response), 0.0)
    return scores | {task.grade_id: clamp(task.score, task.max_score) for task in result.tasks}


def _auto_score(name: str, result: Result, judged: dict[str, float]) -> float | None:
    """None where a person has to grade. Where nothing was handed in there is nothing to look at."""
    nothing = result.status in (Status.INVALID, Status.MISSING)
    return judged.get(name, 0.0 if nothing else None)


def _auto_comment(name: str, result: Result) -> str | None:
    # of a notebook that is missing beside another one nbgrader itself says nothing
    empty = result.status is Status.INVALID or name in result.no_response
    return NO_RESPONSE if empty else None


def _with_scores(
    before: SubmissionRows, notebook: NotebookRows, result: Result, assignment: AssignmentNotebook
) -> SubmissionRows:
    """The submission with what `result` says; what was given by hand stays."""
    judged = _judged(result, assignment)
    grades = {}
    for cell, grade in before.grades.items():
        score = _auto_score(notebook.graded[cell], result, judged)
        looked_at = grade.manual_score is not None and result.status is not Status.MISSING
        grades[cell] = replace(grade, auto_score=score, needs_manual_grade=looked_at or score is None)
    comments = {
        cell: replace(row, auto_comment=_auto_comment(notebook.commented[cell], result))
        for cell, row in before.comments.items()
    }
    return replace(before, grades=grades, comments=comments)


def _same_scores(before: SubmissionRows, after: SubmissionRows) -> bool:
    """True if all rows are there and hold the same, whoever looked at them since."""
    return all(
        grade.id is not None and grade.auto_score == after.grades[cell].auto_score
        for cell, grade in before.grades.items()
    ) and all(
        row.id is not None and row.auto_comment == after.comments[cell].auto_comment
        for cell, row in before.comments.items()
    )
