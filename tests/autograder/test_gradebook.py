"""What our one writer writes is what nbgrader itself would write, and what people wrote by hand stays."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.execute import _jails
from autograder.grade import grade_class
from autograder.gradebook import GradebookWriter, submission_time
from autograder.release import save_source_cells
from autograder.result import Result, Status
from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM

STUDENTS = ["01-loops", "07-convolves", "12-unfinished", "17-deleted-check"]
pytestmark = pytest.mark.sandbox


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    course = lay_out(tmp_path / "course")
    save_source_cells(course, STEM)
    yield course
    for jail in _jails.values():  # nbgrader's own run grades in this process
        jail.close()
    _jails.clear()


def rows(course: Course) -> list[tuple[Any, ...]]:
    """Grades and comments of every submission, without nbgrader's random ids."""
    database = sqlite3.connect(course.root / "gradebook.db")
    found = []
    for table, columns in (
        ("grade", "t.auto_score, t.manual_score, t.extra_credit, t.needs_manual_grade"),
        ("comment", "t.auto_comment, t.manual_comment"),
    ):
        query = f"""select sa.student_id, a.name, n.name, b.name, {columns} from {table} t
            join base_cell b on t.cell_id = b.id join submitted_notebook sn on t.notebook_id = sn.id
            join notebook n on sn.notebook_id = n.id
            join submitted_assignment sa on sn.assignment_id = sa.id
            join assignment a on sa.assignment_id = a.id order by 1, 2, 3, 4"""
        found += [(table, *row) for row in database.execute(query)]
    return found


# nbgrader's own code adds rows in an order that SQLAlchemy warns of, and cells without ids; ours does not
@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_the_gradebook_is_the_one_that_nbgraders_own_autograder_writes(course: Course) -> None:
    for student in STUDENTS:
        directory = CourseDirectory(
            config=course.config, root=str(course.root), assignment_id=STEM, student_id=student
        )
        Autograde(coursedir=directory, config=course.config).start()
    theirs = rows(course)
    notebooks = {s: course.folder("autograded", STEM, s) / f"{STEM}.ipynb" for s in STUDENTS}
    sources = {s: [c.source for c in nbformat.read(path, 4).cells] for s, path in notebooks.items()}
    assert "fresh=True" not in str(sources), "hidden tests must not reach the feedback"

    (course.root / "gradebook.db").unlink()
    save_source_cells(course, STEM)
    for path in notebooks.values():
        path.chmod(0o644)
    grade_class(course, STEM, students=STUDENTS)
    assert rows(course) == theirs
    assert len(theirs) == len(STUDENTS) * 10
    ours = {s: [c.source for c in nbformat.read(path, 4).cells] for s, path in notebooks.items()}
    untouched = [s for s in STUDENTS if s != "17-deleted-check"]  # nbgrader adds its own note to that one
    assert {s: ours[s] for s in untouched} == {s: sources[s] for s in untouched}


def test_manual_scores_and_comments_survive_a_regrade(course: Course) -> None:
    grade_class(course, STEM, students=["07-convolves"])
    database = sqlite3.connect(course.root / "gradebook.db")
    database.execute("update grade set manual_score = 1.5, extra_credit = 0.5 where auto_score = 0")
    database.execute("update comment set manual_comment = 'see me'")
    database.commit()
    before = rows(course)
    grade_class(course, STEM, students=["07-convolves"], force=True)
    after = rows(course)
    assert [row[5:8] for row in after if row[0] == "grade"] == [
        row[5:8] for row in before if row[0] == "grade"
    ]
    assert {row[6] for row in after if row[0] == "comment"} == {"see me"}


def test_an_error_of_the_grader_is_no_zero_and_is_graded_again(course: Course) -> None:
    assignment = load_assignment(course, STEM)[STEM]
    (good,) = grade_class(course, STEM, students=["01-loops"])
    before = rows(course)
    with GradebookWriter(course) as writer:
        writer.write(replace(good, status=Status.GRADER_ERROR, score=0.0, tasks=()), assignment, None)
    assert rows(course) == before


def test_a_result_that_cannot_be_written_leaves_nothing_half_written(course: Course) -> None:
    assignment = load_assignment(course, STEM)[STEM]
    result = Result("new-student", STEM, "no-such-notebook", Status.GRADED, 1.0, 8.0, 0.1)
    with GradebookWriter(course) as writer:
        with pytest.raises(StopIteration):
            writer.write(result, assignment, None)
        assert "new-student" not in writer.students()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"2026-02-03 15:00:00 UTC", datetime(2026, 2, 3, 15)),
        (b"2026-02-03T15:00:00+02:00", datetime(2026, 2, 3, 13)),
        (b"\xef\xbb\xbf2026-02-03 15:00", datetime(2026, 2, 3, 15)),
        (b"yesterday evening", None),
        (b"0001-01-01 00:00:00 +14:00", None),
        (b"9999-12-31 23:59 -14:00", None),
        (b"2026-02-03 15:00 +99:99", None),
        (b"\xff\xfe", None),
        (b"", None),
        (None, None),
    ],
)
def test_a_timestamp_is_read_where_there_is_one_and_never_stops_the_grading(
    tmp_path: Path, text: bytes | None, moment: datetime | None
) -> None:
    if text is not None:
        (tmp_path / "timestamp.txt").write_bytes(text)
    assert submission_time(tmp_path) == moment


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_a_timestamp_that_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "timestamp.txt"
    {"pipe": os.mkfifo, "link": lambda p: p.symlink_to("/dev/zero"), "folder": os.mkdir}[kind](path)
    assert submission_time(tmp_path) is None
