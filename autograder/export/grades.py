"""TRUSTED: the grades of a class as nbgrader's gradebook has them, ready to be laid out in any format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbgrader import api

from autograder.result import Result, Status

CHECK_SUFFIX = "-check"


@dataclass(frozen=True)
class Person:
    """A student as the gradebook knows them; what it does not know is ""."""

    id: str
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def sortable_name(self) -> str:
        """ "Last, First"; the id where there is no name."""
        return ", ".join(part for part in (self.last_name, self.first_name) if part) or self.id


@dataclass
class Grade:
    """One student's assignment. A score of None is not graded: an empty cell, never a zero.

    `score` is what nbgrader gives: manual scores before automatic ones, extra credit added, the penalty
    for lateness taken off, not below zero. `tasks` are by title, without the penalty.
    """

    score: float | None = None
    penalty: float = 0.0
    needs_manual_grade: bool = False
    status: str = ""
    tasks: dict[str, float | None] = field(default_factory=dict)
    misconceptions: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """One assignment: its points, the points of its tasks in the notebook's order, its grades by student."""

    stem: str
    max_score: float
    tasks: dict[str, float]
    grades: dict[str, Grade]


@dataclass(frozen=True)
class ClassGrades:
    """Everybody in the gradebook, and the assignments that were asked for."""

    people: list[Person]
    sheets: list[Sheet]

    def grade(self, sheet: Sheet, person: Person) -> Grade:
        """The grade of one student; an empty one where there is none."""
        return sheet.grades.get(person.id) or Grade()

    def notes(self) -> list[str]:
        """What an instructor should know before the grades leave: who is still to be graded, by whom."""
        found = []
        for sheet in self.sheets:
            grades = [self.grade(sheet, person) for person in self.people]
            by_hand = sum(grade.needs_manual_grade and grade.score is not None for grade in grades)
            failed = sum(grade.status == Status.GRADER_ERROR for grade in grades)
            nothing = sum(grade.score is None for grade in grades) - failed
            if by_hand:
                found.append(f"{sheet.stem}: {_submissions(by_hand)} still to be graded by hand")
            if failed:
                found.append(f"{sheet.stem}: {_submissions(failed)} with grader-error, left empty")
            if nothing:
                found.append(f"{sheet.stem}: {nothing} without a grade, left empty")
        return found


def _submissions(count: int) -> str:
    return "1 submission" if count == 1 else f"{count} submissions"


def read_grades(
    gradebook: Any,
    stems: Iterable[str],
    *,
    students: Iterable[str] = (),
    results: Iterable[Result] = (),
    order: Mapping[str, list[tuple[str, str]]] | None = None,
) -> ClassGrades:
    """Read `stems` for `students` (all, if none is named) from an open nbgrader `Gradebook`.

    `results` are what `autograder grade` has on record: they tell a grader-error, which is not a grade, and
    misconceptions. `order` gives (notebook, grade_id) of each assignment's tasks as the notebook has them.
    """
    wanted = set(students)
    people = [
        Person(*(str(value or "") for value in row))
        for row in gradebook.db.query(
            api.Student.id, api.Student.last_name, api.Student.first_name,
            api.Student.email, api.Student.lms_user_id,
        ).order_by(api.Student.id)
        if not wanted or row[0] in wanted
    ]  # fmt: skip
    records = list(results)
    sheets = [_sheet(gradebook.db, stem, (order or {}).get(stem, [])) for stem in stems]
    for sheet in sheets:
        _add_records(sheet, [result for result in records if result.assignment == sheet.stem])
    known = {person.id for person in people}
    unknown = sorted({s for sheet in sheets for s in sheet.grades if not wanted or s in wanted} - known)
    people += [
        Person(student) for student in unknown
    ]  # only a grader-error: the gradebook has no row of them
    return ClassGrades(sorted(people, key=lambda person: person.id), sheets)


def title(notebook: str, grade_id: str, several_notebooks: bool) -> str:
    """What a task is called in a column: `correlate2d`, or `part1 correlate2d` beside more notebooks."""
    name = grade_id.removesuffix(CHECK_SUFFIX)
    return f"{notebook} {name}" if several_notebooks else name


def _sheet(db: Any, stem: str, order: list[tuple[str, str]]) -> Sheet:
    assignment = db.query(api.Assignment).filter_by(name=stem).one()
    notebooks = list(assignment.notebooks)
    points = {
        (notebook.name, cell.name): float(cell.max_score)
        for notebook in notebooks
        for cell in sorted([*notebook.grade_cells, *notebook.task_cells], key=lambda cell: str(cell.name))
    }
    places = {key: place for place, key in enumerate(order)}
    keys = sorted(points, key=lambda key: places.get(key, len(places)))
    titles = {key: title(*key, len(notebooks) > 1) for key in keys}
    grades = _totals(db, assignment.id)
    _add_tasks(db, assignment.id, titles, grades)
    _add_comments(db, assignment.id, grades)
    return Sheet(stem, sum(points.values()), {titles[key]: points[key] for key in keys}, grades)


def _totals(db: Any, assignment: str) -> dict[str, Grade]:
    """Every submission with the score that nbgrader itself computes, penalty taken off as nbgrader does."""
    submission = api.SubmittedAssignment
    rows = db.query(
        submission.student_id,
        submission.score,
        submission.late_submission_penalty,
        submission.needs_manual_grade,
    ).filter(submission.assignment_id == assignment)
    return {
        str(student): Grade(max(0.0, float(score) - float(penalty)), float(penalty), bool(by_hand))
        for student, score, penalty, by_hand in rows
    }


def _add_tasks(
    db: Any, assignment: str, titles: dict[tuple[str, str], str], grades: dict[str, Grade]
) -> None:
    """Points by task. A submission of which no cell has a score was never graded."""
    rows = (
        db.query(
            api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name,
            api.Grade.auto_score, api.Grade.manual_score, api.Grade.score,
        )
        .select_from(api.Grade)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .filter(api.SubmittedAssignment.assignment_id == assignment)
    )  # fmt: skip
    for student, notebook, cell, automatic, by_hand, score in rows:
        graded = automatic is not None or by_hand is not None
        name = titles.get((notebook, cell))
        if name is not None and student in grades:  # a submission made between the two queries waits
            grades[student].tasks[name] = float(score) if graded else None
    for grade in grades.values():
        if all(score is None for score in grade.tasks.values()):
            grade.score = None


def _add_comments(db: Any, assignment: str, grades: dict[str, Grade]) -> None:
    """What people wrote by hand, for the student to read."""
    rows = (
        db.query(api.SubmittedAssignment.student_id, api.Comment.manual_comment)
        .select_from(api.Comment)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Comment.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id)
        .join(api.BaseCell, api.BaseCell.id == api.Comment.cell_id)
        .filter(api.SubmittedAssignment.assignment_id == assignment, api.Comment.manual_comment.is_not(None))
        .order_by(api.BaseCell.name)
    )
    for student, comment in rows:
        if comment.strip() and student in grades:
            grades[student].comments.append(comment.strip())


def _add_records(sheet: Sheet, results: list[Result]) -> None:
    """Status and misconceptions. A grader-error takes back what an earlier version of the file had earned."""
    several = len({result.notebook for result in results}) > 1
    for result in results:
        failed = result.status is Status.GRADER_ERROR
        if not failed and result.student not in sheet.grades:
            continue
        grade = sheet.grades.setdefault(result.student, Grade())
        if failed:
            grade.score = None
        if grade.status != Status.GRADER_ERROR:  # one failed notebook of several makes the whole one failed
            grade.status = str(result.status)
        for task in result.tasks:
            if task.misconception:
                grade.misconceptions[title(result.notebook, task.grade_id, several)] = task.misconception
