"""What `nbgrader autograde` writes with our configuration, and what `autograder grade` writes: the same.

That is the whole gradebook, table by table and column by column, and the graded notebooks, cell by cell with
outputs and metadata. What is drawn at random is left out (ids of rows) or drawn alike (the questions' seed).
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nbgrader import api

from autograder import execute
from autograder import grade as grade_module
from autograder.course import Course
from autograder.grade import grade_class
from autograder.release import save_source_cells
from tests.autograder.small_course import (
    GRADED_HERE,
    RIGHT,
    STEM,
    by_hand,
    hand_in,
    make_course,
    nbgraders_own_run,
    notebook,
    special,
)

pytestmark = GRADED_HERE
FIRST, SECOND = "code", "words"
LATE = "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
DUE, IN_TIME, TOO_LATE = "2026-02-03 12:00:00 UTC", "2026-02-03 11:00:00 UTC", "2026-02-03 15:00:00 UTC"
WORDS = {"depth-words": "As deep as the image.", "plot": "print('a curve')"}
FIGURE = RIGHT | {
    "one_number": RIGHT["one_number"] + "\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()"
}
STUDENTS = {  # what each hands in, by notebook, and when
    "01-right": ({FIRST: FIGURE, SECOND: RIGHT | WORDS}, IN_TIME),
    "02-wrong": ({FIRST: {"one_number": "def one_number(*a):\n    return 0"}, SECOND: WORDS}, IN_TIME),
    "03-unanswered": ({FIRST: {}, SECOND: {}}, ""),
    "04-first-alone": ({FIRST: RIGHT}, IN_TIME),
    "05-late": ({FIRST: RIGHT, SECOND: RIGHT}, TOO_LATE),
    "06-raises": ({FIRST: {"one_number": "raise ValueError('not yet')"}, SECOND: {"plot": "1 / 0"}}, IN_TIME),
}
# ids are drawn at random: rows that others refer to are named by what they are
KEYS = {
    "assignment": "name",
    "notebook": "name",
    "base_cell": "name || '/' || type",
    "submitted_assignment": "student_id",
    "submitted_notebook": "(select s.student_id from submitted_assignment s where s.id = assignment_id)"
    " || '/' || (select n.name from notebook n where n.id = notebook_id)",
}
REFERS = {  # the columns that hold an id of another table
    ("notebook", "assignment_id"): "assignment",
    ("base_cell", "notebook_id"): "notebook",
    ("source_cell", "notebook_id"): "notebook",
    ("submitted_assignment", "assignment_id"): "assignment",
    ("submitted_notebook", "assignment_id"): "submitted_assignment",
    ("submitted_notebook", "notebook_id"): "notebook",
    ("grade", "notebook_id"): "submitted_notebook",
    ("grade", "cell_id"): "base_cell",
    ("comment", "notebook_id"): "submitted_notebook",
    ("comment", "cell_id"): "base_cell",
    ("grade_cells", "id"): "base_cell",
    ("solution_cells", "id"): "base_cell",
    ("task_cells", "id"): "base_cell",
}


def sources() -> dict[str, Any]:
    """Two notebooks with every kind of cell: judged, graded by hand in words and in code, task, locked."""
    second = notebook("depthwise", "depth-words")
    second.cells += [
        special("plot", "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION", "code",
                grade=True, solution=True, points=2),
        special("essay", "Describe a layer of your own.", task=True, locked=True, points=3),
        special("given", "SIDE = 5", "code", locked=True),
    ]  # fmt: skip
    return {FIRST: notebook("one_number", "conv1x1"), SECOND: second}


def tables(course: Course) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, (column, value) by (column, value), without random ids."""
    found = {}
    with closing(sqlite3.connect(course.root / "gradebook.db")) as opened:
        names = {
            table: dict(opened.execute(f"select id, {key} from {table}").fetchall())
            for table, key in KEYS.items()
        }
        every = opened.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in every:
            cursor = opened.execute(f"select * from {table}")
            columns = [column[0] for column in cursor.description]
            rows = []
            for row in cursor:
                row_as = []
                for column, value in zip(columns, row, strict=True):
                    if (table, column) in REFERS:
                        row_as.append((column, names[REFERS[table, column]][value]))
                    elif column != "id" or table in ("student", "course"):
                        row_as.append((column, value))
                rows.append(tuple(row_as))
            found[table] = sorted(rows, key=repr)
    return found


def notebooks(course: Course) -> dict[str, Any]:
    """Every graded notebook as JSON, by student and name."""
    paths = course.folder("autograded", STEM, "x").parents[1].glob(f"*/{STEM}/*.ipynb")
    return {f"{p.parents[1].name}/{p.stem}": json.loads(p.read_text(encoding="utf-8")) for p in paths}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, one_jail: None) -> tuple[Course, Course]:
    """The same class, graded by nbgrader's autograder and by ours, twice, with grading by hand between."""
    with pytest.MonkeyPatch.context() as patch:  # each run draws a seed of its own: here one for both
        patch.setattr(grade_module, "secrets", SimpleNamespace(randbits=lambda bits: execute.SEED))
        return graded_by_both(tmp_path_factory)


def graded_by_both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, Course]:
    made = []
    for name in ("theirs", "ours"):
        course = make_course(tmp_path_factory.mktemp(name) / "course", sources(), LATE)
        save_source_cells(course, STEM)
        with api.Gradebook(course.gradebook_url, course.course_id) as gradebook:
            gradebook.update_or_create_assignment(STEM, duedate=DUE)
        for student, (answers, when) in STUDENTS.items():
            for which, given in answers.items():
                hand_in(course, student, sources()[which], given, name=which, when=when)
        for again in (False, True):
            if name == "theirs":
                nbgraders_own_run(course, STUDENTS, force=again)
            else:
                grade_class(course, STEM, force=again)
            if not again:
                by_hand(course, "01-right", "depth-words", manual_score=0.5, extra_credit=0.25)
                by_hand(course, "02-wrong", "one_number-check", manual_score=0.5)
                by_hand(course, "05-late", "plot", manual_score=2.0)
                by_hand(course, "05-late", "plot", manual_comment="By hand.")
        made.append(course)
    return made[0], made[1]


def test_every_table_holds_the_same_rows_in_every_column(both: tuple[Course, Course]) -> None:
    theirs, ours = (tables(course) for course in both)
    assert set(ours) == set(theirs)
    assert {table for table, rows in theirs.items() if rows} == set(theirs), "each table is looked at"
    assert len(ours["grade"]) == len(STUDENTS) * 6
    assert len(ours["comment"]) == len(STUDENTS) * 6
    for table, rows in theirs.items():
        assert ours[table] == rows, table
    penalties = [
        value for row in ours["submitted_notebook"] for name, value in row if name.startswith("late")
    ]
    assert sorted(filter(None, penalties)) == [2.0, 4.0]


def test_every_graded_notebook_is_the_same_cell_by_cell(both: tuple[Course, Course]) -> None:
    theirs, ours = (notebooks(course) for course in both)
    assert set(ours) == set(theirs)
    assert len(ours) == 11
    for which, notebook_of_nbgrader in theirs.items():
        mine = ours[which]
        assert len(mine["cells"]) == len(notebook_of_nbgrader["cells"]), which
        for cell, other in zip(mine["cells"], notebook_of_nbgrader["cells"], strict=True):
            assert cell == other, (which, cell.get("id"))
        for part in ("metadata", "nbformat", "nbformat_minor"):
            assert mine[part] == notebook_of_nbgrader[part], (which, part)


def test_a_class_that_was_graded_by_nbgrader_is_ours_to_go_on_with(
    both: tuple[Course, Course], tmp_path: Path
) -> None:
    shutil.copytree(both[0].root, tmp_path / "course")
    course = Course(tmp_path / "course")
    before = tables(course)
    grade_class(course, STEM)
    assert tables(course) == before
