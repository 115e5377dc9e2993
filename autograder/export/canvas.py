"""TRUSTED: grades for Canvas, as the CSV of its gradebook.

Best given the file that Canvas itself exports (`--template`): our column is filled in, all else stays.
Columns and what is done with them, from https://community.canvaslms.com/t5/Instructor-Guide/
How-do-I-import-grades-in-the-Gradebook/ta-p/807 and Canvas's own lib/gradebook_importer.rb and
lib/gradebook_exporter.rb (github.com/instructure/canvas-lms):

- Student, ID, then SIS User ID and SIS Login ID (in this order, or the latter alone), Integration ID and
  Root Account where a school has them, Section. LastName and FirstName may stand for Student.
- one column per assignment, "name (id)". A name that Canvas does not know becomes a new assignment.
- a row "Points Possible"; there may be one that says "Manual Posting" (once "Muted") before it.
- a student is found by ID, else by SIS User ID, else by SIS Login ID, else by name.
- EX is excused, N/A not assigned; a decimal comma is read as a point; a separator of ";" is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from autograder.course import UsageError
from autograder.export.fill import Column, Keys, factor, fill, named_columns, scores
from autograder.export.grades import ClassGrades, Sheet
from autograder.export.plugin import GradesExport
from autograder.export.table import Exported, Options, RawRow, RawTable, points, write_table

STUDENT_COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS_POSSIBLE = "    Points Possible"  # as Canvas writes it
ASSIGNMENT_ID = re.compile(r"\s*\([0-9]+\)$")
POSTING = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
LEFT_ALONE = frozenset({"EX", "N/A"})


def to_canvas(grades: ClassGrades, options: Options) -> Exported:
    """Fill in the file that Canvas exported, or without one write a file that Canvas imports.

    UsageError if the template is no gradebook of Canvas, has no such column or counts other points.
    """
    penalties = _penalties(grades) if options.per_task else []
    if options.template is None:
        return Exported(_whole_file(grades, options), [*grades.notes(), *penalties])
    table = RawTable(options.template)
    first = _first_student(table)
    columns = [column for sheet in grades.sheets for column in _columns(table, sheet, options)]
    if not columns:
        stems = ", ".join(sheet.stem for sheet in grades.sheets)
        raise UsageError(f"--template must have a column for one of {stems}; {_there_are(table)}")
    told = fill(table.rows[first:], _keys_of(table), columns, grades)
    return Exported(table.text(), [*grades.notes(), *penalties, *told])


def _penalties(grades: ClassGrades) -> list[str]:
    """A task's column cannot hold what is taken off the whole."""
    late = {s.stem: sum(grade.penalty > 0 for grade in s.grades.values()) for s in grades.sheets}
    return [f"{stem}: the penalty of {n} late is in no task's column" for stem, n in late.items() if n]


def _whole_file(grades: ClassGrades, options: Options) -> str:
    names = [(s, name, *about) for s in grades.sheets for name, about in named_columns(s, options).items()]
    rows = [
        [*STUDENT_COLUMNS, *(name for _, name, _, _ in names)],
        [POINTS_POSSIBLE, "", "", "", "", *(points(most) for _, _, most, _ in names)],
    ]
    for person in grades.people:
        cells = [scores(sheet, task)(person) or "" for sheet, _, _, task in names]
        rows.append([person.sortable_name, person.lms_user_id, "", person.id, "", *cells])
    return write_table(rows)


def _first_student(table: RawTable) -> int:
    """The row where students begin. UsageError if the file is not one of Canvas's gradebook."""
    start = table.header[:3]
    alone, split = start[:2] == ["Student", "ID"], start == ["LastName", "FirstName", "ID"]
    if not (alone or split) or table.column("Section") < 0:
        raise UsageError(
            "--template must be the CSV file that Canvas exports (Student, ID, ..., Section, assignments); "
            f"got columns {', '.join(table.header[:6])}"
        )
    return next((i for i, row in enumerate(table.rows) if i and not _about_assignments(row)), len(table.rows))


def _about_assignments(row: RawRow) -> bool:
    values = [row.value(index) for index in range(len(row.fields))]
    return "Points Possible" in values[0] or all(POSTING.fullmatch(value) for value in values)


def _columns(table: RawTable, sheet: Sheet, options: Options) -> list[Column]:
    """The columns of one assignment; none, if it is one of several and not there."""
    places = {name: _places(table, name) for name in named_columns(sheet, options)}
    missing = [name for name, found in places.items() if not found]
    if missing and (options.column or options.per_task):
        raise UsageError(f"--template must have a column {missing[0]!r}; {_there_are(table)}")
    columns = []
    for name, (most, task) in named_columns(sheet, options).items():
        if not places[name]:
            continue
        if len(places[name]) > 1:
            raise UsageError(f"--template must have one column {name!r}; it has {len(places[name])}")
        (place,) = places[name]
        theirs = next((row.value(place) for row in table.rows[1:3] if "Points Possible" in row.value(0)), "")
        if "read only" in theirs:
            raise UsageError(
                f"--template must have a column {name!r} that Canvas lets change; it is read only"
            )
        times = factor(sheet.stem, most, theirs, f"the column {name!r} of --template", options.scale)
        columns.append(Column(place, scores(sheet, task, times), LEFT_ALONE))
    return columns


def _places(table: RawTable, name: str) -> list[int]:
    """Where a column of this name is, with Canvas's number after it or without."""
    wanted, first = name.strip().casefold(), table.column("Section") + 1
    titles = [title.strip().casefold() for title in table.header]
    whole = [i for i, title in enumerate(titles) if i >= first and title == wanted]
    return whole or [
        i for i, title in enumerate(titles) if i >= first and ASSIGNMENT_ID.sub("", title) == wanted
    ]


def _there_are(table: RawTable) -> str:
    titles = [title for title in table.header[table.column("Section") + 1 :] if ASSIGNMENT_ID.search(title)]
    return f"it has {', '.join(map(repr, titles)) or 'no assignments'}; --column names the one to fill"


def _keys_of(table: RawTable) -> Callable[[RawRow], Keys]:
    number, user, login = (table.column(name) for name in ("ID", "SIS User ID", "SIS Login ID"))

    def keys(row: RawRow) -> Keys:
        values = [row.value(place) if place >= 0 else "" for place in (number, user, login)]
        return [("lms", values[0]), *(("id", value) for value in values), ("email", values[2])]

    return keys


class CanvasExport(GradesExport):
    """`nbgrader export --exporter=autograder.export.canvas.CanvasExport`."""

    name = "canvas"

    @staticmethod
    def convert(grades: ClassGrades, options: Options) -> Exported:
        """See `to_canvas`."""
        return to_canvas(grades, options)
