"""`make demo`'s class: every row is what a fair instructor would give, and the files are current."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.feedback import write_feedback
from autograder.grade import grade_class
from autograder.report.class_report import write_class_report
from autograder.report.table import json_lines, table
from autograder.result import Result, Status
from autograder.sample_class import build
from autograder.sample_class.__main__ import lay_out
from autograder.sample_class.build import STEM
from autograder.store import stored_results

# student: (status, score, misconceptions by task, words of the table's last column)
EXPECTED: dict[str, tuple[str, float, dict[str, str], str]] = {
    "01-loops": ("graded", 11, {}, ""),
    "02-strides": ("graded", 11, {}, ""),
    "03-fft": ("graded", 11, {}, ""),
    "04-lists": ("graded", 11, {}, ""),
    "05-callable": ("graded", 11, {}, ""),
    "06-warns-on-stderr": ("graded", 11, {}, ""),
    "07-convolves": (
        "graded",
        5,
        {"correlate1d": "kernel_flipped", "correlate2d": "kernel_flipped"},
        "kernel flipped",
    ),
    "08-skips-first-tap": ("graded", 9, {"correlate1d": "first_tap_skipped"}, "first tap skipped"),
    "09-swaps-axes": (
        "graded",
        5,
        {"correlate2d": "output_transposed", "match_template": "column_before_row"},
        "output transposed",
    ),
    "10-brightest-place": ("graded", 9, {"match_template": "plain_correlation"}, "plain correlation"),
    "11-truncates": (
        "graded",
        9,
        {"correlate1d": "truncated_at_every_step", "correlate2d": "truncated_to_integers"},
        "truncated at every step",
    ),
    "12-unfinished": ("graded", 2, {}, "not attempted"),
    "13-syntax-error": ("graded", 7, {}, "SyntaxError"),
    "14-endless-loop": ("timeout", 7, {}, "no answer within"),
    "15-eats-memory": ("memory", 9, {}, "memory"),
    "16-exits": ("crashed", 7, {}, "exit 0"),
    "17-deleted-check": ("graded", 11, {}, "correlate2d-check was missing"),
    "18-duplicated-check": ("graded", 11, {}, "correlate2d-check was there twice"),
    "19-no-notebook": ("invalid", 0, {}, "not a notebook"),
    "20-patches-numpy": ("graded", 0, {}, "class Equal"),
    "21-reads-solutions": ("graded", 0, {}, "IndexError"),
    "22-nothing-handed-in": ("missing", 0, {}, "Nothing was handed in"),
    "23-calls-the-library": ("graded", 9, {}, "calls `numpy.correlate`"),
    "24-two-mistakes": (
        "graded",
        7,
        {"correlate2d": "kernel_flipped + mean_instead_of_sum"},
        "kernel flipped + mean instead of sum",
    ),
    "25-famous-example": (
        "graded",
        9,
        {"edge_kernel": "horizontal_edges", "test_correlate2d": "the_famous_example"},
        "the famous example",
    ),
}


def test_the_files_of_the_sample_class_are_what_its_answers_make() -> None:
    folder = build.HERE / "submitted"
    committed = {
        str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()
    }
    assert committed == build.files(), "run: python -m autograder.sample_class.build"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Course, dict[str, Result]]:
    course = lay_out(tmp_path_factory.mktemp("demo") / "course")
    return course, {result.student: result for result in grade_class(course, STEM)}


@pytest.mark.sandbox
@pytest.mark.parametrize("student", EXPECTED)
def test_each_student_gets_what_a_fair_instructor_would_give(
    graded: tuple[Course, dict[str, Result]], student: str
) -> None:
    result = graded[1][student]
    status, score, misconceptions, words = EXPECTED[student]
    assert (result.status, result.score, result.max_score) == (status, score, 11)
    assert {task.id: task.misconception for task in result.tasks if task.misconception} == misconceptions
    assert words in table([result], 500)


@pytest.mark.sandbox
def test_nobody_is_left_out_and_the_gradebook_says_the_same(graded: tuple[Course, dict[str, Result]]) -> None:
    course, results = graded
    assert set(results) == set(EXPECTED)
    database = sqlite3.connect(course.root / "gradebook.db")
    query = """select sa.student_id, sum(g.auto_score), max(g.needs_manual_grade) from grade g
               join submitted_notebook sn on g.notebook_id = sn.id
               join submitted_assignment sa on sn.assignment_id = sa.id group by sa.student_id"""
    rows = {student: (score, manual) for student, score, manual in database.execute(query)}
    handed_in = {name: result for name, result in results.items() if result.status is not Status.MISSING}
    assert rows == {name: (result.score, 0) for name, result in handed_in.items()}


@pytest.mark.sandbox
def test_json_lines_have_the_promised_keys(graded: tuple[Course, dict[str, Result]]) -> None:
    lines = [json.loads(line) for line in json_lines(list(graded[1].values())).splitlines()]
    assert len(lines) == len(EXPECTED)
    for line in lines:
        assert {
            "student",
            "assignment",
            "notebook",
            "status",
            "score",
            "max_score",
            "seconds",
            "tasks",
        } <= set(line)
        for task in line["tasks"]:
            assert set(task) == {"id", "score", "max_score", "verdict", "misconception"}


@pytest.mark.sandbox
def test_a_second_run_keeps_what_has_not_changed(graded: tuple[Course, dict[str, Result]]) -> None:
    course, results = graded
    again = {result.student: result for result in grade_class(course, STEM)}
    for student, result in again.items():
        if result.status is not Status.MISSING:
            assert result.seconds == results[student].seconds, "it was not run again"


@pytest.mark.sandbox
def test_feedback_and_report_are_there_and_tell_no_secret(graded: tuple[Course, dict[str, Result]]) -> None:
    course, results = graded
    assert write_feedback(course, STEM) == {}
    for student, result in results.items():
        page = course.folder("feedback", STEM, student) / f"{STEM}.html"
        assert page.exists() == (result.status is not Status.MISSING)
        if page.exists():
            text = page.read_text()
            assert "HIDDEN TESTS" not in text and "fresh=True" not in text
            assert not [other for other in results if other != student and other in text]
    report = write_class_report(course, STEM).read_text()
    assert "kernel flipped" in report and "22-nothing-handed-in" in report
    assert "<script" not in report
    assert len(list(stored_results(course, STEM))) == len(EXPECTED)


def test_the_class_is_as_large_and_as_varied_as_it_must_be() -> None:
    assert len(EXPECTED) >= 12
    assert {status for status, *_ in EXPECTED.values()} == {
        str(s) for s in Status if s is not Status.GRADER_ERROR
    }
    assert Path(build.RELEASE).exists()
