"""TRUSTED: grades for Moodle: its grading worksheet filled in, or a file for its gradebook's CSV import.

The worksheet (`--template`) is what Moodle gives for one assignment under "Download grading worksheet" and
takes back under "Upload grading worksheet": https://docs.moodle.org/en/Assignment_settings#Feedback_types and
mod/assign/gradingtable.php, mod/assign/feedback/offline/importgradeslib.php (github.com/moodle/moodle):

- Identifier ("Participant 1234567": a number of this assignment alone, so only Moodle can write this file),
  Full name, ID number or Username where a site shows them, Email address, Status, Grade, Maximum Grade,
  Grade can be changed, Last modified (submission), Last modified (grade), Feedback comments.
- Moodle reads Identifier, Grade, Last modified (grade) and Feedback comments (HTML); a grade that is empty,
  or above the maximum, is passed over in silence.

The gradebook's import, https://docs.moodle.org/en/Grade_import and grade/import/csv/classes/load_data.php,
asks which column is what: a student is found by user id, username, email address or ID number. There an
empty cell takes away a grade that Moodle has, so a student without any grade is left out of that file.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from autograder.course import UsageError
from autograder.export.fill import Column, Keys, factor, fill, named_columns, scores
from autograder.export.grades import ClassGrades, Person, Sheet
from autograder.export.plugin import GradesExport
from autograder.export.table import BOM, Exported, Options, RawRow, RawTable, harmless, write_table

IDENTITY_COLUMNS = ["Username", "User id", "Email address", "First name", "Surname"]
PARTICIPANT = re.compile(r"[0-9]+$")
WORKSHEET_COLUMNS = ("Identifier", "Grade", "Last modified (grade)")


def to_moodle(grades: ClassGrades, options: Options) -> Exported:
    """Fill in Moodle's grading worksheet of one assignment, or without one write a file for its gradebook.

    UsageError if the template is no worksheet, is asked to hold more than one grade or counts other points.
    """
    if options.template is None:
        return _gradebook_import(grades, options)
    if options.per_task:
        raise UsageError(
            "--per-task needs Moodle's gradebook import (no --template): a worksheet has one grade"
        )
    if len(grades.sheets) != 1:
        stems = ", ".join(sheet.stem for sheet in grades.sheets)
        raise UsageError(
            f"STEM must name one assignment, for a worksheet of Moodle belongs to one; got {stems}"
        )
    return _worksheet(grades, grades.sheets[0], options)


def _gradebook_import(grades: ClassGrades, options: Options) -> Exported:
    names = [(s, name, task) for s in grades.sheets for name, (_, task) in named_columns(s, options).items()]
    rows = [[*IDENTITY_COLUMNS, *(name for _, name, _ in names)]]
    for person in grades.people:
        cells = [scores(sheet, task)(person) or "" for sheet, _, task in names]
        if any(cells):
            who = [person.id, person.lms_user_id, person.email, person.first_name, person.last_name]
            rows.append([*who, *cells])
    return Exported(BOM + write_table(rows), grades.notes())


def _worksheet(grades: ClassGrades, sheet: Sheet, options: Options) -> Exported:
    table = RawTable(options.template or "")
    missing = [name for name in WORKSHEET_COLUMNS if table.column(name) < 0]
    if missing:
        raise UsageError(
            "--template must be the grading worksheet that Moodle, set to English, downloads "
            f"({', '.join(WORKSHEET_COLUMNS)}, ...); {missing[0]!r} is not among {', '.join(table.header)}"
        )
    rows = table.rows[1:]
    maximum = table.column("Maximum Grade")
    theirs = next((row.value(maximum) for row in rows if maximum >= 0 and row.value(maximum)), "")
    times = factor(sheet.stem, sheet.max_score, theirs, "the assignment in Moodle", options.scale)
    columns = [Column(table.column("Grade"), scores(sheet, times=times))]
    if table.column("Feedback comments") >= 0:
        columns.append(Column(table.column("Feedback comments"), _comments(sheet)))
    told = fill(rows, _keys_of(table), columns, grades)
    above = sum(g.score is not None and g.score > sheet.max_score + 1e-6 for g in sheet.grades.values())
    if above:
        told.append(
            f"{sheet.stem}: {above} above the maximum (extra credit): Moodle passes over such a grade"
        )
    return Exported(table.text(), [*grades.notes(), *told])


def _comments(sheet: Sheet) -> Callable[[Person], str | None]:
    """Comments written by hand, as the HTML that Moodle expects there; None where there are none."""

    def text(person: Person) -> str | None:
        grade = sheet.grades.get(person.id)
        if grade is None or not grade.comments:
            return None
        return harmless(
            "<br />".join(html.escape(comment).replace("\n", "<br />") for comment in grade.comments)
        )

    return text


def _keys_of(table: RawTable) -> Callable[[RawRow], Keys]:
    places = {
        name: table.column(name)
        for name in ("Identifier", "Username", "ID number", "Email address", "Full name")
    }

    def keys(row: RawRow) -> Keys:
        values = {name: row.value(place) if place >= 0 else "" for name, place in places.items()}
        number = PARTICIPANT.search(values["Identifier"])
        participant = number.group() if number else ""
        said = [("id", values[name]) for name in ("Username", "ID number", "Email address", "Full name")]
        return [
            *said,
            ("number", participant),
            ("email", values["Email address"]),
            ("name", values["Full name"]),
        ]

    return keys


class MoodleExport(GradesExport):
    """`nbgrader export --exporter=autograder.export.moodle.MoodleExport`."""

    name = "moodle"

    @staticmethod
    def convert(grades: ClassGrades, options: Options) -> Exported:
        """See `to_moodle`."""
        return to_moodle(grades, options)
