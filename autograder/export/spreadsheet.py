"""TRUSTED: grades for a spreadsheet or a script: one row per student, UTF-8 with a mark that Excel knows."""

from __future__ import annotations

from autograder.course import UsageError
from autograder.export.fill import scores
from autograder.export.grades import ClassGrades, Grade, Sheet
from autograder.export.plugin import GradesExport
from autograder.export.table import BOM, Exported, Options, points, write_table

IDENTITY_COLUMNS = ["student", "last name", "first name", "email"]


def to_spreadsheet(grades: ClassGrades, options: Options) -> Exported:
    """Score, maximum, penalty, state and, per task, points and misconception of every assignment.

    UsageError if a template is given: there is nothing to fill in.
    """
    if options.template is not None or options.column or options.scale:
        raise UsageError(
            "--template, --column and --scale must go with --to canvas or --to moodle; got --to csv"
        )
    header = [name for sheet in grades.sheets for name in _names(sheet, options.per_task)]
    rows = [[*IDENTITY_COLUMNS, *header]]
    for person in grades.people:
        cells = []
        for sheet in grades.sheets:
            grade = grades.grade(sheet, person)
            cells += [scores(sheet)(person) or "", points(sheet.max_score), *_state(grade)]
            if options.per_task:
                for task in sheet.tasks:
                    cells += [scores(sheet, task)(person) or "", grade.misconceptions.get(task, "")]
        rows.append([person.id, person.last_name, person.first_name, person.email, *cells])
    return Exported(BOM + write_table(rows), grades.notes())


def _names(sheet: Sheet, per_task: bool) -> list[str]:
    whole = ["", " maximum", " late penalty", " needs manual grade", " status"]
    tasks = [f" {task}{what}" for task in sheet.tasks for what in ("", " misconception")] if per_task else []
    return [f"{sheet.stem}{name}" for name in [*whole, *tasks]]


def _state(grade: Grade) -> list[str]:
    penalty = points(grade.penalty) if grade.penalty else ""
    return [penalty, "yes" if grade.needs_manual_grade else "", grade.status]


class CsvExport(GradesExport):
    """`nbgrader export --exporter=autograder.export.spreadsheet.CsvExport`."""

    name = "csv"

    @staticmethod
    def convert(grades: ClassGrades, options: Options) -> Exported:
        """See `to_spreadsheet`."""
        return to_spreadsheet(grades, options)
