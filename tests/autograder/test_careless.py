"""The careless class: graded in one run, then every student by a fair instructor's expectation."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from autograder.course import Course
from autograder.grade import grade_class
from autograder.report.table import table
from autograder.result import Result, Status
from autograder.sample_class.build import STEM
from tests.careless import beside, cells, code, files, names  # noqa: F401 - each enters its students
from tests.careless.making import FULL, NAME, Student, right, students, written
from tests.conftest import REPOSITORY

pytestmark = pytest.mark.sandbox
LARGEST_GRADED_NOTEBOOK = 3_000_000  # bytes
NOTICE = "Put right before grading"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    root = tmp_path_factory.mktemp("careless")
    shutil.copytree(REPOSITORY / "solutions" / STEM, root / "solutions" / STEM)
    (root / "solutions" / STEM / "levels.csv").write_text("4\n5\n6\n")
    for student in students.values():
        hand_in(student, root / "submitted" / student.name / STEM)
    return Course(root)


def hand_in(student: Student, folder: Path) -> None:
    folder.mkdir(parents=True)
    for name, content in student.hand_in().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="module")
def graded(course: Course) -> dict[str, Result]:
    return {result.student: result for result in grade_class(course, STEM)}


def graded_notebook(course: Course, student: str) -> Any:
    return json.loads((course.folder("autograded", STEM, student) / NAME).read_bytes())


def what_the_student_reads(notebook: Any) -> str:
    """The notice, and everything under the cells, as plain words."""
    words = []
    for cell in notebook["cells"]:
        if cell.get("id") == "grader-notice":
            words.append("".join(cell["source"]))
        for output in cell.get("outputs", []):
            words += ["".join(output.get("text", [])), output.get("ename", ""), output.get("evalue", "")]
            words += ["".join(text) for kind, text in output.get("data", {}).items() if kind == "text/html"]
    text = html.unescape(re.sub(r"<[^>]*>", "", " ".join(words)))
    return " ".join(text.replace("`", "").split())


@pytest.mark.parametrize("name", students)
def test_each_careless_student_gets_what_a_fair_instructor_would_give(
    course: Course, graded: dict[str, Result], name: str
) -> None:
    student, result = students[name], graded[name]
    assert (result.status, result.score, result.max_score) == (student.status, student.points, FULL), (
        student.fair,
        result.message,
        result.notes,
    )
    if result.status is Status.MISSING:
        read = result.message
    else:
        notebook = graded_notebook(course, name)
        assert len(json.dumps(notebook)) < LARGEST_GRADED_NOTEBOOK
        read = what_the_student_reads(notebook)
    for words in student.says:
        assert words.replace("`", "") in read.replace("`", "")
    assert student.says or NOTICE not in read, "who did nothing wrong is told nothing"


def test_the_gradebook_holds_the_same_points_and_waits_for_nobody(
    course: Course, graded: dict[str, Result]
) -> None:
    query = """select sa.student_id, g.auto_score, g.needs_manual_grade from grade g
               join submitted_notebook sn on g.notebook_id = sn.id
               join submitted_assignment sa on sn.assignment_id = sa.id"""
    rows: dict[str, list[float]] = {}
    for student, score, by_hand in sqlite3.connect(course.root / "gradebook.db").execute(query):
        assert score is not None and not by_hand, student
        rows.setdefault(student, []).append(score)
    there = {name for name, student in students.items() if student.status != "missing"}
    assert {name: sum(scores) for name, scores in rows.items()} == {n: graded[n].score for n in there}
    assert {len(scores) for scores in rows.values()} == {5}


def test_each_note_stands_in_the_instructors_table(graded: dict[str, Result]) -> None:
    for name, student in students.items():
        result = graded[name]
        assert not student.says or result.message or result.notes or student.points == FULL, name
        assert all(note in table([result], 10_000) for note in result.notes), name


def test_a_second_run_keeps_every_result_and_a_changed_file_beside_the_notebook_is_graded_again(
    course: Course, graded: dict[str, Result]
) -> None:
    some = ["data-file", "downloaded-twice", "empty-file", "right-one-and-a-copy"]
    again = {result.student: result for result in grade_class(course, STEM, students=some)}
    assert {name: again[name].seconds for name in some} == {name: graded[name].seconds for name in some}
    data = course.folder("submitted", STEM, "data-file") / "taps.csv"
    data.write_text("1\n2\n4\n")
    (changed,) = grade_class(course, STEM, students=["data-file"])
    assert changed.score == 9


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_the_grader_may_not_read_is_no_zero(course: Course, graded: dict[str, Result]) -> None:
    folder = course.root / "submitted" / "locked-away" / STEM
    folder.mkdir(parents=True)
    (folder / NAME).write_text(written(right()))
    (folder / NAME).chmod(0)
    (result,) = grade_class(course, STEM, students=["locked-away"])
    assert result.status is Status.GRADER_ERROR
    assert "Permission denied" in result.message


def test_a_link_beside_the_notebook_is_named_and_not_followed(
    course: Course, graded: dict[str, Result]
) -> None:
    folder = course.root / "submitted" / "linked" / STEM
    folder.mkdir(parents=True)
    opens = right(correlate1d="secret = open('link.txt').read()")
    (folder / NAME).write_text(written(opens))
    (course.root / "secret.txt").write_text("the secret")
    (folder / "link.txt").symlink_to(course.root / "secret.txt")
    (result,) = grade_class(course, STEM, students=["linked"])
    assert result.score == 9
    assert "`link.txt` was left out: it is a link" in " ".join(result.notes)


def test_the_class_is_as_large_as_promised() -> None:
    assert len(students) >= 60
