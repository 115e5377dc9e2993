"""TRUSTED: the one writer of nbgrader's gradebook: a single session, one transaction for each submission."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import dateutil.parser
from nbgrader import api

from autograder.assignment import AssignmentNotebook
from autograder.course import Course
from autograder.result import Result, Status, clamp


class GradebookWriter:
    """Writes results as nbgrader's own autograder would; manual scores and comments are never touched."""

    def __init__(self, course: Course) -> None:
        self._gradebook = api.Gradebook(course.gradebook_url, course.course_id)
        self._db = self._gradebook.db

    def students(self) -> list[str]:
        """Ids of all students that the gradebook knows."""
        return sorted(str(student.id) for student in self._gradebook.students)

    def knows(self, stem: str, notebooks: Iterable[str]) -> bool:
        """True if the assignment was released: the gradebook holds its notebooks and their cells."""
        found = self._db.query(api.Assignment).filter_by(name=stem).one_or_none()
        return found is not None and set(notebooks) <= {notebook.name for notebook in found.notebooks}

    def write(self, result: Result, assignment: AssignmentNotebook, submitted_at: datetime | None) -> None:
        """Write one result in one transaction. A grader's error writes nothing: it is no zero."""
        if result.status is Status.GRADER_ERROR:
            return
        try:
            notebook = self._submitted_notebook(result, submitted_at)
            self._write_scores(notebook, result, assignment)
            self._db.commit()
        except BaseException:
            self._db.rollback()
            raise

    def _submitted_notebook(self, result: Result, submitted_at: datetime | None) -> Any:
        """Find the rows of this submission, or make them all, as nbgrader's `add_submission` does."""
        student = self._db.get(api.Student, result.student)
        if student is None:
            student = api.Student(id=result.student)
            self._db.add(student)
        assignment = self._db.query(api.Assignment).filter_by(name=result.assignment).one()
        query = self._db.query(api.SubmittedAssignment)
        submission = query.filter_by(assignment_id=assignment.id, student_id=result.student).one_or_none()
        if submission is None:
            with self._db.no_autoflush:  # the rows refer to each other: all of them or none
                submission = api.SubmittedAssignment(assignment=assignment, student=student)
                for notebook in assignment.notebooks:
                    self._add_notebook(notebook, submission)
                self._db.add(submission)
        submission.timestamp = submitted_at or submission.timestamp
        return next(nb for nb in submission.notebooks if nb.notebook.name == result.notebook)

    @staticmethod
    def _add_notebook(notebook: Any, submission: Any) -> None:
        submitted = api.SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in [*notebook.grade_cells, *notebook.task_cells]:
            api.Grade(cell=cell, notebook=submitted)
        for cell in [*notebook.solution_cells, *notebook.task_cells]:
            api.Comment(cell=cell, notebook=submitted)

    def _write_scores(self, notebook: Any, result: Result, assignment: AssignmentNotebook) -> None:
        scores = {task.grade_id: clamp(task.score, task.max_score) for task in result.tasks}
        nothing = result.status is Status.INVALID
        for grade in notebook.grades:
            if grade.cell.name in assignment.tasks or nothing:
                grade.auto_score = scores.get(grade.cell.name, 0.0)
                grade.needs_manual_grade = grade.manual_score is not None
            else:  # graded by hand, unless it was left as released
                empty = grade.cell.name in result.no_response
                grade.auto_score = 0.0 if empty else None
                grade.needs_manual_grade = grade.manual_score is not None or not empty
        for comment in notebook.comments:
            empty = nothing or comment.cell.name in result.no_response
            comment.auto_comment = "No response." if empty else None

    def close(self) -> None:
        """End the session."""
        self._gradebook.close()

    def __enter__(self) -> GradebookWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def submission_time(folder: Path) -> datetime | None:
    """When the submission in `folder` was handed in, in UTC without zone as nbgrader keeps it.

    None if there is no timestamp file or it holds no time: a bad timestamp is no reason not to grade.
    """
    path = folder / "timestamp.txt"
    try:
        if path.is_symlink() or not path.is_file():
            return None
        with path.open("rb") as file:
            moment: datetime = dateutil.parser.parse(file.read(200).decode("utf-8-sig").strip())
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (OSError, UnicodeDecodeError, ValueError, OverflowError):
        return None
