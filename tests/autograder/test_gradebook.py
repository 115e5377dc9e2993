"""What our one writer writes is what nbgrader itself would write, and what people wrote by hand stays."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory

from autograder.assignment import load_assignment
from autograder.course import Course
from autograder.grade import grade_class
from autograder.gradebook import GradebookWriter
from autograder.jails import close_jails
from autograder.late import HandedIn, submission_time
from autograder.release import save_source_cells
from autograder.result import Result, Status
from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM
from tests.autograder.small_course import rows

STUDENTS = ["01-loops", "07-convolves", "12-unfinished", "17-deleted-check"]
pytestmark = pytest.mark.sandbox


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    course = lay_out(tmp_path / "course")
    save_source_cells(course, STEM)
    yield course
    close_jails()  # nbgrader's own run grades in this process


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
        writer.write(replace(good, status=Status.GRADER_ERROR, score=0.0, tasks=()), assignment, HandedIn())
    assert rows(course) == before


def test_a_result_that_cannot_be_written_leaves_nothing_half_written(course: Course) -> None:
    assignment = load_assignment(course, STEM)[STEM]
    result = Result("new-student", STEM, "no-such-notebook", Status.GRADED, 1.0, 8.0, 0.1)
    with GradebookWriter(course) as writer:
        with pytest.raises(LookupError, match="no notebook no-such-notebook"):
            writer.write(result, assignment, HandedIn())
        assert "new-student" not in writer.students()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (b"2026-02-03 15:00:00 UTC", datetime(2026, 2, 3, 15)),
        (b"2026-02-03T15:00:00+02:00", datetime(2026, 2, 3, 13)),
        (b"\xef\xbb\xbf2026-02-03 15:00", datetime(2026, 2, 3, 15)),
        (b"2026-02-03 15:00:00 Europe/Berlin", datetime(2026, 2, 3, 14)),
        (b"2026-07-03 15:00:00 Europe/Berlin", datetime(2026, 7, 3, 13)),
        (b"2026-02-03 15:00:00 +0200", datetime(2026, 2, 3, 13)),  # nbgrader takes it for 200 seconds
        (b"2026-02-03 03:00 PM EST", datetime(2026, 2, 3, 20)),
        (b"2026-02-03 15:00 Mars/Olympus", None),
        (b"2026-02-03 15:00 ../../../etc/passwd", None),
        (b"2026-02-03 15:00 QQQ", None),
        (b"7", None),  # the seventh of what?
        (b"Monday 15:00", None),
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
    found = submission_time(tmp_path)
    assert found.moment == moment
    assert found.trusted == (moment is not None or text is None)
    assert ("no late penalty" in found.note) == (not found.trusted)


def test_a_time_that_is_still_to_come_is_kept_but_not_believed(tmp_path: Path) -> None:
    (tmp_path / "timestamp.txt").write_text("2999-01-01 00:00:00 UTC")
    found = submission_time(tmp_path)
    assert found.moment == datetime(2999, 1, 1)
    assert not found.trusted
    assert "2999-01-01 00:00:00 UTC, which is still to come" in found.note


@pytest.mark.parametrize("kind", ["pipe", "link", "folder"])
def test_a_timestamp_that_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "timestamp.txt"
    {"pipe": os.mkfifo, "link": lambda p: p.symlink_to("/dev/zero"), "folder": os.mkdir}[kind](path)
    assert submission_time(tmp_path) == HandedIn(None, "timestamp.txt is no file: no late penalty.")
